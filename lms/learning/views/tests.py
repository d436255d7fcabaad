"""Pages of the final test: what it needs, the attempt, its result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.models import Purpose, TestAttempt
from lms.learning.rules import asking
from lms.learning.rules.asking import Asked
from lms.learning.views.blueprint import bp
from lms.learning.views.lessons import filler
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused


@bp.get("/hoc/<slug:course>/kiem-tra")
@allow("signed in")
def test(course: str) -> ResponseReturnValue:
    """What is needed to begin, how many attempts are left, what came out before."""
    return _test_page(courses.edition_of(course))


test.__test__ = False  # type: ignore[attr-defined]


def _test_page(edition: Edition, sentence: Any = None, status: int = 200) -> ResponseReturnValue:
    state = queries.test_state(edition, _person_id())
    return page("learning/test.html", status, edition=edition, state=state, sentence=sentence)


def _person_id() -> UUID:
    person_id = me().person_id
    if person_id is None:
        raise NotFound
    return person_id


@bp.post("/hoc/<slug:course>/kiem-tra")
@allow("signed in")
def start_attempt(course: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the one begun."""
    edition = courses.edition_of(course)
    try:
        begun = actions.start_attempt(edition, _person_id(), Purpose.FINAL, by=me())
    except Refusal as refusal:
        return _test_page(edition, refused(refusal), 409)
    return done(_address("attempt", course, begun))


def _address(view: str, course: str, attempt: TestAttempt) -> str:
    return url_for(f".{view}", course=course, attempt_id=attempt.id)


def _find(course: str, attempt_id: UUID) -> tuple[Edition, TestAttempt]:
    """The current edition and an own attempt at its course; NotFound."""
    edition, found = courses.edition_of(course), queries.attempt_for(me(), attempt_id)
    if found.study.course_id != edition.course_id:
        raise NotFound
    return edition, found


@bp.get("/hoc/<slug:course>/kiem-tra/<key:attempt_id>")
@allow("signed in")
def attempt(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """All questions of an open attempt, with what was answered so far."""
    edition, found = _find(course, attempt_id)
    if found.submitted_at is not None:
        return redirect(_address("result", course, found), 303)
    return page("learning/attempt.html", **_names(edition, found))


def _names(edition: Edition, found: TestAttempt) -> dict[str, Any]:
    questions = [_asked(question, found) for question in queries.questions_of_attempt(found)]
    return {"edition": edition, "attempt": found, "questions": questions, "fill": filler()}


def _asked(question: Any, found: TestAttempt) -> Asked:
    return asking.ask(question, question.id, seed=found.seed, answer=found.answers.get(question.id))


def _posted_answers(found: TestAttempt) -> dict[str, Any]:
    """Answers as the form has them; a question that the form does not name is left alone."""
    posted, named = request.form.to_dict(flat=False), set(request.form.getlist("questions"))
    questions = [question for question in queries.questions_of_attempt(found) if question.id in named]
    return {question.id: asking.read(question, question.id, posted, seed=found.seed) for question in questions}


@bp.post("/hoc/<slug:course>/kiem-tra/<key:attempt_id>")
@allow("signed in")
def keep_answers(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """Keep answers and go on later."""
    edition, found = _find(course, attempt_id)
    try:
        kept = actions.keep_answers(found, _posted_answers(found), by=me())
    except actions.TestIsSubmitted:
        return done(_address("result", course, found))
    said = text("Đã lưu bài làm.")
    return done(
        _address("attempt", course, kept), "learning/_saved.html", said=said, **_names(edition, kept), is_new=True
    )


@bp.get("/hoc/<slug:course>/kiem-tra/<key:attempt_id>/nop")
@allow("signed in")
def confirm(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """Before submitting: which questions are still open."""
    edition, found = _find(course, attempt_id)
    if found.submitted_at is not None:
        return redirect(_address("result", course, found), 303)
    return page("learning/confirm.html", **_names(edition, found))


@bp.post("/hoc/<slug:course>/kiem-tra/<key:attempt_id>/nop")
@allow("signed in")
def submit(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """Keep what was posted and submit; open questions are asked about first. Twice is once."""
    _, found = _find(course, attempt_id)
    if found.submitted_at is None:
        found = actions.keep_answers(found, _posted_answers(found), by=me())
        questions = queries.questions_of_attempt(found)
        is_whole = all(asking.is_answered(question, found.answers.get(question.id)) for question in questions)
        if not is_whole and request.form.get("confirmed") != "1":
            return done(_address("confirm", course, found))
        found = actions.submit(found, by=me())
    return done(_address("result", course, found))


@bp.get("/hoc/<slug:course>/kiem-tra/<key:attempt_id>/ket-qua")
@allow("signed in")
def result(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """What came out, why, and which lessons to read again."""
    edition, found = _find(course, attempt_id)
    if found.submitted_at is None:
        return redirect(_address("attempt", course, found), 303)
    came = queries.result_of(found, edition)
    return page(
        "learning/result.html",
        edition=edition,
        result=came,
        questions=[
            asking.ask(
                question,
                question.id,
                seed=found.seed,
                answer=found.answers.get(question.id),
                marked=came.marked[question.id],
            )
            for question in came.questions
        ],  # fmt: skip
        state=queries.test_state(edition, _person_id()) if edition.test is not None else None,
        completed=queries.standing_of(_person_id(), edition.course_id).completed,
        fill=filler(),
    )
