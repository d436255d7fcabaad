"""Verbs on units. The national import and entering decrees come later; here is what every site starts with."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.core.db import action, db
from lms.core.names import loose, title_key
from lms.units import documents
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

SCHEME = "gso"


@action
def load_start() -> bool:
    """The country, 34 provinces, Như Thanh then and now, and their Hội; once: False if units are already there."""
    if db.scalar(select(Unit.id).limit(1)) is not None:
        return False
    start = documents.read_start()
    reform = date.fromisoformat(start["reform"]["effective"])
    country = add_unit(Level.COUNTRY, "", "Việt Nam", None, None, None)
    change = _change(start["reform"]["decree"], reform)
    provinces = _load_provinces(start, country, reform)
    _rename_city(start, provinces, country)
    _load_district(start, provinces[start["district"]["province"]], change)
    found_union(country.id, "Hội LHPN Việt Nam", "")
    for province in db.scalars(select(Unit).where(Unit.level == Level.PROVINCE, Unit.ends.is_(None))):
        found_union(province.id, f"Hội LHPN {province.title}", "Hội LHPN Việt Nam")
    db.flush()
    return True


def add_unit(level: Level, kind: str, name: str, code: str | None, parent: UUID | None, begins: date | None) -> Unit:
    """A unit with its code and parent, all from the same day (None = since before our records)."""
    unit = Unit(level=level, kind=kind, name=name, name_loose=loose(name), name_sort=title_key(name), begins=begins)
    db.add(unit)
    db.flush()
    if code is not None:
        db.add(UnitCode(unit_id=unit.id, scheme=SCHEME, code=code, begins=begins))
    if parent is not None:
        db.add(UnitParent(unit_id=unit.id, parent_id=parent, begins=begins))
    return unit


def found_union(unit_id: UUID, name: str, superior: str, begins: date | None = None) -> Organisation:
    """The Hội LHPN of a unit."""
    organisation = Organisation(
        kind=OrganisationKind.WOMENS_UNION, name=name, superior=superior, unit_id=unit_id, begins=begins
    )
    db.add(organisation)
    return organisation


def _change(decree: str, effective: date) -> UnitChange:
    change = UnitChange(decree=decree, effective=effective)
    db.add(change)
    db.flush()
    return change


def _load_provinces(start: dict[str, Any], country: Unit, reform: date) -> dict[str, Unit]:
    return {
        line["code"]: add_unit(
            Level.PROVINCE, line["kind"], line["name"], line["code"], country.id, None if line["unchanged"] else reform
        )
        for line in start["provinces"]
    }


def _rename_city(start: dict[str, Any], provinces: dict[str, Unit], country: Unit) -> None:
    """Đồng Nai became a thành phố: a change like any other, the whole of the old in the new."""
    effective, old = date.fromisoformat(start["city"]["effective"]), provinces[start["city"]["code"]]
    _end(old, effective)
    new = add_unit(Level.PROVINCE, "thành phố", old.name, start["city"]["code"], country.id, effective)
    change = _change(start["city"]["decree"], effective)
    db.add(UnitEdge(change_id=change.id, old_id=old.id, new_id=new.id, extent=Extent.WHOLE))


def _end(unit: Unit, on: date) -> None:
    unit.ends = on
    codes = select(UnitCode).where(UnitCode.unit_id == unit.id, UnitCode.ends.is_(None))
    parents = select(UnitParent).where(UnitParent.unit_id == unit.id, UnitParent.ends.is_(None))
    for row in [*db.scalars(codes), *db.scalars(parents)]:
        row.ends = on


def _load_district(start: dict[str, Any], province: Unit, change: UnitChange) -> None:
    """The old district closes; its communes end or go on under the province; edges say what became of them."""
    line, reform = start["district"], change.effective
    district = add_unit(Level.DISTRICT, line["kind"], line["name"], line["code"], province.id, None)
    old = {c["code"]: add_unit(Level.COMMUNE, c["kind"], c["name"], c["code"], district.id, None) for c in start["old"]}
    found_union(district.id, "Hội LHPN huyện Như Thanh", f"Hội LHPN {province.title}").ends = reform
    new = {}
    for code, unit in old.items():
        if code in start["continues"]:
            new[code] = unit
            _move(unit, province, reform)
        else:
            _end(unit, reform)
    _end(district, reform)
    for c in start["new"]:
        if c["code"] not in new:
            new[c["code"]] = add_unit(Level.COMMUNE, c["kind"], c["name"], c["code"], province.id, reform)
    for code in sorted(new):
        found_union(new[code].id, f"Hội LHPN {new[code].title}", f"Hội LHPN {province.title}", reform)
    for old_code, new_code, extent in start["edges"]:
        db.add(UnitEdge(change_id=change.id, old_id=old[old_code].id, new_id=new[new_code].id, extent=Extent(extent)))


def _move(unit: Unit, parent: Unit, on: date) -> None:
    """Under another parent from a day on; the unit itself goes on."""
    for row in db.scalars(select(UnitParent).where(UnitParent.unit_id == unit.id, UnitParent.ends.is_(None))):
        row.ends = on
    db.add(UnitParent(unit_id=unit.id, parent_id=parent.id, begins=on))
