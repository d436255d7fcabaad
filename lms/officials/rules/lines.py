"""The lines of a list as people have it: rows under the header, and what keeps the file from being read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms.core.sheets import Row
from lms.core.words import Text, text
from lms.officials.rules.categories import Category
from lms.officials.rules.cells import category_of, day_of, ethnic_of, is_ticked, plain, term_of, year_of
from lms.officials.rules.columns import Column, Header, find_header

OLDEST, YOUNGEST = 1920, 18  # year of birth; years of age
MOST_NAMED = 12  # row numbers in one sentence


@dataclass(frozen=True)
class Line:
    """A woman in a group as one row says it; one row with two ticks is two lines of one number."""

    number: int
    name: str
    birth_year: int
    ethnic_group: str | None
    post: str
    place: str
    category: Category
    term: str
    decision: str
    begins: date | None


@dataclass
class Reading:
    """What a file says: lines, or the sentences that say why it cannot be used."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Text] = field(default_factory=list)


def read_lines(rows: Sequence[Row], default: Category | None, year: int) -> Reading:
    """Lines under the guessed header; `default` is the group where the list names none, `year` this one."""
    header = find_header(rows)
    if header is None:
        return Reading(faults=[text("Không thấy dòng tiêu đề có “Họ và tên” và “Năm sinh”. Chưa lưu gì cả.")])
    reading, faulty = Reading(), _Faulty()
    for row in _body(rows, header):
        reading.lines.extend(_lines(row, header, default, year, faulty))
    if not reading.lines and not faulty.any:
        reading.faults.append(text("Dưới dòng tiêu đề không có tên nào. Chưa lưu gì cả."))
    reading.faults.extend(faulty.sentences())
    return reading


def _body(rows: Sequence[Row], header: Header) -> Iterable[Row]:
    """Rows under the header that may be a woman, up to the line of the total."""
    for row in rows:
        if row.number <= header.number or _is_note(row, header):
            continue
        if _is_total(row, header):
            return
        yield row


def _is_total(row: Row, header: Header) -> bool:
    first = next((words for words in map(plain, row.cells) if words), "")
    unborn = year_of(header.cell(row, Column.YEAR)) is None
    return unborn and f"{first} ".startswith(("tong ", "tong cong ", "cong ", "tong so ", "danh sach nay co "))


def _is_note(row: Row, header: Header) -> bool:
    """Numbers of columns, headings between rows, what is written and signed under the list."""
    name, year = header.cell(row, Column.NAME), header.cell(row, Column.YEAR)
    if name and not any(map(str.isalpha, name)):
        return True
    if any(map(str.isdigit, year)):
        return False
    if f"{plain(name)} ".startswith(_SIGNED):
        return True
    if Column.NUMBER in header.places:
        return not plain(header.cell(row, Column.NUMBER)).isdigit() or not any(map(str.isalpha, "".join(row.cells)))
    return not name or sum(1 for cell in row.cells if cell) <= 1


_SIGNED = ("nguoi lap ", "t m ", "tm ", "chu tich ", "xac nhan ", "noi nhan ", "ghi chu ", "thu truong ", "ngay ")


@dataclass
class _Faulty:
    """Numbers of the rows that lack something."""

    name: list[int] = field(default_factory=list)
    year: list[int] = field(default_factory=list)
    wrong_year: list[int] = field(default_factory=list)
    category: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.name or self.year or self.wrong_year or self.category)

    def sentences(self) -> list[Text]:
        """One for each kind of fault (look 6)."""
        kinds = ((_NAME, self.name), (_YEAR, self.year), (_WRONG_YEAR, self.wrong_year), (_CATEGORY, self.category))
        return [_sentence(pattern, numbers) for pattern, numbers in kinds if numbers]


_NAME = text("Tệp có {count} dòng thiếu họ tên: {rows}. Chưa lưu gì cả. Ô là công thức thì chép lại thành giá trị.")
_YEAR = text("Tệp có {count} dòng thiếu năm sinh: {rows}. Chưa lưu gì cả. Sửa rồi gửi lại.")
_WRONG_YEAR = text("Tệp có {count} dòng năm sinh chưa đúng: {rows}. Chưa lưu gì cả. Ghi bốn chữ số, người từ 18 tuổi.")
_CATEGORY = text(
    "Tệp có {count} dòng chưa rõ thuộc nhóm nào: {rows}. Chưa lưu gì cả. "
    "Ghi quy hoạch, mới bổ nhiệm, trúng cử lần đầu hoặc khác, hay chọn nhóm cho cả tệp."
)


def _sentence(pattern: Text, numbers: Sequence[int]) -> Text:
    """Many rows are named by the first twelve."""
    named = ", ".join(str(number) for number in numbers[:MOST_NAMED])
    return text(pattern.message, count=len(numbers), rows=named + ("…" if len(numbers) > MOST_NAMED else ""))


def _lines(row: Row, header: Header, default: Category | None, year: int, faulty: _Faulty) -> list[Line]:
    name, born = header.cell(row, Column.NAME), year_of(header.cell(row, Column.YEAR))
    categories = _categories(row, header, default)
    if not name:
        faulty.name.append(row.number)
    if born is None:
        (faulty.wrong_year if header.cell(row, Column.YEAR) else faulty.year).append(row.number)
    elif not OLDEST <= born <= year - YOUNGEST:
        faulty.wrong_year.append(row.number)
    if not categories:
        faulty.category.append(row.number)
    if not name or born is None:
        return []
    return [_line(row, header, category, name, born) for category in categories]


def _categories(row: Row, header: Header, default: Category | None) -> list[Category]:
    ticked = [found for place, found in header.ticks.items() if place < len(row.cells) and is_ticked(row.cells[place])]
    if ticked:
        return list(dict.fromkeys(ticked))
    typed = header.cell(row, Column.CATEGORY)
    found = category_of(typed) if typed else default
    return [found] if found is not None else []


def _line(row: Row, header: Header, category: Category, name: str, born: int) -> Line:
    return Line(
        number=row.number,
        name=name[:120],
        birth_year=born,
        ethnic_group=ethnic_of(header.cell(row, Column.ETHNIC)),
        post=header.cell(row, Column.POST)[:160],
        place=header.cell(row, Column.UNIT)[:160],
        category=category,
        term=term_of(header.cell(row, Column.TERM)),
        decision=header.cell(row, Column.DECISION)[:120],
        begins=day_of(header.cell(row, Column.BEGINS)),
    )
