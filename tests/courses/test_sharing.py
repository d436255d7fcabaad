"""What other places show of a course: link pictures, machine-read data, a card for frames, the feed, the QR."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask, render_template
from PIL import Image

from lms.core import card
from lms.core.ids import new_id
from lms.core.settings import settings, use
from lms.courses import queries
from lms.courses.rules.feed import ATOM, NEWEST, Entry, feed
from tests.courses import sample
from tests.page import Html, Page, words_of

SITE = "http://localhost"
PAGE = f"{SITE}/khoa-hoc/thu-nghiem"


def _told(html: Html) -> dict[str, str]:
    return {meta.get("property", ""): meta.get("content", "") for meta in html.all("meta") if meta.get("property")}


def test_the_page_tells_other_places_what_it_is(app: Flask, page: Page) -> None:
    sample.publish()
    html = page.get("/khoa-hoc/thu-nghiem")
    told = _told(html)
    assert told["og:title"] == sample.TITLE and told["og:url"] == PAGE and told["og:type"] == "website"
    assert told["og:description"] == "Một khóa ngắn để thử: ba bài, sáu câu hỏi."
    assert told["og:image"] == f"{PAGE}/anh.png?ban=1"
    assert html.one("link", rel="canonical").get("href") == PAGE


def test_the_setting_names_the_public_address(app: Flask, page: Page) -> None:
    sample.publish()
    kept = use(replace(settings(), public_url="https://hoc.example.vn/"))
    try:
        assert _told(page.get("/khoa-hoc/thu-nghiem"))["og:url"] == "https://hoc.example.vn/khoa-hoc/thu-nghiem"
        assert b"https://hoc.example.vn/khoa-hoc/thu-nghiem" in page.raw("GET", "/khoa-hoc/moi.xml").data
    finally:
        use(replace(kept, public_url=""))


def test_machines_read_a_course_in_microdata(app: Flask, page: Page) -> None:
    sample.publish()
    html = page.get("/khoa-hoc/thu-nghiem")
    scope = html.one("div", itemtype="https://schema.org/Course")
    read = {
        e.get("itemprop"): e.get("content") or e.get("href") or words_of(e) for e in scope.iter() if e.get("itemprop")
    }
    assert read["name"] and read["url"] == PAGE and read["courseMode"] == "online" and read["courseWorkload"] == "PT30M"
    assert [e.get("content") for e in scope.iter() if e.get("itemprop") == "teaches"] == [
        "Phân biệt được giới và giới tính", "Nói đúng tuổi kết hôn"
    ]  # fmt: skip
    assert not [script for script in html.all("script") if not script.get("src")]


def test_a_lesson_is_told_neutrally_when_it_is_sensitive(app: Flask) -> None:
    edition = sample.publish()
    with app.test_request_context("/"):
        shown = {
            lesson.slug: _told(Html(render_template("courses/_meta.html", edition=edition, lesson=lesson), whole=False))
            for lesson in queries.outline(edition.id)
        }
    assert shown["hai-tu"]["og:type"] == "article" and sample.TITLE in shown["hai-tu"]["og:description"]
    assert shown["hai-tu"]["og:url"] == f"{SITE}/hoc/thu-nghiem/hai-tu"
    assert shown["tu-du"]["og:description"] == "Một bài học."


def test_the_picture_is_the_size_that_others_want(app: Flask, page: Page) -> None:
    sample.publish()
    answer = page.raw("GET", "/khoa-hoc/thu-nghiem/anh.png")
    assert answer.headers["Content-Type"] == "image/png" and "public" in answer.headers["Cache-Control"]
    with Image.open(io.BytesIO(answer.data)) as drawn:
        assert drawn.size == (1200, 630) and len(answer.data) < 120_000
    again = page.raw("GET", "/khoa-hoc/thu-nghiem/anh.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_letters_with_two_marks_are_drawn_each_in_its_own_way() -> None:
    """Another mark gives another picture, and none falls back to an empty box as a letter without a form does."""
    drawn = {
        title: card.draw(card.Card("", title, "", "", 4)) for title in ("Ễ", "Ề", "Ê", "ộ", "ợ", "đ", "d", "\U0010fffd")
    }
    assert len(set(drawn.values())) == len(drawn)
    assert card.draw(card.Card("", "Ễ", "", "", 4)) == drawn["Ễ"]


def test_the_card_goes_into_frames_elsewhere(app: Flask, page: Page) -> None:
    sample.publish()
    html = page.get("/khoa-hoc/thu-nghiem/the")
    assert page.last is not None
    policy = page.last.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "default-src 'none'" in policy and "frame-ancestors 'self'" not in policy
    assert "X-Frame-Options" not in page.last.headers and "Set-Cookie" not in page.last.headers
    assert not html.all("script") and not html.all("form")
    link = html.one("a", class_="button")
    assert (link.get("href"), link.get("target"), link.get("rel")) == ("/khoa-hoc/thu-nghiem", "_blank", "noopener")
    page.get("/khoa-hoc/thu-nghiem")
    assert "frame-ancestors 'self'" in page.last.headers["Content-Security-Policy"]


def test_the_share_fold_has_the_link_the_words_the_code_and_the_frame(app: Flask, page: Page) -> None:
    sample.publish()
    html = page.get("/khoa-hoc/thu-nghiem")
    fold = html.one("details", id="chia-se")
    areas = [words_of(area) for area in fold.iter("textarea")]
    assert areas[0].startswith(sample.TITLE) and areas[0].endswith(PAGE)
    assert areas[1].startswith(f'<iframe src="{PAGE}/the"') and areas[1].endswith("</iframe>")
    assert next(fold.iter("input")).get("value") == PAGE
    answer = page.raw("GET", next(fold.iter("img")).get("src", ""))
    assert answer.headers["Content-Type"] == "image/svg+xml" and ElementTree.fromstring(answer.data).tag.endswith("svg")
    assert page.get("/khoa-hoc/thu-nghiem") and page.statements <= 4


def test_of_a_closed_course_nothing_is_shown_elsewhere(app: Flask, page: Page) -> None:
    sample.publish(sample.files(is_open=False))
    addresses = [f"/khoa-hoc/thu-nghiem/{one}" for one in ("anh.png", "the", "ma-vuong.svg")]
    assert [page.raw("GET", one).status_code for one in addresses] == [404] * 3
    page.as_("trainer")
    assert [page.raw("GET", one).status_code for one in addresses] == [404] * 3
    html = page.get("/khoa-hoc/thu-nghiem")
    assert not _told(html) and not html.all("details", id="chia-se") and not html.all("meta", itemprop="url")
    for one in ("moi.xml", "so-do.xml"):
        assert b"thu-nghiem" not in page.raw("GET", f"/khoa-hoc/{one}").data


def test_the_feed_is_valid_atom(app: Flask, page: Page) -> None:
    sample.publish(sample.files(title="Khóa <đầu> & hai"))
    answer = page.raw("GET", "/khoa-hoc/moi.xml")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{{{ATOM}}}feed"
    assert [root.findtext(f"{{{ATOM}}}{name}") for name in ("id", "title")] == [
        f"{SITE}/khoa-hoc/moi.xml",
        "Nếp mới: khóa học mới",
    ]
    [entry] = root.findall(f"{{{ATOM}}}entry")
    assert entry.findtext(f"{{{ATOM}}}title") == "Khóa <đầu> & hai"
    assert (entry.findtext(f"{{{ATOM}}}id") or "").startswith("urn:uuid:")
    for name in ("updated", "published"):
        datetime.strptime(entry.findtext(f"{{{ATOM}}}{name}") or "", "%Y-%m-%dT%H:%M:%SZ")
    assert [link.get("href") for link in entry.findall(f"{{{ATOM}}}link")] == [PAGE]
    assert page.get("/khoa-hoc").one("link", rel="alternate").get("href") == "/khoa-hoc/moi.xml"


def test_the_feed_holds_the_newest_thirty() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    entries = [Entry(new_id(), f"{SITE}/{n}", f"Khóa {n}\x00", "", day, day + timedelta(days=n)) for n in range(40)]
    root = ElementTree.fromstring(feed(entries, title="Mới", site=SITE, address=f"{SITE}/x", now=day))
    titles = [entry.findtext(f"{{{ATOM}}}title") for entry in root.findall(f"{{{ATOM}}}entry")]
    assert len(titles) == NEWEST and titles[0] == "Khóa 39" and titles[-1] == "Khóa 10"
    assert root.findtext(f"{{{ATOM}}}updated") == "2026-02-09T00:00:00Z"
    empty = ElementTree.fromstring(feed([], title="Mới", site=SITE, address=f"{SITE}/x", now=day))
    assert empty.findtext(f"{{{ATOM}}}updated") == "2026-01-01T00:00:00Z"


def test_the_map_of_the_site_names_open_courses(app: Flask, page: Page) -> None:
    sample.publish()
    root = ElementTree.fromstring(page.raw("GET", "/khoa-hoc/so-do.xml").data)
    assert [node.text for node in root.iter() if node.tag.endswith("loc")] == [PAGE]


@pytest.mark.parametrize("who", ["trainer", "administrator"])
def test_authors_are_led_to_what_learners_teach(app: Flask, page: Page, who: str) -> None:
    sample.publish()
    assert page.as_(who).get("/khoa-hoc/thu-nghiem").href("nên sửa gì trước") == "/soan/khoa/thu-nghiem/cai-tien"
    assert "nên sửa gì trước" not in page.as_("cadre").get("/khoa-hoc/thu-nghiem").words
