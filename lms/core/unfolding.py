"""How large a workbook becomes when it is read: a few kilobytes may ask for more memory than the machine has."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

MOST_BYTES = 128 * 1024 * 1024
MOST_CELLS = 5_000_000
_BOOK, _OTHERS = "xl/workbook.xml", {"xl/workbook.bin", "content.xml"}
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def is_small(content: bytes) -> bool:
    """Is this an Excel book (.xlsx) that can be read: not too many bytes inside, no sheet too wide and too long?"""
    try:
        with ZipFile(BytesIO(content)) as book:
            inside = book.infolist()
            names = {part.filename.lower() for part in inside}
            is_book = _BOOK in names and not names & _OTHERS
            fits = is_book and sum(part.file_size for part in inside) <= MOST_BYTES
            return fits and all(_is_small_part(book.read(part)) for part in inside)
    except (BadZipFile, zlib.error, ExpatError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False


def _is_small_part(content: bytes) -> bool:
    return b"sheetData" not in content or _Sheet().cells_of(content) <= MOST_CELLS


class _Sheet:
    """The last row and the last column that hold something."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0

    def cells_of(self, content: bytes) -> int:
        """Rows by columns."""
        parser = ParserCreate()
        parser.StartElementHandler = self._start
        parser.Parse(content, True)
        return self.last_row * self.last_column

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name, place = tag.rpartition(":")[2], attributes.get("r", "")
        if name == "row":
            self.row, self.column = int(place) if place else self.row + 1, 0
        elif name == "c":
            self._cell(place)
        elif name in {"v", "is", "f"}:
            self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)

    def _cell(self, place: str) -> None:
        found = _PLACE.fullmatch(place)
        if not found:
            self.column += 1
            return
        self.row, self.column = int(found[2]), 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - 64
