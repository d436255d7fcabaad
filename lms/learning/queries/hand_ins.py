"""What learners handed in: their own tries at a product, the files, uploads under way, and who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from lms.core import files
from lms.core.actor import Actor
from lms.core.db import db, exists
from lms.core.refusal import NotFound
from lms.courses import queries as courses
from lms.courses.models import Edition, EditionFile
from lms.courses.rules import Question
from lms.learning import access
from lms.learning.models import HandIn, Marking, MarkOutcome, Study, Upload, Work
from lms.learning.queries.studying import same_person
from lms.units.queries import reaches

MOST_TRIES = 5
MOST_FILES = 6


@dataclass(frozen=True)
class Product:
    """A product that a lesson of an edition asks for."""

    lesson_key: str
    lesson_title: str
    lesson_slug: str
    question: Question


@dataclass(frozen=True)
class ProductCard:
    """A product and how far its maker is; `state` is none, draft, waiting, accepted or again."""

    question: Question
    title_html: str
    state: str
    hand_in: HandIn | None
    href: str


@dataclass(frozen=True)
class Try:
    """One try with its files, the latest marking and the question as it was asked then."""

    hand_in: HandIn
    question: Question
    works: tuple[Work, ...]
    marking: Marking | None

    @property
    def state(self) -> str:
        """draft, waiting, accepted or again."""
        return state_of(self.hand_in)


def state_of(hand_in: HandIn | None) -> str:
    """none, draft, waiting, accepted or again."""
    if hand_in is None:
        return "none"
    if hand_in.handed_in_at is None:
        return "draft"
    return hand_in.outcome.value if hand_in.outcome else "waiting"


def products_of(edition: Edition) -> list[Product]:
    """The products that the lessons of an edition ask for, in order."""
    questions = courses.questions_of(edition.id)
    return [
        Product(lesson.key, lesson.title, lesson.slug, questions[part["product"]])
        for lesson in courses.outline(edition.id)
        for part in lesson.parts
        if part.get("product") in questions
    ]


def product_of(edition: Edition, question_key: str) -> Product:
    """One of them; NotFound."""
    found = next((product for product in products_of(edition) if product.question.id == question_key), None)
    if found is None:
        raise NotFound
    return found


def _hers(person_id: UUID, course_id: UUID) -> Select[Any]:
    """Tries of a human in a course, the latest last."""
    query = select(HandIn).join(Study, HandIn.study_id == Study.id)
    query = query.where(Study.course_id == course_id, Study.person_id.in_(same_person(person_id)))
    return query.order_by(HandIn.number, HandIn.began_at, HandIn.id)


def products_state(edition: Edition, person_id: UUID | None) -> list[ProductCard]:
    """The cards of all products of an edition, in order: one statement."""
    products = products_of(edition)
    hand_ins: list[HandIn] = []
    if products and person_id is not None:
        hand_ins = list(db.scalars(_hers(person_id, edition.course_id)))
    return [
        _card(edition, one.question, [h for h in hand_ins if h.question_key == one.question.id]) for one in products
    ]


def _card(edition: Edition, question: Question, hand_ins: Sequence[HandIn]) -> ProductCard:
    latest = current_of(hand_ins)
    href = f"/nop-bai/{edition.course.slug}/{question.id}"
    return ProductCard(question, question.stem_html, state_of(latest), latest, href)


def current_of(hand_ins: Sequence[HandIn]) -> HandIn | None:
    """The try that says how far she is: an accepted one, else the latest."""
    accepted = [one for one in hand_ins if one.outcome is MarkOutcome.ACCEPTED]
    return next(iter(accepted), None) or (hand_ins[-1] if hand_ins else None)


def accepted_products(edition: Edition, person_id: UUID) -> list[tuple[Product, datetime | None]]:
    """Each product of an edition and when it was first accepted, None where it was not; in order. One statement."""
    query = (
        select(HandIn.question_key, func.min(Marking.marked_at))
        .join(Marking, Marking.hand_in_id == HandIn.id)
        .join(Study, HandIn.study_id == Study.id)
        .where(Study.course_id == edition.course_id, Study.person_id.in_(same_person(person_id)))
        .where(Marking.outcome == MarkOutcome.ACCEPTED)
        .group_by(HandIn.question_key)
    )
    first: dict[str, datetime] = {key: at for key, at in db.execute(query)}
    return [(product, first.get(product.question.id)) for product in products_of(edition)]


def hand_ins_of(person_id: UUID, course_id: UUID, question_key: str) -> list[HandIn]:
    """Tries of a human at one product, the latest last."""
    return list(db.scalars(_hers(person_id, course_id).where(HandIn.question_key == question_key)))


def tries_of(hand_ins: Sequence[HandIn]) -> list[Try]:
    """The same with their files and latest markings: two statements."""
    keys = [one.id for one in hand_ins]
    works = works_of(keys)
    markings = latest_markings(keys)
    return [
        Try(one, question_as_asked(one), tuple(w for w in works if w.hand_in_id == one.id), markings.get(one.id))
        for one in hand_ins
    ]


def question_as_asked(hand_in: HandIn) -> Question:
    """The question of the edition in which she handed in."""
    return courses.questions_of(hand_in.edition_id)[hand_in.question_key]


def works_of(hand_in_ids: Iterable[UUID]) -> list[Work]:
    """Files of hand-ins, in their places."""
    query = select(Work).where(Work.hand_in_id.in_(list(hand_in_ids)))
    return list(db.scalars(query.order_by(Work.place, Work.id)))


def latest_markings(hand_in_ids: Iterable[UUID]) -> dict[UUID, Marking]:
    """The marking that counts, by hand-in."""
    query = select(Marking).where(Marking.hand_in_id.in_(list(hand_in_ids)))
    return {one.hand_in_id: one for one in db.scalars(query.order_by(Marking.marked_at, Marking.id))}


def own_hand_in(actor: Actor, hand_in_id: UUID) -> HandIn:
    """One of her own; NotFound."""
    found: HandIn | None = db.scalar(_owned(select(HandIn), actor).where(HandIn.id == hand_in_id))
    if found is None:
        raise NotFound
    return found


def _owned(query: Select[Any], actor: Actor) -> Select[Any]:
    """Joined with the studies of this human."""
    joined = query.join(Study, HandIn.study_id == Study.id).options(joinedload(HandIn.study))
    return joined.where(Study.person_id.in_(same_person(actor.person_id)) if actor.person_id else Study.id.is_(None))


def work_of(hand_in: HandIn, work_id: UUID) -> Work:
    """A file of this hand-in; NotFound."""
    found: Work | None = db.get(Work, work_id)
    if found is None or found.hand_in_id != hand_in.id:
        raise NotFound
    return found


def own_upload(actor: Actor, upload_id: UUID) -> Upload:
    """A file of hers on its way; NotFound."""
    found: Upload | None = db.get(Upload, upload_id)
    if found is None:
        raise NotFound
    own_hand_in(actor, found.hand_in_id)
    return found


def unfinished_bytes(person_id: UUID) -> int:
    """How much a human has announced and not yet sent to its end."""
    query = select(func.coalesce(func.sum(Upload.size), 0)).join(HandIn, Upload.hand_in_id == HandIn.id)
    query = query.join(Study, HandIn.study_id == Study.id)
    query = query.where(Upload.work_id.is_(None), Study.person_id.in_(same_person(person_id)))
    return int(db.scalar(query) or 0)


def uploads_of(hand_in_ids: Iterable[UUID]) -> list[Upload]:
    """Files of hand-ins that came or are coming in pieces."""
    return list(db.scalars(select(Upload).where(Upload.hand_in_id.in_(list(hand_in_ids))).order_by(Upload.id)))


def work_for(actor: Actor, work_id: UUID) -> Work:
    """A file that is hers, or handed in by a learner of her units; NotFound."""
    found: Work | None = db.get(Work, work_id)
    if found is None:
        raise NotFound
    hand_in: HandIn = db.get_one(HandIn, found.hand_in_id)
    study: Study = db.get_one(Study, hand_in.study_id)
    own = actor.person_id is not None and study.person_id in set(db.scalars(same_person(actor.person_id)))
    if not own and not may_mark(actor, hand_in):
        raise NotFound
    return found


def may_mark(actor: Actor, hand_in: HandIn) -> bool:
    """Handed in by a learner of the units where she marks?"""
    if hand_in.handed_in_at is None or hand_in.unit_id is None:
        return False
    return reaches(access.marks_in(actor), hand_in.unit_id)


def digest_is_used(digest: str) -> bool:
    """Does another row stand for the same content?"""
    edition_file = select(EditionFile.id).where(EditionFile.digest == digest)
    own = select(Work.id).where(Work.digest == digest)
    return exists(own) or exists(edition_file) or files.is_held(digest)
