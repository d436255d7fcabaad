"""What an indicator counts and how (design 5): participations (lượt), persons (người), cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from lms.core.words import Text, text
from lms.indicators.rules.sets import Attribution, Indicator, Threshold

KINH = "kinh"


class Minority(StrEnum):
    """Ethnic minority (DTTS) = any group but the Kinh; an unknown group is a bucket of its own."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Text:
        """For people."""
        return _MINORITY[self]


_MINORITY = {
    Minority.YES: text("DTTS"),
    Minority.NO: text("Dân tộc Kinh"),
    Minority.UNKNOWN: text("Chưa rõ dân tộc"),
}


def minority_of(ethnic_group: str | None) -> Minority:
    """Does this group belong to the minorities?"""
    if not ethnic_group:
        return Minority.UNKNOWN
    return Minority.NO if ethnic_group == KINH else Minority.YES


@dataclass(frozen=True)
class TakingPart:
    """A canonical person took part in an occasion; who she was is as frozen at the beginning of it.

    `source` is "class" or "online", `order` the class number (empty online), `day` the day it ended (online: of the
    first completion), `units` the unit by attribution. Online, `came` is the same as `completed`.
    """

    source: str
    occasion: UUID
    order: str
    person: UUID
    units: Mapping[Attribution, UUID]
    starts_on: date
    day: date
    field: str
    level: str
    sex: str
    ethnic_group: str | None
    post_kind: str | None
    came: bool
    completed: bool


def does_count(indicator: Indicator, taking: TakingPart) -> bool:
    """Does this taking part reach the threshold and pass every filter? The register is asked later, by date."""
    reached = taking.completed if indicator.threshold is Threshold.COMPLETED else taking.came or taking.completed
    return (
        reached
        and taking.source in indicator.sources
        and taking.field in indicator.fields
        and (not indicator.levels or taking.level in indicator.levels)
        and (not indicator.sex or taking.sex == indicator.sex)
        and (indicator.minority is None or minority_of(taking.ethnic_group) is _wanted(indicator.minority))
    )


def _wanted(minority: bool) -> Minority:
    return Minority.YES if minority else Minority.NO


@dataclass(frozen=True)
class Counted:
    """One contribution of one indicator, inside a period; `person` is canonical."""

    person: UUID
    occasion: UUID
    day: date
    order: str
    unit: UUID
    sex: str = "unknown"
    minority: Minority = Minority.UNKNOWN

    @property
    def place(self) -> tuple[date, str, UUID, UUID, str, str]:
        """What comes first: the last day, then the class number (design 5.2); the rest makes it one order for all."""
        return self.day, self.order, self.occasion, self.unit, self.sex, self.minority


def participations(counted: Iterable[Counted]) -> list[Counted]:
    """Lượt: each distinct (person, occasion) once."""
    return _first(counted, lambda one: (one.person, one.occasion))


def persons(counted: Iterable[Counted]) -> list[Counted]:
    """Người: each person once, at her first occasion of the period, so in that occasion's unit and cell."""
    return _first(counted, lambda one: one.person)


def _first(counted: Iterable[Counted], key: Callable[[Counted], Hashable]) -> list[Counted]:
    firsts: dict[Hashable, Counted] = {}
    for one in sorted(counted, key=lambda one: (one.place, one.person)):
        firsts.setdefault(key(one), one)
    return list(firsts.values())


def by_unit(counted: Iterable[Counted]) -> Counter[UUID]:
    """How many in each unit."""
    return Counter(one.unit for one in counted)


def cells(counted: Iterable[Counted]) -> Counter[tuple[str, Minority]]:
    """How many in each cell of sex and minority; unknown is a bucket, so the cells add up to the total."""
    return Counter((one.sex, one.minority) for one in counted)
