"""Step cards, minutes, products, hard words, sound, passages: what a lesson holds besides its text."""

from __future__ import annotations

import json

import html5lib
import pytest

from lms.courses.rules import passages_of
from lms.courses.rules.course import (
    Check,
    Completion,
    Course,
    Html,
    Lesson,
    Product,
    Term,
    parts_from_json,
    parts_to_json,
)
from lms.courses.rules.faults import CourseHasFaults
from lms.courses.rules.glossary import with_words
from lms.courses.rules.reader import read_files
from lms.courses.rules.summary import summary_of
from tests.courses.test_reader import ASKED, COVER, LESSON, small_course

FILE = "01-gioi/01-hai-tu.md"
LONG = "\n## Kể một tuần   {#q-ke type=long goal=tao-hon}\n- [ ] Nói rõ việc (2 điểm)\n"
PRODUCT = "/// san-pham\nq-ke\n///\n"


def written(lesson: str = "", asked: str = "", **files: str | bytes | None) -> Course:
    """The small course with these lines more in its lesson and its questions."""
    return read_files(small_course(lesson=f"{LESSON}\n{lesson}", asked=ASKED + asked, **files))


def lesson_with(lines: str, asked: str = "") -> Lesson:
    """Its lesson."""
    return written(lines, asked).lessons[0]


def html_of(lesson: Lesson) -> str:
    """All its HTML, which parses strictly."""
    html = "\n".join(part.html for part in lesson.parts if isinstance(part, Html))
    html5lib.HTMLParser(strict=True).parseFragment(html)
    return html


def faults(lesson: str = "", asked: str = "", **files: str | bytes | None) -> list[tuple[str, int]]:
    """File and line of each fault."""
    with pytest.raises(CourseHasFaults) as refused:
        written(lesson, asked, **files)
    return [(fault.file, fault.line) for fault in refused.value.faults]


FIRST_ADDED = LESSON.count("\n") + 2


def test_a_step_card_tells_its_minutes_and_has_ticks() -> None:
    html = html_of(lesson_with("/// the-buoc | 2 | 10\nMở đầu.\n\n- [ ] Mời **cả** nhà\n    - chồng\n- thường\n///\n"))
    assert '<span>Bước</span><b>2</b><span data-minutes="10">10 phút</span></p>' in html
    assert (
        '<li><label class="field__tick"><input type="checkbox" data-keep="viec-1"><span>Mời <strong>cả</strong> nhà</span>'
        "</label><ul>\n<li>chồng</li>"
    ) in html
    assert "<li>thường</li>" in html


def test_ticks_are_numbered_through_the_lesson_also_in_loose_lists() -> None:
    html = html_of(lesson_with("/// the-buoc | 1\n- [ ] một\n\n- [x] hai\n///\n/// the-buoc | 2\n* [] ba\n///\n"))
    assert [f'data-keep="viec-{number}"' in html for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert "\ue006" not in html and "[x]" not in html


def test_boxes_outside_step_cards_and_in_code_stay_text() -> None:
    html = html_of(lesson_with("- [ ] việc\n\n/// the-buoc | 1\n```\n- [ ] mã\n```\n///\n"))
    assert "checkbox" not in html and "[ ] việc" in html and "[ ] mã" in html


@pytest.mark.parametrize("argument", ["", "x", "1 | x", "1 | 0", "1 | 10 giờ", "1 | 2 | 3"])
def test_a_step_card_needs_a_number_and_minutes_that_are_minutes(argument: str) -> None:
    assert faults(f"/// the-buoc | {argument}\nA.\n///\n") == [(FILE, FIRST_ADDED)]


def test_minutes_are_kept_apart_from_the_lesson() -> None:
    lesson = lesson_with(
        "/// bien-ban | Biên bản <họp>\nNgày: ____ Người: ______\n\n- a\n- b[^b]\n\n[^b]: Nguồn.\n///\n"
    )
    assert lesson.minutes_form.startswith('<h2>Biên bản &lt;họp&gt;</h2>\n<p>Ngày: <span class="blank"></span> Người:')
    assert lesson.minutes_form.count('class="blank"') == 2 and "fn-bien-ban-b" in lesson.minutes_form
    assert "Ngày:" not in html_of(lesson) and lesson.words == written().lessons[0].words
    html5lib.HTMLParser(strict=True).parseFragment(lesson.minutes_form)


def test_a_line_of_underscores_alone_is_a_line_to_fill() -> None:
    assert lesson_with("/// bien-ban\n____\n///\n").minutes_form == (
        '<h2>Biên bản</h2>\n<p><span class="blank"></span></p>'
    )


def test_a_lesson_has_one_form_of_minutes_and_a_handout_has_none() -> None:
    assert faults("/// bien-ban\nA.\n///\n\n/// bien-ban\nB.\n///\n") == [(FILE, FIRST_ADDED + 4)]
    assert faults(handout="# Phiếu\n\n/// bien-ban\nA.\n///\n") == [("tai-lieu/phieu.md", 3)]
    assert faults(handout="# Phiếu\n\n/// san-pham\nq-ke\n///\n", asked=LONG) == [("tai-lieu/phieu.md", 4)]


def test_a_product_is_a_part_and_goes_to_json_and_back() -> None:
    lesson = lesson_with(PRODUCT, LONG)
    assert Product("q-ke") in lesson.parts and lesson.products == ("q-ke",)
    assert {"product": "q-ke"} in parts_to_json(lesson.parts)
    assert parts_from_json(json.loads(json.dumps(parts_to_json(lesson.parts)))) == lesson.parts


def test_a_long_question_may_stay_a_check() -> None:
    assert Check("q-ke") in lesson_with("/// tu-kiem-tra\nq-ke\n///\n", LONG).parts


@pytest.mark.parametrize(
    ("lesson", "asked", "line"),
    [
        ("/// san-pham\nq-co-dau\n///\n", "", 1),  # not a long one
        ("/// san-pham\nq-khong-co\n///\n", "", 1),
        ("/// san-pham\nq-ke\nq-co-dau\n///\n", LONG, 0),
        (f"{PRODUCT}\n/// tu-kiem-tra\nq-ke\n///\n", LONG, 5),
        ("/// tu-kiem-tra\nq-de\n///\n", "\n## A?   {#q-de type=short goal=tao-hon use=form}\n= a\n", 1),
    ],
)
def test_what_a_product_may_not_be(lesson: str, asked: str, line: int) -> None:
    assert faults(lesson, asked) == [(FILE, FIRST_ADDED + line)]


def test_completion_may_ask_for_products() -> None:
    asks = COVER.replace("test = true", 'test = true\nproducts = "any"')
    assert written(PRODUCT, LONG, course=asks).completion == Completion("all", True, "any")
    assert written().completion.products == "none"
    assert faults(course=asks) == [("course.toml", 0)]
    assert faults(course=COVER.replace("test = true", 'test = true\nproducts = "two"')) == [("course.toml", 16)]
    for completion in (Completion("all", True, "any"), Completion("all", False)):
        assert Completion.from_json(json.loads(json.dumps(completion.to_json()))) == completion
    assert Completion.from_json({"lessons": "all", "test": True}) == Completion("all", True)


WORDS = """# Từ khó

Giới
:   Do xã hội dạy.

Giới tính
:   Sinh ra đã có,
    không đổi được.

Bữa cơm
:   Có *nhiều* món & rau.
"""


def test_the_first_place_of_a_hard_word_can_be_pressed() -> None:
    more = "## Giới\n\n`giới` và [giới](https://a.vn): **giới tính** không phải GIỚI, giới  thì khác.[^S1]\n"
    course = written(more, **{"tu-dien.md": WORDS})
    assert [term.key for term in course.glossary] == ["gioi", "gioi-tinh", "bua-com"]
    html = html_of(course.lessons[0])
    assert '<h2 id="muc-gioi">Giới</h2>' in html and "<code>giới</code>" in html
    assert '<strong><button type="button" class="word" popovertarget="tu-gioi-tinh">giới tính</button></strong>' in html
    assert html.count("popovertarget") == 2 and 'popovertarget="tu-gioi">GIỚI</button>, giới' in html
    assert html.endswith(
        '<div class="words"><div popover class="word__why" id="tu-gioi-tinh"><b>Giới tính</b> Sinh ra đã có, '
        'không đổi được.</div><div popover class="word__why" id="tu-gioi"><b>Giới</b> Do xã hội dạy.</div></div>'
    )
    assert course.lessons[0].words == written(more).lessons[0].words


def test_parts_of_words_frames_and_sources_are_let_be() -> None:
    terms = (Term("an", "ăn", "x"), Term("luat", "Luật", "x"), Term("bua-com", "bữa cơm", "x"))
    lesson = lesson_with("Băn khoăn, ăn-uống.\n")
    marked = with_words(lesson.parts, terms)
    html = "\n".join(part.html for part in marked if isinstance(part, Html))
    assert html.count("<button") == 1 and "Băn khoăn, <button" in html
    assert with_words(lesson.parts, ()) == lesson.parts


def test_two_words_that_differ_in_marks_only_have_two_keys() -> None:
    course = written(**{"tu-dien.md": "Cân\n:   Một.\n\nCấn\n:   Hai.\n"})
    assert [term.key for term in course.glossary] == ["can", "can-2"]
    assert Term.from_json(json.loads(json.dumps(course.glossary[0].to_json()))) == course.glossary[0]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Giới\n", 1),
        (":   Lời.\n", 1),
        ("Giới\n:   A.\n\ngiới\n:   B.\n", 4),
        ("Giới\n:   A.\n## B\n", 3),
        ("?!\n:   A.\n", 1),
    ],
)
def test_faults_of_the_list_of_hard_words(words: str, line: int) -> None:
    assert faults(**{"tu-dien.md": words}) == [("tu-dien.md", line)]


def test_a_sound_of_the_same_name_reads_the_lesson_aloud() -> None:
    sounds = {"01-gioi/01-hai-tu.m4a": b"x", "01-gioi/01-hai-tu.hmn.opus": b"y", "01-gioi/01-khac.mp3": b"z"}
    variant = "---\ntitle: Ob lo lus\n---\nKawm tas.\n"
    (lesson,) = written(**sounds, **{"01-gioi/01-hai-tu.hmn.md": variant}).lessons
    assert lesson.audio == "01-gioi/01-hai-tu.m4a"
    assert lesson.variants["hmn"].audio == "01-gioi/01-hai-tu.hmn.opus"
    assert written().lessons[0].audio == ""


def test_a_translation_places_only_what_the_lesson_places() -> None:
    variant = "---\ntitle: Ob lo lus\n---\nKawm tas.\n\n/// tu-kiem-tra\nq-co-dau\n///\n"
    assert faults(**{"01-gioi/01-hai-tu.hmn.md": variant}) == [("01-gioi/01-hai-tu.hmn.md", 7)]


def test_passages_are_cut_at_headings_and_hold_plain_words() -> None:
    more = "## Một\n\nA **b**c.[^S1]\n\n### Hai\n\n- d\n- e\n\n#### Ba\n\nf &lt; g\n"
    lesson = written(more, **{"tu-dien.md": "Bữa cơm\n:   Không tìm thấy.\n\nHọp\n:   Không tìm thấy.\n"}).lessons[0]
    found = passages_of(lesson.parts, lesson.title)
    assert [(one.anchor, one.heading) for one in found] == [
        ("", "Hai từ, hai nghĩa"), ("muc-mot", "Một"), ("muc-hai", "Hai"),
    ]  # fmt: skip
    assert [one.text for one in found[1:]] == ["A bc.", "d e Ba f < g"]
    assert found[0].text.startswith("Học xong bài này") and "Hết bài." in found[0].text
    assert not any("Luật Bình đẳng" in one.text or "Không tìm" in one.text for one in found)


def test_a_summary_names_what_an_author_may_want_to_look_at() -> None:
    twin = ASKED.split("\n\n")[1].replace("q-co-dau", "q-sinh-doi")
    languages = COVER.replace('["vi"]', '["vi", "hmn"]')
    second = "---\nid: sau\ntitle: Sau\nminutes: 5\ngoals: []\n---\nA.\n"
    variant = "---\ntitle: Ob lo lus\n---\nKawm tas.\n"
    course = written(
        asked="\n" + twin + LONG,
        course=languages,
        **{"01-gioi/02-bai-sau.md": second, "01-gioi/01-hai-tu.hmn.md": variant, "01-gioi/01-hai-tu.mp3": b"x"},
    )
    found = summary_of(course)
    assert (found.unplaced, found.products, found.forms, found.terms) == (("q-ke",), (), 0, 0)
    assert (found.read_aloud, found.translated) == ({"vi": 1, "hmn": 0}, {"hmn": 1})
    asked = "01-gioi/01-hai-tu.cau-hoi.md"
    assert [(one.file, one.line) for one in found.warnings] == [
        (asked, 11), (asked, 15), ("01-gioi/01-hai-tu.hmn.md", 0), ("01-gioi/02-bai-sau.md", 0), ("01-gioi/02-bai-sau.md", 0),
    ]  # fmt: skip
    assert "q-co-dau" in str(found.warnings[0]) and f"{asked}:7" in str(found.warnings[0])


def test_a_footnote_names_a_source_of_the_list_and_each_source_is_named() -> None:
    course = written(
        "Thêm.[^S1-2] Lạ.[^la]\n\n[^S1-2]: Như trên.\n[^la]: Nguồn lạ.\n",
        course=f'{COVER}\n[[sources]]\nkey = "S9"\ntext = "Thừa"\n',
    )
    found = summary_of(course)
    assert [str(one.sentence) for one in found.warnings if "nguồn" in str(one.sentence).lower()] == [
        "Chú thích [^la] chưa nói là nguồn nào.",
        "Nguồn “S9” chưa có chú thích nào dùng.",
    ]
    claim = next(one for one in found.sourced if one.words.startswith("Thêm"))
    assert claim.notes == (("S1-2", "Như trên."), ("la", "Nguồn lạ."))
    assert claim.file == FILE and course.files[FILE].decode().splitlines()[claim.line - 1].startswith("Thêm.")


def test_a_branch_is_written_in_its_modules() -> None:
    branch = "---\ntitle: Nhánh\ngoals: [tao-hon]\nbranch: mot\n---\n"
    lesson = "---\nid: sau\ntitle: Sau\nminutes: 5\ngoals: []\n---\nA.\n"
    course = written(**{"02-nhanh/chuyen-de.md": branch, "02-nhanh/01-bai-sau.md": lesson})
    assert [module.branch for module in course.modules] == ["", "mot"]
    with pytest.raises(CourseHasFaults) as faults:
        written(**{"02-nhanh/chuyen-de.md": branch.replace("mot", "Một nhánh"), "02-nhanh/01-bai-sau.md": lesson})
    assert [(one.file, one.line) for one in faults.value.faults] == [("02-nhanh/chuyen-de.md", 4)]


def test_branches_are_equally_long() -> None:
    branch = "---\ntitle: Nhánh\ngoals: [tao-hon]\nbranch: {}\n---\n"
    lesson = "---\nid: {0}\ntitle: Sau\nminutes: 5\ngoals: []\n---\nA.\n"
    files = {
        "02-mot/chuyen-de.md": branch.format("mot"), "02-mot/01-bai-mot.md": lesson.format("mot"),
        "03-hai/chuyen-de.md": branch.format("hai"), "03-hai/01-bai-hai.md": lesson.format("hai"),
    }  # fmt: skip
    assert len(written(**files).way) == 2
    with pytest.raises(CourseHasFaults) as faults:
        written(**files, **{"03-hai/02-bai-ba.md": lesson.format("ba")})
    assert [(one.file, one.line) for one in faults.value.faults] == [("course.toml", 0)]
