"""Attempts at tests: what is needed to begin, what is open, what came out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.courses import queries as courses
from lms.courses.models import Edition, Lesson, Question
from lms.courses.rules import FinalTest, Marked, drawn
from lms.courses.rules import Question as Asking
from lms.learning.models import Purpose, Study, TestAttempt
from lms.learning.queries.studying import Standing, same_person, standing_of
from lms.learning.rules.branches import Way
from lms.learning.rules.gains import Gain, Share, by_goal, gains
from lms.learning.rules.results import LessonGoals, lessons_to_read_again, mark_all
from lms.people.models import Person

GRACE = timedelta(minutes=2)


@dataclass(frozen=True)
class TestState:
    """What one needs to know before the final test; `left` None = without limit."""

    __test__ = False

    test: FinalTest
    way: Way[Lesson]
    attempts: tuple[TestAttempt, ...]
    unfinished: TestAttempt | None
    passed: TestAttempt | None
    left: int | None

    @property
    def missing(self) -> tuple[Lesson, ...]:
        """Lessons of her way that are not finished."""
        return self.way.left

    @property
    def is_open(self) -> bool:
        """May an attempt be started now?"""
        return not self.missing and self.passed is None and self.left != 0


@dataclass(frozen=True)
class FormsState:
    """Where a person stands with the two forms: `before` and `after` are what she handed in, `*_begun` what is open.

    `is_begun`: a lesson is finished, so it is too late for the form of before; `way`: the lessons before the other.
    """

    title: str
    count: int
    before: TestAttempt | None
    after: TestAttempt | None
    before_begun: TestAttempt | None
    after_begun: TestAttempt | None
    is_begun: bool
    way: Way[Lesson]

    @property
    def missing(self) -> tuple[Lesson, ...]:
        """Lessons of her way that are not finished."""
        return self.way.left

    @property
    def before_is_open(self) -> bool:
        """May she take the form of before now?"""
        return self.before is None and (self.before_begun is not None or not self.is_begun)

    @property
    def after_is_open(self) -> bool:
        """May she take the form of after now?"""
        return self.after is None and (self.after_begun is not None or not self.missing)


@dataclass(frozen=True)
class Standouts:
    """Of submitted attempts: the first, the best (the earliest of equals), the last."""

    first: TestAttempt
    best: TestAttempt
    last: TestAttempt


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


def standouts(attempts: Iterable[TestAttempt]) -> Standouts | None:
    """First, best and last of these attempts, oldest first; None where nothing is submitted."""
    submitted = [attempt for attempt in attempts if attempt.submitted_at is not None]
    if not submitted:
        return None
    return Standouts(submitted[0], max(submitted, key=lambda attempt: attempt.right or 0), submitted[-1])


def is_over(attempt: TestAttempt) -> bool:
    """Is its time over, and two minutes more?"""
    return attempt.ends_at is not None and clock.now() > attempt.ends_at + GRACE


def form_for(person_id: UUID, course_id: UUID, purpose: Purpose) -> str:
    """The form of before or of after for a human: by her key, and never the one she had on the other side."""
    other = Purpose.POST if purpose is Purpose.PRE else Purpose.PRE
    had = [attempt.form for attempt in attempts_of(person_id, course_id, other) if attempt.form]
    if had:
        return "b" if had[-1] == "a" else "a"
    canonical: UUID = db.scalars(select(Person.canonical_id).where(Person.id == person_id)).one()
    return "a" if (canonical.int % 2 == 0) is (purpose is Purpose.PRE) else "b"


def forms_state(edition: Edition, person_id: UUID, standing: Standing | None = None) -> FormsState:
    """Where a person stands with the forms of before and after; NotFound for a course without them."""
    if edition.forms is None:
        raise NotFound
    held = standing or standing_of(person_id, edition.course_id)
    before = attempts_of(person_id, edition.course_id, Purpose.PRE)
    after = attempts_of(person_id, edition.course_id, Purpose.POST)
    return FormsState(
        edition.forms["title"],
        len(edition.forms["a"]),
        _first(before, submitted=True),
        _first(after, submitted=True),
        _first(before, submitted=False),
        _first(after, submitted=False),
        any(found.finished_at for found in held.lessons.values()),
        held.way(courses.outline(edition.id)),
    )


def _first(attempts: Iterable[TestAttempt], submitted: bool) -> TestAttempt | None:
    return next((one for one in attempts if (one.submitted_at is not None) is submitted), None)


def handed_in_before(attempt: TestAttempt) -> TestAttempt | None:
    """What the same human handed in before the course, beside which an attempt after it is read."""
    before = attempts_of(attempt.study.person_id, attempt.study.course_id, Purpose.PRE)
    return _first(before, submitted=True)


def sensitive_questions(edition_id: UUID) -> set[str]:
    """Questions of lessons that ask to be left quickly, and those of no lesson that have a goal of only such lessons."""
    lessons = courses.outline(edition_id)
    inside = {key for one in lessons if one.sensitive for key in courses.questions_of(edition_id, one.key)}
    homely = {key for one in lessons if not one.sensitive for key in courses.questions_of(edition_id, one.key)}
    open_goals = {goal for one in lessons if not one.sensitive for goal in one.goals}
    goals = {goal for one in lessons if one.sensitive for goal in one.goals} - open_goals
    every = courses.questions_of(edition_id)
    return inside | {key for key, question in every.items() if key not in homely and question.goal in goals}


def is_sensitive(attempt: TestAttempt) -> bool:
    """Does the attempt hold a question of that kind?"""
    return not sensitive_questions(attempt.edition_id).isdisjoint(attempt.question_keys)


def gains_of(attempt: TestAttempt, edition: Edition, before: TestAttempt | None = None) -> list[Gain]:
    """What came out by goal, beside what came out before; goals in the order of the edition's, others after them."""
    after, was = _shares(attempt), _shares(before) if before is not None else None
    named = dict.fromkeys([*edition.goals, *after, *(was or ())])
    return gains(was, after, named)


def _shares(attempt: TestAttempt) -> dict[str, Share]:
    questions = questions_of_attempt(attempt)
    return by_goal(questions, mark_all(questions, attempt.answers))


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
        held.way(courses.outline(edition.id)),
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
    """The questions drawn, in order, with the numbers that this attempt's seed gave them."""
    return [drawn(Asking.from_json(row.content), attempt.seed) for row in _rows(attempt)]


def _rows(attempt: TestAttempt) -> list[Question]:
    query = select(Question).where(Question.edition_id == attempt.edition_id, Question.key.in_(attempt.question_keys))
    by_key = {row.key: row for row in db.scalars(query)}
    return [by_key[key] for key in attempt.question_keys]


def result_of(attempt: TestAttempt, edition: Edition) -> Result:
    """What a submitted attempt gave; lessons to read again are those of the edition given (the current one)."""
    rows = _rows(attempt)
    questions = [drawn(Asking.from_json(row.content), attempt.seed) for row in rows]
    marked = mark_all(questions, attempt.answers)
    wrong = [(row.lesson_key, row.goal) for row in rows if not marked[row.key].right]
    lessons = courses.outline(edition.id)
    goals = [LessonGoals(lesson.key, lesson.place, tuple(lesson.goals)) for lesson in lessons]
    again = {lesson.key for lesson in lessons_to_read_again(wrong, goals)}
    taken: Edition | None = db.get(Edition, attempt.edition_id)
    needed = FinalTest.from_json(taken.test).pass_mark if taken is not None and taken.test is not None else 0
    return Result(attempt, tuple(questions), marked, tuple(one for one in lessons if one.key in again), needed)
