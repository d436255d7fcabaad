"""Which lessons count where a course has branches: the common ones, and those of the one branch a learner takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lms.learning.rules.progress import LessonProgress

COMMON = ""


L = TypeVar("L")  # a lesson: it has a `key`, and a `branch` (`COMMON` for none)
K = TypeVar("K")


@dataclass(frozen=True)
class Way(Generic[L]):
    """The lessons that count for one learner, in order.

    `chooses`: she has begun no branch yet; the first stands for the one she will take. Branches are equally long, so
    totals do not change with the choice.
    """

    lessons: tuple[L, ...]
    left: tuple[L, ...]
    chooses: bool

    @property
    def total(self) -> int:
        """How many lessons she takes."""
        return len(self.lessons)

    @property
    def done(self) -> int:
        """How many of them are finished."""
        return len(self.lessons) - len(self.left)

    @property
    def left_to_read(self) -> tuple[L, ...]:
        """What is left of lessons she has chosen."""
        return tuple(one for one in self.left if not self.chooses or _branch(one) == COMMON)


def way_of(lessons: Sequence[L], progress: Mapping[str, LessonProgress]) -> Way[L]:
    """The way of a learner through these lessons of an edition."""
    finished = {key for key, one in progress.items() if one.finished_at is not None}
    steps = [(_branch(one), (_key(one) in finished, _key(one) in progress)) for one in lessons]
    taken = taken_branch(steps)
    branch = taken or next((_branch(one) for one in lessons if _branch(one) != COMMON), COMMON)
    counted = tuple(one for one in lessons if _branch(one) in {COMMON, branch})
    left = tuple(one for one in counted if _key(one) not in finished)
    return Way(counted, left, chooses=taken != branch)


def taken_branch(steps: Iterable[tuple[str, tuple[bool, bool]]]) -> str:
    """The branch of (branch, (finished, begun)) with most lessons finished, then most begun; "" where none is begun."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for branch, (is_finished, is_begun) in steps:
        if branch != COMMON:
            counts[branch][0] += is_finished
            counts[branch][1] += is_begun
    best = max(counts, key=lambda branch: counts[branch], default=COMMON)
    return best if counts and any(counts[best]) else COMMON


def finished_lessons(rows: Iterable[tuple[K, Any, str, int]]) -> dict[tuple[K, Any], int]:
    """Finished lessons that count, by (human, course), from (human, course, branch, finished)."""
    common: dict[tuple[K, Any], int] = defaultdict(int)
    chosen: dict[tuple[K, Any], int] = defaultdict(int)
    for human, course, branch, count in rows:
        if branch == COMMON:
            common[human, course] += count
        else:
            chosen[human, course] = max(chosen[human, course], count)
    return {pair: common[pair] + chosen[pair] for pair in {**common, **chosen}}


def alternatives(lessons: Sequence[L]) -> list[tuple[L, ...]]:
    """Every set of lessons that makes the course whole: all of them, or the common ones with each branch."""
    branches = [branch for branch in dict.fromkeys(map(_branch, lessons)) if branch != COMMON]
    return [tuple(one for one in lessons if _branch(one) in {COMMON, branch}) for branch in branches or [COMMON]]


def _key(lesson: Any) -> str:
    return str(lesson.key)


def _branch(lesson: Any) -> str:
    return str(lesson.branch)
