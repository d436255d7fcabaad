"""Administrative units through time (design 3, Units through time) and the organisations that sit in them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model, choice
from lms.core.words import Text, text


class Level(StrEnum):
    """Where a unit stands. Districts ended on 1/7/2025 and stay as report lines of earlier periods."""

    COUNTRY = "country"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    VILLAGE = "village"

    @property
    def label(self) -> Text:
        """For people."""
        return _LEVELS[self]


_LEVELS = {
    Level.COUNTRY: text("Trung ương"),
    Level.PROVINCE: text("Tỉnh"),
    Level.DISTRICT: text("Huyện"),
    Level.COMMUNE: text("Xã"),
    Level.VILLAGE: text("Thôn, bản"),
}


class Extent(StrEnum):
    """How much of an old unit went into a new one."""

    WHOLE = "whole"
    PART = "part"


class OrganisationKind(StrEnum):
    """Who organises, issues, receives, signs."""

    WOMENS_UNION = "womens_union"
    STATE = "state"
    SCHOOL = "school"
    OTHER = "other"


class Unit(Model):
    """A place with validity [begins, ends); None = unknown beginning, no end. `kind` is the word before its name."""

    __tablename__ = "unit"

    level: Mapped[Level] = mapped_column(choice(Level))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    name_loose: Mapped[str] = mapped_column(String(160), index=True)
    name_sort: Mapped[str] = mapped_column(String(240))
    begins: Mapped[date | None]
    ends: Mapped[date | None]

    @property
    def title(self) -> str:
        """ "xã Xuân Du"."""
        return f"{self.kind} {self.name}".strip()


class UnitCode(Model):
    """A code stands for a unit for a time only: after 1/7/2025, 2,145 commune codes name another place."""

    __tablename__ = "unit_code"
    __table_args__ = (UniqueConstraint("scheme", "code", "begins"),)

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    scheme: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(10))
    begins: Mapped[date | None]
    ends: Mapped[date | None]


class UnitParent(Model):
    """Which unit a unit belongs to, for a time."""

    __tablename__ = "unit_parent"
    __table_args__ = (Index("ix_unit_parent_parent_ends", "parent_id", "ends"),)

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    begins: Mapped[date | None]
    ends: Mapped[date | None]


class UnitChange(Model):
    """A decree that ends and begins units."""

    __tablename__ = "unit_change"

    decree: Mapped[str] = mapped_column(String(200))
    effective: Mapped[date]


class UnitEdge(Model):
    """Old -> new, whole or part. No fact is ever moved along it; views are restated over it."""

    __tablename__ = "unit_edge"
    __table_args__ = (UniqueConstraint("change_id", "old_id", "new_id"),)

    change_id: Mapped[UUID] = mapped_column(ForeignKey("unit_change.id"))
    old_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    new_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    extent: Mapped[Extent] = mapped_column(choice(Extent))


class Organisation(Model):
    """Organises, issues, receives and signs; it sits in a unit but is not the unit."""

    __tablename__ = "organisation"

    kind: Mapped[OrganisationKind] = mapped_column(choice(OrganisationKind))
    name: Mapped[str] = mapped_column(String(200))
    superior: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    begins: Mapped[date | None]
    ends: Mapped[date | None]

    unit: Mapped[Unit] = relationship()
