"""Who took part in what: classes (participation x frozen enrolment) and first online completions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.courses.models import Course
from lms.indicators.rules.counting import TakingPart
from lms.indicators.rules.sets import Attribution
from lms.learning.models import Study
from lms.people.models import Person, Post
from lms.training.models import Enrolment, Participation, TrainingClass
from lms.units.models import Organisation
from lms.units.queries import country


@dataclass(frozen=True)
class _Who:
    """What is frozen of a person for one occasion."""

    unit_id: UUID | None
    sex: str
    ethnic_group: str | None
    post_kind: str | None


@dataclass
class _Part:
    came: bool = False
    completed: bool = False


def takings_of_classes(class_ids: Collection[UUID]) -> list[TakingPart]:
    """Each canonical person once a class; a cancelled class has none. Eight statements at most, however many."""
    held = TrainingClass.id.in_(class_ids), TrainingClass.cancelled_at.is_(None)
    query = select(TrainingClass, Course.field, Course.level).join(Course, TrainingClass.course_id == Course.id)
    classes = {row[0].id: row for row in db.execute(query.where(*held))}
    parts = _parts(classes)
    who = _frozen(classes)
    unfrozen = {pair for pair in parts if pair not in who}
    who |= _living(unfrozen, {class_id: row[0].starts_on for class_id, row in classes.items()})
    return [
        _in_class(*classes[class_id], person_id, part, who[class_id, person_id])
        for (class_id, person_id), part in parts.items()
    ]


def _parts(class_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], _Part]:
    """By (class, canonical person); two linked persons in one class are one part."""
    query = select(Participation.class_id, Person.canonical_id, Participation.came, Participation.completed_at)
    query = query.join(Person, Participation.person_id == Person.id).where(Participation.class_id.in_(class_ids))
    parts: dict[tuple[UUID, UUID], _Part] = {}
    for class_id, person_id, came, completed_at in db.execute(query):
        part = parts.setdefault((class_id, person_id), _Part())
        part.came, part.completed = part.came or came, part.completed or completed_at is not None
    return parts


def _frozen(class_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], _Who]:
    """By (class, canonical person), from the first enrolment that is frozen."""
    query = select(Enrolment, Person.canonical_id).join(Person, Enrolment.person_id == Person.id)
    query = query.where(Enrolment.class_id.in_(class_ids), Enrolment.frozen_sex.is_not(None))
    found: dict[tuple[UUID, UUID], _Who] = {}
    for enrolment, person_id in db.execute(query.order_by(Enrolment.invited_at, Enrolment.id)):
        found.setdefault((enrolment.class_id, person_id), _who_of(enrolment))
    return found


def _who_of(row: Enrolment | Study) -> _Who:
    return _Who(row.frozen_unit_id, row.frozen_sex or "unknown", row.frozen_ethnic_group, row.frozen_post_kind)


def _living(pairs: Collection[tuple[UUID, UUID]], days: dict[UUID, date]) -> dict[tuple[UUID, UUID], _Who]:
    """By (occasion, person): who she was on its day as far as known now, where nothing was frozen."""
    person_ids = {person_id for _, person_id in pairs}
    if not person_ids:
        return {}
    persons = {person.id: person for person in db.scalars(select(Person).where(Person.id.in_(person_ids)))}
    query = select(Post).where(Post.person_id.in_(person_ids)).order_by(Post.begins.desc(), Post.id.desc())
    posts = list(db.scalars(query))
    found = {}
    for occasion_id, person_id in pairs:
        day, person = days[occasion_id], persons[person_id]
        post = next((one for one in posts if one.person_id == person_id and _holds(one, day)), None)
        found[occasion_id, person_id] = _Who(
            post.unit_id if post else None, person.sex, person.ethnic_group, post.kind if post else None
        )
    return found


def _holds(post: Post, day: date) -> bool:
    return post.begins <= day and (post.ends is None or post.ends > day)


def _in_class(held: TrainingClass, field: str, level: str, person_id: UUID, part: _Part, who: _Who) -> TakingPart:
    return TakingPart(
        source="class",
        occasion=held.id,
        order=held.number,
        person=person_id,
        units={
            Attribution.HOME: who.unit_id or held.organiser_unit_id,
            Attribution.ORGANISER: held.organiser_unit_id,
            Attribution.VENUE: held.venue_unit_id,
        },
        starts_on=held.starts_on,
        day=held.ends_on,
        field=field,
        level=level,
        sex=who.sex,
        ethnic_group=who.ethnic_group,
        post_kind=who.post_kind,
        came=part.came,
        completed=part.completed,
    )


def same_studies(study_ids: Collection[UUID]) -> list[UUID]:
    """These studies and every other of the same courses by the same humans: one of them is the first completion."""
    given = select(Person.canonical_id, Study.course_id).join(Study, Study.person_id == Person.id)
    wanted = given.where(Study.id.in_(study_ids)).subquery()
    query = select(Study.id).join(Person, Study.person_id == Person.id)
    same = (wanted.c.canonical_id == Person.canonical_id) & (wanted.c.course_id == Study.course_id)
    return list(dict.fromkeys(db.scalars(query.join(wanted, same))))


def takings_of_studies(study_ids: Collection[UUID]) -> list[TakingPart]:
    """First completions among these studies (give all of `same_studies`): one a canonical person and course."""
    query = select(Study, Person.canonical_id, Course.field, Course.level, Organisation.unit_id)
    query = query.join(Person, Study.person_id == Person.id).join(Course, Study.course_id == Course.id)
    query = query.outerjoin(Organisation, Course.owner_id == Organisation.id)
    query = query.where(Study.id.in_(study_ids), Study.completed_at.is_not(None))
    firsts: dict[tuple[UUID, UUID], Any] = {}
    for row in db.execute(query.order_by(Study.completed_at, Study.id)):
        firsts.setdefault((row[1], row[0].course_id), row)
    rows = list(firsts.values())
    days = {row[0].id: _day(row[0]) for row in rows}
    living = _living({(row[0].id, row[1]) for row in rows if row[0].frozen_sex is None}, days)
    return [_online(*row, who=living.get((row[0].id, row[1])) or _who_of(row[0])) for row in rows]


def _day(study: Study) -> date:
    assert study.completed_at is not None
    return clock.local(study.completed_at).date()


def _online(study: Study, person_id: UUID, field: str, level: str, owner: UUID | None, *, who: _Who) -> TakingPart:
    home = who.unit_id or owner or country().id
    return TakingPart(
        source="online",
        occasion=study.id,
        order="",
        person=person_id,
        units={Attribution.HOME: home, Attribution.ORGANISER: owner or home, Attribution.VENUE: home},
        starts_on=_day(study),
        day=_day(study),
        field=field,
        level=level,
        sex=who.sex,
        ethnic_group=who.ethnic_group,
        post_kind=who.post_kind,
        came=True,
        completed=True,
    )


def occasions_of(person_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """Classes and studies in which this human, or anyone recorded as the same, took part."""
    canonical = select(Person.canonical_id).where(Person.id == person_id).scalar_subquery()
    same = select(Person.id).where((Person.canonical_id == canonical) | (Person.id == person_id))
    classes = select(Participation.class_id).where(Participation.person_id.in_(same))
    studies = select(Study.id).where(Study.person_id.in_(same))
    return list(db.scalars(classes.distinct())), list(db.scalars(studies))
