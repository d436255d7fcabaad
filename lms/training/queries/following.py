"""Who of a class is followed in its course."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from lms.courses.models import Edition
from lms.courses.queries import current_edition
from lms.training.models import Enrolment, TrainingClass
from lms.training.queries.places import recorded


def edition_followed(training_class: TrainingClass) -> Edition | None:
    """The edition the class is held by, else the one in force; None for a course taught in classes only."""
    return training_class.edition or current_edition(training_class.course_id)


def humans_of(class_id: UUID) -> Select[UUID]:
    """Canonical keys of the roster. For `IN (...)`."""
    person = recorded()
    query = select(person.canonical_id).join(Enrolment, Enrolment.person_id == person.id)
    return query.where(Enrolment.class_id == class_id, Enrolment.withdrawn_at.is_(None))
