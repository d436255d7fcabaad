"""Marking by criteria: the step reached in each gives points; enough points and the answer is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from lms.courses.rules.course import STEPS, Question, half_of

_LAST = len(STEPS) - 1
_CENT = Decimal("0.01")


def points_of(question: Question, steps: Sequence[int]) -> Decimal:
    """The points for the step (0 … 3) reached in each criterion; ValueError where steps and criteria do not fit."""
    if len(steps) != len(question.criteria) or not all(0 <= step <= _LAST for step in steps):
        raise ValueError("one step from 0 to 3 for each criterion")
    thirds = sum((one.points * step for one, step in zip(question.criteria, steps, strict=True)), Decimal(0))
    return (thirds / _LAST).quantize(_CENT, ROUND_HALF_UP)


def needed_of(question: Question) -> Decimal:
    """The points needed to be accepted: those written, else half of all."""
    return half_of(question.criteria) if question.needed is None else question.needed


def is_enough(question: Question, points: Decimal) -> bool:
    """Do these points make the answer accepted?"""
    return points >= needed_of(question)
