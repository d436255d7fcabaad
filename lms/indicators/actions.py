"""Verbs of indicators: rewrite what an occasion contributes. Nothing here is a person's decision: the system acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.ids import new_id
from lms.indicators import queries
from lms.indicators.models import Contribution, Occasion
from lms.indicators.rules.counting import TakingPart, does_count
from lms.learning.models import Study
from lms.people.models import Person, PostKind, Sex
from lms.training.models import TrainingClass

CHUNK = 100  # occasions rewritten together by a rebuild
Row = dict[str, Any]
KEY = ("indicator", "occasion_id", "person_id")


@action
def recount_class(training_class: TrainingClass) -> int:
    """Rewrite the contributions of a class from its participations; twice is once. How many rows changed."""
    db.flush()
    lock(TrainingClass, [training_class.id])
    return _recount_classes([training_class.id])


@action
def recount_study(study: Study) -> int:
    """Rewrite the contribution of an online study; of several by the same human, the first completion counts."""
    db.flush()
    lock(Study, [study.id])
    return _recount_studies([study.id])


@action
def recount_person(person: Person) -> int:
    """Rewrite every occasion of a human: for whoever links two persons or undoes a link."""
    db.flush()
    classes, studies = queries.occasions_of(person.id)
    return _recount_classes(classes) + _recount_studies(studies)


@action
def rebuild_all() -> int:
    """Rewrite everything from the facts; equals what the changes left, row by row. How many rows changed."""
    changed = 0
    for model, recount in ((TrainingClass, _recount_classes), (Study, _recount_studies)):
        occasions = list(db.scalars(select(model.id).order_by(model.id)))
        for place in range(0, len(occasions), CHUNK):
            changed += recount(occasions[place : place + CHUNK])
    return changed + _drop_orphans()


def _drop_orphans() -> int:
    gone = select(Contribution.id).where(
        Contribution.occasion_id.not_in(select(TrainingClass.id)), Contribution.occasion_id.not_in(select(Study.id))
    )
    return _delete(list(db.scalars(gone)))


def _recount_classes(class_ids: Sequence[UUID]) -> int:
    return _rewrite(class_ids, queries.takings_of_classes(class_ids)) if class_ids else 0


def _recount_studies(study_ids: Sequence[UUID]) -> int:
    same = queries.same_studies(study_ids)
    return _rewrite(same, queries.takings_of_studies(same)) if same else 0


def _rewrite(occasions: Sequence[UUID], takings: Iterable[TakingPart]) -> int:
    """Delete and insert the difference only."""
    wanted = {_key(row): row for taking in takings for row in _rows(taking)}
    outdated: list[UUID] = []
    for kept in db.scalars(select(Contribution).where(Contribution.occasion_id.in_(occasions))):
        there = {name: getattr(kept, name) for name in _COLUMNS}
        if wanted.get(_key(there)) == there:
            del wanted[_key(there)]
        else:
            outdated.append(kept.id)
    _delete(outdated)
    if wanted:
        db.execute(insert(Contribution), [{"id": new_id(), **row} for row in wanted.values()])
    return len(outdated) + len(wanted)


def _delete(ids: Sequence[UUID]) -> int:
    if ids:
        db.execute(delete(Contribution).where(Contribution.id.in_(ids)).execution_options(synchronize_session="fetch"))
    return len(ids)


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in KEY)


def _rows(taking: TakingPart) -> list[Row]:
    """A taking part's contributions, by the set in force on its day."""
    return [
        {
            "indicator": indicator.code,
            "occasion": Occasion(taking.source),
            "occasion_id": taking.occasion,
            "order": taking.order,
            "person_id": taking.person,
            "unit_id": taking.units[indicator.attribution],
            "starts_on": taking.starts_on,
            "day": taking.day,
            "sex": Sex(taking.sex),
            "ethnic_group": taking.ethnic_group,
            "post_kind": PostKind(taking.post_kind) if taking.post_kind else None,
        }
        for indicator in queries.set_on(taking.day).indicators
        if does_count(indicator, taking)
    ]


_COLUMNS = (
    "indicator",
    "occasion",
    "occasion_id",
    "order",
    "person_id",
    "unit_id",
    "starts_on",
    "day",
    "sex",
    "ethnic_group",
    "post_kind",
)


def forget(person_id: UUID, *, by: Actor) -> set[str]:
    """Nothing to erase: contributions hold no name or word of hers, and figures must stay. Names the table it covers."""
    return {"contribution"}
