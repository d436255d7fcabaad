"""The folds of the roll: shuffled, repeated, split facts give the same; minutes stay inside the session."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.training import rules
from lms.training.models import Method, RollState
from lms.training.rules import Mark, Span

T0 = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
STATES = [state.value for state in RollState]
METHODS = [method.value for method in Method]


def mark(n: int, state: str | None = "present", minute: int = 0, method: str = "tick", **names: object) -> Mark:
    at = T0 + timedelta(minutes=minute)
    facts: dict[str, object] = {"voids": None, "missing": None, "received_at": at, **names}
    return Mark(id=UUID(int=n), state=state, method=method, captured_at=at, **facts)  # type: ignore[arg-type]


def void(n: int, target: int, minute: int = 50) -> Mark:
    return mark(n, None, minute, voids=UUID(int=target))


@st.composite
def facts(draw: st.DrawFn) -> list[Mark]:
    minutes, missing = st.integers(0, 6), st.none() | st.integers(-10, 400)
    made = [
        mark(n, draw(st.sampled_from(STATES)), draw(minutes), draw(st.sampled_from(METHODS)), missing=draw(missing))
        for n in range(1, draw(st.integers(1, 7)))
    ]
    struck = draw(st.lists(st.integers(1, 7), max_size=3))
    return made + [void(100 + n, target) for n, target in enumerate(struck)]


@given(facts(), st.randoms(), st.integers(1, 300))
def test_order_repetition_and_splits_do_not_matter(marks: list[Mark], chance: object, length: int) -> None:
    whole = rules.fold_marks(marks, length)
    mixed = [*marks, *marks[: len(marks) // 2]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert rules.fold_marks(mixed, length) == whole
    assert rules.fold_marks(iter(reversed(marks)), length) == whole


@given(facts(), st.integers(1, 300))
def test_minutes_stay_inside_the_session(marks: list[Mark], length: int) -> None:
    standing = rules.fold_marks(marks, length)
    assert standing is None or 0 <= standing.minutes <= length


@given(facts())
def test_what_is_struck_out_never_stands(marks: list[Mark]) -> None:
    standing = rules.fold_marks(marks, 210)
    struck = {m.voids for m in marks}
    assert standing is None or standing.mark not in struck
    left = [m for m in marks if m.state is not None and m.id not in struck]
    assert (standing is None) == (not left)


def test_nobody_marked_is_a_state_of_its_own() -> None:
    assert rules.fold_marks([], 210) is None
    assert rules.fold_marks([mark(1), void(2, 1)], 210) is None


def test_the_latest_human_word_stands() -> None:
    standing = rules.fold_marks([mark(1, "present", 0, "card"), mark(2, "late", 5, "paper")], 210)
    assert standing is not None and (standing.state, standing.minutes, standing.method) == ("late", 195, "paper")


def test_a_human_word_beats_a_later_machine() -> None:
    standing = rules.fold_marks([mark(1, "absent", 0, "tick"), mark(2, "present", 9, "code")], 210)
    assert standing is not None and (standing.state, standing.minutes) == ("absent", 0)


def test_of_one_instant_the_better_method_then_the_later_receipt_then_the_id() -> None:
    later = T0 + timedelta(hours=1)
    tie = [mark(1, "late", 0, "tick", received_at=later), mark(2, "present", 0, "card")]
    assert rules.fold_marks(tie, 210).state == "present"  # type: ignore[union-attr]
    tie = [mark(3, "late", 0, received_at=later), mark(4, "present", 0)]
    assert rules.fold_marks(tie, 210).state == "late"  # type: ignore[union-attr]
    assert rules.fold_marks([mark(5, "late"), mark(6, "present")], 210).state == "present"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("state", "missing", "minutes"),
    [
        ("present", 40, 210), ("late", None, 195), ("late", 0, 210), ("left_early", 60, 150), ("left_early", 999, 0),
        ("excused", None, 0), ("absent", None, 0),
    ],
)  # fmt: skip
def test_minutes_of_each_state(state: str, missing: int | None, minutes: int) -> None:
    assert rules.minutes_of(state, missing, 210) == minutes


def test_a_tap_goes_present_late_present() -> None:
    assert [rules.after_tap(s) for s in (None, "present", "late", "excused", "absent", "left_early")] == [
        "present", "late", "present", "present", "present", "present",
    ]  # fmt: skip


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(1, 100))
def test_completion_is_exact(attended: int, total: int, threshold: int) -> None:
    assert rules.completion(attended, total, threshold, True) == (total > 0 and attended * 100 >= threshold * total)
    assert not rules.completion(attended, total, threshold, False)


def test_completion_at_the_very_edge() -> None:
    assert rules.completion(336, 420, 80, True) and not rules.completion(335, 420, 80, True)


def test_no_phone_marks_the_future() -> None:
    fast = T0 + timedelta(days=3)
    assert rules.captured(fast, None, T0) == T0
    assert rules.captured(T0 - timedelta(minutes=9), 60_000, T0) == T0 - timedelta(minutes=8)


def test_sessions_that_touch_do_not_overlap() -> None:
    day = date(2026, 11, 26)
    one, two = Span(day, time(7, 30), time(11)), Span(day, time(11), time(12))
    assert not rules.overlaps(one, two) and rules.overlaps(one, Span(day, time(10, 59), time(12)))
    assert not rules.overlaps(one, Span(date(2026, 11, 27), time(8), time(9)))
    assert rules.in_order([two, one]) == [2, 1]


def test_class_numbers_go_on_past_four_digits() -> None:
    assert rules.next_number(None, 2026) == "L26-0001"
    assert rules.next_number("L26-0041", 2026) == "L26-0042"
    assert rules.next_number("L26-9999", 2026) == "L26-10000"
