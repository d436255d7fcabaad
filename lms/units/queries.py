"""Questions about units: who lies within whom, today and before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from lms.core import clock
from lms.core.db import db, exists
from lms.core.refusal import NotFound
from lms.units.models import Extent, Level, Organisation, OrganisationKind, Unit, UnitCode, UnitEdge, UnitParent


def valid_on(table: Any, on: date) -> ColumnElement[bool]:
    """Rows of a dated table that hold on a day: [begins, ends)."""
    begun = or_(table.begins.is_(None), table.begins <= on)
    open_: ColumnElement[bool] = or_(table.ends.is_(None), table.ends > on)
    return begun & open_


def within(unit_ids: Iterable[UUID]) -> Select[Any]:
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
    return db.scalar(  # type: ignore[no-any-return]
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
    return db.scalar(  # type: ignore[no-any-return]
        select(Unit).join(UnitCode, UnitCode.unit_id == Unit.id).where(UnitCode.code == code, valid_on(UnitCode, day))
    )


def by_name(name_fold_of: str, kind: str, within_units: Iterable[UUID], on: date | None = None) -> list[Unit]:
    """Units of a kind by exact name inside others (for lists that give names); several = ambiguous."""
    query = select(Unit).where(Unit.name == name_fold_of, Unit.kind == kind, Unit.id.in_(within(within_units)))
    return list(db.scalars(query.where(valid_on(Unit, on or clock.today()))))


def womens_union_of(unit_id: UUID) -> Organisation | None:
    """The Hội LHPN that sits in a unit today."""
    return db.scalar(  # type: ignore[no-any-return]
        select(Organisation).where(
            Organisation.unit_id == unit_id,
            Organisation.kind == OrganisationKind.WOMENS_UNION,
            valid_on(Organisation, clock.today()),
        )
    )


def organisations_within(unit_ids: Iterable[UUID]) -> list[Organisation]:
    """Organisations of today in units that these reach."""
    query = select(Organisation).where(Organisation.unit_id.in_(within(unit_ids)), valid_on(Organisation, clock.today()))
    return list(db.scalars(query.order_by(Organisation.name)))
