"""Pages of the room `learning`: lessons, tests, giving courses."""

from __future__ import annotations

from lms.learning.views.assignments import assign, assignments, new_assignment, withdraw
from lms.learning.views.blueprint import bp
from lms.learning.views.lessons import answer, finish_lesson, lesson, study
from lms.learning.views.tests import attempt, confirm, keep_answers, result, start_attempt, submit, test

__all__ = [
    "answer",
    "assign",
    "assignments",
    "attempt",
    "bp",
    "confirm",
    "finish_lesson",
    "keep_answers",
    "lesson",
    "new_assignment",
    "result",
    "start_attempt",
    "study",
    "submit",
    "test",
    "withdraw",
]
