"""From a draft without faults to an edition: what it holds, what it changes, who may publish it, how a phone shows it."""

from __future__ import annotations

import io
from datetime import date
from xml.etree.ElementTree import Element

from flask import Flask
from sqlalchemy import func, select

from lms import demo
from lms.authoring import access, queries
from lms.authoring.models import Draft
from lms.core.actor import Role
from lms.core.db import action, db
from lms.core.history import HistoryEntry
from lms.core.ids import to_address
from lms.courses.models import Course, Edition
from lms.courses.queries import current_edition
from lms.people.actions import grant
from lms.people.queries import actor_of
from lms.units.models import Organisation
from lms.units.queries import womens_union_of
from tests.courses import sample
from tests.page import Html, Page, words_of

LESSON, ASKED = "01-gioi/02-viec-nha.md", "01-gioi/02-viec-nha.cau-hoi.md"


def _upload(page: Page, files: dict[str, bytes]) -> Html:
    page.post("/soan", package=(io.BytesIO(sample.zipped(files, sample.SLUG)), "khoa.zip"))
    return page.follow()


def _spaced(element: Element) -> str:
    return " ".join(words_of(child) for child in element)


def _address() -> str:
    return f"/soan/{to_address(db.scalars(select(Draft.id).order_by(Draft.uploaded_at.desc())).first())}"


def _union(code: str) -> Organisation:
    found = womens_union_of(demo.place(code).id)
    assert found is not None
    return found


@action
def _teach_at(key: str, code: str) -> None:
    grant(demo.member(key), Role.TRAINER, demo.place(code), by=demo.DEMO, begins=date(2025, 7, 1))


def test_a_draft_tells_what_it_holds(app: Flask, page: Page) -> None:
    files = sample.files()
    files[LESSON] += "\nNăm 2024 có 4.500 người học.\n".encode()
    html = _upload(page.as_("trainer"), files)
    assert words_of(html.one("h1")) == sample.TITLE
    rows = {_spaced(row) for row in html.all("tr")}
    for words in ("Chuyên đề 2", "Bài học 3", "Câu hỏi 6", "điền số 2", "đúng, sai 1", "Nói đúng tuổi kết hôn 3"):
        assert words in rows, (words, rows)
    assert f"{LESSON} · dòng 17" in html.words and "chưa có chú thích nguồn" in html.words
    assert "Khóa mới, chưa có bản nào" in html.words and html.forms("phat-hanh")
    assert page.statements <= 16


def test_publishing_a_new_course(app: Flask, page: Page) -> None:
    html = _upload(page.as_("trainer"), sample.files())
    options = [words_of(option) for option in html.one("select", name="owner").iter("option")]
    assert options[0] == _union(demo.THANH_HOA).name and _union(demo.XUAN_DU).name in options
    page.post(f"{_address()}/phat-hanh", owner=to_address(_union(demo.XUAN_DU).id))
    html = page.follow()
    assert words_of(html.one("h1")) == sample.TITLE and "Đã phát hành bản 1" in html.words
    edition = db.scalars(select(Edition)).one()
    assert edition.course.owner_id == _union(demo.XUAN_DU).id
    assert edition.published_by_id == demo.member("trainer").id
    assert db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "authoring.publish")).one().details["number"] == 1
    assert "Bản 1" in page.get("/soan").words
    html = page.get(_address())
    assert "giống hệt bản 1" in html.words and not html.forms("phat-hanh")
    page.post(f"{_address()}/phat-hanh")
    assert db.scalar(select(func.count()).select_from(Edition)) == 1


def test_the_zip_is_the_same_edition_as_the_folder_from_disk(app: Flask, page: Page) -> None:
    digest = sample.publish(owner=sample.union()).digest
    html = _upload(page.as_("trainer"), sample.files())
    assert "giống hệt bản 1" in html.words
    page.post(f"{_address()}/phat-hanh")
    assert db.scalars(select(Edition.digest)).all() == [digest]


def test_a_draft_tells_what_it_changes(app: Flask, page: Page) -> None:
    sample.publish(owner=sample.union())
    files = sample.files()
    files[LESSON] = files[LESSON].replace("Việc nhà là việc chung".encode(), "Việc nhà của cả nhà".encode())
    files[ASKED] += "\n## Ai trông con?   {#q-trong-con type=short goal=phan-biet}\n= cả hai\n".encode()
    files["01-gioi/01-hai-tu.cau-hoi.md"] = b"\n\n" + files["01-gioi/01-hai-tu.cau-hoi.md"]
    html = _upload(page.as_("trainer"), files)
    changes = [_spaced(item) for item in html.all("li", class_="change")]
    assert changes == ["sửa Việc nhà của cả nhà viec-nha", "mới Ai trông con? q-trong-con"]
    assert "Khác bản 1 đang dùng" in html.words and not html.all("input", name="confirmed")


def test_dropped_ids_need_a_tick(app: Flask, page: Page) -> None:
    course_id = sample.publish(owner=sample.union()).course_id
    files = sample.files()
    del files[LESSON], files[ASKED]
    html = _upload(page.as_("trainer"), files)
    changes = [_spaced(item) for item in html.all("li", class_="change")]
    assert [words.split()[0] for words in changes] == ["bỏ", "bỏ"] and html.one("input", name="confirmed") is not None
    html = page.post(f"{_address()}/phat-hanh", 409)
    assert "q-viec-nha, viec-nha" in html.words
    db.expire_all()
    assert current_edition(course_id).number == 1  # type: ignore[union-attr]
    page.post(f"{_address()}/phat-hanh", confirmed="y")
    db.expire_all()
    assert current_edition(course_id).number == 2  # type: ignore[union-attr]


def test_who_may_publish(app: Flask, page: Page) -> None:
    """A trainer of a commune: a new course of hers, never the neighbour's, the province's or one that nobody owns."""
    _teach_at("coordinator", demo.XUAN_DU)
    actor = actor_of(demo.member("coordinator"))
    assert access.can_publish(actor, _union(demo.XUAN_DU))
    for owner in (_union(demo.YEN_THO), _union(demo.THANH_HOA), None):
        assert not access.can_publish(actor, owner)
    assert all(access.can_publish(actor, one) for one in queries.owners_for(actor))
    changed = sample.files(title="Tên mới")
    for code in (demo.YEN_THO, demo.THANH_HOA, ""):
        slug = f"khoa-{code}x"
        sample.publish(sample.files(slug), owner=_union(code) if code else None)
        html = _upload(
            page.as_("coordinator"), {**changed, "course.toml": sample.files(slug, title="Tên mới")["course.toml"]}
        )
        assert "không phát hành thay được" in html.words and not html.forms("phat-hanh")
        page.post(f"{_address()}/phat-hanh", 403, owner=to_address(_union(demo.XUAN_DU).id))
        assert db.scalars(select(Course.title).where(Course.slug == slug)).one() == sample.TITLE
    _upload(page, changed)
    page.post(f"{_address()}/phat-hanh", 422, owner=to_address(_union(demo.YEN_THO).id))
    page.post(f"{_address()}/phat-hanh")
    assert db.scalars(select(Course.owner_id).where(Course.slug == sample.SLUG)).one() == _union(demo.XUAN_DU).id


def test_a_refused_text_is_told_on_the_page(app: Flask, page: Page) -> None:
    files = sample.files()
    files[LESSON] = files[LESSON].replace("Việc nhà là việc chung".encode(), ("dài " * 60).encode())
    _upload(page.as_("trainer"), files)
    html = page.post(f"{_address()}/phat-hanh", 409)
    assert "Viết ngắn lại" in html.words and db.scalar(select(func.count()).select_from(Course)) == 0


def test_a_preview_as_a_phone_shows_it(app: Flask, page: Page) -> None:
    _upload(page.as_("trainer"), sample.files())
    html = page.get(f"{_address()}/xem/hai-tu")
    frame = html.one("iframe")
    assert frame.get("width") == "360" and frame.get("src") == f"{_address()}/xem/hai-tu?khung=1"
    assert "400 kbps" in html.words and "Nặng quá" not in html.words
    assert len(html.all("a", aria_current="page")) == 1
    inside = page.get(frame.get("src", ""))
    assert words_of(inside.one("h1")) == "Hai từ, hai nghĩa" and not inside.all("header") and not inside.all("nav")
    assert inside.one("section", class_="callout--story") is not None
    assert len(inside.all("input", type="radio")) == 2 and words_of(inside.one("ul", class_="key")) == "Sai"
    picture = page.raw("GET", inside.one("img").get("src", ""))
    assert picture.data == sample.PICTURE.encode() and picture.mimetype == "image/svg+xml"
    assert (
        picture.headers["Content-Security-Policy"].endswith("sandbox")
        and picture.headers["Cache-Control"] == "no-store"
    )
    second = page.get(f"{_address()}/xem/viec-nha?khung=1")
    assert second.href("phiếu") == "#phieu"
    page.get(f"{_address()}/xem/khong-co", 404)


def test_answers_and_sources_of_a_draft_are_no_files(app: Flask, page: Page) -> None:
    _upload(page.as_("trainer"), sample.files())
    for path in sample.files():
        status = page.raw("GET", f"{_address()}/tep/{path}").status_code
        assert status == (200 if path.endswith(".svg") else 404), path


def test_a_heavy_lesson_is_told_in_red(app: Flask, page: Page) -> None:
    files = sample.files()
    noise = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\xd0\x00\x00\x01\x90" + bytes(90_000)
    files["01-gioi/anh.png"] = noise
    files[LESSON] += "\n![Ảnh sân nhà](anh.png)\n".encode()
    _upload(page.as_("trainer"), files)
    html = page.get(f"{_address()}/xem/viec-nha")
    assert "Nặng quá 60 KB" in words_of(html.one("p", class_="notice--bad")) and "01-gioi/anh.png" in html.words
