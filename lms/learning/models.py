"""Online study: facts (StudyEvent), their folds (Progress), attempts at tests, courses given with a day."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model, choice
from lms.courses.models import Course, Edition
from lms.people.models import Person, PostKind, Sex


class StudyEventKind(StrEnum):
    """What a learner did."""

    OPENED = "opened"
    ANSWERED = "answered"
    FINISHED = "finished"


class Purpose(StrEnum):
    """Why a test is taken; pre- and post-tests are started by training."""

    FINAL = "final"
    PRE = "pre"
    POST = "post"


class Study(Model):
    """One person's study of one course. The first completion stays for ever and freezes who she was that day."""

    __tablename__ = "study"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    began_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_lesson_key: Mapped[str] = mapped_column(String(60), default="")
    completed_at: Mapped[datetime | None] = mapped_column(index=True)
    completed_edition_id: Mapped[UUID | None] = mapped_column(ForeignKey("edition.id"))
    frozen_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    frozen_sex: Mapped[Sex | None] = mapped_column(choice(Sex))
    frozen_ethnic_group: Mapped[str | None] = mapped_column(String(20))
    frozen_post_kind: Mapped[PostKind | None] = mapped_column(choice(PostKind))

    course: Mapped[Course] = relationship()
    person: Mapped[Person] = relationship()
    edition: Mapped[Edition] = relationship(foreign_keys=[edition_id])


class StudyEvent(Model):
    """A fact of study; its id is the inbox event's. Never changed."""

    __tablename__ = "study_event"
    __table_args__ = (Index("ix_study_event_study_lesson", "study_id", "lesson_key"),)

    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    kind: Mapped[StudyEventKind] = mapped_column(choice(StudyEventKind))
    lesson_key: Mapped[str] = mapped_column(String(60))
    question_key: Mapped[str] = mapped_column(String(80), default="")
    answer: Mapped[Any] = mapped_column(JSON, default=None)
    right: Mapped[bool | None]
    at: Mapped[datetime]


class Progress(Model):
    """The fold of a study's events for one lesson."""

    __tablename__ = "progress"
    __table_args__ = (UniqueConstraint("study_id", "lesson_key"),)

    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    lesson_key: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class TestAttempt(Model):
    """One attempt; `seed` rebuilds the draw, `answers` are kept as given until submitted."""

    __test__ = False
    __tablename__ = "test_attempt"
    __table_args__ = (UniqueConstraint("study_id", "purpose", "number"),)

    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    question_keys: Mapped[list[str]] = mapped_column(JSON)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    began_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    right: Mapped[int | None]
    passed: Mapped[bool | None]

    study: Mapped[Study] = relationship()


class Assignment(Model):
    """A coordinator gives a course to a person of her unit, to be done by a day."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    due: Mapped[date]
    given_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    person: Mapped[Person] = relationship()
