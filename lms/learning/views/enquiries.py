"""Pages of questions on a block: asking, one's own, those that wait for a trainer, one question with its answer."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.courses import queries as courses
from lms.learning import access, actions, queries
from lms.learning.models import Enquiry
from lms.learning.queries import EnquiryLine
from lms.learning.views.blueprint import bp
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused, sheet, wanted_sheet

WAITING, ANSWERED, MINE = "cho", "da-tra-loi", "cua-toi"
KEPT_APART = text("Câu hỏi về một bài cần giữ kín")


@bp.get("/hoi-dap")
@allow("signed in")
def enquiries() -> ResponseReturnValue:
    """A learner's questions; for who answers, those that wait (`loc`: cho, da-tra-loi, cua-toi; `khoa` a course)."""
    actor, slug = me(), request.args.get("khoa", "")
    answers = bool(access.answers_in(actor))
    wanted = request.args.get("loc", WAITING if answers else MINE)
    if not answers or wanted not in {WAITING, ANSWERED}:
        wanted = MINE
    if wanted == MINE:
        lines = queries.enquiries_of(actor.person_id) if actor.person_id else []
    else:
        most = None if wanted_sheet() else queries.MOST_ENQUIRIES
        lines = queries.enquiries_for(actor, wanted == ANSWERED, slug, most)
    if wanted_sheet():
        return _sheet(lines, wanted)
    return page(
        "learning/enquiries.html",
        lines=lines,
        wanted=wanted,
        answers=answers,
        slug=slug,
        asked=queries.courses_asked(actor) if wanted == WAITING else [],
        most=queries.MOST_ENQUIRIES,
    )


def _sheet(lines: list[EnquiryLine], wanted: str) -> ResponseReturnValue:
    """Of lessons that lists keep silent about, neither the words nor who asked."""
    heads = (text("Ngày hỏi"), text("Khóa học"), text("Bài"), text("Phần"), text("Người hỏi"), text("Đơn vị"),
             text("Câu hỏi"), text("Trả lời"))  # fmt: skip
    rows: list[list[Cell]] = []
    for line in lines:
        found = line.enquiry
        about: list[Cell] = ["", "", KEPT_APART, "", line.unit, "", ""]
        if line.lesson is not None and not line.is_sensitive:
            name = "" if wanted == MINE else found.person.name
            reply = line.answer.text if line.answer else ""
            about = [found.course.title, line.lesson.title, found.heading, name, line.unit, found.text, reply]
        rows.append([found.asked_at, *about])
    return sheet(text("Hỏi đáp"), heads, rows)


@bp.get("/hoi-dap/<key:enquiry_id>")
@allow(*access.ANSWERERS)
def enquiry(enquiry_id: UUID) -> ResponseReturnValue:
    """One question: its words, the answer, the pin."""
    return _enquiry_page(queries.enquiry_for(me(), enquiry_id))


def _enquiry_page(
    line: EnquiryLine, status: int = 200, reply: str = "", question: str = "", fault: tuple[str, Text] | None = None
) -> ResponseReturnValue:
    """`fault`: at which form something was refused, and why; what was typed stays."""
    held = line.answer.pinned_question if line.answer else ""
    offered = "" if line.is_sensitive else line.enquiry.text[: actions.LONGEST_PINNED]
    return page(
        "learning/enquiry.html",
        status,
        line=line,
        reply=reply or (line.answer.text if line.answer else ""),
        question=question or held or offered,
        fault=fault,
    )


@bp.post("/hoi-dap/<key:enquiry_id>/tra-loi")
@allow(*access.ANSWERERS)
def answer_enquiry(enquiry_id: UUID) -> ResponseReturnValue:
    """Answer a question."""
    line, written = queries.enquiry_for(me(), enquiry_id), request.form.get("text", "")
    try:
        actions.answer_enquiry(line.enquiry, written, by=me())
    except Refusal as refusal:
        fault = ("text", refused(refusal))
        return _enquiry_page(queries.enquiry_for(me(), enquiry_id), 422, reply=written, fault=fault)
    return done(url_for(".enquiry", enquiry_id=enquiry_id), said=text("Đã gửi câu trả lời."))


@bp.post("/hoi-dap/<key:enquiry_id>/ghim")
@allow(*access.ANSWERERS)
def pin(enquiry_id: UUID) -> ResponseReturnValue:
    """Pin the answer into the lesson, under another wording of the question."""
    line, wording = queries.enquiry_for(me(), enquiry_id), request.form.get("question", "")
    try:
        actions.pin(line.enquiry, wording, by=me())
    except Refusal as refusal:
        fault = ("question", refused(refusal))
        return _enquiry_page(queries.enquiry_for(me(), enquiry_id), 422, question=wording, fault=fault)
    return done(url_for(".enquiry", enquiry_id=enquiry_id), said=text("Đã ghim vào bài. Ai đọc bài cũng thấy."))


@bp.post("/hoi-dap/<key:enquiry_id>/bo-ghim")
@allow(*access.ANSWERERS)
def unpin(enquiry_id: UUID) -> ResponseReturnValue:
    """Take the answer out of the lesson."""
    line = queries.enquiry_for(me(), enquiry_id)
    try:
        actions.unpin(line.enquiry, by=me())
    except Refusal as refusal:
        return _enquiry_page(queries.enquiry_for(me(), enquiry_id), 409, fault=("question", refused(refusal)))
    return done(url_for(".enquiry", enquiry_id=enquiry_id), said=text("Đã bỏ ghim."))


@bp.post("/hoi-dap/<key:enquiry_id>/rut")
@allow("signed in")
def withdraw_enquiry(enquiry_id: UUID) -> ResponseReturnValue:
    """Take back an own question."""
    found: Enquiry = queries.own_enquiry(me(), enquiry_id)
    actions.withdraw_enquiry(found, by=me())
    return done(url_for(".enquiries", loc=MINE), said=text("Đã rút câu hỏi."))


@bp.post("/hoi-dap/<slug:course>/<slug:lesson>")
@allow("signed in")
def ask(course: str, lesson: str) -> ResponseReturnValue:
    """Ask about a part of a lesson."""
    edition = courses.edition_of(course)
    found = courses.lesson_of(edition.id, lesson)
    anchor, written = request.form.get("phan", ""), request.form.get("text", "")
    try:
        actions.ask(edition, found, anchor, written, by=me())
    except Refusal as refusal:
        return page(
            "learning/enquiry_form.html",
            422,
            edition=edition,
            lesson=found,
            headings=queries.headings_of(found),
            typed=written,
            anchor=anchor,
            fault=refused(refusal),
        )
    said = text("Đã gửi câu hỏi. Giảng viên trả lời ở mục Hỏi đáp.")
    return done(url_for(".lesson", course=course, lesson=lesson, _anchor="hoi-dap"), said=said)
