"""One inbox for what devices and online forms report (design 3, One inbox): append-only, twice is once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import Model, action, choice, db
from lms.core.ids import new_id
from lms.core.refusal import NotFound, Refusal

SERVER = "server"
MOST = 500


class Outcome(StrEnum):
    """What became of an event."""

    STORED = "stored"
    ALREADY = "already"
    QUARANTINED = "quarantined"


class InboxEvent(Model):
    """An event as its sender made it. The server's own events carry no seq."""

    __tablename__ = "inbox_event"
    __table_args__ = (UniqueConstraint("account_id", "device", "profile", "seq"),)

    device: Mapped[str] = mapped_column(String(64))
    profile: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    captured_at: Mapped[datetime]
    clock_offset: Mapped[int | None]
    received_at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    reason: Mapped[str] = mapped_column(String(300), default="")


@dataclass(frozen=True)
class Sent:
    """An event as it arrives; `clock_offset` in milliseconds, None = unknown."""

    id: UUID
    device: str
    profile: str
    seq: int | None
    kind: str
    payload: dict[str, Any]
    captured_at: datetime
    clock_offset: int | None = None


@dataclass(frozen=True)
class Line:
    """The answer for one event."""

    id: UUID
    outcome: Outcome
    reason: str = ""


Receiver = Callable[[InboxEvent, Actor], object]
_receivers: dict[str, Receiver] = {}


def receive(kind: str, receiver: Receiver) -> None:
    """Connect a kind ("roll.mark") to the room's action; the action raises Refusal or NotFound to quarantine."""
    _receivers[kind] = receiver


@action
def put(kind: str, payload: dict[str, Any], *, by: Actor, captured_at: datetime | None = None) -> InboxEvent:
    """An event made on the server by a form posted online; a refusal is raised to the form."""
    at = captured_at or clock.now()
    sent = Sent(new_id(), SERVER, str(by.account_id or by.name)[:64], None, kind, payload, at, 0)
    event = _keep(sent, by)
    _receivers[kind](event, by)
    return event


@action
def take(batch: Iterable[Sent], *, by: Actor) -> list[Line]:
    """A batch of a device, sorted by id; every event gets its line, and the batch leaves one history row."""
    lines = [_take_one(sent, by) for sent in sorted(batch, key=lambda sent: sent.id)]
    counts = {outcome.value: sum(line.outcome is outcome for line in lines) for outcome in Outcome}
    history.write("inbox.take", None, by=by, kind="InboxEvent", counts=counts)
    return lines


def _take_one(sent: Sent, by: Actor) -> Line:
    known = _known(sent, by)
    if known is not None and known.account_id != by.account_id:
        return Line(sent.id, Outcome.QUARANTINED, "another account's id")
    if known is not None:
        return Line(sent.id, Outcome.ALREADY, known.reason)
    event = _keep(sent, by)
    receiver = _receivers.get(sent.kind)
    reason = f"unknown kind: {sent.kind}" if receiver is None else _try(receiver, event, by)
    if reason:
        event.outcome, event.reason = Outcome.QUARANTINED, reason[:300]
    db.flush()
    return Line(sent.id, event.outcome, event.reason)


def _known(sent: Sent, by: Actor) -> InboxEvent | None:
    """The event that this one repeats: the same id, or the same place in the queue of the account's device."""
    same_place = (
        InboxEvent.account_id == by.account_id,
        InboxEvent.device == sent.device,
        InboxEvent.profile == sent.profile,
        InboxEvent.seq == sent.seq,
    )
    found: InboxEvent | None = db.get(InboxEvent, sent.id) or db.scalar(select(InboxEvent).where(*same_place))
    return found


def _try(receiver: Receiver, event: InboxEvent, by: Actor) -> str:
    """The reason why the room refused, or nothing. What it half did is undone."""
    try:
        with db.begin_nested():
            receiver(event, by)
    except Refusal as refusal:
        return str(refusal)
    except NotFound:
        return "not found"
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as fault:
        return f"unreadable: {fault}"
    return ""


def _keep(sent: Sent, by: Actor) -> InboxEvent:
    event = InboxEvent(
        id=sent.id,
        device=sent.device,
        profile=sent.profile,
        seq=sent.seq,
        kind=sent.kind,
        payload=sent.payload,
        captured_at=sent.captured_at,
        clock_offset=sent.clock_offset,
        received_at=clock.now(),
        account_id=by.account_id,
        outcome=Outcome.STORED,
    )
    db.add(event)
    db.flush()
    return event
