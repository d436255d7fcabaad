"""Numbers that chance draws: reading them, working out, showing, marking; sums and what they refuse."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.courses.rules import CourseHasFaults, Draw, Question, drawn, mark, spelled
from lms.courses.rules.expressions import ExpressionIsWrong, expression
from lms.courses.rules.values import decimal_of, shown_number
from tests.courses import sample

HEAD = "---\ntitle: Thử\ndraw: 1\npass: 1\nattempts: 0\n---\n"
GOP = """\
## Bốn chị góp mỗi chị {gop} đồng một tháng. Sau {thang} tháng có bao nhiêu?  {#q-gop type=number goal=phan-biet}
Quỹ nhận thêm *{= 2 * gop}* đồng.

? gop = 20000..50000 buoc 5000
? thang = 3 | 6 | 12
= 4 * gop * thang + 2 * gop ± 0
> 4 × {gop} × {thang} = {= 4 * gop * thang} đồng.
"""


def asked(written: str = GOP) -> Question:
    """The question as the reader makes it."""
    course = sample.read(sample.files() | {"thi-cuoi-khoa.md": (HEAD + written).encode()})
    assert course.test is not None
    return course.test.questions[0]


def faults(written: str) -> list[tuple[int, str]]:
    """Line within the question and sentence of each fault."""
    with pytest.raises(CourseHasFaults) as refused:
        asked(written)
    assert {fault.file for fault in refused.value.faults} == {"thi-cuoi-khoa.md"}
    assert all(str(fault.remedy) for fault in refused.value.faults)
    return [(fault.line - 6, str(fault.sentence)) for fault in refused.value.faults]


def question_of(answer: str, *draws: str, stem: str = "Hỏi {a}?") -> str:
    """A drawn question with this answer."""
    lines = "".join(f"? {draw}\n" for draw in draws)
    return f"## {stem}   {{#q-x type=number goal=phan-biet}}\n{lines}= {answer}\n"


LOST = "## Hỏi {a}?   {#q-x type=number goal=phan-biet}\n[x]: https://vi.du/{a}\n\n? a = 1..5\n= a\n"


def test_the_draws_the_answer_and_the_places_are_kept() -> None:
    question = asked()
    assert question.draws == (
        Draw("gop", (), Decimal(20000), Decimal(50000), Decimal(5000)),
        Draw("thang", (Decimal(3), Decimal(6), Decimal(12))),
    )
    assert (question.answer, question.value, question.tolerance) == ("4 * gop * thang + 2 * gop", None, Decimal(0))
    assert question.stem_html == "Bốn chị góp mỗi chị %val:1% đồng một tháng. Sau %val:2% tháng có bao nhiêu?"
    assert question.more_html == "<p>Quỹ nhận thêm <em>%val:3%</em> đồng.</p>"
    assert question.values_shown == ("gop", "thang", "2 * gop", "gop", "thang", "4 * gop * thang")
    assert Question.from_json(question.to_json()) == question


@given(st.integers())
def test_every_draw_fits_its_question_and_the_same_seed_gives_the_same(seed: int) -> None:
    question = DRAWN
    shown = drawn(question, seed)
    assert shown == drawn(Question.from_json(question.to_json()), seed)
    assert (shown.draws, shown.answer, shown.values_shown) == ((), "", ())
    words = shown.stem_html.split()
    gop, thang = int(words[5].replace(".", "")), int(words[10])
    assert gop in range(20000, 50001, 5000)
    assert thang in (3, 6, 12)
    assert shown.value == 4 * gop * thang + 2 * gop
    assert "%val:" not in shown.stem_html + shown.more_html + shown.feedback_html
    assert mark(shown, str(shown.value)).right
    assert not mark(shown, str(shown.value + 1)).right
    assert drawn(shown, seed + 1) is shown


def test_seeds_draw_differently() -> None:
    assert len({drawn(DRAWN, seed).stem_html for seed in range(60)}) > 10


def test_a_number_not_yet_drawn_is_never_right() -> None:
    assert not mark(DRAWN, "20000").right


def test_a_question_without_draws_is_left_alone() -> None:
    plain = asked("## Viết {gop}, %val:1%?   {#q-x type=number goal=phan-biet}\n= 5\n")
    assert drawn(plain, 7) is plain
    assert spelled(plain) is plain
    assert "{gop}" in plain.stem_html


def test_authors_see_names_instead_of_numbers() -> None:
    assert spelled(DRAWN).stem_html.startswith("Bốn chị góp mỗi chị {gop} đồng")
    assert spelled(DRAWN).more_html == "<p>Quỹ nhận thêm <em>{2 * gop}</em> đồng.</p>"


def test_what_only_looks_like_a_place_stays_as_written() -> None:
    question = asked(question_of("a", "a = 5 | 6", stem="Có %val:1% và {a}?"))
    assert drawn(question, 1).stem_html in {"Có &#37;val:1% và 5?", "Có &#37;val:1% và 6?"}


def test_a_line_that_only_begins_with_a_question_mark_is_text() -> None:
    written = "## Hỏi?   {#q-x type=number goal=phan-biet}\n? Một dòng chữ.\n\n= 5\n"
    assert asked(written).more_html == "<p>? Một dòng chữ.</p>"


def test_decimals_lists_and_diacritics_are_understood() -> None:
    question = asked(question_of("lamtron(a / 3, 2) ± 0,5", "a = 0,5..2 bước 0,5"))
    assert question.draws[0] == Draw("a", (), Decimal("0.5"), Decimal(2), Decimal("0.5"))
    assert question.tolerance == Decimal("0.5")
    assert {drawn(question, seed).value for seed in range(40)} == {
        Decimal("0.17"),
        Decimal("0.33"),
        Decimal("0.5"),
        Decimal("0.67"),
    }
    assert asked(question_of("a", "a = 20.000..30.000 buoc 5.000")).draws[0].high == Decimal(30000)


@pytest.mark.parametrize(
    ("written", "line", "sentence"),
    [
        (question_of("a * b", "a = 1..5"), 3, "Không có số nào tên “b”."),
        (question_of("5", "a = 1..5", stem="Hỏi?"), 2, "Số “a” được rút mà không dùng ở đâu."),
        (question_of("a", "a = 5..1"), 2, "khoảng này trống"),
        (question_of("a", "a = 1..5 buoc 0"), 2, "khoảng này trống"),
        (question_of("a", "a = một | hai"), 2, "Không hiểu các giá trị"),
        (question_of("a", "a = "), 2, "Không hiểu các giá trị"),
        (question_of("a", "a: 1..5"), 2, "Dòng rút số viết chưa đúng."),
        (question_of("a", "A = 1..5", "a = 1..5"), 2, "Tên số “A” chưa đúng."),
        (question_of("a", "a = 1..5", "san = 1..5"), 3, "Tên số “san” chưa đúng."),
        (question_of("a", "a = 1..5", "a = 1..6"), 3, "Số “a” đã có ở dòng trên."),
        (question_of("6 / (a - 3) ± 1", "a = 1..5"), 3, "Phép tính chia cho số 0 khi a = 3."),
        (question_of("1 / (1 / a - 1) ± 1", "a = 0..5"), 3, "Phép tính chia cho số 0 khi a = 0."),
        (
            question_of("1 / (a - b) ± 1", "a = 1..100000", "b = 1 | 100000"),
            4,
            "Phép tính chia cho số 0 khi a = 1, b = 1.",
        ),
        (question_of("a / 7", "a = 1..5"), 3, "Đáp số lẻ mãi không hết khi a = 1."),
        (question_of("a ** 2", "a = 1..5"), 3, "Không hiểu phép tính “a ** 2”."),
        (question_of("a * 20.000", "a = 1..5"), 3, "“20.000” không rõ"),
        (question_of("", "a = 1..5"), 3, "chưa có đáp án"),
        (question_of("a ± nhiều", "a = 1..5"), 3, "chưa có đáp án"),
        (question_of("a", "a = 1..5") + "= 2\n", 3, "chưa có đáp án"),
        (question_of("a", "a = 1..5") + "> {b} đồng\n", 4, "Không có số nào tên “b”."),
        (question_of("a", "a = 1..5") + "> {= a +} đồng\n", 4, "Không hiểu phép tính"),
        (question_of("a", "a = 1..5") + "? b = 1..2\n", 4, "Dòng rút số không đúng chỗ."),
        ("## Hỏi?   {#q-x type=short goal=phan-biet}\n? a = 1..5\n= hai\n", 2, "Dòng rút số không đúng chỗ."),
        (LOST, 1, "chỗ không hiện ra được"),
        (question_of("a", *(f"{name} = 1..5" for name in "abcdefghijk")), 12, "nhiều nhất 10 số"),
    ],
)
def test_a_fault_names_its_line(written: str, line: int, sentence: str) -> None:
    assert any(at == line and sentence in said for at, said in faults(written))


def test_far_more_combinations_than_can_be_tried_are_fine() -> None:
    draws = [f"{name} = 1..1000000000 buoc 0,5" for name in "abcdefghij"]
    question = asked(question_of("lamtron(" + " + ".join("abcdefghij") + ", 1) / (a * b) ± 1", *draws))
    assert drawn(question, 3).value is not None


NAMES = {"a": Fraction(7), "b": Fraction(1, 2)}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * -3", -9),
        ("a / 2 / 7", Fraction(1, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("lamtron(a / 2)", 4),
        ("lamtron(0 - a / 2)", -4),
        ("lamtron(2.3450, 2)", Fraction(235, 100)),
        ("lamtron(123456, -3)", 123000),
        ("san(a / 2) + tran(a / 2)", 7),
        ("nhonhat(a, b, 3) + lonnhat(a, 3)", Fraction(15, 2)),
        ("+b", Fraction(1, 2)),
    ],
)
def test_sums_are_worked_out_exactly(written: str, value: Fraction) -> None:
    assert expression(written).value(NAMES) == value


@pytest.mark.parametrize(
    "written",
    [
        *("", "a b", "1e5", "2a", "a // 2", "a % 2", "a = 1", "a.b", "a[0]", "f(a)", "san()", "san(a, 2)", "lamtron(a, b)"),
        *("lamtron(a, 1.5)", "lamtron(a, 99)", "nhonhat()", "san", "a if a else b", "not a", "'a'", "1_000", "1,5", "(a"),
        *("lambda: a", "san(x=a)", "san(*a)", "a and b", "a < b", "true", "__import__(a)", "1.000 + a", "5 if 1else 2"),
        *("a" * 201, "(" * 150, "9" * 30),
    ],
)  # fmt: skip
def test_what_is_no_sum_is_refused(written: str) -> None:
    if written == "true":
        assert expression(written).names == {"true"}
        return
    with pytest.raises(ExpressionIsWrong) as wrong:
        expression(written)
    assert str(wrong.value.sentence)
    assert str(wrong.value.remedy)


@given(st.text(alphabet="ab12.,+-*/() lamtronsa", max_size=40))
def test_any_line_is_worked_out_or_refused(written: str) -> None:
    try:
        found = expression(written)
    except ExpressionIsWrong:
        return
    try:
        assert isinstance(found.value(dict.fromkeys(found.names, Fraction(3))), Fraction)
    except ZeroDivisionError:
        assert found.divisors


@given(st.text(alphabet="ab12.,+-*/() lamtronsa", max_size=40), st.lists(st.integers(-9, 9), min_size=4, max_size=4))
def test_a_result_lies_within_its_bounds(written: str, ends: list[int]) -> None:
    least, *inside, most = (Fraction(end, 2) for end in sorted(ends))
    try:
        found = expression(written)
        low, high = found.bounds(dict.fromkeys(found.names, (least, most)))
    except (ExpressionIsWrong, ZeroDivisionError):
        return
    for value in inside:
        assert low <= found.value(dict.fromkeys(found.names, value)) <= high


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1234567), "1.234.567"),
        (Fraction(12345678, 10), "1.234.567,8"),
        (Fraction(-1, 2), "-0,5"),
        (Fraction(1, 3), "0,333333"),
        (Fraction(-1, 10**9), "0"),
        (Fraction(0), "0"),
    ],
)
def test_numbers_are_shown_as_in_viet_nam(value: Fraction, shown: str) -> None:
    assert shown_number(value) == shown


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_a_finite_number_stays_exact(digits: int, places: int) -> None:
    value = Fraction(digits, 10**places)
    assert Fraction(decimal_of(value)) == value


DRAWN = asked()
