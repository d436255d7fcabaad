"""Lists in and out: Excel and CSV as people have them; nothing becomes a formula."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from lms.core import sheets


def _excel(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def test_excel_comes_in_as_neat_text_with_its_row_numbers() -> None:
    rows = sheets.read(
        _excel(("Họ  và tên", "Năm sinh"), (None, None), ("Nguyễn  thị  Ánh", 1985.0), ("Lò", date(1990, 5, 2)))
    )
    assert rows[0].cells == ("Họ và tên", "Năm sinh")
    assert (rows[1].number, rows[1].cells) == (3, ("Nguyễn thị Ánh", "1985"))
    assert rows[2].cells[1] == "02/05/1990"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_in_the_encodings_of_excel(encoding: str) -> None:
    assert sheets.read("Tên;Năm\nÁnh;1985\n".encode(encoding))[1].cells == ("Ánh", "1985")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04broken", b"\xff\xd8\xff\xe0picture\x00", b"\xd0\xcf\x11\xe0old", b"\x81\x82"]
)
def test_what_is_no_list_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(sheets.SheetIsUnreadable):
        sheets.read(content)


def test_a_formula_stays_text() -> None:
    rows = [("=HYPERLINK(1)", "+84", "@x", -3, "-5")]
    written = sheets.write_csv(["a", "b", "c", "d", "e"], rows).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in written and "'@x" in written and ",-3," in written and ",-5\r\n" in written
    sheet = load_workbook(io.BytesIO(sheets.write_excel("t", ["a", "b", "c", "d", "e"], rows))).active
    assert sheet is not None and sheet["A2"].value == "=HYPERLINK(1)" and sheet["A2"].data_type == "s"


def test_the_last_line_gives_count_and_checksum() -> None:
    written = sheets.write_csv(["Tên"], [("Ánh",), ("Bảo",)]).decode("utf-8-sig")
    body, _, last = written.rpartition("#rows=")
    assert last.strip() == f"2,sha256={hashlib.sha256(body.encode()).hexdigest()}"


def test_excel_tells_its_count_under_the_list() -> None:
    assert sheets.read(sheets.write_excel("Danh sách [1]", ["Tên"], [("Ánh",)]))[-1].cells == ("Tổng số dòng: 1",)


def test_old_line_ends_are_read_and_a_cell_without_end_is_refused() -> None:
    assert [row.cells for row in sheets.read(b"a;b\rx;y\r\rz;\r")] == [("a", "b"), ("x", "y"), ("z", "")]
    with pytest.raises(sheets.SheetIsUnreadable):
        sheets.read(b'a,b\n"' + b"x" * 200_000)


def test_signs_nobody_sees_do_not_break_the_file() -> None:
    book = load_workbook(io.BytesIO(sheets.write_excel("a\0b\u202e", ["Tên"], [("x",)])))
    assert book.sheetnames == ["ab"]


def _one_cell_at(place: str, row: int) -> bytes:
    """A book of a few kilobytes whose last cell is there."""
    book, out = zipfile.ZipFile(io.BytesIO(_excel(("x",)))), io.BytesIO()
    far = f'<row r="{row}"><c r="{place}{row}"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in book.namelist():
            content = book.read(name)
            made.writestr(name, content.replace(b"</sheetData>", far.encode()) if "sheet1" in name else content)
    return out.getvalue()


def test_a_small_book_that_unfolds_beyond_memory_is_refused_unread() -> None:
    assert [row.number for row in sheets.read(_one_cell_at("P", 100_000))] == [1, 100_000]
    with pytest.raises(sheets.SheetIsUnreadable):
        sheets.read(_one_cell_at("XFD", 1_048_576))


def test_a_book_of_too_many_bytes_is_refused_unread() -> None:
    out = io.BytesIO(_excel(("x",)))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/image1.png", b"0" * (129 * 1024 * 1024))
    with pytest.raises(sheets.SheetIsUnreadable):
        sheets.read(out.getvalue())
