"""Questions about courses: the catalogue, an edition's outline, a lesson, its questions, its files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, undefer

from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.search import found_in, syllables_in, together_in
from lms.courses import rules
from lms.courses.models import Course, Edition, EditionFile, Lesson, LessonBlock, Question


def _current() -> Select[Any]:
    """Editions in force, with their course."""
    loaded = select(Edition).join(Edition.course).options(contains_eager(Edition.course))
    return loaded.where(Edition.superseded_at.is_(None))


def catalogue(
    component: int | None = None, audience: str | None = None, typed: str = "", *, level: str = "", closed: bool = False
) -> list[Edition]:
    """Open editions in force (and with `closed` the others too), by component and title; empty filters are left out."""
    query = _current().order_by(Course.component, Course.title_loose)
    if not closed:
        query = query.where(Edition.open.is_(True))
    if component is not None:
        query = query.where(Course.component == component)
    if level:
        query = query.where(Course.level == level)
    if typed.strip():
        query = query.where(found_in(Course.title_loose, typed))
    found = db.scalars(query).all()
    return [edition for edition in found if not audience or audience in edition.audience]


def marks(*, closed: bool = False) -> tuple[set[str], set[str]]:
    """Keys of all who some edition in force is for, and the levels of their courses: one statement."""
    query = select(Edition.audience, Course.level).join(Course, Edition.course_id == Course.id)
    query = query.where(Edition.superseded_at.is_(None))
    found = db.execute(query if closed else query.where(Edition.open.is_(True))).all()
    return {key for keys, _ in found for key in keys}, {level for _, level in found}


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
    whole = (undefer(Edition.handouts), undefer(Edition.glossary), undefer(Edition.modules))
    with _apart() as apart:
        return apart.scalars(select(Edition).where(Edition.id == edition_id).options(loaded, *whole)).one()


@lru_cache(maxsize=256)
def _lessons(edition_id: UUID) -> tuple[Lesson, ...]:
    whole = (undefer(Lesson.parts), undefer(Lesson.variants), undefer(Lesson.minutes_form))
    query = select(Lesson).where(Lesson.edition_id == edition_id).options(*whole)
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


def glossary_of(edition_id: UUID) -> tuple[rules.Term, ...]:
    """Hard words of an edition and what they mean, in the order written."""
    return tuple(rules.Term.from_json(plain) for plain in _edition(edition_id).glossary or ())


def modules_of(edition_id: UUID) -> list[dict[str, Any]]:
    """Modules of an edition in order, {slug, title, goals, html}; empty for one of the first format."""
    return list(_edition(edition_id).modules or ())


def forms_of(edition: Edition) -> rules.Forms | None:
    """The parallel forms asked before and after the course."""
    return rules.Forms.from_json(edition.forms) if edition.forms else None


def test_pool(edition_id: UUID) -> list[rules.Question]:
    """Questions that a final test may draw: none that is kept for checks or for the parallel forms."""
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


def files_of(edition_id: UUID) -> dict[str, str]:
    """Every file of the edition's folder: path -> sha256, under which the store has it."""
    query = select(EditionFile.path, EditionFile.digest).where(EditionFile.edition_id == edition_id)
    return {path: digest for path, digest in db.execute(query.order_by(EditionFile.path))}


@dataclass(frozen=True)
class Found:
    """A passage of a lesson in which words were found. Of a sensitive lesson only the title is told."""

    course: str
    course_title: str
    lesson: str
    title: str
    sensitive: bool
    anchor: str = ""
    heading: str = ""
    text: str = ""


def found_blocks(typed: str, *, closed: bool, limit: int = 20) -> list[Found]:
    """Passages of editions in force with every word typed, by course and place; of closed courses only with `closed`."""
    query = (
        select(LessonBlock, Lesson.slug, Lesson.title, Lesson.sensitive, Course.slug, Edition.title)
        .join(Lesson, (Lesson.edition_id == LessonBlock.edition_id) & (Lesson.key == LessonBlock.lesson_key))
        .join(Edition, LessonBlock.edition_id == Edition.id)
        .join(Course, Edition.course_id == Course.id)
        .where(Edition.superseded_at.is_(None), syllables_in(LessonBlock.loose, typed))
        .order_by(
            together_in(LessonBlock.loose, typed).desc(),
            Course.component,
            Course.title_loose,
            Course.id,
            Lesson.place,
            LessonBlock.place,
        )
        .limit(limit)
    )
    if not closed:
        query = query.where(Edition.open.is_(True))
    return list(dict.fromkeys(_found(*row) for row in db.execute(query)))


def _found(block: LessonBlock, lesson: str, title: str, sensitive: bool, course: str, course_title: str) -> Found:
    if sensitive:
        return Found(course, course_title, lesson, title, True)
    return Found(course, course_title, lesson, title, False, block.anchor, block.heading, block.text)


def current_edition(course_id: UUID) -> Edition | None:
    """The edition in force of a course."""
    return db.scalar(select(Edition).where(Edition.course_id == course_id, Edition.superseded_at.is_(None)))


def dropped_ids(read: rules.Course, current: Edition | None) -> set[str]:
    """Ids of lessons, questions and options (`q-x.c`) of the edition in force that the new one lacks, or types anew."""
    if current is None:
        return set()
    now = {question.id: question for question in read.questions}
    dropped = _lesson_keys(current.id) - {lesson.id for lesson in read.lessons}
    for key, kind, content in _kept_questions(current.id):
        if key not in now or now[key].kind != kind:
            dropped.add(key)
        else:
            dropped |= {f"{key}.{letter}" for letter in _letters(content)} - _option_ids(now[key])
    return dropped


def returned_ids(read: rules.Course, current: Edition | None) -> set[str]:
    """Ids of the new edition that an earlier one had, and that are retired in the edition in force."""
    if current is None:
        return set()
    questions = {question.id: question for question in read.questions}
    fresh = {*questions, *(lesson.id for lesson in read.lessons)}.union(*map(_option_ids, questions.values()))
    fresh -= _lesson_keys(current.id) | _question_ids(current.id)
    if not fresh:
        return fresh
    earlier = select(Edition.id).where(Edition.course_id == current.course_id, Edition.id != current.id)
    return {
        one for edition_id in db.scalars(earlier) for one in _lesson_keys(edition_id) | _question_ids(edition_id)
    } & fresh


def _lesson_keys(edition_id: UUID) -> set[str]:
    return set(db.scalars(select(Lesson.key).where(Lesson.edition_id == edition_id)))


def _kept_questions(edition_id: UUID) -> list[tuple[str, str, dict[str, Any]]]:
    query = select(Question.key, Question.kind, Question.content).where(Question.edition_id == edition_id)
    return [(key, kind, content) for key, kind, content in db.execute(query)]


def _question_ids(edition_id: UUID) -> set[str]:
    """Ids of the questions of an edition and of their options."""
    kept = _kept_questions(edition_id)
    return {key for key, _, _ in kept} | {f"{key}.{letter}" for key, _, content in kept for letter in _letters(content)}


def _letters(content: dict[str, Any]) -> list[str]:
    return [option["key"] for option in content["options"]]


def _option_ids(question: rules.Question) -> set[str]:
    return {f"{question.id}.{option.key}" for option in question.options}
