"""What the learners of an edition teach its authors: questions, lessons, goals, evaluations. No names leave here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Select, case, cast, distinct, func, select

from lms.core import clock
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.words import Text, text
from lms.courses import queries as courses
from lms.courses.models import Course, Edition
from lms.courses.rules import Question, drawn, mark, spelled
from lms.learning.models import Evaluation, Progress, Purpose, Study, StudyEvent, StudyEventKind, TestAttempt
from lms.learning.queries.studying import Standing, same_person
from lms.learning.rules import advice, items
from lms.learning.rules.advice import Advice, Flow, Subject
from lms.learning.rules.asking import CHOICES, clean
from lms.learning.rules.items import Gain, Item, Pace, Response, Voice
from lms.people.models import Person

VOICES: dict[str, Text] = {
    "useful": text("Khóa học có ích cho việc đang làm không?"),
    "clear": text("Các bài có dễ hiểu không?"),
    "will_use": text("Điều đã học có dùng được hằng ngày không?"),
}
COUNTED = (Purpose.FINAL, Purpose.PRE, Purpose.POST)


@dataclass(frozen=True)
class ItemLine:
    """A question of a test and what its answers say."""

    question: Question
    title: str
    item: Item
    spread: tuple[tuple[str, int, bool], ...]


@dataclass(frozen=True)
class CheckLine:
    """A self-check of a lesson: how many tried it, and how many were right at the first try."""

    question: Question
    title: str
    lesson_key: str
    n: int
    right: int

    @property
    def is_shown(self) -> bool:
        """Are there tries enough to say something?"""
        return self.n >= items.LEAST_ANSWERS


@dataclass(frozen=True)
class Insight:
    """All that learners of an edition taught; `comments` without names, in no order of time."""

    edition: Edition
    items: tuple[ItemLine, ...]
    checks: tuple[CheckLine, ...]
    flows: tuple[Flow, ...]
    gains: tuple[Gain, ...]
    voices: tuple[Voice, ...]
    comments: tuple[str, ...]
    advice: tuple[Advice, ...]


def editions_of(slug: str) -> list[Edition]:
    """All editions of a course, the latest first; NotFound where there is none."""
    query = select(Edition).join(Course, Edition.course_id == Course.id).where(Course.slug == slug)
    found = list(db.scalars(query.order_by(Edition.number.desc())))
    if not found:
        raise NotFound
    return found


def insight_of(edition: Edition, now: datetime | None = None) -> Insight:
    """Everything at once, in six statements whatever the number of attempts."""
    questions = courses.questions_of(edition.id)
    subjects = {key: _subject(question) for key, question in questions.items()}
    taken = attempts_in(edition, questions)
    analysed = items.item_analysis(responses for by_purpose in taken.values() for responses in by_purpose.values())
    flows = _flows(edition, now or clock.now())
    found_gains = _gains(taken, questions)
    voices, comments = evaluations_in(edition)
    told = [
        *advice.about_items(analysed, list(subjects.values())),
        *advice.about_lessons(flows),
        *advice.about_gains(found_gains, edition.goals),
        *advice.about_voices(voices, VOICES),
    ]
    lines = [
        ItemLine(question, subjects[key].title, analysed[key], tuple(advice.spread(analysed[key], subjects[key])))
        for key, question in questions.items()
        if key in analysed
    ]
    checks = _checks(edition, questions, subjects)
    return Insight(
        edition, tuple(lines), tuple(checks), tuple(flows), tuple(found_gains), tuple(voices), tuple(comments),
        tuple(advice.in_order(told)),
    )  # fmt: skip


def _subject(question: Question) -> Subject:
    options = question.options if question.kind in CHOICES else ()
    return Subject(
        question.id,
        advice.said(spelled(question).stem_html),
        {option.key: advice.said(option.html) for option in options},
        frozenset(option.key for option in options if option.right),
    )


def attempts_in(edition: Edition, questions: Mapping[str, Question]) -> dict[UUID, dict[Purpose, list[Response]]]:
    """Of each human her first submitted attempt of each purpose in this edition, marked anew. One statement.

    Practice does not count; neither do attempts without any answer (erased, or handed in empty).
    """
    query = (
        select(
            Person.canonical_id, TestAttempt.purpose, TestAttempt.seed, TestAttempt.question_keys, TestAttempt.answers
        )
        .join(Study, TestAttempt.study_id == Study.id)
        .join(Person, Study.person_id == Person.id)
        .where(
            TestAttempt.edition_id == edition.id,
            TestAttempt.submitted_at.is_not(None),
            TestAttempt.purpose.in_(COUNTED),
        )
        .order_by(TestAttempt.submitted_at, TestAttempt.id)
    )
    known: dict[tuple[str, str, int], Response] = {}  # most learners give one of a few answers
    found: dict[UUID, dict[Purpose, list[Response]]] = {}
    for human, purpose, seed, keys, answers in db.execute(query):
        first = found.setdefault(human, {})
        if purpose not in first and answers:
            asked = [questions[key] for key in keys if key in questions]
            first[purpose] = [_known(known, question, answers.get(question.id), seed) for question in asked]
    return found


def _known(known: dict[tuple[str, str, int], Response], question: Question, answer: object, seed: int) -> Response:
    """The response, marked once for each different answer (and seed, where numbers were drawn)."""
    key = (question.id, repr(answer), seed if question.draws else 0)
    if key not in known:
        known[key] = _response(question, answer, seed)
    return known[key]


def _response(question: Question, answer: object, seed: int) -> Response:
    marked = mark(drawn(question, seed), answer)
    chosen = tuple(clean(question, answer)) if question.kind in CHOICES else ()
    return Response(question.id, marked.right, marked.score, chosen)


def _gains(taken: Mapping[UUID, Mapping[Purpose, Sequence[Response]]], questions: Mapping[str, Question]) -> list[Gain]:
    both = [(by[Purpose.PRE], by[Purpose.POST]) for by in taken.values() if Purpose.PRE in by and Purpose.POST in by]
    return items.gains(both, {key: question.goal for key, question in questions.items()})


def _flows(edition: Edition, now: datetime) -> list[Flow]:
    """Each lesson: opened, finished, stopped in, by humans whose study stands in this edition."""
    finished = case((Progress.finished_at.is_not(None), Person.canonical_id))
    query = (
        select(Progress.lesson_key, func.count(distinct(Person.canonical_id)), func.count(distinct(finished)))
        .join(Study, Progress.study_id == Study.id)
        .join(Person, Study.person_id == Person.id)
        .where(Study.edition_id == edition.id)
        .group_by(Progress.lesson_key)
    )
    counted = {key: (opened, done) for key, opened, done in db.execute(query)}
    stopped = items.stops(_paces(edition), now)
    return [
        Flow(lesson.key, lesson.title, *counted.get(lesson.key, (0, 0)), stopped.get(lesson.key, 0))
        for lesson in courses.outline(edition.id)
    ]


def _paces(edition: Edition) -> list[Pace]:
    """Where each human of this edition is: of several records the one used last; completed if any of them is."""
    query = (
        select(Person.canonical_id, Study.edition_id, Study.last_lesson_key, Study.last_at, Study.completed_at)
        .join(Person, Study.person_id == Person.id)
        .where(Study.course_id == edition.course_id)
        .order_by(Study.last_at, Study.id)
    )
    latest, completed = {}, set()
    for human, edition_id, lesson_key, last_at, completed_at in db.execute(query):
        latest[human] = (edition_id, lesson_key, last_at)
        if completed_at is not None:
            completed.add(human)
    return [
        Pace(lesson_key, last_at, human in completed)
        for human, (edition_id, lesson_key, last_at) in latest.items()
        if edition_id == edition.id
    ]


def _checks(edition: Edition, questions: Mapping[str, Question], subjects: Mapping[str, Subject]) -> list[CheckLine]:
    """First tries while this edition was in force, counted by the database."""
    first = _first_tries(edition.course_id).subquery()
    query = (
        select(first.c.question_key, func.min(first.c.lesson_key), func.count(), func.sum(cast(first.c.right, Integer)))
        .where(first.c.nth == 1, first.c.right.is_not(None), first.c.at >= edition.published_at)
        .group_by(first.c.question_key)
    )
    if edition.superseded_at is not None:
        query = query.where(first.c.at < edition.superseded_at)
    counted = {key: (lesson_key, n, right or 0) for key, lesson_key, n, right in db.execute(query)}
    return [
        CheckLine(question, subjects[key].title, *counted[key]) for key, question in questions.items() if key in counted
    ]


def _first_tries(course_id: UUID) -> Select[tuple[str, str, bool | None, datetime, int]]:
    """Answers to checks of a course, numbered for each human and question in the order of time."""
    nth = func.row_number().over(
        partition_by=(Person.canonical_id, StudyEvent.question_key), order_by=(StudyEvent.at, StudyEvent.id)
    )
    return (
        select(StudyEvent.question_key, StudyEvent.lesson_key, StudyEvent.right, StudyEvent.at, nth.label("nth"))
        .join(Study, StudyEvent.study_id == Study.id)
        .join(Person, Study.person_id == Person.id)
        .where(Study.course_id == course_id, StudyEvent.kind == StudyEventKind.ANSWERED)
    )


def evaluations_in(edition: Edition) -> tuple[list[Voice], list[str]]:
    """What was said of an edition: counts of the steps, and lines without names; nothing under `LEAST_VOICES`."""
    query = (
        select(Person.canonical_id, Evaluation.useful, Evaluation.clear, Evaluation.will_use, Evaluation.comment)
        .join(Study, Evaluation.study_id == Study.id)
        .join(Person, Study.person_id == Person.id)
        .where(Evaluation.edition_id == edition.id)
        .order_by(Evaluation.given_at, Evaluation.id)
    )
    latest = {row[0]: row[1:] for row in db.execute(query)}
    rows = [dict(zip(VOICES, row[:3], strict=True)) for row in latest.values()]
    found = items.voices(rows, list(VOICES))
    return found, sorted(row[3] for row in latest.values() if row[3]) if found else []


def evaluation_of(person_id: UUID | None, course_id: UUID) -> Evaluation | None:
    """What this human said of a course, the latest; None before she did."""
    if person_id is None:
        return None
    query = select(Evaluation).join(Study, Evaluation.study_id == Study.id)
    query = query.where(Study.course_id == course_id, Study.person_id.in_(same_person(person_id)))
    return db.scalar(query.order_by(Evaluation.given_at.desc(), Evaluation.id.desc()).limit(1))


def may_evaluate(edition: Edition, standing: Standing) -> bool:
    """At the end: the course completed, or all its lessons finished."""
    lessons = courses.outline(edition.id)
    return standing.completed is not None or (bool(lessons) and not standing.way(lessons).left)
