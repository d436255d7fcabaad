"""Giving courses: who may, to whom, what is seen of it, withdrawing, lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import db
from lms.core.ids import to_address
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.models import Assignment
from lms.people.models import Person
from tests.learning import course
from tests.page import Page, words_of

LIST, NEW = "/giao-hoc", "/giao-hoc/moi"


def due(days: int = 14) -> date:
    return clock.today() + timedelta(days=days)


def give(edition: Edition, *keys: str, days: int = 14) -> list[Assignment]:
    persons = [db.get_one(Person, course.person_id(key)) for key in keys]
    return actions.assign(edition, persons, due(days), by=course.actor("coordinator"))


def fields(*keys: str, days: int = 14) -> dict[str, object]:
    day = due(days)
    ticked = [to_address(course.person_id(key)) for key in keys]
    return {"course": course.SLUG, "due": f"{day.day}/{day.month}/{day.year}", "persons": ticked}


def test_a_given_course_is_the_next_step_with_its_day(edition: Edition) -> None:
    give(edition, "cadre", "head")
    step = queries.next_step(course.person_id("cadre"))
    assert step is not None
    assert (step.due, step.is_begun, step.lesson and step.lesson.slug) == (due(), False, "bai-mot")
    assert [given.course.slug for given in queries.assignments_of(course.person_id("head"))] == [course.SLUG]


def test_given_again_it_takes_the_new_day(edition: Edition) -> None:
    [first] = give(edition, "cadre")
    actions.withdraw(first, by=course.actor("coordinator"))
    assert queries.assignments_of(course.person_id("cadre")) == []
    assert queries.next_step(course.person_id("cadre")) is None
    [again] = give(edition, "cadre", days=30)
    assert (again.id, again.due, again.withdrawn_at) == (first.id, due(30), None)


def test_a_day_that_has_passed_and_nobody_are_refused(edition: Edition) -> None:
    with pytest.raises(actions.DayHasPassed):
        give(edition, "cadre", days=-1)
    with pytest.raises(actions.NobodyIsChosen):
        give(edition)


def test_lines_say_how_far_each_is(edition: Edition) -> None:
    give(edition, "cadre", "head", days=3)
    actions.finish_lesson(edition, "k-bai-mot", by=course.actor("cadre"))
    lines = queries.assignments_for(course.actor("coordinator"))
    assert [(line.learner.person.name, line.learner.done, line.learner.total) for line in lines] == [
        ("Lường Thị Ngọc Ánh", 1, 3), ("Quách Văn Thiện", 0, 3),
    ]  # fmt: skip
    assert queries.assignments_for(course.actor("neighbour")) == []
    with clock.stopped(clock.now() + timedelta(days=4)):
        assert [line.is_late for line in queries.assignments_for(course.actor("administrator"))] == [True, True]


@pytest.mark.parametrize("key", ["cadre", "head", "planner", "auditor"])
def test_who_gives_no_courses_finds_nothing_there(page: Page, edition: Edition, key: str) -> None:
    [given] = give(edition, "cadre")
    withdrawing = f"{LIST}/{to_address(given.id)}/rut"
    page.as_(key).get(LIST, 404)
    page.get(NEW, 404)
    page.post(NEW, 404, **fields("cadre"))
    page.post(withdrawing, 404)


@pytest.mark.parametrize("key", ["coordinator", "administrator", "trainer"])
def test_those_who_give_courses_see_the_list(page: Page, edition: Edition, key: str) -> None:
    give(edition, "cadre", "head")
    html = page.as_(key).get(LIST)
    assert len(html.all("li", data_item="")) == 2
    assert html.one("ul", data_count="2") is not None


def test_a_neighbour_sees_and_touches_nothing(page: Page, edition: Edition) -> None:
    [given] = give(edition, "cadre")
    withdrawing, kept = f"{LIST}/{to_address(given.id)}/rut", given.id
    html = page.as_("neighbour").get(LIST)
    assert "Chưa giao khóa học nào." in html.words
    assert "Ánh" not in page.get(NEW).words
    page.post(NEW, 404, **fields("cadre"))
    page.post(withdrawing, 404)
    assert [one.id for one in queries.assignments_of(course.person_id("cadre"))] == [kept]


def test_giving_a_course(page: Page, edition: Edition) -> None:
    html = page.as_("coordinator").get(NEW)
    ticks = html.all("input", name="persons")
    assert len(ticks) == len(queries.candidates_for(course.actor("coordinator")))
    page.post(NEW, **fields("cadre", "head"))
    html = page.follow()
    assert "Đã giao khóa học cho 2 người." in html.words
    assert [words_of(li)[:18] for li in html.all("li", data_item="")] == ["Lường Thị Ngọc Ánh", "Quách Văn Thiện (1"]
    assert "Chưa học bài nào" in html.words


def test_faults_keep_what_was_filled_in(page: Page, edition: Edition) -> None:
    page.as_("coordinator")
    html = page.post(NEW, 422, **{**fields("cadre"), "due": "31/02/2026"})
    assert [words_of(fault) for fault in html.all("p", class_="field__error")]
    assert html.one("input", name="due").get("value") == "31/02/2026"
    assert [i.get("value") for i in html.all("input", name="persons") if i.get("checked") is not None] == [
        to_address(course.person_id("cadre"))
    ]
    assert "Chưa chọn ai." in page.post(NEW, 409, **fields()).words
    assert "Ngày này đã qua." in page.post(NEW, 409, **fields("cadre", days=-2)).words
    assert page.post(NEW, 422, **{**fields("cadre"), "course": "khong-co"}).words
    assert db.scalar(select(func.count(Assignment.id))) == 0


def test_withdrawing(page: Page, edition: Edition) -> None:
    give(edition, "cadre", "head")
    html = page.as_("coordinator").get(LIST)
    form = html.forms("/rut")[0]
    for _ in range(2):
        page.post(form.get("action", ""))
    assert len(page.get(LIST).all("li", data_item="")) == 1


def test_the_list_as_a_file(page: Page, edition: Edition) -> None:
    give(edition, "cadre", "head")
    page.as_("coordinator")
    answer = page.raw("GET", f"{LIST}?tep=csv")
    assert answer.headers["X-Rows"] == "2"
    assert "Lường Thị Ngọc Ánh,1985,xã Xuân Du,Khóa học để thử" in answer.data.decode("utf-8-sig")
    assert page.raw("GET", f"{LIST}?tep=xlsx").data[:2] == b"PK"


def test_finding_a_person_by_name_without_marks(page: Page, edition: Edition) -> None:
    html = page.as_("coordinator").get(f"{NEW}?tim=ngoc+anh")
    assert len(html.all("input", name="persons")) == 1
    assert "Không có ai tên như vậy" in page.get(f"{NEW}?tim=zzz").words
    assert page.get(f"{NEW}?khoa={course.SLUG}").one("option", selected="") is not None
