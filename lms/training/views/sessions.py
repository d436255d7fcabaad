"""Adding sessions to a class: one, or mornings and afternoons by ticks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import Refusal
from lms.core.words import Text, text
from lms.training import actions, queries
from lms.training.forms import HalfDays, SessionForm
from lms.training.models import Session, TrainingClass
from lms.training.views.blueprint import bp, run_class
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused

MORNING, AFTERNOON = "sang", "chieu"
MOST_DAYS_SHOWN = 31


@bp.get("/lop/<key:class_id>/them-buoi")
@allow("signed in")
def new_session(class_id: UUID) -> ResponseReturnValue:
    """Mornings and afternoons that are still free, and one session at any time."""
    return _new_session(run_class(class_id), HalfDays(), SessionForm())


def _new_session(
    training_class: TrainingClass, halves: HalfDays, form: SessionForm, status: int = 200, sentence: Text | None = None
) -> ResponseReturnValue:
    return page(
        "training/new_session.html",
        status,
        training_class=training_class,
        days=_free_halves(training_class, queries.sessions_of(training_class.id)),
        ticked=set(request.form.getlist("buoi")),
        halves=halves,
        form=form,
        sentence=sentence,
    )


def _free_halves(training_class: TrainingClass, sessions: list[Session]) -> list[tuple[date, list[str]]]:
    """Each day of the class with its halves in which no session begins."""
    taken = {(session.day, MORNING if session.starts.hour < 12 else AFTERNOON) for session in sessions}
    length = min((training_class.ends_on - training_class.starts_on).days + 1, MOST_DAYS_SHOWN)
    days = [training_class.starts_on + timedelta(offset) for offset in range(length)]
    free = [(day, [half for half in (MORNING, AFTERNOON) if (day, half) not in taken]) for day in days]
    return [(day, halves) for day, halves in free if halves]


@bp.post("/lop/<key:class_id>/them-buoi")
@allow("signed in")
def add_session(class_id: UUID) -> ResponseReturnValue:
    """One session."""
    training_class = run_class(class_id)
    form = cast(SessionForm, SessionForm.posted())
    if not form.validate():
        return _new_session(training_class, HalfDays(), form, 422)
    try:
        actions.add_session(training_class, form.day.data, form.starts.data, form.ends.data, by=me())
    except Refusal as refusal:
        return _new_session(training_class, HalfDays(), form, 409, refused(refusal, form))
    return done(url_for(".class_page", class_id=class_id), said=text("Đã thêm buổi."))


@bp.post("/lop/<key:class_id>/them-nhieu-buoi")
@allow("signed in")
def add_sessions(class_id: UUID) -> ResponseReturnValue:
    """The ticked mornings and afternoons, all or none."""
    training_class = run_class(class_id)
    halves = cast(HalfDays, HalfDays.posted())
    wanted = _wanted(training_class)
    if not halves.validate() or not wanted:
        sentence = None if wanted else text("Chưa chọn buổi nào. Đánh dấu ít nhất một buổi.")
        return _new_session(training_class, halves, SessionForm(), 422, sentence)
    try:
        for day, half in wanted:
            ((starts, ends),) = halves.spans(half == MORNING, half == AFTERNOON)
            actions.add_session(training_class, day, starts, ends, by=me())
    except Refusal as refusal:
        return _new_session(training_class, halves, SessionForm(), 409, refused(refusal))
    said = text("Đã thêm {count} buổi.", count=len(wanted))
    return done(url_for(".class_page", class_id=class_id), said=said)


def _wanted(training_class: TrainingClass) -> list[tuple[date, str]]:
    """The ticked halves that are free; a second tap finds none left to add twice."""
    ticked = set(request.form.getlist("buoi"))
    free = _free_halves(training_class, queries.sessions_of(training_class.id))
    return [(day, half) for day, halves in free for half in halves if f"{day}.{half}" in ticked]
