"""A course's page, its handouts, its files: open to all, or hidden whole."""

from __future__ import annotations

import hashlib
import re

from flask import Flask

from lms import demo
from lms.core.settings import data_folder
from lms.courses import queries, rules
from lms.courses.actions import publish_folder
from tests.courses import sample
from tests.page import Page, words_of

DIGEST = hashlib.sha256(sample.PICTURE.encode()).hexdigest()
SOUND = b"OggS" + bytes(range(256)) * 40


def _with_sound(is_open: bool = True) -> dict[str, bytes]:
    files = sample.files(is_open=is_open)
    files["01-gioi/nghe.ogg"], files["01-gioi/nghe.txt"] = SOUND, "Lời trong bài.".encode()
    files["01-gioi/02-viec-nha.md"] += "\n![Nghe bài](nghe.ogg)\n".encode()
    return files


def test_the_page_of_a_course(app: Flask, page: Page) -> None:
    sample.publish()
    html = page.get("/khoa-hoc/thu-nghiem")
    assert words_of(html.one("h1")) == sample.TITLE
    assert html.href("Học từ bài 1") == "/hoc/thu-nghiem/hai-tu"
    assert html.href("Việc nhà là việc chung") == "/hoc/thu-nghiem/viec-nha"
    assert html.href("Đủ tuổi mới cưới") == "/hoc/thu-nghiem/tu-du"
    assert html.href("Phiếu thẻ việc") == "/khoa-hoc/thu-nghiem/tai-lieu/phieu"
    for words in (
        "Trưởng thôn, chi hội trưởng", "3 bài · 0,5 giờ", "kiểm tra 3 câu, đạt từ 2 câu", "làm được 2 lần", "Chuyên đề 2",
        "Nói đúng tuổi kết hôn", "CC BY-SA 4.0", "Đề cương của người soạn", "73/2006/QH11", "Bản 1, phát hành ngày",
    ):  # fmt: skip
        assert words in html.words, words
    assert page.statements <= 4
    answer = page.raw("GET", "/khoa-hoc/thu-nghiem", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) < 6_000


def test_a_closed_course_is_hidden_whole_from_strangers(app: Flask, page: Page) -> None:
    sample.publish(_with_sound(is_open=False))
    nothing = page.raw("GET", "/khoa-hoc/khong-co").data
    assert page.raw("GET", "/khoa-hoc/thu-nghiem").data == nothing
    assert page.raw("GET", "/khoa-hoc/thu-nghiem/tai-lieu/phieu").data == nothing
    assert page.raw("GET", f"/tep/{DIGEST}/tranh.svg").status_code == 404
    page.as_("newcomer").get("/khoa-hoc/thu-nghiem")
    answer = page.raw("GET", f"/tep/{DIGEST}/tranh.svg")
    assert answer.status_code == 200 and answer.headers["Cache-Control"].startswith("private")


def test_closing_a_course_closes_its_earlier_files(app: Flask, page: Page) -> None:
    sample.publish()
    assert page.raw("GET", f"/tep/{DIGEST}/tranh.svg").status_code == 200
    sample.publish(sample.files(is_open=False))
    assert page.raw("GET", f"/tep/{DIGEST}/tranh.svg").status_code == 404


def test_a_handout_to_print(app: Flask, page: Page) -> None:
    sample.publish()
    html = page.get("/khoa-hoc/thu-nghiem/tai-lieu/phieu")
    assert words_of(html.one("h1")) == "Phiếu thẻ việc" and "đi họp" in html.words
    assert html.one("button", data_behaviour="print").get("hidden") is not None
    page.get("/khoa-hoc/thu-nghiem/tai-lieu/khong-co", 404)


def test_a_picture_is_kept_for_a_year_and_can_do_nothing(app: Flask, page: Page) -> None:
    sample.publish()
    answer = page.raw("GET", f"/tep/{DIGEST}/tranh.svg")
    assert answer.data == sample.PICTURE.encode() and answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_only_what_pages_point_to_is_served(app: Flask, page: Page) -> None:
    sample.publish()
    for path, content in sample.files().items():
        name, digest = path.rsplit("/", 1)[-1], hashlib.sha256(content).hexdigest()
        assert page.raw("GET", f"/tep/{digest}/{name}").status_code == (200 if name == "tranh.svg" else 404), path
    for address in (f"/tep/{DIGEST}/khac.svg", f"/tep/{DIGEST}/svg", f"/tep/{'0' * 64}/tranh.svg", "/tep/../tranh.svg"):
        assert page.raw("GET", address).status_code == 404, address


def test_sound_comes_in_parts(app: Flask, page: Page) -> None:
    assert rules.read_files(_with_sound()).media
    sample.publish(_with_sound())
    address = f"/tep/{hashlib.sha256(SOUND).hexdigest()}/nghe.ogg"
    whole = page.raw("GET", address)
    assert whole.data == SOUND and whole.mimetype == "audio/ogg" and whole.headers["Accept-Ranges"] == "bytes"
    part = page.raw("GET", address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, SOUND[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
    rest = page.raw("GET", address, headers={"Range": "bytes=10000-", "If-Range": whole.headers["ETag"]})
    assert (rest.status_code, rest.data) == (206, SOUND[10000:])
    assert page.raw("GET", address, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert page.raw("GET", address, headers={"Range": "bytes=999999-"}).status_code == 416


def test_the_whole_programme_shows(app: Flask, page: Page) -> None:
    """Every published course of `courses/`: its page, its handouts, every file its lessons point to."""
    for folder in sorted(path.parent for path in data_folder("courses").glob("*/course.toml")):
        edition = publish_folder(folder, owner=None, by=demo.DEMO)
        digest, handouts = edition.digest, [one["slug"] for one in edition.handouts]
        html = page.get(f"/khoa-hoc/{folder.name}")
        assert len([e for e in html.all("a") if e.get("href", "").startswith(f"/hoc/{folder.name}/")]) > 1
        for slug in handouts:
            page.get(f"/khoa-hoc/{folder.name}/tai-lieu/{slug}")
        parts = [part for one in queries.outline(queries.edition_of(folder.name).id) for part in one.parts]
        addresses = set(re.findall(r"/tep/[0-9a-f]{64}/[^\"<]+", " ".join(part.get("html", "") for part in parts)))
        assert addresses and "%file:" not in str(parts)
        for address in addresses:
            assert page.raw("GET", address).status_code == 200, address
        assert publish_folder(folder, owner=None, by=demo.DEMO).digest == digest


def test_a_module_begins_with_its_own_words(page: Page) -> None:
    files = {**sample.files()}
    files["01-gioi/chuyen-de.md"] += "\nHai bài về hai từ hay bị lẫn.\n".encode()
    sample.publish(files)
    assert "Hai bài về hai từ hay bị lẫn." in page.get(f"/khoa-hoc/{sample.SLUG}").words
