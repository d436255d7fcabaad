"""Practice: chosen by goal, answered one by one with the reason at once, kept for who is signed in."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lms.core.db import db
from lms.core.ids import to_address
from lms.core.refusal import NotFound
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import draw_practice, drawn
from lms.learning import actions, queries
from lms.learning.models import Purpose, Study, TestAttempt
from lms.learning.rules import asking
from tests.learning import course, whole
from tests.page import Html, Page, words_of

PRACTICE = "/hoc/khoa-thu/luyen-tap"


@pytest.fixture
def edition(app: object) -> Edition:
    """The course with everything, published."""
    return whole.publish()


def begin(page: Page, goal: str = "", count: int = 5) -> Html:
    page.post(PRACTICE, muc=goal, so=str(count))
    return page.follow()


def key_of(html: Html) -> str:
    """The question on the page."""
    [legend] = [e for e in html.all("legend") if (e.get("id") or "").endswith("-hoi")]
    return str(legend.get("id")).removesuffix("-hoi")


def fields_of(html: Html, seed: int, is_right: bool = True) -> dict[str, list[str]]:
    """What a form sends for a right (or wrong) answer to the question on the page, as it was shuffled."""
    key = key_of(html)
    edition = courses.edition_of(course.SLUG)
    question = drawn(courses.questions_of(edition.id)[key], seed)
    answers = course.RIGHT_ANSWERS if is_right else course.WRONG_ANSWERS
    answer = answers.get(key, str(question.value) if is_right else "1")
    for fields in _tries(html, key):
        if asking.clean(question, asking.read(question, key, fields, seed=seed)) == asking.clean(question, answer):
            return fields
    raise AssertionError(key)


def _tries(html: Html, key: str) -> list[dict[str, list[str]]]:
    """Every way to fill in the form of a question with few choices; for typed ones the texts of the small course."""
    from itertools import combinations, permutations, product  # noqa: PLC0415

    boxes = [box.get("value", "") for box in html.all("input", name=key) if box.get("type") in {"radio", "checkbox"}]
    if boxes:
        return [{key: list(some)} for size in range(1, len(boxes) + 1) for some in combinations(boxes, size)]
    rows = [one.get("name", "") for one in html.all("select")]
    if rows:
        values = [str(n) for n in range(1, len(rows) + 1)]
        ways = [*permutations(values), *product(values, repeat=len(rows))]
        return [dict(zip(rows, ([one] for one in way), strict=True)) for way in ways]
    gaps = [one.get("name", "") for one in html.all("input", class_="gap__input")]
    if gaps:
        return [{gaps[0]: ["20"], gaps[1]: [two]} for two in ("18", "17")]
    seed_free = [str(one[key]) for one in (course.RIGHT_ANSWERS, course.WRONG_ANSWERS) if key in one]
    amounts = [str(4 * gop * thang) for gop in range(20000, 50001, 5000) for thang in (3, 6, 12)]
    return [{key: [text]} for text in [*seed_free, *amounts, "1"]]


def attempt_of(page: Page) -> TestAttempt:
    db.remove()
    return db.scalars(select(TestAttempt).order_by(TestAttempt.number.desc()).limit(1)).one()


def test_one_chooses_a_goal_and_how_many(page: Page, edition: Edition) -> None:
    html = page.get(PRACTICE)
    assert "Biết điều thứ nhất (8 câu)" in html.words
    assert "Biết điều thứ hai (1 câu)" in html.words
    assert page.get("/hoc/khoa-thu").href("Luyện tập") == PRACTICE


def test_a_course_without_questions_for_practice_has_no_such_page(page: Page) -> None:
    edition = course.publish()
    assert queries.goals_to_practise(edition)
    page.get("/hoc/khong-co/luyen-tap", 404)


def test_practice_asks_only_what_it_may(edition: Edition) -> None:
    attempt = actions.start_practice(edition, course.person_id("cadre"), "", 99, by=course.actor("cadre"))
    keys = set(attempt.question_keys)
    assert keys == {key for key in course.RIGHT_ANSWERS if key != "q-long"} | {"q-gop"}
    only = actions.start_practice(edition, course.person_id("cadre"), "hai", 10, by=course.actor("cadre"))
    assert only.question_keys == ["q-gop"]
    with pytest.raises(actions.NothingToPractise):
        actions.start_practice(edition, course.person_id("cadre"), "khong-co", 5, by=course.actor("cadre"))


def test_a_practice_is_rebuilt_from_its_seed(edition: Edition) -> None:
    attempt = actions.start_practice(edition, course.person_id("cadre"), "mot", 5, by=course.actor("cadre"))
    pool = list(courses.questions_of(edition.id).values())
    assert draw_practice(pool, 5, attempt.seed, "mot") == attempt.question_keys
    one, two = (queries.questions_of_attempt(attempt) for _ in range(2))
    assert one == two


def test_practice_is_answered_one_by_one_and_ends_by_itself(page: Page, edition: Edition) -> None:
    html = begin(page.as_("cadre"), "mot", 5)
    first = True
    for number in range(1, 6):
        assert f"Câu {number} trong 5" in html.words
        assert "Đúng vậy" not in html.words and "Chưa đúng" not in html.words
        address = html.one("form", id="cau").get("action", "")
        page.post(address, **fields_of(html, attempt_of(page).seed, is_right=not first))
        told = page.follow()
        assert ("Chưa đúng." if first else "Đúng vậy.") in told.words
        assert not [f for f in told.all("fieldset", class_="ask") if f.get("disabled") is None]
        first = False
        html = page.get(told.href("Câu tiếp" if number < 5 else "Xem kết quả"))
    assert "Đúng 4 trên 5 câu." in words_of(html.one("h1"))
    assert html.href("Bài thứ nhất") == "/hoc/khoa-thu/bai-mot"
    ended = attempt_of(page)
    assert (ended.purpose, ended.right, ended.passed) == (Purpose.PRACTICE, 4, None)
    assert ended.submitted_at is not None
    assert queries.studies_of([course.person_id("cadre")]) == []
    assert "Đúng 4 trên 5" in page.get(PRACTICE).words


def test_the_first_answer_stays(page: Page, edition: Edition) -> None:
    html = begin(page.as_("cadre"), "mot", 5)
    seed, address = attempt_of(page).seed, html.one("form", id="cau").get("action", "")
    page.post(address, **fields_of(html, seed, is_right=False))
    page.post(address, **fields_of(html, seed, is_right=True))
    assert "Chưa đúng." in page.follow().words


def test_an_empty_answer_stays_on_its_page(page: Page, edition: Edition) -> None:
    html = begin(page.as_("cadre"), "mot", 5)
    again = page.post(html.one("form", id="cau").get("action", ""), 422)
    assert "Chưa trả lời hết câu này." in again.words
    assert attempt_of(page).answers == {}


def test_practice_is_gone_on_with_or_begun_anew(page: Page, edition: Edition) -> None:
    html = begin(page.as_("cadre"), "mot", 5)
    page.post(html.one("form", id="cau").get("action", ""), **fields_of(html, attempt_of(page).seed))
    assert "Câu 2 trong 5" in page.get(page.get(PRACTICE).href("Làm tiếp lần ấy")).words
    begin(page, "hai", 5)
    ended, now = db.scalars(select(TestAttempt).order_by(TestAttempt.number)).all()
    assert ended.submitted_at is not None and now.submitted_at is None
    assert ended.right == 1


def test_an_ended_practice_is_opened_again(page: Page, edition: Edition) -> None:
    html = begin(page.as_("cadre"), "hai", 5)
    page.post(html.one("form", id="cau").get("action", ""), **fields_of(html, attempt_of(page).seed))
    end = page.get(page.follow().href("Xem kết quả"))
    assert "Đúng 1 trên 1 câu." in end.words
    assert "Nên xem lại" not in end.words
    kept = page.get(f"{PRACTICE}/{to_address(attempt_of(page).id)}?cau=1")
    assert "Đúng vậy." in kept.words
    page.post(f"{PRACTICE}/{to_address(attempt_of(page).id)}", 404)


def test_anothers_practice_is_not_there(page: Page, edition: Edition) -> None:
    attempt = actions.start_practice(edition, course.person_id("cadre"), "", 5, by=course.actor("cadre"))
    key = to_address(attempt.id)
    address = f"{PRACTICE}/{key}"
    page.as_("official").get(address, 404)
    page.post(address, 404)
    page.as_("cadre").get(f"/hoc/khoa-thu/kiem-tra/{key}", 404)
    page.post(f"/hoc/khoa-thu/kiem-tra/{key}/nop", 404, confirmed="1")


def test_only_its_own_questions_are_practised(edition: Edition) -> None:
    attempt = actions.start_practice(edition, course.person_id("cadre"), "", 5, by=course.actor("cadre"))
    with pytest.raises(NotFound):
        actions.practise(attempt, "q-thi-1", ["a"], by=course.actor("cadre"))


# A stranger


def test_a_stranger_practises_and_nothing_is_kept(page: Page, edition: Edition) -> None:
    html = begin(page, "mot", 5)
    assert page.last is not None
    for number in range(1, 6):
        assert f"Câu {number} trong 5" in html.words
        address = html.one("form", id="cau").get("action", "")
        seed = int(re.search(r"hat=(\d+)", address)[1])  # type: ignore[index]
        told = page.post(address, 200, **fields_of(html, seed, is_right=number > 2))
        assert ("Chưa đúng." if number <= 2 else "Đúng vậy.") in told.words
        html = page.get(told.href("Câu tiếp" if number < 5 else "Xem kết quả"))
    assert "Đúng 3 trên 5 câu." in words_of(html.one("h1"))
    assert "Chưa đăng nhập nên kết quả luyện tập không được giữ." in html.words
    assert html.href("Bài thứ nhất") == "/hoc/khoa-thu/bai-mot"
    assert db.scalar(select(func.count(TestAttempt.id))) == 0
    assert db.scalar(select(func.count(Study.id))) == 0


def test_a_strangers_page_is_the_same_each_time(page: Page, edition: Edition) -> None:
    address = f"{PRACTICE}/cau?hat=77&muc=mot&so=5&cau=2&kq=1"
    one, two = (page.get(address).one("fieldset", class_="ask") for _ in range(2))
    assert words_of(one) == words_of(two)
    assert "Câu 2 trong 5" in words_of(one)


@pytest.mark.parametrize("args", ["", "hat=x", "hat=-1", "hat=99999999999999999999"])
def test_an_address_without_a_seed_is_not_found(page: Page, edition: Edition, args: str) -> None:
    page.get(f"{PRACTICE}/cau?{args}", 404)


@pytest.mark.parametrize("args", ["hat=1&kq=zz11111111111111", "hat=1&muc=khong-co&so=7&cau=x", "hat=1&kq=2&so=%27"])
def test_an_address_put_wrong_is_put_right(page: Page, edition: Edition, args: str) -> None:
    page.get(f"{PRACTICE}/cau?{args}")
    page.raw("POST", f"{PRACTICE}/cau?{args}", data={"csrf_token": page._token()})
    assert page.last is not None
    assert page.last.status_code in {303, 422}


def test_a_closed_course_asks_to_sign_in(page: Page) -> None:
    course.publish(is_open=False)
    page.raw("GET", PRACTICE)
    assert page.last is not None
    assert page.last.headers["Location"] == f"/dang-nhap?tiep={PRACTICE}"


def test_questions_of_a_sensitive_lesson_are_left_quickly(page: Page) -> None:
    whole.publish(sensitive=True)
    html = begin(page, "hai", 5)
    assert html.all("a", data_behaviour="leave")
    assert words_of(html.one("title")) == "Luyện tập · Nếp mới"
    assert page.last is not None
    assert page.last.headers["Cache-Control"] == "no-store"
    assert not begin(page, "mot", 5).all("a", data_behaviour="leave")
