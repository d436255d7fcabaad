"""Questions about units: who lies within whom, today and before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, or_, select

from lms.core import clock
from lms.core.db import db, exists
from lms.core.refusal import NotFound
from lms.core.search import found_in
from lms.units import rules
from lms.units.models import (
    Extent,
    Level,
    Organisation,
    OrganisationKind,
    Unit,
    UnitChange,
    UnitCode,
    UnitEdge,
    UnitParent,
)


def valid_on(table: Any, on: date) -> ColumnElement[bool]:
    """Rows of a dated table that hold on a day: [begins, ends)."""
    begun = or_(table.begins.is_(None), table.begins <= on)
    open_: ColumnElement[bool] = or_(table.ends.is_(None), table.ends > on)
    return begun & open_


def within(unit_ids: Iterable[UUID]) -> CompoundSelect[Any]:
    """Ids of these units, all that lie in them today, and their predecessors over whole edges. For `IN (...)`."""
    top = select(Unit.id.label("id")).where(Unit.id.in_(list(unit_ids)))
    reach = top.cte("reach", recursive=True)
    children = select(UnitParent.unit_id).join(reach, UnitParent.parent_id == reach.c.id)
    reach = reach.union(children.where(valid_on(UnitParent, clock.today())))
    before = select(UnitEdge.old_id).join(reach, UnitEdge.new_id == reach.c.id).where(UnitEdge.extent == Extent.WHOLE)
    return select(reach.c.id).union(before)


def reaches(unit_ids: Iterable[UUID], unit_id: UUID) -> bool:
    """Does one of these units reach that one?"""
    tops = list(unit_ids)
    if unit_id in tops:
        return True
    return bool(tops) and exists(select(Unit.id).where(Unit.id == unit_id, Unit.id.in_(within(tops))))


def unit(unit_id: UUID) -> Unit:
    """A unit; NotFound."""
    found: Unit | None = db.get(Unit, unit_id)
    if found is None:
        raise NotFound
    return found


def titles(unit_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """ "xã Xuân Du" by id."""
    wanted = {unit_id for unit_id in unit_ids if unit_id is not None}
    return {found.id: found.title for found in db.scalars(select(Unit).where(Unit.id.in_(wanted)))} if wanted else {}


def children_of(unit_id: UUID, on: date | None = None) -> list[Unit]:
    """Units directly below on a day (today), in Vietnamese order."""
    day = on or clock.today()
    below = select(UnitParent.unit_id).where(UnitParent.parent_id == unit_id, valid_on(UnitParent, day))
    return list(db.scalars(select(Unit).where(Unit.id.in_(below)).order_by(Unit.name_sort)))


def parent_of(unit_id: UUID, on: date | None = None) -> Unit | None:
    """The unit directly above on a day (today; for a closed unit, its last day)."""
    return db.scalar(
        select(Unit)
        .join(UnitParent, UnitParent.parent_id == Unit.id)
        .where(UnitParent.unit_id == unit_id, valid_on(UnitParent, on or clock.today()))
    )


def units_within(unit_ids: Iterable[UUID], level: Level | None = None, on: date | None = None) -> list[Unit]:
    """Units valid on a day (today) that these reach, in Vietnamese order."""
    query = select(Unit).where(Unit.id.in_(within(unit_ids)), valid_on(Unit, on or clock.today()))
    if level is not None:
        query = query.where(Unit.level == level)
    return list(db.scalars(query.order_by(Unit.name_sort)))


def by_code(code: str, on: date | None = None) -> Unit | None:
    """The unit that a code of the General Statistics Office stands for on a day (today)."""
    day = on or clock.today()
    return db.scalar(
        select(Unit).join(UnitCode, UnitCode.unit_id == Unit.id).where(UnitCode.code == code, valid_on(UnitCode, day))
    )


def womens_union_of(unit_id: UUID) -> Organisation | None:
    """The Hội LHPN that sits in a unit today."""
    return db.scalar(
        select(Organisation).where(
            Organisation.unit_id == unit_id,
            Organisation.kind == OrganisationKind.WOMENS_UNION,
            valid_on(Organisation, clock.today()),
        )
    )


def organisations_within(unit_ids: Iterable[UUID]) -> list[Organisation]:
    """Organisations of today in units that these reach."""
    query = select(Organisation).where(
        Organisation.unit_id.in_(within(unit_ids)), valid_on(Organisation, clock.today())
    )
    return list(db.scalars(query.order_by(Organisation.name)))


def national_union() -> Organisation | None:
    """The Hội LHPN Việt Nam; None before the units are loaded."""
    return db.scalar(
        select(Organisation)
        .join(Unit, Organisation.unit_id == Unit.id)
        .where(Unit.level == Level.COUNTRY, Organisation.kind == OrganisationKind.WOMENS_UNION)
    )


@dataclass(frozen=True)
class Turn:
    """What a decree made of units: those that went in (or came out) whole, and those of which only a part did."""

    effective: date
    decree: str
    whole: list[Unit]
    part: list[Unit]

    @property
    def places(self) -> tuple[list[rules.Place], list[rules.Place]]:
        """For the sentences of `rules`."""
        whole, part = ([(unit.kind, unit.name) for unit in units] for units in (self.whole, self.part))
        return whole, part


def made_of(unit_id: UUID) -> list[Turn]:
    """The units that a unit was made of, by decree, oldest first."""
    return _turns(UnitEdge.new_id == unit_id, UnitEdge.old_id)


def became(unit_id: UUID) -> list[Turn]:
    """The units that a unit went into, by decree, oldest first."""
    return _turns(UnitEdge.old_id == unit_id, UnitEdge.new_id)


def _turns(side: ColumnElement[bool], other: Any) -> list[Turn]:
    query = select(UnitChange, UnitEdge.extent, Unit).join(UnitEdge, UnitEdge.change_id == UnitChange.id)
    query = query.join(Unit, Unit.id == other).where(side).order_by(UnitChange.effective, UnitChange.id, Unit.name_sort)
    turns: dict[UUID, Turn] = {}
    for change, extent, found in db.execute(query):
        turn = turns.setdefault(change.id, Turn(change.effective, change.decree, [], []))
        (turn.whole if extent == Extent.WHOLE else turn.part).append(found)
    return list(turns.values())


def lineage_of(unit_id: UUID) -> CompoundSelect[Any]:
    """Ids of a unit, of all that it was made of and all that it became, whole or in part. For `IN (...)`."""
    first = select(Unit.id.label("id")).where(Unit.id == unit_id)
    before, after = first.cte("before", recursive=True), first.cte("after", recursive=True)
    before = before.union(select(UnitEdge.old_id).join(before, UnitEdge.new_id == before.c.id))
    after = after.union(select(UnitEdge.new_id).join(after, UnitEdge.old_id == after.c.id))
    return select(before.c.id).union(select(after.c.id))


def codes_of(unit_id: UUID) -> list[UnitCode]:
    """The codes of a unit with their time, newest first."""
    query = select(UnitCode).where(UnitCode.unit_id == unit_id).order_by(UnitCode.scheme, UnitCode.begins.desc())
    return list(db.scalars(query))


def parents_of(unit_id: UUID) -> list[tuple[Unit, UnitParent]]:
    """To which units a unit belonged and when, oldest first."""
    query = select(Unit, UnitParent).join(UnitParent, UnitParent.parent_id == Unit.id)
    rows = db.execute(query.where(UnitParent.unit_id == unit_id)).all()
    return [(parent, row) for parent, row in sorted(rows, key=lambda pair: pair[1].begins or date.min)]


def former_children_of(unit_id: UUID) -> list[Unit]:
    """Units that lay directly below at some time and do not today, in Vietnamese order."""
    ever = select(UnitParent.unit_id).where(UnitParent.parent_id == unit_id)
    below = select(UnitParent.unit_id).where(UnitParent.parent_id == unit_id, valid_on(UnitParent, clock.today()))
    return list(db.scalars(select(Unit).where(Unit.id.in_(ever), Unit.id.not_in(below)).order_by(Unit.name_sort)))


def organisations_of(unit_id: UUID) -> list[Organisation]:
    """Organisations that sit in a unit, closed ones too, by name."""
    return list(db.scalars(select(Organisation).where(Organisation.unit_id == unit_id).order_by(Organisation.name)))


def country() -> Unit:
    """Việt Nam; NotFound before the units are loaded."""
    found: Unit | None = db.scalar(select(Unit).where(Unit.level == Level.COUNTRY))
    if found is None:
        raise NotFound
    return found


def search_units(typed: str, most: int = 100) -> list[Unit]:
    """Units of today and of before whose name (without marks) or code holds what was typed; those of today first."""
    coded = select(UnitCode.unit_id).where(UnitCode.code == typed.strip())
    query = select(Unit).where(or_(found_in(Unit.name_loose, typed), Unit.id.in_(coded)))
    return list(db.scalars(query.order_by(Unit.ends.is_not(None), Unit.name_sort, Unit.ends, Unit.id).limit(most)))


def codes_by_unit(unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The newest code of each unit."""
    query = select(UnitCode).where(UnitCode.unit_id.in_(list(unit_ids)))
    rows = sorted(db.scalars(query), key=lambda row: row.begins or date.min)
    return {row.unit_id: row.code for row in rows}
