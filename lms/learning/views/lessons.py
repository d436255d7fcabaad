"""Pages of studying: the path through a course, and the lesson player."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.courses import queries as courses
from lms.courses.models import Edition, Lesson
from lms.courses.rules import Question, mark
from lms.learning import actions, queries
from lms.learning.queries import Standing
from lms.learning.rules import asking
from lms.learning.rules.asking import Asked
from lms.learning.views.blueprint import bp, readable, sign_in_first
from lms.web import assets
from lms.web.gate import allow, me, signed_in
from lms.web.pages import done, page, refused


@dataclass(frozen=True)
class Tried:
    """What was just sent to a check and is not kept: a stranger's answer, or a refused one."""

    question: str
    answer: Any
    sentence: Text | None = None


@bp.get("/hoc/<slug:course>")
@allow("anyone")
def study(course: str) -> ResponseReturnValue:
    """The path through a course, and what is done of it."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    actor = signed_in()
    person_id = actor.person_id if actor else None
    lessons, standing = courses.outline(edition.id), queries.standing_of(person_id, edition.course_id)
    state = queries.test_state(edition, person_id, standing) if edition.test and person_id else None
    return page(
        "learning/study.html",
        edition=edition,
        steps=queries.steps_of(lessons, standing),
        done=standing.done(lessons),
        onward=queries.lesson_to_go_on(lessons, standing),
        completed=standing.completed,
        test=state,
    )


@bp.get("/hoc/<slug:course>/<slug:lesson>")
@allow("anyone")
def lesson(course: str, lesson: str) -> ResponseReturnValue:
    """A lesson to read, with its checks; reading writes nothing."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    return _lesson_page(edition, courses.lesson_of(edition.id, lesson))


@bp.post("/hoc/<slug:course>/<slug:lesson>/tra-loi/<slug:question>")
@allow("anyone")
def answer(course: str, lesson: str, question: str) -> ResponseReturnValue:
    """Answer a check: kept for who is signed in, only shown to a stranger."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    found = courses.lesson_of(edition.id, lesson)
    asked = courses.questions_of(edition.id, found.key).get(question)
    if asked is None:
        raise NotFound
    given = asking.read(asked, question, request.form.to_dict(flat=False))
    actor = signed_in()
    try:
        if actor is not None:
            actions.answer(edition, found.key, question, given, by=actor)
        elif not asking.is_answered(asked, given):
            raise actions.AnswerIsEmpty()
    except Refusal as refusal:
        return _shown(edition, found, asked, Tried(question, given, refused(refusal)))
    if actor is None:
        return _shown(edition, found, asked, Tried(question, given))
    here = url_for(".lesson", course=course, lesson=lesson, _anchor=question)
    return done(here, "learning/_check.html", **_check_names(edition, found, _asked(asked, given)))


def _shown(edition: Edition, found: Lesson, asked: Question, tried: Tried) -> ResponseReturnValue:
    """The check (to a live request) or the whole page, with an answer that is not kept."""
    status = 422 if tried.sentence else 200
    if not request.headers.get("HX-Request"):
        return _lesson_page(edition, found, tried, status)
    shown = _asked(asked, tried.answer, is_marked=tried.sentence is None)
    return page("learning/_check.html", status, **_check_names(edition, found, shown, tried))


def _check_names(edition: Edition, found: Lesson, asked: Asked, tried: Tried | None = None) -> dict[str, Any]:
    fill = filler()
    return {"edition": edition, "lesson": found, "asked": asked, "tried": tried, "fill": fill}


def _asked(question: Question, given: Any, is_marked: bool = True) -> Asked:
    marked = mark(question, given) if is_marked and asking.is_answered(question, given) else None
    return asking.ask(question, question.id, answer=given, marked=marked)


def _lesson_page(edition: Edition, found: Lesson, tried: Tried | None = None, status: int = 200) -> Response:
    actor = signed_in()
    lessons = courses.outline(edition.id)
    standing = queries.standing_of(actor.person_id if actor else None, edition.course_id)
    fill = filler()
    shown = page(
        "learning/lesson.html",
        status,
        edition=edition,
        lesson=found,
        parts=_parts(edition, found, standing, tried, fill),
        tried=tried,
        fill=fill,
        done=standing.done(lessons),
        total=len(lessons),
        following=queries.following(found.key, lessons),
        left_in_module=_left_in_module(found, lessons, standing),
    )
    if found.sensitive:
        shown.headers["Cache-Control"] = "no-store"  # whoever takes the phone next does not come back to it
    return shown


def _left_in_module(found: Lesson, lessons: Sequence[Lesson], standing: Standing) -> int:
    """Lessons of the module that will remain after this one."""
    others = [one for one in lessons if one.module_number == found.module_number and one.key != found.key]
    return len(others) - standing.done(others)


def _parts(
    edition: Edition, found: Lesson, standing: Standing, tried: Tried | None, fill: Callable[[str], Markup]
) -> list[Markup | Asked]:
    """Stored HTML, and checks with what was answered to them."""
    has_checks = any("check" in part for part in found.parts)
    questions = courses.questions_of(edition.id, found.key) if has_checks else {}
    again = request.args.get("lai", "")
    parts: list[Markup | Asked] = []
    for part in found.parts:
        question = questions.get(part.get("check", ""))
        if "html" in part:
            parts.append(fill(part["html"]))
        elif question is not None:
            parts.append(_check(question, found, standing, tried, again))
    return parts


def _check(question: Question, found: Lesson, standing: Standing, tried: Tried | None, again: str) -> Asked:
    if tried is not None and tried.question == question.id:
        return _asked(question, tried.answer, is_marked=tried.sentence is None)
    progress = standing.lessons.get(found.key)
    given = progress.answers.get(question.id) if progress and question.id != again else None
    return _asked(question, given.answer if given else None)


def filler() -> Callable[[str], Markup]:
    """Gives stored HTML the address of the sprite."""
    icons = assets.shelf().address("web/icons.svg")
    return lambda html: Markup(html.replace("%icons%", icons))  # noqa: S704 - cleaned when the course was read


@bp.post("/hoc/<slug:course>/<slug:lesson>/xong")
@allow("signed in")
def finish_lesson(course: str, lesson: str) -> ResponseReturnValue:
    """Finish a lesson and go on: to the next, to the test, or to the end card."""
    edition = courses.edition_of(course)
    found = courses.lesson_of(edition.id, lesson)
    actions.finish_lesson(edition, found.key, by=me())
    lessons = courses.outline(edition.id)
    standing = queries.standing_of(me().person_id, edition.course_id)
    onward = queries.following(found.key, lessons) or queries.lesson_to_go_on(lessons, standing)
    if onward is not None:
        if onward.key not in standing.lessons:
            actions.open_lesson(edition, onward.key, by=me())
        return done(url_for(".lesson", course=course, lesson=onward.slug))
    if edition.test is not None and standing.completed is None:
        return done(url_for(".test", course=course), said=text("Đã học xong các bài. Còn bài kiểm tra."))
    return done(url_for(".study", course=course))
