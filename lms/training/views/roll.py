"""The roll of a session: the list, a tap, everyone present, on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.ids import to_address
from lms.core.names import loose
from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.training import actions, queries, rules
from lms.training.access import Sight
from lms.training.forms import key_of
from lms.training.models import RollState, Session
from lms.training.queries import RosterLine, Shown, Tally
from lms.training.views.blueprint import bp, taken_session
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused, sheet, wanted_sheet


@bp.get("/buoi/<key:session_id>")
@allow("signed in")
def roll(session_id: UUID) -> ResponseReturnValue:
    """The roll: who is expected, narrowed by `?loc=` and `?tim=`."""
    session, sight = queries.seen_session(me(), session_id)
    return _roll(session, sight)


def _roll(session: Session, sight: Sight, status: int = 200, sentence: Text | None = None) -> ResponseReturnValue:
    lines = queries.roster_of(session)
    wanted, typed = request.values.get("loc", ""), request.values.get("tim", "")[:100]
    shown = next((shown for shown in Shown if shown == wanted), None)
    narrowed = [
        line for line in lines if (shown is None or line.is_in(shown)) and loose(typed) in line.person.name_loose
    ]
    if wanted_sheet():
        return _sheet(session, narrowed)
    return page(
        "training/roll.html",
        status,
        session=session,
        held=session.training_class,
        sight=sight,
        marks=sight.takes_roll and session.closed_at is None and session.training_class.cancelled_at is None,
        lines=narrowed,
        tally=_tally(lines),
        shown=shown,
        parts=Shown,
        typed=typed,
        count=len(queries.sessions_of(session.class_id)),
        coming=session.day > clock.today(),
        sentence=sentence,
    )


def _tally(lines: list[RosterLine]) -> Tally:
    states: dict[RollState | None, int] = {}
    for line in lines:
        states[line.state] = states.get(line.state, 0) + 1
    return Tally(len(lines), sum(line.minutes > 0 for line in lines), states)


def _sheet(session: Session, lines: list[RosterLine]) -> ResponseReturnValue:
    heads = (text("STT"), text("Họ và tên"), text("Năm sinh"), text("Chức danh"), text("Thôn, bản"), text("Đơn vị"),
             text("Điểm danh"), text("Số phút có mặt"))  # fmt: skip
    rows = [
        (line.number, line.person.name, line.person.birth_year, line.post, line.village, line.unit_title,
         line.state.label if line.state else text("Chưa ghi"), line.minutes)
        for line in lines
    ]  # fmt: skip
    return sheet(
        text("Điểm danh {number} buổi {session}", number=session.training_class.number, session=session.number),
        heads,
        rows,
    )


@bp.post("/buoi/<key:session_id>/diem-danh")
@allow("signed in")
def mark_line(session_id: UUID) -> ResponseReturnValue:
    """A tap: `nguoi` = key of the person, then the state it asks for (`key.present`); without one, the next state."""
    session, sight = taken_session(session_id)
    letters, _, asked = request.form.get("nguoi", "").partition(".")
    person_id = key_of(letters)
    if person_id is None or (asked and asked not in set(RollState)):
        raise NotFound
    try:
        actions.mark(session, person_id, RollState(asked or _next(session, person_id)), by=me())
    except Refusal as refusal:
        return _refused_tap(session, sight, refusal)
    return done(_address(session, person_id), "training/_marked.html", **_changed(session, person_id))


def _next(session: Session, person_id: UUID) -> str:
    line = queries.line_of(session, person_id)
    return rules.after_tap(line.state if line is not None else None)


def _changed(session: Session, person_id: UUID) -> dict[str, Any]:
    """The changed button and tally for a live request; a plain one is sent back to the page."""
    if not request.headers.get("HX-Request"):
        return {}
    line, tally = queries.pressed(session, person_id)
    return {"session": session, "line": line, "tally": tally, "parts": Shown, "shown": None, "live": True}


def _refused_tap(session: Session, sight: Sight, refusal: Refusal) -> ResponseReturnValue:
    sentence = refused(refusal)
    if request.headers.get("HX-Request"):
        return page("training/_refused.html", 409, sentence=sentence)
    return _roll(session, sight, 409, sentence)


def _address(session: Session, person_id: UUID) -> str:
    """Back to the line, under the same filter."""
    kept: dict[str, Any] = {name: request.form[name] for name in ("loc", "tim") if request.form.get(name)}
    return url_for(".roll", session_id=session.id, **kept, _anchor=f"n-{to_address(person_id)}")


@bp.get("/buoi/<key:session_id>/tat-ca-co-mat")
@allow("signed in")
def all_present(session_id: UUID) -> ResponseReturnValue:
    """Before everyone left is marked present: who that is."""
    session, _ = taken_session(session_id)
    waiting = [line for line in queries.roster_of(session) if line.state is None]
    return page("training/all_present.html", session=session, held=session.training_class, waiting=waiting)


@bp.post("/buoi/<key:session_id>/tat-ca-co-mat")
@allow("signed in")
def mark_all(session_id: UUID) -> ResponseReturnValue:
    """Everyone not marked yet was present."""
    session, sight = taken_session(session_id)
    try:
        marks = actions.mark_rest_present(session, by=me())
    except Refusal as refusal:
        return _roll(session, sight, 409, refused(refusal))
    return done(url_for(".roll", session_id=session_id), said=text("Đã ghi {count} người có mặt.", count=len(marks)))


@bp.get("/buoi/<key:session_id>/in")
@allow("signed in")
def printed_roll(session_id: UUID) -> ResponseReturnValue:
    """The roll on paper: names, years, posts, units, a box to sign."""
    session, _ = queries.seen_session(me(), session_id)
    return page(
        "training/printed_roll.html",
        session=session,
        held=session.training_class,
        lines=queries.roster_of(session),
        trainers=queries.trainers_of(session.class_id),
    )
