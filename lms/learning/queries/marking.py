"""The trainers' queue: hand-ins of learners of their units, oldest first; one of them with its neighbours."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.words import text
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.courses.rules import Question
from lms.learning import access
from lms.learning.models import CommentChip, HandIn, Marking, Study, Work
from lms.learning.queries.hand_ins import question_as_asked, works_of
from lms.learning.queries.studying import same_person
from lms.people.models import Account, Person
from lms.units.models import Unit
from lms.units.queries import reaches, within

MOST_LINES = 100
AHEAD = 2


@dataclass(frozen=True)
class Pile:
    """What the queue is narrowed to; `marked`: those that are marked instead of those that wait."""

    course: str = ""
    unit_id: UUID | None = None
    marked: bool = False


@dataclass(frozen=True)
class WaitingLine:
    """One hand-in in the queue."""

    hand_in: HandIn
    person: Person
    course: Course
    unit_title: str
    question: Question

    @property
    def is_sensitive(self) -> bool:
        """Of a lesson about which lists tell nothing?"""
        lessons = courses.outline(self.hand_in.edition_id)
        return any(one.sensitive for one in lessons if one.key == self.hand_in.lesson_key)

    @property
    def title(self) -> str:
        """What was asked, in plain words; of a sensitive lesson nothing."""
        if self.is_sensitive:
            return str(text("Bài nộp của một bài cần giữ kín"))
        return " ".join(html.unescape(re.sub(r"<[^>]+>", "", self.question.stem_html)).split())


@dataclass(frozen=True)
class Place:
    """Where a work stands in its pile: how many wait before it, how many in all, and those beside it."""

    before: int
    waiting: int
    previous: UUID | None
    following: tuple[UUID, ...]


@dataclass(frozen=True)
class Marked:
    """A marking and who made it."""

    marking: Marking
    name: str


@dataclass(frozen=True)
class WorkToMark:
    """A hand-in as its trainer sees it."""

    line: WaitingLine
    works: tuple[Work, ...]
    marked: tuple[Marked, ...]
    earlier: tuple[HandIn, ...]

    @property
    def latest(self) -> Marked | None:
        """The marking that counts."""
        return self.marked[-1] if self.marked else None


def _reached(actor: Actor, unit_ids: frozenset[UUID], *what: Any) -> Select[Any]:
    """Works handed in by learners of these units, but not the actor's own."""
    query = select(*what).select_from(HandIn).join(Study, HandIn.study_id == Study.id)
    query = query.where(HandIn.handed_in_at.is_not(None), HandIn.unit_id.in_(within(unit_ids)))
    if actor.person_id is not None:
        query = query.where(Study.person_id.not_in(same_person(actor.person_id)))
    return query


def _pile(actor: Actor, pile: Pile, *what: Any) -> Select[Any]:
    """Those in this pile."""
    units = access.marks_in(actor)
    if pile.unit_id is not None:
        units = frozenset({pile.unit_id}) if reaches(units, pile.unit_id) else frozenset()
    query = _reached(actor, units, *what)
    query = query.where(HandIn.outcome.is_not(None) if pile.marked else HandIn.outcome.is_(None))
    if pile.course:
        query = query.where(Study.course_id.in_(select(Course.id).where(Course.slug == pile.course)))
    return query


_LINE = (HandIn, Person, Course, Unit)


def _lines(query: Select[Any]) -> list[WaitingLine]:
    joined = query.join(Person, Study.person_id == Person.id).join(Course, Study.course_id == Course.id)
    rows = db.execute(joined.join(Unit, HandIn.unit_id == Unit.id).options(joinedload(HandIn.study)))
    return [
        WaitingLine(hand_in, person, course, unit.title, question_as_asked(hand_in))
        for hand_in, person, course, unit in rows
    ]


def pile_of(actor: Actor, pile: Pile, most: int | None = None) -> list[WaitingLine]:
    """The queue, oldest first; what is marked, the latest first."""
    query = _pile(actor, pile, *_LINE)
    if pile.marked:
        return _lines(query.order_by(HandIn.marked_at.desc(), HandIn.id).limit(most))
    return _lines(query.order_by(HandIn.handed_in_at, HandIn.id).limit(most))


def count_of(actor: Actor, pile: Pile) -> int:
    """How many lines `pile_of` has."""
    return int(db.scalar(_pile(actor, pile, func.count())) or 0)


def courses_in(actor: Actor) -> list[tuple[Course, int]]:
    """Courses with waiting hand-ins, and how many; by title."""
    query = _pile(actor, Pile(), Course, func.count()).join(Course, Study.course_id == Course.id)
    rows = db.execute(query.group_by(Course.id).order_by(Course.title_loose))
    return [(course, count) for course, count in rows]


def units_in(actor: Actor) -> list[tuple[Unit, int]]:
    """Units with waiting hand-ins, and how many; in Vietnamese order."""
    query = _pile(actor, Pile(), Unit, func.count()).join(Unit, HandIn.unit_id == Unit.id)
    rows = db.execute(query.group_by(Unit.id).order_by(Unit.name_sort, Unit.id))
    return [(unit, count) for unit, count in rows]


def hand_in_to_mark(actor: Actor, hand_in_id: UUID) -> WorkToMark:
    """A work handed in by a learner of her units; NotFound."""
    found = _lines(_reached(actor, access.marks_in(actor), *_LINE).where(HandIn.id == hand_in_id))
    if not found:
        raise NotFound
    line = found[0]
    return WorkToMark(line, tuple(works_of([hand_in_id])), tuple(_markings(hand_in_id)), tuple(_earlier(line)))


def _markings(hand_in_id: UUID) -> list[Marked]:
    query = select(Marking, Person.name).outerjoin(Account, Marking.marked_by_id == Account.id)
    query = query.outerjoin(Person, Account.person_id == Person.id).where(Marking.hand_in_id == hand_in_id)
    rows = db.execute(query.order_by(Marking.marked_at, Marking.id))
    return [Marked(marking, name or "") for marking, name in rows]


def _earlier(line: WaitingLine) -> list[HandIn]:
    """Her tries before this one."""
    query = select(HandIn).where(HandIn.study_id == line.hand_in.study_id, HandIn.number < line.hand_in.number)
    query = query.where(HandIn.question_key == line.hand_in.question_key, HandIn.handed_in_at.is_not(None))
    return list(db.scalars(query.order_by(HandIn.number)))


def place_of(actor: Actor, pile: Pile, hand_in: HandIn) -> Place:
    """Where it stands among those that wait: three statements, however long the queue is."""
    assert hand_in.handed_in_at is not None
    query = _pile(actor, pile, HandIn.id)
    before = query.where(_is_before(hand_in.handed_in_at, hand_in.id))
    after = query.where(_is_after(hand_in.handed_in_at, hand_in.id))
    counts = db.execute(
        _pile(actor, pile, func.count(), func.count().filter(_is_before(hand_in.handed_in_at, hand_in.id)))
    ).one()
    previous = db.scalar(before.order_by(HandIn.handed_in_at.desc(), HandIn.id.desc()).limit(1))
    following = db.scalars(after.order_by(HandIn.handed_in_at, HandIn.id).limit(AHEAD))
    return Place(int(counts[1]), int(counts[0]), previous, tuple(following))


def next_to_mark(actor: Actor, pile: Pile, hand_in: HandIn) -> UUID | None:
    """The next that waits after this one; behind the last, the first; None when none waits."""
    assert hand_in.handed_in_at is not None
    query = _pile(actor, pile, HandIn.id).where(HandIn.id != hand_in.id).order_by(HandIn.handed_in_at, HandIn.id)
    after: UUID | None = db.scalar(query.where(_is_after(hand_in.handed_in_at, hand_in.id)).limit(1))
    first: UUID | None = db.scalar(query.limit(1)) if after is None else None
    return after or first


def _is_before(at: datetime, hand_in_id: UUID) -> Any:
    return or_(HandIn.handed_in_at < at, and_(HandIn.handed_in_at == at, HandIn.id < hand_in_id))


def _is_after(at: datetime, hand_in_id: UUID) -> Any:
    return or_(HandIn.handed_in_at > at, and_(HandIn.handed_in_at == at, HandIn.id > hand_in_id))


def chips_of(actor: Actor, course_id: UUID, question_key: str) -> list[CommentChip]:
    """Comments she keeps for this question, the oldest first."""
    query = select(CommentChip).where(CommentChip.account_id == actor.account_id, CommentChip.course_id == course_id)
    return list(db.scalars(query.where(CommentChip.question_key == question_key).order_by(CommentChip.kept_at)))
