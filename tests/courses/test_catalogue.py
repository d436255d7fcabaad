"""The catalogue: read by anyone, found without marks, closed courses only for who signed in."""

from __future__ import annotations

from flask import Flask

from lms.core.settings import data_folder
from lms.core.sheets import read
from lms.courses import queries
from lms.courses.rules import read_folder
from lms.courses.rules.audiences import AUDIENCES
from lms.web.gate import policy_of
from tests.courses import sample
from tests.page import Html, Page, words_of


def _three() -> None:
    sample.publish()
    other = sample.files("to-tiet-kiem", title="Tổ tiết kiệm ở bản")
    other["course.toml"] = other["course.toml"].replace(b"component = 4", b"component = 2")
    other["course.toml"] = other["course.toml"].replace(b'["village_head", "branch_head"]', b'["group_member"]')
    sample.publish(other)
    sample.publish(sample.files("khoa-kin", title="Khóa kín", is_open=False))


def _titles(html: Html) -> list[str]:
    return [words_of(e) for e in html.all("span", class_="course__title")]


def test_filters_and_search(app: Flask) -> None:
    _three()
    assert [one.course.slug for one in queries.catalogue()] == ["to-tiet-kiem", "thu-nghiem"]
    assert [one.course.slug for one in queries.catalogue(closed=True)] == ["to-tiet-kiem", "khoa-kin", "thu-nghiem"]
    assert [one.course.slug for one in queries.catalogue(2)] == ["to-tiet-kiem"]
    assert [one.course.slug for one in queries.catalogue(audience="branch_head")] == ["thu-nghiem"]
    assert [one.course.slug for one in queries.catalogue(typed="long ghep GIOI")] == ["thu-nghiem"]
    assert queries.catalogue(typed="%") == [] and queries.catalogue(1, typed="to") == []
    assert queries.marks()[0] == {"village_head", "branch_head", "group_member"}


def test_anyone_reads_the_catalogue(app: Flask, page: Page) -> None:
    _three()
    html = page.get("/khoa-hoc")
    assert _titles(html) == ["Tổ tiết kiệm ở bản", sample.TITLE]
    assert "2 khóa" in html.words and len(html.all("li", data_item="")) == 2
    assert [e.get("class") for e in html.all("span", class_="swatch")] == ["swatch swatch--2", "swatch swatch--4"]
    assert page.statements <= 3 and policy_of(app.view_functions["courses.catalogue"]).public  # type: ignore[union-attr]


def test_search_without_marks_over_http(app: Flask, page: Page) -> None:
    _three()
    html = page.get("/khoa-hoc?tim=long+ghep+gioi")
    assert _titles(html) == [sample.TITLE] and "1 khóa" in html.words
    assert html.one("input", name="tim").get("value") == "long ghep gioi"
    assert "Chưa có khóa nào" in page.get("/khoa-hoc?tim=khong-co-dau").words


def test_chips_keep_the_other_filters(app: Flask, page: Page) -> None:
    _three()
    html = page.get("/khoa-hoc?noi-dung=4&tim=long")
    assert html.one("a", href="/khoa-hoc?noi-dung=2&tim=long") is not None
    assert words_of(html.all("a", aria_current="true")[0]).startswith("Nội dung 4")
    labels = [words_of(e) for e in html.all("a", class_="chip")]
    assert "Cán bộ thôn, bản" in labels and "Giảng viên nguồn" not in labels
    assert page.get("/khoa-hoc?noi-dung=9&nguoi-hoc=khong-co").all("li", data_item="")
    assert _titles(page.get("/khoa-hoc?nguoi-hoc=group_member")) == ["Tổ tiết kiệm ở bản"]


def test_closed_courses_show_to_who_signed_in(app: Flask, page: Page) -> None:
    _three()
    assert "Khóa kín" not in page.get("/khoa-hoc").words
    html = page.as_("newcomer").get("/khoa-hoc")
    assert "Khóa kín" in html.words and "đăng nhập để đọc" in html.words


def test_the_list_as_a_file(app: Flask, page: Page) -> None:
    _three()
    answer = page.raw("GET", "/khoa-hoc?tep=csv&noi-dung=4")
    rows = read(answer.data)
    assert answer.headers["X-Rows"] == "1" and rows[1].cells[:2] == (sample.SLUG, sample.TITLE)


def test_an_empty_catalogue_says_so(app: Flask, page: Page) -> None:
    assert "Chưa có khóa nào" in page.get("/khoa-hoc").words


def test_thirteen_courses_are_found_by_content_audience_and_level(story: Page) -> None:
    """Each course of the repository, by each of its three marks."""
    folders = sorted(data_folder("courses").glob("*/course.toml"))
    assert len(folders) == 13
    assert len(story.get("/khoa-hoc").all("a", class_="course")) == 13
    for path in folders:
        found = read_folder(path.parent)
        audience = next(key for key in found.audience if key in AUDIENCES)
        for mark in (f"noi-dung={found.component}", f"nguoi-hoc={audience}", f"cap={found.level}"):
            assert story.get(f"/khoa-hoc?{mark}").all("a", href=f"/khoa-hoc/{found.id}"), (found.id, mark)
