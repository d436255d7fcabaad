"""Questions of authors: own drafts, what is published, who may own a course, what a draft would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, undefer

from lms.authoring.access import AUTHORS
from lms.authoring.models import Draft
from lms.authoring.rules import Difference, Piece, compare, plain
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.courses import rules
from lms.courses.documents import Filler
from lms.courses.models import Course, Edition, Lesson, Question
from lms.courses.queries import outline, questions_of
from lms.units.models import Organisation
from lms.units.queries import organisations_within


@dataclass(frozen=True)
class DraftLine:
    """An upload, and the number of the edition it became (0 = none)."""

    draft: Draft
    number: int


@dataclass(frozen=True)
class PublishedLine:
    """An edition in force and whose course it is."""

    edition: Edition
    owner: str


def drafts_for(actor: Actor) -> list[DraftLine]:
    """Her own uploads, the latest first."""
    query = select(Draft, Edition.number).outerjoin(Edition, Draft.edition_id == Edition.id)
    rows = db.execute(query.where(Draft.account_id == actor.account_id).order_by(Draft.uploaded_at.desc(), Draft.id))
    return [DraftLine(draft, number or 0) for draft, number in rows]


def draft_for(actor: Actor, draft_id: UUID) -> Draft:
    """Her own upload; NotFound, also for what another uploaded."""
    found: Draft | None = db.scalar(select(Draft).where(Draft.id == draft_id, Draft.account_id == actor.account_id))
    if found is None:
        raise NotFound
    return found


def published() -> list[PublishedLine]:
    """All editions in force, closed ones too."""
    query = select(Edition, Organisation.name).join(Edition.course).outerjoin(Course.owner)
    query = query.options(contains_eager(Edition.course)).where(Edition.superseded_at.is_(None))
    rows = db.execute(query.order_by(Course.component, Course.title_loose))
    return [PublishedLine(edition, owner or "") for edition, owner in rows]


def course_with(slug: str) -> Course | None:
    """The course a draft would become an edition of, or None when it would be new."""
    found: Course | None = db.scalar(select(Course).where(Course.slug == slug))
    return found


def owners_for(actor: Actor) -> list[Organisation]:
    """Organisations in whose name she may publish a new course: those at her own units first."""
    units = actor.units_as(*AUTHORS)
    return sorted(organisations_within(units), key=lambda one: one.unit_id not in units)


def changes(read: rules.Course, current: Edition | None) -> tuple[Difference, Difference]:
    """What publishing would change among lessons and among questions; against nothing, all is new."""
    filler = Filler(read)
    lessons = [_lesson(one.id, one.title, one.minutes, _parts(one, filler)) for one in read.lessons]
    questions = [_question(one.id, one.kind, filler.json(one.to_json())) for one in read.questions]
    return compare(_lessons_of(current), lessons), compare(_questions_of(current), questions)


def _parts(lesson: rules.Lesson, filler: Filler) -> object:
    return filler.json(rules.parts_to_json(lesson.parts))


def _lessons_of(edition: Edition | None) -> Sequence[Piece]:
    if edition is None:
        return ()
    rows = db.scalars(
        select(Lesson).where(Lesson.edition_id == edition.id).order_by(Lesson.place).options(undefer(Lesson.parts))
    )
    return [_lesson(row.key, row.title, row.minutes, row.parts) for row in rows]


def _questions_of(edition: Edition | None) -> Sequence[Piece]:
    if edition is None:
        return ()
    rows = db.scalars(select(Question).where(Question.edition_id == edition.id).order_by(Question.place))
    return [_question(row.key, row.kind, row.content) for row in rows]


def _lesson(key: str, title: str, minutes: int, parts: object) -> Piece:
    return Piece(key, title, "lesson", (title, minutes, parts))


def _question(key: str, kind: str, content: Any) -> Piece:
    """Where a question stands in its file is nothing to a learner."""
    whole = rules.Question.from_json(content).to_json()  # a question of an older edition lacks newer fields
    shown = {name: value for name, value in whole.items() if name not in {"file", "line"}}
    return Piece(key, plain(content["stem_html"]), kind, shown)


@dataclass(frozen=True)
class BankLine:
    """A question of an edition and the lesson it belongs to (None: the final test or the parallel forms)."""

    question: rules.Question
    lesson: Lesson | None

    @property
    def title(self) -> str:
        """Its words."""
        return plain(self.question.stem_html)


def bank_of(edition: Edition) -> list[BankLine]:
    """The questions of an edition in the order written."""
    homes = {key: lesson for lesson in outline(edition.id) for key in questions_of(edition.id, lesson.key)}
    return [BankLine(asked, homes.get(key)) for key, asked in questions_of(edition.id).items()]
