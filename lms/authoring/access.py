"""Who may publish."""

from __future__ import annotations

from lms.core.actor import Actor, Role
from lms.courses.models import Course
from lms.units.queries import reaches

AUTHORS = (Role.TRAINER, Role.ADMINISTRATOR)


def can_publish(actor: Actor, course: Course | None) -> bool:
    """A new course by any author; a known one by authors whose units reach its owner's unit."""
    units = actor.units_as(*AUTHORS)
    if course is None or course.owner is None:
        return bool(units)
    return reaches(units, course.owner.unit_id)
