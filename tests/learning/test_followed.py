"""Progress of my learners: who is seen, in which state, list and grid, pages, the whole as a file, its speed."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from uuid import UUID

import pytest
from openpyxl import load_workbook

from lms import demo
from lms.core import clock
from lms.core.db import counting, db, transaction
from lms.core.ids import new_id, to_address
from lms.courses.models import Edition
from lms.courses.queries import edition_of
from lms.learning import actions, queries
from lms.learning.models import HandIn, MarkOutcome, Progress, Purpose, Study, TestAttempt
from lms.learning.queries.followed import Learner, Line, Outline, State
from lms.learning.rules import following as rules
from lms.people import actions as people
from lms.people.models import Person
from tests.learning import course
from tests.page import Page, words_of

PAGE = "/tien-do"
HERE = f"{PAGE}?khoa={course.SLUG}"


def study(edition: Edition, who: UUID, finished: int = 0, begun: int = 0, days: int = 0) -> Study:
    """A study with so many lessons finished and so many only begun, last touched so many days ago."""
    at = clock.now() - timedelta(days=days)
    keys = [lesson.key for lesson in queries.outlined(edition).lessons]
    with transaction():
        row = Study(person_id=who, course_id=edition.course_id, edition_id=edition.id, began_at=at, last_at=at,
                    last_lesson_key=keys[0])  # fmt: skip
        db.add(row)
        db.flush()
        for place, key in enumerate(keys[: finished + begun]):
            ended = at if place < finished else None
            db.add(Progress(study_id=row.id, lesson_key=key, opened_at=at, finished_at=ended, answers={}))
    return row


def lines(edition: Edition, who: str = "coordinator", **names: object) -> dict[str, Line]:
    found = queries.outlined(edition)
    learners = queries.followed(course.actor(who), found, **names)  # type: ignore[arg-type]
    return {line.learner.name: line for line in queries.lines_of(found, learners)}


def person(name: str) -> Person:
    return db.query(Person).filter(Person.name == name).order_by(Person.id).first()  # type: ignore[no-any-return]


def give(edition: Edition, *persons: Person, days: int = 14) -> None:
    actions.assign(edition, persons, clock.today() + timedelta(days=days), by=course.actor("coordinator"))


def test_who_began_or_was_given_the_course_is_followed_by_name(edition: Edition) -> None:
    study(edition, course.person_id("cadre"), finished=1, begun=1)
    give(edition, person("Quách Văn Bảo"))
    found = lines(edition)
    assert list(found) == ["Lường Thị Ngọc Ánh", "Quách Văn Bảo"]
    assert found["Lường Thị Ngọc Ánh"].states == ("done", "half", "none")
    assert found["Lường Thị Ngọc Ánh"].learner.unit == "xã Xuân Du"
    assert [line.learner.state for line in found.values()] == [State.NOW, State.NONE]


def test_the_neighbour_sees_nobody_and_the_province_everybody(edition: Edition) -> None:
    study(edition, course.person_id("cadre"))
    assert lines(edition, "neighbour") == {}
    for who in ("trainer", "administrator", "planner", "auditor"):
        assert list(lines(edition, who)) == ["Lường Thị Ngọc Ánh"], who
    assert lines(edition, "cadre") == {}


def test_slow_are_those_past_their_day_or_still_for_fourteen_days(edition: Edition) -> None:
    study(edition, course.person_id("cadre"), finished=1, days=13)
    study(edition, course.person_id("head"), finished=1, days=14)
    done = study(edition, course.person_id("official"), finished=3, days=60)
    with transaction():
        db.get_one(Study, done.id).completed_at = clock.now() - timedelta(days=60)
    give(edition, person("Quách Văn Bảo"), days=3)
    with clock.stopped(clock.now() + timedelta(hours=1)):
        found = lines(edition)
        assert [name for name, line in found.items() if line.learner.is_slow] == ["Quách Văn Thiện"]
    with clock.stopped(clock.now() + timedelta(days=4)):
        late = [name for name, line in lines(edition).items() if line.learner.is_slow]
        assert late == ["Lường Thị Ngọc Ánh", "Quách Văn Bảo", "Quách Văn Thiện"]


def test_one_human_with_two_records_is_one_line_with_all_her_lessons(edition: Edition) -> None:
    first, second = course.person_id("cadre"), person("Lò Thị Cúc").id
    study(edition, first, finished=1, days=20)
    row = study(edition, second, finished=0, begun=2, days=2)
    with transaction():
        db.get_one(Person, second).canonical_id = first
        db.get_one(Study, row.id).completed_at = clock.now()
    found = lines(edition)
    assert list(found) == ["Lường Thị Ngọc Ánh"]
    line = found["Lường Thị Ngọc Ánh"]
    assert line.states == ("done", "half", "none") and line.learner.completed_at is not None
    assert line.learner.last_at is not None and clock.now() - line.learner.last_at < timedelta(days=3)


def test_a_study_that_only_a_pre_test_made_is_not_begun(edition: Edition) -> None:
    row = study(edition, course.person_id("cadre"))
    with transaction():
        db.get_one(Study, row.id).last_lesson_key = ""
    assert lines(edition) == {}
    give(edition, db.get_one(Person, course.person_id("cadre")))
    assert [line.learner.state for line in lines(edition).values()] == [State.NONE]


def test_the_best_test_and_the_products_stand_in_the_line(edition: Edition) -> None:
    row = study(edition, course.person_id("cadre"), finished=3)
    with transaction():
        for number, (right, passed) in enumerate([(2, False), (4, True)], 1):
            db.add(TestAttempt(study_id=row.id, edition_id=edition.id, purpose=Purpose.FINAL, number=number, seed=1,
                               question_keys=[], began_at=clock.now(), submitted_at=clock.now(), right=right,
                               passed=passed))  # fmt: skip
        db.add(TestAttempt(study_id=row.id, edition_id=edition.id, purpose=Purpose.PRACTICE, number=1, seed=1,
                           question_keys=[], began_at=clock.now(), submitted_at=clock.now(), right=9, passed=True))  # fmt: skip
        for number, (key, outcome) in enumerate(
            [("q-a", MarkOutcome.AGAIN), ("q-a", MarkOutcome.ACCEPTED), ("q-b", None)], 1
        ):
            db.add(HandIn(study_id=row.id, edition_id=edition.id, lesson_key="k-bai-mot", question_key=key, number=number,
                          text="", began_at=clock.now(), handed_in_at=clock.now(), outcome=outcome))  # fmt: skip
    plain = queries.outlined(edition)
    whole = Outline(edition, plain.lessons, ("q-a", "q-b"))
    (line,) = queries.lines_of(whole, queries.followed(course.actor("coordinator"), whole))
    assert (line.right, line.passed, line.accepted, line.waiting) == (4, True, 1, 1)
    heads, (row_cells,) = queries.heads_of(whole), list(queries.rows_of(whole, [line]))
    assert len(heads) == len(row_cells) == 9 + 2 + 2 + 3


def test_the_page_shows_the_list_and_the_grid_of_the_same_people(page: Page, edition: Edition) -> None:
    study(edition, course.person_id("cadre"), finished=1, begun=1, days=1)
    give(edition, person("Quách Văn Bảo"))
    page.as_("coordinator")
    plain = page.get(HERE)
    assert page.statements <= 12
    assert [words_of(item) for item in plain.all("span", class_="row__title")] == [
        "Lường Thị Ngọc Ánh (1985)",
        "Quách Văn Bảo (1979)",
    ]
    assert "1/3 bài · hôm qua" in plain.words and "Tất cả 2" in plain.words and "Chưa học 1" in plain.words
    assert [svg.get("aria-label") for svg in plain.all("*", class_="thread")] == [
        "Đã học 1 trong 3 bài",
        "Đã học 0 trong 3 bài",
    ]
    grid = page.get(f"{HERE}&dang=bang")
    cells = [[cell.get("class") for cell in row.iter("td")][:3] for row in grid.all("tr", data_item="")]
    assert cells == [["done", "half", "none"], ["none", "none", "none"]]
    assert [th.get("colspan") for th in grid.all("th", scope="colgroup")] == ["2", "1"]
    record = plain.href("Lường Thị Ngọc Ánh")
    assert record == f"/ho-so/{to_address(course.person_id('cadre'))}"
    page.get(record)


def test_chips_search_and_unit_narrow_the_list(page: Page, edition: Edition) -> None:
    study(edition, course.person_id("cadre"), finished=1)
    give(edition, person("Quách Văn Bảo"))
    page.as_("administrator")
    assert page.get(f"{HERE}&loc=dang-hoc").one("ul", data_count="1") is not None
    assert "Quách Văn Bảo" in page.get(f"{HERE}&tim=bao quach").words
    assert page.get(f"{HERE}&tim=khong ai").one("div", data_count="0") is not None
    theirs, other = to_address(demo.place(demo.XUAN_DU).id), to_address(demo.place(demo.YEN_THO).id)
    assert page.get(f"{HERE}&donvi={theirs}").one("ul", data_count="2") is not None
    assert page.get(f"{HERE}&donvi={other}").one("div", data_count="0") is not None
    page.as_("neighbour").get(f"{HERE}&donvi={theirs}", 404)
    page.get(f"{HERE}&donvi=x", 404)


def test_without_a_course_there_is_the_choice_and_others_find_nothing(page: Page, edition: Edition) -> None:
    shown = page.as_("coordinator").get(PAGE)
    assert shown.href("Khóa học để thử") == HERE
    page.get(f"{PAGE}?khoa=khong-co", 404)
    page.as_("cadre").get(PAGE, 404)
    page.get(HERE, 404)


def _csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_file_holds_everybody_and_every_lesson(page: Page, edition: Edition) -> None:
    study(edition, course.person_id("cadre"), finished=1, begun=1)
    give(edition, person("Quách Văn Bảo"))
    page.as_("coordinator")
    answer = page.raw("GET", f"{HERE}&tep=csv&trang=7")
    assert answer.status_code == 200 and answer.headers["X-Rows"] == "2" and "Content-Length" not in answer.headers
    heads, first, second, last = _csv(answer.data)
    assert heads[-3:] == ["1. Bài thứ nhất", "2. Bài thứ hai", "3. Bài thứ ba"] and first[-3:] == [
        "xong",
        "đang học",
        "",
    ]
    assert (first[0], second[0], second[3]) == ("Lường Thị Ngọc Ánh", "Quách Văn Bảo", "Chưa học")
    body, _, end = answer.data.decode("utf-8-sig").rpartition("#rows=")
    assert end.strip() == f"2,sha256={hashlib.sha256(body.encode()).hexdigest()}" and last[0].startswith("#rows=2")
    answer = page.raw("GET", f"{HERE}&tep=xlsx&loc=chua-hoc")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None and [row[0].value for row in sheet.iter_rows()] == [
        "Họ và tên", "Quách Văn Bảo", "Tổng số dòng: 1",
    ]  # fmt: skip


def test_a_hundred_people_a_page_and_never_more_statements(page: Page, edition: Edition) -> None:
    unit = demo.place(demo.XUAN_DU)
    with transaction():
        crowd = [people.add_person(f"Người Thứ {n:03}", unit, by=demo.DEMO, birth_year=1980) for n in range(120)]
    give(edition, *crowd)
    page.as_("coordinator")
    first = page.get(HERE)
    assert len(first.all("li", data_item="")) == 100 and "Trang 1 / 2" in first.words and page.statements <= 12
    second = page.get(first.href("Trang sau"))
    assert len(second.all("li", data_item="")) == 20
    assert len(page.get(f"{HERE}&dang=bang").all("tr", data_item="")) == 100
    with counting() as counter:
        outline = queries.outlined(edition_of(course.SLUG))
        learners = queries.followed(course.actor("coordinator"), outline)
        assert sum(len(lines) for lines in queries.batches_of(outline, learners)) == 120
    assert len(counter.statements) <= 8


@pytest.mark.parametrize(("count", "segments"), [(3, 3), (24, 24), (25, 12), (60, 12)])
def test_a_thread_has_a_segment_a_lesson_up_to_24_and_twelve_beyond(count: int, segments: int) -> None:
    assert len(rules.segments(["done"] * count)) == segments
    assert set(rules.segments(["done"] * count)) == {"done"}


def test_a_segment_of_many_lessons_is_half_when_some_are_open() -> None:
    states = ["done"] * 7 + ["none"] * 29
    assert rules.segments(states) == ["done", "done", "half"] + ["none"] * 9


def test_places_are_told_as_people_write_them() -> None:
    states = ["done", "done", "half", "done", "none"]
    assert [rules.spans(states, one) for one in ("done", "half", "none")] == ["1–2, 4", "3", "5"]
    assert rules.strokes(states, "done") == "M0 4h16M24 4h8"


def test_her_key_is_the_key_of_the_canonical_person(edition: Edition) -> None:
    study(edition, course.person_id("cadre"))
    (learner,) = queries.followed(course.actor("coordinator"), queries.outlined(edition))
    assert isinstance(learner, Learner) and learner.person_id == course.person_id("cadre") != new_id()
