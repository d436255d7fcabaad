"""Who may know that there is a register; a reason for each half hour; a line in the history for each look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.core.ids import new_id, to_address
from lms.officials import access, queries
from lms.officials.models import SealedVisit
from lms.people.queries import actor_of
from tests.officials import make
from tests.page import Page

STRANGERS = ("neighbour", "cadre", "coordinator", "trainer", "administrator", "official", "head")
PAGES = ("/so-can-bo", "/so-can-bo?tep=csv", "/so-can-bo/them", "/so-can-bo/nhap", "/so-can-bo/them?tim=vi")
POSTS = ("/so-can-bo/mo", "/so-can-bo/them", "/so-can-bo/nhap", "/so-can-bo/nhap/luu", "/so-can-bo/nhap/bo")


def looks() -> list[HistoryEntry]:
    return list(db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "officials.look").order_by(HistoryEntry.id)))


@pytest.mark.parametrize("who", STRANGERS)
def test_to_everyone_else_it_is_an_unknown_address(page: Page, who: str) -> None:
    one = make.made("Vi Thị Phương")
    page.as_(who)
    unknown = page.raw("GET", "/khong-co-trang-nay")
    for address in (*PAGES, one, f"/so-can-bo?don-vi={make.key(demo.XUAN_DU)}"):
        answer = page.raw("GET", address)
        assert (answer.status_code, answer.data) == (404, unknown.data), address
    unknown = page.raw("POST", "/khong-co-trang-nay", data={"csrf_token": "csrf-of-test"})
    for address in (*POSTS, f"{one}/ket-thuc"):
        answer = page.raw("POST", address, data={"csrf_token": "csrf-of-test", "reason": make.REASON})
        assert (answer.status_code, answer.data) == (404, unknown.data), address
    assert not looks() and not list(db.scalars(select(SealedVisit)))


def test_who_is_not_signed_in_is_sent_to_the_door(page: Page) -> None:
    assert page.raw("GET", "/so-can-bo").headers["Location"].startswith("/dang-nhap")


def test_a_planner_elsewhere_and_an_unknown_key_are_the_same(page: Page) -> None:
    one, phuong = make.made("Vi Thị Phương"), to_address(make.person("Vi Thị Phương").id)
    other = next(unit for unit in queries.units.search_units("Lào Cai") if unit.ends is None)
    from lms.core.actor import Role  # noqa: PLC0415
    from lms.people import actions as people  # noqa: PLC0415

    people.grant(demo.member("cadre"), Role.PLANNER, other, by=make.DEMO)
    page.as_("cadre")
    make.enter_room(page)
    unknown = page.raw("GET", "/khong-co-trang-nay").data
    xuan_du, nobody = make.key(demo.XUAN_DU), to_address(new_id())
    for path in ("/so-can-bo", "/so-can-bo/them", "/so-can-bo/nhap"):
        answers = [page.raw("GET", f"{path}?don-vi={key}") for key in (xuan_du, nobody, "abc")]
        assert {(a.status_code, a.data) for a in answers} == {(404, unknown)}
    assert page.raw("GET", one).data == unknown
    for path in POSTS:
        fields = {"csrf_token": "csrf-of-test", "reason": make.REASON}
        for key in (xuan_du, nobody):
            answer = page.raw("POST", path, data={**fields, "don-vi": key, "unit": key})
            assert (answer.status_code, answer.data) == (404, unknown), path
    answer = page.raw("GET", f"/so-can-bo/them?nguoi={phuong}")
    assert (answer.status_code, answer.data) == (404, unknown)


def test_without_a_reason_there_is_only_the_question(page: Page) -> None:
    make.entry("Vi Thị Phương")
    page.as_("planner")
    for address in PAGES:
        html = page.get(address)
        assert html.forms("/so-can-bo/mo") and "Vi Thị Phương" not in html.words
        assert page.last is not None and "no-store" in page.last.headers["Cache-Control"]
    assert not looks()


@pytest.mark.parametrize("reason", ["", "   ", "xem", "x" * 301])
def test_a_reason_must_say_something(page: Page, reason: str) -> None:
    html = page.as_("planner").post(
        "/so-can-bo/mo", status=422, unit=make.key(demo.THANH_HOA), onward="/so-can-bo", reason=reason
    )
    assert html.all("p", class_="field__error")
    assert not list(db.scalars(select(SealedVisit)))


def test_a_reason_opens_the_unit_and_all_below_for_half_an_hour(page: Page) -> None:
    make.entry("Vi Thị Phương", code=demo.XUAN_DU)
    page.as_("planner")
    now = clock.now()
    with clock.stopped(now):
        html = make.enter_room(page)
        assert "Vi Thị Phương" in html.words
        assert f"Lần xem này được ghi lại. Lý do: {make.REASON}." in html.words
    with clock.stopped(now + timedelta(minutes=29, seconds=59)):
        assert "Vi Thị Phương" in page.get(f"/so-can-bo?don-vi={make.key(demo.XUAN_DU)}").words
    with clock.stopped(now + timedelta(minutes=30)):
        html = page.get("/so-can-bo")
        assert html.forms("/so-can-bo/mo") and "Vi Thị Phương" not in html.words


def test_a_visit_below_does_not_open_what_is_above_or_beside(page: Page) -> None:
    page.as_("planner")
    make.enter_room(page, f"/so-can-bo?don-vi={make.key(demo.XUAN_DU)}")
    assert not page.get(f"/so-can-bo?don-vi={make.key(demo.XUAN_DU)}").forms("/so-can-bo/mo")
    assert page.get("/so-can-bo").forms("/so-can-bo/mo")
    assert page.get(f"/so-can-bo?don-vi={make.key(demo.YEN_THO)}").forms("/so-can-bo/mo")


def test_a_visit_is_one_accounts_own(page: Page, app: Flask) -> None:
    make.enter_room(page.as_("planner"))
    assert Page(app).as_("auditor").get("/so-can-bo").forms("/so-can-bo/mo")


def test_each_look_is_a_line_with_reason_and_count(page: Page) -> None:
    one = make.made("Vi Thị Phương")
    page.as_("planner")
    make.enter_room(page)
    assert page.last is not None and page.last.headers["Cache-Control"] == "no-store"
    page.raw("GET", "/so-can-bo?tep=xlsx")
    page.get(one)
    page.get("/so-can-bo/them")
    page.get("/so-can-bo/nhap")
    lines = looks()
    assert [line.details["page"] for line in lines] == ["register", "register", "entry", "new_entry", "import"]
    assert {line.reason for line in lines} == {make.REASON}
    assert [line.details["count"] for line in lines[:3]] == [1, 1, 1] and lines[1].details["file"] == "xlsx"
    assert all(line.account_id == demo.member("planner").id and line.unit_id for line in lines)


def test_onward_stays_on_this_site(page: Page) -> None:
    page.as_("planner")
    unit = make.key(demo.THANH_HOA)
    page.post("/so-can-bo/mo", unit=unit, onward="https://evil.example/", reason=make.REASON)
    assert page.last is not None and page.last.headers["Location"] == f"/so-can-bo?don-vi={unit}"


def test_an_auditor_reads_but_does_not_write(page: Page) -> None:
    one = make.made("Vi Thị Phương")
    page.as_("auditor")
    html = make.enter_room(page)
    assert "Vi Thị Phương" in html.words and "Nhập từ Excel" not in html.words
    assert not page.get(one).forms("/ket-thuc")
    page.get("/so-can-bo/them", status=403)
    page.get("/so-can-bo/nhap", status=403)
    for address in (*POSTS[1:], f"{one}/ket-thuc"):
        page.post(address, status=403)
    here = demo.place(demo.XUAN_DU).id
    auditor, planner = actor_of(demo.member("auditor")), actor_of(demo.member("planner"))
    assert access.can_read(auditor, here) and not access.can_write(auditor, here)
    assert access.can_write(planner, here)


def test_what_was_typed_survives_the_end_of_the_visit(page: Page) -> None:
    page.as_("planner")
    now = clock.now()
    with clock.stopped(now):
        make.enter_room(page)
    fields = {"don-vi": make.key(demo.XUAN_DU), "person": "moi", "name": "Lò Thị Mới", "birth_year": "1990", "ethnic_group": "",
              "category": "planned", "place": "xã Xuân Du", "begins": "01/10/2026"}  # fmt: skip
    with clock.stopped(now + timedelta(hours=1)):
        html = page.post("/so-can-bo/them", status=409, **fields)
        kept = make.hidden(html, "/so-can-bo/them")
        assert kept["name"] == "Lò Thị Mới"
        page.post("/so-can-bo/them", **kept, reason=make.REASON)
        assert "Lò Thị Mới" in page.follow().words
