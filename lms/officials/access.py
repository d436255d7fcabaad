"""Who may open the register: planners and, to read, auditors, of units that reach the place. Nobody else knows of it."""

from __future__ import annotations

from uuid import UUID

from lms.core.actor import Actor, Role
from lms.units.queries import reaches

READERS = (Role.PLANNER, Role.AUDITOR)
WRITERS = (Role.PLANNER,)


def can_read(actor: Actor, unit_id: UUID) -> bool:
    """See the register of this unit; each time only within a sealed visit."""
    return reaches(actor.units_as(*READERS), unit_id)


def can_write(actor: Actor, unit_id: UUID) -> bool:
    """Enter and end entries of this unit, import its lists, invite from its gap."""
    return reaches(actor.units_as(*WRITERS), unit_id)
