"""Pages of the room `authoring`: upload a zip, see its faults, look at it as a learner does, publish it."""

from __future__ import annotations

import gzip
import mimetypes
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.authoring import access, actions, documents, queries
from lms.authoring.forms import PublishForm, UploadForm
from lms.authoring.models import Draft
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses import rules
from lms.courses.views import SVG_POLICY
from lms.units.queries import womens_union_of
from lms.web.assets import shelf
from lms.web.gate import allow, me
from lms.web.pages import attachment, done, page, refused

bp = Blueprint("authoring", __name__)
BUDGET, SLOW = 60_000, 400_000 / 8  # bytes of a lesson; bytes a second at 400 kbps


@bp.get("/soan")
@allow(*access.AUTHORS)
def drafts() -> ResponseReturnValue:
    """What I uploaded, and the place to upload."""
    return page("authoring/drafts.html", drafts=queries.drafts_for(me()), form=UploadForm(), fault=None)


@bp.post("/soan")
@allow(*access.AUTHORS)
def upload() -> ResponseReturnValue:
    """Read a zip; its faults or its summary follow."""
    form = UploadForm.posted()
    sent = request.files.get("package")
    try:
        draft = actions.upload(sent.read() if sent else b"", (sent.filename or "") if sent else "", by=me())
    except Refusal as refusal:
        said = refused(refusal, form)
        return page("authoring/drafts.html", 422, drafts=queries.drafts_for(me()), form=form, fault=said)
    return done(url_for(".draft", draft_id=draft.id))


@bp.get("/soan/mau")
@allow(*access.AUTHORS)
def starter() -> Response:
    """A small correct folder to begin with."""
    response = make_response(documents.starter())
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = attachment("khoa-cua-toi.zip")
    return response


@bp.get("/soan/<key:draft_id>")
@allow(*access.AUTHORS)
def draft(draft_id: UUID) -> ResponseReturnValue:
    """A draft: its faults by file and line, or its summary and what publishing changes."""
    return _draft_page(queries.draft_for(me(), draft_id), PublishForm(), None)


def _draft_page(found: Draft, form: PublishForm, said: object, status: int = 200) -> Response:
    if found.faults:
        return page("authoring/faults.html", status, draft=found, said=said)
    read = documents.read_kept(found.digest)
    return page(
        "authoring/draft.html", status, draft=found, read=read, summary=rules.summary_of(read), change=queries.difference(read),
        may_publish=access.can_publish(me(), queries.course_with(found.slug)), form=form, said=said,
    )  # fmt: skip


@bp.post("/soan/<key:draft_id>/phat-hanh")
@allow(*access.AUTHORS)
def publish(draft_id: UUID) -> ResponseReturnValue:
    """The draft as the edition in force."""
    found = queries.draft_for(me(), draft_id)
    form = PublishForm.posted()
    owner = next((union for unit in me().units_as(*access.AUTHORS) if (union := womens_union_of(unit))), None)
    try:
        actions.publish(found, owner=owner, by=me(), confirmed=bool(form.confirmed.data))
    except Refusal as refusal:
        return _draft_page(queries.draft_for(me(), draft_id), form, refused(refusal), 409)
    return done(url_for("courses.course_page", course=found.slug), said=text("Đã phát hành."))


def _lesson(draft_id: UUID, slug: str) -> tuple[Draft, rules.Course, rules.Lesson]:
    found = queries.draft_for(me(), draft_id)
    if found.faults:
        raise NotFound
    read = documents.read_kept(found.digest)
    lesson = next((lesson for lesson in read.lessons if lesson.slug == slug), None)
    if lesson is None:
        raise NotFound
    return found, read, lesson


@bp.get("/soan/<key:draft_id>/xem/<slug:lesson>")
@allow(*access.AUTHORS)
def preview(draft_id: UUID, lesson: str) -> ResponseReturnValue:
    """A lesson as a phone of 360 px shows it, and what it weighs."""
    found, read, shown = _lesson(draft_id, lesson)
    weight = _weight(found, read, shown)
    return page(
        "authoring/preview.html", draft=found, read=read, lesson=shown, kilobytes=weight / 1000, seconds=weight / SLOW,
        heavy=weight > BUDGET,
    )  # fmt: skip


@bp.get("/soan/<key:draft_id>/khung/<slug:lesson>")
@allow(*access.AUTHORS)
def frame(draft_id: UUID, lesson: str) -> ResponseReturnValue:
    """The inside of the preview."""
    found, read, shown = _lesson(draft_id, lesson)
    return page("authoring/frame.html", lesson=shown, parts=_parts(found, read, shown))


def _parts(found: Draft, read: rules.Course, lesson: rules.Lesson) -> list[dict[str, object]]:
    """HTML of each part; a check shows its question and options."""
    questions = {question.id: question for question in read.questions}
    parts: list[dict[str, object]] = []
    for part in lesson.parts:
        if isinstance(part, rules.Html):
            parts.append({"html": _fill(found, part.html)})
        else:
            asked = questions[part.question_id]
            parts.append(
                {"stem": _fill(found, asked.stem_html), "options": [_fill(found, o.html) for o in asked.options]}
            )
    return parts


def _fill(found: Draft, rendered: str) -> str:
    return rules.fill_in(
        rendered,
        icons=shelf().address("web/icons.svg"),
        file=lambda path: url_for(".draft_file", draft_id=found.id, path=path),
        lesson=lambda slug: url_for(".preview", draft_id=found.id, lesson=slug),
    )


def _weight(found: Draft, read: rules.Course, lesson: rules.Lesson) -> int:
    """Bytes on the wire the first time: page, sheets, script, sprite, pictures of the lesson."""
    html = render_template("authoring/frame.html", lesson=lesson, parts=_parts(found, read, lesson))
    named = [path for path in read.media if url_for(".draft_file", draft_id=found.id, path=path) in html]
    shared = ("shared.css", "shared.js", "learning/learning.css", "web/icons.svg")
    packed = sum(len(shelf().assets[name].packed.get("br") or shelf().assets[name].content) for name in shared)
    return (
        packed + len(gzip.compress(html.encode(), 5)) + sum(len(gzip.compress(read.media[path], 6)) for path in named)
    )


@bp.get("/soan/<key:draft_id>/tep/<path:path>")
@allow(*access.AUTHORS)
def draft_file(draft_id: UUID, path: str) -> Response:
    """A picture, sound or film of a draft."""
    found = queries.draft_for(me(), draft_id)
    content = None if found.faults else documents.read_kept(found.digest).media.get(path)
    if content is None:
        raise NotFound
    response = make_response(content)
    response.headers["Content-Type"] = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response.headers["Content-Security-Policy"] = SVG_POLICY
    return response
