"""Signing in and out: same answer for unknown logins, lock-out that is stored, no fixation, no open redirect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import demo
from lms.core import clock, keys
from lms.core.actor import System
from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.core.ids import new_id, to_address
from lms.people import actions, queries
from lms.people.actions import door
from lms.people.models import Account, SignIn, UnknownLogin
from tests.page import Html, Page

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
CADRE = "0912000006"
TEST = System("test")


def _account(key: str = "cadre") -> Account:
    db.expire_all()
    return demo.member(key)


def _cookie(page: Page) -> dict[str, object]:
    with page.client.session_transaction() as cookie:
        return dict(cookie)


def _try(page: Page, login: str = CADRE, secret: str = "135790", status: int = 422) -> Html:
    return page.post("/dang-nhap", status, login=login, secret=secret)


def test_the_hash_of_nobody_costs_what_any_hash_costs() -> None:
    assert not door.HASHER.check_needs_rehash(door._NOBODY)
    assert not actions.is_secret_of(None, "246810")


@pytest.mark.parametrize("login", ["0912000006", "+84 912 000 006", "0912.000.006"])
def test_in_by_telephone(app: Flask, login: str) -> None:
    knock = actions.knock(login, demo.PIN)
    assert knock.account is not None and knock.account.id == demo.member("cadre").id


def test_in_by_code(app: Flask) -> None:
    code = demo.member("cadre").code
    for typed in (code, code.lower(), f" {code[:2]} {code[2:]}", code[2:]):
        knock = actions.knock(typed, demo.PIN)
        assert knock.account is not None and knock.account.code == code


def test_a_password_is_the_same_in_either_unicode_form(app: Flask) -> None:
    person = demo.member("cadre").person
    other = actions.add_person("Hà Thị Nết", demo.place(demo.XUAN_DU), by=TEST, phone="0912999001")
    actions.open_account(other, by=TEST, secret="đường lên bản")
    import unicodedata  # noqa: PLC0415

    assert actions.knock("0912999001", unicodedata.normalize("NFD", "đường lên bản")).account is not None
    assert actions.knock("0912999001", "duong len ban").account is None
    assert person.phone_index != other.phone_index


def test_relatives_may_share_a_number(app: Flask) -> None:
    unit = demo.place(demo.XUAN_DU)
    pins = ("864209", "975310")
    for name, pin in zip(("Hà Thị Nết", "Hà Văn Nọi"), pins, strict=True):
        actions.open_account(actions.add_person(name, unit, by=TEST, phone="0912999002"), by=TEST, secret=pin)
    assert [actions.knock("0912999002", pin).account.person.name for pin in pins] == ["Hà Thị Nết", "Hà Văn Nọi"]  # type: ignore[union-attr]
    wrong = actions.knock("0912999002", "000111")
    assert wrong.account is None and wrong.left == 4


def test_a_closed_account_is_as_nobody(app: Flask) -> None:
    account = demo.member("cadre")
    account.closed_at = NOW
    db.commit()
    assert actions.knock(CADRE, demo.PIN).account is None


def test_the_door_page(page: Page) -> None:
    html = page.get("/dang-nhap?tiep=/lop")
    assert html.one("input", id="tiep").get("value") == "/lop"
    assert html.one("input", name="secret").get("inputmode") == "numeric"
    assert page.get("/dang-nhap?kieu=chu").one("input", name="secret").get("inputmode") is None


def test_sign_in_leads_on(page: Page) -> None:
    page.post("/dang-nhap", login=CADRE, secret=demo.PIN, tiep="/toi")
    assert page.last is not None and page.last.headers["Location"] == "/toi"
    cookies = page.last.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("tieng=vi;") and "HttpOnly" in cookie for cookie in cookies)
    assert "Chào Ánh" in page.get("/toi").words


@pytest.mark.parametrize("target", ["https://xau.vn", "//xau.vn", "/\\xau.vn", "javascript:alert(1)", "xau", "/\t/xau"])
def test_no_open_redirect(page: Page, target: str) -> None:
    page.post("/dang-nhap", login=CADRE, secret=demo.PIN, tiep=target)
    assert page.last is not None and page.last.headers["Location"] == "/"


def test_the_session_before_is_not_the_session_after(page: Page) -> None:
    page.get("/dang-nhap")
    with page.client.session_transaction() as cookie:
        cookie["planted"] = "x"
    before = _cookie(page)["csrf"]
    page.post("/dang-nhap", login=CADRE, secret=demo.PIN)
    after = _cookie(page)
    assert after["csrf"] != before and "planted" not in after and after["_user_id"]
    answer = page.raw("POST", "/dang-xuat", data={"csrf_token": before})
    assert answer.status_code == 400


def test_the_cookie_ends_with_the_browser_unless_asked(page: Page) -> None:
    page.post("/dang-nhap", login=CADRE, secret=demo.PIN)
    assert not _cookie(page).get("_permanent")
    page.post("/dang-nhap", login=CADRE, secret=demo.PIN, keep="y")
    assert _cookie(page)["_permanent"]


def test_who_signs_in_over_another_signs_her_out(page: Page) -> None:
    page.post("/dang-nhap", login=CADRE, secret=demo.PIN)
    first = str(_cookie(page)["_user_id"])
    assert "đang đăng nhập" in page.get("/dang-nhap").words
    page.post("/dang-nhap", login="0912000007", secret=demo.PIN)
    assert queries.signed_in_by(first) is None


def test_a_wrong_pin_says_how_many_tries_are_left(page: Page) -> None:
    with clock.stopped(NOW):
        html = _try(page)
        assert "Mã chưa đúng. Còn 4 lần. Quên thì nhờ cán bộ Hội xã đặt lại." in html.words
        assert html.one("input", name="login").get("value") == CADRE
        assert html.one("input", name="secret").get("value") in (None, "")
        assert "Còn 3 lần" in _try(page).words
    assert _account().failures == 2


def test_five_wrong_shut_the_door_and_the_right_one_does_not_open_it(page: Page) -> None:
    with clock.stopped(NOW):
        for left in (4, 3, 2, 1):
            assert f"Còn {left} lần" in _try(page).words
        html = _try(page, status=429)
        assert "Thử lại sau 1 phút" in html.words and html.one("input", name="login").get("value") == CADRE
        assert page.last is not None and page.last.headers["Retry-After"] == "60"
        _try(page, secret=demo.PIN, status=429)
    assert _account().failures == 5
    assert db.scalar(select(func.count()).select_from(HistoryEntry).where(HistoryEntry.verb == "people.lock_out")) == 1
    with clock.stopped(NOW + timedelta(seconds=61)):
        assert "sau 2 phút" in _try(page, status=429).words
    with clock.stopped(NOW + timedelta(minutes=4)):
        page.post("/dang-nhap", login=CADRE, secret=demo.PIN)
    account = _account()
    assert account.failures == 0 and account.locked_until is None


def test_nobody_gets_the_same_answers_as_somebody(page: Page) -> None:
    known, unknown = [], []
    with clock.stopped(NOW):
        for answers, login in ((known, CADRE), (unknown, "0999888777")):
            for _ in range(7):
                answer = page.raw(
                    "POST", "/dang-nhap", data={"csrf_token": page._token(), "login": login, "secret": "135790"}
                )
                answers.append((answer.status_code, answer.data.replace(login.encode(), b"")))
    assert known == unknown
    assert [status for status, _ in known] == [422] * 4 + [429] * 3


def test_an_unknown_code_is_counted_too_and_its_login_is_not_kept(app: Flask) -> None:
    with clock.stopped(NOW):
        assert [actions.knock("NM000000", "135790").left for _ in range(2)] == [4, 3]
        assert actions.knock("nm 000 000", "135790").left == 2
    row = db.scalars(select(UnknownLogin)).one()
    assert row.failures == 3 and "000000" not in row.login_index
    with clock.stopped(NOW + timedelta(days=31)):
        actions.knock("0999888777", "135790")
    assert db.scalars(select(UnknownLogin)).one().failures == 1


def test_an_empty_form_is_not_a_try(page: Page) -> None:
    html = page.post("/dang-nhap", 422, login=CADRE, secret="")
    assert "Ô này còn trống" in html.words and _account().failures == 0


def test_a_form_without_its_token_is_refused(page: Page) -> None:
    assert page.raw("POST", "/dang-nhap", data={"login": CADRE, "secret": demo.PIN}).status_code == 400


def test_signing_out_ends_the_device(page: Page) -> None:
    page.as_("cadre")
    token = str(_cookie(page)["_user_id"])
    page.get("/toi")
    page.post("/dang-xuat")
    assert "_user_id" not in _cookie(page) and queries.signed_in_by(token) is None
    assert page.with_token(token).raw("GET", "/toi").status_code == 303


def test_the_token_itself_is_not_stored(page: Page) -> None:
    page.as_("cadre")
    token = str(_cookie(page)["_user_id"])
    assert token not in str([(row.token_hash, row.device) for row in db.scalars(select(SignIn))])


def test_the_cast_is_offered_while_developing(page: Page) -> None:
    html = page.get("/dang-nhap?tiep=/toi")
    forms = html.forms("/dang-nhap/vai")
    assert 0 < len(forms) <= 12 and "Bùi Thị Nhung" in html.words and "Chủ tịch Hội LHPN xã" in html.words
    page.post("/dang-nhap/vai", vai=to_address(demo.member("planner").id), tiep="/toi")
    assert "Chào Tuyết" in page.get("/toi").words


def test_the_cast_is_not_there_in_earnest(app: Flask, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "DEV", False)
    assert not page.get("/dang-nhap").forms("/dang-nhap/vai")
    page.post("/dang-nhap/vai", 404, vai=to_address(demo.member("planner").id))
    assert "_user_id" not in _cookie(page)


def test_an_unknown_member_of_the_cast(page: Page) -> None:
    page.post("/dang-nhap/vai", 404, vai=to_address(new_id()))
    page.post("/dang-nhap/vai", 404, vai="?")


def test_telephones_are_sealed(app: Flask) -> None:
    person = demo.member("cadre").person
    assert person.phone_sealed is not None and CADRE.encode() not in person.phone_sealed
    assert keys.unseal(person.phone_sealed) == CADRE and CADRE not in str(person.phone_index)
    rows = db.execute(select(*[column for column in Account.__table__.columns])).all()
    assert CADRE not in str(rows)


def test_the_digits_are_nowhere_in_the_database(app: Flask) -> None:
    from lms.core.db import Model  # noqa: PLC0415

    for table in Model.metadata.sorted_tables:
        for row in db.execute(select(table)):
            for value in row:
                held = value if isinstance(value, bytes) else str(value).encode()
                assert CADRE.encode() not in held and CADRE[1:].encode() not in held, table.name
