"""Courses given to persons, and how far the learners of a place are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import aliased, joinedload

from lms.core import clock, names
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.courses.models import Course, Edition, Lesson
from lms.learning import access
from lms.learning.models import Assignment, Progress, Study
from lms.learning.queries.studying import same_person
from lms.learning.rules.branches import finished_lessons
from lms.people.models import Person, Post
from lms.units.models import Unit
from lms.units.queries import valid_on, within

MOST_CANDIDATES = 200


@dataclass(frozen=True)
class Candidate:
    """A person to whom a course may be given."""

    person: Person
    post: Post
    unit_title: str


@dataclass(frozen=True)
class LearnerLine:
    """A person in a course: lessons done of all, when she was last there, when she first completed it."""

    person: Person
    unit_title: str
    course: Course
    done: int
    total: int
    last_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True)
class AssignmentLine:
    """A given course and how far the person is."""

    assignment: Assignment
    learner: LearnerLine

    @property
    def is_late(self) -> bool:
        """Not completed on the day it was due?"""
        return self.learner.completed_at is None and self.assignment.due < clock.today()


@dataclass(frozen=True)
class _Held:
    """What a human has of a course."""

    last_at: datetime | None
    completed_at: datetime | None


_Pair = tuple[UUID, UUID]  # canonical person, course


def assignments_of(person_id: UUID) -> list[Assignment]:
    """Courses given to a human and not withdrawn, the first due first, with their courses."""
    query = select(Assignment).options(joinedload(Assignment.course))
    query = query.where(Assignment.person_id.in_(same_person(person_id)), Assignment.withdrawn_at.is_(None))
    return list(db.scalars(query.order_by(Assignment.due, Assignment.id)))


def overdue(before: date) -> Select[Assignment, Person, Course]:
    """(Assignment, Person, Course) given with a day before this one, not withdrawn, not completed by that human."""
    other = aliased(Person)
    done = select(Study.id).join(other, Study.person_id == other.id)
    done = done.where(other.canonical_id == Person.canonical_id, Study.course_id == Assignment.course_id)
    query = select(Assignment, Person, Course).join(Person, Assignment.person_id == Person.id)
    query = query.join(Course, Assignment.course_id == Course.id)
    waiting = query.where(Assignment.due < before, Assignment.withdrawn_at.is_(None))
    return waiting.where(~done.where(Study.completed_at.is_not(None)).exists()).order_by(
        Assignment.due, Person.name_sort
    )


def assignments_for(actor: Actor, course_id: UUID | None = None) -> list[AssignmentLine]:
    """Courses given to persons of the actor's units, by day and then by name."""
    query = (
        select(Assignment, Person, Unit)
        .options(joinedload(Assignment.course))
        .join(Person, Assignment.person_id == Person.id)
        .join(Post, Post.person_id == Person.id)
        .join(Unit, Post.unit_id == Unit.id)
        .where(_is_hers(actor), Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.due, Person.name_sort, Assignment.id)
    )
    if course_id is not None:
        query = query.where(Assignment.course_id == course_id)
    rows = {assignment.id: (assignment, person, unit) for assignment, person, unit in db.execute(query)}.values()
    pairs = [(person.canonical_id, assignment.course_id) for assignment, person, _ in rows]
    held, done, totals = _held(pairs), _done(pairs), _totals(course for _, course in pairs)
    return [
        AssignmentLine(given, _line(person, unit, given.course, held, done, totals)) for given, person, unit in rows
    ]


def _is_hers(actor: Actor) -> Any:
    """Persons with a post today in the units where the actor gives courses."""
    return valid_on(Post, clock.today()) & Post.unit_id.in_(within(access.gives_in(actor)))


def _line(
    person: Person,
    unit: Unit,
    course: Course,
    held: dict[_Pair, _Held],
    done: dict[_Pair, int],
    totals: dict[UUID, int],
) -> LearnerLine:
    pair = (person.canonical_id, course.id)
    has = held.get(pair, _Held(None, None))
    return LearnerLine(
        person, unit.title, course, done.get(pair, 0), totals.get(course.id, 0), has.last_at, has.completed_at
    )


def _held(pairs: Sequence[_Pair]) -> dict[_Pair, _Held]:
    """Last visit and first completion by human and course."""
    query = (
        select(Person.canonical_id, Study.course_id, func.max(Study.last_at), func.min(Study.completed_at))
        .join(Person, Study.person_id == Person.id)
        .where(Person.canonical_id.in_({human for human, _ in pairs}))
        .group_by(Person.canonical_id, Study.course_id)
    )
    return {(human, course): _Held(last, ended) for human, course, last, ended in db.execute(query)}


def _done(pairs: Sequence[_Pair]) -> dict[_Pair, int]:
    """Lessons of the current edition finished, by human and course."""
    query = (
        select(Person.canonical_id, Study.course_id, Lesson.branch, func.count(distinct(Progress.lesson_key)))
        .join(Study, Progress.study_id == Study.id)
        .join(Person, Study.person_id == Person.id)
        .join(Edition, (Edition.course_id == Study.course_id) & Edition.superseded_at.is_(None))
        .join(Lesson, (Lesson.edition_id == Edition.id) & (Lesson.key == Progress.lesson_key))
        .where(Person.canonical_id.in_({human for human, _ in pairs}), Progress.finished_at.is_not(None))
        .group_by(Person.canonical_id, Study.course_id, Lesson.branch)
    )
    return finished_lessons((human, course, branch, count) for human, course, branch, count in db.execute(query))


def _totals(course_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Lessons of the current editions."""
    query = select(Edition.course_id, Edition.lesson_count).where(Edition.superseded_at.is_(None))
    return {course: count for course, count in db.execute(query.where(Edition.course_id.in_(set(course_ids))))}


def editions_to_give() -> list[Edition]:
    """Editions in force of all courses, also those that ask to sign in, by title, with their courses."""
    query = select(Edition).join(Edition.course).options(joinedload(Edition.course))
    return list(db.scalars(query.where(Edition.superseded_at.is_(None)).order_by(Course.title_loose)))


def assignment_for(actor: Actor, assignment_id: UUID) -> Assignment:
    """A course given to a person of the actor's units; NotFound."""
    query = select(Assignment).join(Post, Post.person_id == Assignment.person_id).options(joinedload(Assignment.course))
    found: Assignment | None = db.scalar(query.where(Assignment.id == assignment_id, _is_hers(actor)).limit(1))
    if found is None:
        raise NotFound
    return found


def candidates_for(actor: Actor, typed: str = "") -> list[Candidate]:
    """Persons of the actor's units whose name holds what was typed, by name; at most 200."""
    query = (
        select(Person, Post, Unit)
        .join(Post, Post.person_id == Person.id)
        .join(Unit, Post.unit_id == Unit.id)
        .where(_is_hers(actor), Person.canonical_id == Person.id)
        .order_by(Person.name_sort, Person.id)
        .limit(MOST_CANDIDATES)
    )
    wanted = names.loose(typed)
    if wanted:
        query = query.where(Person.name_loose.contains(wanted, autoescape=True))
    found = {person.id: Candidate(person, post, unit.title) for person, post, unit in db.execute(query)}
    return list(found.values())


def persons_for(actor: Actor, person_ids: Iterable[UUID]) -> list[Person]:
    """These persons, all in the actor's units; NotFound if one is not."""
    wanted = set(person_ids)
    query = select(Person).join(Post, Post.person_id == Person.id).where(Person.id.in_(wanted), _is_hers(actor))
    found = {person.id: person for person in db.scalars(query.order_by(Person.name_sort))}
    if set(found) != wanted:
        raise NotFound
    return list(found.values())
