"""Marking of every kind, drawing, shuffling."""

from __future__ import annotations

import json
import time
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.courses.rules.course import KINDS, FinalTest, Option, Question
from lms.courses.rules.drawing import draw, shuffled_options
from lms.courses.rules.faults import CourseHasFaults
from lms.courses.rules.numbers import read_number
from lms.courses.rules.questions import mark
from lms.courses.rules.reader import read_files
from lms.courses.rules.similar import similar_questions
from tests.courses.test_reader import small_course

WRITTEN = {
    "single": "- [ ] Đúng\n  > Nghĩ lại.\n- [x] Sai\n> Ai nấu cũng được.\n",
    "truefalse": "- [x] Đúng\n- [ ] Sai\n",
    "multiple": "- [x] Một\n- [x] Hai\n- [ ] Ba\n  > Ba thì không.\n- [ ] Bốn\n",
    "match": "- Bỏ đói => thể chất\n- Mắng => tinh thần\n- Đánh => thể chất\n",
    "order": "1. Nghe\n2. Hỏi\n3. Báo\n",
    "number": "= 630.000 ± 500\n",
    "short": "= hòa giải | tổ hòa giải\n",
    "cloze": "Nam {{20|hai mươi}}, nữ {{18}}.\n",
    "long": "- [ ] Nêu được hai việc (2 điểm)\n- [ ] Nói rõ ai làm (1,5)\n",
}


def asked(kind: str, written: str | None = None, stem: str = "Câu hỏi?") -> Question:
    """The question as the reader makes it."""
    lines = f"## {stem}   {{#q-x type={kind} goal=tao-hon}}\n{WRITTEN[kind] if written is None else written}"
    course = read_files(small_course(test=TEST_OF_ONE + lines))
    assert course.test is not None
    return course.test.questions[0]


TEST_OF_ONE = "---\ntitle: Thử\ndraw: 1\npass: 1\nattempts: 0\n---\n"


def test_single_takes_one_key_and_gives_the_feedback_of_the_choice() -> None:
    question = asked("single")
    assert mark(question, ["b"]).right
    assert mark(question, "b").score == 1.0
    wrong = mark(question, ["a"])
    assert (wrong.right, wrong.score, wrong.pieces) == (False, 0.0, {"a": False})
    assert wrong.feedback == {"a": "<p>Nghĩ lại.</p>"}
    assert question.feedback_html == "<p>Ai nấu cũng được.</p>"
    assert not mark(question, ["a", "b"]).right


def test_multiple_is_right_only_when_the_sets_are_equal() -> None:
    question = asked("multiple")
    assert mark(question, ["b", "a"]).right
    assert (mark(question, ["a"]).right, mark(question, ["a"]).score) == (False, 0.5)
    assert mark(question, ["a", "b", "c"]).score == 0.5
    assert mark(question, ["a", "b", "c"]).feedback == {"c": "<p>Ba thì không.</p>"}
    assert mark(question, ["c", "d"]).score == 0.0


def test_match_takes_equal_right_sides_for_each_other() -> None:
    question = asked("match")
    assert mark(question, [["a", "a"], ["b", "b"], ["c", "c"]]).right
    assert mark(question, [["a", "c"], ["b", "b"], ["c", "a"]]).right
    partly = mark(question, {"a": "b", "b": "b"})
    assert (partly.right, partly.pieces) == (False, {"a": False, "b": True, "c": False})


def test_order_counts_what_stands_in_its_place() -> None:
    question = asked("order")
    assert mark(question, ["a", "b", "c"]).right
    assert mark(question, ["b", "a", "c"]).score == pytest.approx(1 / 3)
    assert mark(question, ["a", "b"]).score == 0.0


@pytest.mark.parametrize("given", ["630000", "630.000", "630 000 đồng", "630.499,9", 630500, "629500đ", "630000,0"])
def test_a_number_in_any_vietnamese_form_is_right(given: object) -> None:
    assert mark(asked("number"), given).right


@pytest.mark.parametrize("given", ["630,000", "63000", "", "sáu trăm", None, True, "nan", float("inf"), "1e9", ["x"]])
def test_another_number_or_none_is_not(given: object) -> None:
    assert not mark(asked("number"), given).right


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.234.567,8", "1234567.8"),
        ("1234567,8", "1234567.8"),
        ("630000", "630000"),
        ("0,5", "0.5"),
        ("0.500", "0.500"),
        ("1.5", "1.5"),
        ("-2", "-2"),
        ("1,234.5", "1234.5"),
        ("2.000.000đ", "2000000"),
    ],
)
def test_numbers_are_read_as_written_in_viet_nam(written: str, value: str) -> None:
    assert read_number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "abc", "1.2.3", "1,2,3", "--1", "1" * 50, "１２"])
def test_what_is_no_number_gives_none(written: str) -> None:
    assert read_number(written) is None


@given(st.integers(-(10**12), 10**12))
def test_thousands_marks_never_change_a_number(value: int) -> None:
    assert read_number(f"{value:,}".replace(",", ".")) == value == read_number(str(value))


def test_short_compares_folded_text() -> None:
    question = asked("short")
    for given_text in ("hòa giải", "  HOÀ   GIẢI ", "Hoà giải", unicodedata.normalize("NFD", "Tổ hòa giải")):
        assert mark(question, given_text).right
    for given_text in ("hoa giai", "hóa giải", "", "hòa"):
        assert not mark(question, given_text).right


def test_cloze_leaves_places_in_the_text_and_marks_each_gap() -> None:
    question = asked("cloze", stem="Điền {{một}} số")
    assert question.gaps == (("một",), ("20", "hai mươi"), ("18",))
    assert question.stem_html == "Điền %gap:1% số"
    assert question.more_html == "<p>Nam %gap:2%, nữ %gap:3%.</p>"
    assert mark(question, ["Một", "Hai mươi", "18"]).right
    assert mark(question, ["một", "19"]).pieces == {"1": True, "2": False, "3": False}


def test_long_waits_for_a_trainer_and_is_never_drawn() -> None:
    course = read_files(small_course(test=TEST_OF_ONE + "## Kể?   {#q-x type=long goal=tao-hon}\n" + WRITTEN["long"]))
    assert course.test is not None
    (question,) = course.test.questions
    assert mark(question, "Tôi đã làm…").waits
    assert [(c.html, c.points) for c in question.criteria] == [
        ("Nêu được hai việc", Decimal(2)),
        ("Nói rõ ai làm", Decimal("1.5")),
    ]
    assert "q-x" not in {one.id for one in course.pool}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from("abcd"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
ALL_KINDS = {kind: asked(kind) for kind in KINDS}


@given(st.sampled_from(KINDS), JSON)
def test_any_answer_is_marked_and_right_means_full_score(kind: str, answer: Any) -> None:
    marked = mark(ALL_KINDS[kind], answer)
    assert 0.0 <= marked.score <= 1.0
    assert not marked.right or marked.score == 1.0


@given(st.permutations("abcd"), st.sets(st.sampled_from("abcd")))
def test_the_order_of_chosen_keys_never_counts(order: list[str], chosen: set[str]) -> None:
    question = ALL_KINDS["multiple"]
    assert mark(question, [key for key in order if key in chosen]) == mark(question, sorted(chosen))


def pool_of(goals: list[str]) -> list[Question]:
    """A question of each goal in the list."""
    return [Question(f"q-{number:03}", "short", goal, "both", "?") for number, goal in enumerate(goals)]


GOALS = st.lists(st.sampled_from(["g1", "g2", "g3"]), min_size=8, max_size=30)


@given(GOALS, st.integers(), st.randoms())
def test_the_same_seed_draws_the_same_questions_whatever_the_order_of_the_pool(
    goals: list[str], seed: int, chance: Any
) -> None:
    pool = pool_of(goals)
    wanted = min(2, goals.count("g1"))
    test = FinalTest("T", 6, 4, 0, {"g1": wanted} if wanted else {}, ())
    drawn = draw(pool, test, seed)
    shuffled = list(pool)
    chance.shuffle(shuffled)
    assert drawn == draw(shuffled, test, seed)
    assert len(drawn) == len(set(drawn)) == 6
    assert sum(question.goal == "g1" for question in pool if question.id in drawn) >= wanted


def test_seeds_draw_differently_and_every_question_has_its_turn() -> None:
    pool = pool_of(["g1"] * 10)
    draws = [draw(pool, FinalTest("T", 3, 2, 0, {}, ()), seed) for seed in range(60)]
    assert {key for drawn in draws for key in drawn} == {question.id for question in pool}


def test_checks_and_long_questions_are_not_drawn() -> None:
    pool = [Question("q-1", "short", "g", "check", "?"), Question("q-2", "long", "g", "both", "?")]
    assert draw(pool, FinalTest("T", 3, 1, 0, {"g": 1}, ()), 1) == []


@given(st.sampled_from(KINDS), st.integers())
def test_options_are_shuffled_by_the_seed_alone(kind: str, seed: int) -> None:
    question = ALL_KINDS[kind]
    keys = [option.key for option in question.options]
    shown = shuffled_options(question, seed)
    assert sorted(shown) == sorted(keys)
    assert shown == shuffled_options(question, seed)
    if kind == "truefalse":
        assert shown == keys
    if kind == "order":
        assert shown != keys


def test_options_get_letters_in_the_order_written() -> None:
    assert [(option.key, option.html) for option in asked("multiple").options][:2] == [("a", "Một"), ("b", "Hai")]
    assert asked("match").options[1] == Option("b", "Mắng", partner_html="tinh thần")


def test_an_option_may_look_like_a_list_or_go_on_in_the_next_line() -> None:
    question = asked("single", "- [x] 18. Tuổi *đủ*\n  và hơn\n- [ ] - không #\n")
    assert [option.html for option in question.options] == ["18. Tuổi <em>đủ</em> và hơn", "- không #"]


def test_a_stem_may_hold_more_text_and_a_picture() -> None:
    question = asked("truefalse", "Nhìn tranh:\n\n![Nồi cơm](01-gioi/tranh.svg)\n\n- [x] Đúng\n- [ ] Sai\n")
    assert question.stem_html == "Câu hỏi?"
    assert question.more_html.startswith("<p>Nhìn tranh:</p>\n<figure")
    assert 'src="%file:01-gioi/tranh.svg%"' in question.more_html


def test_an_option_after_the_feedback_of_the_question_is_refused() -> None:
    with pytest.raises(CourseHasFaults) as refused:
        asked("single", "- [x] Có\n- [ ] Không\n> Hết.\n- [ ] Nữa\n")
    assert (refused.value.faults[0].file, refused.value.faults[0].line) == ("thi-cuoi-khoa.md", 11)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_survives_its_json(kind: str) -> None:
    plain = ALL_KINDS[kind].to_json()
    assert Question.from_json(json.loads(json.dumps(plain))) == ALL_KINDS[kind]
    for new in ("tags", "chips", "draws", "answer", "values_shown"):
        del plain[new]
    assert Question.from_json(plain) == ALL_KINDS[kind]


def test_tags_and_the_use_of_forms_are_read() -> None:
    lines = "## Hỏi?   {#q-x type=short goal=tao-hon tags=tuoi,luat,tuoi use=form}\n= 18\n"
    course = read_files(small_course(test=TEST_OF_ONE + "## Ai?   {#q-y type=short goal=tao-hon}\n= a\n\n" + lines))
    assert course.test is not None
    assert (course.test.questions[1].tags, course.test.questions[1].use) == (("tuoi", "luat"), "form")
    assert "q-x" not in {question.id for question in course.pool}


@pytest.mark.parametrize(
    ("minutes", "is_right"), [("0", True), ("45", True), ("-1", False), ("601", False), ("x", False)]
)
def test_the_final_test_may_have_a_time(minutes: str, is_right: bool) -> None:
    written = TEST_OF_ONE.replace("attempts: 0\n", f"attempts: 0\nminutes: {minutes}\n")
    files = small_course(test=written + "## Ai?   {#q-y type=short goal=tao-hon}\n= a\n")
    if not is_right:
        with pytest.raises(CourseHasFaults) as refused:
            read_files(files)
        assert [(fault.file, fault.line) for fault in refused.value.faults] == [("thi-cuoi-khoa.md", 6)]
        return
    test = read_files(files).test
    assert test is not None
    assert test.minutes == int(minutes)
    assert FinalTest.from_json(test.to_json()).minutes == test.minutes


def test_a_test_of_an_older_edition_has_no_limit() -> None:
    old = {"title": "T", "draw": 1, "pass_mark": 1, "attempts": 0, "by_goal": {}}
    assert FinalTest.from_json(old).minutes == 0


def alike(key: str, stem: str, *options: str, use: str = "both") -> Question:
    """A question with these words."""
    return Question(
        key, "single", "g", use, stem, options=tuple(Option(k, o) for k, o in zip("abcd", options, strict=False))
    )


def test_questions_that_say_nearly_the_same_are_found() -> None:
    one = alike("q-1", "Ai có thể <em>nấu cơm</em> ở nhà?", "Cả nhà", "Chỉ mẹ")
    other = alike("q-2", "AI có thể nấu cơm ở nhà", "Chỉ mẹ", "Cả nhà ta")
    far = alike("q-3", "Ai có thể đi họp ở thôn?", "Cả nhà", "Chỉ bố")
    assert [(pair.one.id, pair.other.id) for pair in similar_questions([one, other, far])] == [("q-1", "q-2")]
    assert similar_questions([one, other, far])[0].share == pytest.approx(10 / 11)
    twins = [alike(key, "Nữ cưới từ đủ mấy tuổi?", use="form") for key in ("q-4", "q-5")]
    assert similar_questions(twins) == []
    assert similar_questions([]) == similar_questions([Question("q-6", "short", "g", "both", "?")] * 2) == []


WORDED = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8), max_size=12)


@given(WORDED)
def test_no_similar_pair_is_missed(stems: list[list[str]]) -> None:
    questions = [alike(f"q-{n}", " ".join(stem)) for n, stem in enumerate(stems)]
    wanted = {
        (f"q-{n}", f"q-{m}")
        for m, one in enumerate(stems)
        for n, other in enumerate(stems[:m])
        if len({*one} & {*other}) >= 0.8 * len({*one} | {*other})
    }
    assert {(pair.one.id, pair.other.id) for pair in similar_questions(questions)} == wanted


def test_five_hundred_questions_are_compared_within_a_second() -> None:
    words = [f"chữ{number}" for number in range(60)]
    questions = [alike(f"q-{n}", " ".join(words[(n * step) % 60] for step in range(1, 25))) for n in range(500)]
    start = time.process_time()
    similar_questions(questions)
    assert time.process_time() - start < 1
