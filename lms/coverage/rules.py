"""Who of the register is trained, in class now, or missing: sets of humans, folded from dated facts (design 5.0, 5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from lms.core.words import Text, text

Key = TypeVar("Key")


class Source(StrEnum):
    """Where a taking part comes from."""

    CLASS = "class"
    ONLINE = "online"


class Threshold(StrEnum):
    """How much of it counts."""

    CAME = "came"
    COMPLETED = "completed"


class Part(StrEnum):
    """The parts of a unit's coverage, by their words in addresses."""

    REGISTER = "so"
    TRAINED = "da"
    NOW = "dang"
    MISSING = "thieu"
    OTHER = "khac"

    @property
    def label(self) -> Text:
        """For people."""
        return _PARTS[self]


_PARTS = {
    Part.REGISTER: text("Trong danh sách"),
    Part.TRAINED: text("Đã tập huấn"),
    Part.NOW: text("Đang học"),
    Part.MISSING: text("Còn thiếu"),
    Part.OTHER: text("Khác có nhu cầu"),
}


@dataclass(frozen=True)
class Entry:
    """An entry of the register in force, by canonical person; `key` breaks ties of the day it begins."""

    person_id: UUID
    unit_id: UUID
    in_target: bool
    begins: date
    key: UUID


@dataclass(frozen=True)
class Rule:
    """An occasion of this course, source and threshold, on a day in [begins, ends), makes a woman trained."""

    course_id: UUID
    source: Source
    threshold: Threshold
    begins: date
    ends: date | None = None

    def covers(self, course_id: UUID, source: Source, day: date) -> bool:
        """Is it an occasion of the rule's course, source and time?"""
        within = self.begins <= day and (self.ends is None or day < self.ends)
        return within and (self.course_id, self.source) == (course_id, source)


@dataclass(frozen=True)
class Occasion:
    """What someone took part in: on which day it was, since when it is known that she came, and completed."""

    person_id: UUID
    course_id: UUID
    source: Source
    day: date
    came_on: date | None
    completed_on: date | None
    title: str = ""

    def reached_on(self, threshold: Threshold) -> date | None:
        """Since when she has reached this much; None = never."""
        return self.came_on if threshold == Threshold.CAME else self.completed_on


@dataclass(frozen=True)
class Seat:
    """Someone expected in a class that is not closed, of a course held on a day."""

    person_id: UUID
    course_id: UUID
    day: date
    title: str = ""
    starts_on: date | None = None


def qualifying(occasions: Iterable[Occasion], rules: Sequence[Rule], on: date) -> dict[UUID, Occasion]:
    """For each person the first occasion that makes her trained as of a day."""
    found: dict[UUID, tuple[date, Occasion]] = {}
    for occasion in occasions:
        reached = _reached(occasion, rules, on)
        known = found.get(occasion.person_id)
        if reached is not None and (known is None or (reached, occasion.day, occasion.title) < _order(known)):
            found[occasion.person_id] = (reached, occasion)
    return {person_id: occasion for person_id, (_, occasion) in found.items()}


def _order(known: tuple[date, Occasion]) -> tuple[date, date, str]:
    return known[0], known[1].day, known[1].title


def _reached(occasion: Occasion, rules: Sequence[Rule], on: date) -> date | None:
    """The first day by which it counts under any rule, if that is not after `on`."""
    days = [
        occasion.reached_on(rule.threshold)
        for rule in rules
        if rule.covers(occasion.course_id, occasion.source, occasion.day)
    ]
    reached = min((day for day in days if day is not None), default=None)
    return reached if reached is not None and reached <= on else None


def seated(seats: Iterable[Seat], rules: Sequence[Rule]) -> dict[UUID, Seat]:
    """For each person the first class, not closed, that will make her trained."""
    found: dict[UUID, Seat] = {}
    for seat in sorted(seats, key=lambda seat: (seat.day, seat.title, str(seat.person_id))):
        if any(rule.covers(seat.course_id, Source.CLASS, seat.day) for rule in rules):
            found.setdefault(seat.person_id, seat)
    return found


@dataclass(frozen=True)
class Parts:
    """The parts of a place: sets of canonical persons. register = trained + now + missing, and none in two."""

    register: frozenset[UUID] = frozenset()
    trained: frozenset[UUID] = frozenset()
    now: frozenset[UUID] = frozenset()
    missing: frozenset[UUID] = frozenset()
    other: frozenset[UUID] = frozenset()

    def of(self, part: Part) -> frozenset[UUID]:
        """One part by its word."""
        return {
            Part.REGISTER: self.register,
            Part.TRAINED: self.trained,
            Part.NOW: self.now,
            Part.MISSING: self.missing,
            Part.OTHER: self.other,
        }[part]


@dataclass
class Homes:
    """The unit to which each woman is attributed: that of her newest entry, wherever it is."""

    target: dict[UUID, UUID] = field(default_factory=dict)
    other: dict[UUID, UUID] = field(default_factory=dict)


def homes(entries: Iterable[Entry]) -> Homes:
    """A woman in two groups or two units counts once; only who is in no group of the target counts as other."""
    found = Homes()
    for entry in sorted(entries, key=lambda entry: (entry.begins, entry.key)):
        (found.target if entry.in_target else found.other)[entry.person_id] = entry.unit_id
    found.other = {person: unit for person, unit in found.other.items() if person not in found.target}
    return found


def parts_by(
    found: Homes, place_of: Mapping[UUID, Key], trained: Iterable[UUID], seats: Iterable[UUID]
) -> dict[Key, Parts]:
    """The parts of each place. `place_of`: unit -> place; women whose unit has no place are not here."""
    done, sitting = frozenset(trained), frozenset(seats)
    target, other = _gathered(found.target, place_of), _gathered(found.other, place_of)
    return {
        place: _parts(frozenset(target.get(place, ())), frozenset(other.get(place, ())), done, sitting)
        for place in dict.fromkeys([*target, *other])
    }


def _gathered(homes_of: Mapping[UUID, UUID], place_of: Mapping[UUID, Key]) -> dict[Key, set[UUID]]:
    gathered: dict[Key, set[UUID]] = {}
    for person_id, unit_id in homes_of.items():
        if unit_id in place_of:
            gathered.setdefault(place_of[unit_id], set()).add(person_id)
    return gathered


def _parts(register: frozenset[UUID], other: frozenset[UUID], done: frozenset[UUID], sitting: frozenset[UUID]) -> Parts:
    trained = register & done
    now = (register - trained) & sitting
    return Parts(register, trained, now, register - trained - now, other)


def whole(parts: Iterable[Parts]) -> Parts:
    """All places together."""
    several = list(parts)
    return Parts(
        frozenset().union(*(p.register for p in several)),
        frozenset().union(*(p.trained for p in several)),
        frozenset().union(*(p.now for p in several)),
        frozenset().union(*(p.missing for p in several)),
        frozenset().union(*(p.other for p in several)),
    )
