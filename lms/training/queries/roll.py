"""The roll of a session: lines, the tally, one person's marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from lms.core import clock
from lms.core.db import db
from lms.core.words import Text, text
from lms.people.models import Account, Person
from lms.people.queries import canonical
from lms.training import rules
from lms.training.access import same_human
from lms.training.models import Attendance, Enrolment, Method, RollMark, RollState, Session
from lms.training.queries.places import places_of, recorded


class Shown(StrEnum):
    """What the roll is narrowed to; the values are words of addresses."""

    CAME = "da-den"
    PRESENT = "co-mat"
    LATE = "muon"
    LEFT_EARLY = "ve-som"
    EXCUSED = "co-phep"
    ABSENT = "vang"
    UNMARKED = "chua"

    @property
    def label(self) -> Text:
        """For people."""
        others = {Shown.CAME: text("Đã đến"), Shown.UNMARKED: text("Chưa")}
        return others[self] if self in others else _STATES[self].label


_STATES = {
    Shown.PRESENT: RollState.PRESENT,
    Shown.LATE: RollState.LATE,
    Shown.LEFT_EARLY: RollState.LEFT_EARLY,
    Shown.EXCUSED: RollState.EXCUSED,
    Shown.ABSENT: RollState.ABSENT,
}


@dataclass(frozen=True)
class RosterLine:
    """One expected person: her number in the list, where from, and what stands of her (no state = not marked)."""

    number: int
    person: Person
    place: str
    birth_year: int | None
    village: str
    unit_title: str
    post: str
    state: RollState | None
    minutes: int

    @property
    def id(self) -> UUID:
        """Key of the (canonical) person."""
        return self.person.id

    @property
    def name(self) -> str:
        """Her name."""
        return self.person.name

    @property
    def tap(self) -> str:
        """The state that a tap will record."""
        return rules.after_tap(self.state)

    def is_in(self, shown: Shown) -> bool:
        """Does the line belong to a part of the roll?"""
        if shown == Shown.CAME:
            return self.minutes > 0
        return self.state == _STATES.get(shown)


@dataclass(frozen=True)
class Pressed:
    """What a tap left: the person, and what stands of her now."""

    id: UUID
    name: str
    state: RollState | None

    @property
    def tap(self) -> str:
        """The state that the next tap will record."""
        return rules.after_tap(self.state)


@dataclass(frozen=True)
class Tally:
    """How many people of the roster stand where."""

    whole: int
    came: int
    states: dict[RollState | None, int]

    def of(self, shown: Shown) -> int:
        """How many lines a part of the roll shows."""
        return self.came if shown == Shown.CAME else self.states.get(_STATES.get(shown), 0)


def _roster(session: Session) -> Select[Person, Attendance]:
    """Canonical persons expected in the session with their attendance; linked records may repeat a person."""
    person = recorded()
    mine = and_(Attendance.session_id == session.id, Attendance.person_id == Person.id)
    query = select(Person, Attendance).join(person, Person.id == person.canonical_id)
    query = query.join(Enrolment, Enrolment.person_id == person.id).outerjoin(Attendance, mine)
    return query.where(Enrolment.class_id == session.class_id, Enrolment.withdrawn_at.is_(None))


def roster_of(session: Session) -> list[RosterLine]:
    """The roll: who is expected, each human once, by given name; namesakes with their year of birth."""
    query = _roster(session).order_by(Person.name_sort, Person.birth_year, Person.id)
    rows = list({person.id: (person, found) for person, found in db.execute(query)}.values())
    places = places_of([person.id for person, _ in rows], min(session.training_class.starts_on, clock.today()))
    several = len({place.unit_title for place in places.values()}) > 1
    same = Counter(person.name_fold for person, _ in rows)
    lines = []
    for number, (person, found) in enumerate(rows, 1):
        place = places[person.id]
        shown = [place.village, place.unit_title] if several or not place.village else [place.village]
        year = person.birth_year if same[person.name_fold] > 1 else None
        where = ", ".join(filter(None, shown))
        state, minutes = (found.state, found.minutes) if found is not None else (None, 0)
        lines.append(
            RosterLine(number, person, where, year, place.village, place.unit_title, place.post, state, minutes)
        )
    return lines


def tally_of(session: Session) -> Tally:
    """The figures of a roll, by one statement."""
    return _count(_states(session))


def pressed(session: Session, person_id: UUID) -> tuple[Pressed, Tally]:
    """One person of the roll after a tap (any record of hers), and the figures, by one statement."""
    rows = _states(session)
    found = next((row for row in rows if person_id in (row.recorded, row.id)), None)
    found = found or next(row for row in rows if row.id == canonical(person_id))
    return Pressed(found.id, found.name, found.state), _count(rows)


def _states(session: Session) -> list[Any]:
    """For each record on the roster: id, name, state and minutes of its human."""
    columns = (Person.id, Person.name, Attendance.state, Attendance.minutes, Enrolment.person_id.label("recorded"))
    return list(db.execute(_roster(session).with_only_columns(*columns)))


def _count(rows: Iterable[Any]) -> Tally:
    humans = {row.id: row for row in rows}.values()
    return Tally(len(humans), sum((row.minutes or 0) > 0 for row in humans), dict(Counter(row.state for row in humans)))


def is_expected(session: Session, person_id: UUID) -> bool:
    """Is this human on the roster of the session's class?"""
    query = select(Enrolment.id).where(Enrolment.class_id == session.class_id, Enrolment.withdrawn_at.is_(None))
    return db.scalar(query.where(Enrolment.person_id.in_(same_human(person_id))).limit(1)) is not None


def line_of(session: Session, person_id: UUID) -> RosterLine | None:
    """One line of the roll, by any record of the human; None if she is not expected."""
    wanted = canonical(person_id)
    return next((line for line in roster_of(session) if line.person.id == wanted), None)


@dataclass(frozen=True)
class MarkLine:
    """A mark as it was made, who made it, and whether it was struck out (by whom, when, why)."""

    mark: RollMark
    by: str
    voided: RollMark | None
    voided_by: str
    stands: bool

    @property
    def at(self) -> datetime:
        """When it was captured."""
        return self.mark.captured_at

    @property
    def how(self) -> Text:
        """The way it is known."""
        return _METHODS[self.mark.method]


_METHODS = {
    Method.CARD: text("quét thẻ"),
    Method.TICK: text("chạm trên danh sách"),
    Method.PAPER: text("theo tờ ký"),
    Method.CODE: text("tự quét mã của buổi"),
    Method.ONLINE: text("phòng họp trực tuyến"),
    Method.IMPORT: text("nhập từ tệp"),
}


def marks_of(session: Session, person_id: UUID) -> list[MarkLine]:
    """All marks of a human in a session, the latest first."""
    query = select(RollMark).where(RollMark.session_id == session.id, RollMark.person_id.in_(same_human(person_id)))
    marks: Sequence[RollMark] = list(db.scalars(query.order_by(RollMark.captured_at.desc(), RollMark.id.desc())))
    voids = {mark.voids_id: mark for mark in marks if mark.voids_id is not None}
    names = _names_of({mark.account_id for mark in marks if mark.account_id is not None})
    standing = db.scalar(
        select(Attendance.mark_id).where(
            Attendance.session_id == session.id, Attendance.person_id.in_(same_human(person_id))
        )
    )
    lines = []
    for mark in marks:
        if mark.state is not None:
            void = voids.get(mark.id)
            struck_by = names.get(void.account_id, "") if void is not None and void.account_id is not None else ""
            by = names.get(mark.account_id, "") if mark.account_id is not None else ""
            lines.append(MarkLine(mark, by, void, struck_by, mark.id == standing))
    return lines


def _names_of(account_ids: set[UUID]) -> dict[UUID, str]:
    query = select(Account.id, Person.name).join(Person, Account.person_id == Person.id)
    return {key: name for key, name in db.execute(query.where(Account.id.in_(account_ids)))} if account_ids else {}
