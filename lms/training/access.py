"""Who may see a class, take its roll, run it: yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from lms.core.actor import Actor, Role
from lms.core.db import exists
from lms.people.models import Person
from lms.training.models import ClassTrainer, Enrolment, TrainingClass
from lms.units.queries import reaches

ORGANISERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
READERS = (*ORGANISERS, Role.PLANNER, Role.REPORTER, Role.AUDITOR)
INVITERS = (*ORGANISERS, Role.PLANNER)


@dataclass(frozen=True)
class Sight:
    """What an actor may do with a class. Who may not read it at all may only see her own part of it."""

    reads: bool = False
    takes_roll: bool = False
    runs: bool = False
    attends: bool = False


def sight(actor: Actor, training_class: TrainingClass, teaches: bool | None = None) -> Sight | None:
    """What this actor may do with a class; None = there is no such class for her. `teaches`, where that is known."""
    unit_id = training_class.organiser_unit_id
    if reaches(actor.units_as(*ORGANISERS), unit_id):
        return Sight(reads=True, takes_roll=True, runs=True)
    if is_trainer(actor, training_class.id) if teaches is None else teaches:
        return Sight(reads=True, takes_roll=True)
    if reaches(actor.units_as(*READERS), unit_id):
        return Sight(reads=True)
    return Sight(attends=True) if is_on_roster(actor, training_class.id) else None


def is_trainer(actor: Actor, class_id: UUID) -> bool:
    """Does she teach this class, under whichever of her linked records?"""
    return exists(teaching(actor).where(ClassTrainer.class_id == class_id))


def teaching(actor: Actor) -> Select[UUID]:
    """The classes she teaches. For `IN (...)`."""
    return select(ClassTrainer.class_id).where(ClassTrainer.person_id.in_(same_human(actor.person_id)))


def is_on_roster(actor: Actor, class_id: UUID) -> bool:
    """Is she expected in this class?"""
    asked = select(Enrolment.id).where(Enrolment.class_id == class_id, Enrolment.withdrawn_at.is_(None))
    return exists(asked.where(Enrolment.person_id.in_(same_human(actor.person_id))))


def same_human(person_id: UUID | None) -> Select[UUID]:
    """All records of the human that this record stands for (nobody's for None). For `IN (...)`."""
    canonical = select(Person.canonical_id).where(Person.id == person_id).scalar_subquery()
    return select(Person.id).where(Person.canonical_id == canonical)
