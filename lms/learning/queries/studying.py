"""How far a person is: facts of all records of one human (canonical person) count together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.courses import queries as courses
from lms.courses.models import Course, Edition, Lesson, Question
from lms.courses.rules import Question as Asking
from lms.learning.models import Assignment, Progress, Purpose, Study, TestAttempt
from lms.learning.rules import progress as rules
from lms.learning.rules.branches import Way, way_of
from lms.people.models import Person


@dataclass(frozen=True)
class Standing:
    """A human's study of one course: the records of it, and her progress by lesson key."""

    studies: tuple[Study, ...] = ()
    lessons: dict[str, rules.LessonProgress] = field(default_factory=dict)

    @property
    def completed(self) -> Study | None:
        """The study of the first completion, if there is one."""
        ended = [study for study in self.studies if study.completed_at is not None]
        return min(ended, key=lambda study: (study.completed_at or study.began_at, study.id), default=None)

    @property
    def last_lesson_key(self) -> str:
        """The lesson she was in last."""
        latest = max(self.studies, key=lambda study: study.last_at, default=None)
        return latest.last_lesson_key if latest else ""

    def is_finished(self, lesson_key: str) -> bool:
        """Was this lesson studied to its end?"""
        found = self.lessons.get(lesson_key)
        return found is not None and found.finished_at is not None

    def way(self, lessons: Sequence[Lesson]) -> Way[Lesson]:
        """Which lessons of an edition count for her, and what is left of them."""
        return way_of(lessons, self.lessons)


@dataclass(frozen=True)
class Step:
    """A lesson on the path; `state` is done, half (begun) or none."""

    lesson: Lesson
    state: str
    finished_at: datetime | None


@dataclass(frozen=True)
class NextStep:
    """The one thing to go on with. `lesson` None = she has to choose a branch (`chooses`), or the test is open.

    `course` and `lesson` slugs are the parts of the address; `minutes` of this lesson, `minutes_left` of the course.
    """

    course: Course
    edition: Edition
    lesson: Lesson | None
    is_begun: bool
    done: int
    total: int
    minutes: int
    minutes_left: int
    has_test: bool
    test_is_open: bool
    chooses: bool
    due: date | None


def same_person(person_id: UUID) -> Select[UUID]:
    """Ids of all records of this human. For `IN (...)`."""
    canonical = select(Person.canonical_id).where(Person.id == person_id).scalar_subquery()
    return select(Person.id).where(Person.canonical_id == canonical)


_RECORDS = select(Person.id).where(
    Person.canonical_id == select(Person.canonical_id).where(Person.id == bindparam("person")).scalar_subquery()
)
_STANDING = (
    select(Study, Progress)
    .outerjoin(Progress, Progress.study_id == Study.id)
    .where(Study.course_id == bindparam("course"), Study.person_id.in_(_RECORDS))
)


def standing_of(person_id: UUID | None, course_id: UUID) -> Standing:
    """How far a person is in a course; empty for a stranger or before she began. One statement."""
    if person_id is None:
        return Standing()
    rows = db.execute(_STANDING, {"person": person_id, "course": course_id}).all()
    lessons: dict[str, rules.LessonProgress] = {}
    for _, progress in rows:
        if progress is not None:
            merged = rules.merge(lessons.get(progress.lesson_key), _read(progress))
            assert merged is not None
            lessons[progress.lesson_key] = merged
    return Standing(tuple({study.id: study for study, _ in rows}.values()), lessons)


def _read(progress: Progress) -> rules.LessonProgress:
    answers = rules.answers_from_json(progress.answers)
    return rules.LessonProgress(progress.opened_at, progress.finished_at, answers)


def steps_of(lessons: Sequence[Lesson], standing: Standing) -> list[Step]:
    """The path through the lessons of an edition, with what is done."""
    return [_step(lesson, standing.lessons.get(lesson.key)) for lesson in lessons]


def _step(lesson: Lesson, found: rules.LessonProgress | None) -> Step:
    if found is None:
        return Step(lesson, "none", None)
    return Step(lesson, "done" if found.finished_at else "half", found.finished_at)


def progress_of(study: Study) -> list[Step]:
    """The path through the current edition of a study's course, with what the person has done."""
    return steps_of(courses.outline(study.edition_id), standing_of(study.person_id, study.course_id))


def studies_of(person_ids: Iterable[UUID]) -> list[Study]:
    """Online studies of these records of persons that were begun, latest first, with their courses."""
    query = select(Study).options(joinedload(Study.course)).where(Study.person_id.in_(list(person_ids)), _begun())
    return list(db.scalars(query.order_by(Study.last_at.desc(), Study.id)))


def _begun() -> Any:
    """A study that a pre-test made has no lesson yet and is none to go on with."""
    return (Study.last_lesson_key != "") | Study.completed_at.is_not(None)


def completed_studies(
    course_id: UUID | None = None, since: date | None = None, until: date | None = None
) -> list[Study]:
    """First completions (of a course; on days in [since, until)), oldest first, with course and person."""
    query = select(Study).options(joinedload(Study.course), joinedload(Study.person))
    query = query.where(Study.completed_at.is_not(None))
    if course_id is not None:
        query = query.where(Study.course_id == course_id)
    if since is not None:
        query = query.where(Study.completed_at >= clock.instant(since))
    if until is not None:
        query = query.where(Study.completed_at < clock.instant(until))
    return list(db.scalars(query.order_by(Study.completed_at, Study.id)))


def known_lesson(course_id: UUID, lesson_key: str) -> str:
    """The key, if any edition of the course has or had this lesson; NotFound (a phone may hold an older edition)."""
    query = select(Lesson.key).join(Edition, Lesson.edition_id == Edition.id)
    found: str | None = db.scalar(query.where(Edition.course_id == course_id, Lesson.key == lesson_key).limit(1))
    if found is None:
        raise NotFound
    return found


def known_question(course_id: UUID, question_key: str) -> Asking:
    """A question as the newest edition that has it asks it; NotFound."""
    query = select(Question).join(Edition, Question.edition_id == Edition.id)
    query = query.where(Edition.course_id == course_id, Question.key == question_key)
    found: Question | None = db.scalar(query.order_by(Edition.number.desc()).limit(1))
    if found is None:
        raise NotFound
    return Asking.from_json(found.content)


def next_step(person_id: UUID) -> NextStep | None:
    """What to go on with: the course studied last that is not completed, else the given one due first; None = nothing."""
    chosen = _course_to_go_on(person_id)
    if chosen is None:
        return None
    course_id, due = chosen
    edition = _current(course_id)
    if edition is None:
        return None
    lessons, standing = courses.outline(edition.id), standing_of(person_id, course_id)
    way, lesson = standing.way(lessons), lesson_to_go_on(lessons, standing)
    return NextStep(
        edition.course,
        edition,
        lesson,
        is_begun=bool(standing.lessons),
        done=way.done,
        total=way.total,
        minutes=lesson.minutes if lesson else 0,
        minutes_left=sum(one.minutes for one in way.left),
        has_test=edition.test is not None,
        test_is_open=not way.left and edition.test is not None,
        chooses=way.chooses and lesson is None,
        due=due,
    )


def _current(course_id: UUID) -> Edition | None:
    query = select(Edition).options(joinedload(Edition.course)).where(Edition.course_id == course_id)
    return db.scalar(query.where(Edition.superseded_at.is_(None)))


def _course_to_go_on(person_id: UUID) -> tuple[UUID, date | None] | None:
    """Course and due day; courses that she completed, or that nobody can study now, are passed over."""
    mine = same_person(person_id)
    current = select(Edition.course_id).where(Edition.superseded_at.is_(None))
    completed = select(Study.course_id).where(Study.person_id.in_(mine), Study.completed_at.is_not(None))
    given = select(Assignment.course_id, Assignment.due).where(
        Assignment.person_id.in_(mine),
        Assignment.withdrawn_at.is_(None),
        Assignment.course_id.not_in(completed),
        Assignment.course_id.in_(current),
    )
    dues: dict[UUID, date] = {
        course: due for course, due in db.execute(given.order_by(Assignment.due.desc(), Assignment.id.desc()))
    }
    begun = select(Study.course_id).where(
        Study.person_id.in_(mine),
        Study.last_lesson_key != "",
        Study.course_id.not_in(completed),
        Study.course_id.in_(current),
    )
    course_id: UUID | None = db.scalar(begun.order_by(Study.last_at.desc()).limit(1))
    if course_id is None:
        course_id = next(reversed(dues), None)
    return None if course_id is None else (course_id, dues.get(course_id))


def passed_at(person_id: UUID, course_id: UUID) -> datetime | None:
    """When she first passed the final test of a course; None if she did not."""
    query = select(TestAttempt.submitted_at).join(Study, TestAttempt.study_id == Study.id)
    query = query.where(
        Study.course_id == course_id,
        Study.person_id.in_(same_person(person_id)),
        TestAttempt.purpose == Purpose.FINAL,
        TestAttempt.passed.is_(True),
    )
    return db.scalar(query.order_by(TestAttempt.submitted_at).limit(1))


def following(lesson_key: str, lessons: Sequence[Lesson]) -> Lesson | None:
    """The lesson after this one on the path; None after the last, and where a branch begins or ends."""
    keys = [lesson.key for lesson in lessons]
    place = keys.index(lesson_key) + 1 if lesson_key in keys else len(keys)
    found = lessons[place] if place < len(keys) else None
    return found if found is not None and found.branch == lessons[place - 1].branch else None


def lesson_to_go_on(lessons: Sequence[Lesson], standing: Standing) -> Lesson | None:
    """The lesson she is in, if it is not finished, else the first that is not; None when all are or she must choose."""
    left = standing.way(lessons).left_to_read
    return next((one for one in left if one.key == standing.last_lesson_key), left[0] if left else None)
