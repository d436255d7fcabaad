"""The page of the names behind one figure."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import request
from flask.typing import ResponseReturnValue

from lms.core.refusal import NotFound
from lms.core.sheets import Cell
from lms.core.words import text
from lms.indicators import access, queries
from lms.indicators.access import READERS
from lms.indicators.queries import NameLine, Wanted
from lms.indicators.rules.counting import Minority
from lms.indicators.rules.sets import Counts, Indicator
from lms.indicators.views.asking import asked_for, leaf_of, visit_to, write_sealed
from lms.indicators.views.blueprint import bp
from lms.officials.forms import ask_reason
from lms.officials.models import Category
from lms.people.models import PostKind, Sex
from lms.web.gate import allow, me
from lms.web.pages import page, sheet, wanted_sheet

NAMES_ON_A_PAGE = 200
Word = TypeVar("Word", bound=StrEnum)

NAME_HEADS = (
    text("Họ và tên"),
    text("Năm sinh"),
    text("Đối tượng"),
    text("Đơn vị khi học"),
    text("Lớp hoặc khóa học"),
    text("Số lớp"),
    text("Ngày xong"),
)


@bp.get("/chi-tieu/<string:code>/danh-sach")
@allow(*READERS, sealed=True)
def names(code: str) -> ResponseReturnValue:
    """The names behind one figure: `so` = persons or participations, and the filters of the figure."""
    asked = asked_for()
    chosen = queries.indicator_on(code, asked.period.start)
    visit = visit_to(chosen, asked)
    if chosen.register and visit is None:
        if not access.can_ask_the_register(me(), asked.unit.id):
            raise NotFound
        return ask_reason(asked.unit)
    kind, wanted = _given("so", Counts) or Counts.PERSONS, _wanted(chosen)
    lines = queries.lines_behind(code, asked.unit.id, asked.period, kind, wanted)
    write_sealed("indicators.names", chosen, asked, visit, counted=kind.value, rows=len(lines), narrowed=_narrowing())
    if wanted_sheet():
        return sheet(text("{code}, danh sách", code=code), NAME_HEADS, [_name_row(line) for line in lines])
    leaf = leaf_of(lines, NAMES_ON_A_PAGE)
    return page("indicators/names.html", asked=asked, chosen=chosen, kind=kind, wanted=wanted, leaf=leaf)


def _given(name: str, kind: Callable[[str], Word]) -> Word | None:
    typed = request.args.get(name, "")
    try:
        return kind(typed) if typed else None
    except ValueError as fault:
        raise NotFound from fault


def _wanted(chosen: Indicator) -> Wanted:
    """The filters of the address. Only an indicator of the register may be narrowed by its categories."""
    category = _given("nhom", Category)
    if category is not None and not chosen.register:
        raise NotFound
    post_kind = request.args.get("doi-tuong") or None
    if post_kind not in (None, "none", *PostKind):
        raise NotFound
    return Wanted(
        sex=_given("gioi", Sex),
        minority=_given("dan-toc", Minority),
        category=category,
        post_kind=post_kind,
        course=request.args.get("khoa") or None,
        own=request.args.get("rieng") == "1",
    )


def _narrowing() -> dict[str, str]:
    return {
        name: request.args[name] for name in ("gioi", "dan-toc", "nhom", "doi-tuong", "khoa") if name in request.args
    }


def _name_row(line: NameLine) -> list[Cell]:
    kind = line.post_kind.label if line.post_kind else ""
    return [line.name, line.birth_year, kind, line.unit_title, line.title, line.number, line.day]
