"""Classes as one who attends them sees them, and the sessions of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.db import db
from lms.training.access import same_human
from lms.training.models import Attendance, Enrolment, Participation, Session, TrainingClass
from lms.training.queries.classes import Stage, stage_of


@dataclass(frozen=True)
class Ticket:
    """A class as one who attends it sees it: its sessions, and what was recorded of her in each."""

    training_class: TrainingClass
    stage: Stage
    sessions: list[tuple[Session, Attendance | None]]
    completed: bool


def tickets_of(person_id: UUID, class_id: UUID | None = None) -> list[Ticket]:
    """The classes a person is expected in, the next first, then those that are over, the newest first."""
    query = select(TrainingClass).where(TrainingClass.id.in_(_expected_in(person_id)))
    wanted = TrainingClass.cancelled_at.is_(None) if class_id is None else TrainingClass.id == class_id
    query = query.where(wanted)
    query = query.options(joinedload(TrainingClass.venue_unit), joinedload(TrainingClass.course))
    classes = list(db.scalars(query.order_by(TrainingClass.starts_on)))
    own = select(Attendance).where(Attendance.person_id.in_(same_human(person_id)))
    marked = {row.session_id: row for row in db.scalars(own)} if classes else {}
    sessions = _sessions_by_class([found.id for found in classes])
    done = _completed_by(person_id) if classes else set()
    tickets = [
        Ticket(found, stage_of(found), [(s, marked.get(s.id)) for s in sessions.get(found.id, [])], found.id in done)
        for found in classes
    ]
    over = [ticket for ticket in tickets if ticket.training_class.ends_on < clock.today()]
    return [ticket for ticket in tickets if ticket not in over] + over[::-1]


def _completed_by(person_id: UUID) -> set[UUID]:
    query = select(Participation.class_id).where(
        Participation.person_id.in_(same_human(person_id)), Participation.completed_at.is_not(None)
    )
    return set(db.scalars(query))


def _expected_in(person_id: UUID) -> Select[UUID]:
    query = select(Enrolment.class_id).where(Enrolment.withdrawn_at.is_(None))
    return query.where(Enrolment.person_id.in_(same_human(person_id)))


def _sessions_by_class(class_ids: Sequence[UUID]) -> dict[UUID, list[Session]]:
    query = select(Session).where(Session.class_id.in_(class_ids)).order_by(Session.day, Session.starts)
    found: dict[UUID, list[Session]] = {}
    for session in db.scalars(query) if class_ids else ():
        found.setdefault(session.class_id, []).append(session)
    return found


def upcoming_for(person_id: UUID) -> list[Session]:
    """Sessions from today on, of classes the person is expected in, the next first; each with its class."""
    query = (
        select(Session)
        .join(TrainingClass, Session.class_id == TrainingClass.id)
        .where(TrainingClass.id.in_(_expected_in(person_id)), Session.day >= clock.today(), Session.closed_at.is_(None))
        .where(TrainingClass.cancelled_at.is_(None), TrainingClass.closed_at.is_(None))
        .options(joinedload(Session.training_class).joinedload(TrainingClass.venue_unit))
        .order_by(Session.day, Session.starts)
    )
    return list(db.scalars(query))


def sessions_of(class_id: UUID) -> list[Session]:
    """The sessions of a class in the order of their days."""
    return _sessions_by_class([class_id]).get(class_id, [])


def unclosed_sessions(until: date) -> Select[Session, TrainingClass]:
    """(Session, TrainingClass) of this day or before that nobody has closed, in classes that are not cancelled."""
    query = select(Session, TrainingClass).join(TrainingClass, Session.class_id == TrainingClass.id)
    waiting = query.where(Session.closed_at.is_(None), Session.day <= until, TrainingClass.cancelled_at.is_(None))
    return waiting.order_by(Session.day, Session.starts)


@dataclass(frozen=True)
class SessionLine:
    """A session of a class and how many came (minutes above 0)."""

    session: Session
    came: int


def session_lines(class_id: UUID) -> list[SessionLine]:
    """The sessions of a class with how many of the roster came."""
    query = (
        select(Attendance.session_id, func.count())
        .join(Session, Attendance.session_id == Session.id)
        .where(Session.class_id == class_id, Attendance.minutes > 0)
        .group_by(Attendance.session_id)
    )
    came = {session_id: count for session_id, count in db.execute(query)}
    return [SessionLine(session, came.get(session.id, 0)) for session in sessions_of(class_id)]
