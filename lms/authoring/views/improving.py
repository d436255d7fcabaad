"""What learners teach us of a course: what to improve first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from flask import request
from flask.typing import ResponseReturnValue

from lms.authoring import access
from lms.authoring.views.room import MOST_SHOWN, bp
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.courses.queries import outline
from lms.learning.queries.insight import VOICES, Insight, ItemLine, editions_of, insight_of
from lms.learning.rules import advice
from lms.web.gate import allow
from lms.web.pages import page, sheet, wanted_sheet


@dataclass(frozen=True)
class Table:
    """A table of the page of improvements, as it is downloaded."""

    title: Text
    heads: tuple[Text, ...]
    rows: Callable[[Insight], list[tuple[Cell, ...]]]


def _share(share: Fraction | None) -> str:
    return "" if share is None else advice.whole_percent(share)


def _rounded(value: float | None) -> Cell:
    return "" if value is None else round(value, 2)


def _choices(line: ItemLine) -> str:
    """ "a 12, b* 3, none 1": the right ones starred."""
    none = str(text("không chọn"))
    return ", ".join(f"{key or none}{'*' if right else ''} {count}" for key, count, right in line.spread)


def _item_rows(found: Insight) -> list[tuple[Cell, ...]]:
    return [
        (
            line.question.id, line.title, line.question.goal, f"{line.question.file}:{line.question.line}", line.item.n,
            _share(line.item.facility), _rounded(line.item.discrimination), _rounded(line.item.score), _choices(line),
        )
        for line in found.items
    ]  # fmt: skip


def _check_rows(found: Insight) -> list[tuple[Cell, ...]]:
    return [
        (
            line.question.id,
            line.title,
            line.lesson_key,
            line.n,
            _share(Fraction(line.right, line.n)) if line.is_shown else "",
        )
        for line in found.checks
    ]


def _flow_rows(found: Insight) -> list[tuple[Cell, ...]]:
    return [(flow.key, flow.title, flow.opened, flow.finished, flow.stopped) for flow in found.flows]


def _gain_rows(found: Insight) -> list[tuple[Cell, ...]]:
    return [
        (found.edition.goals.get(gain.goal, gain.goal), gain.n, _share(gain.before), _share(gain.after))
        for gain in found.gains
    ]


def _voice_rows(found: Insight) -> list[tuple[Cell, ...]]:
    counted: list[tuple[Cell, ...]] = [(VOICES[voice.key], *voice.counts) for voice in found.voices]
    return [*counted, *((comment, "", "", "", "") for comment in found.comments)]


_ASKED = text("Câu hỏi")
TABLES = {
    "cau-hoi": Table(
        text("Câu hỏi kiểm tra"),
        (text("Mã"), _ASKED, text("Mục tiêu"), text("Tệp và dòng"), text("Lượt trả lời"), text("Đúng"),
         text("Độ phân biệt"), text("Điểm trung bình"), text("Số lượt chọn từng phương án")),
        _item_rows,
    ),
    "tu-kiem-tra": Table(
        text("Câu tự kiểm tra"),
        (text("Mã"), _ASKED, text("Bài học"), text("Người làm"), text("Đúng ngay lần đầu")),
        _check_rows,
    ),
    "bai": Table(
        text("Các bài"),
        (text("Mã"), text("Bài học"), text("Đã mở"), text("Học xong"), text("Dừng ở đây")),
        _flow_rows,
    ),
    "muc-tieu": Table(
        text("Trước và sau khi học"),
        (text("Mục tiêu"), text("Người làm cả hai bài"), text("Đúng trước khi học"), text("Đúng sau khi học")),
        _gain_rows,
    ),
    "danh-gia": Table(
        text("Người học đánh giá"),
        (_ASKED, text("Mức 1, thấp nhất"), text("Mức 2"), text("Mức 3"), text("Mức 4, cao nhất")),
        _voice_rows,
    ),
}  # fmt: skip


PLACES = {advice.GOAL: "muc-tieu", advice.EVALUATION: "danh-gia"}


@bp.get("/soan/khoa/<slug:course>/cai-tien")
@allow(*access.AUTHORS)
def improve(course: str) -> ResponseReturnValue:
    """What to improve first in an edition (`ban`, else the latest), and the tables behind it (`bang`, as a file)."""
    editions = editions_of(course)
    chosen = next((one for one in editions if str(one.number) == request.args.get("ban")), editions[0])
    found = insight_of(chosen)
    table = TABLES.get(request.args.get("bang", ""))
    if wanted_sheet():
        table = table or TABLES["cau-hoi"]
        return sheet(table.title, table.heads, table.rows(found))
    return page(
        "authoring/improve.html", slug=course, editions=editions, chosen=chosen, found=found, tables=TABLES,
        counts={name: len(one.rows(found)) for name, one in TABLES.items()}, voices=VOICES, most=MOST_SHOWN,
        lessons={lesson.key: lesson.slug for lesson in outline(chosen.id)}, share=_share, places=PLACES,
    )  # fmt: skip
