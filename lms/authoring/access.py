"""Who may publish: yes or no."""

from __future__ import annotations

from lms.core.actor import Actor, Role
from lms.units.models import Organisation
from lms.units.queries import reaches

AUTHORS = (Role.TRAINER, Role.ADMINISTRATOR)


def can_publish(actor: Actor, owner: Organisation | None) -> bool:
    """A course of this organisation: authors whose units reach it. A course without an owner: nobody."""
    return owner is not None and reaches(actor.units_as(*AUTHORS), owner.unit_id)
