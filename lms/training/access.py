"""Who may see a class, take its roll, run it; who sees, makes and follows a path, who decides a credit: yes or no."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, or_, select
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.actor import Actor, Role
from lms.core.db import exists
from lms.people.models import Person, Post
from lms.training.models import ClassTrainer, Credit, Enrolment, Path, PathLearner, TrainingClass
from lms.units.models import Extent, Unit, UnitEdge, UnitParent
from lms.units.queries import reaches, valid_on, within

ORGANISERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
READERS = (*ORGANISERS, Role.PLANNER, Role.REPORTER, Role.AUDITOR)
INVITERS = (*ORGANISERS, Role.PLANNER)
MAKERS = DECIDERS = (Role.TRAINER, Role.ADMINISTRATOR)
GUIDES = (*ORGANISERS, Role.TRAINER)
FOLLOWERS = (*READERS, Role.TRAINER)


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


def above(units: Iterable[UUID] | Select[UUID]) -> CompoundSelect[Any]:
    """Ids of these units, of all that they lie in today, and of what those were whole before. For `IN (...)`."""
    wanted = units if isinstance(units, Select) else list(units)
    reach = select(Unit.id.label("id")).where(Unit.id.in_(wanted)).cte(recursive=True)
    parents = select(UnitParent.parent_id).join(reach, UnitParent.unit_id == reach.c.id)
    reach = reach.union(parents.where(valid_on(UnitParent, clock.today())))
    before = select(UnitEdge.old_id).join(reach, UnitEdge.new_id == reach.c.id).where(UnitEdge.extent == Extent.WHOLE)
    return select(reach.c.id).union(before)


def humans_in(units: Iterable[UUID]) -> Select[UUID]:
    """Canonical ids of those who have a post today in these units. For `IN (...)`."""
    return _somewhere().where(Post.unit_id.in_(within(units)))


def _somewhere() -> Select[UUID]:
    query = select(Person.canonical_id).join(Post, Post.person_id == Person.id)
    return query.where(valid_on(Post, clock.today()))


def reaches_human(units: Iterable[UUID], canonical_id: UUID) -> bool:
    """Has this human a post today in these units?"""
    tops = list(units)
    return bool(tops) and exists(humans_in(tops).where(Person.canonical_id == canonical_id))


def own_paths(person_id: UUID | None) -> Select[UUID]:
    """The paths this human is on. For `IN (...)`."""
    query = select(PathLearner.path_id).where(PathLearner.left_at.is_(None))
    return query.where(PathLearner.person_id.in_(same_human(person_id)))


def sees_path(actor: Actor) -> ColumnElement[bool]:
    """Her own paths; those of units that hers lie in, or that her units reach. A retired one only if she is on it."""
    units = actor.units_as(*FOLLOWERS)
    posts = select(Post.unit_id).where(Post.person_id.in_(same_human(actor.person_id)))
    near: ColumnElement[bool] = Path.unit_id.in_(above(posts.where(valid_on(Post, clock.today()))))
    if units:
        near = or_(near, Path.unit_id.in_(above(units)), Path.unit_id.in_(within(units)))
    return or_(Path.id.in_(own_paths(actor.person_id)), and_(Path.retired_at.is_(None), near))


@dataclass(frozen=True)
class PathSight:
    """What an actor may do with a path she sees."""

    edits: bool
    guides: bool
    follows: bool
    is_on: bool


def path_sight(actor: Actor, path: Path) -> PathSight:
    """Makers whose unit reaches the path's change it; guides put people of theirs on it; followers see theirs."""
    is_on = exists(own_paths(actor.person_id).where(PathLearner.path_id == path.id))
    if path.retired_at is not None:
        return PathSight(edits=False, guides=False, follows=False, is_on=is_on)
    return PathSight(
        edits=reaches(actor.units_as(*MAKERS), path.unit_id),
        guides=bool(actor.units_as(*GUIDES)),
        follows=bool(actor.units_as(*FOLLOWERS)),
        is_on=is_on,
    )


def sees_credit(actor: Actor) -> ColumnElement[bool]:
    """Credits of people in her units as a decider; of those who are nowhere today, by the unit they had then."""
    units = actor.units_as(*DECIDERS)
    if not units:
        return false()
    reach = within(units)
    recorded = aliased(Person)
    human = select(recorded.canonical_id).where(recorded.id == Credit.person_id).scalar_subquery()
    then = and_(Credit.unit_id.in_(reach), human.not_in(_somewhere()))
    return or_(human.in_(_somewhere().where(Post.unit_id.in_(reach))), then)
