"""What the markings of a hand-in come to, in whatever order they are read; and what the points propose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from lms.core.words import number
from lms.courses.rules import Question, is_enough, points_of

ACCEPTED, AGAIN = "accepted", "again"
STEPS = 4


@dataclass(frozen=True)
class Mark:
    """What of one marking counts for the fold; `outcome` is accepted or again."""

    id: UUID
    at: datetime
    outcome: str

    @property
    def order(self) -> tuple[datetime, UUID]:
        """The later one counts; between two of one instant the greater key."""
        return self.at, self.id


@dataclass(frozen=True)
class Verdict:
    """The fold of all markings: the latest outcome, and when it was accepted first (that is never taken away)."""

    outcome: str
    marked_at: datetime
    accepted_at: datetime | None


def fold(marks: Iterable[Mark]) -> Verdict | None:
    """The verdict of all markings of a hand-in; None where there are none."""
    ordered = sorted(marks, key=lambda mark: mark.order)
    if not ordered:
        return None
    accepted = [mark.at for mark in ordered if mark.outcome == ACCEPTED]
    return Verdict(ordered[-1].outcome, ordered[-1].at, min(accepted, default=None))


def proposed(question: Question, steps: Sequence[int]) -> str:
    """The outcome that the points propose."""
    return ACCEPTED if is_enough(question, points_of(question, steps)) else AGAIN


def points_by_step(points: Decimal) -> tuple[Decimal, ...]:
    """What each step of a criterion gives, rounded for showing."""
    return tuple((points * step / (STEPS - 1)).quantize(Decimal("0.01"), ROUND_HALF_UP) for step in range(STEPS))


def are_steps(question: Question, steps: Sequence[int]) -> bool:
    """A step from 0 to 3 for each criterion?"""
    return len(steps) == len(question.criteria) and all(0 <= step < STEPS for step in steps)


def shown(points: Decimal | str) -> str:
    """Points for people: 2, 1,5 or 0,67."""
    exact = Decimal(points).normalize()
    return number(exact, min(max(-int(exact.as_tuple().exponent), 0), 2))
