"""Classes as an actor may see them: lists, tickets, figures and the lists behind the figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.words import Text, text
from lms.people.models import Person
from lms.training import access
from lms.training.access import Sight
from lms.training.models import ClassTrainer, Session, TrainingClass
from lms.units.queries import within

MOST_CLASSES = 200  # more are narrowed by state, or taken as a file


class Stage(StrEnum):
    """Where a class stands today; the values are words of addresses."""

    OPEN = "dang-mo"
    COMING = "sap-toi"
    CLOSED = "da-chot"
    CANCELLED = "da-huy"

    @property
    def label(self) -> Text:
        """For people."""
        return _STAGES[self]


_STAGES = {
    Stage.OPEN: text("Đang mở"),
    Stage.COMING: text("Sắp tới"),
    Stage.CLOSED: text("Đã chốt"),
    Stage.CANCELLED: text("Đã hủy"),
}


def stage_of(training_class: TrainingClass) -> Stage:
    """Where a class stands today. One whose days are over stays open until a person closes it."""
    if training_class.cancelled_at is not None:
        return Stage.CANCELLED
    if training_class.closed_at is not None:
        return Stage.CLOSED
    return Stage.COMING if training_class.starts_on > clock.today() else Stage.OPEN


def _stage_is(stage: Stage) -> ColumnElement[bool]:
    cancelled, closed = TrainingClass.cancelled_at.is_not(None), TrainingClass.closed_at.is_not(None)
    running = and_(~cancelled, ~closed)
    return {
        Stage.CANCELLED: cancelled,
        Stage.CLOSED: and_(closed, ~cancelled),
        Stage.COMING: and_(running, TrainingClass.starts_on > clock.today()),
        Stage.OPEN: and_(running, TrainingClass.starts_on <= clock.today()),
    }[stage]


def seen_class(actor: Actor, class_id: UUID, reads: bool = False) -> tuple[TrainingClass, Sight]:
    """A class and what she may do with it; NotFound if nothing (with `reads`, also if she may not read its lists)."""
    query = select(TrainingClass).where(TrainingClass.id == class_id)
    found = db.scalar(query.options(joinedload(TrainingClass.course), joinedload(TrainingClass.organiser)))
    sight = access.sight(actor, found) if found is not None else None
    if found is None or sight is None or (reads and not sight.reads):
        raise NotFound
    return found, sight


def class_for(actor: Actor, class_id: UUID) -> TrainingClass:
    """A class that she organises, oversees, teaches or attends; NotFound."""
    return seen_class(actor, class_id)[0]


def seen_session(actor: Actor, session_id: UUID) -> tuple[Session, Sight]:
    """A session of a class whose roll she may read, and what she may do with it; NotFound."""
    query = select(Session, Session.class_id.in_(access.teaching(actor))).where(Session.id == session_id)
    row = db.execute(query.options(joinedload(Session.training_class, innerjoin=True))).one_or_none()
    sight = access.sight(actor, row[0].training_class, bool(row[1])) if row is not None else None
    if row is None or sight is None or not sight.reads:
        raise NotFound
    return row[0], sight


def session_for(actor: Actor, session_id: UUID) -> Session:
    """A session of a class whose roll she may read; NotFound."""
    return seen_session(actor, session_id)[0]


@dataclass(frozen=True)
class ClassLine:
    """A class in a list."""

    training_class: TrainingClass
    stage: Stage
    teaches: bool


def _mine(actor: Actor) -> tuple[Select[UUID], Select[TrainingClass]]:
    """Classes she teaches, and the classes of her list: taught or organised within her units."""
    taught = access.teaching(actor)
    units = actor.units_as(*access.READERS)
    hers: ColumnElement[bool] = TrainingClass.id.in_(taught)
    if units:
        hers = or_(hers, TrainingClass.organiser_unit_id.in_(within(units)))
    return taught, select(TrainingClass).where(hers)


def classes_for(actor: Actor, stage: Stage | None = None, most: int | None = None) -> list[ClassLine]:
    """Classes she organises, oversees or teaches: open ones first, then coming, then closed, the newest first."""
    taught, query = _mine(actor)
    if stage is not None:
        query = query.where(_stage_is(stage))
    rank = case((_stage_is(Stage.OPEN), 0), (_stage_is(Stage.COMING), 1), else_=2)
    soon = case((_stage_is(Stage.COMING), TrainingClass.starts_on))
    query = query.options(joinedload(TrainingClass.course), joinedload(TrainingClass.venue_unit))
    query = query.order_by(rank, soon, TrainingClass.starts_on.desc(), TrainingClass.number.desc()).limit(most)
    teaching = set(db.scalars(taught))
    return [ClassLine(found, stage_of(found), found.id in teaching) for found in db.scalars(query)]


def classes_open_for(actor: Actor) -> list[TrainingClass]:
    """Classes into which she may invite: of her units (as coordinator, administrator, planner), not over."""
    units = actor.units_as(*access.INVITERS)
    if not units:
        return []
    query = select(TrainingClass).where(
        TrainingClass.organiser_unit_id.in_(within(units)),
        TrainingClass.closed_at.is_(None),
        TrainingClass.cancelled_at.is_(None),
        TrainingClass.ends_on >= clock.today(),
    )
    query = query.options(joinedload(TrainingClass.course)).order_by(TrainingClass.starts_on, TrainingClass.number)
    return list(db.scalars(query))


def trainers_of(class_id: UUID) -> list[ClassTrainer]:
    """Who teaches a class, by name."""
    query = select(ClassTrainer).join(Person, ClassTrainer.person_id == Person.id)
    query = query.where(ClassTrainer.class_id == class_id).options(joinedload(ClassTrainer.person))
    return list(db.scalars(query.order_by(Person.name_sort, Person.id)))
