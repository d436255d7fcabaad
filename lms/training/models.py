"""Classes, sessions and the roll: marks are facts, attendance and participation are their folds (design 3, 5)."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model, choice
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


class TrainingClass(Model):
    """A course held at a place and time. `threshold` = percent of session minutes for completion (default 80)."""

    __tablename__ = "training_class"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[UUID | None] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
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
