"""Lists as people have them: header, columns, words, years, what is no line."""

from __future__ import annotations

from datetime import date

import pytest

from lms.core import sheets
from lms.officials.rules import (
    Category,
    Column,
    category_of,
    column_of,
    day_of,
    ethnic_of,
    find_header,
    places_named,
    read_lines,
    term_of,
    year_of,
)
from tests.officials import make


@pytest.mark.parametrize(
    ("cell", "year"),
    [("1985", 1985), ("1985.0", 1985), ("12/03/1985", 1985), ("3/1985", 1985), ("12.3.85", 1985), ("31118", 1985),
     ("sinh năm 1990", 1990), ("1895", None), ("", None), ("chưa rõ", None), ("2026-2031", 2026)],
)  # fmt: skip
def test_years(cell: str, year: int | None) -> None:
    assert year_of(cell) == year


@pytest.mark.parametrize(
    ("cell", "group"),
    [("Quy hoạch", Category.PLANNED), ("QH", Category.PLANNED), ("Cán bộ nữ trong quy hoạch", Category.PLANNED),
     ("Mới bổ nhiệm", Category.NEWLY_APPOINTED), ("Trúng cử lần đầu", Category.FIRST_ELECTED),
     ("Mới trúng cử", Category.FIRST_ELECTED), ("Khác", Category.OTHER), ("Có nhu cầu", Category.OTHER),
     ("Quy hoạch, mới bổ nhiệm", None), ("abc", None), ("Cán bộ quy hoạch khác", Category.PLANNED)],
)  # fmt: skip
def test_groups(cell: str, group: Category | None) -> None:
    assert category_of(cell) == group


@pytest.mark.parametrize(
    ("head", "column"),
    [("Họ và tên", Column.NAME), ("HỌ TÊN", Column.NAME), ("Họ tên cán bộ", Column.NAME), ("Năm sinh", Column.YEAR),
     ("Ngày, tháng, năm sinh", Column.YEAR), ("Nơi sinh", None), ("Dân tộc", Column.ETHNIC),
     ("Chức vụ, đơn vị công tác", Column.POST), ("Xã/phường", Column.UNIT), ("Đơn vị", Column.UNIT),
     ("Diện quy hoạch", Column.CATEGORY), ("Đối tượng", Column.CATEGORY), ("Chức danh quy hoạch", Column.POST),
     ("Nhiệm kỳ", Column.TERM), ("Số quyết định", Column.DECISION), ("Ngày quyết định", Column.BEGINS),
     ("Ghi chú", None), ("STT", Column.NUMBER), ("Số điện thoại", None)],
)  # fmt: skip
def test_heads(head: str, column: Column | None) -> None:
    assert column_of(head) == column


def test_other_cells() -> None:
    assert day_of("QĐ 12 ngày 01/7/2025") == date(2025, 7, 1)
    assert day_of("2025-07-01 00:00:00") == date(2025, 7, 1)
    assert day_of("31/02/2025") is None and day_of("2025") is None
    assert term_of("Nhiệm kỳ 2026 – 2031") == "2026-2031" and term_of("khóa V") == "khóa V" and term_of("") == ""
    assert (ethnic_of("Thái"), ethnic_of("H'Mông"), ethnic_of("Hoa"), ethnic_of("Ê Đê")) == (
        "thai",
        "mong",
        "hoa",
        "ede",
    )
    assert ethnic_of("người lạ") is None and ethnic_of("") is None


UNITS = [("p", "tỉnh", "Thanh Hóa"), ("x", "xã", "Xuân Du"), ("y", "xã", "Yên Thọ"), ("b1", "xã", "Bình Lư"),
         ("b2", "phường", "Bình Lư"), ("h1", "xã", "Hòa Bình"), ("h2", "xã", "Hoa Binh")]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "found"),
    [("Xuân Du", ["x"]), ("xã Xuân Du", ["x"]), ("XUÂN DU", ["x"]), ("UBND xã Xuân Du", ["x"]),
     ("Hội LHPN xã Yên Thọ, huyện Như Thanh", ["y"]), ("xuan du", ["x"]), ("Bình Lư", ["b1", "b2"]),
     ("phường Bình Lư", ["b2"]), ("xã Hoà Bình", ["h1"]), ("Xã Lạ", []), ("", []), ("Du", []), ("Thanh Hóa", ["p"])],
)  # fmt: skip
def test_units(cell: str, found: list[str]) -> None:
    assert places_named(cell, UNITS) == found


def test_an_ugly_workbook_is_read() -> None:
    rows = sheets.read(make.ugly())
    header = find_header(rows)
    assert header is not None and header.number == 4
    reading = read_lines(rows, None, 2026)
    assert reading.faults == []
    assert [(line.number, line.name, line.birth_year, line.category.value) for line in reading.lines] == [
        (6, "Nguyễn thị Ánh", 1985, "planned"),
        (7, "Vi Thị Thơm", 1990, "first_elected"),
        (9, "Trương Thị Hồng", 1988, "newly_appointed"),
        (10, "Lò Thị Xuyến", 1991, "other"),
    ]
    assert reading.lines[0].term == "2026-2031" and reading.lines[0].ethnic_group == "kinh"
    assert reading.lines[2].place == "UBND xã Yên Thọ, tỉnh Thanh Hóa"


def test_a_year_under_a_head_merged_over_two_columns() -> None:
    content = make.workbook(
        [("TT", "Họ tên", "Năm sinh", None, "Nhóm"), (None, None, "Nam", "Nữ", None), (1, "Hà Thị Lan", None, 1990, "Khác"),
         (2, "Bùi Thị Nga", None, "1987", "Khác")],
        merged=["C1:D1"],
    )  # fmt: skip
    reading = read_lines(sheets.read(content), None, 2026)
    assert [line.birth_year for line in reading.lines] == [1990, 1987] and not reading.faults


def test_groups_as_columns_of_ticks() -> None:
    content = make.workbook(
        [("TT", "Họ và tên", "Năm sinh", "Diện", None, None), (None, None, None, "Quy hoạch", "Mới bổ nhiệm", "Trúng cử lần đầu"),
         (1, "Hà Thị Lan", 1990, "x", None, "X"), (2, "Bùi Thị Nga", 1987, None, "✓", None)],
        merged=["D1:F1"],
    )  # fmt: skip
    lines = read_lines(sheets.read(content), None, 2026).lines
    assert [(line.number, line.category.value) for line in lines] == [
        (3, "planned"),
        (3, "first_elected"),
        (4, "newly_appointed"),
    ]


def test_years_missing_are_named_by_their_rows() -> None:
    rows = [("Họ và tên", "Năm sinh", "Nhóm")] + [
        (f"Hà Thị {n}a", None if n in (4, 9, 27) else 1985, "Khác") for n in range(2, 30)
    ]
    reading = read_lines(sheets.read(make.workbook(rows)), None, 2026)
    assert [str(fault) for fault in reading.faults] == [
        "Tệp có 3 dòng thiếu năm sinh: 4, 9, 27. Chưa lưu gì cả. Sửa rồi gửi lại."
    ]


def test_each_kind_of_fault_has_its_sentence() -> None:
    content = make.plain(
        ("Hà Thị Lan", 1895, "Xuân Du", "Khác", ""), ("", 1985, "Xuân Du", "Khác", ""),
        ("Bùi Thị Nga", 2015, "Xuân Du", "Khác", ""),
        ("Bùi Thị Hoa", 1985, "Xuân Du", "gì đó", ""),
    )  # fmt: skip
    said = [str(fault) for fault in read_lines(sheets.read(content), None, 2026).faults]
    assert len(said) == 3
    assert "thiếu họ tên: 3." in said[0] and "chưa đúng: 2, 4." in said[1] and "nhóm nào: 5." in said[2]


def test_the_group_of_the_whole_file() -> None:
    content = make.workbook([("Họ và tên", "Năm sinh"), ("Hà Thị Lan", 1990)])
    assert read_lines(sheets.read(content), Category.PLANNED, 2026).lines[0].category == Category.PLANNED
    assert "nhóm nào: 2" in str(read_lines(sheets.read(content), None, 2026).faults[0])


def test_no_header_no_lines() -> None:
    assert "dòng tiêu đề" in str(read_lines(sheets.read(b"a,b\nc,d\n"), None, 2026).faults[0])
    assert "không có tên" in str(read_lines(sheets.read(make.plain()), None, 2026).faults[0])
    assert read_lines([], None, 2026).faults


def test_csv_with_semicolons_and_a_bom() -> None:
    content = "\ufeffHọ và tên;Ngày sinh;Nhóm\nHà Thị Lan;12/3/1990;Quy hoạch\n".encode()
    assert read_lines(sheets.read(content), None, 2026).lines[0].birth_year == 1990
