"""Pure folds of the roll: marks to a standing, minutes to a completion, days to sessions (design 3, 5.4; tracking D.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

MISSING = 15  # minutes that a late or early-leaving person misses unless the trainer says otherwise (design 5.0)
WHOLE, PARTLY = frozenset({"present"}), frozenset({"late", "left_early"})
HUMAN = frozenset({"card", "tick", "paper"})
LADDER = ("card", "tick", "paper", "code", "online", "import")  # best first (tracking D.2)
CYCLE = {"present": "late", "late": "present"}


@dataclass(frozen=True)
class Mark:
    """A fact of the roll: a state, or (with `voids`) the striking out of an earlier mark."""

    id: UUID
    state: str | None
    voids: UUID | None
    missing: int | None
    method: str
    captured_at: datetime
    received_at: datetime


@dataclass(frozen=True)
class Standing:
    """What the marks of one person in one session come to; `mark` is the mark that stands."""

    state: str
    minutes: int
    method: str
    mark: UUID


def fold_marks(marks: Iterable[Mark], session_minutes: int) -> Standing | None:
    """What stands; None = not marked. The order, repetition and splitting of the marks do not matter.

    Struck-out marks fall away. A person's word beats a machine's; then the latest captured stands; of two captured
    in the same instant the better method, then the one received later, then the greater id.
    """
    facts = {mark.id: mark for mark in marks}
    struck = {mark.voids for mark in facts.values() if mark.voids is not None}
    valid = [mark for mark in facts.values() if mark.state is not None and mark.id not in struck]
    if not valid:
        return None
    last = max(valid, key=_weight)
    assert last.state is not None
    return Standing(last.state, minutes_of(last.state, last.missing, session_minutes), last.method, last.id)


def _weight(mark: Mark) -> tuple[bool, datetime, int, datetime, UUID]:
    rank = -LADDER.index(mark.method) if mark.method in LADDER else -len(LADDER)
    return mark.method in HUMAN, mark.captured_at, rank, mark.received_at, mark.id


def minutes_of(state: str, missing: int | None, session_minutes: int) -> int:
    """Minutes that count: all, all but the missing ones, or none (excused, absent); never outside the session."""
    if state in WHOLE:
        return session_minutes
    if state in PARTLY:
        return min(max(session_minutes - (MISSING if missing is None else missing), 0), session_minutes)
    return 0


def after_tap(state: str | None) -> str:
    """What a tap on the roll makes of a state: not marked -> present -> late -> present; others -> present."""
    return CYCLE.get(state or "", "present")


def completion(attended: int, total: int, threshold: int, has_passed: bool) -> bool:
    """At least `threshold` percent of all session minutes, exactly; and the final test where the class needs one."""
    return total > 0 and attended * 100 >= threshold * total and has_passed


def captured(at: datetime, clock_offset: int | None, received_at: datetime) -> datetime:
    """When a mark was made by the server's clock: the sender's time plus its offset (ms), never after its arrival."""
    return min(at + timedelta(milliseconds=clock_offset or 0), received_at)


def minutes_between(starts: time, ends: time) -> int:
    """Minutes from one time of day to a later one; 0 or less if it is not later."""
    return (ends.hour * 60 + ends.minute) - (starts.hour * 60 + starts.minute)


@dataclass(frozen=True)
class Span:
    """A session's time."""

    day: date
    starts: time
    ends: time

    @property
    def minutes(self) -> int:
        """Its length."""
        return minutes_between(self.starts, self.ends)


def overlaps(one: Span, other: Span) -> bool:
    """Do two sessions share a minute?"""
    return one.day == other.day and one.starts < other.ends and other.starts < one.ends


def in_order(spans: Sequence[Span]) -> list[int]:
    """The number (from 1) of each session by day and time, in the order given."""
    places = sorted(range(len(spans)), key=lambda place: (spans[place].day, spans[place].starts))
    return [places.index(place) + 1 for place in range(len(spans))]


def next_number(last: str | None, year: int) -> str:
    """The class number after the last one of a year: L26-0001, L26-0002 …"""
    return f"{number_start(year)}{(int(last.rpartition('-')[2]) if last else 0) + 1:04}"


def number_start(year: int) -> str:
    """What the class numbers of a year begin with: L26-."""
    return f"L{year % 100:02}-"
