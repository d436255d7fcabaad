"""Questions on a block of a lesson: a learner's own, those that wait for a trainer, those pinned into the lesson."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.core.actor import Actor
from lms.core.db import db
from lms.core.names import neat
from lms.core.refusal import NotFound
from lms.courses.models import Course, Lesson
from lms.learning import access
from lms.learning.models import Enquiry, EnquiryAnswer
from lms.learning.queries.studying import same_person
from lms.units.queries import titles, within

MOST_ENQUIRIES = 200
_HEADING = re.compile(r'<h([23])[^>]*\bid="([^"]+)"[^>]*>(.*?)</h\1>', re.S)


class Heading(NamedTuple):
    """A part of a lesson that a question may be about."""

    anchor: str
    title: str


class Pinned(NamedTuple):
    """A question and its answer as everybody reads them in the lesson; nothing tells who asked."""

    question: str
    answer: str
    anchor: str
    heading: str


@dataclass(frozen=True)
class EnquiryLine:
    """A question in a list or on its page. `lesson` is None where no edition has it; `unit` = hers when she asked."""

    enquiry: Enquiry
    lesson: Lesson | None
    answer: EnquiryAnswer | None
    unit: str = ""

    @property
    def is_sensitive(self) -> bool:
        """Asked about a lesson of which lists show nothing? A lesson that is not known any more counts as one."""
        return self.lesson is None or self.lesson.sensitive

    @property
    def waits(self) -> bool:
        """Has nobody answered yet?"""
        return self.enquiry.closed_at is None and self.enquiry.withdrawn_at is None


def headings_of(lesson: Lesson) -> list[Heading]:
    """The headings of a lesson that have an anchor, in order."""
    whole = "".join(part.get("html", "") for part in lesson.parts)
    found = [(anchor, _words(inside)) for _, anchor, inside in _HEADING.findall(whole)]
    return [Heading(html.unescape(anchor), title) for anchor, title in found if title]


def _words(inside: str) -> str:
    return neat(html.unescape(re.sub(r"<[^>]+>", "", inside)))


_PINNED = (
    select(EnquiryAnswer.pinned_question, EnquiryAnswer.text, Enquiry.anchor, Enquiry.heading)
    .join(Enquiry, EnquiryAnswer.enquiry_id == Enquiry.id)
    .where(
        Enquiry.course_id == bindparam("course"),
        Enquiry.lesson_key == bindparam("lesson"),
        EnquiryAnswer.pinned_at.is_not(None),
        EnquiryAnswer.withdrawn_at.is_(None),
    )
    .order_by(EnquiryAnswer.pinned_at, EnquiryAnswer.id)
)


def pinned(course_id: UUID, lesson_key: str) -> tuple[Pinned, ...]:
    """Questions pinned into a lesson of a course, the first pinned first; one short statement."""
    rows = db.connection().execute(_PINNED, {"course": course_id, "lesson": lesson_key})
    return tuple(Pinned(*row) for row in rows)


def enquiries_of(person_id: UUID) -> list[EnquiryLine]:
    """What a human asked and did not withdraw, the newest first, with the answers."""
    query = _lines().where(Enquiry.person_id.in_(same_person(person_id)), Enquiry.withdrawn_at.is_(None))
    return _with_answers(query.order_by(Enquiry.asked_at.desc(), Enquiry.id))


def open_count(person_id: UUID) -> int:
    """How many questions of a human still wait."""
    query = select(func.count()).select_from(Enquiry).where(Enquiry.person_id.in_(same_person(person_id)), _waits())
    return int(db.scalar(query) or 0)


def waiting_like(person_id: UUID, course_id: UUID, lesson_key: str, anchor: str, words: str) -> Enquiry | None:
    """The question of a human that waits and says the same of the same part."""
    query = select(Enquiry).where(
        Enquiry.person_id.in_(same_person(person_id)), Enquiry.course_id == course_id, _waits()
    )
    query = query.where(Enquiry.lesson_key == lesson_key, Enquiry.anchor == anchor, Enquiry.text == words)
    found: Enquiry | None = db.scalars(query.order_by(Enquiry.asked_at, Enquiry.id)).first()
    return found


def _waits() -> Any:
    return and_(Enquiry.closed_at.is_(None), Enquiry.withdrawn_at.is_(None))


def _reached(actor: Actor) -> Any:
    """Asked by learners of the units whose questions the actor answers."""
    return and_(Enquiry.unit_id.in_(within(access.answers_in(actor))), Enquiry.withdrawn_at.is_(None))


def enquiries_for(
    actor: Actor, answered: bool = False, slug: str = "", most: int | None = MOST_ENQUIRIES
) -> list[EnquiryLine]:
    """Questions from the actor's units: those that wait, the oldest first; or the answered, the newest first."""
    query = _lines().where(_reached(actor), Enquiry.closed_at.is_not(None) if answered else _waits())
    if slug:
        query = query.where(Course.slug == slug)
    order = (Enquiry.closed_at.desc(), Enquiry.id) if answered else (Enquiry.asked_at, Enquiry.id)
    return _with_answers(query.order_by(*order).limit(most))


def courses_asked(actor: Actor) -> list[tuple[str, str, int]]:
    """Courses of which questions wait for the actor: slug, title, how many."""
    query = select(Course.slug, Course.title, func.count()).join(Enquiry, Enquiry.course_id == Course.id)
    query = query.where(_reached(actor), _waits()).group_by(Course.slug, Course.title, Course.title_loose)
    return [(slug, title, count) for slug, title, count in db.execute(query.order_by(Course.title_loose))]


def enquiry_for(actor: Actor, enquiry_id: UUID) -> EnquiryLine:
    """A question that this actor may answer; NotFound."""
    found = _with_answers(_lines().where(Enquiry.id == enquiry_id, _reached(actor)))
    if not found:
        raise NotFound
    return found[0]


def own_enquiry(actor: Actor, enquiry_id: UUID) -> Enquiry:
    """A question that this actor asked and did not withdraw; NotFound."""
    if actor.person_id is None:
        raise NotFound
    mine = Enquiry.person_id.in_(same_person(actor.person_id))
    query = select(Enquiry).where(Enquiry.id == enquiry_id, mine, Enquiry.withdrawn_at.is_(None))
    found: Enquiry | None = db.scalar(query)
    if found is None:
        raise NotFound
    return found


def _lines() -> Select[Enquiry, Lesson]:
    """Questions with course, person and the lesson as it was when asked."""
    there = and_(Lesson.edition_id == Enquiry.edition_id, Lesson.key == Enquiry.lesson_key)
    query = select(Enquiry, Lesson).join(Enquiry.course).outerjoin(Lesson, there)
    return query.options(contains_eager(Enquiry.course), joinedload(Enquiry.person, innerjoin=True))


def _with_answers(query: Select[Enquiry, Lesson]) -> list[EnquiryLine]:
    rows = [(enquiry, lesson) for enquiry, lesson in db.execute(query)]
    answers = answers_to([enquiry.id for enquiry, _ in rows])
    places = titles(enquiry.unit_id for enquiry, _ in rows)
    return [
        EnquiryLine(enquiry, lesson, answers.get(enquiry.id), places[enquiry.unit_id] if enquiry.unit_id else "")
        for enquiry, lesson in rows
    ]


def answers_to(enquiry_ids: Sequence[UUID]) -> dict[UUID, EnquiryAnswer]:
    """The latest answer to each of these questions."""
    query = select(EnquiryAnswer).where(EnquiryAnswer.enquiry_id.in_(enquiry_ids), EnquiryAnswer.withdrawn_at.is_(None))
    found = db.scalars(query.order_by(EnquiryAnswer.answered_at, EnquiryAnswer.id)) if enquiry_ids else ()
    return {answer.enquiry_id: answer for answer in found}
