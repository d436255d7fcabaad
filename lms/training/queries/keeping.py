"""What the room keeps of a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select

from lms.core.db import Model, db
from lms.training.models import Attendance, ClassTrainer, Credit, Enrolment, Participation, PathLearner, RollMark

NAMING = (ClassTrainer, Enrolment, RollMark, Attendance, Participation, PathLearner, Credit)


def about(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """All rows of the room that name a person as recorded, by table; every table is named."""
    kept: dict[str, list[dict[str, object]]] = {}
    for model in NAMING:
        table: Any = model
        rows = db.scalars(select(table).where(table.person_id == person_id).order_by(table.id))
        kept[table.__tablename__] = [_plain(row) for row in rows]
    return kept


def _plain(row: Model) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}
