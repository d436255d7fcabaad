"""Pages of numbers: every line of a set in one unit, and one line by the units below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.indicators import access, queries
from lms.indicators.access import READERS
from lms.indicators.queries import Line, UnitLine
from lms.indicators.rules.counting import Minority
from lms.indicators.rules.sets import Counts, Indicator
from lms.indicators.views.asking import Asked, asked_for, leaf_of, visit_to, write_sealed
from lms.indicators.views.blueprint import bp
from lms.officials.forms import ask_reason
from lms.people.models import Sex
from lms.web.gate import allow, me
from lms.web.pages import page, sheet, wanted_sheet

UNITS_ON_A_PAGE = 50
FIGURE_HEADS = (
    text("Mã"),
    text("Chỉ tiêu (tên làm việc)"),
    text("Đơn vị tính"),
    text("Cộng"),
    text("Nữ"),
    text("Nam"),
    text("Chưa rõ giới"),
    text("DTTS"),
    text("Dân tộc Kinh"),
    text("Chưa rõ dân tộc"),
    text("Nữ DTTS"),
)


@bp.get("/chi-tieu")
@allow(*READERS)
def figures() -> ResponseReturnValue:
    """Every line of the set in a unit and a period: người and lượt apart, by sex and minority."""
    asked = asked_for()
    chosen = queries.set_on(asked.period.start)
    lines = {line.indicator.code: line for line in queries.figures_of(chosen, asked.unit.id, asked.period)}
    if wanted_sheet():
        title = text("Chỉ tiêu, {unit}, {period}", unit=asked.unit.title, period=asked.period.label)
        return sheet(title, FIGURE_HEADS, [row for line in lines.values() for row in _figure_rows(line)])
    return page(
        "indicators/figures.html",
        asked=asked,
        chosen=chosen,
        lines=lines,
        cells=_cells(lines.values()),
        may_ask=access.can_ask_the_register(me(), asked.unit.id),
        rows=sum(len(line.indicator.counts) for line in lines.values()),
    )


@dataclass(frozen=True)
class Column:
    """One column of the table: which cells it adds."""

    label: Text
    sex: Sex | None = None
    minority: Minority | None = None


COLUMNS = (
    Column(text("Cộng")),
    Column(text("Nữ"), Sex.FEMALE),
    Column(text("Nam"), Sex.MALE),
    Column(text("Chưa rõ giới"), Sex.UNKNOWN),
    Column(text("DTTS"), None, Minority.YES),
    Column(text("Dân tộc Kinh"), None, Minority.NO),
    Column(text("Chưa rõ dân tộc"), None, Minority.UNKNOWN),
    Column(text("Nữ DTTS"), Sex.FEMALE, Minority.YES),
)
SHORT = (COLUMNS[0], COLUMNS[1], COLUMNS[4])


def _cells(lines: Any) -> list[Column]:
    """The columns; those of what is unknown only where somebody stands in them."""
    unknown = {Sex.UNKNOWN, Minority.UNKNOWN}
    shown = list(lines)
    return [
        column
        for column in COLUMNS
        if not unknown & {column.sex, column.minority}
        or any(line.counts[kind].of(column.sex, column.minority) for line in shown for kind in Counts)
    ]


def _figure_rows(line: Line) -> list[list[Cell]]:
    return [
        [line.indicator.code, line.indicator.title, kind.label, *_numbers(line, kind, COLUMNS)]
        for kind in line.indicator.counts
    ]


def _numbers(line: Line, kind: Counts, columns: Sequence[Column]) -> list[int]:
    return [line.counts[kind].of(column.sex, column.minority) for column in columns]


@bp.get("/chi-tieu/<string:code>")
@allow(*READERS, sealed=True)
def indicator(code: str) -> ResponseReturnValue:
    """One indicator by the units directly below, by kind of trainee and course; the register's ones by category."""
    asked = asked_for()
    chosen = queries.indicator_on(code, asked.period.start)
    visit = visit_to(chosen, asked)
    if chosen.register and visit is None:
        if access.can_ask_the_register(me(), asked.unit.id):
            return ask_reason(asked.unit)
        return page("indicators/indicator.html", asked=asked, chosen=chosen, sealed=True)
    table = queries.children_table(chosen, asked.unit, asked.period)
    total = queries.total_of(table)
    if visit is not None:
        write_sealed("indicators.indicator", chosen, asked, visit)
    if wanted_sheet():
        return _table_sheet(chosen, asked, table, total)
    return page(
        "indicators/indicator.html",
        asked=asked,
        chosen=chosen,
        sealed=False,
        leaf=leaf_of(table, UNITS_ON_A_PAGE),
        total=total,
        columns=SHORT,
        kinds=queries.by_post_kind(chosen, asked.unit.id, asked.period),
        courses=queries.by_course(chosen, asked.unit.id, asked.period),
        categories=queries.by_category(chosen, asked.unit.id, asked.period) if chosen.register else [],
    )


def _table_sheet(chosen: Indicator, asked: Asked, table: Sequence[UnitLine], total: Line) -> ResponseReturnValue:
    heads = [text("{column}, {unit}", column=c.label, unit=kind.label) for kind in chosen.counts for c in SHORT]
    rows: list[list[Cell]] = [
        [one.unit.title if one.unit else text("Không thuộc đơn vị nào bên dưới"), *_row(one.line)] for one in table
    ]
    title = text("{code}, {unit}, {period}", code=chosen.code, unit=asked.unit.title, period=asked.period.label)
    return sheet(title, [text("Đơn vị"), *heads], [*rows, [text("Cộng"), *_row(total)]])


def _row(line: Line) -> list[int]:
    return [number for kind in line.indicator.counts for number in _numbers(line, kind, SHORT)]
