"""Pages of giving courses: who was given what, how far they are, and giving more."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.actor import Role
from lms.core.refusal import Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.forms import AssignmentForm
from lms.learning.queries import AssignmentLine
from lms.learning.views.blueprint import bp
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused, sheet, wanted_sheet

HEADS = (
    text("Họ và tên"),
    text("Năm sinh"),
    text("Đơn vị"),
    text("Khóa học"),
    text("Hạn"),
    text("Số bài đã học"),
    text("Tổng số bài"),
    text("Ngày học xong"),
)


@bp.get("/giao-hoc")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR, Role.TRAINER)
def assignments() -> ResponseReturnValue:
    """Courses given to persons of my units, and how far they are."""
    editions = queries.editions_to_give()
    chosen = next((edition for edition in editions if edition.course.slug == request.args.get("khoa")), None)
    lines = queries.assignments_for(me(), chosen.course_id if chosen else None)
    if wanted_sheet():
        return sheet(text("Giao học"), HEADS, [_row(line) for line in lines])
    return page("learning/assignments.html", lines=lines, editions=editions, chosen=chosen)


def _row(line: AssignmentLine) -> list[Cell]:
    learner = line.learner
    return [
        learner.person.name,
        learner.person.birth_year,
        learner.unit_title,
        learner.course.title,
        line.assignment.due,
        learner.done,
        learner.total,
        learner.completed_at,
    ]


@bp.get("/giao-hoc/moi")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR, Role.TRAINER)
def new_assignment() -> ResponseReturnValue:
    """Give a course: which, until when, to whom. `khoa` and `tim` (part of a name) may be asked for."""
    editions = queries.editions_to_give()
    form = AssignmentForm(request.args, course=request.args.get("khoa"))
    return _form_page(form, editions)


def _form_page(
    form: AssignmentForm, editions: list[Edition], sentence: Text | None = None, status: int = 200
) -> Response:
    form.course.choices = [(edition.course.slug, edition.title) for edition in editions]
    typed = request.values.get("tim", "")
    return page(
        "learning/new_assignment.html",
        status,
        form=form,
        sentence=sentence,
        typed=typed,
        candidates=queries.candidates_for(me(), typed),
        most=queries.MOST_CANDIDATES,
    )


@bp.post("/giao-hoc/moi")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR, Role.TRAINER)
def assign() -> ResponseReturnValue:
    """Give the course to those who are ticked."""
    editions = queries.editions_to_give()
    form = cast(AssignmentForm, AssignmentForm.posted())
    form.course.choices = [(edition.course.slug, edition.title) for edition in editions]
    if not form.validate():
        return _form_page(form, editions, status=422)
    edition = next(one for one in editions if one.course.slug == form.course.data)
    persons = queries.persons_for(me(), form.persons.data or [])
    try:
        given = actions.assign(edition, persons, form.due.data, by=me())
    except Refusal as refusal:
        return _form_page(form, editions, refused(refusal, form), 409)
    said = text("Đã giao khóa học cho {count} người.", count=len(given))
    return done(url_for(".assignments", khoa=edition.course.slug), said=said)


@bp.post("/giao-hoc/<key:assignment_id>/rut")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR, Role.TRAINER)
def withdraw(assignment_id: UUID) -> ResponseReturnValue:
    """Take a given course back."""
    found = queries.assignment_for(me(), assignment_id)
    actions.withdraw(found, by=me())
    return done(url_for(".assignments"), said=text("Đã rút. Những gì đã học vẫn còn."))
