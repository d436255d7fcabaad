"""Verbs of online study: facts of lessons, tests, giving courses, erasure."""

from __future__ import annotations

from lms.learning.actions.giving import DayHasPassed, NobodyIsChosen, assign, withdraw
from lms.learning.actions.keeping import forget
from lms.learning.actions.studying import (
    ANSWER,
    FINISH,
    OPEN,
    AnswerIsEmpty,
    answer,
    finish_lesson,
    open_lesson,
    receive_answer,
    receive_finish,
    receive_open,
    study_of,
)
from lms.learning.actions.testing import (
    LessonsAreNotFinished,
    NoAttemptIsLeft,
    TestIsPassed,
    TestIsSubmitted,
    keep_answers,
    start_attempt,
    submit,
)

__all__ = [
    "ANSWER",
    "FINISH",
    "OPEN",
    "AnswerIsEmpty",
    "DayHasPassed",
    "LessonsAreNotFinished",
    "NoAttemptIsLeft",
    "NobodyIsChosen",
    "TestIsPassed",
    "TestIsSubmitted",
    "answer",
    "assign",
    "finish_lesson",
    "forget",
    "keep_answers",
    "open_lesson",
    "receive_answer",
    "receive_finish",
    "receive_open",
    "start_attempt",
    "study_of",
    "submit",
    "withdraw",
]
