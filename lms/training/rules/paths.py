"""Paths: which facts fulfil which step, what is done, what is missing next (anchors A12, A13)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lms.core.names import loose
from lms.core.words import Text, text

LONGEST_SLUG = 50
TAKEN = frozenset({"them", "cua-toi", "cong-nhan"})  # words of addresses beside the paths


class How(StrEnum):
    """By what a step was done; of two on one day the earlier in this list is told."""

    COURSE = "course"
    CLASS = "class"
    TASK = "task"
    VISIT = "visit"
    CREDIT = "credit"

    @property
    def label(self) -> Text:
        """For people."""
        return _HOW[self]


_HOW = {
    How.COURSE: text("Học xong khóa trực tuyến"),
    How.CLASS: text("Hoàn thành lớp"),
    How.TASK: text("Bài nộp đã đạt"),
    How.VISIT: text("Đã tham gia"),
    How.CREDIT: text("Được công nhận"),
}


class State(StrEnum):
    """How a step stands for one human. `WAITING`: not begun, and an earlier one is missing."""

    DONE = "done"
    DOING = "doing"
    OPEN = "open"
    WAITING = "waiting"

    @property
    def label(self) -> Text:
        """For people."""
        return _STATES[self]


_STATES = {
    State.DONE: text("Đã xong"),
    State.DOING: text("Đang làm"),
    State.OPEN: text("Làm tiếp theo"),
    State.WAITING: text("Sau bước trước"),
}


class Begun(StrEnum):
    """What has been begun for a step; of several the later in this list tells."""

    STUDYING = "studying"
    EXPECTED = "expected"
    DRAFTED = "drafted"
    AGAIN = "again"
    HANDED_IN = "handed_in"
    ASKED = "asked"


@dataclass(frozen=True)
class Step:
    """A step as the rules know it; `kind` is course, class, task or visit."""

    id: UUID
    kind: str
    course: UUID | None = None
    question: str = ""


@dataclass(frozen=True)
class Fact:
    """Something a human did: of a course, or (a credit) said of one step itself."""

    how: How
    on: date
    course: UUID | None = None
    question: str = ""
    step: UUID | None = None

    def fulfils(self, step: Step) -> bool:
        """Does it do this step? A visit without a course is done by credit only."""
        if self.how == How.CREDIT:
            return self.step == step.id
        same = self.how == step.kind and self.course is not None and self.course == step.course
        return same and (self.how != How.TASK or self.question == step.question)


@dataclass(frozen=True)
class Decision:
    """A decided credit of one human for one step."""

    id: UUID
    step: UUID
    granted: bool
    on: date
    at: datetime


def credits_of(decisions: Iterable[Decision]) -> list[Fact]:
    """What stands: of each step the latest decision, if it granted. The order of the decisions does not matter."""
    latest: dict[UUID, Decision] = {}
    for decision in decisions:
        known = latest.get(decision.step)
        if known is None or (known.at, known.id) < (decision.at, decision.id):
            latest[decision.step] = decision
    return [Fact(How.CREDIT, one.on, step=one.step) for one in latest.values() if one.granted]


@dataclass(frozen=True)
class Marked:
    """A step and how it stands: done how and when, or what was begun."""

    step: UUID
    state: State
    how: How | None = None
    on: date | None = None
    begun: Begun | None = None

    @property
    def is_done(self) -> bool:
        """Is it done?"""
        return self.state == State.DONE


def follow(
    steps: Sequence[Step], facts: Collection[Fact], begun: Mapping[UUID, Collection[Begun]] | None = None
) -> tuple[Marked, ...]:
    """Each step in order. The earliest fact gives its day; a later step done earlier counts; facts in any order."""
    marked: list[Marked] = []
    is_next = True
    for step in steps:
        mark = _mark(step, facts, (begun or {}).get(step.id, ()), is_next)
        is_next = is_next and mark.is_done
        marked.append(mark)
    return tuple(marked)


def _mark(step: Step, facts: Collection[Fact], begun: Collection[Begun], is_next: bool) -> Marked:
    done = [fact for fact in facts if fact.fulfils(step)]
    if done:
        first = min(done, key=lambda fact: (fact.on, list(How).index(fact.how)))
        return Marked(step.id, State.DONE, first.how, first.on)
    if begun:
        return Marked(step.id, State.DOING, begun=max(begun, key=list(Begun).index))
    return Marked(step.id, State.OPEN if is_next else State.WAITING)


def first_missing(marked: Iterable[Marked]) -> Marked | None:
    """The first step that is not done; None = the path is gone to its end."""
    return next((mark for mark in marked if not mark.is_done), None)


def slug_of(title: str, taken: Collection[str]) -> str:
    """The address of a new path: its title without marks, with a number where another has it."""
    plain = re.sub(r"[^a-z0-9]+", "-", loose(title))[:LONGEST_SLUG].strip("-") or "lo-trinh"
    number, slug = 1, plain
    while slug in taken or slug in TAKEN:
        number += 1
        slug = f"{plain}-{number}"
    return slug
