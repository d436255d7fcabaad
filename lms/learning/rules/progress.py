"""Facts of study folded into progress: any shuffle, repetition or split of the same facts gives the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

OPENED, ANSWERED, FINISHED = "opened", "answered", "finished"


@dataclass(frozen=True)
class Fact:
    """What a learner did in one lesson; `kind` is opened, answered or finished."""

    id: UUID
    kind: str
    at: datetime
    question_key: str = ""
    answer: Any = None
    right: bool | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Given:
    """The latest answer to a question; `right` None = a trainer has to look at it; `seed`: of the numbers it was about."""

    at: datetime
    event: UUID
    answer: Any
    right: bool | None
    seed: int | None = None

    @property
    def order(self) -> tuple[datetime, UUID]:
        """The later one counts; between two of one instant the greater key."""
        return self.at, self.event


@dataclass(frozen=True)
class LessonProgress:
    """How far one lesson was studied."""

    opened_at: datetime
    finished_at: datetime | None = None
    answers: Mapping[str, Given] = field(default_factory=dict)

    def answers_json(self) -> dict[str, Any]:
        """The answers for a JSON column, in the order of the question keys."""
        return {key: _answer_json(given) for key, given in sorted(self.answers.items())}


def _answer_json(given: Given) -> dict[str, Any]:
    plain = {"at": given.at.isoformat(), "event": str(given.event), "answer": given.answer, "right": given.right}
    return plain if given.seed is None else {**plain, "seed": given.seed}


def answers_from_json(plain: Mapping[str, Any]) -> dict[str, Given]:
    """What `answers_json` gave."""
    return {
        key: Given(datetime.fromisoformat(one["at"]), UUID(one["event"]), one["answer"], one["right"], one.get("seed"))
        for key, one in plain.items()
    }


def fold(facts: Iterable[Fact]) -> LessonProgress | None:
    """Progress of one lesson from all its facts; None where there are none."""
    folded: LessonProgress | None = None
    for fact in facts:
        folded = merge(folded, _single(fact))
    return folded


def _single(fact: Fact) -> LessonProgress:
    given = Given(fact.at, fact.id, fact.answer, fact.right, fact.seed)
    return LessonProgress(
        fact.at,
        fact.at if fact.kind == FINISHED else None,
        {fact.question_key: given} if fact.kind == ANSWERED else {},
    )


def merge(one: LessonProgress | None, other: LessonProgress | None) -> LessonProgress | None:
    """Both together (two parts of the facts, or two records of one human): first opening, first finish, last answers."""
    if one is None or other is None:
        return one or other
    ends = [end for end in (one.finished_at, other.finished_at) if end is not None]
    answers = dict(one.answers)
    for key, given in other.answers.items():
        answers[key] = max(answers.get(key, given), given, key=lambda g: g.order)
    return LessonProgress(min(one.opened_at, other.opened_at), min(ends) if ends else None, answers)


LONGEST_WAIT = timedelta(days=90)


def happened_at(captured_at: datetime, clock_offset: int | None, received_at: datetime) -> datetime:
    """When a fact happened: the device's time less what its clock is ahead (milliseconds), never after it arrived.

    A device that says it waited longer than `LONGEST_WAIT` has a wrong clock: closed years must not move.
    """
    told = captured_at - timedelta(milliseconds=clock_offset or 0)
    return max(min(told, received_at), received_at - LONGEST_WAIT)


def completion(
    lesson_keys: Iterable[str],
    lessons: Mapping[str, LessonProgress],
    needs_test: bool,
    passed_at: datetime | None,
    products: str = "none",
    accepted: Iterable[datetime | None] = (),
) -> datetime | None:
    """When a course was completed: the day of the last fact it took, whatever arrived last; None while one is missing.

    `products`: does it take "all" products, "any" one, or "none"; `accepted`: when each was accepted first, if it was.
    """
    ends = [lessons[key].finished_at if key in lessons else None for key in lesson_keys]
    if needs_test:
        ends.append(passed_at)
    ends += _products_ends(products, list(accepted))
    reached = [end for end in ends if end is not None]
    return max(reached) if reached and len(reached) == len(ends) else None


def _products_ends(products: str, accepted: list[datetime | None]) -> list[datetime | None]:
    """The facts that the products add; a course that asks for some but has none asks for nothing."""
    if products == "all":
        return accepted
    if products == "any" and accepted:
        return [min((at for at in accepted if at is not None), default=None)]
    return []
