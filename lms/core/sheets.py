"""Lists in and out as people have them: Excel and CSV. Reading keeps text as text; writing makes no formula."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from lms.core import unfolding, words
from lms.core.names import neat
from lms.core.refusal import Refusal
from lms.core.settings import settings
from lms.core.words import Text, text

Cell = str | int | float | date | datetime | bool | None | Text
MOST_ROWS = 100_000


class SheetIsUnreadable(Refusal):
    """The file is no list."""

    sentence = text("Không đọc được tệp này. Hãy lưu lại dưới dạng Excel (.xlsx) hoặc CSV rồi gửi lại.")


@dataclass(frozen=True)
class Row:
    """One row of a sheet: its number as Excel shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]


def read(content: bytes, *, lines: bool = False) -> list[Row]:
    """Rows of the first sheet that are not empty; `lines`: those within a cell stay. SheetIsUnreadable."""
    shown = _as_lines if lines else _as_text
    table = _workbook(content) if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0" else _csv(content)
    rows = [Row(number, tuple(shown(cell) for cell in cells)) for number, cells in enumerate(table, 1)]
    return [row for row in rows if any(row.cells)]


def _workbook(content: bytes) -> Iterable[Sequence[object]]:
    if content[:2] == b"PK" and not unfolding.is_small(content):
        raise SheetIsUnreadable()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)[:MOST_ROWS]
    except (CalamineError, IndexError, OSError, ValueError) as fault:
        raise SheetIsUnreadable() from fault


def _csv(content: bytes) -> Iterable[Sequence[object]]:
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetIsUnreadable()
    try:
        encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        lines = content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise SheetIsUnreadable() from fault
    lines = lines.replace("\r\n", "\n").replace("\r", "\n")
    mark = max(";\t,", key=lines.split("\n", 1)[0].count)
    try:
        return list(csv.reader(io.StringIO(lines), delimiter=mark))[:MOST_ROWS]
    except csv.Error as fault:
        raise SheetIsUnreadable() from fault


def _as_text(cell: object) -> str:
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return f"{cell.day:02}/{cell.month:02}/{cell.year}"
    return neat(str(cell))


def _as_lines(cell: object) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) else _as_text(cell)


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return words.moment(cell)
    return words.day(cell) if isinstance(cell, date) else str(cell)


def write_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with BOM for Excel; text that looks like a formula is quoted; the last line gives count and checksum."""
    return b"".join(csv_pieces(heads, [rows]))


def csv_pieces(heads: Sequence[str], batches: Iterable[Iterable[Sequence[Cell]]]) -> Iterator[bytes]:
    """The same list, a piece for each batch of rows: heads and first batch, the others, the line that ends it.

    A list without its last line is broken: what fails on the way must not look like an end.
    """
    out, checksum, count, mark = io.StringIO(), hashlib.sha256(), 0, "\ufeff"
    writer = csv.writer(out)
    writer.writerow(heads)
    for batch in batches:
        shown = [[_harmless(cell) if type(cell) is str else _written(cell) for cell in row] for row in batch]
        writer.writerows(shown)
        count += len(shown)
        piece = out.getvalue()
        out.seek(0)
        out.truncate()
        checksum.update(piece.encode())
        yield f"{mark}{piece}".encode()
        mark = ""
    piece = out.getvalue()
    checksum.update(piece.encode())
    yield f"{mark}{piece}#rows={count},sha256={checksum.hexdigest()}\r\n".encode()


def _written(cell: Cell) -> str | int:
    if cell is None:
        return ""
    return cell if type(cell) is int else _harmless(_shown(cell))


@lru_cache(maxsize=4096)  # most cells of a long list say one of a few things
def _harmless(cell: str) -> str:
    return (
        f"'{cell}"
        if cell[:1] in {"=", "+", "-", "@", "\t", "＝", "＋", "＠"} and not cell.lstrip("+-").replace(".", "").isdigit()
        else cell
    )


def write_excel(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; under the list a line with its count."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold, plain = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": False})
        sheet.write_row(0, 0, list(heads), bold)
        for place, row in enumerate(rows, 1):
            sheet.write_row(place, 0, [c if isinstance(c, (int, float)) else _shown(c) for c in row], plain)
        sheet.write(len(rows) + 1, 0, f"{text('Tổng số dòng')}: {len(rows)}", bold)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def excel_to(
    out: IO[bytes], title: str, heads: Sequence[str], batches: Iterable[Iterable[Sequence[Cell]]]
) -> tuple[int, int]:
    """A workbook of a long list, written row by row; gives the number of its rows and of its bytes."""
    place = 0
    options = {"constant_memory": True, "tmpdir": str(settings().folder), "strings_to_formulas": False}
    with Workbook(out, {**options, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True, "text_wrap": True})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 28)
        sheet.write_row(0, 0, list(heads), bold)
        for row in (row for batch in batches for row in batch):
            place += 1
            _write_cells(sheet, place, row)
        sheet.write(place + 1, 0, f"{text('Tổng số dòng')}: {place}", bold)
    size = out.seek(0, io.SEEK_END)
    out.seek(0)
    return place, size


def _write_cells(sheet: Any, place: int, row: Sequence[Cell]) -> None:
    """Numbers as numbers, all else as text; empty cells are left out."""
    for column, cell in enumerate(row):
        if isinstance(cell, (int, float)):
            sheet.write_number(place, column, cell)
        elif shown := cell if type(cell) is str else _shown(cell):
            sheet.write_string(place, column, shown)


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in neat(title) if letter not in r"[]:*?/\'")[:31] or "1"
