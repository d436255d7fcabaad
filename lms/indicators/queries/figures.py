"""Figures: người and lượt of an indicator in a unit and a period, in cells that add up. One statement for all units."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from lms.core.db import db
from lms.indicators.queries.places import covers
from lms.indicators.queries.ranking import belongs, numbered, rows_of, sums
from lms.indicators.queries.sets import indicator_on
from lms.indicators.rules.counting import Minority
from lms.indicators.rules.periods import Period
from lms.indicators.rules.sets import Counts, Indicator, IndicatorSet
from lms.officials.models import Category
from lms.people.models import Sex

Cell = tuple[Sex, Minority]


@dataclass(frozen=True)
class Count:
    """People, or participations, by cell of sex and minority."""

    cells: Counter[Cell] = field(default_factory=Counter)

    def of(self, sex: Sex | None = None, minority: Minority | None = None) -> int:
        """The cells that fit, added; None = all."""
        return sum(n for (s, m), n in self.cells.items() if sex in (None, s) and minority in (None, m))

    @property
    def total(self) -> int:
        """All cells."""
        return self.cells.total()


@dataclass(frozen=True)
class Line:
    """An indicator's figures in one unit and period. They are never added to another line or period."""

    indicator: Indicator
    counts: dict[Counts, Count]

    @property
    def persons(self) -> Count:
        """Người."""
        return self.counts[Counts.PERSONS]

    @property
    def participations(self) -> Count:
        """Lượt."""
        return self.counts[Counts.PARTICIPATIONS]


@dataclass(frozen=True)
class Figure:
    """One number."""

    code: str
    kind: Counts
    value: int


def figures_of(chosen: IndicatorSet, unit_id: UUID, period: Period) -> list[Line]:
    """Every line of a set but those that rest on the register: two numbers each, by sex and minority. One statement."""
    open_lines = [one for one in chosen.indicators if not one.register]
    rows = numbered([one.code for one in open_lines], period, False, unit_id)
    query = select(rows.c.indicator, rows.c.sex, rows.c.minority, *sums(rows))
    query = query.where(covers(rows.c.unit_id, unit_id))
    found: dict[str, Line] = {one.code: empty(one) for one in open_lines}
    for code, *cell in db.execute(query.group_by(rows.c.indicator, rows.c.sex, rows.c.minority)):
        put(found[code], *cell)
    return list(found.values())


def empty(indicator: Indicator) -> Line:
    """A line of zeros."""
    return Line(indicator, {kind: Count() for kind in Counts})


def put(line: Line, sex: Sex, minority: str, *numbers: int) -> None:
    """Add one cell: người, then lượt."""
    for kind, number in zip(Counts, numbers, strict=True):
        line.counts[kind].cells[sex, Minority(minority)] += number


def line_of(indicator: Indicator, unit_id: UUID, period: Period, category: Category | None = None) -> Line:
    """One line. Of the register's indicators: the target's three groups, or (`category` OTHER) the fourth."""
    rows = rows_of(indicator, unit_id, period)
    query = select(rows.c.sex, rows.c.minority, *sums(rows)).where(*belongs(rows, indicator, unit_id, category))
    line = empty(indicator)
    for cell in db.execute(query.group_by(rows.c.sex, rows.c.minority)):
        put(line, *cell)
    return line


def figure(
    code: str,
    unit_id: UUID,
    period: Period,
    kind: Counts,
    sex: Sex | None = None,
    minority: Minority | None = None,
    category: Category | None = None,
) -> Figure:
    """One number of one line; NotFound for an unknown code. Whoever asks for a register's line must hold a visit."""
    line = line_of(indicator_on(code, period.start), unit_id, period, category)
    return Figure(code, kind, line.counts[kind].of(sex, minority))
