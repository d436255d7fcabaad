"""Courses and their immutable editions: rows (edition, lesson, question) and files by sha256 (design 3, Courses are folders)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from lms.core.db import Model
from lms.units.models import Organisation


class Course(Model):
    """A catalogue item. One without an edition is taught in classes only. `owner` organises its online completions."""

    __tablename__ = "course"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_loose: Mapped[str] = mapped_column(String(200), index=True)
    component: Mapped[int] = mapped_column(SmallInteger)
    field: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]

    owner: Mapped[Organisation | None] = relationship()


class Edition(Model):
    """What was published, for ever. The current one of a course has no `superseded_at`.

    `forms`: the parallel forms of the pre- and post-test, {title, a: [question keys], b: [question keys]}. `glossary`:
    hard words, [{key, term, html}]. `modules`: [{slug, title, goals, html}]. `reader`: by which reader it was rendered.
    `lesson_count`, `minutes`: of what one learner takes (the common lessons and one branch).
    """

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    audience: Mapped[list[str]] = mapped_column(JSON)
    audience_text: Mapped[str] = mapped_column(String(300))
    languages: Mapped[list[str]] = mapped_column(JSON)
    hours: Mapped[float]
    minutes: Mapped[int]
    lesson_count: Mapped[int]
    open: Mapped[bool]
    licence: Mapped[str] = mapped_column(String(60))
    proposal: Mapped[str] = mapped_column(Text, default="")
    completion: Mapped[dict[str, Any]] = mapped_column(JSON)
    certificate_title: Mapped[str] = mapped_column(String(200))
    goals: Mapped[dict[str, str]] = mapped_column(JSON)
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    test: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    handouts: Mapped[list[dict[str, str]]] = deferred(mapped_column(JSON, default=list))
    glossary: Mapped[list[dict[str, str]]] = deferred(mapped_column(JSON, default=list))
    modules: Mapped[list[dict[str, Any]]] = deferred(mapped_column(JSON, default=list))
    forms: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    reader: Mapped[int] = mapped_column(SmallInteger, default=1)
    published_at: Mapped[datetime]
    published_by_id: Mapped[UUID | None]
    superseded_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()


class Lesson(Model):
    """A lesson of an edition; `key` is its stable id in the course. `parts` are rendered HTML and checks, in order.

    `branch`: of the modules with a branch a learner takes one branch; "" = for everybody.

    `audio`: the lesson read aloud, {address, type, size} or None. `variants`: other languages by their code,
    {title, parts, words, audio}. `minutes_form`: HTML of the minutes to print, for lessons with step cards.
    """

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("edition_id", "key"), UniqueConstraint("edition_id", "slug"))

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    key: Mapped[str] = mapped_column(String(60))
    slug: Mapped[str] = mapped_column(String(80))
    place: Mapped[int]
    module_number: Mapped[int]
    module_title: Mapped[str] = mapped_column(String(200))
    branch: Mapped[str] = mapped_column(String(60), default="", server_default="")
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int]
    words: Mapped[int]
    sensitive: Mapped[bool]
    goals: Mapped[list[str]] = mapped_column(JSON)
    parts: Mapped[list[dict[str, Any]]] = deferred(mapped_column(JSON))
    audio: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    variants: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, default=dict))
    minutes_form: Mapped[str] = deferred(mapped_column(Text, default=""))


class LessonBlock(Model):
    """A stretch of a lesson under one heading, as plain words for the search; `loose` without marks."""

    __tablename__ = "lesson_block"
    __table_args__ = (UniqueConstraint("edition_id", "lesson_key", "place"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    lesson_key: Mapped[str] = mapped_column(String(60))
    place: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(200))
    heading: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    loose: Mapped[str] = mapped_column(Text)


class Question(Model):
    """A question of an edition; `content` is what `rules` rebuilds. Keys of right answers never leave the server."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("edition_id", "key"),
        Index("ix_question_edition_lesson", "edition_id", "lesson_key"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    key: Mapped[str] = mapped_column(String(80))
    lesson_key: Mapped[str | None] = mapped_column(String(60))
    place: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    goal: Mapped[str] = mapped_column(String(60))
    use: Mapped[str] = mapped_column(String(10))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class EditionFile(Model):
    """A file of an edition, kept by its sha256."""

    __tablename__ = "edition_file"
    __table_args__ = (UniqueConstraint("edition_id", "path"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    path: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
