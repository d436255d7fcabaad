"""What there is to practise in a course, and what to read again afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from lms.courses import queries as courses
from lms.courses.models import Edition, Lesson
from lms.courses.rules import Question
from lms.learning.rules.results import LessonGoals, lessons_to_read_again


@dataclass(frozen=True)
class GoalToPractise:
    """A goal of the course and how many questions practise it."""

    key: str
    title: str
    count: int


def goals_to_practise(edition: Edition) -> list[GoalToPractise]:
    """Goals that have questions for practice, in the order of the course."""
    counts = Counter(one.goal for one in courses.questions_of(edition.id).values() if one.is_practised)
    return [GoalToPractise(key, title, counts[key]) for key, title in edition.goals.items() if counts[key]]


def lessons_again(edition: Edition, wrong: Iterable[Question]) -> list[Lesson]:
    """Lessons of this edition to read again for questions answered wrong, in order."""
    lessons, homes = courses.outline(edition.id), _homes(edition.id)
    goals = [LessonGoals(lesson.key, lesson.place, tuple(lesson.goals)) for lesson in lessons]
    again = lessons_to_read_again([(homes.get(question.id), question.goal) for question in wrong], goals)
    keys = {one.key for one in again}
    return [lesson for lesson in lessons if lesson.key in keys]


def _homes(edition_id: UUID) -> dict[str, str]:
    """The lesson of each question that has one."""
    lessons = courses.outline(edition_id)
    return {key: lesson.key for lesson in lessons for key in courses.questions_of(edition_id, lesson.key)}
