"""Pages of tests: the final one, the forms of before and after, an attempt of any of them, its result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import Marked, Question
from lms.learning import actions, queries
from lms.learning.models import Purpose, TestAttempt
from lms.learning.rules import asking
from lms.learning.rules.asking import Asked
from lms.learning.rules.results import mark_all
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


def _test_page(edition: Edition, sentence: Text | None = None, status: int = 200) -> Response:
    state = queries.test_state(edition, person_id_of_mine())
    return page(
        "learning/test.html",
        status,
        edition=edition,
        title=state.test.title,
        state=state,
        standouts=queries.standouts(state.attempts),
        sentence=sentence,
        leave=False,
    )


def person_id_of_mine() -> UUID:
    """The person of this account; NotFound for one without."""
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
        begun = actions.start_attempt(edition, person_id_of_mine(), Purpose.FINAL, by=me())
    except Refusal as refusal:
        return _test_page(edition, refused(refusal), 409)
    return done(_address("attempt", course, begun))


@bp.get("/hoc/<slug:course>/truoc")
@allow("signed in")
def before(course: str) -> ResponseReturnValue:
    """The form of before the course: what it is for, or what came out."""
    return _form_page(courses.edition_of(course), Purpose.PRE)


@bp.post("/hoc/<slug:course>/truoc")
@allow("signed in")
def start_before(course: str) -> ResponseReturnValue:
    """Begin the form of before, or go on with it."""
    return _start_form(courses.edition_of(course), Purpose.PRE)


@bp.get("/hoc/<slug:course>/sau")
@allow("signed in")
def after(course: str) -> ResponseReturnValue:
    """The form of after the course: what it needs, or what came out."""
    return _form_page(courses.edition_of(course), Purpose.POST)


@bp.post("/hoc/<slug:course>/sau")
@allow("signed in")
def start_after(course: str) -> ResponseReturnValue:
    """Begin the form of after, or go on with it."""
    return _start_form(courses.edition_of(course), Purpose.POST)


def _form_page(edition: Edition, purpose: Purpose, sentence: Text | None = None, status: int = 200) -> Response:
    state = queries.forms_state(edition, person_id_of_mine())
    return page(
        "learning/forms.html",
        status,
        edition=edition,
        title=_form_title(edition, purpose),
        state=state,
        is_before=purpose is Purpose.PRE,
        sentence=sentence,
        leave=False,
    )


def _start_form(edition: Edition, purpose: Purpose) -> ResponseReturnValue:
    if edition.forms is None:
        raise NotFound
    try:
        begun = actions.start_attempt(edition, person_id_of_mine(), purpose, by=me())
    except Refusal as refusal:
        return _form_page(edition, purpose, refused(refusal), 409)
    return done(_address("attempt", edition.course.slug, begun))


def _form_title(edition: Edition, purpose: Purpose) -> Text:
    named = edition.forms["title"] if edition.forms else _test_title(edition)
    if purpose is Purpose.PRE:
        return text("{title}: trước khi học", title=named)
    return text("{title}: sau khi học", title=named)


def _test_title(edition: Edition) -> Text | str:
    return str(edition.test["title"]) if edition.test else text("Kiểm tra cuối khóa")


def _title(edition: Edition, found: TestAttempt) -> Text | str:
    return _test_title(edition) if found.purpose is Purpose.FINAL else _form_title(edition, found.purpose)


def _address(view: str, course: str, attempt: TestAttempt) -> str:
    return url_for(f".{view}", course=course, attempt_id=attempt.id)


def find_attempt(course: str, attempt_id: UUID, is_practice: bool = False) -> tuple[Edition, TestAttempt]:
    """The current edition and an own attempt at its course, a practice or any other; NotFound."""
    edition, found = courses.edition_of(course), queries.attempt_for(me(), attempt_id)
    if found.study.course_id != edition.course_id or (found.purpose is Purpose.PRACTICE) is not is_practice:
        raise NotFound
    return edition, found


@bp.get("/hoc/<slug:course>/kiem-tra/<key:attempt_id>")
@allow("signed in")
def attempt(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """All questions of an open attempt, with what was answered so far."""
    edition, found = find_attempt(course, attempt_id)
    if found.submitted_at is not None:
        return redirect(_address("result", course, found), 303)
    if queries.is_over(found):
        return redirect(_address("confirm", course, found), 303)
    return page("learning/attempt.html", **_names(edition, found))


def _names(edition: Edition, found: TestAttempt) -> dict[str, Any]:
    return {
        "edition": edition,
        "attempt": found,
        "title": _title(edition, found),
        "questions": [ask_in(found, question) for question in queries.questions_of_attempt(found)],
        "is_over": queries.is_over(found),
        "leave": queries.is_sensitive(found),
        "fill": filler(),
    }


def ask_in(found: TestAttempt, question: Question, marked: Marked | None = None) -> Asked:
    """A question of an attempt as its seed shuffles it, with what was answered."""
    return asking.ask(question, question.id, seed=found.seed, answer=found.answers.get(question.id), marked=marked)


def _posted_answers(found: TestAttempt) -> dict[str, Any]:
    """Answers as the form has them; a question that the form does not name is left alone."""
    posted, named = request.form.to_dict(flat=False), set(request.form.getlist("questions"))
    questions = [question for question in queries.questions_of_attempt(found) if question.id in named]
    return {question.id: asking.read(question, question.id, posted, seed=found.seed) for question in questions}


@bp.post("/hoc/<slug:course>/kiem-tra/<key:attempt_id>")
@allow("signed in")
def keep_answers(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """Keep answers and go on later; after the time is over, submit what was kept before."""
    edition, found = find_attempt(course, attempt_id)
    try:
        kept = actions.keep_answers(found, _posted_answers(found), by=me())
    except actions.TestIsSubmitted:
        return done(_address("result", course, found))
    except actions.TimeIsOver as refusal:
        return _close(course, found, refusal)
    said = text("Đã lưu bài làm.")
    return done(
        _address("attempt", course, kept), "learning/_saved.html", said=said, **_names(edition, kept), is_new=True
    )


def _close(course: str, found: TestAttempt, refusal: Refusal) -> ResponseReturnValue:
    closed = actions.submit(found, by=me())
    return done(_address("result", course, closed), said=refusal.sentence)


@bp.get("/hoc/<slug:course>/kiem-tra/<key:attempt_id>/nop")
@allow("signed in")
def confirm(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """Before submitting: which questions are still open."""
    edition, found = find_attempt(course, attempt_id)
    if found.submitted_at is not None:
        return redirect(_address("result", course, found), 303)
    return page("learning/confirm.html", **_names(edition, found))


@bp.post("/hoc/<slug:course>/kiem-tra/<key:attempt_id>/nop")
@allow("signed in")
def submit(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """Keep what was posted and submit; open questions are asked about first. Twice is once."""
    _, found = find_attempt(course, attempt_id)
    if found.submitted_at is None:
        try:
            found = actions.keep_answers(found, _posted_answers(found), by=me())
        except actions.TimeIsOver as refusal:
            return _close(course, found, refusal)
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
    edition, found = find_attempt(course, attempt_id)
    if found.submitted_at is None:
        return redirect(_address("attempt", course, found), 303)
    if found.purpose is not Purpose.FINAL:
        return _form_result(edition, found)
    came = queries.result_of(found, edition)
    state = queries.test_state(edition, person_id_of_mine()) if edition.test is not None else None
    return page(
        "learning/result.html",
        edition=edition,
        title=_title(edition, found),
        result=came,
        questions=[ask_in(found, question, came.marked[question.id]) for question in came.questions],
        state=state,
        standouts=queries.standouts(state.attempts) if state else None,
        completed=queries.standing_of(person_id_of_mine(), edition.course_id).completed,
        leave=queries.is_sensitive(found),
        fill=filler(),
    )


def _form_result(edition: Edition, found: TestAttempt) -> Response:
    """By goal; the answers are told once the form of after is handed in, else the neighbour learns them."""
    is_before = found.purpose is Purpose.PRE
    earlier = None if is_before else queries.handed_in_before(found)
    after_it = queries.attempts_of(found.study.person_id, found.study.course_id, Purpose.POST)
    is_told = any(one.submitted_at is not None for one in after_it)
    return page(
        "learning/form_result.html",
        edition=edition,
        title=_title(edition, found),
        attempt=found,
        is_before=is_before,
        earlier=earlier,
        gains=queries.gains_of(found, edition, earlier),
        questions=_told(found) if is_told else (),
        leave=queries.is_sensitive(found),
        fill=filler(),
    )


def _told(found: TestAttempt) -> list[Asked]:
    questions = queries.questions_of_attempt(found)
    marked = mark_all(questions, found.answers)
    return [ask_in(found, question, marked[question.id]) for question in questions]
