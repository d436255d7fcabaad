"""Pages of following: how far the learners of my units are in a course."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from lms.core import ids
from lms.core.actor import Actor
from lms.core.refusal import NotFound
from lms.core.words import text
from lms.courses.models import Edition
from lms.learning import access, forms, queries
from lms.learning.views.blueprint import bp
from lms.units import queries as units
from lms.units.models import Unit
from lms.web.gate import allow, me
from lms.web.pages import page, sheet, streamed_sheet, wanted_sheet


@bp.get("/tien-do")
@allow(*access.FOLLOWERS)
def progress() -> ResponseReturnValue:
    """Learners of my units in one course (`khoa`), of one unit (`donvi`), narrowed and paged; without a course the choice."""
    editions = queries.editions_to_give()
    slug = request.args.get("khoa", "")
    chosen = next((edition for edition in editions if edition.course.slug == slug), None)
    if slug and chosen is None:
        raise NotFound
    if chosen is None:
        return _courses(editions)
    actor, wanted = me(), forms.following(request.args)
    here = _unit(actor)
    course = queries.outlined(chosen)
    learners = queries.followed(actor, course, here, wanted.typed)
    if wanted_sheet():
        found = queries.narrowed(learners, wanted.state)
        title = text("Tiến độ {course}", course=chosen.title)
        batches = (queries.rows_of(course, lines) for lines in queries.batches_of(course, found))
        return streamed_sheet(title, queries.heads_of(course), batches, len(found))
    shown = queries.show(actor, course, learners, wanted.state, wanted.number)
    return page("learning/followed.html", shown=shown, wanted=wanted, places=_places(actor), here=here)


def _courses(editions: list[Edition]) -> ResponseReturnValue:
    if wanted_sheet():
        heads = (text("Khóa học"), text("Số bài"))
        return sheet(text("Tiến độ"), heads, [(edition.title, edition.lesson_count) for edition in editions])
    return page("learning/followed_courses.html", editions=editions)


def _unit(actor: Actor) -> UUID | None:
    """The unit asked for, which the actor must reach; None = all of hers."""
    letters = request.args.get("donvi", "")
    if not letters:
        return None
    try:
        key = ids.from_address(letters)
    except ValueError as fault:
        raise NotFound from fault
    if not units.reaches(access.follows_in(actor), key):
        raise NotFound
    return key


def _places(actor: Actor) -> list[Unit]:
    """Her units, each followed by those right below."""
    found: dict[UUID, Unit] = {}
    for top in sorted(access.follows_in(actor)):
        found.update({unit.id: unit for unit in (units.unit(top), *units.children_of(top))})
    return list(found.values())
