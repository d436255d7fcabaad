"""The evaluation at the end: when it opens, what it keeps, that it may be changed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.learning import actions
from lms.learning.actions.evaluating import LessonsAreLeft, StepIsMissing, evaluate
from lms.learning.models import Evaluation
from lms.learning.queries.insight import evaluation_of
from tests.learning import course
from tests.page import Page, words_of

PAGE = "/hoc/khoa-thu/danh-gia"


def finish_all(edition: Edition, key: str) -> None:
    for lesson in courses.outline(edition.id):
        actions.finish_lesson(edition, lesson.key, by=course.actor(key))


def test_it_opens_at_the_end(edition: Edition, page: Page) -> None:
    page.as_("cadre")
    html = page.get(PAGE)
    assert "Học xong các bài rồi mới đánh giá được" in html.words and not html.forms("danh-gia")
    assert "Học xong các bài" in page.post(PAGE, 409, useful="4", clear="4", will_use="4").words
    with pytest.raises(LessonsAreLeft):
        evaluate(courses.edition_of(course.SLUG), 4, 4, 4, by=course.actor("cadre"))
    finish_all(courses.edition_of(course.SLUG), "cadre")
    assert len(page.get(PAGE).all("input", type="radio")) == 12
    assert page.statements <= 8


def test_it_is_kept_and_may_be_changed(edition: Edition, page: Page) -> None:
    finish_all(edition, "cadre")
    page.as_("cadre").post(PAGE, useful="4", clear="3", will_use="2", comment="  Thêm   tranh ")
    assert "Đã nhận ý kiến" in page.follow().words
    html = page.get(PAGE)
    picked = [(radio.get("name"), radio.get("value")) for radio in html.all("input", checked="")]
    assert picked == [("useful", "4"), ("clear", "3"), ("will_use", "2")]
    assert words_of(html.one("textarea", name="comment")) == "Thêm tranh"
    page.post(PAGE, useful="1", clear="1", will_use="1", comment="")
    [kept] = db.scalars(select(Evaluation))
    assert (kept.useful, kept.clear, kept.will_use, kept.comment) == (1, 1, 1, "")
    found = evaluation_of(course.person_id("cadre"), courses.edition_of(course.SLUG).course_id)
    assert found is not None and found.id == kept.id
    told = db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "learning.evaluate")).all()
    assert len(told) == 2 and "Thêm tranh" not in str([entry.details for entry in told])


def test_each_question_needs_a_step(edition: Edition, page: Page) -> None:
    finish_all(edition, "cadre")
    page.as_("cadre")
    html = page.post(PAGE, 422, useful="4", will_use="9", comment="Giữ nguyên")
    assert "Chọn một mức cho câu này" in html.words
    assert words_of(html.one("textarea", name="comment")) == "Giữ nguyên"
    assert page.post(PAGE, 422, useful="4", clear="4", will_use="4", comment="a" * 501)
    with pytest.raises(StepIsMissing):
        evaluate(courses.edition_of(course.SLUG), 0, 4, 4, by=course.actor("cadre"))
    assert db.scalars(select(Evaluation)).all() == []


def test_a_stranger_is_asked_to_sign_in(edition: Edition, page: Page) -> None:
    assert page.raw("GET", PAGE).status_code == 303
    assert page.as_("cadre").raw("GET", "/hoc/khong-co/danh-gia").status_code == 404


def test_evaluations_are_erased_with_their_person(edition: Edition) -> None:
    finish_all(edition, "cadre")
    evaluate(edition, 4, 4, 4, "Tên tôi là Ánh", by=course.actor("cadre"))
    actions.forget(course.person_id("cadre"), by=course.actor("administrator"))
    assert db.scalars(select(Evaluation.comment)).all() in ([], [""])
