"""Pages: paths, one's own, one path, making and retiring it, joining and leaving."""

from __future__ import annotations

from typing import cast

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from lms.core.ids import to_address
from lms.core.refusal import Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.people.models import Person
from lms.people.queries import person_for
from lms.training import access, actions, queries
from lms.training.forms import PathForm, key_of, offer
from lms.training.models import Path
from lms.training.queries import PathLine, Way
from lms.training.rules import AUDIENCES
from lms.training.views.blueprint import bp, edited_path
from lms.units import queries as units
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused, sheet, wanted_sheet

HEADS = (text("Lộ trình"), text("Người học"), text("Đơn vị"), text("Số bước"), text("Số người theo"))


@bp.get("/lo-trinh")
@allow("signed in")
def paths() -> ResponseReturnValue:
    """The paths she sees; above them her own, each with what is missing next."""
    actor = me()
    lines = queries.paths_for(actor)
    if wanted_sheet():
        return sheet(text("Lộ trình"), HEADS, [_row(line) for line in lines])
    return page(
        "training/paths.html",
        lines=lines,
        ways=_own_ways(),
        audiences=AUDIENCES,
        follows=bool(actor.units_as(*access.FOLLOWERS)),
        makes=bool(actor.units_as(*access.MAKERS)),
        waiting=len(queries.waiting_credits(actor)) if actor.units_as(*access.DECIDERS) else 0,
        decides=bool(actor.units_as(*access.DECIDERS)),
    )


def _row(line: PathLine) -> list[Cell]:
    return [line.path.title, AUDIENCES.get(line.path.audience, ""), line.unit_title, line.steps, line.learners]


def _own_ways() -> list[Way]:
    own = me().person_id
    return queries.ways_of(own) if own is not None else []


@bp.get("/lo-trinh/cua-toi")
@allow("signed in")
def own_paths() -> ResponseReturnValue:
    """Her paths, step by step."""
    return page("training/own_paths.html", ways=_own_ways(), audiences=AUDIENCES)


@bp.get("/lo-trinh/them")
@allow(*access.MAKERS)
def new_path() -> ResponseReturnValue:
    """To make a path."""
    form = PathForm()
    _offer_units(form)
    return _path_form(form)


def _offer_units(form: PathForm) -> None:
    offer(form.unit, [(unit.id, unit.title) for unit in queries.maker_units(me())])


def _path_form(form: PathForm, status: int = 200, path: Path | None = None, sentence: Text | None = None) -> Response:
    return page("training/path_form.html", status, form=form, held=path, sentence=sentence)


@bp.post("/lo-trinh/them")
@allow(*access.MAKERS)
def make_path() -> ResponseReturnValue:
    """A new path, still without steps."""
    form = cast(PathForm, PathForm.posted())
    _offer_units(form)
    if not form.validate():
        return _path_form(form, 422)
    unit = next(unit for unit in queries.maker_units(me()) if unit.id == key_of(form.unit.data))
    made = actions.make_path(form.title.data or "", form.audience.data, form.summary.data or "", unit, by=me())
    return done(url_for(".path_page", path=made.slug), said=text("Đã tạo lộ trình. Thêm các bước."))


@bp.get("/lo-trinh/<slug:path>")
@allow("signed in")
def path_page(path: str) -> ResponseReturnValue:
    """One path: its steps, how far she is, and what may be done with it."""
    found, sight = queries.seen_path(me(), path)
    steps, own = queries.steps_of(found.id), me().person_id
    return page(
        "training/path_page.html",
        held=found,
        sight=sight,
        steps=steps,
        way=queries.way_of(found, own, steps) if sight.is_on and own is not None else None,
        asked=queries.credits_on(found.id, own) if sight.is_on and own is not None else {},
        audiences=AUDIENCES,
        unit_title=units.unit(found.unit_id).title,
        may_join=own is not None and not sight.is_on and found.retired_at is None,
        ask_at=url_for(".new_credit", path=found.slug),
    )


@bp.get("/lo-trinh/<slug:path>/sua")
@allow(*access.MAKERS)
def changing_path(path: str) -> ResponseReturnValue:
    """Other words for a path, or its end."""
    found = edited_path(path)
    form = PathForm(title=found.title, audience=found.audience, summary=found.summary, unit=to_address(found.unit_id))
    del form.unit
    return _path_form(form, path=found)


@bp.post("/lo-trinh/<slug:path>/sua")
@allow(*access.MAKERS)
def change_path(path: str) -> ResponseReturnValue:
    """Other words."""
    found = edited_path(path)
    form = cast(PathForm, PathForm.posted())
    del form.unit
    if not form.validate():
        return _path_form(form, 422, found)
    try:
        actions.change_path(found, form.title.data or "", form.audience.data, form.summary.data or "", by=me())
    except Refusal as refusal:
        return _path_form(form, 409, found, refused(refusal, form))
    return done(url_for(".path_page", path=found.slug), said=text("Đã sửa."))


@bp.post("/lo-trinh/<slug:path>/ngung")
@allow(*access.MAKERS)
def retire_path(path: str) -> ResponseReturnValue:
    """Nobody new comes on it."""
    actions.retire_path(edited_path(path), by=me())
    return done(url_for(".paths"), said=text("Đã ngừng lộ trình. Người đang theo vẫn học tiếp."))


def _myself() -> Person:
    actor = me()
    assert actor.person_id is not None  # behind a sign-in
    return person_for(actor, actor.person_id)


@bp.post("/lo-trinh/<slug:path>/vao")
@allow("signed in")
def join_path(path: str) -> ResponseReturnValue:
    """She puts herself on it."""
    found, _ = queries.seen_path(me(), path)
    if found.retired_at is None:
        actions.join(found, _myself(), by=me())
    return done(url_for(".path_page", path=found.slug), said=text("Đã vào lộ trình."))


@bp.post("/lo-trinh/<slug:path>/roi")
@allow("signed in")
def leave_path(path: str) -> ResponseReturnValue:
    """She is on it no more."""
    found, _ = queries.seen_path(me(), path)
    actions.leave(found, _myself(), by=me())
    return done(url_for(".paths"), said=text("Đã rời lộ trình. Những gì đã học vẫn còn."))
