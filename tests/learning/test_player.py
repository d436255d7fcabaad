"""The player: sound, languages, hard words, products, larger letters, meetings, minutes, drawn numbers, quick exit."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select

from lms import demo
from lms.core import clock, inbox
from lms.core.db import db
from lms.core.ids import new_id
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import drawn, mark
from lms.learning import actions, queries
from lms.learning.models import Progress, StudyEvent
from lms.learning.rules.progress import answers_from_json
from lms.learning.rules.seeds import SEEDS, bounded, first_seed, next_seed
from lms.learning.rules.steps import step_cards
from tests.learning import course, whole
from tests.page import Html, Page, words_of

PLACE = "/hoc/khoa-thu/bai-hai"


@pytest.fixture
def edition(app: object) -> Edition:
    """The course with everything, published."""
    return whole.publish()


# What a lesson shows


def test_a_lesson_read_aloud_has_its_sound_at_the_foot(page: Page, edition: Edition) -> None:
    html = page.get(PLACE)
    sound = html.one("audio")
    assert (sound.get("preload"), sound.get("controls"), sound.get("autoplay")) == ("none", "", None)
    assert (sound.get("src") or "").startswith("/tep/")
    assert "tiếng Việt" in html.words
    assert "1,2 MB" in html.words
    assert not page.get("/hoc/khoa-thu/bai-mot").all("audio")


def test_another_language_is_chosen_by_a_chip_and_kept_on_the_way(page: Page, edition: Edition) -> None:
    html = page.get(PLACE)
    assert html.href("Tiếng Mông") == f"{PLACE}?tieng=hmn"
    other = page.get(f"{PLACE}?tieng=hmn")
    assert other.one("h1").get("lang") == "hmn"
    assert "Lus Hmoob" in words_of(other.one("div", lang="hmn"))
    assert other.one("form", id="q-gop").get("lang") == "vi"
    assert not other.all("audio")
    assert other.href("Tiếp") == "/hoc/khoa-thu/bai-ba?tieng=hmn"
    page.as_("cadre")
    [finish] = page.get(f"{PLACE}?tieng=hmn").forms("/xong")
    page.post(finish.get("action", ""))
    assert page.last is not None
    assert page.last.headers["Location"] == "/hoc/khoa-thu/bai-ba?tieng=hmn"


def test_a_missing_language_falls_back_and_says_so(page: Page, edition: Edition) -> None:
    html = page.get("/hoc/khoa-thu/bai-mot?tieng=hmn")
    assert "Bài này chưa có tiếng Mông, đây là bản tiếng Việt." in html.words
    assert "Một chuyện ngắn" in html.words
    assert "chưa có" not in page.get("/hoc/khoa-thu/bai-mot?tieng=zz").words


def test_hard_words_open_without_a_script(page: Page, edition: Edition) -> None:
    html = page.get(PLACE)
    button = html.one("button", class_="word")
    assert html.one("div", id=button.get("popovertarget", "")).get("popover") is not None
    assert "lần lượt" in html.one("div", class_="words").find("div/strong").text  # type: ignore[operator, union-attr]


def test_the_glossary_lists_all_words_and_goes_out_as_a_sheet(page: Page, edition: Edition) -> None:
    html = page.get("/hoc/khoa-thu/tu-dien")
    assert [words_of(term) for term in html.all("dt")] == ["Quỹ quay vòng", "Biên bản"]
    sheet = page.raw("GET", "/hoc/khoa-thu/tu-dien?tep=csv").get_data(as_text=True)
    assert "Tiền mọi người góp, lần lượt cho nhau vay." in sheet
    assert page.get("/hoc/khoa-thu").href("Từ khó") == "/hoc/khoa-thu/tu-dien"


def test_a_course_without_hard_words_has_no_such_page(page: Page) -> None:
    course.publish()
    page.get("/hoc/khoa-thu/tu-dien", 404)
    assert "Từ khó" not in page.get("/hoc/khoa-thu").words


def test_a_product_leads_to_where_it_is_handed_in(page: Page, edition: Edition) -> None:
    assert page.get(PLACE).href("Làm và nộp") == "/nop-bai/khoa-thu/q-mot-tuan"
    page.as_("cadre").get(PLACE)
    assert page.statements <= 8, page.statements


def test_every_lesson_of_the_real_course_is_light(story: Page) -> None:
    """At most 600 elements and 8 statements, for a stranger and for a cadre half way."""
    lessons = courses.outline(courses.edition_of(demo.VILLAGE_COURSE).id)
    assert len(lessons) >= 17
    for who in ("", "cadre"):
        if who:
            story.as_(who)
        for lesson in lessons:
            html = story.get(f"/hoc/{demo.VILLAGE_COURSE}/{lesson.slug}")
            assert len(list(html.root.iter())) <= 600, lesson.slug
            assert story.statements <= 8, (lesson.slug, story.statements)


# Larger letters


def test_letters_grow_without_a_script_and_stay_so(page: Page, edition: Edition) -> None:
    [size] = page.get(f"{PLACE}?tieng=hmn").forms("/chu")
    [onward] = [i.get("value") for i in size.iter("input") if i.get("name") == "tiep"]
    page.post("/chu", co="rat-to", tiep=onward)
    html = page.follow()
    assert html.root.get("data-text") == "rat-to"
    assert [words_of(b) for b in html.all("button", aria_pressed="true")] == ["Rất to"]
    assert page.get("/hoc/khoa-thu").root.get("data-text") == "rat-to"
    page.post("/chu", co="thuong", tiep=onward)
    assert page.follow().root.get("data-text") is None


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "", "javascript:1"])
def test_larger_letters_lead_nowhere_else(page: Page, edition: Edition, onward: str) -> None:
    page.post("/chu", co="to", tiep=onward)
    assert page.last is not None
    assert page.last.headers["Location"] == "/"


def test_an_unknown_size_is_not_found(page: Page, edition: Edition) -> None:
    page.post("/chu", 404, co="200%")
    page.client.set_cookie("chu", '"><script>')
    assert page.get(PLACE).root.get("data-text") is None


# Meetings


def test_a_meeting_goes_card_by_card(page: Page, edition: Edition) -> None:
    address = page.get(PLACE).href("Dùng trong buổi họp")
    assert address == f"{PLACE}/buoi-hop"
    html = page.get(address)
    assert "Mời mọi người ngồi vòng tròn" in words_of(html.one("h1"))
    assert [box.get("data-keep") for box in html.all("input", type="checkbox")] == ["viec-1", "viec-2"]
    assert words_of(html.one("div", data_timer="10")).startswith("10 phút")
    assert html.href("Bước tiếp") == f"{PLACE}/buoi-hop?buoc=2"
    last = page.get(html.href("Bước tiếp"))
    assert "Cùng chọn một việc." in last.words
    assert "lời dặn" not in last.words
    assert not [a for a in last.all("a") if "#fn" in a.get("href", "")]
    assert not last.all("div", data_timer="")
    assert last.href("Bước trước") == f"{PLACE}/buoi-hop?buoc=1"
    assert last.href("Biên bản") == f"{PLACE}/bien-ban"


@pytest.mark.parametrize(("asked", "shown"), [("0", 1), ("99", 2), ("x", 1), ("-1", 1), ("²", 1), ("1" * 50, 1)])
def test_a_step_that_is_not_there_shows_the_nearest(page: Page, edition: Edition, asked: str, shown: int) -> None:
    assert f"Bước {shown} trong 2" in page.get(f"{PLACE}/buoi-hop?buoc={asked}").words


def test_the_minutes_are_a_page_to_print(page: Page, edition: Edition) -> None:
    html = page.get(page.get(PLACE).href("In biên bản"))
    assert "Biên bản buổi họp" in words_of(html.one("h2"))
    assert len(html.all("span", class_="blank")) == 3
    assert not html.all("nav")


def test_a_lesson_without_cards_has_no_meeting(page: Page, edition: Edition) -> None:
    for ending in ("buoi-hop", "bien-ban"):
        page.get(f"/hoc/khoa-thu/bai-mot/{ending}", 404)
    assert "Dùng trong buổi họp" not in page.get("/hoc/khoa-thu/bai-mot").words


def test_the_cards_of_the_real_course_are_cut_out(story: Page) -> None:
    """Four steps stand in one lesson; it is sensitive, so its ticks are not kept."""
    html = story.get(f"/hoc/{demo.VILLAGE_COURSE}/nghe-truoc-lam-sau/buoi-hop")
    assert "Bước 1 trong 4" in html.words
    assert html.one("section", data_meeting="").get("data-unkept") is not None


def test_cards_are_cut_from_stored_html() -> None:
    parts = [
        {"html": "<p>Trước</p>" + _card("1", "10", "<h3 id='x'>Mời</h3><p>a</p>") + "<p>giữa</p>"},
        {"check": "q-x"},
        {"html": _card("2", "", '<p>b<sup id="r"><a class="footnote-ref" href="#fn-1">1</a></sup></p>') + "<p>sau</p>"},
    ]
    one, two = step_cards(parts)
    assert (one.number, one.minutes, one.title_html, one.html) == ("1", 10, "Mời", "<p>a</p>")
    assert (two.number, two.minutes, two.title_html, two.html) == ("2", 0, "", "<p>b</p>")


def _card(number: str, minutes: str, body: str) -> str:
    told = f'<span data-minutes="{minutes}">{minutes} phút</span>' if minutes else ""
    return (
        '<section class="callout callout--step"><p class="callout__kind"><span>Bước</span>'
        f'<b>{number}</b>{told}</p><div class="callout__body">\n{body}\n</div></section>'
    )


# Drawn numbers


def check_of(html: Html) -> Element:
    return html.one("form", id="q-gop")


def seed_of(html: Html) -> int:
    [value] = [i.get("value", "") for i in check_of(html).iter("input") if i.get("name") == "q-gop-so"]
    return int(value)


def right_answer(html: Html) -> str:
    """4 × amount × months, read off the page as a person would."""
    asked = words_of(check_of(html))
    found = re.search(r"mỗi chị ([\d.]+) đồng một tháng. Sau (\d+) tháng", asked)
    assert found, asked
    return str(4 * int(found[1].replace(".", "")) * int(found[2]))


def test_numbers_stay_until_one_asks_for_others(page: Page, edition: Edition) -> None:
    page.as_("cadre")
    html = page.get(PLACE)
    assert seed_of(html) == seed_of(page.get(PLACE)) == first_seed(str(course.person_id("cadre")), "q-gop")
    assert seed_of(page.as_("official").get(PLACE)) != seed_of(html)
    page.as_("cadre").post(f"{PLACE}/tra-loi/q-gop", **{"q-gop": "1", "q-gop-so": str(seed_of(html))})
    wrong = page.get(PLACE)
    assert "Chưa đúng" in words_of(check_of(wrong))
    assert right_answer(wrong) == right_answer(html)
    page.post(f"{PLACE}/tra-loi/q-gop", **{"q-gop": right_answer(html), "q-gop-so": str(seed_of(html))})
    done = page.get(PLACE)
    assert "Đúng vậy." in words_of(check_of(done))
    assert f"= {int(right_answer(html)):,} đồng".replace(",", ".") in words_of(check_of(done))
    again = page.get(done.href("Làm với số khác").split("#")[0])
    assert seed_of(again) != seed_of(html)
    assert "Đúng vậy." not in words_of(check_of(again))
    page.post(f"{PLACE}/tra-loi/q-gop", **{"q-gop": right_answer(again), "q-gop-so": str(seed_of(again))})
    assert "Đúng vậy." in words_of(check_of(page.get(PLACE)))
    assert seed_of(page.get(PLACE)) == seed_of(again)


def test_any_answer_is_rebuilt_from_its_seed(page: Page, edition: Edition) -> None:
    html = page.as_("cadre").get(PLACE)
    page.post(f"{PLACE}/tra-loi/q-gop", **{"q-gop": right_answer(html), "q-gop-so": str(seed_of(html))})
    [fact] = db.scalars(select(StudyEvent).where(StudyEvent.question_key == "q-gop"))
    assert fact.seed == seed_of(html)
    question = drawn(courses.questions_of(courses.edition_of("khoa-thu").id)["q-gop"], fact.seed)
    assert mark(question, fact.answer).right is fact.right is True
    [progress] = db.scalars(select(Progress))
    assert answers_from_json(progress.answers)["q-gop"].seed == fact.seed


def test_a_stranger_gets_the_numbers_of_the_day_and_may_go_on(page: Page, edition: Edition) -> None:
    html = page.get(PLACE)
    assert seed_of(html) == first_seed(clock.today().isoformat(), "q-gop")
    shown = page.post(f"{PLACE}/tra-loi/q-gop", 200, **{"q-gop": right_answer(html), "q-gop-so": str(seed_of(html))})
    assert "Đúng vậy." in words_of(check_of(shown))
    seen = {right_answer(html)}
    for _ in range(3):
        shown = page.get(shown.href("Làm với số khác").split("#")[0])
        fields = {"q-gop": right_answer(shown), "q-gop-so": str(seed_of(shown))}
        assert right_answer(shown) not in seen or len(seen) > 1
        seen.add(right_answer(shown))
        shown = page.post(f"{PLACE}/tra-loi/q-gop", 200, **fields)
        assert "Đúng vậy." in words_of(check_of(shown))
    assert not db.scalars(select(StudyEvent)).all()


@pytest.mark.parametrize("seed", ["", "x", "-1", str(2**53), "1" * 400, "1.5"])
def test_a_seed_that_cannot_be_is_replaced_online(page: Page, edition: Edition, seed: str) -> None:
    page.as_("cadre")
    page.post(f"{PLACE}/tra-loi/q-gop", **{"q-gop": right_answer(page.get(PLACE)), "q-gop-so": seed})
    assert "Đúng vậy." in words_of(check_of(page.get(PLACE)))


@pytest.mark.parametrize(
    ("seed", "outcome"),
    [
        (7, "stored"),
        ("8", "stored"),
        (-1, "quarantined"),
        (2**53, "quarantined"),
        (True, "quarantined"),
        ([], "quarantined"),
    ],
)
def test_a_phone_may_send_a_seed(edition: Edition, seed: object, outcome: str) -> None:
    question = queries.known_question(edition.course_id, "q-gop")
    wanted = drawn(question, int(seed) if isinstance(seed, int | str) else 0).value
    payload = {"course": "khoa-thu", "lesson": "k-bai-hai", "question": "q-gop", "answer": str(wanted), "seed": seed}
    event = inbox.Sent(new_id(), "phone", "p", 1, actions.ANSWER, payload, clock.now(), 0)
    [line] = inbox.take([event], by=course.actor("cadre"))
    assert line.outcome == outcome
    if outcome == "stored":
        assert db.get_one(StudyEvent, event.id).right is True


def test_a_question_with_fixed_numbers_keeps_no_seed(edition: Edition) -> None:
    fact = actions.answer(edition, "k-bai-mot", "q-single", ["b"], seed=5, by=course.actor("cadre"))
    assert fact.seed is None
    assert fact.right is True


def test_seeds_are_bounded_and_go_on(edition: Edition) -> None:
    question = queries.known_question(edition.course_id, "q-gop")
    seed = first_seed("ai đó", "q-gop")
    assert 0 <= seed < SEEDS
    assert drawn(question, next_seed(question, seed)).value != drawn(question, seed).value
    assert next_seed(question, SEEDS - 1) < SEEDS
    assert [bounded(one) for one in (0, "12", SEEDS, -1, "", "٣", None, True, 1.5)] == [0, 12, *[None] * 7]


# Leaving quickly


def test_pages_of_a_sensitive_lesson_are_left_quickly_and_named_neutrally(page: Page) -> None:
    whole.publish(sensitive=True)
    for ending in ("", "/buoi-hop", "/bien-ban"):
        html = page.get(f"{PLACE}{ending}")
        assert words_of(html.one("title")) == "Bài 2 · Nếp mới"
        assert [a.get("href") for a in html.all("a", data_behaviour="leave")] == ["/"]
        assert page.last is not None
        assert page.last.headers["Cache-Control"] == "no-store"


def test_other_lessons_are_named(page: Page, edition: Edition) -> None:
    assert words_of(page.get(PLACE).one("title")) == "Bài 2. Họp nhóm · Nếp mới"
    assert not page.get(f"{PLACE}/buoi-hop").all("a", data_behaviour="leave")
