"""What the room keeps of a person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import inspect, select

from lms.core.db import db
from lms.indicators.models import Contribution


def about(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """Her contributions to figures, as plain rows. The register's category is never in them."""
    columns = [column.key for column in inspect(Contribution).column_attrs]
    rows = db.scalars(select(Contribution).where(Contribution.person_id == person_id).order_by(Contribution.id))
    return {"contribution": [{name: getattr(row, name) for name in columns} for row in rows]}
