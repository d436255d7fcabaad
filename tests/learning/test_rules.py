"""The folds of study facts, how questions are asked and read, which lessons to read again, when a course is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, strategies
from hypothesis.strategies import DrawFn, composite

from lms.courses.rules import Draw, Option, Question, drawn, mark
from lms.learning.rules import asking
from lms.learning.rules.progress import (
    ANSWERED,
    FINISHED,
    OPENED,
    Fact,
    LessonProgress,
    answers_from_json,
    completion,
    fold,
    happened_at,
    merge,
)
from lms.learning.rules.results import LessonGoals, lessons_to_read_again, mark_all

START = datetime(2026, 10, 1, 2, tzinfo=UTC)


@composite
def facts(draw: DrawFn) -> Fact:
    return Fact(
        UUID(int=draw(strategies.integers(1, 2**60))),
        draw(strategies.sampled_from([OPENED, ANSWERED, FINISHED])),
        START + timedelta(minutes=draw(strategies.integers(0, 5))),
        draw(strategies.sampled_from(["q-a", "q-b"])),
        draw(strategies.sampled_from([["a"], ["b"]])),
        draw(strategies.sampled_from([True, False, None])),
    )


many = strategies.lists(facts(), max_size=12, unique_by=lambda fact: fact.id)


@given(many, strategies.data())
def test_shuffled_repeated_and_split_facts_give_the_same_progress(
    kept: list[Fact], data: strategies.DataObject
) -> None:
    whole = fold(kept)
    shuffled = data.draw(strategies.permutations(kept))
    repeated = shuffled + data.draw(
        strategies.lists(strategies.sampled_from(kept), max_size=4) if kept else strategies.just([])
    )
    cut = data.draw(strategies.integers(0, len(shuffled)))
    assert fold(shuffled) == whole
    assert fold(repeated) == whole
    assert merge(fold(shuffled[:cut]), fold(shuffled[cut:])) == whole


@given(many)
def test_answers_survive_their_json(kept: list[Fact]) -> None:
    folded = fold(kept)
    if folded is not None:
        assert answers_from_json(folded.answers_json()) == folded.answers


def test_the_first_finish_and_the_last_answer_count() -> None:
    one = Fact(UUID(int=1), ANSWERED, START, "q-a", ["a"], False)
    two = Fact(UUID(int=2), ANSWERED, START + timedelta(minutes=1), "q-a", ["b"], True)
    ends = [Fact(UUID(int=n), FINISHED, START + timedelta(minutes=n)) for n in (5, 4)]
    folded = fold([two, *ends, one])
    assert folded is not None
    assert folded.answers["q-a"].right is True
    assert (folded.opened_at, folded.finished_at) == (START, START + timedelta(minutes=4))


def test_a_fact_never_happens_after_it_arrived() -> None:
    late = START + timedelta(hours=1)
    assert happened_at(START, None, late) == START
    assert happened_at(START, 60_000, late) == START - timedelta(minutes=1)
    assert happened_at(late + timedelta(days=1), 0, late) == late


def test_a_course_is_complete_with_its_last_lesson_and_its_test() -> None:
    ended = {key: LessonProgress(START, START + timedelta(days=day)) for day, key in enumerate(("mot", "hai"))}
    assert completion(["mot", "hai", "ba"], ended, False, None) is None
    assert completion(["mot", "hai"], ended, True, None) is None
    assert completion(["mot", "hai"], ended, False, None) == START + timedelta(days=1)
    assert completion(["mot", "hai"], ended, True, START + timedelta(days=5)) == START + timedelta(days=5)
    assert completion([], {}, False, None) is None


def options(*rights: bool) -> tuple[Option, ...]:
    return tuple(Option(key, f"lựa chọn {key}", right) for key, right in zip("abcd", rights, strict=False))


def question(kind: str, **names: object) -> Question:
    return Question("q-thu", kind, "muc", "both", "Hỏi gì?", feedback_html="<p>Vì thế.</p>", **names)  # type: ignore[arg-type]


PAIRS = (
    Option("a", "một", partner_html="1"),
    Option("b", "hai", partner_html="2"),
    Option("c", "ba", partner_html="3"),
)
EVERY_KIND = {
    "single": (question("single", options=options(False, True, False)), ["b"]),
    "truefalse": (question("truefalse", options=options(True, False)), ["a"]),
    "multiple": (question("multiple", options=options(True, False, True)), ["a", "c"]),
    "match": (question("match", options=PAIRS), [["a", "a"], ["b", "b"], ["c", "c"]]),
    "order": (question("order", options=options(False, False, False, False)), ["a", "b", "c", "d"]),
    "number": (question("number", value=Decimal(630000)), "630.000"),
    "short": (question("short", accepted=("hai", "2")), "Hai"),
    "cloze": (question("cloze", more_html="<p>Nam %gap:1%, nữ %gap:2%.</p>", gaps=(("20",), ("18",))), ["20", "18"]),
    "long": (question("long"), "Tôi nghĩ rằng…"),
}


def fields(asked: asking.Asked) -> dict[str, list[str]]:
    """What a browser posts of the question as shown."""
    if asked.kind in asking.CHOICES:
        return {asked.name: [choice.value for choice in asked.choices if choice.picked]}
    if asked.rows:
        return {row.name: [row.given] for row in asked.rows}
    return {asked.name: [asked.typed]}


@pytest.mark.parametrize("kind", EVERY_KIND)
@pytest.mark.parametrize("seed", [None, 1, 2, 77])
def test_what_is_shown_is_read_back_the_same(kind: str, seed: int | None) -> None:
    asked, answer = EVERY_KIND[kind]
    shown = asking.ask(asked, "q-thu", seed=seed, answer=answer)
    assert shown.is_answered
    given = asking.read(asked, "q-thu", fields(shown), seed=seed)
    assert given == answer
    assert mark(asked, given).right is (kind != "long")


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_an_empty_form_is_no_answer(kind: str) -> None:
    asked, _ = EVERY_KIND[kind]
    assert not asking.is_answered(asked, asking.read(asked, "q-thu", {}))


@pytest.mark.parametrize("kind", ["match", "order"])
def test_places_shown_do_not_tell_what_is_right(kind: str) -> None:
    asked, _ = EVERY_KIND[kind]
    shown = asking.ask(asked, "q-thu")
    straight = {row.name: [str(n)] for n, row in enumerate(shown.rows, 1)}
    ways = {mark(asked, asking.read(asked, "q-thu", straight, seed=seed)).right for seed in range(40)}
    assert False in ways


def test_a_place_taken_twice_is_open() -> None:
    asked, _ = EVERY_KIND["order"]
    posted = {f"q-thu-{n}": ["1" if n < 3 else str(n)] for n in range(1, 5)}
    given = asking.read(asked, "q-thu", posted)
    assert given[:2] == ["", ""]
    assert not asking.is_answered(asked, given)


def test_equal_right_sides_are_offered_once() -> None:
    asked = question("match", options=(*PAIRS, Option("d", "cũng ba", partner_html="3")))
    shown = asking.ask(asked, "q-thu", answer=[["a", "a"], ["b", "b"], ["c", "d"], ["d", "c"]])
    assert sorted(choice.html for choice in shown.choices) == ["1", "2", "3"]
    given = asking.read(asked, "q-thu", fields(shown))
    assert asking.is_answered(asked, given)
    assert mark(asked, given).right


@pytest.mark.parametrize("kind", EVERY_KIND)
@given(
    strategies.recursive(
        strategies.none() | strategies.text() | strategies.integers() | strategies.booleans(),
        lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
        max_leaves=6,
    )
)
def test_any_json_is_taken_in_the_shape_of_its_kind(kind: str, answer: object) -> None:
    asked, _ = EVERY_KIND[kind]
    cleaned = asking.clean(asked, answer)
    assert asking.clean(asked, cleaned) == cleaned
    asking.ask(asked, "q-thu", answer=cleaned, marked=mark(asked, cleaned))


def test_why_is_told_without_giving_the_answer_away() -> None:
    asked = question("single", options=(Option("a", "sai", False, "<p>Nghĩ lại.</p>"), Option("b", "đúng", True)))
    wrong = asking.ask(asked, "q-thu", answer=["a"], marked=mark(asked, ["a"]))
    right = asking.ask(asked, "q-thu", answer=["b"], marked=mark(asked, ["b"]))
    assert (wrong.feedback, right.feedback) == (("<p>Nghĩ lại.</p>",), ("<p>Vì thế.</p>",))
    assert [choice.right for choice in wrong.choices] == [False, None]


DRAWN = Question(
    "q-thu",
    "number",
    "muc",
    "both",
    "%val:1% nhân %val:2%?",
    feedback_html="<p>%val:3%.</p>",
    draws=(Draw("gop", (), Decimal(20_000), Decimal(50_000), Decimal(5_000)), Draw("thang", (Decimal(3), Decimal(6)))),
    answer="gop * thang",
    values_shown=("gop", "thang", "gop * thang"),
)
SEEDS = strategies.integers(0, 2**31)


@given(strategies.sampled_from([*EVERY_KIND, "drawn"]), SEEDS, strategies.lists(SEEDS, max_size=3))
def test_the_same_seed_shows_reads_marks_and_tells_the_same_whatever_was_asked_before(
    kind: str, seed: int, before: list[int]
) -> None:
    asked, answer = (DRAWN, None) if kind == "drawn" else EVERY_KIND[kind]
    if kind == "drawn":
        answer = str(drawn(asked, seed).value)
    first = asking.ask(asked, "q-thu", seed=seed, answer=answer)
    for other in before:
        asking.ask(asked, "q-thu", seed=other)
    rebuilt = Question.from_json(asked.to_json())
    assert asking.ask(rebuilt, "q-thu", seed=seed, answer=answer) == first
    given_back = asking.read(rebuilt, "q-thu", fields(first), seed=seed)
    assert given_back == answer
    marked = mark_all([rebuilt], {"q-thu": given_back}, seed)["q-thu"]
    assert (marked.right, marked.waits) == (kind != "long", kind == "long")
    told = asking.ask(rebuilt, "q-thu", seed=seed, answer=given_back, marked=marked)
    assert told == asking.ask(asked, "q-thu", seed=seed, answer=answer, marked=marked)
    assert "%val:" not in str(told)


def test_numbers_may_have_a_seed_of_their_own() -> None:
    shown = asking.ask(DRAWN, "q-thu", numbers=7)
    assert shown.stem[0].html == drawn(DRAWN, 7).stem_html == asking.with_numbers(DRAWN, 3, 7).stem_html
    assert asking.ask(DRAWN, "q-thu", seed=7).stem == shown.stem
    assert asking.ask(DRAWN, "q-thu").stem[0].html == drawn(DRAWN, 0).stem_html
    assert not mark_all([DRAWN], {"q-thu": str(drawn(DRAWN, 7).value)})["q-thu"].right or (
        drawn(DRAWN, 0).value == drawn(DRAWN, 7).value
    )


def test_wrong_answers_lead_to_their_lessons() -> None:
    lessons = [LessonGoals(key, n, goals) for n, (key, goals) in enumerate(
        [("mot", ("g1",)), ("hai", ("g1",)), ("ba", ("g2",)), ("bon", ("g2", "g3"))], 1)]  # fmt: skip
    assert [one.place for one in lessons_to_read_again([("hai", "g1"), (None, "g1")], lessons)] == [2]
    assert [one.place for one in lessons_to_read_again([(None, "g1"), (None, "g2"), (None, "g3")], lessons)] == [
        1,
        3,
        4,
    ]
    assert lessons_to_read_again([], lessons) == []
