"""Whom and what may be chosen: courses, organisations, trainers, people to invite, people who walk in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from lms.core import clock
from lms.core.actor import Actor, Role
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.search import found_in
from lms.courses.models import Course, Edition
from lms.people.models import Account, Grant, Person
from lms.training import access
from lms.training.models import Enrolment, TrainingClass
from lms.training.queries.places import Place, places_of, recorded
from lms.units.models import Organisation
from lms.units.queries import organisations_within, valid_on, within

MOST_OFFERED = 200  # more are found by name


def courses_offered() -> list[Course]:
    """Every course a class can be held of, by title."""
    return list(db.scalars(select(Course).order_by(Course.title_loose, Course.slug)))


def edition_now(course_id: UUID) -> Edition | None:
    """The current edition of a course; None if it is taught in classes only."""
    return db.scalar(select(Edition).where(Edition.course_id == course_id, Edition.superseded_at.is_(None)))


def organisations_offered(actor: Actor) -> list[Organisation]:
    """Organisations in whose name she opens classes; each with its unit."""
    units = actor.units_as(*access.ORGANISERS)
    return organisations_within(units) if units else []


def trainers_offered(unit_ids: Iterable[UUID]) -> list[tuple[Person, Place]]:
    """Persons whose account is a trainer's today at these units, below or above them, by name."""
    tops = list(unit_ids)
    near = _within_or_above(tops)
    query = (
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == Role.TRAINER, valid_on(Grant, clock.today()), Account.closed_at.is_(None), near)
        .order_by(Person.name_sort, Person.id)
        .distinct()
        .limit(MOST_OFFERED)
    )
    return _with_places(query) if tops else []


def _within_or_above(tops: list[UUID]) -> Any:
    return Grant.unit_id.in_(within(tops)) | Grant.unit_id.in_(access.above(tops))


def persons_offered(unit_ids: Iterable[UUID], typed: str = "") -> list[tuple[Person, Place]]:
    """Persons with a post today in these units whose name holds what was typed, each human once, by name."""
    tops = list(unit_ids)
    query = select(Person).where(Person.id.in_(access.humans_in(tops)))
    if typed.strip():
        query = query.where(found_in(Person.name_loose, typed))
    query = query.order_by(Person.name_sort, Person.birth_year, Person.id).limit(MOST_OFFERED)
    return _with_places(query) if tops else []


def _with_places(query: Select[Person]) -> list[tuple[Person, Place]]:
    persons = list(db.scalars(query))
    places = places_of([person.id for person in persons], clock.today())
    return [(person, places[person.id]) for person in persons]


def walk_ins_offered(training_class: TrainingClass, typed: str) -> list[tuple[Person, Place]]:
    """Persons of the organiser's units whose name holds what was typed; nobody before something is typed."""
    return persons_offered([training_class.organiser_unit_id], typed)[:40] if typed.strip() else []


def persons_chosen(unit_ids: Iterable[UUID], person_ids: Iterable[UUID]) -> list[Person]:
    """These persons, all of these units; NotFound if one is not."""
    wanted = set(person_ids)
    query = select(Person).where(Person.id.in_(wanted), Person.canonical_id.in_(access.humans_in(unit_ids)))
    found = list(db.scalars(query.order_by(Person.name_sort, Person.id))) if wanted else []
    if {person.id for person in found} != wanted:
        raise NotFound
    return found


def invited_ids(class_id: UUID) -> set[UUID]:
    """Canonical ids of the roster."""
    person = recorded()
    query = select(person.canonical_id).join(Enrolment, Enrolment.person_id == person.id)
    return set(db.scalars(query.where(Enrolment.class_id == class_id, Enrolment.withdrawn_at.is_(None))))
