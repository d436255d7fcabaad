"""What single cells of people's lists mean: years, days, terms, groups, ethnic groups, names of units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from lms.core.names import fold, loose
from lms.officials.rules.categories import Category
from lms.people.rules import ETHNIC_GROUPS

Key = TypeVar("Key")
_EXCEL_BEGINS = date(1899, 12, 30)
_GROUPS = {re.sub(r"[^a-z]", "", loose(group.name)): key for key, group in ETHNIC_GROUPS.items()}
_OTHER_NAMES = {"hmong": "mong", "meo": "mong", "rhade": "ede", "jarai": "giarai", "bahnar": "bana", "khome": "khmer"}


def plain(cell: str) -> str:
    """Letters and digits only, without marks, single spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", loose(cell)).split())


def year_of(cell: str) -> int | None:
    """The year in "1985", "1985.0", "12/3/1985", "3/1985", "12/3/85", a day of Excel (31118); None if there is none."""
    found = re.search(r"(?<!\d)(19\d\d|20\d\d)(?!\d)", cell)
    if found:
        return int(found[1])
    short = re.fullmatch(r"\D*\d{1,2}[./\- ]+\d{1,2}[./\- ]+(\d\d)\D*", cell)
    if short:
        return 1900 + int(short[1])
    serial = re.fullmatch(r"(\d{5})(\.\d+)?", cell)
    return (_EXCEL_BEGINS + timedelta(days=int(serial[1]))).year if serial else None


def day_of(cell: str) -> date | None:
    """The first whole day in a cell: "QĐ 12 ngày 01/7/2025" -> 1 July 2025; None if there is none."""
    written = re.search(r"(?<!\d)(\d{1,2})[./\-](\d{1,2})[./\-](\d{4})(?!\d)", cell)
    iso = re.search(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", cell)
    try:
        if written:
            return date(int(written[3]), int(written[2]), int(written[1]))
        return date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None


def term_of(cell: str) -> str:
    """ "Nhiệm kỳ 2026 – 2031" -> "2026-2031"; what holds no two years stays as typed, 20 letters at most."""
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", cell)
    return f"{years[0]}-{years[1]}" if len(years) == 2 else cell[:20]


def category_of(cell: str) -> Category | None:
    """The group that people's words mean; None if it is not clear."""
    words = f" {plain(cell)} "
    found = {category for category, signs in _SIGNS.items() if any(sign in words for sign in signs)}
    if len(found) == 2:
        found.discard(Category.OTHER)  # "cán bộ quy hoạch khác"
    return found.pop() if len(found) == 1 else None


_SIGNS = {
    Category.PLANNED: (" quy hoach ", " qh "),
    Category.NEWLY_APPOINTED: (" bo nhiem ", " bn "),
    Category.FIRST_ELECTED: (" trung cu ", " dac cu ", " lan dau "),
    Category.OTHER: (" khac ", " nhu cau "),
}


def ethnic_of(cell: str) -> str | None:
    """Our own key of an ethnic group ("Thái" -> "thai"); None if it is not one of the 54."""
    letters = re.sub(r"[^a-z]", "", loose(cell))
    return _GROUPS.get(_OTHER_NAMES.get(letters, letters))


def is_ticked(cell: str) -> bool:
    """Is there a tick in the cell of a group's own column?"""
    return plain(cell) in {"x", "1", "co", "v"} or cell.strip() in {"✓", "✔", "☑", "√"}


def places_named(cell: str, units: Iterable[tuple[Key, str, str]]) -> list[Key]:
    """Units (key, kind, name) that a cell may mean, the best way of reading it only; several = ambiguous, none = unknown.

    "Xuân Du", "xã Xuân Du", "UBND xã Xuân Du, huyện Như Thanh" and, if nothing fits with marks, "xa xuan du".
    """
    known = list(units)
    for read in (fold, plain):
        whole, first = read(cell), read(re.split(r"[,;(]| - | – ", cell)[0])
        for part in dict.fromkeys((first, whole)):
            found = _named(part, [(key, read(kind), read(name)) for key, kind, name in known]) if part else []
            if found:
                return found
    return []


def _named(part: str, units: Sequence[tuple[Key, str, str]]) -> list[Key]:
    exact = [key for key, kind, name in units if part in (name, f"{kind} {name}")]
    ending = [key for key, kind, name in units if kind and part.endswith(f" {kind} {name}")]
    return exact or ending
