"""Online study: facts (StudyEvent), their folds (Progress), attempts at tests, hand-ins and their marks, questions."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
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
    """Why a test is taken: the final one counts, the two forms measure the gain, practice is for oneself."""

    FINAL = "final"
    PRE = "pre"
    POST = "post"
    PRACTICE = "practice"


class WorkKind(StrEnum):
    """What a file of a hand-in is."""

    PHOTO = "photo"
    VOICE = "voice"


class MarkOutcome(StrEnum):
    """What a trainer decides of a hand-in."""

    ACCEPTED = "accepted"
    AGAIN = "again"


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
    """A fact of study; its id is the inbox event's. Never changed. `seed`: by which the question's numbers were drawn."""

    __tablename__ = "study_event"
    __table_args__ = (Index("ix_study_event_study_lesson", "study_id", "lesson_key"),)

    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    kind: Mapped[StudyEventKind] = mapped_column(choice(StudyEventKind))
    lesson_key: Mapped[str] = mapped_column(String(60))
    question_key: Mapped[str] = mapped_column(String(80), default="")
    answer: Mapped[Any] = mapped_column(JSON, default=None)
    right: Mapped[bool | None]
    seed: Mapped[int | None] = mapped_column(BigInteger)
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
    """One attempt; `seed` rebuilds the draw, `answers` are kept as given until submitted.

    `form`: "a" or "b" of a pre- or post-test, else empty. `ends_at`: after it no answer is taken; None = no limit.
    """

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
    form: Mapped[str] = mapped_column(String(1), default="")
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
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


class HandIn(Model):
    """One try at a product (a `long` question): text and files. Without `handed_in_at` it is still being made.

    `unit_id`: her unit on that day, by which trainers find it. `outcome` and `marked_at` are the fold of its markings.
    """

    __tablename__ = "hand_in"
    __table_args__ = (
        UniqueConstraint("study_id", "question_key", "number"),
        Index("ix_hand_in_queue", "unit_id", "outcome", "handed_in_at"),
    )

    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    lesson_key: Mapped[str] = mapped_column(String(60))
    question_key: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    began_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    outcome: Mapped[MarkOutcome | None] = mapped_column(choice(MarkOutcome))
    marked_at: Mapped[datetime | None]

    study: Mapped[Study] = relationship()


class Work(Model):
    """A photograph or a voice of a hand-in, kept by its sha256 after what it told of its maker was taken out."""

    __tablename__ = "work"
    __table_args__ = (Index("ix_work_hand_in", "hand_in_id", "place"),)

    hand_in_id: Mapped[UUID] = mapped_column(ForeignKey("hand_in.id"))
    place: Mapped[int]
    kind: Mapped[WorkKind] = mapped_column(choice(WorkKind))
    digest: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    added_at: Mapped[datetime]


class Upload(Model):
    """A file on its way in pieces; its id is made by the sender, so sending it twice is once. `pieces`: [digest, size]."""

    __tablename__ = "upload"

    hand_in_id: Mapped[UUID] = mapped_column(ForeignKey("hand_in.id"), index=True)
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    received: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    began_at: Mapped[datetime]
    work_id: Mapped[UUID | None] = mapped_column(ForeignKey("work.id"))


class Marking(Model):
    """What a trainer gave a hand-in: a step from 0 to 3 for each criterion. Added, never changed; the latest counts."""

    __tablename__ = "marking"
    __table_args__ = (Index("ix_marking_hand_in", "hand_in_id", "marked_at"),)

    hand_in_id: Mapped[UUID] = mapped_column(ForeignKey("hand_in.id"))
    steps: Mapped[list[int]] = mapped_column(JSON)
    points: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[MarkOutcome] = mapped_column(choice(MarkOutcome))
    chips: Mapped[list[str]] = mapped_column(JSON, default=list)
    comment: Mapped[str] = mapped_column(Text, default="")
    marked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    marked_at: Mapped[datetime]


class CommentChip(Model):
    """A short comment a trainer keeps for the next work of the same question."""

    __tablename__ = "comment_chip"
    __table_args__ = (UniqueConstraint("account_id", "course_id", "question_key", "text"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    question_key: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(120))
    kept_at: Mapped[datetime]


class Enquiry(Model):
    """What a learner asks about a block of a lesson. `unit_id`: hers that day; `closed_at`: nothing more to answer."""

    __tablename__ = "enquiry"
    __table_args__ = (Index("ix_enquiry_course_lesson", "course_id", "lesson_key"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    lesson_key: Mapped[str] = mapped_column(String(60))
    anchor: Mapped[str] = mapped_column(String(200), default="")
    heading: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    person: Mapped[Person] = relationship()


class EnquiryAnswer(Model):
    """A trainer's answer. Pinned, it stands in the lesson for all to read, with the words the trainer gave the question."""

    __tablename__ = "enquiry_answer"

    enquiry_id: Mapped[UUID] = mapped_column(ForeignKey("enquiry.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    pinned_at: Mapped[datetime | None]
    pinned_question: Mapped[str] = mapped_column(String(500), default="")
    withdrawn_at: Mapped[datetime | None]

    enquiry: Mapped[Enquiry] = relationship()


class Evaluation(Model):
    """What a learner says of a course at its end: three marks from 1 to 4 and a line of her own. The latest counts."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("study_id"),)

    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    useful: Mapped[int] = mapped_column(SmallInteger)
    clear: Mapped[int] = mapped_column(SmallInteger)
    will_use: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime]
