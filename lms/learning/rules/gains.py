"""What came out by goal, before a course and after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms.courses.rules import Marked, Question


@dataclass(frozen=True)
class Share:
    """So many right of so many asked."""

    right: int = 0
    count: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.count + other.count)


@dataclass(frozen=True)
class Gain:
    """One goal before and after; `before` None = there is no test of before."""

    goal: str
    before: Share | None
    after: Share

    @property
    def change(self) -> int:
        """1 = more right than before, -1 = less, 0 = the same or nothing to compare. Shares, not numbers, are compared."""
        if self.before is None or not self.before.count or not self.after.count:
            return 0
        was, now = self.before.right * self.after.count, self.after.right * self.before.count
        return (now > was) - (now < was)


def by_goal(questions: Iterable[Question], marked: Mapping[str, Marked]) -> dict[str, Share]:
    """Right answers by goal, in the order the questions come."""
    shares: dict[str, Share] = {}
    for question in questions:
        one = Share(int(question.id in marked and marked[question.id].right), 1)
        shares[question.goal] = shares.get(question.goal, Share()) + one
    return shares


def gains(before: Mapping[str, Share] | None, after: Mapping[str, Share], goals: Iterable[str]) -> list[Gain]:
    """Both side by side, in the order of the course's goals; goals that nobody asked about are left out."""
    asked = [goal for goal in goals if goal in after or (before is not None and goal in before)]
    return [
        Gain(goal, None if before is None else before.get(goal, Share()), after.get(goal, Share())) for goal in asked
    ]
