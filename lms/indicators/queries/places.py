"""Which units' contributions count to a unit: those within it, and what became of units that ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, func, literal_column, or_, select

from lms.core import clock
from lms.core.actor import Actor, Role
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.units.models import Extent, Level, Unit, UnitEdge, UnitParent
from lms.units.queries import children_of, parent_of, reaches, valid_on

WIDEST = tuple(Level)


def branches(tops: Collection[UUID]) -> Subquery:
    """Pairs (top, id): every unit whose contributions count to one of these tops. `units.queries.within`, by top.

    Two kinds of ended units are added, so that a figure of an old period loses nobody: a commune that was cut counts
    to the unit that holds all its parts (its people stand in the province's line until assigned), and a district,
    which nothing succeeded, to the unit it belonged to on its last day.
    """
    top = select(Unit.id.label("top"), Unit.id.label("id")).where(Unit.id.in_(list(tops)))
    reach = top.cte(recursive=True)
    below = select(reach.c.top, UnitParent.unit_id).join(reach, UnitParent.parent_id == reach.c.id)
    reach = reach.union(below.where(valid_on(UnitParent, clock.today())))
    return select(reach.c.top, reach.c.id).union(_before(reach), _closed(reach)).subquery()


def _before(reach: Any) -> Select[Any]:
    """Predecessors over whole edges, and those all of whose parts lie under one top."""
    edges = select(UnitEdge.old_id, func.count().label("parts")).group_by(UnitEdge.old_id).subquery()
    query = select(reach.c.top, UnitEdge.old_id).join(reach, UnitEdge.new_id == reach.c.id)
    query = query.join(edges, edges.c.old_id == UnitEdge.old_id)
    went_whole = func.max(case((UnitEdge.extent == Extent.WHOLE, 1), else_=0)) == 1
    query = query.group_by(reach.c.top, UnitEdge.old_id, edges.c.parts)
    return query.having(or_(went_whole, func.count() == edges.c.parts))


def _closed(reach: Any) -> Select[Any]:
    """Ended units without a successor, under their last parent."""
    query = select(reach.c.top, Unit.id).join(UnitParent, UnitParent.parent_id == reach.c.id)
    query = query.join(Unit, (Unit.id == UnitParent.unit_id) & (Unit.ends == UnitParent.ends))
    return query.where(~exists(select(literal_column("1")).where(UnitEdge.old_id == Unit.id)))


def scope(unit_id: UUID) -> Select[Any]:
    """Ids of the units whose contributions count to this one. For `IN (...)`."""
    return select(branches([unit_id]).c.id)


def is_country(unit_id: UUID) -> bool:
    """Does everything count to this unit?"""
    found: Unit | None = db.get(Unit, unit_id)
    return found is not None and found.level is Level.COUNTRY


def covers(column: Any, unit_id: UUID) -> ColumnElement[bool]:
    """Does the unit in this column count to that one?"""
    inside: ColumnElement[bool] = column.is_not(None) if is_country(unit_id) else column.in_(scope(unit_id))
    return inside


def unit_seen_by(actor: Actor, roles: Sequence[Role], unit_id: UUID) -> Unit:
    """A unit that these roles of hers reach; NotFound, as for an unknown key."""
    found: Unit | None = db.get(Unit, unit_id)
    if found is None or not reaches(actor.units_as(*roles), unit_id):
        raise NotFound
    return found


def own_unit(actor: Actor, roles: Sequence[Role]) -> Unit:
    """The widest unit at which she holds one of these roles; NotFound."""
    units = _units(actor.units_as(*roles))
    if not units:
        raise NotFound
    return units[0]


def _units(unit_ids: Iterable[UUID]) -> list[Unit]:
    found = db.scalars(select(Unit).where(Unit.id.in_(list(unit_ids))))
    return sorted(found, key=lambda unit: (WIDEST.index(unit.level), unit.name_sort, unit.id))


def units_to_choose(actor: Actor, roles: Sequence[Role], chosen: Unit) -> list[Unit]:
    """Her units, the one chosen, the one above it where she reaches that, and those directly below it."""
    tops = actor.units_as(*roles)
    above = parent_of(chosen.id)
    near = [above] if above is not None and reaches(tops, above.id) else []
    offered = [*_units(tops), *near, chosen, *children_of(chosen.id)]
    return list({unit.id: unit for unit in offered}.values())
