"""The page of improvements: for authors only, advice first, tables that are downloaded, one edition at a time."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from lms.core import clock
from lms.core.db import db, transaction
from lms.core.sheets import read
from lms.courses.models import Edition
from lms.learning.models import Evaluation, Purpose
from tests.learning import course
from tests.learning.test_insight import persons, study, take
from tests.page import Page, words_of

PAGE = "/soan/khoa/khoa-thu/cai-tien"


def _learned() -> Edition:
    """Thirty learners as in the item analysis, eleven before and after, six who stopped, five who evaluated."""
    edition = course.publish()
    rows = 10 * ["1110"] + 10 * ["1001"] + 5 * ["010c"] + 5 * ["0000"]
    long_ago = clock.now() - timedelta(days=30)
    with transaction():
        for number, (person_id, right) in enumerate(zip(persons(30), rows, strict=True)):
            stopped = {"last_at": long_ago, "last_lesson_key": "k-bai-hai"} if number < 6 else {}
            study(edition, person_id, **stopped)
            take(edition, person_id, right)
            if number < 11:
                take(edition, person_id, "11", Purpose.PRE, keys=["q-thi-5", "q-thi-6"])
                take(edition, person_id, "10", Purpose.POST, keys=["q-thi-7", "q-thi-8"])
        for person_id in persons(5):
            db.add(Evaluation(study_id=study(edition, person_id).id, edition_id=edition.id, useful=1, clear=4, will_use=4,
                              comment="Chữ <nhỏ> quá", given_at=clock.now()))  # fmt: skip
    return edition


def test_what_to_improve_comes_first(app: Flask, page: Page) -> None:
    _learned()
    html = page.as_("trainer").get(PAGE)
    first = [words_of(item) for item in html.all("li", data_item="")]
    assert "nhiều người chọn" in first[0] and "thi-cuoi-khoa.md:" in first[0]
    assert any("“Biết điều thứ hai”: trước khi học đúng 100%, sau khi học đúng 0%" in line for line in first)
    assert any("Người học đánh giá thấp" in line for line in first)
    assert html.all("a", href="/soan/khoa/khoa-thu/cau-hoi#q-thi-4")
    assert "Chữ <nhỏ> quá" in html.words and "-0,32" in html.words
    assert page.statements <= 14


def test_each_table_is_downloaded(app: Flask, page: Page) -> None:
    _learned()
    page.as_("trainer")
    expected = {"cau-hoi": 8, "tu-kiem-tra": 0, "bai": 3, "muc-tieu": 2, "danh-gia": 8}
    for name, count in expected.items():
        for kind in ("csv", "xlsx"):
            answer = page.raw("GET", f"{PAGE}?bang={name}&tep={kind}")
            assert answer.headers["X-Rows"] == str(count), name
            assert len(read(answer.data)) >= count + 1
    items = read(page.raw("GET", f"{PAGE}?bang=cau-hoi&tep=csv").data)
    assert items[1].cells[0] == "q-thi-1" and items[1].cells[4:7] == ("30", "67%", "0.69")


def test_an_empty_edition_says_so(app: Flask, page: Page) -> None:
    course.publish()
    html = page.as_("administrator").get(PAGE)
    assert "Chưa thấy chỗ nào cần sửa" in html.words and "Chưa đủ 5 người đánh giá" in html.words


def test_an_edition_is_chosen(app: Flask, page: Page) -> None:
    edition = _learned()
    number = edition.number
    course.publish(attempts=9)
    page.as_("trainer")
    assert "Chưa thấy chỗ nào cần sửa" in page.get(PAGE).words
    html = page.get(f"{PAGE}?ban={number}")
    assert "nhiều người chọn" in html.words
    assert html.one("a", aria_current="true", class_="chip").get("href") == f"{PAGE}?ban={number}"
    assert "Chưa thấy chỗ nào cần sửa" in page.get(f"{PAGE}?ban=x").words


def test_only_authors_see_it(app: Flask, page: Page) -> None:
    course.publish()
    assert page.raw("GET", PAGE).status_code == 303
    for key in ("cadre", "coordinator", "planner", "auditor"):
        assert page.as_(key).raw("GET", PAGE).status_code == 404
    assert page.as_("trainer").raw("GET", "/soan/khoa/khong-co/cai-tien").status_code == 404
