"""The roll: marks and their striking out go through the inbox as facts; sessions are closed and opened again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import and_, inspect, select

from lms.core import clock, history, inbox
from lms.core.actor import Actor
from lms.core.db import action, announce, db
from lms.core.inbox import InboxEvent
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.training import access, events, queries, rules
from lms.training.actions.folding import Known, refold
from lms.training.actions.roster import freeze
from lms.training.models import (
    Attendance,
    Enrolment,
    Method,
    Participation,
    RollMark,
    RollState,
    Session,
    TrainingClass,
)

MARK, VOID = "roll.mark", "roll.void"


class SessionIsClosed(Refusal):
    """A closed session takes no marks until a coordinator opens it again."""

    sentence = text("Buổi này đã chốt, không ghi thêm được. Cán bộ phụ trách lớp có thể mở lại buổi.")


class NotOnTheRoster(Refusal):
    """Only expected people are marked; who walks in is added first."""

    sentence = text("Người này không có trong danh sách lớp. Hãy thêm người vào lớp trước.")


class RollIsNotHers(Refusal):
    """She may read this roll but not take it."""

    sentence = text("Tài khoản này xem được danh sách nhưng không điểm danh lớp này.")


class ReasonIsMissing(Refusal):
    """What is struck out or opened again has its reason."""

    sentence = text("Ghi lý do rồi gửi lại.")


class MarkIsIncomplete(Refusal):
    """Minutes missed lie within the session."""

    sentence = text("Số phút không có mặt phải từ 0 đến hết thời gian của buổi.")


@action
def mark(
    session: Session,
    person_id: UUID,
    state: RollState,
    *,
    by: Actor,
    missing: int | None = None,
    reason: str = "",
    method: Method = Method.TICK,
) -> RollMark:
    """What was seen of a person in a session, as a fact. SessionIsClosed, NotOnTheRoster, MarkIsIncomplete.

    `missing` = minutes missed by who is late or left early (None: 15). The caller has asked whether `by` may.
    """
    payload = {
        "session": str(session.id), "person": str(person_id), "state": state.value, "missing": missing,
        "method": method.value, "reason": reason,
    }  # fmt: skip
    event = inbox.put(MARK, payload, by=by)
    found: RollMark = inspect(event).info["mark"]
    return found


@action
def strike_out(mark: RollMark, *, reason: str, by: Actor) -> RollMark:
    """Strike out a mark, with a reason; the mark stays to be read. Twice is once. SessionIsClosed, ReasonIsMissing."""
    payload = {
        "session": str(mark.session_id), "person": str(mark.person_id), "mark": str(mark.id), "reason": reason,
    }  # fmt: skip
    inbox.put(VOID, payload, by=by)
    void = _void_of(mark.id)
    assert void is not None
    return void


def receive_mark(event: InboxEvent, actor: Actor) -> None:
    """For `roll.mark`: {session, person, state, missing?, method?, reason?}; ids as UUID text."""
    payload = event.payload
    session = _held(UUID(str(payload["session"])), event, actor)
    person_id = UUID(str(payload["person"]))
    known = _known(session, person_id)
    missing = payload.get("missing")
    if missing is not None and not 0 <= int(missing) <= session.minutes:
        raise MarkIsIncomplete(field="missing")
    facts = {"state": RollState(payload["state"]), "missing": None if missing is None else int(missing)}
    method = Method(payload.get("method") or Method.TICK)
    if session.training_class.frozen_at is None:
        freeze(session.training_class)
    fact = _fact(event, session, person_id, method, **facts)
    inspect(event).info["mark"] = fact
    refold(session, known, fact)


def receive_void(event: InboxEvent, actor: Actor) -> None:
    """For `roll.void`: {mark, reason}; striking out what is struck out changes nothing."""
    target = db.get(RollMark, UUID(str(event.payload["mark"])))
    if target is None or target.state is None:
        raise NotFound
    session = _held(target.session_id, event, actor)
    if not str(event.payload.get("reason") or "").strip():
        raise ReasonIsMissing(field="reason")
    if _void_of(target.id) is None:
        known = _known(session, target.person_id)
        refold(session, known, _fact(event, session, target.person_id, target.method, voids_id=target.id))


def _void_of(mark_id: UUID) -> RollMark | None:
    return db.scalar(select(RollMark).where(RollMark.voids_id == mark_id).order_by(RollMark.id).limit(1))


def _held(session_id: UUID, event: InboxEvent, actor: Actor) -> Session:
    """The session and its class, locked and fresh. What a device sends is asked for its right to; forms were asked."""
    query = select(Session, TrainingClass).join(TrainingClass, Session.class_id == TrainingClass.id)
    query = query.where(Session.id == session_id).with_for_update()
    row = db.execute(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    session: Session = row[0]
    if event.device != inbox.SERVER:
        sight = access.sight(actor, session.training_class)
        if sight is None or not sight.reads:
            raise NotFound
        if not sight.takes_roll:
            raise RollIsNotHers
    if session.closed_at is not None or session.training_class.cancelled_at is not None:
        raise SessionIsClosed
    return session


def _known(session: Session, person_id: UUID) -> Known:
    """An expected person, what stands of her in the session and the class, by one statement; NotOnTheRoster."""
    recorded, other = queries.recorded(), queries.recorded()
    here = and_(Attendance.session_id == session.id, Attendance.person_id == recorded.canonical_id)
    part = and_(Participation.class_id == session.class_id, Participation.person_id == recorded.canonical_id)
    query = (
        select(recorded.canonical_id, Attendance, Participation, _has_marks(session, recorded))
        .join(other, other.canonical_id == recorded.canonical_id)
        .join(Enrolment, Enrolment.person_id == other.id)
        .outerjoin(Attendance, here)
        .outerjoin(Participation, part)
        .where(recorded.id == person_id, Enrolment.class_id == session.class_id, Enrolment.withdrawn_at.is_(None))
    )
    row = db.execute(query.limit(1).execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotOnTheRoster
    return Known(*row)


def _has_marks(session: Session, recorded: Any) -> Any:
    other = queries.recorded()
    marks = select(RollMark.id).join(other, RollMark.person_id == other.id)
    return marks.where(RollMark.session_id == session.id, other.canonical_id == recorded.canonical_id).exists()


def _fact(event: InboxEvent, session: Session, person_id: UUID, method: Method, **facts: Any) -> RollMark:
    return RollMark(
        id=event.id,
        session_id=session.id,
        person_id=person_id,
        method=method,
        reason=str(event.payload.get("reason") or "").strip()[:300],
        account_id=event.account_id,
        captured_at=rules.captured(event.captured_at, event.clock_offset, event.received_at),
        received_at=event.received_at,
        **facts,
    )


@action
def mark_rest_present(session: Session, *, by: Actor) -> list[RollMark]:
    """Everyone not marked yet was present; who is marked stays as she is. SessionIsClosed."""
    waiting = [line for line in queries.roster_of(session) if line.state is None]
    return [mark(session, line.person.id, RollState.PRESENT, by=by) for line in waiting]


def _hold(session: Session) -> Session:
    """A session and its class, locked and fresh."""
    query = select(Session, TrainingClass).join(TrainingClass, Session.class_id == TrainingClass.id)
    query = query.where(Session.id == session.id).with_for_update()
    held: Session = db.execute(query.execution_options(populate_existing=True)).one()[0]
    return held


@action
def close_session(session: Session, *, by: Actor) -> None:
    """The roll is finished; who is not marked stays not marked. Twice is once."""
    held = _hold(session)
    if held.closed_at is not None:
        return
    freeze(held.training_class)
    held.closed_at, held.closed_by_id = clock.now(), by.account_id
    unmarked = queries.tally_of(held).of(queries.Shown.UNMARKED)
    unit_id = held.training_class.organiser_unit_id
    history.write("training.close_session", held, by=by, unit_id=unit_id, unmarked=unmarked)
    announce(events.session_closed, held)


@action
def reopen_session(session: Session, *, reason: str, by: Actor) -> None:
    """A closed session takes marks again, with a reason; twice is once. ReasonIsMissing."""
    if not reason.strip():
        raise ReasonIsMissing(field="reason")
    held = _hold(session)
    if held.closed_at is None:
        return
    held.closed_at = held.closed_by_id = None
    unit_id = held.training_class.organiser_unit_id
    history.write("training.reopen_session", held, by=by, unit_id=unit_id, reason=reason.strip()[:500])
