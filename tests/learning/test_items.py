"""Item analysis: thirty learners whose figures are worked out by hand, and what is hidden or cannot be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import sqrt

import pytest

from lms.learning.rules import advice, items
from lms.learning.rules.advice import Flow, Subject
from lms.learning.rules.items import NOTHING, Gain, Item, Pace, Response, Voice

NOW = datetime(2026, 10, 18, tzinfo=UTC)


def _taken(a: str, b: str, c: str, d: str) -> list[Response]:
    """What one learner chose in four questions; option "x" is the right one everywhere, "" = nothing chosen."""
    chosen = {"A": a, "B": b, "C": c, "D": d}
    return [
        Response(key, one == "x", 1.0 if one == "x" else 0.5 if one == "h" else 0.0, (one,) if one else ())
        for key, one in chosen.items()
    ]


# Ten know A, B and C; ten know A and D; five know B; five know nothing, and two of these leave A open.
THIRTY = (
    10 * [_taken("x", "x", "x", "y")]
    + 10 * [_taken("x", "y", "y", "x")]
    + 5 * [_taken("y", "x", "h", "z")]
    + 3 * [_taken("y", "y", "h", "y")]
    + 2 * [_taken("", "y", "h", "y")]
)


def test_thirty_learners_as_worked_out_by_hand() -> None:
    found = items.item_analysis(THIRTY)
    assert {item.n for item in found.values()} == {30}
    # right: A 10 + 10, B 10 + 5, C 10, D 10, each of 30
    assert [found[key].facility for key in "ABCD"] == [
        Fraction(20, 30), Fraction(15, 30), Fraction(10, 30), Fraction(10, 30)
    ]  # fmt: skip
    # C: ten whole and ten halves of thirty: 15 / 30
    assert [found[key].score for key in "ABCD"] == [20 / 30, 0.5, 0.5, 10 / 30]
    assert dict(found["A"].choices) == {"x": 20, "y": 8, NOTHING: 2}
    assert dict(found["B"].choices) == {"x": 15, "y": 15}
    assert dict(found["D"].choices) == {"x": 10, "y": 15, "z": 5}


def test_discrimination_is_the_corrected_point_biserial_worked_out_by_hand() -> None:
    """Rest score = the share right of the other three; sums over 10 + 10 + 5 + 5 learners, in thirds."""
    found = items.item_analysis(THIRTY)
    # A: rest 2/3 1/3 1/3 0; Sx 20, Sy 20/3+10/3+5/3 = 35/3, Sxy 30/3 = 10, Syy 40/9+10/9+5/9 = 55/9
    # r = (300 - 700/3) / sqrt(200 * (1650-1225)/9) = (200/3) / sqrt(85000/9), r r = 40000/85000 = 8/17
    assert found["A"].discrimination == sqrt(8 / 17) == pytest.approx(0.685994, abs=1e-6)
    # B: rest 2/3 2/3 0 0; Sx 15, Sy 40/3, Sxy 20/3: 30 * 20/3 - 15 * 40/3 = 200 - 200
    assert found["B"].discrimination == 0.0
    # C: rest 2/3 2/3 1/3 0; Sx 10, Sy 45/3 = 15, Sxy 20/3, Syy 85/9
    # r = (200 - 150) / sqrt(200 * (850/3 - 225)) = 50 / sqrt(35000/3), r r = 7500/35000 = 3/14
    assert found["C"].discrimination == sqrt(3 / 14) == pytest.approx(0.462910, abs=1e-6)
    # D: rest 3/3 1/3 1/3 0; Sx 10, Sy 10+10/3+5/3 = 15, Sxy 10/3, Syy 10+10/9+5/9 = 35/3
    # r = (100 - 150) / sqrt(200 * (350 - 225)) = -50 / sqrt(25000), r r = 2500/25000 = 1/10
    assert found["D"].discrimination == -sqrt(1 / 10) == pytest.approx(-0.316228, abs=1e-6)


def test_where_nothing_varies_there_is_no_discrimination() -> None:
    alike = items.item_analysis(30 * [_taken("x", "y", "y", "y")])
    assert alike["A"].facility == 1 and alike["A"].discrimination is None
    assert alike["B"].facility == 0 and alike["B"].discrimination is None
    half = items.item_analysis(15 * [_taken("x", "y", "y", "y")] + 15 * [_taken("y", "y", "y", "y")])
    assert half["A"].discrimination is None  # the rest scores are all alike
    alone = items.item_analysis(10 * [_taken("x", "y", "y", "y")[:1]])
    assert alone["A"].facility == 1 and alone["A"].discrimination is None  # no other question to compare with


def test_under_ten_answers_nothing_shows_but_their_number() -> None:
    nine = items.item_analysis(THIRTY[:9])["A"]
    assert nine == Item("A", 9) and not nine.is_shown
    assert items.item_analysis(THIRTY[:10])["A"].is_shown
    assert items.item_analysis([]) == {}


def test_attempts_of_other_lengths_compare_by_share() -> None:
    """Two questions in a form, four in the test: the rest is a share, so both may stand in one row."""
    long, short = _taken("x", "x", "x", "x"), _taken("x", "x", "y", "y")[:2]
    low = _taken("y", "y", "y", "y")
    found = items.item_analysis(5 * [long] + 5 * [short] + 10 * [low])
    # rest of A: 1 for ten, 0 for ten: r = (20*10 - 10*10) / sqrt(100 * 100) = 1
    assert found["A"].discrimination == 1.0 and found["C"].n == 15


def test_gain_by_goal_worked_out_by_hand() -> None:
    goals = {"A": "mot", "B": "mot", "C": "hai", "D": "hai"}
    before, after = _taken("x", "y", "y", "y"), _taken("x", "x", "y", "x")
    found = items.gains(12 * [(before, after)], goals)
    # one: 12 of 24 right before, 24 of 24 after; two: 0 of 24, 12 of 24
    assert found == [Gain("mot", 12, Fraction(1, 2), Fraction(1)), Gain("hai", 12, Fraction(0), Fraction(1, 2))]
    assert [gain.difference for gain in found] == [Fraction(1, 2), Fraction(1, 2)]
    [hidden, _] = items.gains(9 * [(before, after)], goals)
    assert hidden == Gain("mot", 9) and hidden.difference is None
    assert items.gains([], goals) == []


def test_who_did_nothing_for_fourteen_days_has_stopped() -> None:
    long_ago, lately = NOW - timedelta(days=14), NOW - timedelta(days=14) + timedelta(seconds=1)
    paces = [Pace("mot", long_ago, False), Pace("mot", lately, False), Pace("mot", long_ago, True),
             Pace("hai", NOW - timedelta(days=90), False), Pace("", long_ago, False)]  # fmt: skip
    assert items.stops(paces, NOW) == {"mot": 1, "hai": 1}


def test_evaluations_are_counted_by_step_and_hidden_under_five() -> None:
    five = [{"useful": step} for step in (4, 4, 3, 1, 2)]
    assert items.voices(five, ["useful"]) == [Voice("useful", (1, 1, 1, 2))]
    assert items.voices(five, ["useful"])[0].low == Fraction(2, 5)
    assert items.voices(five[:4], ["useful"]) == []


# ------------------------------------------------------------------ advice


def _subject(key: str, wrong: str = "bc") -> Subject:
    return Subject(key, f"Câu {key}", {"a": "Phải", **{one: f"Sai {one}" for one in wrong}}, frozenset("a"))


def _item(key: str, choices: dict[str, int], discrimination: float | None = 0.3) -> Item:
    n = sum(choices.values())
    return Item(key, n, Fraction(choices.get("a", 0), n), discrimination, choices.get("a", 0) / n, choices)


def test_advice_comes_in_order_of_gravity() -> None:
    found = {
        "easy": _item("easy", {"a": 98, "b": 1, "c": 1}),
        "hard": Item("hard", 20, Fraction(1, 5), 0.3, 0.2, {}),
        "misled": _item("misled", {"a": 5, "b": 12, "c": 3}),
        "backwards": _item("backwards", {"a": 10, "b": 5, "c": 5}, -0.2),
        "unchosen": _item("unchosen", {"a": 10, "b": 10}),
        "good": _item("good", {"a": 12, "b": 5, "c": 3}),
        "few": Item("few", 9),
    }
    subjects = [_subject(key) for key in found if key != "hard"] + [Subject("hard", "Câu hard", {}, frozenset())]
    told = advice.in_order(
        [
            *advice.about_items(found, subjects),
            *advice.about_lessons([Flow("bai", "Bài một", 20, 5, 10), Flow("it", "Bài hai", 100, 90, 4)]),
            *advice.about_gains([Gain("mot", 12, Fraction(1, 2), Fraction(1, 2))], {"mot": "Biết một điều"}),
            *advice.about_voices([Voice("useful", (3, 3, 2, 2)), Voice("clear", (0, 0, 5, 5))],
                                 {"useful": advice.text("Có ích không?"), "clear": advice.text("Dễ hiểu không?")}),
        ]
    )  # fmt: skip
    assert [one.key for one in told] == [
        "misled", "backwards", "bai", "hard", "mot", "useful", "unchosen", "easy"
    ]  # fmt: skip
    said = [str(one.sentence) for one in told]
    assert "“Sai b” (12 lượt) hơn phương án đúng (5 lượt)" in said[0]
    assert "-0,20" in said[1] and "10 người dừng ở đây, trong 20 người đã mở" in said[2]
    assert "20% trả lời đúng" in said[3] and "trước khi học đúng 50%, sau khi học đúng 50%" in said[4]
    assert "60% chọn hai mức dưới" in said[5] and "không ai chọn “Sai c”" in said[6] and "98%" in said[7]


def test_where_nothing_is_left_to_gain_nothing_is_said() -> None:
    whole = [Gain("mot", 12, Fraction(1), Fraction(1)), Gain("hai", 12, Fraction(1, 2), Fraction(3, 4)), Gain("ba", 9)]
    assert advice.about_gains(whole, {}) == []
    [one] = advice.about_gains([Gain("mot", 12, Fraction(1), Fraction(9, 10))], {})
    assert "đúng 100%, sau khi học đúng 90%" in str(one.sentence)


def test_a_too_easy_question_and_a_right_option_are_not_told_twice() -> None:
    easy, misled = _item("easy", {"a": 20}), _item("misled", {"b": 12, "c": 2})
    assert [one.rank for one in advice.about_items({"easy": easy}, [_subject("easy")])] == [7]
    assert [one.rank for one in advice.about_items({"misled": misled}, [_subject("misled")])] == [0]


def test_a_question_is_told_with_its_words_only() -> None:
    assert advice.said("<b>Cộng</b> %val:1% &lt; %gap:2% <i>bao</i> nhiêu?") == "Cộng … < … bao nhiêu?"
    assert advice.said("chữ " * 60).endswith("chữ…") and len(advice.said("chữ " * 60)) <= 92


def test_choices_stand_in_the_order_of_the_options() -> None:
    item = _item("q", {"b": 4, "a": 7, NOTHING: 1})
    assert advice.spread(item, _subject("q")) == [("a", 7, True), ("b", 4, False), ("c", 0, False), (NOTHING, 1, False)]
    assert advice.spread(item, Subject("q", "Điền số", {}, frozenset())) == []
