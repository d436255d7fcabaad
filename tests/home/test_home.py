"""The first page of each role, the lists behind its numbers, search, a person's record."""

from __future__ import annotations

import pytest

from lms import demo
from lms.core.ids import to_address
from tests.page import Page, words_of


def _home(story: Page, who: str) -> str:
    html = story.as_(who).get("/")
    return html.words


def test_a_stranger_sees_the_programme_and_its_courses(story: Page) -> None:
    html = story.get("/")
    assert "Học ở thôn mình" in html.words and "Chương trình 3" in html.words
    assert "Quách" not in html.words


def test_a_cadre_is_greeted_as_she_chose_and_goes_on_where_she_stopped(story: Page) -> None:
    html = story.as_("cadre").get("/")
    assert "Chào chị Ánh." in html.words
    assert html.href("Học tiếp").startswith("/hoc/lgg-3-thon-ban/")
    assert html.one("progress").get("value") == "6"


def test_somebody_new_begins(story: Page) -> None:
    html = story.as_("newcomer").get("/")
    assert "Chào Dợ." in html.words and html.href("Bắt đầu học")


def test_a_coordinator_has_her_tasks_and_four_numbers(story: Page) -> None:
    html = story.as_("coordinator").get("/")
    assert "Việc cần làm" in html.words and "buổi chưa chốt điểm danh" in html.words
    assert len(html.one("dl", class_="four").findall("div")) == 4


def test_a_planner_sees_no_number_of_the_register_before_a_reason(story: Page) -> None:
    words = _home(story, "planner")
    assert "Ai đã được tập huấn" in words and "quy hoạch" not in words


@pytest.mark.parametrize("who", [member.key for member in demo.CAST])
def test_everybody_has_a_first_page(story: Page, who: str) -> None:
    assert _home(story, who)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_lists_behind_numbers_go_out_with_their_count(story: Page, ending: str) -> None:
    story.as_("coordinator")
    shown = story.get("/viec/nguoi").all("tr", data_item="")
    answer = story.raw("GET", f"/viec/nguoi?tep={ending}")
    assert answer.headers["X-Rows"] == str(len(shown)) and len(shown) > 30
    if ending == "csv":
        assert f"#rows={len(shown)},sha256=" in answer.data.decode("utf-8-sig")


def test_a_list_is_for_those_with_a_role(story: Page) -> None:
    story.as_("cadre").get("/viec/nguoi", 404)
    story.as_("coordinator").get("/viec/khong-co", 404)


@pytest.mark.parametrize(
    ("typed", "found"), [("ngoc anh", "Lường Thị Ngọc Ánh"), ("HBLA", "H'Blă Niê Kdăm"), ("dot 2", "đợt 2")]
)
def test_search_without_marks(story: Page, typed: str, found: str) -> None:
    html = story.as_("coordinator").get(f"/tim?tim={typed}")
    assert any(found in words_of(link) for link in html.all("a", class_="row"))


def test_two_women_of_one_name_and_year_are_both_found(story: Page) -> None:
    html = story.as_("coordinator").get("/tim?tim=quach thi hien")
    assert (
        len([a for a in html.all("a", class_="row") if "Quách Thị Hiền" in words_of(a) and "1985" in words_of(a)]) >= 2
    )


def test_search_for_nothing_says_what_to_try(story: Page) -> None:
    html = story.as_("coordinator").get("/tim?tim=<script>zzz")
    assert "Không tìm thấy" in html.words


def test_a_record_is_for_herself_and_who_may_see_her(story: Page) -> None:
    head = to_address(demo.member("head").person_id)
    for who in ("head", "coordinator", "administrator"):
        html = story.as_(who).get(f"/ho-so/{head}")
        assert "hoàn thành ngày" in html.words and "Giấy chứng nhận" in html.words
    for who in ("neighbour", "cadre"):
        story.as_(who).get(f"/ho-so/{head}", 404)


def test_nobody_reads_of_the_register_on_her_own_pages(story: Page) -> None:
    """Vi Thị Thơm is in the register; no page of hers says so."""
    story.as_("official")
    person = to_address(demo.member("official").person_id)
    for address in ("/", f"/ho-so/{person}", "/toi", "/giay-to", "/lop", "/tim?tim=thom"):
        words = story.get(address).words.lower()
        assert "quy hoạch" not in words and "trúng cử" not in words and "đại biểu" not in words, address


def test_first_pages_are_small(story: Page) -> None:
    for who in ("cadre", "coordinator", "planner"):
        story.as_(who)
        answer = story.raw("GET", "/", headers={"Accept-Encoding": "gzip"})
        assert len(answer.data) < 40_000 and story.statements <= 30
