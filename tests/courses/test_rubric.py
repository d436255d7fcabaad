"""Long answers: what may be handed in, the steps of each criterion, points, and whether they are enough."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.courses.rules import STEPS, CourseHasFaults, Criterion, Question, is_enough, mark, needed_of, points_of
from tests.courses import sample

HEAD = "---\ntitle: Thử\ndraw: 1\npass: 1\nattempts: 0\n---\n"
TITLE = "## Kể việc đã làm   {#q-x type=long goal=phan-biet%s}\n"
BODY = """\
Viết ngắn, hoặc chụp ảnh.

- [ ] Nêu được hai việc (2 điểm)
  > Chưa có | Có một việc | Có hai việc | Đủ và rõ
- [ ] Nói rõ ai làm (1,5)
+ Thiếu số liệu
+ Cần nói rõ *ai* làm
> Đọc lại bài hai.
"""


def asked(more: str = "", body: str = BODY) -> Question:
    """The question as the reader makes it; another one stands beside it to be drawn."""
    other = "\n## Giới là gì?   {#q-gioi type=short goal=phan-biet}\n= xã hội\n"
    course = sample.read(sample.files() | {"thi-cuoi-khoa.md": (HEAD + TITLE % more + body + other).encode()})
    assert course.test is not None
    return course.test.questions[0]


def faults(more: str = "", body: str = BODY) -> list[tuple[int, str]]:
    """Line within the question and sentence of each fault."""
    with pytest.raises(CourseHasFaults) as refused:
        asked(more, body)
    assert all(str(fault.remedy) for fault in refused.value.faults)
    return [(fault.line - 6, str(fault.sentence)) for fault in refused.value.faults]


def test_steps_chips_and_kinds_are_read() -> None:
    question = asked(" accept=voice,text pass=1,5 tags=ke-chuyen,viec-nha")
    assert question.criteria == (
        Criterion("Nêu được hai việc", Decimal(2), ("Chưa có", "Có một việc", "Có hai việc", "Đủ và rõ")),
        Criterion("Nói rõ ai làm", Decimal("1.5"), STEPS),
    )
    assert question.chips == ("Thiếu số liệu", "Cần nói rõ *ai* làm")
    assert (question.accepts, question.needed) == (("text", "voice"), Decimal("1.5"))
    assert question.tags == ("ke-chuyen", "viec-nha")
    assert question.feedback_html == "<p>Đọc lại bài hai.</p>"
    assert question.more_html == "<p>Viết ngắn, hoặc chụp ảnh.</p>"
    assert Question.from_json(question.to_json()) == question
    assert mark(question, "Tôi đã làm").waits


def test_without_words_a_text_is_handed_in_and_half_the_points_are_needed() -> None:
    question = asked()
    assert (question.accepts, question.needed) == (("text",), Decimal(2))
    small = asked(body="- [ ] Có (0,5)\n")
    assert needed_of(small) == Decimal("0.5")


def test_a_question_of_an_older_edition_gets_what_is_usual() -> None:
    plain = asked().to_json()
    for name in ("tags", "accepts", "needed", "chips", "draws", "answer", "values_shown"):
        del plain[name]
    for criterion in plain["criteria"]:
        del criterion["steps"]
    old = Question.from_json(plain)
    assert (old.accepts, old.needed, old.chips, old.tags, old.draws) == (("text",), Decimal(2), (), (), ())
    assert {criterion.steps for criterion in old.criteria} == {STEPS}
    plain["kind"] = "short"
    assert Question.from_json(plain).accepts == ()


@pytest.mark.parametrize(
    ("more", "body", "line", "sentence"),
    [
        (" accept=text,video", BODY, 1, "Không có cách nộp “video”."),
        (" accept=", BODY, 1, "Mục “accept” còn trống."),
        (" pass=9", BODY, 1, "Số điểm cần đạt “9” chưa đúng; cộng các tiêu chí là 3.5."),
        (" pass=nhiều", BODY, 1, "Số điểm cần đạt “nhiều” chưa đúng"),
        (" tags=Khó", BODY, 1, "Nhãn “Khó” chưa đúng."),
        (" muc=1", BODY, 1, "Câu hỏi không có mục “muc”."),
        ("", BODY.replace(" | Đủ và rõ", ""), 5, "Tiêu chí này cần đúng bốn mức."),
        ("", BODY.replace("Có hai việc", " "), 5, "Tiêu chí này cần đúng bốn mức."),
        ("", "- [ ] Có (20000 điểm)\n", 2, "Tiêu chí này chưa có điểm."),
        ("", BODY + "+ Muộn rồi\n", 10, "Không hiểu dòng này"),
    ],
)
def test_a_fault_names_its_line(more: str, body: str, line: int, sentence: str) -> None:
    assert any(at == line and sentence in said for at, said in faults(more, body)), faults(more, body)


def test_only_long_answers_are_accepted_by_points() -> None:
    with pytest.raises(CourseHasFaults) as refused:
        sample.read(
            sample.files()
            | {"thi-cuoi-khoa.md": (HEAD + "## A?   {#q-x type=short goal=phan-biet pass=1}\n= a\n").encode()}
        )
    assert [(one.line, str(one.sentence)) for one in refused.value.faults] == [
        (7, "Chỉ câu type=long mới có mục “pass”.")
    ]


def test_a_list_before_the_criteria_is_text() -> None:
    question = asked(body="+ Một\n+ Hai\n\n- [ ] Có (1 điểm)\n")
    assert question.chips == ()
    assert "<li>" in question.more_html


def test_steps_give_their_share_of_the_points() -> None:
    question = asked()
    assert points_of(question, [3, 3]) == Decimal("3.50")
    assert points_of(question, [0, 0]) == Decimal(0)
    assert points_of(question, [1, 2]) == Decimal("1.67")
    assert points_of(question, [2, 1]) == Decimal("1.83")
    assert not is_enough(question, points_of(question, [2, 1]))
    assert is_enough(question, points_of(question, [3, 0]))


@pytest.mark.parametrize("steps", [[], [1], [1, 2, 3], [4, 0], [-1, 0]])
def test_steps_that_do_not_fit_are_refused(steps: list[int]) -> None:
    with pytest.raises(ValueError, match="one step"):
        points_of(asked_once, steps)


asked_once = asked()
STEP = st.integers(0, 3)


@given(st.lists(st.tuples(st.decimals(0, 9999, places=2), STEP), min_size=1, max_size=12))
def test_points_lie_between_nothing_and_all_and_are_rounded_once(rows: list[tuple[Decimal, int]]) -> None:
    question = Question("q", "long", "g", "both", "?", criteria=tuple(Criterion("", points) for points, _ in rows))
    whole = sum((points for points, _ in rows), Decimal(0))
    given_points = points_of(question, [step for _, step in rows])
    assert 0 <= given_points <= whole
    assert abs(given_points * 3 - sum(points * step for points, step in rows)) <= Decimal("0.015")
    assert points_of(question, [3] * len(rows)) == whole
    assert is_enough(question, whole)
