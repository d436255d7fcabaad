"""Pages of studying: the path through a course, and the lesson player."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import clock
from lms.core.actor import Actor
from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.courses import queries as courses
from lms.courses.models import Edition, Lesson
from lms.courses.rules import Question, drawn, mark
from lms.learning import actions, queries
from lms.learning.queries import Standing
from lms.learning.rules import asking
from lms.learning.rules.asking import Asked
from lms.learning.rules.seeds import bounded, first_seed, next_seed
from lms.learning.rules.steps import has_steps
from lms.learning.views.blueprint import bp, readable, sign_in_first, unstored
from lms.learning.views.languages import Reading, reading_of
from lms.web import assets
from lms.web.gate import allow, me, signed_in
from lms.web.pages import done, page, refused


@dataclass(frozen=True)
class Tried:
    """What was just sent to a check and is not kept: a stranger's answer, or a refused one."""

    question: str
    answer: Any
    seed: int | None = None
    sentence: Text | None = None


@dataclass(frozen=True)
class Product:
    """The place in a lesson where a product is handed in: its question, and how far hers is."""

    question: Question
    card: queries.ProductCard


@dataclass(frozen=True)
class Reader:
    """Who reads a lesson, how far she is, and what she just sent."""

    edition: Edition
    lesson: Lesson
    actor: Actor | None
    standing: Standing
    tried: Tried | None

    def answer_to(self, question: Question) -> Any:
        """What was answered last, as it is kept; not what was answered when the question's numbers were still fixed."""
        progress = self.standing.lessons.get(self.lesson.key)
        given = progress.answers.get(question.id) if progress else None
        return None if given is not None and question.draws and given.seed is None else given


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
    way = standing.way(lessons)
    state = queries.test_state(edition, person_id, standing) if edition.test and person_id else None
    forms = queries.forms_state(edition, person_id, standing) if edition.forms and person_id else None
    return page(
        "learning/study.html",
        edition=edition,
        steps=queries.steps_of(lessons, standing),
        way=way,
        onward=queries.lesson_to_go_on(lessons, standing),
        completed=standing.completed,
        test=state,
        forms=forms,
        has_words=bool(courses.glossary_of(edition.id)),
        has_practice=any(one.is_practised for one in courses.questions_of(edition.id).values()),
        evaluation=queries.evaluation_of(person_id, edition.course_id),
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
    seed = _sent_seed(asked, actor)
    try:
        if actor is not None:
            actions.answer(edition, found.key, question, given, seed=seed, by=actor)
        elif not asking.is_answered(asked, given):
            raise actions.AnswerIsEmpty()
    except Refusal as refusal:
        return _shown(edition, found, asked, Tried(question, given, seed, refused(refusal)))
    if actor is None:
        return _shown(edition, found, asked, Tried(question, given, seed))
    here = url_for(".lesson", course=course, lesson=lesson, tieng=request.args.get("tieng"), _anchor=question)
    return done(here, "learning/_check.html", **_check_names(edition, found, asked, Tried(question, given, seed), True))


def _sent_seed(question: Question, actor: Actor | None) -> int | None:
    """By which the numbers were drawn that she saw; None where nothing is drawn."""
    if not question.draws:
        return None
    seed = bounded(request.form.get(f"{question.id}-so", ""))
    return _first_seed(question, actor) if seed is None else seed


def _first_seed(question: Question, actor: Actor | None) -> int:
    """A person keeps her first numbers; a stranger has those of the day."""
    return first_seed(str(actor.person_id) if actor else clock.today().isoformat(), question.id)


def _shown(edition: Edition, found: Lesson, asked: Question, tried: Tried) -> ResponseReturnValue:
    """The check (to a live request) or the whole page, with an answer that is not kept."""
    status = 422 if tried.sentence else 200
    if not request.headers.get("HX-Request"):
        return _lesson_page(edition, found, tried, status)
    return page("learning/_check.html", status, **_check_names(edition, found, asked, tried))


def _check_names(
    edition: Edition, found: Lesson, question: Question, tried: Tried, is_kept: bool = False
) -> dict[str, Any]:
    shown = _asked(question, tried.answer, tried.seed, is_marked=tried.sentence is None)
    return {
        "edition": edition,
        "lesson": found,
        "asked": shown,
        "seeds": {} if tried.seed is None else {question.id: tried.seed},
        "tried": None if is_kept else tried,
        "reading": reading_of(edition, found),
        "fill": filler(),
    }


def _asked(question: Question, given: Any, seed: int | None, is_marked: bool = True) -> Asked:
    shown = question if seed is None else drawn(question, seed)
    marked = mark(shown, given) if is_marked and asking.is_answered(shown, given) else None
    return asking.ask(shown, question.id, answer=given, marked=marked)


def _lesson_page(edition: Edition, found: Lesson, tried: Tried | None = None, status: int = 200) -> Response:
    actor = signed_in()
    lessons = courses.outline(edition.id)
    standing = queries.standing_of(actor.person_id if actor else None, edition.course_id)
    reader, reading, fill = Reader(edition, found, actor, standing, tried), reading_of(edition, found), filler()
    seeds: dict[str, int] = {}
    shown = page(
        "learning/lesson.html",
        status,
        edition=edition,
        lesson=found,
        reading=reading,
        parts=_parts(reader, reading, fill, seeds),
        seeds=seeds,
        tried=tried,
        fill=fill,
        way=standing.way(lessons),
        lesson_count=len(lessons),
        following=queries.following(found.key, lessons),
        left_in_module=_left_in_module(found, lessons, standing),
        has_steps=has_steps(found.parts),
        pinned=queries.pinned(edition.course_id, found.key),
        headings=queries.headings_of(found),
    )
    return unstored(shown) if found.sensitive else shown


def _left_in_module(found: Lesson, lessons: Sequence[Lesson], standing: Standing) -> int:
    """Lessons of the module that will remain after this one."""
    others = [one for one in lessons if one.module_number == found.module_number and one.key != found.key]
    return sum(not standing.is_finished(one.key) for one in others)


def _parts(
    reader: Reader, reading: Reading, fill: Callable[[str], Markup], seeds: dict[str, int]
) -> list[Markup | Asked | Product]:
    """Stored HTML, checks with what was answered to them, products; notes the seeds of drawn numbers."""
    asks = any("html" not in part for part in reading.parts)
    questions = courses.questions_of(reader.edition.id, reader.lesson.key) if asks else {}
    cards = _product_cards(reader) if any("product" in part for part in reading.parts) else {}
    parts: list[Markup | Asked | Product] = []
    for part in reading.parts:
        if "html" in part:
            parts.append(fill(part["html"]))
            continue
        question = questions.get(part.get("check", part.get("product", "")))
        if question is not None and "product" in part:
            parts.append(Product(question, cards[question.id]))
        elif question is not None:
            parts.append(_check(reader, question, seeds))
    return parts


def _product_cards(reader: Reader) -> dict[str, queries.ProductCard]:
    """How far she is with each product of the course; one statement."""
    person_id = reader.actor.person_id if reader.actor else None
    return {card.question.id: card for card in queries.products_state(reader.edition, person_id)}


def _check(reader: Reader, question: Question, seeds: dict[str, int]) -> Asked:
    tried, again = reader.tried, request.args.get("lai", "") == question.id
    if tried is not None and tried.question == question.id:
        _note(seeds, question, tried.seed)
        return _asked(question, tried.answer, tried.seed, is_marked=tried.sentence is None)
    given = reader.answer_to(question)
    seed = _seed_shown(question, given, reader.actor) if question.draws else None
    if seed is not None and again:
        told = bounded(request.args.get("so", ""))
        seed = next_seed(question, seed if told is None else told)
    _note(seeds, question, seed)
    return _asked(question, None if again or given is None else given.answer, seed)


def _seed_shown(question: Question, given: Any, actor: Actor | None) -> int:
    """The numbers of the last answer, else the first ones."""
    return _first_seed(question, actor) if given is None else int(given.seed)


def _note(seeds: dict[str, int], question: Question, seed: int | None) -> None:
    if seed is not None:
        seeds[question.id] = seed


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
        return done(url_for(".lesson", course=course, lesson=onward.slug, tieng=request.args.get("tieng")))
    if standing.completed is None and standing.way(lessons).left:
        return done(url_for(".study", course=course, _anchor="nhanh"))
    if edition.test is not None and standing.completed is None:
        return done(url_for(".test", course=course), said=text("Đã học xong các bài. Còn bài kiểm tra."))
    return done(url_for(".study", course=course))
