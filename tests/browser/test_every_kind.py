"""A course with every kind of question, drawn numbers, forms, step cards, sound, film and a second language, in hand.

Each test walks on a phone, with JavaScript and without. They stand in the order in which a learner comes along: the
form of before is open only until the first lesson is finished, the final test only after the last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Locator, Page, expect

from lms.cli import main
from lms.courses.rules import exchange, read_folder
from tests.browser.conftest import EVERY_KIND, Open

COURSE = "/hoc/moi-loai-cau"
KINDS, MEETING, KEPT_APART = f"{COURSE}/tung-loai", f"{COURSE}/buoi-hop", f"{COURSE}/chuyen-kin"
PLAIN = """place => { const copy = place.cloneNode(true); copy.querySelectorAll(".unseen").forEach((one) => one.remove());
  return copy.textContent.replace(/\\s+/g, " ").trim(); }"""
WHO = {True: "newcomer", False: "neighbour"}
both = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])

# An answer: labels to choose, a place or side for each row, the gaps in order, or what is typed.
Answer = set[str] | dict[str, str] | list[str] | str

WRONG: dict[str, Answer] = {
    "q-mot": {"Một khóa"},
    "q-nhieu": {"Sổ của tổ", "Điện thoại của tổ trưởng"},
    "q-dung-sai": {"Đúng"},
    "q-noi": {"Tiền góp": "giúp khi ốm", "Quỹ xã hội": "cho vay", "Tiền phạt": "vào quỹ chung"},
    "q-xep": {"Mở hòm": "2", "Góp tiền": "1", "Cho vay": "3", "Khóa hòm": "4"},
    "q-so": "50.000",
    "q-so-rut": "1",
    "q-ngan": "năm",
    "q-cho-trong": ["ba", "bốn"],
}
RIGHT: dict[str, Answer] = {
    "q-mot": {"Ba khóa, ba người giữ"},
    "q-nhieu": {"Sổ của tổ", "Tiền góp"},
    "q-dung-sai": {"Sai"},
    "q-noi": {"Tiền góp": "cho vay", "Quỹ xã hội": "giúp khi ốm", "Tiền phạt": "vào quỹ chung"},
    "q-xep": {"Mở hòm": "1", "Góp tiền": "2", "Cho vay": "3", "Khóa hòm": "4"},
    "q-so": "60.000",
    "q-ngan": "Một lần",
    "q-cho-trong": ["3", "ba"],
    "q-thi-mot": {"Nhà một người được tổ bầu"},
    "q-thi-so": "20000",
    "q-thi-quy": {"Giúp nhau khi ốm đau"},
    "q-truoc-a1": {"Ba người giữ khóa, cùng một lúc"},
    "q-truoc-b1": {"Trong buổi họp"},
}
DRAWN: dict[str, Callable[..., int]] = {
    "q-so-rut": lambda people, each: people * each,
    "q-truoc-a2": lambda each: 2 * each,
    "q-truoc-b2": lambda each: 3 * each,
}
TOLD = {
    "q-mot": "Một khóa thì một người mở được.",
    "q-nhieu": "Điện thoại không để trong hòm.",
    "q-dung-sai": "Một người mở một mình thì dễ nhầm.",
}


# A question on a page


def _numbers(place: Locator) -> list[int]:
    """The numbers in the words of a question, as a reader sees them."""
    return [int(one.replace(".", "")) for one in re.findall(r"\d[\d.]*", _words(place))]


def _words(place: Locator, part: str = ".ask__text, .test__text") -> str:
    """What stands there for the eye, without what is read out only."""
    return str(place.locator(part).first.evaluate(PLAIN))


def _right(key: str, place: Locator) -> Answer:
    return str(DRAWN[key](*_numbers(place))) if key in DRAWN else RIGHT[key]


def _fill(place: Locator, answer: Answer) -> None:
    if isinstance(answer, set):
        for choice in place.locator("label.choice").all():
            if _words(choice, "span") in answer:
                choice.locator("input").check()
            elif choice.locator("input[type=checkbox]").count():
                choice.locator("input").uncheck()
    elif isinstance(answer, dict):
        for words, side in answer.items():
            place.get_by_label(words, exact=True).select_option(label=side)
    elif isinstance(answer, list):
        for gap, typed in zip(place.locator(".gap__input").all(), answer, strict=True):
            gap.fill(typed)
    else:
        place.locator("input.ask__line, textarea").fill(answer)


def _holds(place: Locator, answer: Answer) -> bool:
    """Does the page show this answer as the one that was given?"""
    if isinstance(answer, set):
        return {_words(one, "span") for one in place.locator("label.choice:has(input:checked)").all()} == answer
    if isinstance(answer, dict):
        rows = place.locator(".rows__row").all()
        return answer == {row.locator("label").inner_text(): row.locator("option:checked").inner_text() for row in rows}
    if isinstance(answer, list):
        return [gap.input_value() for gap in place.locator(".gap__input").all()] == answer
    return place.locator("input.ask__line, textarea").input_value() == answer


def _answer_check(page: Page, key: str, answer: Answer, button: str, told: str) -> None:
    check = page.locator(f"#{key}")
    _fill(check, answer)
    check.get_by_role("button", name=button, exact=True).click()
    expect(check.locator(".answer")).to_contain_text(told)


def _answer_all(page: Page) -> list[str]:
    """Every question of a test, right; their keys in the order shown."""
    sections = page.locator("section.test__question").all()
    keys = [section.get_attribute("id") or "" for section in sections]
    for key, section in zip(keys, sections, strict=True):
        _fill(section, _right(key, section))
    return keys


def _shown(page: Page) -> list[list[str]]:
    """What a test asks, in its order, with its numbers and the order of what can be chosen."""
    return [
        [_words(one), *(label.evaluate(PLAIN) for label in one.locator("label").all())]
        for one in page.locator(".test__question").all()
    ]


def _has_no_fault(page: Page) -> None:
    assert not page.faults, page.faults  # type: ignore[attr-defined]


def _scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


# The learner's way


@both
def test_the_form_of_before_is_taken_and_tells_how_many_were_right(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(WHO[script], script=script)
    page.goto(COURSE)
    page.get_by_role("link", name="Làm bài trước khi học").click()
    page.get_by_role("button", name="Bắt đầu làm").click()
    assert len(_answer_all(page)) == 2
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.locator("h1")).to_have_text("Được 2 trên 2.")
    expect(page.locator(".test__question")).to_have_count(0)  # the answers are told after the course
    _has_no_fault(page)


@both
def test_every_kind_is_answered_wrong_then_right_and_stays(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(WHO[script], script=script)
    page.goto(KINDS)
    assert page.locator("form.callout--check").count() == len(WRONG) + 1
    for key, wrong in WRONG.items():
        _answer_check(page, key, wrong, "Trả lời", TOLD.get(key, "Chưa đúng"))
        _answer_check(page, key, _right(key, page.locator(f"#{key}")), "Thử lại", "Đúng vậy")
    _answer_check(page, "q-dai", "Để không ai mở hòm một mình.", "Trả lời", "Đã ghi câu trả lời")
    asked = _words(page.locator("#q-so-rut"))
    page.reload()
    assert _words(page.locator("#q-so-rut")) == asked
    for key in WRONG:
        check = page.locator(f"#{key}")
        expect(check.locator(".answer")).to_contain_text("Đúng vậy")
        assert _holds(check, _right(key, check)), key
    assert _holds(page.locator("#q-dai"), "Để không ai mở hòm một mình.")
    page.locator("#q-so-rut").get_by_role("link", name="Làm với số khác").click()
    assert _words(page.locator("#q-so-rut")) != asked
    expect(page.locator("#q-so-rut input.ask__line")).to_be_editable()
    _has_no_fault(page)


@both
def test_practice_tells_after_each_question(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(WHO[script], script=script)
    page.goto(f"{COURSE}/luyen-tap")
    page.get_by_role("button", name="Bắt đầu luyện").click()
    for number in range(1, 6):
        expect(page.locator("main")).to_contain_text(re.compile(f"Câu {number} trong 5", re.IGNORECASE))
        form = page.locator("#cau")
        field = form.locator("input:not([type=hidden]), select, textarea").first.get_attribute("name") or ""
        key = next(key for key in {**RIGHT, **DRAWN} if re.fullmatch(rf"{key}(-\d+)?", field))
        _fill(form, _right(key, form))
        page.get_by_role("button", name="Trả lời").click()
        expect(page.locator(".answer")).to_contain_text("Đúng vậy")
        page.get_by_role("link", name="Câu tiếp" if number < 5 else "Xem kết quả").click()
    expect(page.locator("h1")).to_have_text("Đúng 5 trên 5 câu.")
    _has_no_fault(page)


@both
def test_a_product_is_handed_in(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(WHO[script], script=script)
    page.goto(MEETING)
    page.get_by_role("link", name="Làm và nộp").click()
    expect(page.locator("main")).to_contain_text("Có số tiền góp")
    page.fill("textarea[name=text]", "Ngày 5, mười người, góp 200.000 đồng.")
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.locator("main")).to_contain_text("Đang chờ chấm")
    expect(page.locator(".hand__said")).to_have_text("Ngày 5, mười người, góp 200.000 đồng.")
    page.goto(MEETING)
    expect(page.locator("#q-bien-ban")).to_contain_text("Đang chờ chấm")
    _has_no_fault(page)


@both
def test_the_final_test_is_passed_and_shows_the_same_questions_again(
    browse: Open, every_kind: str, script: bool
) -> None:
    page = browse(WHO[script], script=script)
    for address in (KINDS, MEETING, KEPT_APART):
        page.goto(address)
        page.locator(".foot button.button--primary").click()
        expect(page).not_to_have_url(re.compile(rf"{address}$"))
    page.goto(f"{COURSE}/kiem-tra")
    page.get_by_role("button", name="Bắt đầu làm").click()
    keys, asked, address = _answer_all(page), _shown(page), page.url
    assert len(set(keys)) == 12
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("body")).to_contain_text("Đã lưu bài làm")
    page.goto(f"{COURSE}/kiem-tra")
    page.get_by_role("link", name="Làm tiếp").click()
    assert _shown(page) == asked
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.locator("h1")).to_have_text("Được 12 trên 12, cần 8.")
    expect(page.locator("main")).to_contain_text("Đã đạt.")
    page.goto(address)
    assert _shown(page) == asked
    for key in keys:
        place = page.locator(f"#{key}")
        assert _holds(place, _right(key, place)), key
    _has_no_fault(page)


# The lesson's own tools, for anyone


@both
def test_a_meeting_is_led_by_its_cards(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(script=script)
    page.goto(MEETING)
    page.get_by_role("link", name="Dùng trong buổi họp").click()
    expect(page.locator("main")).to_contain_text("Ba người giữ khóa cùng mở.")
    page.get_by_label("Đủ ba người giữ khóa").check()
    _run_the_clock(page) if script else expect(page.locator("[data-controls]")).to_be_hidden()
    expect(page.locator("[data-left]")).to_contain_text("4:5" if script else "5 phút")
    for words in ("Gọi tên từng người.", "Đọc lại số tiền"):
        page.get_by_role("link", name="Bước tiếp").click()
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_role("link", name="Bước trước").click()
    page.get_by_role("link", name="Bước trước").click()
    if script:
        expect(page.get_by_label("Đủ ba người giữ khóa")).to_be_checked()
        expect(page.get_by_label("Đếm tiền trước mặt mọi người")).not_to_be_checked()
    page.goto(f"{MEETING}/buoi-hop?buoc=3")
    page.get_by_role("link", name="Biên bản").last.click()
    expect(page.locator("main")).to_contain_text("Ngày họp")
    expect(page.get_by_role("button", name="In")).to_have_count(1 if script else 0)
    _has_no_fault(page)


def _run_the_clock(page: Page) -> None:
    expect(page.locator("[data-left]")).to_have_text("5 phút")
    page.get_by_role("button", name="Bắt đầu giờ").click()
    expect(page.locator("[data-left]")).to_have_text(re.compile("4:5[0-8]"))
    page.get_by_role("button", name="Tạm dừng").click()
    held = page.locator("[data-left]").inner_text()
    page.wait_for_timeout(1_100)
    expect(page.locator("[data-left]")).to_have_text(held)


@both
def test_a_hard_word_is_explained_where_it_stands(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(script=script)
    page.goto(KINDS)
    word, why = page.locator("button.word", has_text="tiền góp"), page.locator("#tu-tien-gop")
    expect(why).to_be_hidden()
    word.click()
    expect(why).to_be_visible()
    expect(why).to_contain_text("Khoản mỗi người bỏ vào hòm")
    page.mouse.click(5, 5)
    expect(why).to_be_hidden()
    page.goto(f"{COURSE}/tu-dien")
    expect(page.locator("dl.terms dt")).to_have_count(2)


@both
def test_sound_and_film_wait_until_they_are_asked_for(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(script=script)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if re.search(r"\.(ogg|mp4)", request.url) else None)
    page.goto(KINDS, wait_until="networkidle")
    expect(page.locator(".foot audio[controls]")).to_be_visible()
    expect(page.locator(".foot .audio__text")).to_contain_text("KB")
    page.goto(MEETING, wait_until="networkidle")
    expect(page.locator("video[controls]")).to_be_visible()
    expect(page.locator("figure.lesson__video")).to_contain_text(re.compile(r"\d (KB|MB)"))
    assert page.locator("video track[kind=subtitles]").count() == 1
    for player in page.locator("video, audio").all():
        assert player.get_attribute("autoplay") is None and player.get_attribute("preload") == "none"
    assert not loaded, loaded


@both
def test_another_language_is_read_and_a_missing_one_is_said(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(script=script)
    page.goto(KINDS)
    page.get_by_role("link", name="Tiếng Mông").click()
    expect(page.locator("h1")).to_have_text("Txhua hom lus nug")
    expect(page.locator("h1")).to_have_attribute("lang", "hmn")
    expect(page.locator(".lesson__text").first).to_have_attribute("lang", "hmn")
    _answer_check(page, "q-mot", {"Một khóa"}, "Trả lời", TOLD["q-mot"])
    page.locator(".foot .button--primary").click()
    expect(page.locator("main")).to_contain_text("Bài này chưa có tiếng Mông, đây là bản tiếng Việt.")
    expect(page.locator("h1")).to_have_text("Buổi họp của tổ")


@both
def test_letters_grow_and_nothing_goes_sideways(browse: Open, every_kind: str, script: bool) -> None:
    page = browse(script=script)
    page.goto(KINDS)
    before = page.locator("main p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    page.get_by_role("button", name="Rất to").click()
    expect(page.get_by_role("button", name="Rất to")).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith(KINDS)
    assert page.locator("main p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)") > before * 1.2
    page.set_viewport_size({"width": 320, "height": 640})
    for address in (KINDS, f"{KINDS}?tieng=hmn", MEETING, f"{MEETING}/buoi-hop", f"{MEETING}/bien-ban", KEPT_APART,
                    COURSE, f"{COURSE}/luyen-tap", f"{COURSE}/tu-dien", "/khoa-hoc/moi-loai-cau"):  # fmt: skip
        page.goto(address)
        assert not _scrolls_sideways(page), address


@both
def test_a_lesson_kept_apart_is_left_quickly_and_does_not_name_itself(
    browse: Open, every_kind: str, script: bool
) -> None:
    page = browse(script=script)
    page.goto("/")
    page.goto(KEPT_APART)
    expect(page).to_have_title(re.compile(r"^Bài 3 · "))
    page.get_by_role("link", name="Thoát nhanh").click()
    page.wait_for_url(re.compile(r":\d+/$"))
    if script:  # without it the lesson is one step back, but not kept by the browser
        page.go_back()
        expect(page.locator("body")).not_to_contain_text("Khi có người cần giúp")
    page.goto(KINDS)
    expect(page.get_by_role("link", name="Thoát nhanh")).to_have_count(0)


# The questions of the course outside it


def test_questions_exported_for_another_school_come_back_the_same(tmp_path: Path) -> None:
    out = tmp_path / "cau-hoi.xml"
    assert (
        CliRunner().invoke(main, ["questions", "export", str(EVERY_KIND), "--as", "xml", "--out", str(out)]).exit_code
        == 0
    )
    back = {question.id: question for question in exchange.read_bank(out.read_bytes(), out.name)}
    written = read_folder(EVERY_KIND).questions
    assert set(back) == {question.id for question in written}
    for question in written:
        found = back[question.id]
        assert (found.kind, found.goal, found.tags) == (question.kind, question.goal, question.tags)
        assert [option.right for option in found.options] == [option.right for option in question.options]
