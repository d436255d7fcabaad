"""The parallel forms before and after a course: offered, taken once each, told by goal, answers only at the end."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.core.db import db
from lms.core.refusal import NotFound
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import Forms, form_order
from lms.learning import actions, queries
from lms.learning.models import Purpose, TestAttempt
from lms.learning.rules.gains import Gain, Share, gains
from lms.people.models import Person
from tests.learning import course, whole
from tests.page import Html, Page, words_of

STUDY, BEFORE, AFTER = "/hoc/khoa-thu", "/hoc/khoa-thu/truoc", "/hoc/khoa-thu/sau"


@pytest.fixture
def edition(app: object) -> Edition:
    """The course with everything, published."""
    whole.publish()
    return courses.edition_of(course.SLUG)


def choose(html: Html, *rights: bool) -> dict[str, list[str]]:
    """The fields of the form when the first questions are answered right or wrong."""
    fields: dict[str, list[str]] = {"questions": [i.get("value", "") for i in html.all("input", name="questions")]}
    for section, right in zip(html.all("section", class_="test__question"), rights, strict=False):
        for label in section.iter("label"):
            box = label.find("input")
            if box is not None and ("Nên chọn" in words_of(label)) is right:
                fields[box.get("name", "")] = [box.get("value", "")]
    return fields


def take(page: Page, address: str, *rights: bool) -> Html:
    """Take a form from its page to its result."""
    page.post(address)
    html = page.follow()
    [submit] = [b.get("formaction", "") for b in html.all("button") if b.get("formaction")]
    page.post(submit, **choose(html, *rights))
    return page.follow()


def finish_all(edition: Edition, key: str) -> None:
    for lesson in courses.outline(edition.id):
        actions.finish_lesson(edition, lesson.key, by=course.actor(key))


def start(edition: Edition, key: str, purpose: Purpose, form: str = "") -> TestAttempt:
    return actions.start_attempt(edition, course.person_id(key), purpose, form=form, by=course.actor(key))


def test_before_is_offered_until_a_lesson_is_finished(page: Page, edition: Edition) -> None:
    html = page.as_("cadre").get(STUDY)
    assert html.href("Làm bài trước khi học") == BEFORE
    assert html.href("Bắt đầu học") == "/hoc/khoa-thu/bai-mot"
    assert page.get(BEFORE).href("Bỏ qua") == STUDY
    actions.finish_lesson(edition, "k-bai-mot", by=course.actor("cadre"))
    assert "trước khi học" not in page.get(STUDY).words
    assert "không làm bài trước khi học nữa" in page.get(BEFORE).words
    assert "không làm bài trước khi học nữa" in page.post(BEFORE, 409).words
    assert not db.scalars(select(TestAttempt)).all()


def test_a_stranger_is_asked_to_sign_in(page: Page, edition: Edition) -> None:
    assert "trước khi học" not in page.get(STUDY).words
    for address in (BEFORE, AFTER):
        page.raw("GET", address)
        assert page.last is not None
        assert page.last.headers["Location"] == f"/dang-nhap?tiep={address}"


def test_a_course_without_forms_has_no_such_pages(page: Page) -> None:
    course.publish()
    for address in (BEFORE, AFTER):
        page.as_("cadre").get(address, 404)
        page.post(address, 404)
    assert not page.get(STUDY).forms(BEFORE)


def test_what_came_out_before_is_told_by_goal_without_answers(page: Page, edition: Edition) -> None:
    html = take(page.as_("cadre"), BEFORE, True, False)
    assert "Được 1 trên 2." in words_of(html.one("h1"))
    assert "Biết điều thứ nhất" in html.words and "Biết điều thứ hai" in html.words
    for secret in ("Vì là", "Chưa phải", "Nên chọn", "Câu đề"):
        assert secret not in html.words, secret
    assert "Trước khi học: 1 trên 2." in page.get(STUDY).words
    assert "chỉ làm một lần" in page.post(BEFORE, 409).words
    attempt = db.scalars(select(TestAttempt)).one()
    assert (attempt.purpose, attempt.passed, attempt.right) == (Purpose.PRE, None, 1)


def test_after_opens_with_the_last_lesson_and_tells_the_gain(page: Page, edition: Edition) -> None:
    take(page.as_("cadre"), BEFORE, False, False)
    assert "còn 3 bài" in page.get(AFTER).words
    assert "Bài kiểm tra mở khi học xong tất cả các bài." in page.post(AFTER, 409).words
    finish_all(edition, "cadre")
    assert page.get(STUDY).href("Làm bài sau khi học") == AFTER
    html = take(page, AFTER, True, True)
    assert "Trước khi học được 0 trên 2." in html.words
    assert html.words.count("Trước 0 trên 1, nay 1 trên 1: hơn trước.") == 2
    assert len(html.all("{http://www.w3.org/2000/svg}svg", class_="bar")) == 4
    assert html.words.count("Vì là") == 2
    earlier = page.get(html.href("Xem bài trước khi học"))
    assert "Chưa phải" in earlier.words
    assert "Sau khi học: 2 trên 2." in page.get(STUDY).words
    assert "chỉ làm một lần" in page.post(AFTER, 409).words


def test_after_without_before_is_told_alone(page: Page, edition: Edition) -> None:
    finish_all(edition, "cadre")
    html = take(page.as_("cadre"), AFTER, True, False)
    assert "Không có bài trước khi học để so." in html.words
    assert "hơn trước" not in html.words
    assert len(html.all("{http://www.w3.org/2000/svg}svg", class_="bar")) == 2


def test_one_form_before_the_other_after(edition: Edition) -> None:
    forms = Forms.from_json(edition.forms or {})
    seen = set()
    for key in ("cadre", "official", "head", "newcomer", "trainer", "coordinator"):
        attempt = start(edition, key, Purpose.PRE)
        person = db.get_one(Person, course.person_id(key))
        assert attempt.form == ("a" if person.canonical_id.int % 2 == 0 else "b")
        assert form_order(forms.a if attempt.form == "a" else forms.b, attempt.seed) == attempt.question_keys
        actions.submit(attempt, by=course.actor(key))
        finish_all(edition, key)
        after = start(edition, key, Purpose.POST)
        assert {attempt.form, after.form} == {"a", "b"}
        seen.add(attempt.form)
    assert seen == {"a", "b"}


def test_an_unfinished_form_is_gone_on_with_even_after_a_lesson(page: Page, edition: Edition) -> None:
    begun = start(edition, "cadre", Purpose.PRE)
    actions.finish_lesson(edition, "k-bai-mot", by=course.actor("cadre"))
    assert start(edition, "cadre", Purpose.PRE).id == begun.id
    assert "Làm tiếp" in page.as_("cadre").get(BEFORE).words


def test_a_class_takes_a_form_whatever_was_studied_online(edition: Edition) -> None:
    finish_all(edition, "cadre")
    before = start(edition, "cadre", Purpose.PRE, form="b")
    assert before.form == "b"
    assert start(edition, "official", Purpose.POST, form="a").form == "a"
    for purpose, form in ((Purpose.PRE, "c"), (Purpose.FINAL, "a"), (Purpose.PRACTICE, "")):
        with pytest.raises(NotFound):
            start(edition, "head", purpose, form=form)


def test_forms_pass_nothing_and_complete_nothing(edition: Edition) -> None:
    attempt = start(edition, "cadre", Purpose.PRE)
    right = {one.id: [o.key for o in one.options if o.right] for one in queries.questions_of_attempt(attempt)}
    actions.keep_answers(attempt, right, by=course.actor("cadre"))
    assert (actions.submit(attempt, by=course.actor("cadre")).right, attempt.passed) == (2, None)
    assert queries.passed_at(course.person_id("cadre"), edition.course_id) is None
    assert queries.next_step(course.person_id("cadre")) is None


def test_gains_compare_shares_in_the_order_of_goals() -> None:
    before = {"hai": Share(1, 2), "mot": Share(2, 2), "xa": Share(0, 1)}
    after = {"mot": Share(1, 2), "hai": Share(2, 3)}
    found = gains(before, after, ["mot", "hai", "ba", "xa"])
    assert [(one.goal, one.change) for one in found] == [("mot", -1), ("hai", 1), ("xa", 0)]
    assert gains(None, after, ["mot"]) == [Gain("mot", None, Share(1, 2))]
    assert gains(None, after, ["mot"])[0].change == 0
