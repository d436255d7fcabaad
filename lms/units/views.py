"""Pages of the room `units`: places and their history, public facts for everyone who is signed in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lms.core.actor import Role
from lms.core.words import text
from lms.units import queries, rules
from lms.units.models import Unit
from lms.web.gate import allow, me
from lms.web.pages import page, sheet, wanted_sheet

bp = Blueprint("units", __name__)
ROLES = tuple(role for role in Role if role is not Role.LEARNER)


@bp.get("/don-vi")
@allow("signed in")
def units_list() -> ResponseReturnValue:
    """The provinces of today; or units of any time by name or code."""
    typed = request.args.get("tim", "").strip()[:100]
    found = queries.search_units(typed) if typed else queries.children_of(queries.country().id)
    if wanted_sheet():
        return _sheet(found)
    mine = [] if typed else [queries.unit(unit_id) for unit_id in me().units_as(*ROLES)]
    return page("units/units_list.html", typed=typed, units=found, mine=sorted(mine, key=lambda unit: unit.name_sort))


def _sheet(units: list[Unit]) -> ResponseReturnValue:
    heads = (text("Tên"), text("Cấp đơn vị"), text("Mã"), text("Từ ngày"), text("Đến ngày"))
    codes = queries.codes_by_unit(unit.id for unit in units)
    return sheet(
        text("Đơn vị"),
        heads,
        [(unit.title, unit.level.label, codes.get(unit.id, ""), unit.begins, unit.ends) for unit in units],
    )


@bp.get("/don-vi/<key:unit_id>")
@allow("signed in")
def unit_page(unit_id: UUID) -> ResponseReturnValue:
    """One unit: what it is, was made of and became, what lies in it today, which organisations sit there."""
    unit = queries.unit(unit_id)
    children = queries.children_of(unit_id)
    if wanted_sheet():
        return _sheet(children)
    turns = [
        *((turn, rules.sentence_made_of(*turn.places)) for turn in queries.made_of(unit_id)),
        *((turn, rules.sentence_became(*turn.places)) for turn in queries.became(unit_id)),
    ]
    return page(
        "units/unit_page.html",
        unit=unit,
        turns=turns,
        children=children,
        former=queries.former_children_of(unit_id),
        parents=queries.parents_of(unit_id),
        codes=queries.codes_of(unit_id),
        organisations=queries.organisations_of(unit_id),
        reads_persons=queries.reaches(me().units_as(*ROLES), unit_id),
    )
