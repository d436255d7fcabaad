"""Folding marks to attendance, attendance to participation, participation to completion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import action, announce, db, lock
from lms.learning.models import Purpose, Study, TestAttempt
from lms.people.models import Person
from lms.training import events, rules
from lms.training.access import same_human
from lms.training.models import Attendance, Method, Participation, RollMark, RollState, Session, TrainingClass


class Passed(Protocol):
    """Someone passed the final test of a course."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def course_id(self) -> UUID: ...
    @property
    def passed_at(self) -> datetime: ...


@dataclass(frozen=True)
class PassedTest:
    """A passed final test, as `complete_by_test` hears of it."""

    person_id: UUID
    course_id: UUID
    passed_at: datetime


@dataclass(frozen=True)
class Sum:
    """A person's attendances in a class: how many, with minutes above 0, and their minutes."""

    rows: int
    sessions: int
    minutes: int


NOTHING = Sum(0, 0, 0)


def as_fact(mark: RollMark) -> rules.Mark:
    """A row as the rules know it."""
    return rules.Mark(mark.id, mark.state, mark.voids_id, mark.missing, mark.method, mark.captured_at, mark.received_at)


@dataclass(frozen=True)
class Known:
    """What there is of a canonical person before a new fact: her rows, and whether the session holds marks of her."""

    person_id: UUID
    attendance: Attendance | None
    part: Participation | None
    has_marks: bool


def refold(session: Session, known: Known, fact: RollMark) -> None:
    """A new fact: the person's attendance in the session and her part in the class, anew from all her marks.

    Runs under the lock of the class.
    """
    db.add(fact)
    db.flush()
    standing = rules.fold_marks(_marks(session.id, known) if known.has_marks else [as_fact(fact)], session.minutes)
    row = known.attendance
    before = (row.state, row.minutes) if row is not None else None
    _write_attendance(session.id, known.person_id, row, standing)
    after = (standing.state, standing.minutes) if standing is not None else None
    if before != after:
        db.flush()
        _write_part(session.training_class, known, standing)


def _marks(session_id: UUID, known: Known) -> list[rules.Mark]:
    query = select(RollMark).where(RollMark.session_id == session_id)
    return [as_fact(mark) for mark in db.scalars(query.where(RollMark.person_id.in_(same_human(known.person_id))))]


def _write_attendance(
    session_id: UUID, person_id: UUID, known: Attendance | None, standing: rules.Standing | None
) -> None:
    if standing is None:
        if known is not None:
            db.delete(known)
        return
    row = known or Attendance(session_id=session_id, person_id=person_id)
    row.state, row.minutes = RollState(standing.state), standing.minutes
    row.method, row.mark_id = Method(standing.method), standing.mark
    if known is None:
        db.add(row)


def _write_part(training_class: TrainingClass, known: Known, standing: rules.Standing | None) -> None:
    """One canonical person's part in a class, from her attendances; who has no part yet has only this one."""
    if known.part is None and standing is not None:
        total = Sum(1, int(standing.minutes > 0), standing.minutes)
    else:
        total = _sums(training_class.id, known.person_id).get(known.person_id, NOTHING)
    written = _apply(training_class, known.person_id, total, known.part)
    if training_class.closed_at is not None and written is not None:
        _complete(training_class, [written])


def _sums(class_id: UUID, person_id: UUID | None = None) -> dict[UUID, Sum]:
    """Attendances of a class added up, by canonical person."""
    came = func.count().filter(Attendance.minutes > 0)
    query = select(Attendance.person_id, func.count(), came, func.sum(Attendance.minutes))
    query = query.join(Session, Attendance.session_id == Session.id).where(Session.class_id == class_id)
    if person_id is not None:
        query = query.where(Attendance.person_id == person_id)
    return {
        key: Sum(rows, there, minutes) for key, rows, there, minutes in db.execute(query.group_by(Attendance.person_id))
    }


def _apply(
    training_class: TrainingClass, person_id: UUID, total: Sum, part: Participation | None
) -> Participation | None:
    """Write the row, and say so if who came changed; who is not marked at all has none, unless she completed."""
    if total.rows == 0 and (part is None or part.completed_at is None):
        if part is not None:
            db.delete(part)
            announce(events.participation_changed, training_class)
        return None
    row = part or Participation(class_id=training_class.id, person_id=person_id)
    came = total.sessions > 0
    if part is None or part.came != came:
        announce(events.participation_changed, training_class)
    row.minutes, row.sessions, row.came = total.minutes, total.sessions, came
    if part is None:
        db.add(row)
    return row


def recount(training_class: TrainingClass) -> None:
    """Everyone's part in a class anew from the attendances; completion too once the class is closed."""
    db.flush()
    rows = db.scalars(select(Participation).where(Participation.class_id == training_class.id))
    parts = {part.person_id: part for part in rows}
    sums = _sums(training_class.id)
    written = [
        _apply(training_class, person_id, sums.get(person_id, NOTHING), parts.get(person_id))
        for person_id in sorted({*parts, *sums})
    ]
    if training_class.closed_at is not None:
        _complete(training_class, [part for part in written if part is not None])


def _complete(training_class: TrainingClass, parts: Iterable[Participation]) -> None:
    """Who reaches the threshold (and passed, where a test is needed) earns completion, for good."""
    waiting = [part for part in parts if part.completed_at is None and part.came]
    if not waiting:
        return
    total = db.scalar(select(func.sum(Session.minutes)).where(Session.class_id == training_class.id)) or 0
    passed = (
        _passed(training_class.course_id, [part.person_id for part in waiting]) if training_class.needs_test else None
    )
    for part in waiting:
        has_passed = passed is None or part.person_id in passed
        if rules.completion(part.minutes, total, training_class.threshold, has_passed):
            part.completed_at = clock.now()
            announce(events.completed, part)
            announce(events.participation_changed, training_class)
    db.flush()


def _passed(course_id: UUID, person_ids: list[UUID]) -> set[UUID]:
    """Which of these canonical persons passed the final test of a course."""
    query = (
        select(Person.canonical_id)
        .join(Study, Study.person_id == Person.id)
        .join(TestAttempt, TestAttempt.study_id == Study.id)
        .where(Study.course_id == course_id, Person.canonical_id.in_(person_ids))
        .where(TestAttempt.purpose == Purpose.FINAL, TestAttempt.passed.is_(True))
    )
    return set(db.scalars(query))


@action
def complete_by_test(passed: Passed) -> list[Participation]:
    """A final test was passed: closed classes of the course in which only the test was missing are completed now."""
    query = (
        select(Participation)
        .join(TrainingClass, Participation.class_id == TrainingClass.id)
        .where(TrainingClass.course_id == passed.course_id, TrainingClass.needs_test.is_(True))
        .where(TrainingClass.closed_at.is_not(None), Participation.completed_at.is_(None))
        .where(Participation.person_id.in_(same_human(passed.person_id)))
    )
    parts = list(db.scalars(query))
    lock(TrainingClass, sorted({part.class_id for part in parts}))
    for part in parts:
        _complete_passed(part)
    return [part for part in parts if part.completed_at is not None]


def _complete_passed(part: Participation) -> None:
    """The minutes decide alone: the test that was missing has just been passed."""
    held = part.training_class
    total = db.scalar(select(func.sum(Session.minutes)).where(Session.class_id == held.id)) or 0
    if part.completed_at is None and rules.completion(part.minutes, total, held.threshold, True):
        part.completed_at = clock.now()
        announce(events.completed, part)
        announce(events.participation_changed, held)


@action
def hear_test_passed(attempt: TestAttempt) -> list[Participation]:
    """For `learning.test_passed`: a final test, not one before or after a class."""
    if attempt.purpose != Purpose.FINAL:
        return []
    return complete_by_test(
        PassedTest(attempt.study.person_id, attempt.study.course_id, attempt.submitted_at or clock.now())
    )


@action
def rebuild(training_class: TrainingClass) -> None:
    """Attendance and participation of a class anew from all its marks, by canonical person (links may have changed)."""
    held = lock(TrainingClass, [training_class.id])[0]
    sessions = {s.id: s for s in db.scalars(select(Session).where(Session.class_id == held.id))}
    rows = db.scalars(select(Attendance).where(Attendance.session_id.in_(list(sessions))))
    known = {(row.session_id, row.person_id): row for row in rows}
    marks: dict[tuple[UUID, UUID], list[rules.Mark]] = {}
    query = select(RollMark, Person.canonical_id).join(Person, RollMark.person_id == Person.id)
    for mark, canonical in db.execute(query.where(RollMark.session_id.in_(list(sessions)))):
        marks.setdefault((mark.session_id, canonical), []).append(as_fact(mark))
    for place in sorted({*known, *marks}):
        standing = rules.fold_marks(marks.get(place, []), sessions[place[0]].minutes)
        _write_attendance(*place, known.get(place), standing)
    _join_earned(held)
    recount(held)


def _join_earned(held: TrainingClass) -> None:
    """What was completed under a record that is linked to another now is the human's: the first day stays."""
    query = select(Participation, Person.canonical_id).join(Person, Participation.person_id == Person.id)
    parts = list(db.execute(query.where(Participation.class_id == held.id).order_by(Participation.completed_at)))
    own = {part.person_id: part for part, _ in parts}
    for part, canonical in parts:
        if part.person_id != canonical and part.completed_at is not None:
            target = own.get(canonical)
            if target is None:
                target = Participation(class_id=held.id, person_id=canonical, minutes=0, sessions=0, came=False)
                db.add(target)
                own[canonical] = target
            target.completed_at = min(target.completed_at or part.completed_at, part.completed_at)
            part.completed_at = None
    db.flush()
