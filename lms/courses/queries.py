"""Questions about courses: the catalogue, an edition's outline, a lesson, its questions, its files."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, undefer

from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.search import found_in
from lms.courses import rules
from lms.courses.models import Course, Edition, EditionFile, Lesson, Question


def _current() -> Select[Any]:
    """Editions in force, with their course."""
    loaded = select(Edition).join(Edition.course).options(contains_eager(Edition.course))
    return loaded.where(Edition.superseded_at.is_(None))


def catalogue(
    component: int | None = None, audience: str | None = None, typed: str = "", *, closed: bool = False
) -> list[Edition]:
    """Open editions in force (and with `closed` the others too), by component and title; empty filters are left out."""
    query = _current().order_by(Course.component, Course.title_loose)
    if not closed:
        query = query.where(Edition.open.is_(True))
    if component is not None:
        query = query.where(Course.component == component)
    if typed.strip():
        query = query.where(found_in(Course.title_loose, typed))
    found = db.scalars(query).all()
    return [edition for edition in found if not audience or audience in edition.audience]


def audiences(*, closed: bool = False) -> set[str]:
    """Keys of all who some edition in force is for."""
    query = select(Edition.audience).where(Edition.superseded_at.is_(None))
    found = db.scalars(query if closed else query.where(Edition.open.is_(True)))
    return {key for keys in found for key in keys}


def edition_of(slug: str) -> Edition:
    """The edition in force of a course, as it was published, for reading only; NotFound. One short statement."""
    found = db.scalar(_IN_FORCE, {"slug": slug})
    if found is None:
        raise NotFound
    return _edition(found)


_IN_FORCE = (
    select(Edition.id)
    .join(Course, Edition.course_id == Course.id)
    .where(Course.slug == bindparam("slug"), Edition.superseded_at.is_(None))
)


# An edition never changes once published, so what was read of it is kept in the process (decisions 8).


def _apart() -> Session:
    """A session of its own on the connection in use: what it loads belongs to no request."""
    return Session(bind=db.connection(), expire_on_commit=False)


@lru_cache(maxsize=256)
def _edition(edition_id: UUID) -> Edition:
    loaded = joinedload(Edition.course).joinedload(Course.owner)
    with _apart() as apart:
        return apart.scalars(
            select(Edition).where(Edition.id == edition_id).options(loaded, undefer(Edition.handouts))
        ).one()


@lru_cache(maxsize=256)
def _lessons(edition_id: UUID) -> tuple[Lesson, ...]:
    query = select(Lesson).where(Lesson.edition_id == edition_id).options(undefer(Lesson.parts))
    with _apart() as apart:
        return tuple(apart.scalars(query.order_by(Lesson.place)))


@lru_cache(maxsize=256)
def _questions(edition_id: UUID) -> tuple[tuple[str | None, rules.Question], ...]:
    query = select(Question).where(Question.edition_id == edition_id).order_by(Question.place)
    with _apart() as apart:
        return tuple((row.lesson_key, rules.Question.from_json(row.content)) for row in apart.scalars(query))


def outline(edition_id: UUID) -> list[Lesson]:
    """Lessons of an edition, in order."""
    return list(_lessons(edition_id))


def lesson_of(edition_id: UUID, slug: str) -> Lesson:
    """A lesson with its parts; NotFound."""
    found = next((lesson for lesson in _lessons(edition_id) if lesson.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def questions_of(edition_id: UUID, lesson_key: str | None = None) -> dict[str, rules.Question]:
    """Questions by key, of an edition or of one of its lessons, in the order written."""
    kept = _questions(edition_id)
    return {asked.id: asked for home, asked in kept if lesson_key is None or home == lesson_key}


def test_pool(edition_id: UUID) -> list[rules.Question]:
    """Questions that a final test may draw."""
    return [question for question in questions_of(edition_id).values() if question.is_drawable]


test_pool.__test__ = False  # type: ignore[attr-defined]  # pytest must not take it for a test


def course(course_id: UUID) -> Course:
    """A course; NotFound."""
    found: Course | None = db.get(Course, course_id)
    if found is None:
        raise NotFound
    return found


def course_of(slug: str) -> Course:
    """A course by its slug; NotFound."""
    found: Course | None = db.scalar(select(Course).where(Course.slug == slug))
    if found is None:
        raise NotFound
    return found


def file_of(digest: str, name: str = "") -> tuple[EditionFile, bool]:
    """A file of some edition (by that file name, if given), and whether all may have it; NotFound.

    All may have it when the edition in force of its course is open. Files of earlier editions stay with their course:
    a page that is still open elsewhere goes on showing them.
    """
    current = aliased(Edition)
    query = (
        select(EditionFile, current.open)
        .join(Edition, EditionFile.edition_id == Edition.id)
        .join(current, (current.course_id == Edition.course_id) & current.superseded_at.is_(None))
        .where(EditionFile.digest == digest)
        .order_by(current.open.desc(), EditionFile.id)
    )
    if name:
        query = query.where((EditionFile.path == name) | EditionFile.path.endswith(f"/{name}", autoescape=True))
    found = db.execute(query.limit(1)).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def current_edition(course_id: UUID) -> Edition | None:
    """The edition in force of a course."""
    return db.scalar(select(Edition).where(Edition.course_id == course_id, Edition.superseded_at.is_(None)))


def dropped_ids(read: rules.Course, current: Edition | None) -> set[str]:
    """Ids of lessons and questions of the edition in force that the new one lacks, or types anew."""
    if current is None:
        return set()
    lessons = set(db.scalars(select(Lesson.key).where(Lesson.edition_id == current.id)))
    kinds = {
        key: kind
        for key, kind in db.execute(select(Question.key, Question.kind).where(Question.edition_id == current.id))
    }
    now = {question.id: question.kind for question in read.questions}
    return (lessons - {lesson.id for lesson in read.lessons}) | {
        key for key, kind in kinds.items() if now.get(key) != kind
    }
