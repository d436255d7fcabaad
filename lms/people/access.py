"""Who may see or change persons, accounts and grants: yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lms.core.actor import Actor, Role
from lms.people.models import Account, Grant
from lms.units.queries import reaches

WRITERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
READERS = (*WRITERS, Role.AUDITOR, Role.PLANNER, Role.REPORTER, Role.TRAINER)


def can_write_at(actor: Actor, unit_id: UUID | None) -> bool:
    """Add and correct persons of this unit; also see their ethnic group, which is sensitive."""
    return unit_id is not None and reaches(actor.units_as(*WRITERS), unit_id)


def can_reset(actor: Actor, account: Account, grants: Sequence[Grant], unit_id: UUID | None) -> bool:
    """Give a new first PIN. Not her own; an account with roles only from an administrator above all of them.

    Otherwise a coordinator could take over the account of an administrator who lives in her commune.
    """
    if actor.account_id == account.id:
        return False
    above = actor.units_as(Role.ADMINISTRATOR)
    if grants:
        return all(reaches(above, grant.unit_id) for grant in grants)
    return can_write_at(actor, unit_id)


def can_grant(actor: Actor, account: Account, unit_id: UUID) -> bool:
    """Give or end roles at this unit: its administrators, but nobody for herself."""
    return actor.account_id != account.id and reaches(actor.units_as(Role.ADMINISTRATOR), unit_id)
