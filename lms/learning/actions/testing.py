"""Attempts at tests: begun with a seed, kept as given until the time is over, marked on the server."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
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
from lms.courses.rules import FinalTest, Forms, draw, form_order
from lms.learning import events, queries
from lms.learning.actions.completing import complete_if_earned
from lms.learning.actions.studying import study_of
from lms.learning.models import Purpose, Study, TestAttempt
from lms.learning.rules import asking
from lms.learning.rules.results import mark_all
from lms.learning.rules.seeds import SEEDS


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


class TimeIsOver(Refusal):
    """The time of the attempt and two minutes more have gone by."""

    sentence = text("Đã hết giờ làm bài. Những câu đã lưu trước đó được nộp.")


class CourseIsBegun(Refusal):
    """What one knew before the course can no longer be asked."""

    sentence = text("Đã học xong một bài nên không làm bài trước khi học nữa. Cứ học tiếp.")


class TestIsTaken(Refusal):
    """Each form is taken once."""

    __test__ = False
    sentence = text("Bài này chỉ làm một lần và đã làm rồi.")


@action
def start_attempt(edition: Edition, person_id: UUID, purpose: Purpose, *, form: str = "", by: Actor) -> TestAttempt:
    """The unfinished attempt of this purpose, or a new one; where its time is over, it is submitted and given back.

    Without `form` one takes it by oneself: the final test asks for its lessons and its limit, the forms of before and
    after are taken once, before the first lesson is finished and after the last. With `form` ("a" or "b") a class
    takes it, whatever was studied online.
    """
    chosen = form or _form(edition, person_id, purpose)
    _check_there_is(edition, purpose, chosen)
    study = study_of(person_id, edition, by=by)
    lock(Study, [study.id])
    unfinished = _unfinished(study, purpose, form)
    if unfinished is not None:
        return submit(unfinished, by=by) if queries.is_over(unfinished) else unfinished
    if not form:
        _CHECKS[purpose](edition, person_id)
    return begin(edition, study, purpose, lambda seed: _drawn(edition, chosen, seed), form=chosen, by=by)


def _form(edition: Edition, person_id: UUID, purpose: Purpose) -> str:
    """Which form she gets by herself: one before, the other after; none where the course has no forms."""
    if edition.forms is None or purpose not in (Purpose.PRE, Purpose.POST):
        return ""
    return queries.form_for(person_id, edition.course_id, purpose)


def _check_there_is(edition: Edition, purpose: Purpose, form: str) -> None:
    """NotFound for a test that the course does not have."""
    is_there = form in ("a", "b") and edition.forms is not None if form else edition.test is not None
    if purpose is Purpose.PRACTICE or not is_there or (form and purpose is Purpose.FINAL):
        raise NotFound


def _unfinished(study: Study, purpose: Purpose, form: str) -> TestAttempt | None:
    query = select(TestAttempt).where(
        TestAttempt.study_id == study.id, TestAttempt.purpose == purpose, TestAttempt.submitted_at.is_(None)
    )
    if form:
        query = query.where(TestAttempt.form == form)
    found: TestAttempt | None = db.scalars(query.order_by(TestAttempt.number).limit(1)).first()
    return found


def _check_final(edition: Edition, person_id: UUID) -> None:
    state = queries.test_state(edition, person_id)
    if state.missing:
        raise LessonsAreNotFinished()
    if state.passed is not None:
        raise TestIsPassed()
    if state.left == 0:
        raise NoAttemptIsLeft()


def _check_before(edition: Edition, person_id: UUID) -> None:
    if edition.forms is None:
        return
    state = queries.forms_state(edition, person_id)
    if state.before is not None:
        raise TestIsTaken()
    if state.is_begun:
        raise CourseIsBegun()


def _check_after(edition: Edition, person_id: UUID) -> None:
    if edition.forms is None:
        return
    state = queries.forms_state(edition, person_id)
    if state.after is not None:
        raise TestIsTaken()
    if state.missing:
        raise LessonsAreNotFinished()


_CHECKS = {Purpose.FINAL: _check_final, Purpose.PRE: _check_before, Purpose.POST: _check_after}


def _drawn(edition: Edition, form: str, seed: int) -> list[str]:
    """Keys of the questions, from the seed: those of a form in some order, else what the final test draws."""
    if form:
        forms = Forms.from_json(edition.forms or {})
        return form_order(forms.a if form == "a" else forms.b, seed)
    return draw(courses.test_pool(edition.id), FinalTest.from_json(edition.test or {}), seed)


@action
def begin(
    edition: Edition,
    study: Study,
    purpose: Purpose,
    keys_of: Callable[[int], list[str]],
    *,
    form: str = "",
    by: Actor,
) -> TestAttempt:
    """A new attempt with a new seed, from which `keys_of` draws the questions. The study is locked."""
    last = select(func.max(TestAttempt.number)).where(TestAttempt.study_id == study.id, TestAttempt.purpose == purpose)
    seed, now = secrets.randbelow(SEEDS), clock.now()
    attempt = TestAttempt(
        study_id=study.id,
        edition_id=edition.id,
        purpose=purpose,
        number=(db.scalar(last) or 0) + 1,
        seed=seed,
        question_keys=keys_of(seed),
        answers={},
        form=form,
        began_at=now,
        ends_at=_end(edition, now) if purpose is Purpose.FINAL else None,
    )
    attempt.study = study
    db.add(attempt)
    db.flush()
    history.write("learning.start_attempt", attempt, by=by, purpose=purpose.value, number=attempt.number)
    return attempt


def _end(edition: Edition, now: datetime) -> datetime | None:
    """When the final test's time is over; None where it has no limit."""
    minutes = FinalTest.from_json(edition.test or {}).minutes
    return now + timedelta(minutes=minutes) if minutes else None


@action
def keep_answers(attempt: TestAttempt, answers: Mapping[str, Any], *, by: Actor) -> TestAttempt:
    """Keep answers by question key, as far as they were given; the rest stays. TestIsSubmitted afterwards, TimeIsOver."""
    kept = locked(attempt)
    if kept.submitted_at is not None:
        raise TestIsSubmitted()
    if queries.is_over(kept):
        raise TimeIsOver()
    questions = {question.id: question for question in queries.questions_of_attempt(kept)}
    fitting = {key: asking.clean(questions[key], given) for key, given in answers.items() if key in questions}
    kept.answers = {**kept.answers, **fitting}
    db.flush()
    return kept


def locked(attempt: TestAttempt) -> TestAttempt:
    """The attempt read afresh, with its study, for this transaction alone."""
    lock(Study, [attempt.study_id])
    return lock(TestAttempt, [attempt.id])[0]


@action
def submit(attempt: TestAttempt, *, by: Actor) -> TestAttempt:
    """Mark an attempt by the questions of its edition; twice is once. Forms and practice are not passed or failed."""
    kept = locked(attempt)
    if kept.submitted_at is not None:
        return kept
    edition: Edition = db.get_one(Edition, kept.edition_id)
    marked = mark_all(queries.questions_of_attempt(kept), kept.answers)
    kept.right = sum(one.right for one in marked.values())
    is_measured = kept.form or kept.purpose is Purpose.PRACTICE
    kept.passed = None if is_measured else kept.right >= FinalTest.from_json(edition.test or {}).pass_mark
    kept.submitted_at = clock.now()
    db.flush()
    history.write("learning.submit", kept, by=by, right=kept.right, passed=kept.passed)
    study: Study = db.get_one(Study, kept.study_id)
    if kept.passed and kept.purpose is not Purpose.PRE:
        announce(events.test_passed, kept)
    if kept.purpose is Purpose.FINAL:
        complete_if_earned(study, by=by)
    return kept
