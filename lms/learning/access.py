"""Who may study and who may give courses."""

from __future__ import annotations

from uuid import UUID

from lms.core.actor import Actor, Role
from lms.courses.models import Edition

GIVERS = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.TRAINER)
FOLLOWERS = (*GIVERS, Role.PLANNER, Role.AUDITOR)
ANSWERERS = (Role.TRAINER, Role.ADMINISTRATOR)
MARKERS = (Role.TRAINER, Role.ADMINISTRATOR)


def may_read(actor: Actor | None, edition: Edition) -> bool:
    """Anyone reads an open course; another asks to sign in."""
    return edition.open or actor is not None


def gives_in(actor: Actor) -> frozenset[UUID]:
    """Units in whose subtrees this actor gives courses to persons."""
    return actor.units_as(*GIVERS)


def follows_in(actor: Actor) -> frozenset[UUID]:
    """Units in whose subtrees this actor sees how far learners are."""
    return actor.units_as(*FOLLOWERS)


def answers_in(actor: Actor) -> frozenset[UUID]:
    """Units of whose learners this actor answers questions."""
    return actor.units_as(*ANSWERERS)


def marks_in(actor: Actor) -> frozenset[UUID]:
    """Units of whose learners this actor marks hand-ins."""
    return actor.units_as(*MARKERS)
