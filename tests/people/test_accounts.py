"""Accounts and roles: opened and reset in person, shown once; nobody lifts herself or takes over who stands above."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lms import demo
from lms.core.actor import Role, System
from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.core.ids import to_address
from lms.people import access, actions, queries
from lms.people.models import Grant, Person
from tests.page import Html, Page, words_of

TEST = System("test")


def _villager(name: str = "Bùi Thị Bích") -> Person:
    return db.scalars(select(Person).where(Person.name == name)).one()  # type: ignore[no-any-return]


def _address(person: Person, ending: str = "") -> str:
    return f"/con-nguoi/{to_address(person.id)}{ending}"


def _slip(html: Html) -> tuple[str, str]:
    return words_of(html.one("dd", id="ma-dang-nhap")), words_of(html.one("dd", id="ma-pin"))


def test_an_account_is_opened_once(app: Flask) -> None:
    person = _villager()
    account, pin = actions.open_account(person, by=TEST)
    assert account.must_change and len(pin) == 6 and pin not in account.secret_hash
    with pytest.raises(actions.HasAccountAlready):
        actions.open_account(person, by=TEST)


def test_codes_are_unique_and_pins_are_not_easy(app: Flask) -> None:
    codes = {actions.open_account(_villager(name), by=TEST)[0].code for name in ("Bùi Thị Bích", "Lò Thị Cúc")}
    assert len(codes) == 2 and "123456" not in {actions.new_pin() for _ in range(200)}


def test_the_coordinator_opens_an_account_and_sees_the_pin_once(page: Page) -> None:
    person = _villager()
    code, pin = _slip(page.as_("coordinator").post(_address(person, "/tai-khoan"), 200))
    html = page.get(_address(person))
    assert code in html.words and pin not in html.text and page.last.headers["Cache-Control"] == "no-store"  # type: ignore[union-attr]
    assert "đã có tài khoản" in page.post(_address(person, "/tai-khoan"), 409).words
    assert actions.knock(code, pin).account is not None
    assert pin not in str([(row.verb, row.details, row.reason) for row in db.scalars(select(HistoryEntry))])


def test_a_reset_is_given_in_person_and_signs_every_device_out(page: Page) -> None:
    account = demo.member("cadre")
    token = actions.begin_sign_in(account, device="máy")
    for _ in range(5):
        actions.knock("0912000006", "135790")
    page.as_("coordinator")
    assert "Chỉ đặt lại mã khi gặp trực tiếp" in page.post(_address(account.person, "/ma"), 422).words
    assert queries.signed_in_by(token) is not None
    code, pin = _slip(page.post(_address(account.person, "/ma"), 200, met="y"))
    assert code == account.code and queries.signed_in_by(token) is None
    knock = actions.knock("0912000006", pin)
    assert knock.account is not None and knock.account.must_change
    entry = db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "people.reset_pin")).one()
    assert entry.actor == "Bùi Thị Nhung" and entry.subject_id == account.id and pin not in str(entry.details)


def test_nobody_is_reset_without_an_account(page: Page) -> None:
    page.as_("coordinator").post(_address(_villager(), "/ma"), 404, met="y")


def test_an_account_with_roles_is_reset_from_above_only(page: Page) -> None:
    account = demo.member("cadre")
    actions.grant(account, Role.PLANNER, demo.place(demo.THANH_HOA), by=TEST)
    page.as_("coordinator").post(_address(account.person, "/ma"), 403, met="y")
    assert "cấp trên" in page.get(_address(account.person)).words
    page.as_("administrator").post(_address(account.person, "/ma"), 200, met="y")


def test_nobody_resets_herself(page: Page) -> None:
    for key in ("coordinator", "administrator"):
        page.as_(key).post(_address(demo.member(key).person, "/ma"), 403, met="y")
        assert "trang “Tôi”" in page.get(_address(demo.member(key).person)).words


def test_who_may_reset_whom(app: Flask) -> None:
    cadre, unit = demo.member("cadre"), demo.place(demo.XUAN_DU).id
    may = {m.key: access.can_reset(queries.actor_of(demo.member(m.key)), cadre, [], unit) for m in demo.CAST}
    assert {key for key, allowed in may.items() if allowed} == {"coordinator", "administrator"}


# Roles


def _held(key: str = "cadre") -> set[tuple[Role, str]]:
    """Roles and units of one of the cast, as stored now."""
    db.remove()
    return {(given.role, given.unit.name) for given in queries.grants_of(demo.member(key).id)}


def test_an_administrator_gives_and_ends_a_role(page: Page) -> None:
    account = demo.member("cadre")
    address, unit = _address(account.person, "/quyen"), to_address(demo.place(demo.XUAN_DU).id)
    html = page.as_("administrator").get(address)
    assert "Chưa có quyền nào" in html.words
    page.post(address, role="reporter", unit=unit)
    assert _held() == {(Role.REPORTER, "Xuân Du")}
    assert "đang giữ quyền đó" in page.post(address, 409, role="reporter", unit=unit).words
    (given,) = queries.grants_of(demo.member("cadre").id)
    ending = f"{address}/{to_address(given.id)}"
    page.post(ending)
    assert _held() == set() and "đã hết" in page.get(address).words
    page.post(ending)
    page.post(address, role="reporter", unit=unit)
    verbs = [row.verb for row in db.scalars(select(HistoryEntry).where(HistoryEntry.actor == "Phạm Văn Quang"))]
    assert verbs.count("people.grant") == 2 and verbs.count("people.end_grant") == 1


def test_a_role_is_given_within_ones_subtree_only(page: Page) -> None:
    account, hanoi = demo.member("cadre"), demo.place("01")
    page.as_("administrator").post(_address(account.person, "/quyen"), 422, role="reporter", unit=to_address(hanoi.id))
    page.post(_address(account.person, "/quyen"), 422, role="learner", unit=to_address(demo.place(demo.XUAN_DU).id))
    assert _held() == set()


def test_roles_elsewhere_are_neither_seen_nor_ended(page: Page) -> None:
    address = _address(demo.member("cadre").person, "/quyen")
    ending = to_address(actions.grant(demo.member("cadre"), Role.AUDITOR, demo.place("01"), by=TEST).id)
    html = page.as_("administrator").get(address)
    assert "Hà Nội" not in words_of(html.one("header", class_="stack--tight")) and not html.all("li", data_item="")
    page.post(f"{address}/{ending}", 404)
    assert _held() == {(Role.AUDITOR, "Hà Nội")}


def test_a_grant_of_someone_else_is_not_there(page: Page) -> None:
    given = db.scalars(select(Grant).where(Grant.account_id == demo.member("neighbour").id)).first()
    address = _address(demo.member("cadre").person, f"/quyen/{to_address(given.id)}")
    page.as_("administrator").post(address, 404)


def test_nobody_gives_herself_a_role(page: Page) -> None:
    account, unit = demo.member("administrator"), demo.place(demo.THANH_HOA)
    with pytest.raises(actions.GivesHerself):
        actions.grant(account, Role.PLANNER, unit, by=queries.actor_of(account))
    (given,) = queries.grants_of(account.id)
    address, key, ending = _address(account.person, "/quyen"), to_address(unit.id), to_address(given.id)
    assert "Không tự cấp" in page.as_("administrator").get(address).words
    page.post(address, 403, role="planner", unit=key)
    page.post(f"{address}/{ending}", 403)
    assert _held("administrator") == {(Role.ADMINISTRATOR, "Thanh Hóa")}


def test_only_administrators_come_to_roles(page: Page) -> None:
    for key in ("coordinator", "planner", "trainer", "auditor", "cadre"):
        page.as_(key).get(_address(demo.member("cadre").person, "/quyen"), 404)


def test_roles_need_an_account(page: Page) -> None:
    page.as_("administrator").get(_address(_villager(), "/quyen"), 404)
