"""Pages of the room `courses`: the catalogue, a course, its handouts, its files. Read without signing in when open."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import card, clock, qr
from lms.core.actor import Role
from lms.core.files import store
from lms.core.refusal import NotFound
from lms.core.settings import settings
from lms.core.sheets import Cell
from lms.core.words import text
from lms.courses import queries
from lms.courses.documents import ICONS, is_served
from lms.courses.models import Edition, Lesson
from lms.courses.rules.audiences import AUDIENCES, LEVELS
from lms.courses.rules.feed import Entry, feed, site_map
from lms.web.assets import shelf
from lms.web.gate import allow, signed_in
from lms.web.pages import kept_file, page, sheet, wanted_sheet
from lms.web.security import CSP

bp = Blueprint("courses", __name__)
COMPONENTS = {
    1: text("Nội dung 1: đổi nếp nghĩ, cách làm"),
    2: text("Nội dung 2: kinh tế của phụ nữ"),
    3: text("Nội dung 3: tiếng nói và lãnh đạo"),
    4: text("Nội dung 4: lồng ghép giới"),
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
_EMBEDDED = CSP.replace("frame-ancestors 'self'", "frame-ancestors *")
_A_DAY = "public, max-age=86400"
_PRIVATE = "private, max-age=31536000, immutable"


@bp.get("/khoa-hoc")
@allow("anyone")
def catalogue() -> ResponseReturnValue:
    """The courses, by content, audience and level, found without marks; closed ones for signed-in readers only."""
    component, audience = request.args.get("noi-dung", type=int), request.args.get("nguoi-hoc", "")
    typed, closed = request.args.get("tim", "").strip()[:100], signed_in() is not None
    component = component if component in COMPONENTS else None
    audience = audience if audience in AUDIENCES else ""
    level = request.args.get("cap", "")
    level = level if level in LEVELS else ""
    found = queries.catalogue(component, audience, typed, level=level, closed=closed)
    if wanted_sheet():
        return sheet(text("Khóa học"), HEADS, [_line(edition) for edition in found])
    known, found_levels = queries.marks(closed=closed)
    levels = {key: label for key, label in LEVELS.items() if key in found_levels or key == level}
    audiences = {key: label for key, label in AUDIENCES.items() if key in known or key == audience}
    return page(
        "courses/catalogue.html", editions=found, components=COMPONENTS, audiences=audiences, levels=levels,
        component=component, audience=audience, level=level, typed=typed,
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
    icons = shelf().address("web/icons.svg")
    intros = {
        number: Markup(one["html"].replace(ICONS, icons))  # noqa: S704 - cleaned when it was read
        for number, one in enumerate(queries.modules_of(edition.id), 1)
    }
    modules = [
        (rows[0].module_title, rows, intros.get(number, ""))
        for number, found in groupby(lessons, _module)
        if (rows := list(found))
    ]
    return page(
        "courses/course_page.html", edition=edition, lessons=lessons, modules=modules, components=COMPONENTS,
        is_author=_acts_as(Role.TRAINER, Role.ADMINISTRATOR),
        gives=_acts_as(Role.TRAINER, Role.ADMINISTRATOR, Role.COORDINATOR),
        branch_count=len({lesson.branch for lesson in lessons} - {""}),
    )  # fmt: skip


def _acts_as(*roles: Role) -> bool:
    """Has whoever is signed in one of these roles? (Authors see what learners teach; who gives courses prints forms.)"""
    actor = signed_in()
    return actor is not None and bool(actor.units_as(*roles))


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


# ---------------------------------------------------------------- what other places show of a course


@bp.app_template_global("site")
def site() -> str:
    """The public address, without a slash at the end: the setting, else where this request came to."""
    return (settings().public_url or request.host_url).rstrip("/")


def _open_edition(slug: str) -> Edition:
    """The edition in force of an open course; of a closed one nothing is shown elsewhere, whoever asks."""
    edition = queries.edition_of(slug)
    if not edition.open:
        raise NotFound
    return edition


def _typed(content: bytes | str, media_type: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Cache-Control"] = _A_DAY
    return response


@bp.get("/khoa-hoc/<slug:course>/anh.png")
@allow("anyone")
def picture(course: str) -> Response:
    """The picture that other places show beside a link to the course."""
    edition = _open_edition(course)
    drawn = card.Card(
        above=COMPONENTS[edition.course.component].message,
        title=edition.title,
        below=edition.audience_text[:120],
        whose=settings().name,
        cloth=edition.course.component,
    )
    response = _typed(card.draw(drawn), card.MEDIA_TYPE)
    response.set_etag(edition.digest)
    response.make_conditional(request)
    return response


@bp.get("/khoa-hoc/<slug:course>/ma-vuong.svg")
@allow("anyone")
def square(course: str) -> Response:
    """The address of the course page as a QR code."""
    edition = _open_edition(course)
    address = f"{site()}{url_for('.course_page', course=course)}"
    response = _typed(qr.svg(address, edition.title), "image/svg+xml")
    response.headers["Content-Security-Policy"] = SVG_POLICY
    return response


@bp.get("/khoa-hoc/<slug:course>/the")
@allow("anyone")
def embedded(course: str) -> Response:
    """A small page for frames on other sites: only what all may see, no form, no script."""
    response = page("courses/embedded.html", edition=_open_edition(course))
    response.headers["Content-Security-Policy"] = _EMBEDDED
    return response


@bp.get("/khoa-hoc/moi.xml")
@allow("anyone")
def news() -> Response:
    """The newest open courses as an Atom feed."""
    entries = [
        Entry(
            edition.course.id, f"{site()}{url_for('.course_page', course=edition.course.slug)}", edition.title,
            edition.summary, edition.course.created_at, edition.published_at,
        )
        for edition in queries.catalogue()
    ]  # fmt: skip
    title = f"{settings().name}: khóa học mới"  # the courses are in Vietnamese, and so is their feed
    written = feed(entries, title=title, site=site(), address=f"{site()}{url_for('.news')}", now=clock.now())
    return _typed(written, "application/atom+xml; charset=utf-8")


@bp.get("/khoa-hoc/so-do.xml")
@allow("anyone")
def sitemap() -> Response:
    """The pages of open courses, for search engines."""
    editions = queries.catalogue()
    pages = [
        (f"{site()}{url_for('.course_page', course=edition.course.slug)}", edition.published_at) for edition in editions
    ]
    return _typed(site_map(pages), "application/xml; charset=utf-8")
