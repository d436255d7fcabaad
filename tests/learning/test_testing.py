"""The final test: what opens it, the draw, keeping, submitting, results, limits, and who sees an attempt."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import func, select

from lms.core.db import db
from lms.core.ids import to_address
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import FinalTest, draw
from lms.learning import actions, queries
from lms.learning.models import Purpose, TestAttempt
from lms.learning.rules import asking
from tests.learning import course
from tests.page import Html, Page, words_of

TEST = "/hoc/khoa-thu/kiem-tra"


def finish_all(edition: Edition, key: str) -> None:
    for lesson in courses.outline(edition.id):
        actions.finish_lesson(edition, lesson.key, by=course.actor(key))


def start(edition: Edition, key: str, purpose: Purpose = Purpose.FINAL) -> TestAttempt:
    return actions.start_attempt(edition, course.person_id(key), purpose, by=course.actor(key))


def rights(attempt: TestAttempt, wrong: int = 0) -> dict[str, list[str]]:
    """Right answers to all questions but the first few."""
    return {
        question.id: [option.key for option in question.options if option.right is (place >= wrong)][:1]
        for place, question in enumerate(queries.questions_of_attempt(attempt))
    }


def take(edition: Edition, key: str, wrong: int = 0) -> TestAttempt:
    attempt = start(edition, key)
    actions.keep_answers(attempt, rights(attempt, wrong), by=course.actor(key))
    return actions.submit(attempt, by=course.actor(key))


def test_the_test_opens_after_the_lessons(edition: Edition) -> None:
    with pytest.raises(actions.LessonsAreNotFinished):
        start(edition, "cadre")
    finish_all(edition, "cadre")
    assert start(edition, "cadre").number == 1


def test_an_attempt_is_rebuilt_from_its_seed(edition: Edition) -> None:
    finish_all(edition, "cadre")
    attempt = start(edition, "cadre")
    rule = FinalTest.from_json(edition.test or {})
    assert draw(courses.test_pool(attempt.edition_id), rule, attempt.seed) == attempt.question_keys
    assert len(attempt.question_keys) == 4
    goals = {question.goal for question in queries.questions_of_attempt(attempt)}
    assert goals == {"mot", "hai"}
    [one, two] = [
        [asking.ask(question, question.id, seed=attempt.seed) for question in queries.questions_of_attempt(attempt)]
        for _ in range(2)
    ]
    assert one == two


def test_an_unfinished_attempt_is_gone_on_with(edition: Edition) -> None:
    finish_all(edition, "cadre")
    attempt = start(edition, "cadre")
    actions.keep_answers(attempt, dict(list(rights(attempt).items())[:2]), by=course.actor("cadre"))
    again = start(edition, "cadre")
    assert again.id == attempt.id
    assert len(again.answers) == 2
    assert db.scalar(select(func.count(TestAttempt.id))) == 1


def test_attempts_are_limited_and_numbered(edition: Edition) -> None:
    finish_all(edition, "cadre")
    assert [take(edition, "cadre", wrong=3).number for _ in range(3)] == [1, 2, 3]
    with pytest.raises(actions.NoAttemptIsLeft):
        start(edition, "cadre")
    assert queries.next_step(course.person_id("cadre")) is not None


def test_what_is_passed_is_not_taken_again(edition: Edition) -> None:
    finish_all(edition, "cadre")
    attempt = take(edition, "cadre", wrong=1)
    assert (attempt.right, attempt.passed) == (3, True)
    with pytest.raises(actions.TestIsPassed):
        start(edition, "cadre")


def test_submitting_twice_is_once(edition: Edition) -> None:
    finish_all(edition, "cadre")
    attempt = take(edition, "cadre", wrong=2)
    before = (attempt.submitted_at, attempt.right, attempt.passed)
    assert before[1:] == (2, False)
    with pytest.raises(actions.TestIsSubmitted):
        actions.keep_answers(attempt, rights(attempt), by=course.actor("cadre"))
    again = actions.submit(attempt, by=course.actor("cadre"))
    assert (again.submitted_at, again.right, again.passed) == before


def test_tests_before_and_after_a_class_need_no_lessons_and_count_apart(edition: Edition) -> None:
    before = start(edition, "official", Purpose.PRE)
    actions.keep_answers(before, rights(before), by=course.actor("official"))
    assert actions.submit(before, by=course.actor("official")).passed is True
    assert (start(edition, "official", Purpose.PRE).number, start(edition, "official", Purpose.POST).number) == (2, 1)
    assert queries.next_step(course.person_id("official")) is None
    assert queries.studies_of([course.person_id("official")]) == []
    assert queries.completed_studies() == []


def test_an_attempt_keeps_the_questions_of_its_edition(edition: Edition) -> None:
    finish_all(edition, "cadre")
    attempt = start(edition, "cadre")
    course.publish(attempts=2, confirmed=True)
    actions.keep_answers(attempt, rights(attempt), by=course.actor("cadre"))
    assert actions.submit(attempt, by=course.actor("cadre")).right == 4


# Pages


def choose(html: Html, words: str, most: int = 9) -> dict[str, list[str]]:
    """What the form sends when the first choices with these words are picked."""
    fields: dict[str, list[str]] = {"questions": [i.get("value", "") for i in html.all("input", name="questions")]}
    for label in html.all("label", class_="choice"):
        box = label.find("input")
        if box is not None and words in words_of(label) and len(fields) <= most:
            fields.setdefault(box.get("name", ""), [box.get("value", "")])
    return fields


def begin(page: Page, edition: Edition, key: str = "cadre") -> str:
    """Signed in, lessons done, an attempt open: its address."""
    finish_all(edition, key)
    page.as_(key).post(TEST)
    assert page.last is not None
    return page.last.headers["Location"]


def dots(html: Html) -> list[Element]:
    return html.all("a", class_="dot--s")


def test_a_stranger_is_asked_to_sign_in(page: Page, edition: Edition) -> None:
    page.raw("GET", TEST)
    assert page.last is not None
    assert page.last.headers["Location"] == f"/dang-nhap?tiep={TEST}"


def test_the_page_says_in_one_sentence_what_is_missing(page: Page, edition: Edition) -> None:
    actions.finish_lesson(edition, "k-bai-mot", by=course.actor("cadre"))
    html = page.as_("cadre").get(TEST)
    assert "Bài kiểm tra mở khi học xong tất cả các bài; còn 2 bài." in html.words
    assert html.href("Học bài 2") == "/hoc/khoa-thu/bai-hai"
    assert not html.forms(TEST)
    refused = page.post(TEST, 409)
    assert "Bài kiểm tra mở khi học xong tất cả các bài." in refused.words


def test_a_course_without_a_test_has_no_such_page(page: Page) -> None:
    course.publish(test=False)
    page.as_("cadre").get(TEST, 404)
    page.post(TEST, 404)


def test_the_whole_way_through_a_test(page: Page, edition: Edition) -> None:
    finish_all(edition, "cadre")
    page.as_("cadre")
    html = page.get(TEST)
    assert "Còn 3 lần làm." in html.words
    page.post(html.forms(TEST)[0].get("action", ""))
    html = page.follow()
    address = html.one("form", id="bai-lam").get("action", "")
    assert (len(html.all("a", class_="dot")), len(dots(html))) == (4, 0)
    for secret in ("Vì là", "Chưa phải", "choice--right"):
        assert secret not in html.text
    page.post(address, **choose(html, "Nên chọn", most=2))
    assert len(dots(page.follow())) == 2
    assert "Làm tiếp" in page.get(TEST).words
    page.post(f"{address}/nop", **choose(page.get(address), "Nên chọn", most=3))
    html = page.follow()
    assert "Còn 1 câu chưa trả lời" in words_of(html.one("h1"))
    assert db.scalar(select(TestAttempt.submitted_at)) is None
    page.post(f"{address}/nop", confirmed="1")
    html = page.follow()
    assert words_of(html.one("h1")) == "Được 3 trên 4, cần 3."
    assert "Đã đạt." in html.words
    assert html.text.count("choice--right") == 3
    assert page.get(TEST).href("Lần 1") == f"{address}/ket-qua"
    assert len(queries.completed_studies()) == 1
    assert "Đã học xong khóa này." in page.get("/hoc/khoa-thu").words


def test_a_failed_test_names_the_lessons_to_read_again(page: Page, edition: Edition) -> None:
    address = begin(page, edition)
    page.post(f"{address}/nop", **choose(page.get(address), "Không phải"))
    html = page.follow()
    assert "Được 0 trên 4, cần 3." in html.words
    assert "Nên xem lại bài 1 và bài 2, rồi làm lại." in html.words
    assert html.href("bài 2") == "/hoc/khoa-thu/bai-hai"
    assert "Chưa phải" in html.text
    assert "Vì là" not in html.text
    assert html.href("Làm lại") == TEST
    page.get(TEST)
    page.post(TEST)
    assert page.last is not None
    assert page.last.headers["Location"] != address


def test_after_the_last_attempt_the_page_says_so(page: Page) -> None:
    edition = course.publish(attempts=1)
    address = begin(page, edition)
    page.post(f"{address}/nop", **choose(page.get(address), "Không phải"))
    assert "Đã làm đủ 1 lần." in page.follow().words
    assert "Đã làm đủ 1 lần." in page.get(TEST).words
    assert "Đã dùng hết số lần làm bài." in page.post(TEST, 409).words


def test_submitting_a_page_twice_is_once(page: Page, edition: Edition) -> None:
    address = begin(page, edition)
    fields = choose(page.get(address), "Nên chọn")
    for _ in range(2):
        page.post(f"{address}/nop", **fields)
        assert page.last is not None
        assert page.last.headers["Location"] == f"{address}/ket-qua"
    page.post(address, **choose(page.get(f"{address}/ket-qua"), "Không phải"))
    assert page.last.headers["Location"] == f"{address}/ket-qua"
    assert db.scalar(select(TestAttempt.right)) == 4


def test_open_pages_of_a_submitted_attempt_lead_to_its_result(page: Page, edition: Edition) -> None:
    address = begin(page, edition)
    page.raw("GET", f"{address}/ket-qua")
    assert page.last is not None
    assert page.last.headers["Location"] == address
    page.post(f"{address}/nop", **choose(page.get(address), "Nên chọn"))
    for place in (address, f"{address}/nop"):
        assert page.raw("GET", place).headers["Location"] == f"{address}/ket-qua"


def test_a_tick_taken_away_is_taken_away(page: Page, edition: Edition) -> None:
    address = begin(page, edition)
    html = page.get(address)
    page.post(address, **choose(html, "Nên chọn"))
    assert len(dots(page.get(address))) == 4
    page.post(address, questions=choose(html, "")["questions"])
    assert len(dots(page.get(address))) == 0


def test_a_live_request_keeps_answers_and_gets_the_dots(page: Page, edition: Edition) -> None:
    address = begin(page, edition)
    fields = {"csrf_token": page._token(), **choose(page.get(address), "Nên chọn", most=2)}
    answer = page.raw("POST", address, data=fields, headers={"HX-Request": "true"})
    piece = Html(answer.text, whole=False)
    assert not piece.faults
    assert len(dots(piece)) == 2
    assert "Đã lưu bài làm." in piece.words


def test_anothers_attempt_is_not_there(page: Page, edition: Edition) -> None:
    finish_all(edition, "cadre")
    attempt = start(edition, "cadre")
    address = f"{TEST}/{to_address(attempt.id)}"
    for key in ("official", "coordinator", "trainer", "administrator"):
        page.as_(key)
        for place in (address, f"{address}/nop", f"{address}/ket-qua"):
            page.get(place, 404)
        for place in (address, f"{address}/nop"):
            page.post(place, 404, confirmed="1")
    assert db.scalar(select(TestAttempt.submitted_at)) is None


def test_an_attempt_belongs_to_its_course(page: Page, edition: Edition) -> None:
    address = begin(page, edition)
    page.get(address.replace("khoa-thu", "khoa-khac"), 404)
