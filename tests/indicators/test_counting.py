"""Rules of counting: thresholds, filters, người and lượt, cells, units; any order gives the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lms.indicators.rules.counting import (
    Counted,
    Minority,
    TakingPart,
    by_unit,
    cells,
    does_count,
    minority_of,
    participations,
    persons,
)
from lms.indicators.rules.sets import Attribution, Counts, Indicator, Threshold

LGG = Indicator("D", "", "", "", 4, tuple(Counts), ("class", "online"), Threshold.COMPLETED, Attribution.HOME, ("lgg",),
                (), "", None, False, (), None)  # fmt: skip
KEY = UUID(int=1)
TAKING = TakingPart("class", KEY, "1", KEY, dict.fromkeys(Attribution, KEY), date(2026, 1, 1), date(2026, 1, 2), "lgg",
                    "village", "female", "muong", None, True, True)  # fmt: skip


def _counted(numbers: tuple[int, int, int, int, str, Minority]) -> Counted:
    person, occasion, unit, day, sex, minority = numbers
    # an occasion has one day and number, whoever took part
    return Counted(UUID(int=person), UUID(int=occasion), date(2026, 1, 1) + timedelta(days=occasion * 7 % 5 + day * 0),
                   str(occasion % 3), UUID(int=unit), sex, minority)  # fmt: skip


ONE = st.tuples(st.integers(1, 6), st.integers(1, 8), st.integers(1, 4), st.just(0), st.sampled_from(["female", "male"]),
                st.sampled_from(Minority)).map(_counted)  # fmt: skip
MANY = st.lists(ONE, max_size=40)


def test_completed_counts_and_coming_alone_does_not() -> None:
    assert does_count(LGG, TAKING)
    assert not does_count(LGG, replace(TAKING, completed=False))
    assert does_count(replace(LGG, threshold=Threshold.CAME), replace(TAKING, completed=False))
    assert not does_count(replace(LGG, threshold=Threshold.CAME), replace(TAKING, completed=False, came=False))


def test_each_filter_holds() -> None:
    assert not does_count(LGG, replace(TAKING, field="tkvv"))
    assert not does_count(replace(LGG, sources=("online",)), TAKING)
    assert not does_count(replace(LGG, levels=("commune",)), TAKING)
    assert does_count(replace(LGG, levels=("village",)), TAKING)
    assert not does_count(replace(LGG, sex="male"), TAKING)
    assert does_count(replace(LGG, sex="female", minority=True), TAKING)
    assert not does_count(replace(LGG, minority=True), replace(TAKING, ethnic_group="kinh"))
    assert not does_count(replace(LGG, minority=True), replace(TAKING, ethnic_group=None))
    assert not does_count(replace(LGG, minority=False), replace(TAKING, ethnic_group=None))


def test_a_minority_is_any_group_but_the_kinh_and_unknown_is_its_own() -> None:
    assert [minority_of(group) for group in ("muong", "kinh", None, "")] == [
        Minority.YES, Minority.NO, Minority.UNKNOWN, Minority.UNKNOWN,
    ]  # fmt: skip


def test_two_classes_are_one_person_and_two_participations() -> None:
    first = Counted(KEY, UUID(int=5), date(2026, 2, 1), "2026-1", UUID(int=7))
    second = Counted(KEY, UUID(int=6), date(2026, 3, 1), "2026-2", UUID(int=8))
    assert len(participations([second, first, first])) == 2
    assert persons([second, first]) == [first]


def test_a_tie_of_days_goes_by_class_number() -> None:
    later = Counted(KEY, UUID(int=1), date(2026, 2, 1), "2026-0009", UUID(int=7))
    earlier = Counted(KEY, UUID(int=2), date(2026, 2, 1), "2026-0002", UUID(int=8))
    assert persons([later, earlier]) == [earlier]


@given(MANY, st.randoms())
def test_any_order_and_repetition_give_the_same(counted: list[Counted], chance: object) -> None:
    shuffled = counted * 2
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert persons(counted) == persons(shuffled)
    assert participations(counted) == participations(shuffled)


@given(MANY)
def test_persons_are_at_most_participations_and_add_up(counted: list[Counted]) -> None:
    for fold in (persons, participations):
        found = fold(counted)
        assert by_unit(found).total() == cells(found).total() == len(found)
    assert len(persons(counted)) <= len(participations(counted)) <= len(counted)
    assert len(persons(counted)) == len({one.person for one in counted})


@given(MANY, MANY)
def test_a_year_is_at_least_its_halves_and_at_most_their_sum(first: list[Counted], second: list[Counted]) -> None:
    whole, halves = len(persons(first + second)), [len(persons(first)), len(persons(second))]
    assert max(halves) <= whole <= sum(halves)


@given(MANY, st.integers(1, 6), st.integers(1, 6))
def test_linking_two_persons_lowers_by_at_most_one(counted: list[Counted], one: int, other: int) -> None:
    linked = [replace(c, person=UUID(int=one)) if c.person == UUID(int=other) else c for c in counted]
    assert 0 <= len(persons(counted)) - len(persons(linked)) <= 1
    assert len(participations(linked)) <= len(participations(counted))
