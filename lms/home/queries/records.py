"""What one person has learned."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from lms.core.db import db
from lms.core.sheets import Cell
from lms.core.words import Text, day, text
from lms.credentials.models import Certificate
from lms.learning.models import Study
from lms.people.models import Person
from lms.training.models import Participation, TrainingClass


def record_rows(
    studies: Sequence[Study], taken: Sequence[Participation], papers: Sequence[Certificate]
) -> tuple[tuple[Text, ...], list[tuple[Cell, ...]]]:
    """Heads and rows of a person's record as a file."""
    heads = (text("Loại"), text("Tên"), text("Từ ngày"), text("Đến ngày"), text("Kết quả"))
    done, not_yet = text("hoàn thành"), text("chưa hoàn thành")
    rows: list[tuple[Cell, ...]] = [
        (
            text("Khóa học trực tuyến"),
            s.course.title,
            s.began_at.date(),
            s.completed_at and day(s.completed_at),
            done if s.completed_at else not_yet,
        )
        for s in studies
    ]
    for part in taken:
        held = part.training_class
        rows.append(
            (text("Lớp tập huấn"), held.title, held.starts_on, held.ends_on, done if part.completed_at else not_yet)
        )
    rows += [(text("Giấy chứng nhận"), p.course_title, p.begins_on, p.ends_on, p.issued_on) for p in papers]
    return heads, rows


def participations_of(person_id: UUID) -> list[Participation]:
    """A human's takings part in classes, newest first, with their classes."""
    same = select(Person.canonical_id).where(Person.id == person_id).scalar_subquery()
    query = (
        select(Participation).join(Participation.training_class).options(contains_eager(Participation.training_class))
    )
    return list(db.scalars(query.where(Participation.person_id == same).order_by(TrainingClass.starts_on.desc())))
