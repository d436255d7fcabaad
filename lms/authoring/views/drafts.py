"""Uploads: what is wrong in them, what they would change, how a phone shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast
from uuid import UUID

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.authoring import access, actions, documents, queries, rules
from lms.authoring.forms import PublishForm, UploadForm
from lms.authoring.models import Draft
from lms.authoring.views.room import KINDS, MOST_SHOWN, bp
from lms.core import clock
from lms.core.ids import from_address, to_address
from lms.core.refusal import NotFound, Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.courses.documents import digest_of, is_served, media_type_of
from lms.courses.models import Course, Edition
from lms.courses.queries import current_edition, dropped_ids, returned_ids
from lms.courses.rules import Check, CourseHasFaults, Fault, Lesson, Product, fill_in, spelled, summary_of
from lms.courses.rules import Course as Read
from lms.learning.rules import asking
from lms.learning.rules.asking import Asked
from lms.units.models import Organisation
from lms.web.assets import shelf
from lms.web.gate import allow, me, require
from lms.web.pages import attachment, done, page, refused, sheet, wanted_sheet

SHARED = ("shared.css", "shared.js", "web/icons.svg")
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
HEADS = (text("Mã"), text("Khóa học"), text("Đơn vị chủ quản"), text("Bản"), text("Ngày phát hành"), text("Số bài"))


@bp.get("/soan")
@allow(*access.AUTHORS)
def drafts() -> ResponseReturnValue:
    """My uploads, and what is published."""
    if wanted_sheet():
        return sheet(text("Khóa học đã phát hành"), HEADS, [_line(one) for one in queries.published()])
    return _drafts(UploadForm())


def _line(line: queries.PublishedLine) -> tuple[Cell, ...]:
    edition = line.edition
    day = clock.local(edition.published_at).date()
    return (edition.course.slug, edition.title, line.owner, edition.number, day, edition.lesson_count)


def _drafts(form: UploadForm, status: int = 200) -> Response:
    lines, published = queries.drafts_for(me()), queries.published()
    return page("authoring/drafts.html", status, form=form, lines=lines, published=published)


@bp.post("/soan")
@allow(*access.AUTHORS)
def upload() -> ResponseReturnValue:
    """Keep a zip and tell what is wrong in it; nothing is published."""
    form = cast(UploadForm, UploadForm.posted())
    if not form.validate():
        return _drafts(form, 422)
    file = form.package.data
    draft = actions.upload(file.filename, file.read(), by=me())
    return done(url_for(".draft", draft_id=draft.id))


@bp.get("/soan/mau")
@allow(*access.AUTHORS)
def starter() -> Response:
    """A small correct course to begin from."""
    response = make_response(documents.starter())
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = attachment(f"{documents.STARTER.name}.zip")
    return response


@dataclass(frozen=True)
class Target:
    """Where a draft would go: its course (None = new), the edition in force, and who owns or may own it."""

    course: Course | None
    current: Edition | None
    owners: Sequence[Organisation]

    @property
    def may_publish(self) -> bool:
        """May this actor publish there?"""
        if self.course is None:
            return bool(self.owners)
        return access.can_publish(me(), self.course.owner)


def _target(slug: str) -> Target:
    course = queries.course_with(slug)
    if course is None:
        return Target(None, None, queries.owners_for(me()))
    return Target(course, current_edition(course.id), ())


def _form(target: Target, posted: bool = False) -> PublishForm:
    form = cast(PublishForm, PublishForm.posted() if posted else PublishForm())
    if target.course is not None:
        del form.owner
    else:
        form.owner.choices = [(to_address(one.id), one.name) for one in target.owners]
        form.owner.data = form.owner.data or (to_address(target.owners[0].id) if target.owners else None)
    return form


@bp.get("/soan/<key:draft_id>")
@allow(*access.AUTHORS)
def draft(draft_id: UUID) -> ResponseReturnValue:
    """What is wrong in an upload; or what it holds and what publishing would change."""
    found = queries.draft_for(me(), draft_id)
    try:
        read = documents.read_kept(found.digest) if not found.faults else None
    except CourseHasFaults as refusal:
        return _faults(found, refusal.faults)
    if read is None:
        return _faults(found, documents.faults_from_json(found.faults))
    target = _target(read.id)
    return _draft(found, read, target, _form(target))


def _faults(found: Draft, faults: Sequence[Fault]) -> Response:
    return page("authoring/faults.html", draft=found, faults=faults[:MOST_SHOWN], count=len(faults))


def _draft(
    found: Draft, read: Read, target: Target, form: PublishForm, refusal: Text | None = None, status: int = 200
) -> Response:
    lessons, questions = queries.changes(read, target.current)
    is_current = target.current is not None and target.current.digest == digest_of(read)
    return page(
        "authoring/draft.html", status, draft=found, read=read, summary=summary_of(read), kinds=KINDS, target=target,
        lessons=lessons, questions=questions, is_current=is_current, form=form, refusal=refusal,
        needs_confirming=bool(dropped_ids(read, target.current) or returned_ids(read, target.current)), most=MOST_SHOWN,
    )  # fmt: skip


@bp.post("/soan/<key:draft_id>/phat-hanh")
@allow(*access.AUTHORS)
def publish(draft_id: UUID) -> ResponseReturnValue:
    """Make the draft the edition in force."""
    found, read = _read(draft_id)
    target = _target(read.id)
    require(target.may_publish)
    form = _form(target, posted=True)
    if not form.validate():
        return _draft(found, read, target, form, status=422)
    try:
        edition = actions.publish(found, owner=_owner(form, target), confirmed=form.confirmed.data, by=me())
    except Refusal as refusal:
        sentence = refused(refusal, form)
        return _draft(found, read, target, form, sentence, 409)
    said = text("Đã phát hành bản {number} của “{title}”.", number=edition.number, title=edition.title)
    return done(url_for("courses.course_page", course=edition.course.slug), said=said)


def _owner(form: PublishForm, target: Target) -> Organisation | None:
    """The organisation chosen for a new course."""
    if target.course is not None:
        return None
    chosen = from_address(form.owner.data)
    return next(one for one in target.owners if one.id == chosen)


def _read(draft_id: UUID) -> tuple[Draft, Read]:
    """An own draft and its course; NotFound where it has faults."""
    found = queries.draft_for(me(), draft_id)
    try:
        return found, documents.read_kept(found.digest)
    except CourseHasFaults as refusal:
        raise NotFound from refusal


@bp.get("/soan/<key:draft_id>/xem/<slug:lesson>")
@allow(*access.AUTHORS)
def preview(draft_id: UUID, lesson: str) -> ResponseReturnValue:
    """A lesson as a phone of 360 px shows it, and its weight; with `?khung=1` only what stands in the frame."""
    found, read = _read(draft_id)
    shown = next((one for one in read.lessons if one.slug == lesson), None)
    if shown is None:
        raise NotFound
    frame = _frame(found, read, shown)
    if request.args.get("khung"):
        return frame
    weight = rules.weigh(frame.get_data(), shown, read.files, _shared())
    return page("authoring/preview.html", draft=found, read=read, lesson=shown, weight=weight)


def _shared() -> int:
    """Bytes that every lesson loads once: sheets, script, sprite, as they travel."""
    return sum(len(asset.packed.get("br", asset.content)) for asset in map(shelf().assets.__getitem__, SHARED))


def _frame(found: Draft, read: Read, shown: Lesson) -> Response:
    fill = _filler(found)
    questions = {question.id: question for question in shown.questions}
    parts: list[Markup | Asked] = [
        asking.ask(questions[part.question_id], part.question_id)
        if isinstance(part, Check | Product)
        else fill(part.html)
        for part in shown.parts
    ]
    answers = {key: rules.answers_of(question) for key, question in questions.items()}
    return page(
        "authoring/frame.html", read=read, lesson=shown, parts=parts, answers=answers, fill=fill,
        questions={key: spelled(question) for key, question in questions.items()},
    )  # fmt: skip


def _filler(found: Draft) -> Callable[[str], Markup]:
    """Puts addresses inside the draft into rendered texts; links between lessons stay inside the frame."""

    def fill(html: str) -> Markup:
        filled = fill_in(
            html,
            icons=shelf().address("web/icons.svg"),
            file=lambda path: url_for(".draft_file", draft_id=found.id, path=path),
            lesson=lambda slug: url_for(".preview", draft_id=found.id, lesson=slug, khung=1),
        )
        return Markup(filled)  # noqa: S704 - cleaned when the course was read

    return fill


@bp.get("/soan/<key:draft_id>/tep/<path:path>")
@allow(*access.AUTHORS)
def draft_file(draft_id: UUID, path: str) -> Response:
    """A picture, film or sound of a draft, out of its zip."""
    _, read = _read(draft_id)
    content = read.files.get(path)
    if content is None or not is_served(path):
        raise NotFound
    response = make_response(content)
    response.headers["Content-Type"] = media_type_of(path)
    response.headers["Content-Disposition"] = attachment(PurePosixPath(path).name, "inline")
    if path.endswith(".svg"):
        response.headers["Content-Security-Policy"] = SVG_POLICY
    return response
