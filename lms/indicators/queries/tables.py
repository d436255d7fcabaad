"""Tables of one line: by the units below, kind of trainee, course, category of the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, select

from lms.core.db import db
from lms.courses.models import Course
from lms.indicators.queries.figures import Line, empty, line_of, put
from lms.indicators.queries.places import branches
from lms.indicators.queries.ranking import belongs, joined_course, rows_of, sums
from lms.indicators.rules.periods import Period
from lms.indicators.rules.sets import Counts, Indicator
from lms.officials.models import Category
from lms.people.models import PostKind
from lms.units.models import Unit
from lms.units.queries import children_of


@dataclass(frozen=True)
class UnitLine:
    """One row of an indicator's table: a unit directly below, or (`unit` None) what lies in none of them."""

    unit: Unit | None
    line: Line


@dataclass(frozen=True)
class Group:
    """One row of a table by kind of trainee, course or category."""

    key: str
    label: Any
    persons: int
    participations: int


def children_table(indicator: Indicator, unit: Unit, period: Period) -> list[UnitLine]:
    """The line of each unit directly below; last, if it is not empty, what lies in none of them. They add up.

    A unit with none below has one row, its own. The number of statements does not depend on the units.
    """
    children = children_of(unit.id)
    if not children:
        return [UnitLine(unit, line_of(indicator, unit.id, period))]
    found, rest = {child.id: empty(indicator) for child in children}, empty(indicator)
    tops = _tops(list(found))
    rows = rows_of(indicator, unit.id, period)
    query = select(rows.c.unit_id, rows.c.sex, rows.c.minority, *sums(rows)).where(*belongs(rows, indicator, unit.id))
    for below, *cell in db.execute(query.group_by(rows.c.unit_id, rows.c.sex, rows.c.minority)):
        put(found[tops[below]] if below in tops else rest, *cell)
    table = [UnitLine(child, found[child.id]) for child in children]
    return [*table, UnitLine(None, rest)] if any(rest.counts[kind].total for kind in Counts) else table


def _tops(children: list[UUID]) -> dict[UUID, UUID]:
    """Unit -> the child to which it counts."""
    return {below: top for top, below in db.execute(select(branches(children)))}


def total_of(table: Sequence[UnitLine]) -> Line:
    """The rows of a table of units, added: a person stands in one row only."""
    total = empty(table[0].line.indicator)
    for row in table:
        for kind in Counts:
            total.counts[kind].cells.update(row.line.counts[kind].cells)
    return total


def by_post_kind(indicator: Indicator, unit_id: UUID, period: Period) -> list[Group]:
    """By kind of trainee; a kind nobody knows is a row of its own, so the rows add up."""
    rows = rows_of(indicator, unit_id, period)
    found = _by(rows, rows.c.post_kind, belongs(rows, indicator, unit_id))
    return [Group(kind.value if kind else "none", kind.label if kind else None, *found[kind]) for kind in _kinds(found)]


def _kinds(found: dict[Any, tuple[int, int]]) -> list[PostKind | None]:
    return [kind for kind in (*PostKind, None) if kind in found]


def by_course(indicator: Indicator, unit_id: UUID, period: Period) -> list[Group]:
    """By course; the rows add up."""
    rows = rows_of(indicator, unit_id, period)
    query: Select[Any] = joined_course(select(Course.slug, Course.title, *sums(rows)).select_from(rows), rows)
    query = query.where(*belongs(rows, indicator, unit_id)).group_by(Course.slug, Course.title)
    return [Group(*row) for row in db.execute(query.order_by(Course.title, Course.slug))]


def by_category(indicator: Indicator, unit_id: UUID, period: Period) -> list[Group]:
    """By category of the register on the first day; sealed. One woman may stand in several rows."""
    groups = []
    for category in Category:
        line = line_of(indicator, unit_id, period, category)
        groups.append(Group(category.value, category.label, line.persons.total, line.participations.total))
    return groups


def _by(rows: Subquery, column: Any, conditions: Sequence[ColumnElement[bool]]) -> dict[Any, tuple[int, int]]:
    query = select(column, *sums(rows)).where(*conditions).group_by(column)
    return {key: (people, turns) for key, people, turns in db.execute(query)}
