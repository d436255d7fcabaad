"""Practice: questions for oneself, as often as one likes, each told at once whether it is right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import draw_practice
from lms.learning import queries
from lms.learning.actions.studying import AnswerIsEmpty, study_of
from lms.learning.actions.testing import begin, keep_answers, locked, submit
from lms.learning.models import Purpose, Study, TestAttempt
from lms.learning.rules import asking


class NothingToPractise(Refusal):
    """The course has no question of this goal for practice."""

    sentence = text("Mục này chưa có câu nào để luyện. Chọn mục khác.")


@action
def start_practice(edition: Edition, person_id: UUID, goal: str, count: int, *, by: Actor) -> TestAttempt:
    """A new practice of at most so many questions, of one goal or ("") of all; the one before is ended as it is."""
    pool = list(courses.questions_of(edition.id).values())
    if not draw_practice(pool, count, 0, goal):
        raise NothingToPractise()
    study = study_of(person_id, edition, by=by)
    lock(Study, [study.id])
    open_ones = select(TestAttempt).where(
        TestAttempt.study_id == study.id,
        TestAttempt.purpose == Purpose.PRACTICE,
        TestAttempt.submitted_at.is_(None),
    )
    for attempt in list(db.scalars(open_ones.order_by(TestAttempt.number))):
        submit(attempt, by=by)
    return begin(edition, study, Purpose.PRACTICE, lambda seed: draw_practice(pool, count, seed, goal), by=by)


@action
def practise(attempt: TestAttempt, question_key: str, given: Any, *, by: Actor) -> TestAttempt:
    """Answer one question of a practice; the first answer stays. The last one ends it. AnswerIsEmpty, NotFound."""
    kept = locked(attempt)
    questions = {question.id: question for question in queries.questions_of_attempt(kept)}
    if kept.purpose is not Purpose.PRACTICE or question_key not in questions:
        raise NotFound
    if kept.submitted_at is not None or question_key in kept.answers:
        return kept
    if not asking.is_answered(questions[question_key], asking.clean(questions[question_key], given)):
        raise AnswerIsEmpty()
    kept = keep_answers(kept, {question_key: given}, by=by)
    return submit(kept, by=by) if len(kept.answers) == len(questions) else kept
