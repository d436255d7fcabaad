"""What humans have done and begun of the steps of paths. All records of a human count; no statement for each human."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core import clock
from lms.core.db import db
from lms.courses.models import Edition, Lesson
from lms.learning.models import HandIn, MarkOutcome, Progress, Study
from lms.learning.rules.branches import finished_lessons
from lms.people.models import Person
from lms.training import rules
from lms.training.models import (
    Attendance,
    Credit,
    CreditState,
    Enrolment,
    Participation,
    PathStep,
    Session,
    StepKind,
    TrainingClass,
)
from lms.training.rules import Begun, Decision, Fact, How, Marked

Humans = Collection[UUID] | Select[UUID]  # canonical ids
_Row = tuple[UUID, Fact | tuple["_Step", Begun]]  # a human, and what she did or began


@dataclass(frozen=True)
class _Step:
    """What a beginning is of: the kind of step, its course and question."""

    kind: StepKind
    course: UUID | None
    question: str = ""


@dataclass(frozen=True)
class Deeds:
    """Facts and beginnings, by canonical person."""

    facts: dict[UUID, list[Fact]]
    begun: dict[UUID, dict[UUID, set[Begun]]]

    def marks(self, human: UUID, steps: Sequence[PathStep]) -> tuple[Marked, ...]:
        """How the steps of one path stand for one human."""
        return rules.follow([as_step(step) for step in steps], self.facts.get(human, ()), self.begun.get(human, {}))


def as_step(step: PathStep) -> rules.Step:
    """A row as the rules know it."""
    return rules.Step(step.id, step.kind, step.course_id, step.question_key)


def deeds_of(steps: Sequence[PathStep], humans: Humans) -> Deeds:
    """All that these humans have done or begun of these steps (of any paths): at most six statements."""
    found = Deeds(defaultdict(list), defaultdict(lambda: defaultdict(set)))
    places: dict[_Step, list[UUID]] = defaultdict(list)
    for step in steps:
        places[_Step(step.kind, step.course_id, step.question_key)].append(step.id)
    for human, what in _rows(steps, humans):
        if isinstance(what, Fact):
            found.facts[human].append(what)
        else:
            for step_id in places.get(what[0], ()):
                found.begun[human][step_id].add(what[1])
    _add_credits(found, [step.id for step in steps], humans)
    return found


def _rows(steps: Sequence[PathStep], humans: Humans) -> Iterator[_Row]:
    courses = {kind: {step.course_id for step in steps if step.kind == kind and step.course_id} for kind in StepKind}
    if courses[StepKind.COURSE]:
        yield from _studies(courses[StepKind.COURSE], humans)
    if courses[StepKind.CLASS]:
        yield from _completed(courses[StepKind.CLASS], humans)
    if courses[StepKind.VISIT]:
        yield from _visits(courses[StepKind.VISIT], humans)
    if courses[StepKind.CLASS] | courses[StepKind.VISIT]:
        yield from _expected(courses[StepKind.CLASS] | courses[StepKind.VISIT], humans)
    if courses[StepKind.TASK]:
        yield from _works({step.question_key for step in steps if step.kind == StepKind.TASK}, humans)


def _are(column: InstrumentedAttribute[UUID], humans: Humans) -> Any:
    return column.in_(humans if isinstance(humans, Select) else list(humans))


def _studies(courses: set[UUID], humans: Humans) -> Iterator[_Row]:
    query = select(Person.canonical_id, Study.course_id, Study.completed_at, Study.last_lesson_key)
    query = query.join(Person, Study.person_id == Person.id)
    for human, course, ended, lesson in db.execute(
        query.where(Study.course_id.in_(courses), _are(Person.canonical_id, humans))
    ):
        if ended is not None:
            yield human, Fact(How.COURSE, clock.local(ended).date(), course)
        elif lesson:
            yield human, (_Step(StepKind.COURSE, course), Begun.STUDYING)


def _completed(courses: set[UUID], humans: Humans) -> Iterator[_Row]:
    query = select(Person.canonical_id, TrainingClass.course_id, Participation.completed_at)
    query = query.join(Participation, Participation.class_id == TrainingClass.id)
    query = query.join(Person, Participation.person_id == Person.id).where(Participation.completed_at.is_not(None))
    for human, course, ended in db.execute(
        query.where(TrainingClass.course_id.in_(courses), _are(Person.canonical_id, humans))
    ):
        if ended is not None:
            yield human, Fact(How.CLASS, clock.local(ended).date(), course)


def _visits(courses: set[UUID], humans: Humans) -> Iterator[_Row]:
    """Who came, with the first day on which she did."""
    query = (
        select(Person.canonical_id, TrainingClass.course_id, func.min(Session.day))
        .join(Participation, Participation.class_id == TrainingClass.id)
        .join(Person, Participation.person_id == Person.id)
        .join(Session, Session.class_id == TrainingClass.id)
        .join(
            Attendance,
            (Attendance.session_id == Session.id) & (Attendance.person_id == Person.id) & (Attendance.minutes > 0),
        )
        .where(Participation.came, TrainingClass.course_id.in_(courses), _are(Person.canonical_id, humans))
        .group_by(Person.canonical_id, TrainingClass.course_id)
    )
    for human, course, day in db.execute(query):
        yield human, Fact(How.VISIT, day, course)


def _expected(courses: set[UUID], humans: Humans) -> Iterator[_Row]:
    """On the roster of a class that is coming or under way."""
    query = (
        select(Person.canonical_id, TrainingClass.course_id)
        .join(Enrolment, Enrolment.class_id == TrainingClass.id)
        .join(Person, Enrolment.person_id == Person.id)
        .where(Enrolment.withdrawn_at.is_(None), TrainingClass.cancelled_at.is_(None))
        .where(TrainingClass.closed_at.is_(None))
        .where(TrainingClass.course_id.in_(courses), _are(Person.canonical_id, humans))
    )
    for human, course in db.execute(query):
        yield human, (_Step(StepKind.CLASS, course), Begun.EXPECTED)
        yield human, (_Step(StepKind.VISIT, course), Begun.EXPECTED)


_OUTCOMES = {MarkOutcome.AGAIN: Begun.AGAIN, None: Begun.HANDED_IN}


def _works(questions: set[str], humans: Humans) -> Iterator[_Row]:
    query = (
        select(Person.canonical_id, Study.course_id, HandIn)
        .join(Study, HandIn.study_id == Study.id)
        .join(Person, Study.person_id == Person.id)
        .where(HandIn.question_key.in_(questions), _are(Person.canonical_id, humans))
    )
    for human, course, work in db.execute(query):
        if work.outcome == MarkOutcome.ACCEPTED:
            day = clock.local(work.marked_at or work.handed_in_at or work.began_at).date()
            yield human, Fact(How.TASK, day, course, work.question_key)
        else:
            begun = _OUTCOMES[work.outcome] if work.handed_in_at is not None else Begun.DRAFTED
            yield human, (_Step(StepKind.TASK, course, work.question_key), begun)


def _add_credits(found: Deeds, step_ids: Sequence[UUID], humans: Humans) -> None:
    """What stands of the decided credits, and which steps wait for a decision."""
    query = select(Person.canonical_id, Credit).join(Person, Credit.person_id == Person.id)
    decided: dict[UUID, list[Decision]] = defaultdict(list)
    for human, credit in db.execute(query.where(Credit.step_id.in_(step_ids), _are(Person.canonical_id, humans))):
        if credit.decided_at is None:
            found.begun[human][credit.step_id].add(Begun.ASKED)
        else:
            is_granted = credit.state == CreditState.GRANTED
            decided[human].append(Decision(credit.id, credit.step_id, is_granted, credit.done_on, credit.decided_at))
    for human, decisions in decided.items():
        found.facts[human].extend(rules.credits_of(decisions))


def lessons_left(course_ids: Iterable[UUID], humans: Humans) -> tuple[dict[UUID, int], dict[tuple[UUID, UUID], int]]:
    """Lessons of the editions in force by course, and how many are finished by (human, course): two statements."""
    wanted = set(course_ids)
    if not wanted:
        return {}, {}
    in_force = Edition.superseded_at.is_(None)
    totals = select(Edition.course_id, Edition.lesson_count).where(Edition.course_id.in_(wanted), in_force)
    done = (
        select(Person.canonical_id, Study.course_id, Lesson.branch, func.count(distinct(Progress.lesson_key)))
        .join(Study, Progress.study_id == Study.id)
        .join(Person, Study.person_id == Person.id)
        .join(Edition, (Edition.course_id == Study.course_id) & in_force)
        .join(Lesson, (Lesson.edition_id == Edition.id) & (Lesson.key == Progress.lesson_key))
        .where(Study.course_id.in_(wanted), Progress.finished_at.is_not(None), _are(Person.canonical_id, humans))
        .group_by(Person.canonical_id, Study.course_id, Lesson.branch)
    )
    return {course: count for course, count in db.execute(totals)}, finished_lessons(
        (human, course, branch, count) for human, course, branch, count in db.execute(done)
    )
