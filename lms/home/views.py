"""Pages of several rooms: today, lists behind numbers, search, a person's record, rights over data."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.actor import Role
from lms.core.refusal import NotFound
from lms.home import queries
from lms.web.gate import allow, me
from lms.web.pages import page, sheet, wanted_sheet

bp = Blueprint("home", __name__)


@bp.get("/")
@allow("anyone")
def today() -> ResponseReturnValue:
    """Until the rooms below are there."""
    return page("home/data_rights.html", mine="/toi")


@bp.get("/viec/<slug:kind>")
@allow("signed in")
def listing(kind: str) -> ResponseReturnValue:
    """The list behind a number or a task of the first page."""
    found = queries.LISTINGS.get(kind)
    actor = me()
    if found is None or not actor.units_as(*queries.STAFF, Role.TRAINER):
        raise NotFound
    rows = found.rows(actor)
    if wanted_sheet():
        return sheet(found.title, found.heads, [row.cells for row in rows])
    return page("home/listing.html", listing=found, rows=rows)


@bp.get("/tim")
@allow("signed in")
def search() -> ResponseReturnValue:
    """One field for everything she may see, without marks."""
    typed = request.args.get("tim", "").strip()[:100]
    return page("home/search.html", typed=typed, found=queries.search(me(), typed) if typed else [])


@bp.get("/quyen-du-lieu")
@allow("anyone")
def data_rights() -> ResponseReturnValue:
    """What is stored, why, and what a person may ask for (Luật 91/2025/QH15)."""
    return page("home/data_rights.html", mine=url_for("people.me_page"))
