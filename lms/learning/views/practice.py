"""Pages of practice: choose, answer one question after the other, see what to read again.

Who is signed in has an attempt; a stranger's practice is carried in the address (`hat`: seed, `muc`: goal, `so`: how
many, `cau`: which one, `kq`: what came out so far, a 1 or 0 for each) and kept nowhere.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import Question, draw_practice, drawn, mark
from lms.learning import actions, queries
from lms.learning.models import Purpose, TestAttempt
from lms.learning.rules import asking
from lms.learning.rules.asking import Asked
from lms.learning.rules.gains import Share, by_goal, gains
from lms.learning.rules.results import mark_all
from lms.learning.rules.seeds import SEEDS, bounded
from lms.learning.views.blueprint import bp, readable, sign_in_first, unstored
from lms.learning.views.lessons import filler
from lms.learning.views.tests import find_attempt, person_id_of_mine
from lms.web.gate import allow, me, signed_in
from lms.web.pages import done, page, refused

COUNTS = (5, 10)
TITLE = text("Luyện tập")
_SHOWN = 5


@dataclass(frozen=True)
class Loose:
    """A stranger's practice, as the address carries it."""

    edition: Edition
    seed: int
    goal: str
    count: int
    came: str
    questions: tuple[Question, ...]

    @property
    def place(self) -> int:
        """The number of the question under way."""
        return len(self.came) + 1

    def address(self, came: str) -> str:
        """Where this practice stands after these results."""
        return url_for(
            ".loose_practice",
            course=self.edition.course.slug,
            hat=self.seed,
            muc=self.goal or None,
            so=self.count,
            cau=len(came) + 1,
            kq=came or None,
        )


@bp.get("/hoc/<slug:course>/luyen-tap")
@allow("anyone")
def practice(course: str) -> ResponseReturnValue:
    """Choose what to practise and how much."""
    edition = readable(course)
    return sign_in_first() if edition is None else _start_page(edition)


def _start_page(edition: Edition, sentence: Text | None = None, status: int = 200) -> Response:
    goals = queries.goals_to_practise(edition)
    if not goals:
        raise NotFound
    actor = signed_in()
    kept = (
        queries.attempts_of(actor.person_id, edition.course_id, Purpose.PRACTICE) if actor and actor.person_id else []
    )
    ended = [attempt for attempt in kept if attempt.submitted_at is not None]
    return page(
        "learning/practice.html",
        status,
        edition=edition,
        goals=goals,
        counts=COUNTS,
        chosen=request.args.get("muc", ""),
        open=next((attempt for attempt in reversed(kept) if attempt.submitted_at is None), None),
        ended=ended[: -_SHOWN - 1 : -1],
        sentence=sentence,
        title=TITLE,
        leave=False,
    )


@bp.post("/hoc/<slug:course>/luyen-tap")
@allow("anyone")
def start_practice(course: str) -> ResponseReturnValue:
    """Begin: an attempt for who is signed in, an address for a stranger."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    goal, count = _choice(edition, request.form.get("muc", ""), request.form.get("so", ""))
    if signed_in() is None:
        begun = Loose(edition, secrets.randbelow(SEEDS), goal, count, "", ())
        return done(begun.address(""))
    try:
        attempt = actions.start_practice(edition, person_id_of_mine(), goal, count, by=me())
    except Refusal as refusal:
        return _start_page(edition, refused(refusal), 409)
    return done(url_for(".practised", course=course, attempt_id=attempt.id))


def _choice(edition: Edition, goal: str, count: str) -> tuple[str, int]:
    """A goal of the course or all, and one of the counts."""
    known = goal if goal in edition.goals else ""
    return known, next((one for one in COUNTS if str(one) == count), COUNTS[0])


# Signed in: an attempt


@bp.get("/hoc/<slug:course>/luyen-tap/<key:attempt_id>")
@allow("signed in")
def practised(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """One question of a practice (`cau`; else the first that is open), or its end."""
    edition, found = find_attempt(course, attempt_id, is_practice=True)
    questions = queries.questions_of_attempt(found)
    place = _asked_for(questions, found)
    if place is None:
        return _kept_end(edition, found, questions)
    return _kept_question(edition, found, questions, place)


def _asked_for(questions: Sequence[Question], found: TestAttempt) -> int | None:
    """The number of the question to show; None = the end."""
    asked = request.args.get("cau", "")
    if asked.isascii() and asked.isdigit() and 0 < int(asked[:3]) <= len(questions):
        return int(asked[:3])
    if found.submitted_at is not None:
        return None
    return next((n for n, one in enumerate(questions, 1) if one.id not in found.answers), None)


def _kept_question(
    edition: Edition,
    found: TestAttempt,
    questions: Sequence[Question],
    place: int,
    given: Any = None,
    sentence: Text | None = None,
    status: int = 200,
) -> Response:
    question = questions[place - 1]
    is_told = question.id in found.answers or found.submitted_at is not None
    answer = found.answers.get(question.id, given)
    marked = mark(question, answer) if is_told else None
    asked = asking.ask(question, question.id, seed=found.seed, answer=answer, marked=marked)
    here = url_for(".practised", course=edition.course.slug, attempt_id=found.id)
    names = {"place": place, "count": len(questions), "action": f"{here}?cau={place}", "onward": here}
    return _question_page(edition, asked, is_told, status, sentence=sentence, is_kept=True, **names)


def _question_page(edition: Edition, asked: Asked, is_told: bool, status: int = 200, **names: Any) -> Response:
    leave = asked.key in queries.sensitive_questions(edition.id)
    shown = page(
        "learning/practice_question.html",
        status,
        edition=edition,
        asked=asked,
        is_told=is_told,
        title=TITLE,
        leave=leave,
        fill=filler(),
        **names,
    )
    return unstored(shown) if leave else shown


def _kept_end(edition: Edition, found: TestAttempt, questions: Sequence[Question]) -> Response:
    marked = mark_all(questions, found.answers)
    wrong = [question for question in questions if not marked[question.id].right]
    return _end_page(edition, by_goal(questions, marked), wrong)


def _end_page(edition: Edition, shares: dict[str, Share], wrong: Sequence[Question]) -> Response:
    again = queries.lessons_again(edition, wrong)
    leave = any(lesson.sensitive for lesson in again)
    shown = page(
        "learning/practice_end.html",
        edition=edition,
        gains=gains(None, shares, dict.fromkeys([*edition.goals, *shares])),
        whole=sum(shares.values(), Share()),
        lessons=again,
        title=TITLE,
        leave=leave,
    )
    return unstored(shown) if leave else shown


@bp.post("/hoc/<slug:course>/luyen-tap/<key:attempt_id>")
@allow("signed in")
def practise(course: str, attempt_id: UUID) -> ResponseReturnValue:
    """Answer the question of this page (`cau`) and see why."""
    edition, found = find_attempt(course, attempt_id, is_practice=True)
    questions = queries.questions_of_attempt(found)
    place = _asked_for(questions, found)
    if place is None:
        raise NotFound
    question = questions[place - 1]
    given = asking.read(question, question.id, request.form.to_dict(flat=False), seed=found.seed)
    try:
        actions.practise(found, question.id, given, by=me())
    except Refusal as refusal:
        return _kept_question(edition, found, questions, place, given, refused(refusal), 422)
    return done(url_for(".practised", course=course, attempt_id=attempt_id, cau=place))


# A stranger: the address


@bp.get("/hoc/<slug:course>/luyen-tap/cau")
@allow("anyone")
def loose_practice(course: str) -> ResponseReturnValue:
    """A stranger's question, or the end of her practice."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    held = _loose(edition)
    if held.place > len(held.questions):
        return _loose_end(held)
    question = held.questions[held.place - 1]
    return _loose_question(held, asking.ask(question, question.id, seed=held.seed), held.came, is_told=False)


def _loose(edition: Edition) -> Loose:
    """What the address carries, put right where somebody changed it; NotFound without a seed or questions."""
    seed = bounded(request.args.get("hat", ""))
    if seed is None:
        raise NotFound
    goal, count = _choice(edition, request.args.get("muc", ""), request.args.get("so", ""))
    every = courses.questions_of(edition.id)
    keys = draw_practice(list(every.values()), count, seed, goal)
    if not keys:
        raise NotFound
    came = re.sub(r"[^01]", "", request.args.get("kq", ""))[: len(keys)]
    return Loose(edition, seed, goal, count, came, tuple(drawn(every[key], seed) for key in keys))


def _loose_question(held: Loose, asked: Asked, came: str, **names: Any) -> Response:
    """The question under way; `came` = with its own result, once it is told."""
    status, sentence = names.pop("status", 200), names.pop("sentence", None)
    return _question_page(
        held.edition,
        asked,
        names["is_told"],
        status,
        sentence=sentence,
        is_kept=False,
        place=held.place,
        count=len(held.questions),
        action=held.address(held.came),
        onward=held.address(came),
    )


def _loose_end(held: Loose) -> Response:
    right = {question.id: mark_ == "1" for question, mark_ in zip(held.questions, held.came, strict=True)}
    shares: dict[str, Share] = {}
    for question in held.questions:
        shares[question.goal] = shares.get(question.goal, Share()) + Share(int(right[question.id]), 1)
    return _end_page(held.edition, shares, [question for question in held.questions if not right[question.id]])


@bp.post("/hoc/<slug:course>/luyen-tap/cau")
@allow("anyone")
def loose_practise(course: str) -> ResponseReturnValue:
    """A stranger's answer: told, not kept."""
    edition = readable(course)
    if edition is None:
        return sign_in_first()
    held = _loose(edition)
    if held.place > len(held.questions):
        return done(held.address(held.came))
    question = held.questions[held.place - 1]
    given = asking.read(question, question.id, request.form.to_dict(flat=False), seed=held.seed)
    if not asking.is_answered(question, given):
        shown = asking.ask(question, question.id, seed=held.seed, answer=given)
        sentence = actions.AnswerIsEmpty.sentence
        return _loose_question(held, shown, held.came, is_told=False, status=422, sentence=sentence)
    marked = mark(question, given)
    shown = asking.ask(question, question.id, seed=held.seed, answer=given, marked=marked)
    return _loose_question(held, shown, held.came + str(int(marked.right)), is_told=True)
