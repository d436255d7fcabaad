"""The time of the final test: told, kept to with two minutes' grace, and what was kept is submitted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.models import Purpose, TestAttempt
from tests.learning import course, whole
from tests.page import Html, Page, words_of

TEST = "/hoc/khoa-thu/kiem-tra"
BEGUN = datetime(2026, 11, 26, 3, 22, tzinfo=UTC)  # 10:22 in Việt Nam


@pytest.fixture
def edition(app: object) -> Iterator[Edition]:
    """The course with a test of twenty minutes, its lessons done."""
    with at(-60):
        whole.publish(minutes=20)
        published = courses.edition_of(course.SLUG)
        for lesson in courses.outline(published.id):
            actions.finish_lesson(published, lesson.key, by=course.actor("cadre"))
    yield published


def at(minutes: float) -> AbstractContextManager[None]:
    """So many minutes after the beginning."""
    return clock.stopped(BEGUN + timedelta(minutes=minutes))


def start(edition: Edition) -> TestAttempt:
    return actions.start_attempt(edition, course.person_id("cadre"), Purpose.FINAL, by=course.actor("cadre"))


def rights(attempt: TestAttempt, most: int = 9) -> dict[str, list[str]]:
    questions = queries.questions_of_attempt(attempt)[:most]
    return {one.id: [option.key for option in one.options if option.right] for one in questions}


def begin(page: Page) -> str:
    with at(0):
        page.as_("cadre").post(TEST)
    assert page.last is not None
    return page.last.headers["Location"]


def choose(html: Html) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {"questions": [i.get("value", "") for i in html.all("input", name="questions")]}
    for label in html.all("label", class_="choice"):
        box = label.find("input")
        if box is not None and "Nên chọn" in words_of(label):
            fields[box.get("name", "")] = [box.get("value", "")]
    return fields


def test_the_limit_is_told_before_and_during(page: Page, edition: Edition) -> None:
    with at(0):
        assert "Làm trong 20 phút, tính từ lúc bắt đầu." in page.as_("cadre").get(TEST).words
    address = begin(page)
    with at(1):
        assert "Làm xong trước 10:42." in page.get(address).words


def test_answers_are_kept_until_two_minutes_after_the_end(edition: Edition) -> None:
    with at(0):
        attempt = start(edition)
        assert attempt.ends_at == BEGUN + timedelta(minutes=20)
    with at(22):
        actions.keep_answers(attempt, rights(attempt, 2), by=course.actor("cadre"))
    with at(22.1), pytest.raises(actions.TimeIsOver):
        actions.keep_answers(attempt, rights(attempt), by=course.actor("cadre"))
    with at(30):
        done = actions.submit(attempt, by=course.actor("cadre"))
    assert (done.right, done.passed) == (2, False)


@pytest.mark.parametrize("ending", ["", "/nop"])
def test_what_comes_late_is_refused_and_what_was_kept_is_submitted(page: Page, edition: Edition, ending: str) -> None:
    address = begin(page)
    with at(5):
        fields = choose(page.get(address))
        page.post(address, **{**fields, "questions": fields["questions"][:3]})
    with at(23):
        page.post(f"{address}{ending}", **fields)
        assert page.last is not None
        assert page.last.headers["Location"] == f"{address}/ket-qua"
        html = page.follow()
    assert "Đã hết giờ làm bài. Những câu đã lưu trước đó được nộp." in html.words
    assert "Được 3 trên 4" in html.words
    attempt = db.scalars(select(TestAttempt)).one()
    assert (attempt.right, attempt.submitted_at) == (3, BEGUN + timedelta(minutes=23))


def test_a_live_request_that_comes_late_leads_to_the_result(page: Page, edition: Edition) -> None:
    address = begin(page)
    with at(23):
        answer = page.raw("POST", address, data={"csrf_token": page._token()}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"{address}/ket-qua")


def test_an_attempt_opened_late_asks_to_submit_what_was_kept(page: Page, edition: Edition) -> None:
    address = begin(page)
    with at(23):
        page.raw("GET", address)
        assert page.last is not None
        assert page.last.headers["Location"] == f"{address}/nop"
        html = page.get(f"{address}/nop")
        assert "Đã hết giờ làm bài" in words_of(html.one("h1"))
        assert "Làm tiếp" not in html.words
        assert db.scalars(select(TestAttempt.submitted_at)).one() is None
        page.post(f"{address}/nop", confirmed="1")
        assert "Được 0 trên 4" in page.follow().words


def test_beginning_again_after_the_end_submits_the_one_begun(page: Page, edition: Edition) -> None:
    address = begin(page)
    with at(23):
        page.post(TEST)
        assert page.last is not None
        assert page.last.headers["Location"] == address
        assert page.raw("GET", address).headers["Location"] == f"{address}/ket-qua"
        page.post(TEST)
        assert page.last.headers["Location"] != address
    assert len(db.scalars(select(TestAttempt)).all()) == 2


def test_what_is_passed_in_time_completes(edition: Edition) -> None:
    with at(0):
        attempt = start(edition)
        actions.keep_answers(attempt, rights(attempt), by=course.actor("cadre"))
    with at(40):
        assert actions.submit(attempt, by=course.actor("cadre")).passed is True
    assert queries.passed_at(course.person_id("cadre"), edition.course_id) == BEGUN + timedelta(minutes=40)


def test_a_test_without_limit_has_no_end(app: object) -> None:
    whole.publish()
    edition = courses.edition_of(course.SLUG)
    for lesson in courses.outline(edition.id):
        actions.finish_lesson(edition, lesson.key, by=course.actor("cadre"))
    attempt = start(edition)
    assert attempt.ends_at is None
    assert not queries.is_over(attempt)


def test_attempts_are_listed_first_best_last(page: Page, edition: Edition) -> None:
    ids = []
    for minute, count in ((0, 1), (30, 2), (60, 0)):
        with at(minute):
            attempt = start(edition)
            actions.keep_answers(attempt, rights(attempt, count), by=course.actor("cadre"))
            ids.append(actions.submit(attempt, by=course.actor("cadre")).id)
    html = page.as_("cadre").get(TEST)
    rows = [words_of(a) for a in html.all("a", class_="row")]
    assert ["lần đầu" in row for row in rows] == [True, False, False]
    assert ["cao nhất" in row for row in rows] == [False, True, False]
    assert ["gần nhất" in row for row in rows] == [False, False, True]
    again = page.get(html.href("Lần 2"))
    assert "Được 2 trên 4" in again.words
    assert again.words.count("Đúng vậy.") == 2
    assert len(again.all("a", class_="row")) >= 3
    found = queries.standouts(queries.attempts_of(course.person_id("cadre"), edition.course_id))
    assert found is not None
    assert [found.first.id, found.best.id, found.last.id] == ids
