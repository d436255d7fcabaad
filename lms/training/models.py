"""Classes, sessions and the roll: marks are facts, attendance and participation are their folds (design 3, 5)."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model, choice
from lms.core.names import loose
from lms.core.words import Text, text
from lms.courses.models import Course, Edition
from lms.people.models import Person, PostKind, Sex
from lms.units.models import Organisation, Unit


class Mode(StrEnum):
    """How a class is held."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    BLENDED = "blended"

    @property
    def label(self) -> Text:
        """For people."""
        return {Mode.IN_PERSON: text("Trực tiếp"), Mode.ONLINE: text("Trực tuyến"), Mode.BLENDED: text("Kết hợp")}[self]


class RollState(StrEnum):
    """What a mark says. "Not marked" is the absence of a mark, never a mark."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"

    @property
    def label(self) -> Text:
        """For people."""
        return _STATES[self]


_STATES = {
    RollState.PRESENT: text("Có mặt"),
    RollState.LATE: text("Muộn"),
    RollState.LEFT_EARLY: text("Về sớm"),
    RollState.EXCUSED: text("Có phép"),
    RollState.ABSENT: text("Vắng"),
}


class Method(StrEnum):
    """How it is known, best first (tracking D.2)."""

    CARD = "card"
    TICK = "tick"
    PAPER = "paper"
    CODE = "code"
    ONLINE = "online"
    IMPORT = "import"


class TrainerRole(StrEnum):
    """Who leads."""

    LEAD = "lead"
    ASSISTANT = "assistant"


def _title_loose(context: Any) -> str:
    return loose(context.get_current_parameters()["title"])


class TrainingClass(Model):
    """A course held at a place and time. `threshold` = percent of session minutes for completion (default 80)."""

    __tablename__ = "training_class"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[UUID | None] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_loose: Mapped[str] = mapped_column(String(200), default=_title_loose, server_default="", index=True)
    organiser_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    organiser_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    venue_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    venue: Mapped[str] = mapped_column(String(200))
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date] = mapped_column(index=True)
    capacity: Mapped[int]
    threshold: Mapped[int] = mapped_column(SmallInteger, default=80)
    needs_test: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    edition: Mapped[Edition | None] = relationship()
    organiser: Mapped[Organisation] = relationship()
    venue_unit: Mapped[Unit] = relationship(foreign_keys=[venue_unit_id])


class ClassTrainer(Model):
    """Who teaches a class."""

    __tablename__ = "class_trainer"
    __table_args__ = (UniqueConstraint("class_id", "person_id"),)

    class_id: Mapped[UUID] = mapped_column(ForeignKey("training_class.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[TrainerRole] = mapped_column(choice(TrainerRole), default=TrainerRole.LEAD)

    person: Mapped[Person] = relationship()


class Session(Model):
    """A buổi: the unit of attendance. Times are local. Closing marks nobody absent."""

    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("class_id", "number"),)

    class_id: Mapped[UUID] = mapped_column(ForeignKey("training_class.id"))
    number: Mapped[int]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    minutes: Mapped[int]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    training_class: Mapped[TrainingClass] = relationship()


class Enrolment(Model):
    """Who is expected in a class (the roster). Who she was is frozen when the class starts; no reason or list is kept."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("class_id", "person_id"),)

    class_id: Mapped[UUID] = mapped_column(ForeignKey("training_class.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    invited_at: Mapped[datetime]
    inviter_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    frozen_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    frozen_sex: Mapped[Sex | None] = mapped_column(choice(Sex))
    frozen_ethnic_group: Mapped[str | None] = mapped_column(String(20))
    frozen_post_kind: Mapped[PostKind | None] = mapped_column(choice(PostKind))
    withdrawn_at: Mapped[datetime | None]

    training_class: Mapped[TrainingClass] = relationship()
    person: Mapped[Person] = relationship()


class RollMark(Model):
    """A fact of the roll; its id is the inbox event's. `voids_id` strikes out an earlier mark, with a reason."""

    __tablename__ = "roll_mark"
    __table_args__ = (Index("ix_roll_mark_session_person", "session_id", "person_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[RollState | None] = mapped_column(choice(RollState))
    voids_id: Mapped[UUID | None] = mapped_column(ForeignKey("roll_mark.id"))
    missing: Mapped[int | None]
    method: Mapped[Method] = mapped_column(choice(Method))
    reason: Mapped[str] = mapped_column(String(300), default="")
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    captured_at: Mapped[datetime]
    received_at: Mapped[datetime]


class Attendance(Model):
    """The fold of a session's marks for one canonical person; no row = not marked."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[RollState] = mapped_column(choice(RollState))
    minutes: Mapped[int]
    method: Mapped[Method] = mapped_column(choice(Method))
    mark_id: Mapped[UUID] = mapped_column(ForeignKey("roll_mark.id"))


class Participation(Model):
    """A canonical person's taking part in a class, derived from attendance. `completed_at`, once earned, stays."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("class_id", "person_id"),)

    class_id: Mapped[UUID] = mapped_column(ForeignKey("training_class.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    minutes: Mapped[int]
    sessions: Mapped[int]
    came: Mapped[bool]
    completed_at: Mapped[datetime | None] = mapped_column(index=True)

    training_class: Mapped[TrainingClass] = relationship()
    person: Mapped[Person] = relationship()


class StepKind(StrEnum):
    """What a step of a path asks for."""

    COURSE = "course"
    CLASS = "class"
    TASK = "task"
    VISIT = "visit"

    @property
    def label(self) -> Text:
        """For people."""
        return _STEPS[self]


_STEPS = {
    StepKind.COURSE: text("Khóa học trực tuyến"),
    StepKind.CLASS: text("Lớp tập huấn"),
    StepKind.TASK: text("Bài thực hành"),
    StepKind.VISIT: text("Chuyến học tập"),
}


class CreditState(StrEnum):
    """What was decided of an earlier training."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Path(Model):
    """Ordered steps for one audience. A retired path is shown to those on it and to nobody else."""

    __tablename__ = "path"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(String(500), default="")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class PathStep(Model):
    """A step: a course studied online, a class of a course, a product of a course (`question_key`), a study visit.

    A step taken out keeps its row: what was credited for it stays.
    """

    __tablename__ = "path_step"

    path_id: Mapped[UUID] = mapped_column(ForeignKey("path.id"), index=True)
    place: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(choice(StepKind))
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"), index=True)
    question_key: Mapped[str] = mapped_column(String(80), default="")
    removed_at: Mapped[datetime | None]

    path: Mapped[Path] = relationship()
    course: Mapped[Course | None] = relationship()


class PathLearner(Model):
    """Who is on a path, since when; she may leave it and come back."""

    __tablename__ = "path_learner"
    __table_args__ = (UniqueConstraint("path_id", "person_id"),)

    path_id: Mapped[UUID] = mapped_column(ForeignKey("path.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    left_at: Mapped[datetime | None]

    path: Mapped[Path] = relationship()
    person: Mapped[Person] = relationship()


class Credit(Model):
    """An earlier training, or a practice seen, put forward for a step with its evidence; decided by another person."""

    __tablename__ = "credit"

    step_id: Mapped[UUID] = mapped_column(ForeignKey("path_step.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    done_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(500))
    digest: Mapped[str] = mapped_column(String(64), default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[CreditState] = mapped_column(choice(CreditState), default=CreditState.ASKED)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300), default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]

    step: Mapped[PathStep] = relationship()
    person: Mapped[Person] = relationship()
