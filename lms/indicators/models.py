"""What each taking part adds to each indicator: one row per (indicator, occasion, person); figures count these rows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model, choice
from lms.people.models import PostKind, Sex


class Occasion(StrEnum):
    """A taking part happens in a class or by a first online completion."""

    CLASS = "class"
    ONLINE = "online"


class Contribution(Model):
    """A canonical person took part in an occasion that this indicator counts. The register's category is never here."""

    __tablename__ = "contribution"
    __table_args__ = (
        UniqueConstraint("indicator", "occasion", "occasion_id", "person_id"),
        Index("ix_contribution_figure", "indicator", "day", "unit_id"),
        Index("ix_contribution_person", "person_id", "indicator", "day"),
    )

    indicator: Mapped[str] = mapped_column(String(40))
    occasion: Mapped[Occasion] = mapped_column(choice(Occasion))
    occasion_id: Mapped[UUID] = mapped_column(index=True)
    order: Mapped[str] = mapped_column(String(40), default="")
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    day: Mapped[date]
    sex: Mapped[Sex] = mapped_column(choice(Sex))
    ethnic_group: Mapped[str | None] = mapped_column(String(20))
    post_kind: Mapped[PostKind | None] = mapped_column(choice(PostKind))
