"""Attempts at tests: what is needed to begin, what is open, what came out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.courses import queries as courses
from lms.courses.models import Edition, Lesson, Question
from lms.courses.rules import FinalTest, Marked
from lms.courses.rules import Question as Asking
from lms.learning.models import Purpose, Study, TestAttempt
from lms.learning.queries.studying import Standing, same_person, standing_of
from lms.learning.rules.results import LessonGoals, lessons_to_read_again, mark_all


@dataclass(frozen=True)
class TestState:
    """What one needs to know before the final test; `left` None = without limit."""

    __test__ = False

    test: FinalTest
    missing: tuple[Lesson, ...]
    attempts: tuple[TestAttempt, ...]
    unfinished: TestAttempt | None
    passed: TestAttempt | None
    left: int | None

    @property
    def is_open(self) -> bool:
        """May an attempt be started now?"""
        return not self.missing and self.passed is None and self.left != 0


@dataclass(frozen=True)
class Result:
    """A submitted attempt: its questions in order, what was marked, the lessons to read again."""

    attempt: TestAttempt
    questions: tuple[Asking, ...]
    marked: dict[str, Marked]
    lessons: tuple[Lesson, ...]
    needed: int


def attempts_of(person_id: UUID, course_id: UUID, purpose: Purpose = Purpose.FINAL) -> list[TestAttempt]:
    """A human's attempts at the tests of a course, oldest first."""
    query = select(TestAttempt).join(Study, TestAttempt.study_id == Study.id)
    query = query.where(
        Study.course_id == course_id, Study.person_id.in_(same_person(person_id)), TestAttempt.purpose == purpose
    )
    return list(db.scalars(query.order_by(TestAttempt.began_at, TestAttempt.id)))


def test_state(edition: Edition, person_id: UUID, standing: Standing | None = None) -> TestState:
    """Where a person stands with the final test; NotFound for a course without one."""
    if edition.test is None:
        raise NotFound
    test = FinalTest.from_json(edition.test)
    held = standing or standing_of(person_id, edition.course_id)
    attempts = attempts_of(person_id, edition.course_id)
    submitted = [attempt for attempt in attempts if attempt.submitted_at is not None]
    return TestState(
        test,
        tuple(lesson for lesson in courses.outline(edition.id) if not held.is_finished(lesson.key)),
        tuple(submitted),
        next((attempt for attempt in attempts if attempt.submitted_at is None), None),
        next((attempt for attempt in submitted if attempt.passed), None),
        max(0, test.attempts - len(submitted)) if test.attempts else None,
    )


def attempt_for(actor: Actor, attempt_id: UUID) -> TestAttempt:
    """An own attempt, with its study; anyone else's is NotFound."""
    if actor.person_id is None:
        raise NotFound
    query = select(TestAttempt).join(Study, TestAttempt.study_id == Study.id).options(joinedload(TestAttempt.study))
    query = query.where(TestAttempt.id == attempt_id, Study.person_id.in_(same_person(actor.person_id)))
    found: TestAttempt | None = db.scalar(query)
    if found is None:
        raise NotFound
    return found


def questions_of_attempt(attempt: TestAttempt) -> list[Asking]:
    """The questions drawn, in order."""
    return [Asking.from_json(row.content) for row in _rows(attempt)]


def _rows(attempt: TestAttempt) -> list[Question]:
    query = select(Question).where(Question.edition_id == attempt.edition_id, Question.key.in_(attempt.question_keys))
    by_key = {row.key: row for row in db.scalars(query)}
    return [by_key[key] for key in attempt.question_keys]


def result_of(attempt: TestAttempt, edition: Edition) -> Result:
    """What a submitted attempt gave; lessons to read again are those of the edition given (the current one)."""
    rows = _rows(attempt)
    questions = [Asking.from_json(row.content) for row in rows]
    marked = mark_all(questions, attempt.answers)
    wrong = [(row.lesson_key, row.goal) for row in rows if not marked[row.key].right]
    lessons = courses.outline(edition.id)
    goals = [LessonGoals(lesson.key, lesson.place, tuple(lesson.goals)) for lesson in lessons]
    again = {lesson.key for lesson in lessons_to_read_again(wrong, goals)}
    taken: Edition | None = db.get(Edition, attempt.edition_id)
    needed = FinalTest.from_json(taken.test).pass_mark if taken is not None and taken.test is not None else 0
    return Result(attempt, tuple(questions), marked, tuple(one for one in lessons if one.key in again), needed)
