"""Attempts at tests: begun with a seed, kept as given, marked on the server."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, announce, db, lock
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import FinalTest, draw
from lms.learning import events, queries
from lms.learning.actions.completing import complete_if_earned
from lms.learning.actions.studying import study_of
from lms.learning.models import Purpose, Study, TestAttempt
from lms.learning.rules import asking
from lms.learning.rules.results import mark_all

SEEDS = 2**53  # exact in JSON too


class LessonsAreNotFinished(Refusal):
    """The final test opens after the lessons."""

    sentence = text("Bài kiểm tra mở khi học xong tất cả các bài.")


class NoAttemptIsLeft(Refusal):
    """The limit of the course is reached."""

    sentence = text("Đã dùng hết số lần làm bài. Nhờ cán bộ Hội xã hoặc giảng viên giúp ôn lại.")


class TestIsPassed(Refusal):
    """Nothing more to show."""

    __test__ = False
    sentence = text("Bài kiểm tra này đã đạt, không cần làm lại.")


class TestIsSubmitted(Refusal):
    """What was submitted stays."""

    __test__ = False
    sentence = text("Bài này đã nộp, câu trả lời không đổi được nữa.")


@action
def start_attempt(edition: Edition, person_id: UUID, purpose: Purpose, *, by: Actor) -> TestAttempt:
    """The unfinished attempt of this purpose, or a new one; a final test asks for its lessons and its limit."""
    if edition.test is None:
        raise NotFound
    study = study_of(person_id, edition, by=by)
    lock(Study, [study.id])
    unfinished = db.scalars(
        select(TestAttempt)
        .where(TestAttempt.study_id == study.id, TestAttempt.purpose == purpose, TestAttempt.submitted_at.is_(None))
        .limit(1)
    ).first()
    if unfinished is not None:
        return unfinished
    if purpose is Purpose.FINAL:
        _check_final(edition, person_id)
    return _begin(edition, study, purpose, by)


def _check_final(edition: Edition, person_id: UUID) -> None:
    state = queries.test_state(edition, person_id)
    if state.missing:
        raise LessonsAreNotFinished()
    if state.passed is not None:
        raise TestIsPassed()
    if state.left == 0:
        raise NoAttemptIsLeft()


def _begin(edition: Edition, study: Study, purpose: Purpose, by: Actor) -> TestAttempt:
    last = select(func.max(TestAttempt.number)).where(TestAttempt.study_id == study.id, TestAttempt.purpose == purpose)
    seed = secrets.randbelow(SEEDS)
    attempt = TestAttempt(
        study_id=study.id,
        edition_id=edition.id,
        purpose=purpose,
        number=(db.scalar(last) or 0) + 1,
        seed=seed,
        question_keys=draw(courses.test_pool(edition.id), FinalTest.from_json(edition.test or {}), seed),
        answers={},
        began_at=clock.now(),
    )
    attempt.study = study
    db.add(attempt)
    db.flush()
    history.write("learning.start_attempt", attempt, by=by, purpose=purpose.value, number=attempt.number)
    return attempt


@action
def keep_answers(attempt: TestAttempt, answers: Mapping[str, Any], *, by: Actor) -> TestAttempt:
    """Keep answers by question key, as far as they were given; the rest stays. TestIsSubmitted afterwards."""
    kept = _locked(attempt)
    if kept.submitted_at is not None:
        raise TestIsSubmitted()
    questions = {question.id: question for question in queries.questions_of_attempt(kept)}
    fitting = {key: asking.clean(questions[key], given) for key, given in answers.items() if key in questions}
    kept.answers = {**kept.answers, **fitting}
    db.flush()
    return kept


def _locked(attempt: TestAttempt) -> TestAttempt:
    lock(Study, [attempt.study_id])
    return lock(TestAttempt, [attempt.id])[0]


@action
def submit(attempt: TestAttempt, *, by: Actor) -> TestAttempt:
    """Mark an attempt by the questions of its edition; twice is once."""
    kept = _locked(attempt)
    if kept.submitted_at is not None:
        return kept
    edition: Edition = db.get_one(Edition, kept.edition_id)
    marked = mark_all(queries.questions_of_attempt(kept), kept.answers)
    kept.right = sum(one.right for one in marked.values())
    kept.passed = kept.right >= FinalTest.from_json(edition.test or {}).pass_mark
    kept.submitted_at = clock.now()
    db.flush()
    history.write("learning.submit", kept, by=by, right=kept.right, passed=kept.passed)
    study: Study = db.get_one(Study, kept.study_id)
    if kept.passed and kept.purpose is not Purpose.PRE:
        announce(events.test_passed, kept)
    if kept.purpose is Purpose.FINAL:
        complete_if_earned(study, by=by)
    return kept
