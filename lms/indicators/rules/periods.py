"""Periods of screens: a calendar year, its half-years and quarters. Days are those of Việt Nam, both ends inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.core.words import Text, text

FIRST_YEAR = 2021


class Part(StrEnum):
    """Which part of a calendar year; the value is what addresses hold."""

    YEAR = "nam"
    FIRST_HALF = "nua-1"
    SECOND_HALF = "nua-2"
    FIRST_QUARTER = "quy-1"
    SECOND_QUARTER = "quy-2"
    THIRD_QUARTER = "quy-3"
    FOURTH_QUARTER = "quy-4"


_MONTHS: dict[Part, tuple[int, int]] = {
    Part.YEAR: (1, 12),
    Part.FIRST_HALF: (1, 6),
    Part.SECOND_HALF: (7, 6),
    Part.FIRST_QUARTER: (1, 3),
    Part.SECOND_QUARTER: (4, 3),
    Part.THIRD_QUARTER: (7, 3),
    Part.FOURTH_QUARTER: (10, 3),
}
PART_LABELS: dict[Part, Text] = {
    Part.YEAR: text("Cả năm"),
    Part.FIRST_HALF: text("6 tháng đầu năm"),
    Part.SECOND_HALF: text("6 tháng cuối năm"),
    Part.FIRST_QUARTER: text("Quý 1"),
    Part.SECOND_QUARTER: text("Quý 2"),
    Part.THIRD_QUARTER: text("Quý 3"),
    Part.FOURTH_QUARTER: text("Quý 4"),
}


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both inside."""

    start: date
    end: date
    label: Text | str


def period_of(year: int, part: Part = Part.YEAR) -> Period:
    """A calendar year or a part of it."""
    month, months = _MONTHS[part]
    start = date(year, month, 1)
    after = date(year + (month + months - 1) // 12, (month + months - 1) % 12 + 1, 1)
    return Period(start, after - timedelta(days=1), _title(part, year))


def _title(part: Part, year: int) -> Text:
    titles = {
        Part.YEAR: text("Năm {year}", year=year),
        Part.FIRST_HALF: text("6 tháng đầu năm {year}", year=year),
        Part.SECOND_HALF: text("6 tháng cuối năm {year}", year=year),
        Part.FIRST_QUARTER: text("Quý 1 năm {year}", year=year),
        Part.SECOND_QUARTER: text("Quý 2 năm {year}", year=year),
        Part.THIRD_QUARTER: text("Quý 3 năm {year}", year=year),
        Part.FOURTH_QUARTER: text("Quý 4 năm {year}", year=year),
    }
    return titles[part]
