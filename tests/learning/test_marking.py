"""Marking: who sees what waits, what counts, and that nothing of a trainer's work is lost."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms import demo
from lms.core.actor import Role
from lms.core.db import counting, db, transaction
from lms.core.history import HistoryEntry
from lms.core.ids import new_id, to_address
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.models import CommentChip, HandIn, Marking, MarkOutcome
from lms.learning.queries import Pile
from lms.learning.rules import marking as rules
from lms.people import actions as people
from tests.learning import course, works
from tests.page import Page

STEPS = {"b-1": "2", "b-2": "2", "b-3": "2"}


@pytest.fixture
def edition(app: Flask) -> Edition:
    return works.publish()


def _here(made: HandIn) -> str:
    return f"/cham-bai/{works.address_of(made)}"


def _markings() -> list[Marking]:
    db.expire_all()
    return list(db.scalars(select(Marking).order_by(Marking.marked_at, Marking.id)))


# The fold

_MARKS = st.lists(
    st.builds(
        rules.Mark,
        st.integers(1, 2**60).map(lambda number: UUID(int=number)),
        st.integers(0, 5).map(lambda days: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=days)),
        st.sampled_from([rules.ACCEPTED, rules.AGAIN]),
    ),
    max_size=6,
    unique_by=lambda mark: mark.id,
)


@given(_MARKS, st.randoms())
def test_any_order_of_markings_gives_the_same_verdict(marks: list[rules.Mark], chance: object) -> None:
    shuffled = list(marks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    verdict = rules.fold(shuffled)
    assert verdict == rules.fold(marks)
    if verdict is not None:
        assert verdict.marked_at == max(mark.at for mark in marks)
        assert (verdict.accepted_at is not None) == any(mark.outcome == rules.ACCEPTED for mark in marks)


@given(_MARKS, _MARKS)
def test_a_later_marking_takes_no_acceptance_away(marks: list[rules.Mark], more: list[rules.Mark]) -> None:
    before, after = rules.fold(marks), rules.fold([*marks, *more])
    if before is not None and before.accepted_at is not None:
        assert after is not None and after.accepted_at is not None and after.accepted_at <= before.accepted_at


def test_points_are_shown_as_people_write_them() -> None:
    from decimal import Decimal  # noqa: PLC0415

    assert [rules.shown(points) for points in ("2", "10", "1.50", "0.67", "0")] == ["2", "10", "1,5", "0,67", "0"]
    assert [rules.shown(points) for points in rules.points_by_step(Decimal(2))] == ["0", "0,67", "1,33", "2"]


# The queue


def test_trainers_see_what_waits_in_their_units_the_oldest_first(edition: Edition, page: Page) -> None:
    for who in ("head", "cadre", "official"):
        works.hand_in(edition, who)
    works.draft(edition, "newcomer")
    shown = page.as_("trainer").get("/cham-bai")
    names = [item.text or "" for item in shown.all("span", class_="row__title")]
    assert [name.strip() for name in names] == ["Quách Văn Thiện", "Lường Thị Ngọc Ánh", "Vi Thị Thơm"]
    assert "3 bài đang chờ" in shown.words and shown.one("ol", class_="list").get("data-count") == "3"
    rows = list(csv.reader(io.StringIO(page.raw("GET", "/cham-bai?tep=csv").get_data(as_text=True))))
    assert len([row for row in rows if "Đang chờ chấm" in row]) == 3


def test_nobody_else_finds_the_queue_or_a_work(edition: Edition, page: Page) -> None:
    made = works.hand_in(edition)
    here, unknown = _here(made), f"/cham-bai/{to_address(new_id())}"
    for who in ("cadre", "coordinator", "neighbour", "planner", "auditor"):
        page.as_(who)
        assert page.raw("GET", "/cham-bai").status_code == 404
        assert page.raw("GET", here).data == page.raw("GET", unknown).data
    with transaction():
        people.grant(demo.member("neighbour"), Role.TRAINER, demo.place(demo.YEN_THO), by=demo.DEMO, begins=demo.SINCE)
    page.as_("neighbour")
    assert "Chưa có bài nào đang chờ" in page.get("/cham-bai").words
    answers = [page.raw(m, a, data={"csrf_token": "csrf-of-test"}) for m in ("GET", "POST") for a in (here, unknown)]
    assert {answer.status_code for answer in answers} == {404} and len({answer.data for answer in answers}) == 1


def test_the_queue_is_narrowed_by_course_and_unit(edition: Edition, page: Page) -> None:
    works.hand_in(edition)
    page.as_("trainer")
    unit = to_address(demo.place(demo.XUAN_DU).id)
    other = to_address(demo.place(demo.YEN_THO).id)
    assert "1 bài đang chờ" in page.get(f"/cham-bai?khoa={works.SLUG}&don-vi={unit}").words
    assert "Chưa có bài" in page.get(f"/cham-bai?don-vi={other}").words
    assert "Chưa có bài" in page.get("/cham-bai?khoa=khoa-khac").words
    assert page.raw("GET", "/cham-bai?don-vi=abc").status_code == 200


def test_nobody_marks_her_own_work(edition: Edition, page: Page) -> None:
    made = works.hand_in(edition, "trainer")
    assert "Chưa có bài" in page.as_("trainer").get("/cham-bai").words
    page.get(_here(made), 404)
    page.as_("administrator").get(_here(made))


def test_the_queue_asks_no_more_for_more_works(edition: Edition, page: Page) -> None:
    works.hand_in(edition)
    page.as_("trainer").get("/cham-bai")
    one = page.statements
    for who in ("head", "official", "newcomer", "coordinator", "planner"):
        works.hand_in(edition, who)
    page.get("/cham-bai")
    assert page.statements <= one


# One work


def test_a_work_stands_beside_its_rubric(edition: Edition, page: Page) -> None:
    with transaction():
        actions.add_file(works.draft(edition), works.photo(), by=course.actor("cadre"))
        actions.add_file(works.draft(edition), works.voice(), by=course.actor("cadre"))
    made = works.hand_in(edition, typed="Anh nấu cơm <b>ba</b> bữa.")
    shown = page.as_("trainer").get(_here(made))
    assert "Anh nấu cơm <b>ba</b> bữa." in shown.words and "1/1" in shown.words
    assert len(shown.all("img")) == 1 and len(shown.all("audio")) == 1
    assert len(shown.all("fieldset", data_row="")) == 3 and len(shown.all("input", name="b-1", type="radio")) == 4
    assert "Rõ cả ngày và giờ" in shown.words and "0,67" in shown.words and "Thiếu ngày tháng" in shown.words


def test_marking_leads_to_the_next_and_ends_in_the_queue(edition: Edition, page: Page) -> None:
    made = [works.hand_in(edition, who) for who in ("head", "cadre", "official")]
    page.as_("trainer").post(_here(made[0]), **STEPS)
    assert page.last is not None and page.last.headers["Location"].startswith(_here(made[1]))
    second = page.follow()
    assert "2/3" in second.words
    page.post(_here(made[1]), da="1", **STEPS)
    assert "3/3" in page.follow().words
    page.post(_here(made[2]), da="2", **STEPS)
    assert page.last.headers["Location"] == "/cham-bai" and "Đã chấm hết" in page.follow().words
    assert "3 bài đã chấm" in page.get("/cham-bai?xem=da-cham").words


def test_skipping_goes_on_and_the_last_leads_back_to_the_first(edition: Edition, page: Page) -> None:
    made = [works.hand_in(edition, who) for who in ("head", "cadre", "official")]
    shown = page.as_("trainer").get(_here(made[1]))
    links = {a.text: (a.get("href") or "").split("?")[0] for a in shown.all("a", data_run="")}
    assert links == {"Bài trước": _here(made[0]), "Bài sau": _here(made[2])}
    page.post(_here(made[2]), **STEPS)
    assert page.last is not None and page.last.headers["Location"].startswith(_here(made[0]))


def test_points_propose_and_a_word_is_needed_to_overrule(edition: Edition, page: Page) -> None:
    made = works.hand_in(edition)
    page.as_("trainer")
    refused = page.post(_here(made), 422, outcome="again", **STEPS)
    assert "vì sao" in refused.words and len(refused.all("input", name="b-1", checked="")) == 1
    page.post(_here(made), outcome="again", comment="Bài chép của người khác.", **STEPS)
    (marking,) = _markings()
    assert (marking.outcome, marking.points, marking.steps) == (MarkOutcome.AGAIN, "4.00", [2, 2, 2])
    assert db.get_one(HandIn, works.key_of(made)).outcome is MarkOutcome.AGAIN
    seen = page.as_("cadre").get(f"/nop-bai/{works.SLUG}/{works.PLAN}")
    assert "Bài chép của người khác." in seen.words and "Cần làm lại" in seen.words


def test_too_few_steps_keep_what_was_chosen(edition: Edition, page: Page) -> None:
    made = works.hand_in(edition)
    shown = page.as_("trainer").post(_here(made), 422, **{"b-2": "3"}, comment="Đang viết dở", chips="Thiếu ngày tháng")
    assert "chưa chọn mức" in shown.words and "Đang viết dở" in shown.words
    assert len(shown.all("input", checked="")) == 3  # the step, the ready comment, the outcome by points
    assert not _markings()


def test_one_button_sets_all_rows_without_a_script(edition: Edition, page: Page) -> None:
    made = works.hand_in(edition)
    shown = page.as_("trainer").post(_here(made), 200, **{"tat-ca": "2"})
    assert [i.get("value") for i in shown.all("input", type="radio", checked="")] == ["2", "2", "2", ""]
    assert "Được 4 trên 6 điểm. Đủ điểm: đạt." in shown.words and not _markings()


def test_comments_are_kept_for_the_next_work_of_the_question(edition: Edition, page: Page) -> None:
    made = [works.hand_in(edition, who) for who in ("head", "cadre")]
    chips = ["Thiếu ngày tháng"]
    page.as_("trainer").post(_here(made[0]), chips=chips, new_chip="  Ảnh   mờ ", **STEPS)
    (marking,) = _markings()
    assert marking.chips == ["Thiếu ngày tháng", "Ảnh mờ"]
    assert "Ảnh mờ" in page.get(_here(made[1])).words
    assert "Ảnh mờ" not in page.as_("administrator").get(_here(made[1])).words
    seen = page.as_("head").get(f"/nop-bai/{works.SLUG}/{works.PLAN}")
    assert "Ảnh mờ" in seen.words and "Thiếu ngày tháng" in seen.words
    page.as_("trainer").post(_here(made[1]), 200, bo="Ảnh mờ")
    assert not db.scalars(select(CommentChip)).all() and len(_markings()) == 1


def test_marked_meanwhile_by_another_is_said_and_nothing_is_lost(edition: Edition, page: Page) -> None:
    made = works.hand_in(edition)
    page.as_("trainer").get(_here(made))
    works.mark(made, 0, 0, 0, who="administrator")
    shown = page.post(_here(made), 409, comment="Em thấy bài tốt.", thay="", **STEPS)
    assert "vừa được người khác chấm" in shown.words and "Em thấy bài tốt." in shown.words
    assert "Phạm Văn Quang" in shown.words and len(shown.all("input", name="b-1", checked="")) == 1
    seen = shown.one("input", name="thay").get("value") or ""
    page.post(_here(made), comment="Em thấy bài tốt.", thay=seen, **STEPS)
    assert [marking.outcome for marking in _markings()] == [MarkOutcome.AGAIN, MarkOutcome.ACCEPTED]
    assert db.get_one(HandIn, works.key_of(made)).outcome is MarkOutcome.ACCEPTED


def test_each_marking_leaves_its_line(edition: Edition, page: Page) -> None:
    works.mark(works.hand_in(edition), 2, 2, 2)
    lines = db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "learning.mark")).all()
    assert [line.details for line in lines] == [{"outcome": "accepted", "points": "4.00"}]
    assert lines[0].unit_id == demo.place(demo.XUAN_DU).id


def test_to_a_live_request_the_next_address_is_told(edition: Edition, page: Page) -> None:
    made = [works.hand_in(edition, who) for who in ("head", "cadre")]
    fields = {"csrf_token": page.as_("trainer")._token(), **STEPS}
    answer = page.raw("POST", _here(made[0]), data=fields, headers={"HX-Request": "true"})
    assert answer.status_code == 204 and answer.headers["HX-Redirect"].startswith(_here(made[1]))
    ahead = page.get(_here(made[1])).one("form", id="cham").get("data-ahead")
    assert ahead == ""


def test_place_and_next_take_few_statements(edition: Edition) -> None:
    made = [works.hand_in(edition, who) for who in ("head", "cadre", "official", "newcomer")]
    trainer = course.actor("trainer")
    second = db.get_one(HandIn, works.key_of(made[1]))
    with counting() as counter:
        place = queries.place_of(trainer, Pile(), second)
    assert (place.before, place.waiting, len(place.following)) == (1, 4, 2) and len(counter.statements) <= 5
