"""A person's own page: form of address, language, her PIN, her devices, what is stored."""

from __future__ import annotations

from flask import Flask

from lms import demo
from lms.core.actor import System
from lms.core.db import db
from lms.core.ids import to_address
from lms.people import actions, queries
from tests.page import Page

TEST = System("test")
NEW = "864209"


def _newcomer(page: Page) -> tuple[str, str]:
    """Someone with a first PIN: her code and it."""
    person = actions.add_person("Hà Thị Nết", demo.place(demo.XUAN_DU), by=TEST, birth_year=1990)
    account, pin = actions.open_account(person, by=TEST)
    return account.code, pin


def test_her_page_shows_what_is_stored(page: Page) -> None:
    words = page.as_("cadre").get("/toi").words
    for shown in ("Lường Thị Ngọc Ánh", "1985", "Thái", "0912000006", "Chi hội trưởng phụ nữ", "Đồng Tâm, xã Xuân Du"):
        assert shown in words
    assert "quy hoạch" not in words.lower() and "sổ" not in words.lower().split()


def test_a_form_of_address_and_a_language(page: Page) -> None:
    page.as_("cadre").post("/toi", address_form="chị", language="en")
    assert page.last is not None and "tieng=en" in str(page.last.headers.getlist("Set-Cookie"))
    html = page.get("/toi")
    assert "chị Ánh" in html.words and html.root.get("lang") == "en"
    page.post("/toi", address_form="", language="vi")
    assert "Chào Ánh" in page.get("/toi").words


def test_other_words_are_refused(page: Page) -> None:
    page.as_("cadre").post("/toi", 422, address_form="bà trùm", language="vi")
    page.post("/toi", 422, address_form="chị", language="xx")
    assert demo.member("cadre").person.address_form == ""


def test_she_changes_her_pin(page: Page) -> None:
    other = actions.begin_sign_in(demo.member("cadre"), device="máy khác")
    page.as_("cadre").post("/toi/ma", old=demo.PIN, new=NEW, again=NEW)
    assert actions.knock("0912000006", NEW).account is not None
    assert actions.knock("0912000006", demo.PIN).account is None
    assert queries.signed_in_by(other) is None
    assert "Chào Ánh" in page.get("/toi").words


def test_a_wrong_old_pin_is_counted_as_at_the_door(page: Page) -> None:
    page.as_("cadre")
    assert "Còn 4 lần" in page.post("/toi/ma", 422, old="135790", new=NEW, again=NEW).words
    db.expire_all()
    assert demo.member("cadre").failures == 1
    for _ in range(3):
        page.post("/toi/ma", 422, old="135790", new=NEW, again=NEW)
    page.post("/toi/ma", 429, old="135790", new=NEW, again=NEW)
    page.post("/toi/ma", 429, old=demo.PIN, new=NEW, again=NEW)


def test_a_pin_that_will_not_do_is_refused(page: Page) -> None:
    page.as_("cadre")
    assert "quá dễ đoán" in page.post("/toi/ma", 409, old=demo.PIN, new="123456", again="123456").words
    assert "quá dễ đoán" in page.post("/toi/ma", 409, old=demo.PIN, new="1985", again="1985").words
    assert "phải khác" in page.post("/toi/ma", 409, old=demo.PIN, new=demo.PIN, again=demo.PIN).words
    assert "chưa giống nhau" in page.post("/toi/ma", 422, old=demo.PIN, new=NEW, again="864208").words
    assert actions.knock("0912000006", demo.PIN).account is not None


def test_a_first_pin_leads_to_her_own(page: Page) -> None:
    code, pin = _newcomer(page)
    page.post("/dang-nhap", login=code, secret=pin, tiep="/don-vi")
    html = page.follow()
    assert "Đặt mã của mình" in html.words and not html.all("input", name="old")
    answer = page.raw("GET", "/toi")
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/toi/ma?tiep=")
    assert "phải khác" in page.post("/toi/ma", 409, new=pin, again=pin, tiep="/don-vi").words
    page.post("/toi/ma", new=NEW, again=NEW, tiep="/don-vi")
    assert page.last is not None and page.last.headers["Location"] == "/don-vi"
    page.get("/toi")
    assert page.get("/toi/ma").all("input", name="old")


def test_the_way_on_from_a_first_pin_stays_inside(page: Page) -> None:
    code, pin = _newcomer(page)
    page.post("/dang-nhap", login=code, secret=pin)
    page.post("/toi/ma", new=NEW, again=NEW, tiep="//xau.vn")
    assert page.last is not None and page.last.headers["Location"] == "/toi"


def test_devices_are_listed_and_ended(page: Page) -> None:
    token = actions.begin_sign_in(demo.member("cadre"), device="Android, Chrome")
    html = page.as_("cadre").get("/toi")
    assert "Android, Chrome" in html.words and "máy này" in html.words
    other = queries.signed_in_by(token)
    assert other is not None
    page.post(f"/toi/may/{to_address(other.sign_in_id)}")  # type: ignore[arg-type]
    assert queries.signed_in_by(token) is None and page.raw("GET", "/toi").status_code == 200


def test_signing_out_everywhere_else(page: Page) -> None:
    tokens = [actions.begin_sign_in(demo.member("cadre"), device=f"máy {n}") for n in range(3)]
    page.as_("cadre").post("/toi/may")
    assert not [token for token in tokens if queries.signed_in_by(token)]
    assert "Đã thoát 3 máy khác" in page.get("/toi").words
    page.client.set_cookie("x", "y")
    assert page.with_token(tokens[0]).raw("GET", "/toi").status_code == 303


def test_ending_this_device_is_signing_out(page: Page) -> None:
    page.as_("cadre").get("/toi")
    (here,) = queries.sign_ins_of(demo.member("cadre").id)
    page.post(f"/toi/may/{to_address(here.id)}")
    assert page.last is not None and page.last.headers["Location"] == "/dang-nhap"
    assert page.raw("GET", "/toi").status_code == 303


def test_another_persons_device_is_not_there(app: Flask, page: Page) -> None:
    token = actions.begin_sign_in(demo.member("neighbour"), device="máy")
    theirs = queries.signed_in_by(token)
    assert theirs is not None
    page.as_("cadre").post(f"/toi/may/{to_address(theirs.sign_in_id)}", 404)  # type: ignore[arg-type]
    assert queries.signed_in_by(token) is not None


def test_her_page_asks_to_sign_in(page: Page) -> None:
    for address in ("/toi", "/toi/ma"):
        assert page.raw("GET", address).status_code == 303
