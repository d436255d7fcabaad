"""From a folder or a zip to a course: what is kept, in which order, and that it goes to JSON and back."""

from __future__ import annotations

import io
import json
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.courses.rules.course import Check, Course, FinalTest, Html, Question, parts_from_json, parts_to_json
from lms.courses.rules.faults import CourseHasFaults
from lms.courses.rules.reader import read_files, read_folder, read_zip
from lms.courses.rules.summary import summary_of

COVER = """\
id = "khoa-nho"
title = "Khóa nhỏ"
summary = "Một khóa để thử."
component = 4
field = "lgg"
level = "village"
audience = ["village_head"]
audience_text = "Trưởng thôn"
languages = ["vi"]
hours = 1
open = true
licence = "CC BY-SA 4.0"
[completion]
lessons = "all"
test = true
[certificate]
title = "Khóa nhỏ"
[goals]
phan-biet = "Phân biệt được"
tao-hon = "Nói đúng tuổi"
[[sources]]
key = "S1"
text = "Một nguồn"
"""
LESSON = """\
---
id: hai-tu
title: Hai từ, hai nghĩa
minutes: 5
goals: [phan-biet]
---
Học xong bài này, phân biệt được.

/// tinh-huong | Bữa cơm chiều
Chiều thứ Năm, chị đi họp.

![Nồi cơm đang sôi](tranh.svg)
///

/// tu-kiem-tra
q-nau-com
///

Hết bài.[^S1]

[^S1]: Luật Bình đẳng giới số 73/2006/QH11, Điều 5.
"""
ASKED = """\
## Nấu cơm là việc do giới tính quy định?   {#q-nau-com type=truefalse goal=phan-biet}
- [ ] Đúng
  > Nghĩ lại.
- [x] Sai
> Ai nấu cũng được.

## Cô dâu 16 tuổi có phải tảo hôn?   {#q-co-dau type=single goal=tao-hon}
- [x] Có
- [ ] Không
"""
TEST = """\
---
title: Kiểm tra cuối khóa
draw: 2
pass: 1
attempts: 5
by_goal: {phan-biet: 1, tao-hon: 1}
---
## Nữ từ đủ bao nhiêu tuổi?   {#q-tuoi-nu type=number goal=tao-hon}
= 18 ± 0
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400"><path d="M0 0h8v8H0z"/></svg>'


def small_course(**changes: str | bytes | None) -> dict[str, bytes]:
    """Files of a course without faults; changes by short name, None takes the file away."""
    written: dict[str, str | bytes | None] = {
        "course": COVER,
        "intro": "---\ntitle: Giới\ngoals: [phan-biet]\n---\nLời mở đầu.\n",
        "lesson": LESSON,
        "asked": ASKED,
        "picture": PICTURE,
        "test": TEST,
        "handout": "# Phiếu\n\nIn ra.\n",
        **changes,
    }
    return {
        PLACES.get(name, name): text.encode() if isinstance(text, str) else text
        for name, text in written.items()
        if text is not None
    }


PLACES = {
    "course": "course.toml",
    "intro": "01-gioi/chuyen-de.md",
    "lesson": "01-gioi/01-hai-tu.md",
    "asked": "01-gioi/01-hai-tu.cau-hoi.md",
    "picture": "01-gioi/tranh.svg",
    "test": "thi-cuoi-khoa.md",
    "handout": "tai-lieu/phieu.md",
}


def laid_out(root: Path, files: dict[str, bytes], name: str = "khoa-nho") -> Path:
    """The files as a folder on disk."""
    for path, content in files.items():
        place = root / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return root / name


def zipped(files: dict[str, bytes], top: str = "") -> bytes:
    """The files as a zip, deflated."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(top + path, content)
    return packed.getvalue()


def test_a_folder_becomes_a_course(tmp_path: Path) -> None:
    course = read_folder(laid_out(tmp_path, small_course()))
    assert (course.id, course.title, course.hours, course.open) == ("khoa-nho", "Khóa nhỏ", 1.0, True)
    assert (course.completion.test, course.certificate_title, course.sources[0].key) == (True, "Khóa nhỏ", "S1")
    (module,) = course.modules
    assert (module.slug, module.title, module.goals, module.intro_html) == (
        "gioi",
        "Giới",
        ("phan-biet",),
        "<p>Lời mở đầu.</p>",
    )
    (lesson,) = module.lessons
    assert (lesson.id, lesson.slug, lesson.minutes, lesson.sensitive) == ("hai-tu", "hai-tu", 5, False)
    assert [type(part) for part in lesson.parts] == [Html, Check, Html]
    assert lesson.parts[1] == Check("q-nau-com")
    assert [question.id for question in lesson.questions] == ["q-nau-com", "q-co-dau"]
    assert course.handouts[0].title == "Phiếu"
    assert course.handouts[0].html == "<p>In ra.</p>"
    assert set(course.media) == {"01-gioi/tranh.svg"}


def test_the_final_test_and_its_pool(tmp_path: Path) -> None:
    course = read_folder(laid_out(tmp_path, small_course()))
    test = course.test
    assert test is not None
    assert (test.draw, test.pass_mark, test.attempts, test.by_goal) == (2, 1, 5, {"phan-biet": 1, "tao-hon": 1})
    assert [question.id for question in course.pool] == ["q-nau-com", "q-co-dau", "q-tuoi-nu"]
    assert test.questions[0].use == "test"
    again = FinalTest.from_json(json.loads(json.dumps(test.to_json())))
    assert (again.draw, again.by_goal, again.questions) == (test.draw, test.by_goal, ())


def test_the_order_is_that_of_the_numbers_and_slugs_have_none() -> None:
    more = {
        "02-sau/chuyen-de.md": "---\ntitle: Sau\ngoals: []\n---\n",
        "02-sau/02-cuoi.md": LESSON.replace("hai-tu", "cuoi").split("/// tinh-huong")[0],
        "02-sau/01-dau.md": LESSON.replace("hai-tu", "dau").split("/// tinh-huong")[0],
    }
    course = read_files(small_course(**more))
    assert [lesson.slug for lesson in course.lessons] == ["hai-tu", "dau", "cuoi"]
    assert [module.slug for module in course.modules] == ["gioi", "sau"]


def test_variants_are_kept_by_language() -> None:
    variant = "---\ntitle: Ob lo lus\n---\nKawm tas zaj no.\n\n/// tu-kiem-tra\nq-nau-com\n///\n"
    (lesson,) = read_files(small_course(**{"01-gioi/01-hai-tu.hmn.md": variant})).lessons
    assert set(lesson.variants) == {"hmn"}
    assert lesson.variants["hmn"].title == "Ob lo lus"
    assert lesson.variants["hmn"].parts[1] == Check("q-nau-com")


def test_parts_and_questions_go_to_json_and_back() -> None:
    everything = ASKED + (
        "## Nối   {#q-noi type=match goal=tao-hon}\n- a => b\n- c => d\n"
        "## Xếp   {#q-xep type=order goal=tao-hon}\n1. một\n2. hai\n"
        "## Điền {{hai|2}} từ   {#q-dien type=cloze goal=tao-hon}\n"
        "## Tiền   {#q-tien type=number goal=tao-hon}\n= 630.000,5 ± 0,5\n"
        "## Kể   {#q-ke type=long goal=tao-hon}\n- [ ] Đủ hai việc (1,5 điểm)\n"
    )
    (lesson,) = read_files(small_course(asked=everything)).lessons
    assert parts_from_json(json.loads(json.dumps(parts_to_json(lesson.parts)))) == lesson.parts
    for question in lesson.questions:
        assert Question.from_json(json.loads(json.dumps(question.to_json()))) == question


def test_marks_of_windows_and_mac_make_no_difference() -> None:
    plain = read_files(small_course())
    strange = {
        path: unicodedata.normalize("NFD", content.decode()).replace("\n", "\r\n").encode("utf-8-sig")
        for path, content in small_course().items()
    }
    again = read_files({**strange, "01-gioi/tranh.svg": PICTURE.encode()})
    assert again.lessons == plain.lessons
    assert again.title == plain.title


def test_a_zip_reads_like_its_folder_and_the_top_folder_may_have_any_name() -> None:
    plain = read_files(small_course())
    for top in ("", "khoa-nho/", "Khóa học mới (1)/", unicodedata.normalize("NFD", "Khóa/")):
        assert read_zip(zipped(small_course(), top)) == plain


def test_what_a_mac_adds_is_left_aside(tmp_path: Path) -> None:
    junk = {"__MACOSX/._course.toml": b"x", ".DS_Store": b"x", "01-gioi/._01-hai-tu.md": b"x"}
    assert set(read_zip(zipped({**small_course(), **junk})).files) == set(small_course())
    assert set(read_folder(laid_out(tmp_path, {**small_course(), **junk})).files) == set(small_course())


@given(st.binary(max_size=400))
def test_any_bytes_that_are_no_zip_are_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(CourseHasFaults) as refused:
        read_zip(content)
    assert str(refused.value.faults[0].sentence)


@given(st.dictionaries(st.text(max_size=12), st.binary(max_size=40), max_size=4))
def test_a_zip_with_any_names_never_writes_and_keeps_only_plain_paths(entries: dict[str, bytes]) -> None:
    try:
        course = read_zip(
            zipped({**small_course(), **{name: content for name, content in entries.items() if name.split("\0")[0]}})
        )
    except CourseHasFaults as refused:
        assert refused.faults
    else:
        assert all(not path.startswith("/") and ".." not in path.split("/") for path in course.files)


@given(st.integers(0, 3000), st.integers(0, 255))
def test_a_damaged_zip_is_refused_or_read_never_a_crash(place: int, byte: int) -> None:
    content = bytearray(zipped(small_course()))
    content[place % len(content)] = byte
    try:
        assert isinstance(read_zip(bytes(content)), Course)
    except CourseHasFaults as refused:
        assert refused.faults


@given(st.text(max_size=200))
def test_any_text_as_a_lesson_is_read_or_refused_never_a_crash(written: str) -> None:
    files = small_course(lesson=LESSON + written, asked=ASKED + written)
    try:
        read_files(files)
    except CourseHasFaults as refused:
        assert all(fault.file and fault.line >= 0 for fault in refused.faults)


def test_a_summary_counts_and_names_claims_without_a_source() -> None:
    claim = LESSON.replace("Hết bài.[^S1]", "Có 68 phần trăm.\n\nNgười lớn.[^S1]")
    summary = summary_of(read_files(small_course(lesson=claim)))
    assert (summary.lessons, summary.minutes, summary.questions) == (1, 5, 3)
    assert summary.by_kind == {"truefalse": 1, "single": 1, "number": 1}
    assert summary.by_goal == {"phan-biet": 1, "tao-hon": 2}
    assert summary.media == {"01-gioi/tranh.svg": len(PICTURE)}
    assert summary.words > 20
    assert [(warning.file, warning.line) for warning in summary.claims] == [("01-gioi/01-hai-tu.md", 19)]


def test_fifteen_lessons_are_read_in_well_under_two_seconds() -> None:
    body = LESSON.split("---\n", 2)[2].split("/// tu-kiem-tra")[0] * 8
    many = {
        f"01-gioi/{number}-bai-{number}.md": f"---\nid: bai-{number}\ntitle: B\nminutes: 5\ngoals: []\n---\n{body}"
        for number in range(10, 25)
    }
    start = time.process_time()
    read_files(small_course(**many))
    assert time.process_time() - start < 1.5
