"""Lists in and out as people have them: Excel and CSV. Reading keeps text as text; writing makes no formula."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from lms.core import words
from lms.core.names import neat
from lms.core.refusal import Refusal
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


def read(content: bytes) -> list[Row]:
    """Rows of the first sheet that are not empty; SheetIsUnreadable if it is neither Excel nor CSV."""
    table = _workbook(content) if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0" else _csv(content)
    rows = [Row(number, tuple(_as_text(cell) for cell in cells)) for number, cells in enumerate(table, 1)]
    return [row for row in rows if any(row.cells)]


def _workbook(content: bytes) -> Iterable[Sequence[object]]:
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


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return words.moment(cell)
    return words.day(cell) if isinstance(cell, date) else str(cell)


def write_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with BOM for Excel; text that looks like a formula is quoted; the last line gives count and checksum."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_harmless(_shown(cell)) for cell in row] for row in rows)
    body = out.getvalue()
    checksum = hashlib.sha256(body.encode()).hexdigest()
    return f"\ufeff{body}#rows={len(rows)},sha256={checksum}\r\n".encode()


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


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in neat(title) if letter not in r"[]:*?/\'")[:31] or "1"
