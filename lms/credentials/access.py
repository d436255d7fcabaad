"""Who may see and who may end a certificate, by the unit of the organisation that issued it."""

from __future__ import annotations

from uuid import UUID

from lms.core.actor import Actor, Role
from lms.credentials.models import Certificate
from lms.units.queries import reaches

READERS = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.PLANNER, Role.REPORTER, Role.AUDITOR)
ENDERS = (Role.COORDINATOR, Role.ADMINISTRATOR)


def units_read(actor: Actor) -> frozenset[UUID]:
    """Units whose certificates, and those of the units within, she may see."""
    return actor.units_as(*READERS)


def can_read(actor: Actor, certificate: Certificate) -> bool:
    """Does she reach the issuer's unit as one of the readers?"""
    return reaches(units_read(actor), certificate.issuer.unit_id)


def can_end(actor: Actor, certificate: Certificate) -> bool:
    """May she revoke, replace or issue again: a coordinator or administrator who reaches the issuer's unit."""
    return reaches(actor.units_as(*ENDERS), certificate.issuer.unit_id)
