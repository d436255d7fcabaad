"""Which occasions make a woman trained: data, not code (design 5.0)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model, choice
from lms.courses.models import Course
from lms.coverage.rules import Source as Source
from lms.coverage.rules import Threshold as Threshold


class TrainedRule(Model):
    """An occasion of this course, source and threshold, on a day in [begins, ends), makes a woman trained."""

    __tablename__ = "trained_rule"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    source: Mapped[Source] = mapped_column(choice(Source), default=Source.CLASS)
    threshold: Mapped[Threshold] = mapped_column(choice(Threshold), default=Threshold.COMPLETED)
    begins: Mapped[date]
    ends: Mapped[date | None]

    course: Mapped[Course] = relationship()
