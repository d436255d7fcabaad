"""Contributions in their order: which is a person's first of a period, and who counts by the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased, join, outerjoin

from lms.courses.models import Course
from lms.indicators.models import Contribution
from lms.indicators.queries.places import covers, is_country, scope
from lms.indicators.rules.counting import KINH, Minority
from lms.indicators.rules.periods import Period
from lms.indicators.rules.sets import Counts, Indicator
from lms.learning.models import Study
from lms.officials.models import Category, RegisterEntry
from lms.people.models import Person
from lms.training.models import TrainingClass

TARGET = [category for category in Category if category.in_target]


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
    Narrow the rows to the unit by `covers`.
    """
    group, minority = _group(register), _minority()
    ties = Contribution.occasion_id, Contribution.unit_id, Contribution.sex, minority
    person = Contribution.indicator, Person.canonical_id
    first: Any = (Contribution.day, Contribution.order, *ties)
    ranked = select(
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
        func.row_number().over(partition_by=(*person, group, Contribution.occasion_id), order_by=first).label("turn"),
    ).select_from(_people(codes, period, unit_id))
    return ranked.subquery("numbered")


def _people(codes: Sequence[str], period: Period, unit_id: UUID) -> FromClause:
    """All contributions of those who took part in the unit: her first may lie in another."""

    def asked(table: Any) -> ColumnElement[bool]:
        return and_(table.indicator.in_(codes), table.day.between(period.start, period.end))

    if is_country(unit_id):
        return join(Contribution, Person, and_(Contribution.person_id == Person.id, asked(Contribution)))
    recorded, mine = aliased(Person), aliased(Contribution)
    here = select(recorded.canonical_id.label("id")).join(mine, mine.person_id == recorded.id)
    people = here.where(asked(mine), mine.unit_id.in_(scope(unit_id))).distinct().subquery()
    # Outer, because SQLite then keeps the order: persons first, then theirs by its index. `covers` drops the empty.
    whole = outerjoin(people, Person, Person.canonical_id == people.c.id)
    return outerjoin(whole, Contribution, and_(Contribution.person_id == Person.id, asked(Contribution)))


def is_counted(rows: Subquery, kind: Counts) -> ColumnElement[bool]:
    """Does this row make the number? Its `place` for người, its `turn` for lượt."""
    column = rows.c.place if kind is Counts.PERSONS else rows.c.turn
    return column == 1


def sums(rows: Subquery) -> list[ColumnElement[int]]:
    """Người and lượt of the rows grouped together."""
    return [func.sum(case((is_counted(rows, kind), 1), else_=0)) for kind in Counts]


def wanted_group(indicator: Indicator, category: Category | None = None) -> str:
    """The group of the register that a list is of; the fourth stands apart from the target's three."""
    if not indicator.register:
        return "all"
    return "other" if category is Category.OTHER else "target"


def rows_of(indicator: Indicator, unit_id: UUID, period: Period) -> Subquery:
    """The contributions of one line, in their order."""
    return numbered([indicator.code], period, indicator.register, unit_id)


def belongs(
    rows: Subquery, indicator: Indicator, unit_id: UUID, category: Category | None = None
) -> list[ColumnElement[bool]]:
    """Does a row count to the unit, and to the group of the register that is asked for?"""
    group = rows.c.group == wanted_group(indicator, category)
    return [covers(rows.c.unit_id, unit_id), group, *in_category(rows, category)]


def in_category(rows: Subquery, category: Category | None) -> list[ColumnElement[bool]]:
    """Held she this category on the first day? A woman may hold several, so categories do not add up."""
    return [] if category is None else [registered(rows.c.canonical_id, rows.c.starts_on, [category])]


def joined_course(query: Any, rows: Subquery) -> Select[Any]:
    """With the class or study of each row, and its course."""
    query = query.outerjoin(TrainingClass, TrainingClass.id == rows.c.occasion_id)
    query = query.outerjoin(Study, Study.id == rows.c.occasion_id)
    joined: Select[Any] = query.join(Course, Course.id == func.coalesce(TrainingClass.course_id, Study.course_id))
    return joined
