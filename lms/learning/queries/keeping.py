"""What the room keeps of a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select

from lms.core.db import Model, db
from lms.learning.models import Assignment, Progress, Study, StudyEvent, TestAttempt

BY_STUDY = (StudyEvent, Progress, TestAttempt)


def about(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """All rows of the room that tell of a person as recorded, by table; every table is named."""
    studies = list(db.scalars(select(Study).where(Study.person_id == person_id).order_by(Study.id)))
    given = db.scalars(select(Assignment).where(Assignment.person_id == person_id).order_by(Assignment.id))
    kept: dict[str, list[dict[str, object]]] = {
        "study": [_plain(study) for study in studies],
        "assignment": [_plain(assignment) for assignment in given],
    }
    for model in BY_STUDY:
        table: Any = model
        rows = db.scalars(select(table).where(table.study_id.in_([study.id for study in studies])).order_by(table.id))
        kept[table.__tablename__] = [_plain(row) for row in rows]
    return kept


def _plain(row: Model) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}
