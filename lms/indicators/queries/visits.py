"""Is the register open to her: a reason given by POST opens a unit's sealed pages for 30 minutes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.officials.models import SealedVisit
from lms.units.queries import reaches


def visit_of(actor: Actor, unit_id: UUID) -> SealedVisit | None:
    """Her open visit that reaches this unit."""
    query = select(SealedVisit).where(SealedVisit.account_id == actor.account_id, SealedVisit.until > clock.now())
    return next((visit for visit in db.scalars(query) if reaches([visit.unit_id], unit_id)), None)
