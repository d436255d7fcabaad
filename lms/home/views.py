"""Pages of several rooms: today, lists behind numbers, search, a person's record, rights over data."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.actor import Actor, Role
from lms.core.refusal import NotFound
from lms.core.words import text
from lms.courses.queries import catalogue, outline
from lms.credentials.queries import certificates_of
from lms.home import queries
from lms.learning.queries import next_step, standing_of, steps_of, studies_of
from lms.people.models import SignedIn
from lms.people.queries import person_for, posts_of
from lms.training.queries import path_hint, upcoming_for
from lms.units.queries import titles
from lms.web.gate import allow, me, signed_in
from lms.web.pages import page, sheet, wanted_sheet

bp = Blueprint("home", __name__)


@bp.get("/")
@allow("anyone")
def today() -> ResponseReturnValue:
    """The first page: of the programme for a stranger, of her work for whoever is signed in."""
    actor = signed_in()
    if not isinstance(actor, SignedIn):
        return page("home/front.html", editions=catalogue())
    staff = bool(actor.units_as(*queries.STAFF))
    step = next_step(actor.person_id)
    return page(
        "home/today.html",
        person=actor.person,
        staff=staff,
        planner=bool(actor.units_as(Role.PLANNER)),
        trainer=bool(actor.units_as(Role.TRAINER)),
        coordinator=_may_manage(actor),
        numbers=queries.counted(actor, tasks=False) if staff else [],
        tasks=queries.counted(actor, tasks=True) if staff or actor.units_as(Role.TRAINER) else [],
        step=step,
        steps=steps_of(outline(step.edition.id), standing_of(actor.person_id, step.course.id)) if step else [],
        editions=catalogue() if step is None else [],
        hint=path_hint(actor.person_id),
        sessions=upcoming_for(actor.person_id),
        papers=certificates_of([actor.person_id]),
        units=titles(grant.unit_id for grant in actor.grants),
    )


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
@allow("anyone")
def search() -> ResponseReturnValue:
    """One field for everything she may see, without marks; a stranger finds open courses and what stands in them."""
    typed = request.args.get("tim", "").strip()[:100]
    found = queries.search(signed_in(), typed) if typed else []
    if wanted_sheet():
        heads = (text("Loại"), text("Tên"), text("Chi tiết"))
        rows = [
            (kind.title, row.cells[0], " · ".join(filter(None, (row.details, row.said))))
            for kind in found
            for row in kind.rows
        ]
        return sheet(text("Tìm"), heads, rows)
    return page("home/search.html", typed=typed, found=found)


@bp.get("/ho-so/<key:person_id>")
@allow("signed in")
def record(person_id: UUID) -> ResponseReturnValue:
    """What a person has learned: courses, classes, papers. For herself and for who may see her."""
    actor = me()
    person = (
        actor.person if isinstance(actor, SignedIn) and actor.person_id == person_id else person_for(actor, person_id)
    )
    studies, taken = studies_of([person_id]), queries.participations_of(person_id)
    papers = certificates_of([person_id])
    if wanted_sheet():
        return sheet(person.name, *queries.record_rows(studies, taken, papers))
    posts = posts_of(person_id)
    return page(
        "home/record.html",
        person=person,
        posts=posts,
        units=titles(post.unit_id for post in posts),
        studies=studies,
        taken=taken,
        papers=papers,
        may_manage=_may_manage(actor),
    )


def _may_manage(actor: Actor) -> bool:
    return bool(actor.units_as(Role.COORDINATOR, Role.ADMINISTRATOR))


@bp.get("/quyen-du-lieu")
@allow("anyone")
def data_rights() -> ResponseReturnValue:
    """What is stored, why, and what a person may ask for (Luật 91/2025/QH15)."""
    return page("home/data_rights.html", mine=url_for("people.me_page"))
