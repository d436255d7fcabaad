"""What answers tell of a test and of a course: each question, each goal, where learners stop. Exact shares, no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import copysign, fsum, sqrt

LEAST_ANSWERS = 10
"""Under so many answers a question (or so many learners a goal) shows no figure: chance would speak, or a person."""
LEAST_VOICES = 5
"""Under so many evaluations nothing of them is shown."""
IDLE = timedelta(days=14)
"""Who did nothing for so long and has not finished has stopped."""
NOTHING = ""
"""The choice of who chose nothing."""


@dataclass(frozen=True)
class Response:
    """One answer to one question in a submitted attempt: was it right, its share of the score, the options chosen."""

    key: str
    right: bool
    score: float
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """What all answers to a question say; the figures are None (and `choices` empty) under `LEAST_ANSWERS`."""

    key: str
    n: int
    facility: Fraction | None = None
    discrimination: float | None = None
    score: float | None = None
    choices: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_shown(self) -> bool:
        """Are there answers enough to say something?"""
        return self.n >= LEAST_ANSWERS


def item_analysis(attempts: Iterable[Sequence[Response]]) -> dict[str, Item]:
    """Each question of these attempts, by key. `attempts`: one for each human and purpose, its responses in any order.

    - `n`: how often the question was asked; one without an answer counts as asked and not right.
    - `facility`: the share that is right, right / n.
    - `score`: the mean share of the score (a half right cloze counts a half).
    - `choices`: how often each option was chosen, and `NOTHING` how often none was.
    - `discrimination`: see `corrected_point_biserial`.
    """
    found: dict[str, Counter[tuple[Response, int, int]]] = {}
    for responses in attempts:
        rights = sum(response.right for response in responses)
        others = len(responses) - 1
        for response in responses:
            found.setdefault(response.key, Counter())[response, rights - response.right, others] += 1
    return {key: _item(key, counted) for key, counted in found.items()}


def _item(key: str, counted: Counter[tuple[Response, int, int]]) -> Item:
    """`counted`: how often this response stood beside so many right ones among so many other questions."""
    n = counted.total()
    if n < LEAST_ANSWERS:
        return Item(key, n)
    choices: Counter[str] = Counter()
    points: Counter[tuple[bool, Fraction]] = Counter()
    for (response, rights, others), times in counted.items():
        choices.update(dict.fromkeys(response.chosen or (NOTHING,), times))
        if others:
            points[response.right, Fraction(rights, others)] += times
    right = sum(times for (response, _, _), times in counted.items() if response.right)
    score = fsum(response.score * times for (response, _, _), times in counted.items()) / n
    return Item(key, n, Fraction(right, n), corrected_point_biserial(points), score, dict(choices))


def corrected_point_biserial(points: Mapping[tuple[bool, Fraction], int]) -> float | None:
    """How well an item tells who knows from who does not: from -1 to 1; None where item or rest do not vary.

    The product-moment correlation of x, the item's score (1 right, 0 not), with y, the rest score: the share right
    among the other questions of the same attempt (corrected: the item itself is left out, else it would be compared
    with itself). Over n attempts

        r = (n Sxy - Sx Sy) / sqrt((n Sxx - Sx^2) (n Syy - Sy^2))

    with Sx = sum of x and so on; the same as (M1 - M0) / s * sqrt(p q), where M1 and M0 are the mean rest scores of
    those who were right and not right, s the standard deviation (divided by n) of the rest scores, p the facility and
    q = 1 - p. `points`: how often each (x, y) occurs. Sums are exact fractions; only the root is rounded.
    """
    n = sum(points.values())
    sx = sum(times for (right, _), times in points.items() if right)
    sy = sum((rest * times for (_, rest), times in points.items()), Fraction(0))
    sxy = sum((rest * times for (right, rest), times in points.items() if right), Fraction(0))
    syy = sum((rest * rest * times for (_, rest), times in points.items()), Fraction(0))
    spread = (n * sx - sx * sx) * (n * syy - sy * sy)
    if not spread:
        return None
    together = n * sxy - sx * sy
    return copysign(sqrt(together * together / spread), together) if together else 0.0


@dataclass(frozen=True)
class Gain:
    """A goal before and after, over the humans who took both forms; the shares are None under `LEAST_ANSWERS`."""

    goal: str
    n: int
    before: Fraction | None = None
    after: Fraction | None = None

    @property
    def difference(self) -> Fraction | None:
        """How much more of it is right afterwards."""
        return None if self.before is None or self.after is None else self.after - self.before


def gains(pairs: Iterable[tuple[Sequence[Response], Sequence[Response]]], goals: Mapping[str, str]) -> list[Gain]:
    """The gain of each goal; `pairs`: (before, after) of each human who did both, `goals`: question key -> goal."""
    tallies: dict[str, list[int]] = {goal: [0, 0, 0, 0, 0] for goal in dict.fromkeys(goals.values())}
    for pair in pairs:
        touched = set()
        for place, responses in enumerate(pair):
            for response in responses:
                if response.key not in goals:
                    continue
                goal = goals[response.key]
                tallies[goal][2 * place] += response.right
                tallies[goal][2 * place + 1] += 1
                touched.add(goal)
        for goal in touched:
            tallies[goal][4] += 1
    return [_gain(goal, tally) for goal, tally in tallies.items() if tally[4]]


def _gain(goal: str, tally: Sequence[int]) -> Gain:
    right, asked, right_after, asked_after, n = tally
    if n < LEAST_ANSWERS or not asked or not asked_after:
        return Gain(goal, n)
    return Gain(goal, n, Fraction(right, asked), Fraction(right_after, asked_after))


@dataclass(frozen=True)
class Pace:
    """Where a human is in a course: her last lesson, her last deed, and whether she completed it."""

    lesson_key: str
    last_at: datetime
    is_completed: bool


def stops(paces: Iterable[Pace], now: datetime) -> dict[str, int]:
    """How many stopped in each lesson: begun, nothing done for `IDLE`, not completed."""
    return dict(
        Counter(
            pace.lesson_key
            for pace in paces
            if pace.lesson_key and not pace.is_completed and now - pace.last_at >= IDLE
        )
    )


@dataclass(frozen=True)
class Voice:
    """How one question of the evaluation was answered: how many chose each of the four steps, from low to high."""

    key: str
    counts: tuple[int, int, int, int]

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(self.counts)

    @property
    def low(self) -> Fraction:
        """The share of the two lower steps."""
        return Fraction(self.counts[0] + self.counts[1], self.n) if self.n else Fraction(0)


def voices(given: Iterable[Mapping[str, int]], keys: Sequence[str]) -> list[Voice]:
    """The counts of each question; empty under `LEAST_VOICES`."""
    rows = list(given)
    if len(rows) < LEAST_VOICES:
        return []
    tallies = {key: Counter(row[key] for row in rows) for key in keys}
    return [Voice(key, (found[1], found[2], found[3], found[4])) for key, found in tallies.items()]
