"""Who may see figures, and who the sealed ones."""

from __future__ import annotations

from uuid import UUID

from lms.core.actor import Actor, Role
from lms.units.queries import reaches

READERS = (Role.COORDINATOR, Role.PLANNER, Role.REPORTER, Role.ADMINISTRATOR, Role.AUDITOR)
SEALED = (Role.PLANNER, Role.AUDITOR)


def can_ask_the_register(actor: Actor, unit_id: UUID) -> bool:
    """May she open figures that rest on the register of women officials, once she has given a reason?"""
    return reaches(actor.units_as(*SEALED), unit_id)
