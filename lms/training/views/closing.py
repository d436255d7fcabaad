"""Closing a session and opening it again."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import Refusal
from lms.core.words import Text, text
from lms.training import actions, queries
from lms.training.forms import ReasonForm
from lms.training.models import Session
from lms.training.views.blueprint import bp, taken_session
from lms.web.gate import allow, me, require
from lms.web.pages import done, page, refused


@bp.get("/buoi/<key:session_id>/chot")
@allow("signed in")
def closing(session_id: UUID) -> ResponseReturnValue:
    """Before a session is closed: who is left blank. Nobody becomes absent by closing."""
    session, _ = taken_session(session_id)
    lines = queries.roster_of(session)
    blank = [line for line in lines if line.state is None]
    came = sum(line.minutes > 0 for line in lines)
    return page(
        "training/closing.html", session=session, held=session.training_class, blank=blank, came=came, whole=len(lines)
    )


@bp.post("/buoi/<key:session_id>/chot")
@allow("signed in")
def close_session(session_id: UUID) -> ResponseReturnValue:
    """The roll is finished."""
    session, _ = taken_session(session_id)
    actions.close_session(session, by=me())
    return done(
        url_for(".class_page", class_id=session.class_id), said=text("Đã chốt buổi {number}.", number=session.number)
    )


@bp.get("/buoi/<key:session_id>/mo-lai")
@allow("signed in")
def reopening(session_id: UUID) -> ResponseReturnValue:
    """Before a closed session is opened again: why."""
    session, sight = queries.seen_session(me(), session_id)
    require(sight.runs)
    return _reopening(session, ReasonForm())


def _reopening(
    session: Session, form: ReasonForm, status: int = 200, sentence: Text | None = None
) -> ResponseReturnValue:
    return page(
        "training/reopening.html", status, session=session, held=session.training_class, form=form, sentence=sentence
    )


@bp.post("/buoi/<key:session_id>/mo-lai")
@allow("signed in")
def reopen_session(session_id: UUID) -> ResponseReturnValue:
    """A closed session takes marks again; the coordinator says why."""
    session, sight = queries.seen_session(me(), session_id)
    require(sight.runs)
    form = cast(ReasonForm, ReasonForm.posted())
    if not form.validate():
        return _reopening(session, form, 422)
    try:
        actions.reopen_session(session, reason=form.reason.data or "", by=me())
    except Refusal as refusal:
        return _reopening(session, form, 409, refused(refusal, form))
    return done(url_for(".roll", session_id=session_id), said=text("Đã mở lại buổi {number}.", number=session.number))
