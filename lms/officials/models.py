"""The sealed register of women officials: dated statuses, and the visits to it. No column of another room points here."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model, choice
from lms.officials.rules import Category as Category
from lms.people.models import Person
from lms.units.models import Level, Unit


class RegisterEntry(Model):
    """A woman is in a category at a body, [begins, ends). Her next category is a new row."""

    __tablename__ = "register_entry"
    __table_args__ = (Index("ix_register_entry_unit_ends", "unit_id", "ends"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    category: Mapped[Category] = mapped_column(choice(Category))
    body_level: Mapped[Level] = mapped_column(choice(Level))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    post: Mapped[str] = mapped_column(String(160), default="")
    term: Mapped[str] = mapped_column(String(20), default="")
    decision: Mapped[str] = mapped_column(String(120), default="")
    begins: Mapped[date]
    ends: Mapped[date | None]
    source_digest: Mapped[str] = mapped_column(String(64), default="")
    entered_by_id: Mapped[UUID | None]
    entered_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()


class SealedVisit(Model):
    """A reason given by POST opens a unit's sealed pages to one account for 30 minutes."""

    __tablename__ = "sealed_visit"
    __table_args__ = (Index("ix_sealed_visit_account_until", "account_id", "until"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    until: Mapped[datetime]
