"""Figures: người and lượt of an indicator in a unit and a period, in cells that add up. One statement for all units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from lms.core.db import db
from lms.courses.models import Course
from lms.indicators.models import Contribution
from lms.indicators.queries.places import branches, covers
from lms.indicators.queries.sets import indicator_on
from lms.indicators.rules.counting import KINH, Minority
from lms.indicators.rules.periods import Period
from lms.indicators.rules.sets import Counts, Indicator, IndicatorSet
from lms.learning.models import Study
from lms.officials.models import Category, RegisterEntry
from lms.people.models import Person, PostKind, Sex
from lms.training.models import TrainingClass
from lms.units.models import Unit
from lms.units.queries import children_of

TARGET = [category for category in Category if category.in_target]
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


@dataclass(frozen=True)
class Figure:
    """One number."""

    code: str
    kind: Counts
    value: int


def _minority() -> ColumnElement[str]:
    group = Contribution.ethnic_group
    unknown = or_(group.is_(None), group == "")
    return case((unknown, Minority.UNKNOWN.value), (group == KINH, Minority.NO.value), else_=Minority.YES.value)


def registered(person_id: Any, day: Any, categories: Sequence[Category]) -> ColumnElement[bool]:
    """Had the register this canonical person in one of these categories on that day?"""
    recorded = aliased(Person)
    query = select(literal(1)).select_from(RegisterEntry).join(recorded, RegisterEntry.person_id == recorded.id)
    held = and_(RegisterEntry.begins <= day, or_(RegisterEntry.ends.is_(None), RegisterEntry.ends > day))
    return exists(query.where(recorded.canonical_id == person_id, RegisterEntry.category.in_(categories), held))


def _group(register: bool) -> ColumnElement[str]:
    """Which group of the register counts her: the target's three, else the fourth, else none. Others: everyone."""
    if not register:
        return literal("all")
    asked = Person.canonical_id, Contribution.starts_on
    target, other = registered(*asked, TARGET), registered(*asked, [Category.OTHER])
    return case((target, "target"), (other, "other"), else_="none")


def numbered(codes: Sequence[str], period: Period, register: bool, unit_id: UUID) -> Subquery:
    """Contributions of a period of all who took part in the unit, with `place` (1 = her first) and `turn` (1 = once).

    Places are given over the whole country, so a person counts in one unit only; `rules.counting` says the same.
    Narrow the rows to the unit by `covers`. Outer joins, because SQLite keeps their order: persons first, then theirs.
    """
    recorded, mine = aliased(Person), aliased(Contribution)
    asked = mine.indicator.in_(codes), mine.day.between(period.start, period.end)
    here = select(recorded.canonical_id.label("id")).join(mine, mine.person_id == recorded.id)
    here = here.where(*asked, covers(mine.unit_id, unit_id)).distinct()
    people = here.subquery()
    wanted = and_(Contribution.indicator.in_(codes), Contribution.day.between(period.start, period.end))
    group, minority = _group(register), _minority()
    ties = Contribution.occasion_id, Contribution.unit_id, Contribution.sex, minority
    person = Contribution.indicator, Person.canonical_id
    first: Any = (Contribution.day, Contribution.order, *ties)
    ranked = (
        select(
            *person,
            Contribution.occasion_id,
            Contribution.unit_id,
            Contribution.starts_on,
            Contribution.day,
            Contribution.order,
            Contribution.sex,
            Contribution.post_kind,
            minority.label("minority"),
            group.label("group"),
            func.row_number().over(partition_by=(*person, group), order_by=first).label("place"),
            func.row_number()
            .over(partition_by=(*person, group, Contribution.occasion_id), order_by=first)
            .label("turn"),
        )
        .select_from(people)
        .outerjoin(Person, Person.canonical_id == people.c.id)
        .outerjoin(Contribution, and_(Contribution.person_id == Person.id, wanted))
    )
    return ranked.subquery("numbered")


def is_counted(rows: Subquery, kind: Counts) -> ColumnElement[bool]:
    """Does this row make the number? Its `place` for người, its `turn` for lượt."""
    column = rows.c.place if kind is Counts.PERSONS else rows.c.turn
    return column == 1


def _sums(rows: Subquery) -> list[ColumnElement[int]]:
    return [func.sum(case((is_counted(rows, kind), 1), else_=0)) for kind in Counts]


def wanted_group(indicator: Indicator, category: Category | None = None) -> str:
    """The group of the register that a list is of; the fourth stands apart from the target's three."""
    if not indicator.register:
        return "all"
    return "other" if category is Category.OTHER else "target"


def figures_of(chosen: IndicatorSet, unit_id: UUID, period: Period) -> list[Line]:
    """Every line of a set but those that rest on the register: two numbers each, by sex and minority. One statement."""
    open_lines = [one for one in chosen.indicators if not one.register]
    rows = numbered([one.code for one in open_lines], period, False, unit_id)
    query = select(rows.c.indicator, rows.c.sex, rows.c.minority, *_sums(rows))
    query = query.where(covers(rows.c.unit_id, unit_id))
    found: dict[str, Line] = {one.code: _empty(one) for one in open_lines}
    for code, *cell in db.execute(query.group_by(rows.c.indicator, rows.c.sex, rows.c.minority)):
        _put(found[code], *cell)
    return list(found.values())


def _empty(indicator: Indicator) -> Line:
    return Line(indicator, {kind: Count() for kind in Counts})


def _put(line: Line, sex: Sex, minority: str, *numbers: int) -> None:
    for kind, number in zip(Counts, numbers, strict=True):
        line.counts[kind].cells[sex, Minority(minority)] += number


def line_of(indicator: Indicator, unit_id: UUID, period: Period, category: Category | None = None) -> Line:
    """One line. Of the register's indicators: the target's three groups, or (`category` OTHER) the fourth."""
    rows = _grouped(indicator, unit_id, period, category)
    query = select(rows.c.sex, rows.c.minority, *_sums(rows)).where(*_wanted(rows, indicator, unit_id, category))
    line = _empty(indicator)
    for cell in db.execute(query.group_by(rows.c.sex, rows.c.minority)):
        _put(line, *cell)
    return line


def _grouped(indicator: Indicator, unit_id: UUID, period: Period, category: Category | None) -> Subquery:
    return numbered([indicator.code], period, indicator.register, unit_id)


def _wanted(
    rows: Subquery, indicator: Indicator, unit_id: UUID, category: Category | None
) -> list[ColumnElement[bool]]:
    return [
        covers(rows.c.unit_id, unit_id),
        rows.c.group == wanted_group(indicator, category),
        *in_category(rows, category),
    ]


def in_category(rows: Subquery, category: Category | None) -> list[ColumnElement[bool]]:
    """Held she this category on the first day? A woman may hold several, so categories do not add up."""
    return [] if category is None else [registered(rows.c.canonical_id, rows.c.starts_on, [category])]


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


def children_table(indicator: Indicator, unit: Unit, period: Period) -> list[UnitLine]:
    """The line of each unit directly below; last, if it is not empty, what lies in none of them. They add up.

    A unit with none below has one row, its own. The number of statements does not depend on the units.
    """
    children, total = children_of(unit.id), line_of(indicator, unit.id, period)
    if not children:
        return [UnitLine(unit, total)]
    found = {child.id: _empty(indicator) for child in children}
    tops: dict[UUID, list[UUID]] = {}
    for top, below in db.execute(select(branches(list(found)))):
        tops.setdefault(below, []).append(top)
    rows = _grouped(indicator, unit.id, period, None)
    query = select(rows.c.unit_id, rows.c.sex, rows.c.minority, *_sums(rows))
    query = query.where(*_wanted(rows, indicator, unit.id, None))
    for below, *cell in db.execute(query.group_by(rows.c.unit_id, rows.c.sex, rows.c.minority)):
        for top in tops.get(below, ()):
            _put(found[top], *cell)
    table = [UnitLine(child, found[child.id]) for child in children]
    rest = _rest(total, table)
    return [*table, UnitLine(None, rest)] if rest.participations.total or rest.persons.total else table


def _rest(total: Line, table: Sequence[UnitLine]) -> Line:
    rest = _empty(total.indicator)
    for kind in Counts:
        rest.counts[kind].cells.update(total.counts[kind].cells)
        for one in table:
            rest.counts[kind].cells.subtract(one.line.counts[kind].cells)
    return rest


def by_post_kind(indicator: Indicator, unit_id: UUID, period: Period) -> list[Group]:
    """By kind of trainee; a kind nobody knows is a row of its own, so the rows add up."""
    rows = _grouped(indicator, unit_id, period, None)
    found = _by(rows, rows.c.post_kind, _wanted(rows, indicator, unit_id, None))
    return [Group(kind.value if kind else "none", kind.label if kind else None, *found[kind]) for kind in _kinds(found)]


def _kinds(found: dict[Any, tuple[int, int]]) -> list[PostKind | None]:
    return [kind for kind in (*PostKind, None) if kind in found]


def by_course(indicator: Indicator, unit_id: UUID, period: Period) -> list[Group]:
    """By course; the rows add up."""
    rows = _grouped(indicator, unit_id, period, None)
    query: Select[Any] = joined_course(select(Course.slug, Course.title, *_sums(rows)).select_from(rows), rows)
    query = query.where(*_wanted(rows, indicator, unit_id, None)).group_by(Course.slug, Course.title)
    return [Group(*row) for row in db.execute(query.order_by(Course.title, Course.slug))]


def joined_course(query: Any, rows: Subquery) -> Select[Any]:
    """With the class or study of each row, and its course."""
    query = query.outerjoin(TrainingClass, TrainingClass.id == rows.c.occasion_id)
    query = query.outerjoin(Study, Study.id == rows.c.occasion_id)
    joined: Select[Any] = query.join(Course, Course.id == func.coalesce(TrainingClass.course_id, Study.course_id))
    return joined


def by_category(indicator: Indicator, unit_id: UUID, period: Period) -> list[Group]:
    """By category of the register on the first day; sealed. One woman may stand in several rows."""
    groups = []
    for category in Category:
        line = line_of(indicator, unit_id, period, category)
        groups.append(Group(category.value, category.label, line.persons.total, line.participations.total))
    return groups


def _by(rows: Subquery, column: Any, conditions: Sequence[ColumnElement[bool]]) -> dict[Any, tuple[int, int]]:
    query = select(column, *_sums(rows)).where(*conditions).group_by(column)
    return {key: (people, turns) for key, people, turns in db.execute(query)}
