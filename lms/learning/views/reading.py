"""Pages around a lesson: step cards for a meeting, minutes to print, hard words; and the size of letters."""

from __future__ import annotations

import re

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from lms.core.refusal import NotFound
from lms.core.words import text
from lms.courses import queries as courses
from lms.courses.models import Lesson
from lms.learning.rules.steps import step_cards
from lms.learning.views.blueprint import bp, readable, sign_in_first, unstored
from lms.learning.views.languages import reading_of
from lms.learning.views.lessons import filler
from lms.web.gate import allow, safe_onward
from lms.web.pages import done, page, sheet, wanted_sheet
from lms.web.templating import TEXT_SIZES

YEAR = 365 * 24 * 3600
_TAG = re.compile(r"<[^>]+>")


@bp.post("/chu")
@allow("anyone")
def text_size() -> ResponseReturnValue:
    """Letters as large as one likes, kept in the browser; back to where one was."""
    chosen = request.form.get("co", "")
    if chosen not in TEXT_SIZES:
        raise NotFound
    answer = current_app.make_response(done(safe_onward(request.form.get("tiep", ""), "/")))
    answer.set_cookie(
        "chu",
        chosen,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return answer


@bp.get("/hoc/<slug:course>/tu-dien")
@allow("anyone")
def glossary(course: str) -> ResponseReturnValue:
    """The hard words of a course and what they mean."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    terms = courses.glossary_of(edition.id)
    if not terms:
        raise NotFound
    if wanted_sheet():
        rows = [(term.term, " ".join(_TAG.sub("", term.html).split())) for term in terms]
        return sheet(text("Từ khó"), (text("Từ"), text("Nghĩa")), rows)
    return page("learning/glossary.html", edition=edition, terms=terms, fill=filler())


@bp.get("/hoc/<slug:course>/<slug:lesson>/buoi-hop")
@allow("anyone")
def meeting(course: str, lesson: str) -> ResponseReturnValue:
    """The step cards of a lesson one by one (`buoc`), to lead a meeting by."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    found = courses.lesson_of(edition.id, lesson)
    reading = reading_of(edition, found)
    cards = step_cards(reading.parts) or step_cards(found.parts)
    if not cards:
        raise NotFound
    place = _place(len(cards))
    shown = page(
        "learning/meeting.html",
        edition=edition,
        lesson=found,
        reading=reading,
        card=cards[place - 1],
        place=place,
        count=len(cards),
        total_minutes=sum(card.minutes for card in cards),
        fill=filler(),
    )
    return _kept_apart(shown, found)


def _place(count: int) -> int:
    """Which card is asked for; outside of them the nearest one."""
    asked = request.args.get("buoc", "1")
    return max(1, min(int(asked), count)) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1


@bp.get("/hoc/<slug:course>/<slug:lesson>/bien-ban")
@allow("anyone")
def minutes(course: str, lesson: str) -> ResponseReturnValue:
    """The minutes of a meeting, to print and fill in by hand."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    found = courses.lesson_of(edition.id, lesson)
    if not found.minutes_form:
        raise NotFound
    shown = page("learning/minutes.html", edition=edition, lesson=found, form=filler()(found.minutes_form))
    return _kept_apart(shown, found)


def _kept_apart(shown: Response, lesson: Lesson) -> Response:
    return unstored(shown) if lesson.sensitive else shown
