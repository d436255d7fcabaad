"""Pages of classes: lists, opening one, its page and lists, inviting, trainers, sessions, closing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.db import db
from lms.core.ids import to_address
from lms.training import actions, queries
from lms.training.models import RollState, Session, TrainerRole, TrainingClass
from lms.units.queries import womens_union_of
from tests.page import Html, Page, words_of
from tests.training import make


def _items(html: Html) -> int:
    return len(html.all("*", data_item=""))


def _figures(html: Html) -> list[tuple[int, str]]:
    return [(int(a.get("data-figure", "")), a.get("href", "")) for a in html.all("a", data_figure="")]


def _sheet_rows(page: Page, address: str) -> int:
    return int(page.raw("GET", address).headers["X-Rows"])


def _class_fields(**changes: str) -> dict[str, str]:
    place = demo.place(demo.XUAN_DU)
    organiser = womens_union_of(place.id)
    assert organiser is not None
    trainer = demo.member("trainer").person
    facts = {
        "course": to_address(make.course().id), "title": "Lồng ghép giới, đợt 3", "organiser": to_address(organiser.id),
        "venue": "Nhà văn hóa thôn Đồng Tâm", "venue_unit": to_address(place.id), "mode": "in_person",
        "starts_on": "26/11/2026", "ends_on": "2026-11-27", "capacity": "40", "threshold": "80", "morning": "y",
        "morning_starts": "7 giờ 30", "morning_ends": "11h", "afternoon": "y", "afternoon_starts": "13:30",
        "afternoon_ends": "17:00", "trainers": to_address(trainer.id),
    }  # fmt: skip
    return {name: value for name, value in {**facts, **changes}.items() if value}


def test_a_coordinator_opens_a_class_with_its_half_days(page: Page) -> None:
    page.as_("coordinator")
    form = page.get("/lop/them")
    assert "Quách Thị Vân" in form.words and form.one("input", name="morning_starts").get("value") == "07:30"
    page.post("/lop/them", **_class_fields())
    shown = page.follow()
    held = db.scalars(select(TrainingClass)).one()
    assert held.number in shown.words and "Đã mở lớp" in shown.words
    sessions = queries.sessions_of(held.id)
    assert [(s.day.day, s.starts.hour, s.minutes) for s in sessions] == [
        (26, 7, 210), (26, 13, 210), (27, 7, 210), (27, 13, 210),
    ]  # fmt: skip
    assert [t.role for t in queries.trainers_of(held.id)] == [TrainerRole.LEAD]


def test_what_was_typed_stays_when_something_is_wrong(page: Page) -> None:
    page.as_("coordinator")
    wrong = {"ends_on": "25/11/2026", "capacity": "rất nhiều", "morning_ends": "25:00", "title": ""}
    html = page.post("/lop/them", 422, **_class_fields(**wrong))
    for sentence in (
        "Ngày cuối phải từ ngày đầu trở đi",
        "Ghi một số từ 1 đến 1000",
        "Giờ này không có",
        "Ô này còn trống",
    ):
        assert sentence in html.words
    assert html.one("input", name="capacity").get("value") == "rất nhiều"
    assert html.one("input", name="venue").get("value") == "Nhà văn hóa thôn Đồng Tâm"
    html = page.post("/lop/them", 422, **_class_fields(afternoon_starts="10:00", morning_starts="11:30"))
    assert (
        "Buổi chiều bắt đầu sau buổi sáng" in html.words
        and "Giờ kết thúc phải sau giờ bắt đầu" in html.words
        and db.scalar(select(TrainingClass)) is None
    )
    page.post("/lop/them", 422, **_class_fields(ends_on="26/12/2026"))
    page.post("/lop/them", 422, **_class_fields(trainers=to_address(make.villagers(1)[0].id)))
    assert db.scalar(select(TrainingClass)) is None


def test_a_long_class_begins_without_sessions(page: Page) -> None:
    page.as_("coordinator").post("/lop/them", **_class_fields(ends_on="26/12/2026", morning="", afternoon=""))
    assert db.scalar(select(Session)) is None and "Chưa có buổi nào" in page.follow().words


def test_classes_by_state_and_as_a_file(page: Page) -> None:
    today = clock.today()
    open_, _, _ = make.running(1, first=today)
    coming = make.training_class(first=today + timedelta(days=30))
    closed, sessions, _ = make.running(1, first=today - timedelta(days=30))
    for session in sessions:
        actions.close_session(session, by=make.BY)
    actions.close_class(closed, by=make.BY)
    make.training_class(demo.YEN_THO)
    page.as_("coordinator")
    rows = [a.get("href") for a in page.get("/lop").all("a", class_="row")]
    assert rows == [f"/lop/{make.at(held)}" for held in (open_, coming, closed)]
    for word, held in (("dang-mo", open_), ("sap-toi", coming), ("da-chot", closed)):
        html = page.get(f"/lop?loc={word}")
        assert [a.get("href") for a in html.all("a", class_="row")] == [f"/lop/{make.at(held)}"]
    assert _sheet_rows(page, "/lop?tep=csv") == 3 and _sheet_rows(page, "/lop?loc=da-chot&tep=xlsx") == 1
    assert page.as_("neighbour").get("/lop").words.count("L26-") == 1
    assert "Mở lớp" not in page.as_("auditor").get("/lop").words


def test_a_learner_sees_tickets_with_what_was_recorded_of_her(page: Page) -> None:
    held, (one, _), _ = make.running(2)
    actions.invite(held, [demo.member("cadre").person], by=make.BY)
    actions.mark(one, demo.member("cadre").person_id, RollState.LATE, by=make.BY)
    html = page.as_("cadre").get("/lop")
    assert len(html.all("div", class_="ticket")) == 1
    for words in ("Nhà văn hóa xã", "26/11/2026 – 27/11/2026", "từ 7 giờ 30", "Muộn", "Chưa ghi"):
        assert words in html.words
    assert _sheet_rows(page, "/lop?tep=csv") == 2
    own = page.get(f"/lop/{make.at(held)}")
    assert "dự từ 80% thời gian" in own.words and make.villagers(1)[0].name not in own.words
    assert _figures(own) == []
    assert "Chưa có lớp nào" in page.as_("newcomer").get("/lop").words


def test_who_works_and_learns_finds_both(page: Page) -> None:
    held, _, _ = make.running(1)
    actions.invite(held, [demo.member("coordinator").person], by=make.BY)
    page.as_("coordinator")
    assert page.get("/lop").href("Lớp tôi học") == "/lop?loc=toi"
    assert len(page.get("/lop?loc=toi").all("div", class_="ticket")) == 1


def test_figures_of_a_class_open_to_their_names(page: Page) -> None:
    held, (one, two), persons = make.running(7)
    for number, person in enumerate(persons[:5]):
        for session in (one, two)[: 1 + number % 2]:
            actions.mark(session, person.id, RollState.PRESENT, by=make.BY)
    actions.mark(two, persons[5].id, RollState.EXCUSED, by=make.BY)
    for session in (one, two):
        actions.close_session(session, by=make.BY)
    actions.close_class(held, by=make.BY)
    for who in ("coordinator", "auditor"):
        html = page.as_(who).get(f"/lop/{make.at(held)}")
        figures = _figures(html)
        assert [value for value, _ in figures] == [7, 5, 2, 5, 2]
        for value, href in figures:
            opened = page.get(href)
            assert _items(opened) == value and opened.all("*", data_count=str(value))
    for group, count in (("moi", 7), ("da-den", 5), ("hoan-thanh", 2)):
        assert _sheet_rows(page, f"/lop/{make.at(held)}/danh-sach?nhom={group}&tep=csv") == count
    assert page.raw("GET", f"/lop/{make.at(held)}/danh-sach?nhom=khac").status_code == 404


def test_inviting_by_ticks(page: Page) -> None:
    held = make.training_class(capacity=2)
    address, persons = f"/lop/{make.at(held)}/moi", make.villagers(3)
    page.as_("coordinator")
    html = page.get(address)
    assert "còn 2" in html.words and len(html.all("input", name="persons")) >= 40
    keys = [make.at(person) for person in persons]
    full = page.post(address, 409, persons=keys)
    assert "Lớp còn 2 chỗ, đang chọn 3 người" in full.words
    assert [i.get("value") for i in full.all("input", name="persons") if i.get("checked") is not None] == keys
    assert "Chưa chọn ai" in page.post(address, 422).words
    page.post(address, persons=keys[:2])
    page.post(address, persons=keys[:2])
    assert queries.figures_of(held.id).roster == 2
    assert "đã có tên" in page.get(address).words
    assert len(page.get(f"{address}?tim=oanh").all("input", name="persons")) == 1


def test_a_stranger_of_another_commune_cannot_be_invited(page: Page) -> None:
    held = make.training_class()
    page.as_("coordinator")
    far = make.villagers(1, demo.YEN_THO)[0]
    answer = page.raw("POST", f"/lop/{make.at(held)}/moi", data={"csrf_token": "csrf-of-test", "persons": make.at(far)})
    assert answer.status_code == 404 and queries.figures_of(held.id).roster == 0


def test_withdrawing_from_the_list(page: Page) -> None:
    held, (one, _), persons = make.running(3)
    actions.mark(one, persons[0].id, RollState.PRESENT, by=make.BY)
    page.as_("coordinator")
    html = page.get(f"/lop/{make.at(held)}/danh-sach")
    assert len(html.all("button", name="nguoi")) == 2
    page.post(f"/lop/{make.at(held)}/rut-ten", nguoi=make.at(persons[2]))
    assert _items(page.follow()) == 2
    refused = page.raw(
        "POST", f"/lop/{make.at(held)}/rut-ten", data={"csrf_token": "csrf-of-test", "nguoi": make.at(persons[0])}
    )
    assert refused.status_code == 409 and "đã được điểm danh" in refused.text


def test_trainers_are_added_searched_and_dropped(page: Page) -> None:
    held, _, persons = make.running(1)
    address, trainer = f"/lop/{make.at(held)}/giang-vien", demo.member("trainer").person
    page.as_("coordinator")
    assert "Quách Thị Vân" in page.get(address).words
    page.post(address, nguoi=make.at(trainer))
    page.post(address, nguoi=make.at(make.villagers(6)[5]))
    assert len(queries.trainers_of(held.id)) == 2
    assert "có tên trong danh sách học viên" in page.post(address, 409, nguoi=make.at(persons[0])).words
    assert "Bùi Thị Yến" in page.get(f"{address}?tim=bui thi yen").words
    page.post(f"{address}/bo", nguoi=make.at(trainer))
    assert [t.person_id for t in queries.trainers_of(held.id)] == [make.villagers(6)[5].id]


def test_sessions_are_added_by_ticks_or_one_by_one(page: Page) -> None:
    held = make.training_class()
    address = f"/lop/{make.at(held)}"
    page.as_("coordinator")
    assert len(page.get(f"{address}/them-buoi").all("input", name="buoi")) == 4
    ticks = {"morning_starts": "8:00", "morning_ends": "11:00", "afternoon_starts": "14:00", "afternoon_ends": "16:30"}
    wanted = ["2026-11-26.sang", "2026-11-27.chieu", "2026-12-01.sang"]
    page.post(f"{address}/them-nhieu-buoi", buoi=wanted, **ticks)
    assert [s.minutes for s in queries.sessions_of(held.id)] == [180, 150]
    again = page.post(f"{address}/them-nhieu-buoi", 422, buoi=wanted, **ticks)
    assert "Chưa chọn buổi nào" in again.words
    page.post(f"{address}/them-buoi", day="26/11/2026", starts="18:30", ends="20:00")
    html = page.post(f"{address}/them-buoi", 409, day="28/11/2026", starts="8", ends="9")
    assert "buổi phải nằm trong những ngày đó" in html.words and len(queries.sessions_of(held.id)) == 3
    page.post(f"{address}/them-buoi", 422, day="mai", starts="8", ends="9")


def test_closing_a_class_on_its_page(page: Page) -> None:
    held, sessions, persons = make.running(2)
    address = f"/lop/{make.at(held)}"
    page.as_("coordinator")
    assert "Còn buổi chưa chốt" in page.get(f"{address}/chot").words
    assert "chưa chốt" in page.post(f"{address}/chot", 409).words
    for session in sessions:
        actions.mark(session, persons[0].id, RollState.PRESENT, by=make.BY)
        actions.close_session(session, by=make.BY)
    page.get(f"{address}/chot")
    page.post(f"{address}/chot")
    shown = page.follow()
    assert "1 người hoàn thành" in shown.words and "Mời người dự lớp" not in shown.words
    page.post(f"{address}/chot")


def test_cancelling_asks_why(page: Page) -> None:
    held, _, _ = make.running(1)
    address = f"/lop/{make.at(held)}/huy"
    page.as_("coordinator").get(address)
    page.post(address, 422, reason="")
    page.post(address, reason="mưa lũ")
    assert "Đã hủy" in words_of(page.follow().one("main"))
