"""Questions about drafts: mine, one of mine, what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from lms.authoring.models import Draft
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.courses import rules
from lms.courses.models import Course, Edition, Lesson, Question
from lms.courses.queries import current_edition, dropped_ids


@dataclass(frozen=True)
class Difference:
    """What publishing would change against the edition in force."""

    edition: Edition | None
    new_lessons: tuple[str, ...]
    changed_lessons: tuple[str, ...]
    new_questions: int
    dropped: tuple[str, ...]


def drafts_for(actor: Actor) -> list[Draft]:
    """What this account uploaded, newest first."""
    mine = select(Draft).where(Draft.account_id == actor.account_id)
    return list(db.scalars(mine.order_by(Draft.uploaded_at.desc(), Draft.id.desc())))


def draft_for(actor: Actor, draft_id: UUID) -> Draft:
    """One of this account's drafts; NotFound."""
    found: Draft | None = db.get(Draft, draft_id)
    if found is None or found.account_id != actor.account_id:
        raise NotFound
    return found


def course_with(slug: str) -> Course | None:
    """The course that a draft would become a new edition of."""
    found: Course | None = db.scalar(select(Course).where(Course.slug == slug))
    return found


def difference(read: rules.Course) -> Difference:
    """New, changed and dropped lessons and questions."""
    course = course_with(read.id)
    edition = current_edition(course.id) if course else None
    if edition is None:
        return Difference(None, tuple(lesson.title for lesson in read.lessons), (), len(read.questions), ())
    known = {row.key: row for row in db.scalars(select(Lesson).where(Lesson.edition_id == edition.id))}
    keys = set(db.scalars(select(Question.key).where(Question.edition_id == edition.id)))
    changed = [new.title for new in read.lessons if new.id in known and _differs(known[new.id], new)]
    return Difference(
        edition,
        tuple(lesson.title for lesson in read.lessons if lesson.id not in known),
        tuple(changed),
        sum(question.id not in keys for question in read.questions),
        tuple(sorted(dropped_ids(read, edition))),
    )


def _differs(old: Lesson, new: rules.Lesson) -> bool:
    return (old.title, old.minutes, old.words) != (new.title, new.minutes, new.words)
