"""Paths as an actor sees them: lists, one path, its steps; how far a learner is; who is on it."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.words import Text
from lms.courses.models import Course, Edition, Question
from lms.learning.queries import products_of
from lms.people.models import Person
from lms.training import access, rules
from lms.training.access import PathSight
from lms.training.models import Path, PathLearner, PathStep, StepKind
from lms.training.queries.deeds import deeds_of, lessons_left
from lms.training.queries.missing import Missing, address_of, missing_of, short_of
from lms.training.queries.places import Place, places_of, recorded
from lms.training.rules import Marked
from lms.units.models import Unit
from lms.units.queries import titles

LONGEST_TITLE = 200


@dataclass(frozen=True)
class PathLine:
    """A path in a list: its unit, how many steps it has, how many people of the actor's are on it."""

    path: Path
    unit_title: str
    steps: int
    learners: int
    is_on: bool


@dataclass(frozen=True)
class OwnStep:
    """A step with its number and how it stands."""

    number: int
    step: PathStep
    mark: Marked


@dataclass(frozen=True)
class Way:
    """How far one human is on one path, and what is missing next; `missing` None = gone to its end (or no steps)."""

    path: Path
    since: datetime | None
    steps: tuple[OwnStep, ...]
    missing: Missing | None

    @property
    def done(self) -> int:
        """Steps done."""
        return sum(own.mark.is_done for own in self.steps)

    @property
    def total(self) -> int:
        """Steps in all."""
        return len(self.steps)


@dataclass(frozen=True)
class PathHint:
    """What the today page tells a learner of her path."""

    sentence: Text
    href: str
    title: str


@dataclass(frozen=True)
class FollowedLine:
    """A learner on a path: each step's mark, and the first missing in short ("" = none)."""

    person: Person
    place: Place
    since: datetime
    marks: tuple[Marked, ...]
    short: Text | str

    @property
    def done(self) -> int:
        """Steps done."""
        return sum(mark.is_done for mark in self.marks)


@dataclass(frozen=True)
class Product:
    """A product of a course in force, which may be a step."""

    course: Course
    key: str
    title: str


def paths_for(actor: Actor) -> list[PathLine]:
    """The paths she sees, by title."""
    found = list(db.scalars(select(Path).where(access.sees_path(actor)).order_by(Path.title, Path.id)))
    ids = [path.id for path in found]
    steps = _counted(select(PathStep.path_id, func.count()).where(PathStep.removed_at.is_(None)), PathStep.path_id, ids)
    units = actor.units_as(*access.FOLLOWERS)
    person = recorded()
    on = select(PathLearner.path_id, func.count(person.canonical_id.distinct()))
    on = on.join(person, PathLearner.person_id == person.id).where(PathLearner.left_at.is_(None))
    on = on.where(person.canonical_id.in_(access.humans_in(units)))
    learners = _counted(on, PathLearner.path_id, ids) if units else {}
    own = set(db.scalars(access.own_paths(actor.person_id))) if actor.person_id else set()
    places = titles(path.unit_id for path in found)
    return [
        PathLine(path, places[path.unit_id], steps.get(path.id, 0), learners.get(path.id, 0), path.id in own)
        for path in found
    ]


def _counted(query: Select[UUID, int], column: Any, ids: Sequence[UUID]) -> dict[UUID, int]:
    return {path_id: count for path_id, count in db.execute(query.where(column.in_(ids)).group_by(column))}


def seen_path(actor: Actor, slug: str) -> tuple[Path, PathSight]:
    """A path and what she may do with it; NotFound."""
    found: Path | None = db.scalar(select(Path).where(Path.slug == slug, access.sees_path(actor)))
    if found is None:
        raise NotFound
    return found, access.path_sight(actor, found)


def path_slugs(start: str) -> set[str]:
    """Slugs of all paths, retired ones too, that begin so."""
    return set(db.scalars(select(Path.slug).where(Path.slug.startswith(start, autoescape=True))))


def maker_units(actor: Actor) -> list[Unit]:
    """Units at which she makes paths."""
    units = actor.units_as(*access.MAKERS)
    return list(db.scalars(select(Unit).where(Unit.id.in_(units)).order_by(Unit.name_sort))) if units else []


def steps_of(path_id: UUID) -> list[PathStep]:
    """The steps of a path in order, with their courses."""
    return _steps([path_id]).get(path_id, [])


def _steps(path_ids: Iterable[UUID]) -> dict[UUID, list[PathStep]]:
    query = select(PathStep).options(joinedload(PathStep.course))
    query = query.where(PathStep.path_id.in_(list(path_ids)), PathStep.removed_at.is_(None))
    found: dict[UUID, list[PathStep]] = defaultdict(list)
    for step in db.scalars(query.order_by(PathStep.place, PathStep.id)):
        found[step.path_id].append(step)
    return found


def step_of(path: Path, step_id: UUID) -> PathStep:
    """A step of this path that was not taken out; NotFound."""
    found = next((step for step in steps_of(path.id) if step.id == step_id), None)
    if found is None:
        raise NotFound
    return found


def products_offered() -> list[Product]:
    """What the lessons of the editions in force ask to hand in, by course."""
    asking = select(Question.edition_id).where(Question.kind == "long")
    query = select(Edition).join(Edition.course).options(contains_eager(Edition.course))
    query = query.where(Edition.superseded_at.is_(None), Edition.id.in_(asking)).order_by(Course.title_loose)
    return [
        Product(edition.course, product.question.id, _plain(product.question.stem_html))
        for edition in db.scalars(query).all()
        for product in products_of(edition)
    ]


def _plain(stem: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>|%val:\d+%", " ", stem)).split())[:LONGEST_TITLE]


def learner_row(path_id: UUID, person_id: UUID) -> PathLearner | None:
    """Her row on a path, under whichever of her records, also when she has left; the open one first."""
    query = select(PathLearner).where(PathLearner.path_id == path_id)
    query = query.where(PathLearner.person_id.in_(access.same_human(person_id)))
    found: PathLearner | None = db.scalar(query.order_by(PathLearner.left_at.is_not(None), PathLearner.since).limit(1))
    return found


def open_rows(path_id: UUID, person_id: UUID) -> Select[PathLearner]:
    """Her rows on a path that she has not left."""
    query = select(PathLearner).where(PathLearner.path_id == path_id, PathLearner.left_at.is_(None))
    return query.where(PathLearner.person_id.in_(access.same_human(person_id)))


def ways_of(person_id: UUID) -> list[Way]:
    """The paths a human is on, the newest first, each with what is missing."""
    return [_way(row.path, row.since, steps, marks, person_id) for row, steps, marks in _own(person_id)]


def _own(person_id: UUID) -> list[tuple[PathLearner, list[PathStep], tuple[Marked, ...]]]:
    query = select(PathLearner).join(PathLearner.path).options(contains_eager(PathLearner.path))
    query = query.where(PathLearner.left_at.is_(None), PathLearner.person_id.in_(access.same_human(person_id)))
    rows = {row.path_id: row for row in db.scalars(query.order_by(PathLearner.since.desc(), PathLearner.id.desc()))}
    if not rows:
        return []
    human = _canonical(person_id)
    steps = _steps(rows)
    deeds = deeds_of([step for own in steps.values() for step in own], [human])
    return [(row, steps.get(key, []), deeds.marks(human, steps.get(key, []))) for key, row in rows.items()]


def _canonical(person_id: UUID) -> UUID:
    found: UUID | None = db.scalar(select(Person.canonical_id).where(Person.id == person_id))
    return found or person_id


def _way(path: Path, since: datetime | None, steps: list[PathStep], marks: tuple[Marked, ...], person_id: UUID) -> Way:
    own = tuple(OwnStep(number, step, mark) for number, (step, mark) in enumerate(zip(steps, marks, strict=True), 1))
    first = next((one for one in own if not one.mark.is_done), None)
    missing = missing_of(person_id, path, first.step, first.mark) if first is not None else None
    return Way(path, since, own, missing)


def way_of(path: Path, person_id: UUID, steps: list[PathStep]) -> Way:
    """How far one human is on a path."""
    human, row = _canonical(person_id), learner_row(path.id, person_id)
    since = row.since if row is not None and row.left_at is None else None
    return _way(path, since, steps, deeds_of(steps, [human]).marks(human, steps), person_id)


def path_hint(person_id: UUID) -> PathHint | None:
    """For the learner's today page: what is missing next on the newest of her paths that is not gone to its end."""
    for row, steps, marks in _own(person_id):
        if rules.first_missing(marks) is not None:
            missing = _way(row.path, row.since, steps, marks, person_id).missing
            assert missing is not None
            return PathHint(missing.sentence, missing.href or address_of(row.path), row.path.title)
    return None


def followed(actor: Actor, path: Path, steps: list[PathStep], without: UUID | None = None) -> list[FollowedLine]:
    """People of the actor's units on a path, by name; `without` keeps those who miss that step. Ten statements in all."""
    rows = _learners(actor, path)
    humans = _on(actor, path.id)
    deeds = deeds_of(steps, humans)
    totals, finished = lessons_left({s.course_id for s in steps if s.kind == StepKind.COURSE and s.course_id}, humans)
    places = places_of([person.id for person, _ in rows], clock.today())
    by_id = {step.id: step for step in steps}
    lines = []
    for person, row in rows:
        marks = deeds.marks(person.id, steps)
        first = rules.first_missing(marks)
        if without is not None and any(mark.step == without and mark.is_done for mark in marks):
            continue
        step = by_id[first.step] if first is not None else None
        left = totals.get(_course_of(step), 0) - finished.get((person.id, _course_of(step)), 0)
        short = short_of(step, first, left) if step is not None and first is not None else ""
        lines.append(FollowedLine(person, places[person.id], row.since, marks, short))
    return lines


def _course_of(step: PathStep | None) -> UUID:
    return step.course_id if step is not None and step.course_id is not None else UUID(int=0)


def _on(actor: Actor, path_id: UUID) -> Select[UUID]:
    """Canonical ids of people of the actor's units who are on a path."""
    person, units = recorded(), actor.units_as(*access.FOLLOWERS)
    query = select(person.canonical_id).join(PathLearner, PathLearner.person_id == person.id)
    query = query.where(PathLearner.path_id == path_id, PathLearner.left_at.is_(None))
    return query.where(person.canonical_id.in_(access.humans_in(units)))


def _learners(actor: Actor, path: Path) -> list[tuple[Person, PathLearner]]:
    person = recorded()
    query = (
        select(Person, PathLearner)
        .join(person, person.canonical_id == Person.id)
        .join(PathLearner, PathLearner.person_id == person.id)
        .where(PathLearner.path_id == path.id, PathLearner.left_at.is_(None), Person.id.in_(_on(actor, path.id)))
        .order_by(Person.name_sort, Person.birth_year, Person.id, PathLearner.since.desc())
    )
    return list({found.id: (found, row) for found, row in db.execute(query)}.values())


def on_path(path_id: UUID) -> set[UUID]:
    """Canonical ids of all who are on a path."""
    person = recorded()
    query = select(person.canonical_id).join(PathLearner, PathLearner.person_id == person.id)
    return set(db.scalars(query.where(PathLearner.path_id == path_id, PathLearner.left_at.is_(None))))


def learner_for(actor: Actor, path: Path, person_id: UUID) -> Person:
    """A person of the actor's units who is on this path; NotFound."""
    found: Person | None = db.get(Person, person_id)
    units = actor.units_as(*access.FOLLOWERS)
    if found is None or not access.reaches_human(units, found.canonical_id):
        raise NotFound
    row = learner_row(path.id, person_id)
    if row is None or row.left_at is not None:
        raise NotFound
    return found


def reaches_learner(actor: Actor, person: Person) -> bool:
    """Does she look after this person: put her on paths, put forward what she learned earlier?"""
    return access.reaches_human(actor.units_as(*access.ORGANISERS), person.canonical_id)
