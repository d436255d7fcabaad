"""The names behind a figure: as many lines as the figure says, for every filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, func, select

from lms.core import clock
from lms.core.db import db
from lms.courses.models import Course
from lms.indicators.queries.places import branches
from lms.indicators.queries.ranking import belongs, is_counted, joined_course, rows_of
from lms.indicators.queries.sets import indicator_on
from lms.indicators.rules.counting import Minority
from lms.indicators.rules.periods import Period
from lms.indicators.rules.sets import Counts
from lms.officials.models import Category
from lms.people.models import Person, PostKind, Sex
from lms.training.models import TrainingClass
from lms.units.models import UnitParent
from lms.units.queries import titles, valid_on


@dataclass(frozen=True)
class NameLine:
    """One person (người) or one taking part (lượt): who, and by which class or course. `number` is empty online."""

    name: str
    birth_year: int | None
    post_kind: PostKind | None
    unit_title: str
    title: str
    number: str
    day: date


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None = everyone. `post_kind` "none" = nobody knows; `own` = in no unit below."""

    sex: Sex | None = None
    minority: Minority | None = None
    category: Category | None = None
    post_kind: str | None = None
    course: str | None = None
    own: bool = False


def names_behind(
    code: str,
    unit_id: UUID,
    period: Period,
    kind: Counts,
    sex: Sex | None = None,
    minority: Minority | None = None,
    **more: Any,
) -> list[NameLine]:
    """The lines behind `figure` of the same arguments, by given name; `more` = the other fields of `Wanted`."""
    return lines_behind(code, unit_id, period, kind, Wanted(sex, minority, **more))


def lines_behind(code: str, unit_id: UUID, period: Period, kind: Counts, wanted: Wanted) -> list[NameLine]:
    """The lines behind a figure; NotFound for an unknown code. Three statements."""
    indicator = indicator_on(code, period.start)
    rows = rows_of(indicator, unit_id, period)
    query = joined_course(_columns(rows).select_from(rows).join(Person, Person.id == rows.c.canonical_id), rows)
    query = query.where(is_counted(rows, kind), *belongs(rows, indicator, unit_id, wanted.category))
    query = query.where(*_narrowed(rows, unit_id, wanted))
    found = list(db.execute(query.order_by(Person.name_sort, Person.id, rows.c.day, rows.c.order, rows.c.occasion_id)))
    places = titles(row.unit_id for row in found)
    return [
        NameLine(row.name, row.birth_year, row.post_kind, places[row.unit_id], row.title, row.number or "", row.day)
        for row in found
    ]


def _columns(rows: Subquery) -> Select[Any]:
    title = func.coalesce(TrainingClass.title, Course.title).label("title")
    return select(
        Person.name, Person.birth_year, rows.c.post_kind, rows.c.unit_id, title, TrainingClass.number, rows.c.day
    )


def _narrowed(rows: Subquery, unit_id: UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.sex is not None:
        conditions.append(rows.c.sex == wanted.sex)
    if wanted.minority is not None:
        conditions.append(rows.c.minority == wanted.minority.value)
    if wanted.post_kind is not None:
        unknown = wanted.post_kind == "none"
        conditions.append(rows.c.post_kind.is_(None) if unknown else rows.c.post_kind == PostKind(wanted.post_kind))
    if wanted.course is not None:
        conditions.append(Course.slug == wanted.course)
    return [*conditions, *_own(rows, unit_id)] if wanted.own else conditions


def _own(rows: Subquery, unit_id: UUID) -> list[ColumnElement[bool]]:
    below = select(UnitParent.unit_id).where(UnitParent.parent_id == unit_id, valid_on(UnitParent, clock.today()))
    tops = branches(list(db.scalars(below)))
    return [rows.c.unit_id.not_in(select(tops.c.id))]
