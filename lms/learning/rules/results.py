"""What an attempt at a test gave, and which lessons to read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.courses.rules import Marked, Question, drawn, mark


@dataclass(frozen=True)
class LessonGoals:
    """What is needed of a lesson to send a reader back to it."""

    key: str
    place: int
    goals: tuple[str, ...]


def mark_all(questions: Iterable[Question], answers: Mapping[str, Any], seed: int | None = None) -> dict[str, Marked]:
    """Each question marked, by its id; `seed`: the one its numbers were drawn with."""
    return {question.id: mark(drawn(question, seed or 0), answers.get(question.id)) for question in questions}


def lessons_to_read_again(wrong: Sequence[tuple[str | None, str]], lessons: Sequence[LessonGoals]) -> list[LessonGoals]:
    """For questions answered wrong, given as (key of its lesson or None, goal): their lessons, in order.

    A question of the final test alone has no lesson: the first lesson of its goal stands for it, unless one does.
    """
    again = {key for key, _ in wrong if key is not None}
    for key, goal in wrong:
        of_goal = [lesson.key for lesson in lessons if goal in lesson.goals]
        if key is None and of_goal and not again.intersection(of_goal):
            again.add(of_goal[0])
    return [lesson for lesson in lessons if lesson.key in again]
