"""truoc-sau.md: the two parallel forms, and the order in which their questions are asked."""

from __future__ import annotations

import pytest

from lms.courses.rules import FinalTest, Forms, Question, draw, draw_practice, form_order
from lms.courses.rules.faults import Faults
from lms.courses.rules.forms import read_forms
from lms.courses.rules.fragment import Shelf
from lms.courses.rules.markdown import Renderer
from lms.courses.rules.question_reader import QuestionReader
from tests.courses import sample

GOALS = ("phan-biet", "tao-hon")
WRITTEN = """\
---
title: Trước và sau khóa học
a: [q-tuoi-nu, q-gioi]
b: [q-tuoi-nam, q-gioi-tinh]
---
## Nam cưới từ mấy tuổi?   {#q-tuoi-nam type=number goal=tao-hon}
= 20

## Giới tính có từ đâu?   {#q-gioi-tinh type=short goal=phan-biet}
= sinh ra
"""
OF_COURSE = (
    Question("q-tuoi-nu", "number", "tao-hon", "both", "?"),
    Question("q-gioi", "short", "phan-biet", "form", "?"),
    Question("q-ke", "long", "phan-biet", "both", "?"),
    Question("q-thu", "short", "phan-biet", "check", "?"),
)


def read(written: str) -> tuple[Forms | None, tuple[Question, ...], list[tuple[str, int, str]]]:
    """Forms, their questions, and the faults as (file, line, sentence)."""
    faults = Faults()
    reader = QuestionReader(Renderer(Shelf({}, {}), faults), faults, GOALS)
    forms, questions = read_forms(written, OF_COURSE, reader, faults)
    assert all(str(fault.remedy) for fault in faults.found)
    return forms, questions, [(fault.file, fault.line, str(fault.sentence)) for fault in faults.found]


def test_forms_take_questions_of_the_course_and_of_their_own_file() -> None:
    forms, questions, faults = read(WRITTEN)
    assert faults == []
    assert forms == Forms("Trước và sau khóa học", ("q-tuoi-nu", "q-gioi"), ("q-tuoi-nam", "q-gioi-tinh"))
    assert [(question.id, question.use) for question in questions] == [("q-tuoi-nam", "form"), ("q-gioi-tinh", "form")]
    assert Forms.from_json(forms.to_json()) == forms


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("a: [q-tuoi-nu, q-gioi]", "a: []", 3, "Đề a có 0 câu"),
        ("a: [q-tuoi-nu, q-gioi]", "a: [q-tuoi-nu]", 4, "Đề a có 1 câu mà đề b có 2 câu."),
        ("q-gioi-tinh]", "q-gioi]", 4, "Câu hỏi “q-gioi” có hai lần trong hai đề."),
        ("a: [q-tuoi-nu, q-gioi]", "a: [q-gioi, q-gioi]", 3, "Câu hỏi “q-gioi” có hai lần trong hai đề."),
        ("[q-tuoi-nu, q-gioi]", "[q-tuoi-nu, q-la]", 3, "Khóa học không có câu hỏi “q-la”."),
        ("[q-tuoi-nu, q-gioi]", "[q-tuoi-nu, q-ke]", 3, "Câu hỏi “q-ke” là câu trả lời dài"),
        ("[q-tuoi-nu, q-gioi]", "[q-tuoi-nu, q-thu]", 3, "Câu hỏi “q-thu” chỉ để tự kiểm tra"),
        ("type=short goal=phan-biet", "type=short goal=tao-hon", 4, "Mục tiêu “phan-biet” có 1 câu ở đề a mà 0 câu"),
        ("title: Trước và sau khóa học\n", "", 0, "Thiếu mục “title”."),
        ("title: Trước", "tua: x\ntitle: Trước", 2, "Không có mục nào tên “tua”."),
        ("a: [q-tuoi-nu, q-gioi]", "a: q-tuoi-nu", 3, "Mục “a” phải là"),
        ("---\ntitle", "title", 1, "Thiếu phần đầu tệp"),
        ("= 20", "= hai mươi", 7, "chưa có đáp án"),
    ],
)
def test_a_fault_names_its_line(old: str, new: str, line: int, sentence: str) -> None:
    forms, _, faults = read(WRITTEN.replace(old, new, 1))
    assert any(file == "truoc-sau.md" and at == line and sentence in said for file, at, said in faults), faults
    assert forms is None or "đáp án" in sentence


def test_a_form_has_at_most_thirty_questions() -> None:
    many = ", ".join(f"q-{number}" for number in range(31))
    _, _, faults = read(WRITTEN.replace("q-tuoi-nu, q-gioi", many))
    assert ("truoc-sau.md", 3, "Đề a có 31 câu; cần từ 1 đến 30.") in faults


def test_questions_of_the_forms_alone_are_never_drawn() -> None:
    pool = [Question(f"q-{use}", "short", "g", use, "?") for use in ("check", "test", "both", "form")]
    assert {key for seed in range(20) for key in draw(pool, FinalTest("T", 4, 1, 0, {}), seed)} == {"q-test", "q-both"}
    assert {key for seed in range(20) for key in draw_practice(pool, 4, seed)} == {"q-check", "q-both"}
    assert not pool[3].is_drawable


def test_practice_is_drawn_by_the_seed_alone_and_by_goal() -> None:
    pool = [Question(f"q-{n}", "short", "g1" if n % 2 else "g2", "both", "?") for n in range(20)]
    assert draw_practice(pool, 5, 3) == draw_practice(pool[::-1], 5, 3)
    assert draw_practice(pool, 5, 3) != draw_practice(pool, 5, 4)
    ofgoal = draw_practice(pool, 50, 3, "g1")
    assert sorted(ofgoal) == sorted(question.id for question in pool if question.goal == "g1")
    assert draw_practice([Question("q-l", "long", "g", "both", "?")], 5, 1) == []
    assert draw_practice(pool, -1, 1) == []


def test_the_order_of_a_form_comes_from_the_seed() -> None:
    ids = ("q-a", "q-b", "q-c", "q-d")
    assert form_order(ids, 5) == form_order(ids[::-1], 5)
    assert sorted(form_order(ids, 5)) == sorted(ids)
    assert len({tuple(form_order(ids, seed)) for seed in range(20)}) > 5


def test_a_course_has_its_forms_and_their_questions() -> None:
    files = sample.files() | {"truoc-sau.md": WRITTEN.encode()}
    extra = b"\n## Gioi tu dau?   {#q-gioi-2 type=short goal=phan-biet use=form}\n= xa hoi\n"
    files["truoc-sau.md"] = (
        files["truoc-sau.md"].replace(b"q-gioi]", b"q-gioi-2]").replace(b"q-tuoi-nam", b"q-nam") + extra
    )
    course = sample.read(files)
    assert course.forms == Forms("Trước và sau khóa học", ("q-tuoi-nu", "q-gioi-2"), ("q-nam", "q-gioi-tinh"))
    assert {"q-nam", "q-gioi-tinh", "q-gioi-2"} <= {question.id for question in course.questions}
    assert not {"q-nam", "q-gioi-tinh", "q-gioi-2"} & {question.id for question in course.pool}
