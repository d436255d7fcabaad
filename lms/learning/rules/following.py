"""What of a learner's way through a course is shown to who follows it: where she is, her thread of lessons in short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

PAUSE = timedelta(days=14)
MOST_SEGMENTS, SEGMENTS = 24, 12
DONE, HALF, NONE = "done", "half", "none"


def is_slow(
    now: datetime, today: date, last_at: datetime | None, due: date | None, given_at: datetime | None = None
) -> bool:
    """Has who has not completed a course stopped: past its day, or nothing done for 14 days (since it was given)?"""
    since = last_at or given_at
    return (due is not None and due < today) or (since is not None and now - since >= PAUSE)


def segments(states: Sequence[str]) -> list[str]:
    """One segment a lesson; of more than 24 lessons twelve even parts: done if all of it is, half if any was begun."""
    if len(states) <= MOST_SEGMENTS:
        return list(states)
    ends = [len(states) * part // SEGMENTS for part in range(SEGMENTS + 1)]
    return [_together(states[start:end]) for start, end in zip(ends, ends[1:], strict=False)]


def _together(states: Sequence[str]) -> str:
    found = set(states)
    return found.pop() if len(found) == 1 else HALF


def runs(states: Iterable[str], wanted: str) -> list[tuple[int, int]]:
    """Where a state stands, as (first, last) places counted from 1: 1-8, 10-10."""
    found = []
    for is_it, group in groupby(enumerate(states, 1), key=lambda pair: pair[1] == wanted):
        places = [place for place, _ in group]
        if is_it:
            found.append((places[0], places[-1]))
    return found


def spans(states: Iterable[str], wanted: str) -> str:
    """The same for people: "1–8, 10"."""
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in runs(states, wanted))


def strokes(states: Iterable[str], wanted: str, step: int = 8) -> str:
    """The same as an SVG path of level strokes; its dashes are the segments."""
    return "".join(f"M{step * (first - 1)} 4h{step * (last - first + 1)}" for first, last in runs(states, wanted))
