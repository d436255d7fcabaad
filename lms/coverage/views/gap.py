"""From the gap into a class."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from lms.core.actor import Role
from lms.core.ids import to_address
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.coverage import actions
from lms.coverage.forms import keys_posted
from lms.coverage.rules import Part
from lms.coverage.views.overview import Chosen, show_names, show_overview
from lms.coverage.views.room import bp
from lms.officials import access
from lms.officials.forms import ask_reason, unit_asked, visit_here
from lms.officials.models import SealedVisit
from lms.units.models import Unit
from lms.web.gate import allow, me, require
from lms.web.pages import done, refused


@bp.post("/do-phu/moi")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def invite() -> ResponseReturnValue:
    """Those ticked into the class chosen; a refusal keeps the ticks."""
    unit = unit_asked()
    require(access.can_write(me(), unit.id))
    visit = visit_here(unit)
    if visit is None:
        return ask_reason(unit)
    persons, classes = keys_posted("person"), keys_posted("class")
    try:
        held, _ = actions.invite(unit, classes[0] if classes else None, persons, by=me())
    except Refusal as refusal:
        return _again(unit, visit, Chosen(persons, classes[0] if classes else None, refused(refusal)))
    said = text("Đã mời {count} người vào lớp “{title}”.", count=len(persons), title=held.title)
    return done(f"/do-phu?don-vi={to_address(unit.id)}", said=said)


def _again(unit: Unit, visit: SealedVisit, chosen: Chosen) -> ResponseReturnValue:
    if request.form.get("from") == "names":
        return show_names(unit, visit, Part.MISSING, chosen, 409)
    return show_overview(unit, visit, chosen, 409)
