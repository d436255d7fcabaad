"""The figures of a class and the lists they open to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.db import db
from lms.core.words import Text, text
from lms.people.models import Person
from lms.training.access import same_human
from lms.training.models import Enrolment, Participation, TrainingClass
from lms.training.queries.places import places_of, recorded


class Group(StrEnum):
    """The lists behind the figures of a class; the values are words of addresses."""

    ROSTER = "moi"
    CAME = "da-den"
    COMPLETED = "hoan-thanh"

    @property
    def label(self) -> Text:
        """For people."""
        return {
            Group.ROSTER: text("Danh sách"),
            Group.CAME: text("Đã đến"),
            Group.COMPLETED: text("Hoàn thành"),
        }[self]


@dataclass(frozen=True)
class Figures:
    """How many people each list of a class holds."""

    roster: int
    came: int
    completed: int


def figures_of(class_id: UUID) -> Figures:
    """The figures of a class: people on the roster, people who came, people who completed."""
    person = recorded()
    roster = select(func.count(person.canonical_id.distinct())).select_from(Enrolment)
    roster = roster.join(person, Enrolment.person_id == person.id)
    roster = roster.where(Enrolment.class_id == class_id, Enrolment.withdrawn_at.is_(None))
    parts = select(func.count()).select_from(Participation).where(Participation.class_id == class_id)
    came, completed = (parts.where(_in_group(group)) for group in (Group.CAME, Group.COMPLETED))
    row = db.execute(select(*(part.scalar_subquery() for part in (roster, came, completed)))).one()
    return Figures(*row)


def _in_group(group: Group) -> ColumnElement[bool]:
    return Participation.came.is_(True) if group == Group.CAME else Participation.completed_at.is_not(None)


def open_seats(training_class: TrainingClass) -> int:
    """How many more can be invited; 0 if more came than there are seats."""
    return max(training_class.capacity - figures_of(training_class.id).roster, 0)


@dataclass(frozen=True)
class ListLine:
    """One person in a list behind a figure of a class."""

    person: Person
    village: str
    unit_title: str
    post: str
    part: Participation | None


def list_behind(training_class: TrainingClass, group: Group) -> list[ListLine]:
    """The people behind a figure of a class, each once, by given name."""
    rows: dict[UUID, tuple[Person, Participation | None]] = {}
    for person, part in db.execute(_people_of(training_class.id, group)):
        rows.setdefault(person.id, (person, part))
    places = places_of(rows, _day_of(training_class))
    return [
        ListLine(person, places[key].village, places[key].unit_title, places[key].post, part)
        for key, (person, part) in rows.items()
    ]


def _people_of(class_id: UUID, group: Group) -> Select[Person, Participation]:
    part = and_(Participation.class_id == class_id, Participation.person_id == Person.id)
    if group == Group.ROSTER:
        person = recorded()
        query = select(Person, Participation).join(person, Person.id == person.canonical_id)
        query = query.join(Enrolment, Enrolment.person_id == person.id).outerjoin(Participation, part)
        query = query.where(Enrolment.class_id == class_id, Enrolment.withdrawn_at.is_(None))
    else:
        query = select(Person, Participation).join(Participation, part).where(_in_group(group))
    return query.order_by(Person.name_sort, Person.birth_year, Person.id)


def _day_of(training_class: TrainingClass) -> date:
    """Whose places are shown: those of the first day, or of today while the class has not begun."""
    return min(training_class.starts_on, clock.today())


def participations_of(class_id: UUID) -> list[Participation]:
    """Everyone who was marked in a class, by name."""
    query = select(Participation).join(Person, Participation.person_id == Person.id)
    query = query.where(Participation.class_id == class_id).options(joinedload(Participation.person))
    return list(db.scalars(query.order_by(Person.name_sort, Person.birth_year, Person.id)))


def part_of(person_id: UUID, class_id: UUID) -> Participation | None:
    """A human's taking part in a class."""
    query = select(Participation).where(Participation.class_id == class_id)
    return db.scalar(query.where(Participation.person_id.in_(same_human(person_id))))
