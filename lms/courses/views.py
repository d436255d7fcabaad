"""Pages of the room `courses`: the catalogue, a course, its handouts, its files. Read without signing in when open."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from lms.core.db import db
from lms.core.files import store
from lms.core.refusal import NotFound
from lms.core.words import text
from lms.courses import queries
from lms.courses.models import Edition
from lms.web.assets import shelf
from lms.web.gate import allow, signed_in
from lms.web.pages import kept_file, page

bp = Blueprint("courses", __name__)
COMPONENTS = {
    1: text("Nội dung 1: đổi nếp nghĩ, cách làm"),
    2: text("Nội dung 2: kinh tế của phụ nữ"),
    3: text("Nội dung 3: tiếng nói và lãnh đạo"),
    4: text("Nội dung 4: lồng ghép giới"),
}
AUDIENCES = {
    "village_head": text("Cán bộ thôn, bản"),
    "commune_cadre": text("Cán bộ xã"),
    "woman_official": text("Cán bộ nữ"),
    "source_trainer": text("Giảng viên nguồn"),
}
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@bp.get("/khoa-hoc")
@allow("anyone")
def catalogue() -> ResponseReturnValue:
    """All open courses, by content and audience, found without marks."""
    component = request.args.get("noi-dung", type=int)
    audience = request.args.get("nguoi-hoc", "")
    typed = request.args.get("tim", "").strip()[:100]
    found = queries.catalogue(component if component in COMPONENTS else None, audience, typed)
    return page(
        "courses/catalogue.html", editions=found, components=COMPONENTS, audiences=AUDIENCES, component=component,
        audience=audience, typed=typed,
    )  # fmt: skip


def _edition(slug: str) -> Edition:
    """The edition in force, if this visitor may read it."""
    edition = queries.edition_of(slug)
    if not edition.open and signed_in() is None:
        raise NotFound
    return edition


@bp.get("/khoa-hoc/<slug:course>")
@allow("anyone")
def course_page(course: str) -> ResponseReturnValue:
    """What a course is, for whom, and its lessons."""
    edition = _edition(course)
    lessons = queries.outline(edition.id)
    modules = [(title, list(rows)) for title, rows in groupby(lessons, key=lambda lesson: lesson.module_title)]
    db.refresh(edition, ["handouts"])
    return page("courses/course_page.html", edition=edition, lessons=lessons, modules=modules)


@bp.get("/khoa-hoc/<slug:course>/tai-lieu/<slug:handout>")
@allow("anyone")
def handout(course: str, handout: str) -> ResponseReturnValue:
    """A page to print."""
    edition = _edition(course)
    db.refresh(edition, ["handouts"])
    found = next((h for h in edition.handouts if h["slug"] == handout), None)
    if found is None:
        raise NotFound
    html = found["html"].replace("%icons%", shelf().address("web/icons.svg"))
    return page("courses/handout.html", edition=edition, handout=found, html=html)


@bp.get("/tep/<string:digest>/<path:name>")
@allow("anyone")
def kept(digest: str, name: str) -> Response:
    """A file of an edition under its sha256; of a closed edition for signed-in readers only."""
    found, is_open = queries.file_of(digest)
    if not found.path.endswith(name) or (not is_open and signed_in() is None):
        raise NotFound
    if not store().has(digest):
        abort(410)
    response = kept_file(digest, found.media_type)
    if found.media_type == "image/svg+xml":
        response.headers["Content-Security-Policy"] = SVG_POLICY
    if found.media_type.startswith(("audio/", "video/")):
        response.make_conditional(request, accept_ranges=True, complete_length=found.size)
    return response
