"""Four piles: new, same, changed, unclear; nobody is made twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from lms.core.names import fold
from lms.officials.rules import Category, Held, Known, Line, Piles, Placed, sort_out

HERE, THERE = uuid4(), uuid4()
LINE = Line(6, "Quách Thị Hiền", 1985, None, "Phó Chủ tịch", "Xuân Du", Category.PLANNED, "2026-2031", "", None)


def known(line: Line = LINE, unit: UUID = HERE, registered: bool = False, man: bool = False) -> Known:
    return Known(uuid4(), fold(line.name), line.birth_year, man, frozenset({unit}), registered)


def held(who: Known, line: Line = LINE, unit: UUID = HERE) -> Held:
    return Held(uuid4(), who.person_id, line.category, unit, line.post, line.term, line.decision, date(2025, 7, 1))


def sort(*lines: Line, people: tuple[Known, ...] = (), entries: tuple[Held, ...] = (), **picks: str) -> Piles:
    placed = [Placed(line, HERE if line.place == "Xuân Du" else None) for line in lines]
    return sort_out(placed, people, entries, {int(name[1:]): pick for name, pick in picks.items()})


def counts(piles: Piles) -> tuple[int, int, int, int]:
    return len(piles.new), len(piles.same), len(piles.changed), len(piles.unclear)


def test_a_stranger_is_new_and_one_known_is_matched() -> None:
    assert counts(sort(LINE)) == (1, 0, 0, 0) and sort(LINE).new[0].person_id is None
    who = known()
    assert sort(LINE, people=(who,)).new[0].person_id == who.person_id


def test_names_match_by_their_fold() -> None:
    who = known(replace(LINE, name="Hoà Thị  Ánh"))
    assert sort(replace(LINE, name="hòa thị ánh"), people=(who,)).new[0].person_id == who.person_id
    assert sort(replace(LINE, name="Hoa Thị Ánh"), people=(who,)).new[0].person_id is None


def test_the_same_again_changes_nothing() -> None:
    who = known()
    assert counts(sort(LINE, people=(who,), entries=(held(who),))) == (0, 1, 0, 0)
    assert counts(sort(replace(LINE, post="", term=""), people=(who,), entries=(held(who),))) == (0, 1, 0, 0)


def test_a_change_is_told_field_by_field() -> None:
    who = known()
    piles = sort(replace(LINE, post="Chủ tịch", begins=date(2026, 1, 1)), people=(who,), entries=(held(who),))
    assert [(str(d.label), d.old, d.new) for d in piles.changed[0].differences] == [
        ("Chức vụ", "Phó Chủ tịch", "Chủ tịch"),
        ("Từ ngày", date(2025, 7, 1), date(2026, 1, 1)),
    ]


def test_her_next_group_is_new() -> None:
    who = known()
    assert counts(sort(replace(LINE, category=Category.FIRST_ELECTED), people=(who,), entries=(held(who),))) == (
        1,
        0,
        0,
        0,
    )


def test_two_women_of_one_name_and_year_are_unclear_until_picked() -> None:
    first, second = known(), known()
    piles = sort(LINE, people=(first, second))
    assert counts(piles) == (0, 0, 0, 1) and set(piles.unclear[0].persons) == {first.person_id, second.person_id}
    assert sort(LINE, people=(first, second), r6=str(second.person_id)).new[0].person_id == second.person_id
    assert sort(LINE, people=(first, second), r6="moi").new[0].person_id is None
    assert counts(sort(LINE, people=(first, second), r6=str(uuid4()))) == (0, 0, 0, 1)


def test_both_are_known_again_by_what_they_hold() -> None:
    first, second = known(), known()
    again = replace(LINE, number=7)
    piles = sort(LINE, again, people=(first, second), entries=(held(first), held(second)))
    assert counts(piles) == (0, 2, 0, 0) and len({item.person_id for item in piles.same}) == 2


def test_one_known_and_two_rows_is_unclear() -> None:
    assert counts(sort(LINE, replace(LINE, number=7), people=(known(),))) == (0, 0, 0, 2)


def test_two_rows_of_strangers_of_one_name() -> None:
    piles = sort(LINE, replace(LINE, number=7))
    assert counts(piles) == (1, 0, 0, 1) and piles.unclear[0].rows == (6,)
    assert sort(LINE, replace(LINE, number=7), r7="dong-6").new[1].same_as == 6
    assert sort(LINE, replace(LINE, number=7), r7="moi").new[1].same_as is None


def test_two_ticks_of_one_row_are_one_woman() -> None:
    piles = sort(LINE, replace(LINE, category=Category.NEWLY_APPOINTED))
    assert counts(piles) == (2, 0, 0, 0) and {item.line.number for item in piles.new} == {6}


def test_a_year_that_is_one_off_a_man_and_one_registered_elsewhere_are_asked_about() -> None:
    near = replace(known(), birth_year=1984)
    assert sort(LINE, people=(near,)).unclear[0].persons == (near.person_id,)
    assert counts(sort(LINE, people=(replace(known(), birth_year=None),))) == (0, 0, 0, 1)
    assert counts(sort(LINE, people=(known(man=True),))) == (0, 0, 0, 1)
    assert counts(sort(LINE, people=(known(unit=THERE, registered=True),))) == (0, 0, 0, 1)
    assert counts(sort(LINE, people=(known(unit=THERE),))) == (1, 0, 0, 0)
    assert counts(sort(LINE, people=(replace(known(), birth_year=1980),))) == (1, 0, 0, 0)


def test_an_unknown_unit_is_asked_first() -> None:
    piles = sort(replace(LINE, place="Xã Lạ"), people=(known(),))
    assert counts(piles) == (0, 0, 0, 1) and piles.unclear[0].unit_id is None


NAMES = st.sampled_from(["Hà Thị Lan", "Quách Thị Hiền", "Bùi Thị Hòa", "Bùi Thị Hoà"])
LINES = st.lists(
    st.builds(
        lambda number, name, year, category: replace(LINE, number=number, name=name, birth_year=year, category=category),
        st.integers(1, 12), NAMES, st.sampled_from([1985, 1986]), st.sampled_from(list(Category)),
    ),
    max_size=10, unique_by=lambda line: line.number,
)  # fmt: skip


@given(LINES, st.lists(st.tuples(NAMES, st.sampled_from([1985, 1986, None])), max_size=5))
def test_each_line_lies_on_one_pile_and_settled_twice_is_the_same(
    lines: list[Line], people: list[tuple[str, int | None]]
) -> None:
    file = tuple(Known(uuid4(), fold(name), year, False, frozenset({HERE}), False) for name, year in people)
    piles = sort(*lines, people=file)
    numbers = [item.line.number for item in (*piles.new, *piles.same, *piles.changed, *piles.unclear)]
    assert sorted(numbers) == sorted(line.number for line in lines)
    entries, women = [], list(file)
    for item in piles.new:
        who = item.person_id
        if who is None:
            women.append(known(item.line, registered=True))
            who = women[-1].person_id
        entries.append(
            Held(uuid4(), who, item.line.category, HERE, item.line.post, item.line.term, "", date(2025, 7, 1))
        )
    again = sort(*[item.line for item in piles.new], people=tuple(women), entries=tuple(entries))
    assert counts(again) == (0, len(piles.new), 0, 0)
