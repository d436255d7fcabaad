"""Pages of the room `courses`: the catalogue, a course, its handouts, its files. Read without signing in when open."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import clock
from lms.core.files import store
from lms.core.refusal import NotFound
from lms.core.sheets import Cell
from lms.core.words import text
from lms.courses import queries
from lms.courses.documents import ICONS, is_served
from lms.courses.models import Edition, Lesson
from lms.web.assets import shelf
from lms.web.gate import allow, signed_in
from lms.web.pages import kept_file, page, sheet, wanted_sheet

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
    "group_member": text("Thành viên tổ, nhóm"),
    "source_trainer": text("Giảng viên nguồn"),
}
HEADS = (
    text("Mã"),
    text("Khóa học"),
    text("Người học"),
    text("Nội dung"),
    text("Số bài"),
    text("Số giờ"),
    text("Bản"),
    text("Ngày phát hành"),
)
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_PRIVATE = "private, max-age=31536000, immutable"


@bp.get("/khoa-hoc")
@allow("anyone")
def catalogue() -> ResponseReturnValue:
    """The courses, by content and audience, found without marks; closed ones for signed-in readers only."""
    component, audience = request.args.get("noi-dung", type=int), request.args.get("nguoi-hoc", "")
    typed, closed = request.args.get("tim", "").strip()[:100], signed_in() is not None
    component = component if component in COMPONENTS else None
    audience = audience if audience in AUDIENCES else ""
    found = queries.catalogue(component, audience, typed, closed=closed)
    if wanted_sheet():
        return sheet(text("Khóa học"), HEADS, [_line(edition) for edition in found])
    known = queries.audiences(closed=closed)
    audiences = {key: label for key, label in AUDIENCES.items() if key in known or key == audience}
    return page(
        "courses/catalogue.html", editions=found, components=COMPONENTS, audiences=audiences, component=component,
        audience=audience, typed=typed,
    )  # fmt: skip


def _line(edition: Edition) -> tuple[Cell, ...]:
    return (
        edition.course.slug, edition.title, edition.audience_text, edition.course.component, edition.lesson_count,
        edition.hours, edition.number, clock.local(edition.published_at).date(),
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
    modules = [(rows[0].module_title, rows) for _, found in groupby(lessons, _module) if (rows := list(found))]
    return page("courses/course_page.html", edition=edition, lessons=lessons, modules=modules, components=COMPONENTS)


def _module(lesson: Lesson) -> int:
    return lesson.module_number


@bp.get("/khoa-hoc/<slug:course>/tai-lieu/<string:handout>")
@allow("anyone")
def handout(course: str, handout: str) -> ResponseReturnValue:
    """A page to print."""
    edition = _edition(course)
    found = next((one for one in edition.handouts if one["slug"] == handout), None)
    if found is None:
        raise NotFound
    html = Markup(found["html"].replace(ICONS, shelf().address("web/icons.svg")))  # noqa: S704 - cleaned when it was read
    return page("courses/handout.html", edition=edition, title=found["title"], html=html)


@bp.get("/tep/<string:digest>/<string:name>")
@allow("anyone")
def kept(digest: str, name: str) -> Response:
    """A file of an edition under its sha256; of a closed course for signed-in readers only. Parts of a film by Range."""
    found, is_open = queries.file_of(digest, name)
    is_here = is_served(name) and store().has(digest)
    if not is_here or (not is_open and signed_in() is None):
        raise NotFound
    response = kept_file(digest, found.media_type)
    if found.media_type == "image/svg+xml":
        response.headers["Content-Security-Policy"] = SVG_POLICY
    if not is_open:
        response.headers["Cache-Control"] = _PRIVATE
    if found.media_type.startswith(("audio/", "video/")):
        response.set_etag(digest)
        response.make_conditional(request, accept_ranges=True, complete_length=found.size)
    return response
