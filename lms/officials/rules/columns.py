"""Where the header of a list is and what its columns hold, guessed from the words people use."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.core.sheets import Row
from lms.officials.rules.categories import Category
from lms.officials.rules.cells import category_of, plain

DEEPEST = 30  # rows of titles above the header that are looked through


class Column(StrEnum):
    """What a column can hold."""

    NUMBER = "number"
    NAME = "name"
    YEAR = "year"
    ETHNIC = "ethnic"
    POST = "post"
    UNIT = "unit"
    CATEGORY = "category"
    TERM = "term"
    DECISION = "decision"
    BEGINS = "begins"


def _holds(*phrases: str) -> Callable[[str], bool]:
    return lambda words: any(f" {phrase} " in f" {words} " for phrase in phrases)


def _starts(*phrases: str) -> Callable[[str], bool]:
    return lambda words: any(f"{words} ".startswith(f"{phrase} ") for phrase in phrases)


def _is(*phrases: str) -> Callable[[str], bool]:
    return lambda words: words in phrases


# The first that fits wins: "Ngày quyết định" is a day, "Chức danh quy hoạch" a post, "Diện quy hoạch" a group.
_SIGNS: tuple[tuple[Column, Callable[[str], bool]], ...] = (
    (Column.NUMBER, _is("stt", "tt", "so tt", "so thu tu")),
    (Column.NAME, _holds("ho va ten", "ho ten", "ho va ten can bo", "ten can bo")),
    (Column.YEAR, _holds("nam sinh", "ngay sinh", "sinh nam", "sinh ngay")),
    (Column.ETHNIC, _holds("dan toc")),
    (
        Column.BEGINS,
        _starts("tu ngay", "ngay bo nhiem", "ngay quyet dinh", "ngay trung cu", "thoi diem", "ngay hieu luc"),
    ),
    (Column.TERM, _holds("nhiem ky")),
    (Column.DECISION, _holds("quyet dinh", "so qd", "can cu")),
    (Column.CATEGORY, _starts("dien", "nhom", "doi tuong", "phan loai")),
    (Column.POST, _holds("chuc vu", "chuc danh", "cong viec", "vi tri")),
    (Column.UNIT, _holds("don vi", "co quan", "xa", "dia ban", "dia phuong", "noi cong tac", "noi lam viec")),
)


def column_of(head: str) -> Column | None:
    """What the column under this head holds; None if the words are not known."""
    words = plain(head)
    return next((column for column, fits in _SIGNS if fits(words)), None)


@dataclass(frozen=True)
class Header:
    """The header found: its row in Excel's numbers, columns by what they hold, columns of ticks by group."""

    number: int
    places: dict[Column, tuple[int, ...]]
    ticks: dict[int, Category]

    def cell(self, row: Row, column: Column) -> str:
        """What a row holds in a column; under a head merged over several, the first that is filled."""
        return next((row.cells[place] for place in self.places.get(column, ()) if _filled(row, place)), "")


def _filled(row: Row, place: int) -> bool:
    return place < len(row.cells) and bool(row.cells[place])


def find_header(rows: Sequence[Row]) -> Header | None:
    """The row that names most columns, a name among them; None if no row does."""
    first = rows[:DEEPEST]
    scored = [(len(_places(row)), -position) for position, row in enumerate(first) if Column.NAME in _places(row)]
    if not scored or max(scored)[0] < 2:
        return None
    position = -max(scored)[1]
    below = first[position + 1] if position + 1 < len(first) else None
    return _with_ticks(first[position], below)


def _places(row: Row) -> dict[Column, tuple[int, ...]]:
    """Columns by what they hold; the first wins, and a head merged over empty cells covers them."""
    found: dict[Column, tuple[int, ...]] = {}
    for place, cell in enumerate(row.cells):
        column = column_of(cell)
        if column is not None and column not in found:
            covered = [place]
            while place + len(covered) < len(row.cells) and not row.cells[place + len(covered)]:
                covered.append(place + len(covered))
            found[column] = tuple(covered)
    return found


def _with_ticks(row: Row, below: Row | None) -> Header:
    """Columns that are a group of their own, in the header or in a second line under it."""
    places = _places(row)
    ticks = {place: found for place, cell in enumerate(row.cells) if (found := _tick_head(cell))}
    if below is not None and not _filled(below, places[Column.NAME][0]):
        ticks |= {place: found for place, cell in enumerate(below.cells) if (found := _tick_head(cell))}
    if ticks and set(places.get(Column.CATEGORY, ())) & set(ticks):
        del places[Column.CATEGORY]
    return Header(row.number, places, ticks)


def _tick_head(cell: str) -> Category | None:
    """A head of a few words that is a group and nothing else."""
    if column_of(cell) is not None or not 1 <= len(plain(cell).split()) <= 6:
        return None
    return category_of(re.sub(r"\d", " ", cell))
