"""Giấy chứng nhận: frozen when issued, numbered without gap, ended only by an event with a reason (design 3, Certificates)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model, choice
from lms.core.words import Text, text
from lms.courses.models import Course
from lms.credentials import rules
from lms.people.models import Person
from lms.units.models import Organisation


class CertificateKind(StrEnum):
    """What was earned."""

    CLASS = "class"
    ONLINE = "online"


class CertificateEventKind(StrEnum):
    """Life of a certificate."""

    ISSUED = "issued"
    PRINTED = "printed"
    REVOKED = "revoked"
    REPLACED = "replaced"

    @property
    def label(self) -> Text:
        """For people."""
        return _EVENTS[self]


class CertificateState(StrEnum):
    """Is it worth anything today?"""

    LIVE = "live"
    REVOKED = "revoked"
    REPLACED = "replaced"

    @property
    def label(self) -> Text:
        """For people."""
        return _STATES[self]


class Cause(StrEnum):
    """Kind of reason for revoking: the public page shows this word, never the free text beside it."""

    WRONG_PERSON = "wrong_person"
    NOT_EARNED = "not_earned"
    WRONG_WORDS = "wrong_words"
    ISSUED_TWICE = "issued_twice"
    OTHER = "other"

    @property
    def label(self) -> Text:
        """For people."""
        return _CAUSES[self]


_STATES = {
    CertificateState.LIVE: text("Hiệu lực"),
    CertificateState.REVOKED: text("Đã thu hồi"),
    CertificateState.REPLACED: text("Đã thay thế"),
}
_CAUSES = {
    Cause.WRONG_PERSON: text("Ghi nhầm người học"),
    Cause.NOT_EARNED: text("Chưa đủ điều kiện hoàn thành"),
    Cause.WRONG_WORDS: text("Nội dung ghi trên giấy không đúng"),
    Cause.ISSUED_TWICE: text("Cấp trùng"),
    Cause.OTHER: text("Lý do khác"),
}
_EVENTS = {
    CertificateEventKind.ISSUED: text("Cấp"),
    CertificateEventKind.PRINTED: text("In"),
    CertificateEventKind.REVOKED: text("Thu hồi"),
    CertificateEventKind.REPLACED: text("Thay thế"),
}


class NumberSeries(Model):
    """Last number given by an issuing organisation in a year; locked while the next is taken."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("issuer_id", "year"),)

    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    last: Mapped[int]


class Certificate(Model):
    """Written once. `earned_by` = "class:<id>" or "study:<id>"; at most one live per (person, earned_by, kind).

    `person_id` is the canonical person on the day of issue; `found_by` = `names.loose` of what the list is searched by.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("issuer_id", "year", "number"),
        Index(
            "uq_certificate_live",
            "person_id",
            "earned_by",
            "kind",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )

    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[CertificateKind] = mapped_column(choice(CertificateKind))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[UUID | None] = mapped_column(ForeignKey("edition.id"))
    earned_by: Mapped[str] = mapped_column(String(50), index=True)
    name: Mapped[str] = mapped_column(String(120))
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    course_title: Mapped[str] = mapped_column(String(200))
    days: Mapped[int | None] = mapped_column(SmallInteger)
    hours: Mapped[float]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    issuer_name: Mapped[str] = mapped_column(String(200))
    issuer_superior: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    issued_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"))
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    signing_key: Mapped[str | None] = mapped_column(String(32))
    status_index: Mapped[int | None]
    pdf_digest: Mapped[str] = mapped_column(String(64), default="")
    found_by: Mapped[str] = mapped_column(String(600), default="")

    person: Mapped[Person] = relationship()
    issuer: Mapped[Organisation] = relationship()
    course: Mapped[Course] = relationship()

    @property
    def state(self) -> CertificateState:
        """Live until ended; ended with a successor is replaced, without one revoked."""
        if self.ended_at is None:
            return CertificateState.LIVE
        return CertificateState.REVOKED if self.successor_id is None else CertificateState.REPLACED

    @property
    def number_text(self) -> str:
        """ "0127/2026/GCN"."""
        return rules.number_text(self.number, self.year)


class CertificateEvent(Model):
    """What happened to a certificate, by whom, why."""

    __tablename__ = "certificate_event"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    kind: Mapped[CertificateEventKind] = mapped_column(choice(CertificateEventKind))
    at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    cause: Mapped[Cause | None] = mapped_column(choice(Cause))
    reason: Mapped[str] = mapped_column(String(300), default="")
