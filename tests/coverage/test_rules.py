"""Sets of humans: register = trained + now + missing, and the children add up to the whole."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from lms.coverage.rules import (
    Entry,
    Occasion,
    Part,
    Rule,
    Seat,
    Source,
    Threshold,
    homes,
    parts_by,
    qualifying,
    seated,
    whole,
)

DAY = date(2026, 10, 1)
PEOPLE = [uuid4() for _ in range(8)]
UNITS = [uuid4() for _ in range(5)]
PLACES = {UNITS[0]: "a", UNITS[1]: "a", UNITS[2]: "b", UNITS[3]: "c"}  # UNITS[4] lies outside
COURSES = [uuid4(), uuid4()]
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))

ENTRIES = st.lists(
    st.builds(Entry, st.sampled_from(PEOPLE), st.sampled_from(UNITS), st.booleans(), DAYS, st.uuids()), max_size=20
)
OCCASIONS = st.lists(
    st.builds(
        Occasion, st.sampled_from(PEOPLE), st.sampled_from(COURSES), st.sampled_from(list(Source)), DAYS,
        st.none() | DAYS, st.none() | DAYS,
    ),
    max_size=12,
)  # fmt: skip
SEATS = st.lists(st.builds(Seat, st.sampled_from(PEOPLE), st.sampled_from(COURSES), DAYS), max_size=12)
RULES = st.lists(
    st.builds(
        Rule, st.sampled_from(COURSES), st.sampled_from(list(Source)), st.sampled_from(list(Threshold)), DAYS,
        st.none() | DAYS,
    ),
    max_size=4,
)  # fmt: skip


@given(ENTRIES, OCCASIONS, SEATS, RULES)
def test_the_parts_make_the_register_and_the_places_the_whole(
    entries: list[Entry], occasions: list[Occasion], seats: list[Seat], rules: list[Rule]
) -> None:
    found = homes(entries)
    by_place = parts_by(found, PLACES, qualifying(occasions, rules, DAY), seated(seats, rules))
    every = whole(by_place.values())
    for parts in (*by_place.values(), every):
        assert parts.trained | parts.now | parts.missing == parts.register
        assert len(parts.trained) + len(parts.now) + len(parts.missing) == len(parts.register)
        assert parts.trained <= parts.register and not parts.other & parts.register
    for part in Part:
        assert sum(len(parts.of(part)) for parts in by_place.values()) == len(every.of(part))
    inside = {entry.person_id for entry in entries if entry.in_target and found.target[entry.person_id] in PLACES}
    assert every.register == inside


@given(ENTRIES, OCCASIONS, SEATS, RULES, st.randoms())
def test_order_and_repetition_do_not_count(
    entries: list[Entry], occasions: list[Occasion], seats: list[Seat], rules: list[Rule], chance: object
) -> None:
    first = parts_by(homes(entries), PLACES, qualifying(occasions, rules, DAY), seated(seats, rules))
    several = [entries * 2, occasions * 2, seats * 2, rules * 2]
    for facts in several:
        chance.shuffle(facts)  # type: ignore[attr-defined]
    e, o, s, r = several
    assert parts_by(homes(e), PLACES, qualifying(o, r, DAY), seated(s, r)) == first  # type: ignore[arg-type]


@given(ENTRIES, OCCASIONS, RULES)
def test_once_trained_is_trained_on_every_later_day(
    entries: list[Entry], occasions: list[Occasion], rules: list[Rule]
) -> None:
    assert set(qualifying(occasions, rules, DAY)) <= set(qualifying(occasions, rules, DAY + timedelta(days=90)))


def entry(who: UUID, unit: UUID, begins: date, in_target: bool = True) -> Entry:
    return Entry(who, unit, in_target, begins, uuid4())


def test_two_groups_count_once_and_the_newest_unit_has_her() -> None:
    who = PEOPLE[0]
    entries = [entry(who, UNITS[0], date(2024, 1, 1)), entry(who, UNITS[2], date(2026, 1, 1))]
    by_place = parts_by(homes(entries), PLACES, [], [])
    assert set(by_place) == {"b"} and by_place["b"].register == {who}


def test_the_fourth_group_stands_apart() -> None:
    other, both = PEOPLE[:2]
    entries = [entry(other, UNITS[0], DAY, False), entry(both, UNITS[0], DAY, False), entry(both, UNITS[0], DAY)]
    parts = parts_by(homes(entries), PLACES, [], [])["a"]
    assert parts.register == {both} and parts.other == {other}


def test_a_newest_entry_outside_takes_her_away() -> None:
    entries = [entry(PEOPLE[0], UNITS[0], date(2024, 1, 1)), entry(PEOPLE[0], UNITS[4], date(2026, 1, 1))]
    assert parts_by(homes(entries), PLACES, [], []) == {}


def occasion(**changes: object) -> Occasion:
    facts = {"person_id": PEOPLE[0], "course_id": COURSES[0], "source": Source.CLASS, "day": DAY, "came_on": DAY,
             "completed_on": None} | changes  # fmt: skip
    return Occasion(**facts)  # type: ignore[arg-type]


def is_trained(held: Occasion, rule: Rule, on: date = DAY) -> bool:
    return bool(qualifying([held], [rule], on))


def test_a_rule_asks_for_course_source_threshold_and_time() -> None:
    rule = Rule(COURSES[0], Source.CLASS, Threshold.COMPLETED, date(2021, 1, 1))
    done = occasion(completed_on=DAY)
    assert is_trained(done, rule) and not is_trained(occasion(), rule)
    assert is_trained(occasion(), Rule(COURSES[0], Source.CLASS, Threshold.CAME, date(2021, 1, 1)))
    assert not is_trained(occasion(completed_on=DAY, course_id=COURSES[1]), rule)
    assert not is_trained(occasion(completed_on=DAY, source=Source.ONLINE), rule)
    assert not is_trained(done, rule, DAY - timedelta(days=1)), "not yet"
    assert not is_trained(done, Rule(COURSES[0], Source.CLASS, Threshold.COMPLETED, date(2021, 1, 1), DAY)), (
        "[begins, ends)"
    )
    assert not is_trained(done, Rule(COURSES[0], Source.CLASS, Threshold.COMPLETED, DAY + timedelta(days=1)))


def test_the_first_occasion_is_shown() -> None:
    rule = Rule(COURSES[0], Source.CLASS, Threshold.COMPLETED, date(2021, 1, 1))
    early, late = occasion(completed_on=date(2025, 5, 1), title="A"), occasion(completed_on=date(2026, 5, 1), title="B")
    assert qualifying([late, early], [rule], DAY)[PEOPLE[0]] is early
    assert len(Part.MISSING.label.message) > 0
