"""Pages of the people on a path: who they are and what each misses, one of them, putting on and taking off."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.refusal import NotFound, Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.training import access, actions, queries
from lms.training.forms import InviteForm, key_of
from lms.training.models import Path, PathStep
from lms.training.queries import FollowedLine
from lms.training.rules import AUDIENCES
from lms.training.views.blueprint import bp
from lms.web.gate import allow, me, require
from lms.web.pages import done, page, refused, sheet, wanted_sheet

MOST_SHOWN = 100
HEADS = (text("Họ và tên"), text("Năm sinh"), text("Thôn, bản"), text("Đơn vị"), text("Chức danh"), text("Vào ngày"))


def _followed_path(slug: str) -> Path:
    """A path whose people this visitor may see; NotFound."""
    path, sight = queries.seen_path(me(), slug)
    if not sight.follows:
        raise NotFound
    return path


@bp.get("/lo-trinh/<slug:path>/nguoi-hoc")
@allow(*access.FOLLOWERS)
def path_learners(path: str) -> ResponseReturnValue:
    """People of her units on the path, each with the steps done and what is missing."""
    found = _followed_path(path)
    steps = queries.steps_of(found.id)
    wanted = key_of(request.args.get("thieu"))
    without = next((step for step in steps if step.id == wanted), None)
    lines = queries.followed(me(), found, steps, without.id if without else None)
    if wanted_sheet():
        return _sheet(found, steps, lines)
    return page(
        "training/path_learners.html",
        held=found,
        steps=steps,
        lines=lines[:MOST_SHOWN],
        count=len(lines),
        most=MOST_SHOWN,
        without=without,
        guides=bool(me().units_as(*access.GUIDES)),
    )


def _sheet(path: Path, steps: list[PathStep], lines: list[FollowedLine]) -> Response:
    steps_named = [f"{number}. {step.title}" for number, step in enumerate(steps, 1)]
    heads: list[Text | str] = [*HEADS, *steps_named, text("Còn thiếu")]
    rows: list[list[Cell]] = []
    for line in lines:
        states: list[Cell] = [mark.on if mark.is_done else mark.state.label for mark in line.marks]
        place = line.place
        rows.append([line.person.name, line.person.birth_year, place.village, place.unit_title, place.post,
                     clock.local(line.since).date(), *states, line.short])  # fmt: skip
    return sheet(path.title, heads, rows)


@bp.get("/lo-trinh/<slug:path>/them-nguoi")
@allow(*access.GUIDES)
def adding_learners(path: str) -> ResponseReturnValue:
    """People of her units, to be put on the path by ticks."""
    return _adding(_followed_path(path), InviteForm())


def _adding(path: Path, form: InviteForm, status: int = 200, sentence: Text | None = None) -> Response:
    typed = request.values.get("tim", "")[:100]
    offered, on = queries.persons_offered(me().units_as(*access.GUIDES), typed), queries.on_path(path.id)
    return page(
        "training/path_adding.html",
        status,
        held=path,
        form=form,
        typed=typed,
        offered=sorted(offered, key=lambda one: one[0].id in on),
        on=on,
        most=queries.MOST_OFFERED,
        sentence=sentence,
    )


@bp.post("/lo-trinh/<slug:path>/them-nguoi")
@allow(*access.GUIDES)
def add_learners(path: str) -> ResponseReturnValue:
    """All the ticked people."""
    found = _followed_path(path)
    form = cast(InviteForm, InviteForm.posted())
    if not form.validate():
        return _adding(found, form, 422)
    persons = queries.persons_chosen(me().units_as(*access.GUIDES), form.persons.data)
    try:
        came = actions.put_on(found, persons, by=me())
    except Refusal as refusal:
        return _adding(found, form, 409, refused(refusal, form))
    return done(url_for(".path_learners", path=found.slug), said=text("Đã đưa {count} người vào lộ trình.", count=came))


@bp.get("/lo-trinh/<slug:path>/nguoi-hoc/<key:person_id>")
@allow(*access.FOLLOWERS)
def path_learner(path: str, person_id: UUID) -> ResponseReturnValue:
    """How far one of her people is, and what was put forward for her."""
    found = _followed_path(path)
    person = queries.learner_for(me(), found, person_id)
    return page(
        "training/path_learner.html",
        held=found,
        person=person,
        way=queries.way_of(found, person.id, queries.steps_of(found.id)),
        asked=queries.credits_on(found.id, person.id),
        audiences=AUDIENCES,
        asks=queries.reaches_learner(me(), person),
        guides=access.reaches_human(me().units_as(*access.GUIDES), person.canonical_id),
        ask_at=url_for(".new_credit_for", path=found.slug, person_id=person.id),
    )


@bp.post("/lo-trinh/<slug:path>/nguoi-hoc/<key:person_id>/bo")
@allow(*access.GUIDES)
def take_off(path: str, person_id: UUID) -> ResponseReturnValue:
    """One of her people is on the path no more."""
    found = _followed_path(path)
    person = queries.learner_for(me(), found, person_id)
    require(access.reaches_human(me().units_as(*access.GUIDES), person.canonical_id))
    actions.leave(found, person, by=me())
    return done(url_for(".path_learners", path=found.slug), said=text("{name} không theo nữa.", name=person.name))
