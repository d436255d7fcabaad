"""Opening a class, its sessions and trainers, closing it."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, announce, db, exists, lock
from lms.core.names import neat
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.courses.models import Course
from lms.people.models import Person
from lms.training import events, queries, rules
from lms.training.actions.folding import recount
from lms.training.models import (
    ClassTrainer,
    Mode,
    RollMark,
    Session,
    TrainerRole,
    TrainingClass,
)
from lms.training.rules import Span
from lms.units.models import Organisation, Unit


class EndsBeforeItStarts(Refusal):
    """A class or session ends before it starts."""

    sentence = text("Kết thúc phải sau khi bắt đầu. Xem lại ngày và giờ.")


class ClassIsClosed(Refusal):
    """A closed or cancelled class takes no more sessions, people or trainers."""

    sentence = text("Lớp này đã chốt hoặc đã hủy, không thêm được nữa.")


class DayIsOutsideTheClass(Refusal):
    """A session lies within the days of its class."""


class SessionsOverlap(Refusal):
    """Two sessions of a class share a minute."""


class SessionsAreOpen(Refusal):
    """A class is closed after all its sessions."""


class ClassHasNoSession(Refusal):
    """Without sessions there is nothing to complete."""

    sentence = text("Lớp chưa có buổi nào, chưa chốt được.")


class TrainerIsOnTheRoster(Refusal):
    """Nobody is trainer and participant of one class."""


class ClassHasMarks(Refusal):
    """A class that took place is not cancelled."""

    sentence = text("Lớp đã có người được điểm danh nên không hủy được. Hãy chốt lớp.")


@action
def open_class(
    course: Course,
    title: str,
    organiser: Organisation,
    venue_unit: Unit,
    venue: str,
    mode: Mode,
    starts_on: date,
    ends_on: date,
    capacity: int,
    threshold: int = 80,
    needs_test: bool = False,
    *,
    by: Actor,
) -> TrainingClass:
    """A new class of the course's current edition, with the next number of its year. EndsBeforeItStarts."""
    if ends_on < starts_on:
        raise EndsBeforeItStarts(field="ends_on")
    edition = queries.edition_now(course.id)
    facts: dict[str, Any] = {
        "course_id": course.id, "edition_id": edition.id if edition else None, "title": neat(title),
        "organiser_id": organiser.id, "organiser_unit_id": organiser.unit_id, "venue_unit_id": venue_unit.id,
        "venue": neat(venue), "mode": mode, "starts_on": starts_on, "ends_on": ends_on, "capacity": capacity,
        "threshold": threshold, "needs_test": needs_test, "created_at": clock.now(),
    }  # fmt: skip
    opened = _numbered(facts, starts_on.year)
    history.write("training.open_class", opened, by=by, unit_id=organiser.unit_id, number=opened.number)
    return opened


def _numbered(facts: dict[str, Any], year: int) -> TrainingClass:
    """The class under the first number nobody took meanwhile (two writers at once: the later one tries again)."""
    while True:
        opened = TrainingClass(**facts, number=rules.next_number(_last_number(year), year))
        try:
            with db.begin_nested():
                db.add(opened)
                db.flush()
            return opened
        except IntegrityError as fault:
            if "number" not in str(fault.orig):
                raise


def _last_number(year: int) -> str | None:
    taken = select(TrainingClass.number).where(TrainingClass.number.startswith(rules.number_start(year)))
    return db.scalar(taken.order_by(func.length(TrainingClass.number).desc(), TrainingClass.number.desc()).limit(1))


def hold(training_class: TrainingClass) -> TrainingClass:
    """The class's row, locked and fresh: whatever changes a class waits here for its turn."""
    return lock(TrainingClass, [training_class.id])[0]


def refuse_if_over(training_class: TrainingClass) -> None:
    """ClassIsClosed for a closed or cancelled class."""
    if training_class.closed_at is not None or training_class.cancelled_at is not None:
        raise ClassIsClosed


@action
def add_session(training_class: TrainingClass, day: date, starts: time, ends: time, *, by: Actor) -> Session:
    """A session on one of the class's days. EndsBeforeItStarts, DayIsOutsideTheClass, SessionsOverlap, ClassIsClosed."""
    held, span = hold(training_class), Span(day, starts, ends)
    refuse_if_over(held)
    others = queries.sessions_of(held.id)
    _refuse_misplaced(held, span, others)
    session = Session(class_id=held.id, number=len(others) + 1, day=day, starts=starts, ends=ends, minutes=span.minutes)
    session.training_class = held
    db.add(session)
    db.flush()
    if held.frozen_at is None:
        _renumber([*others, session])
    history.write("training.add_session", session, by=by, unit_id=held.organiser_unit_id)
    return session


def _refuse_misplaced(held: TrainingClass, span: Span, others: list[Session]) -> None:
    if span.minutes <= 0:
        raise EndsBeforeItStarts(field="ends")
    if not held.starts_on <= span.day <= held.ends_on:
        days = {"first": held.starts_on.strftime("%d/%m/%Y"), "last": held.ends_on.strftime("%d/%m/%Y")}
        raise DayIsOutsideTheClass(
            text("Lớp mở từ {first} đến {last}; buổi phải nằm trong những ngày đó.", **days), "day"
        )
    for other in others:
        if rules.overlaps(span, Span(other.day, other.starts, other.ends)):
            times = {"starts": f"{other.starts:%H:%M}", "ends": f"{other.ends:%H:%M}"}
            raise SessionsOverlap(text("Trùng giờ với buổi {starts}–{ends} cùng ngày.", **times), "starts")


def _renumber(sessions: list[Session]) -> None:
    """Numbers follow the days while nobody is marked yet; afterwards they stay, since rolls are printed with them."""
    numbers = rules.in_order([Span(session.day, session.starts, session.ends) for session in sessions])
    if numbers == [session.number for session in sessions]:
        return
    for step in (-1, 1):
        for session, number in zip(sessions, numbers, strict=True):
            session.number = number * step
        db.flush()


@action
def add_trainer(
    training_class: TrainingClass, person: Person, role: TrainerRole = TrainerRole.LEAD, *, by: Actor
) -> ClassTrainer:
    """Who teaches; twice is once. TrainerIsOnTheRoster, ClassIsClosed."""
    held = hold(training_class)
    known = next((t for t in queries.trainers_of(held.id) if t.person.canonical_id == person.canonical_id), None)
    if known is not None:
        known.role = role
        return known
    refuse_if_over(held)
    if person.canonical_id in queries.invited_ids(held.id):
        sentence = text(
            "{name} có tên trong danh sách học viên của lớp này, không làm giảng viên được.", name=person.name
        )
        raise TrainerIsOnTheRoster(sentence)
    trainer = ClassTrainer(class_id=held.id, person_id=person.id, role=role)
    trainer.person = person
    db.add(trainer)
    db.flush()
    history.write("training.add_trainer", trainer, by=by, unit_id=held.organiser_unit_id, role=role.value)
    return trainer


@action
def drop_trainer(trainer: ClassTrainer, *, by: Actor) -> None:
    """A trainer who does not teach this class after all. ClassIsClosed."""
    held = lock(TrainingClass, [trainer.class_id])[0]
    refuse_if_over(held)
    history.write("training.drop_trainer", trainer, by=by, unit_id=held.organiser_unit_id)
    db.delete(trainer)
    db.flush()


@action
def close_class(training_class: TrainingClass, *, by: Actor) -> None:
    """All sessions are closed: who completed is decided now. Twice is once. SessionsAreOpen, ClassHasNoSession."""
    held = hold(training_class)
    if held.closed_at is not None:
        return
    refuse_if_over(held)
    sessions = queries.sessions_of(held.id)
    if not sessions:
        raise ClassHasNoSession
    still_open = [str(session.number) for session in sessions if session.closed_at is None]
    if still_open:
        raise SessionsAreOpen(
            text("Còn buổi {numbers} chưa chốt. Chốt hết các buổi rồi chốt lớp.", numbers=", ".join(still_open))
        )
    held.closed_at = clock.now()
    recount(held)
    figures = queries.figures_of(held.id)
    history.write(
        "training.close_class", held, by=by, unit_id=held.organiser_unit_id,
        roster=figures.roster, came=figures.came, completed=figures.completed,
    )  # fmt: skip
    announce(events.class_closed, held)
    announce(events.participation_changed, held)


@action
def cancel_class(training_class: TrainingClass, *, reason: str, by: Actor) -> None:
    """The class will not take place; its people are told by the organiser. Twice is once. ClassHasMarks."""
    held = hold(training_class)
    if held.cancelled_at is not None:
        return
    refuse_if_over(held)
    marks = select(RollMark.id).join(Session, RollMark.session_id == Session.id).where(Session.class_id == held.id)
    if exists(marks):
        raise ClassHasMarks
    held.cancelled_at = clock.now()
    history.write("training.cancel_class", held, by=by, unit_id=held.organiser_unit_id, reason=reason)
