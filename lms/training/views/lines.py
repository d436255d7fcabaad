"""One line of the roll: all that was said of a person in a session, saying more, striking out."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from lms.core.ids import to_address
from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.training import actions, queries
from lms.training.access import Sight
from lms.training.forms import LineForm, ReasonForm
from lms.training.models import RollMark, RollState, Session
from lms.training.queries import RosterLine
from lms.training.views.blueprint import bp, posted_key, taken_session
from lms.web.gate import allow, me, require
from lms.web.pages import done, page, refused


@bp.get("/buoi/<key:session_id>/nguoi/<key:person_id>")
@allow("signed in")
def roll_line(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """All marks of a person in a session, and what else can be said."""
    session, sight = queries.seen_session(me(), session_id)
    line = _line(session, person_id)
    return _roll_line(session, sight, line, LineForm(state=line.state))


def _line(session: Session, person_id: UUID) -> RosterLine:
    line = queries.line_of(session, person_id)
    if line is None:
        raise NotFound
    return line


def _roll_line(
    session: Session,
    sight: Sight,
    line: RosterLine,
    form: LineForm,
    status: int = 200,
    sentence: Text | None = None,
    striking: ReasonForm | None = None,
) -> ResponseReturnValue:
    return page(
        "training/roll_line.html",
        status,
        session=session,
        held=session.training_class,
        line=line,
        marks=queries.marks_of(session, line.person.id),
        changes=sight.takes_roll and session.closed_at is None and session.training_class.cancelled_at is None,
        form=form,
        striking=striking or ReasonForm(),
        sentence=sentence,
    )


@bp.post("/buoi/<key:session_id>/nguoi/<key:person_id>")
@allow("signed in")
def mark_person(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Excused, left early, absent, minutes, a note."""
    session, sight = queries.seen_session(me(), session_id)
    line = _line(session, person_id)
    require(sight.takes_roll)
    form = cast(LineForm, LineForm.posted())
    if not form.validate():
        return _roll_line(session, sight, line, form, 422)
    try:
        state = RollState(form.state.data)
        missing = form.missing.data if state in {RollState.LATE, RollState.LEFT_EARLY} else None
        actions.mark(session, person_id, state, by=me(), missing=missing, reason=form.reason.data or "")
    except Refusal as refusal:
        return _roll_line(session, sight, line, form, 409, refused(refusal, form))
    said = text("{name}: {state}.", name=line.person.name, state=state.label)
    return done(url_for(".roll", session_id=session_id, _anchor=f"n-{to_address(line.person.id)}"), said=said)


@bp.post("/buoi/<key:session_id>/nguoi/<key:person_id>/gach")
@allow("signed in")
def strike_out(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Strike out a mark of this person (`dau`), with a reason."""
    session, sight = taken_session(session_id)
    line = _line(session, person_id)
    mark = _mark(session, line, posted_key("dau"))
    striking = cast(ReasonForm, ReasonForm.posted())
    if not striking.validate():
        return _roll_line(session, sight, line, LineForm(), 422, striking=striking)
    try:
        actions.strike_out(mark, reason=striking.reason.data or "", by=me())
    except Refusal as refusal:
        return _roll_line(session, sight, line, LineForm(), 409, refused(refusal, striking), striking)
    address = url_for(".roll_line", session_id=session_id, person_id=person_id)
    return done(address, said=text("Đã gạch. Dòng cũ vẫn còn để xem lại."))


def _mark(session: Session, line: RosterLine, mark_id: UUID) -> RollMark:
    found = next((one.mark for one in queries.marks_of(session, line.person.id) if one.mark.id == mark_id), None)
    if found is None:
        raise NotFound
    return found
