"""What is stored about a person is told, and forgotten when she asks; figures stay."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from lms import demo
from lms.core.actor import System
from lms.core.db import db
from lms.core.ids import new_id
from lms.people import actions, queries
from lms.people.models import Account, Grant, Person, Post, SignIn
from tests.page import Page

TEST = System("test")
TABLES = {"person", "post", "account", "sign_in", "grant"}


def test_all_that_is_stored_is_told(app: Flask) -> None:
    account = demo.member("coordinator")
    actions.begin_sign_in(account, device="Android, Chrome")
    told = queries.about(account.person_id)
    assert set(told) == TABLES
    assert told["person"][0]["name"] == "Bùi Thị Nhung" and told["person"][0]["phone"] == "0912000001"
    assert told["post"][0]["unit"] == "xã Xuân Du" and len(told["grant"]) == 2
    assert told["sign_in"][0]["device"] == "Android, Chrome"
    assert account.secret_hash not in str(told)


def test_nothing_is_told_of_nobody(app: Flask) -> None:
    assert queries.about(new_id()) == {name: [] for name in TABLES}
    assert actions.forget(new_id(), by=TEST) == TABLES


def test_forgetting_blanks_what_is_personal_and_keeps_what_is_counted(app: Flask) -> None:
    account = demo.member("coordinator")
    token, key = actions.begin_sign_in(account, device="Android, Chrome"), account.person_id
    before = queries.count_within([demo.place(demo.XUAN_DU).id])
    assert actions.forget(key, by=TEST) == TABLES
    db.expire_all()
    person = db.get(Person, key)
    assert (person.name, person.birth_year, person.phone_sealed, person.phone_index) == (
        actions.persons.FORGOTTEN,
        None,
        None,
        None,
    )
    assert (person.sex, person.ethnic_group) == ("female", "muong")
    assert queries.count_within([demo.place(demo.XUAN_DU).id]) == before
    assert queries.signed_in_by(token) is None and actions.knock(account.code, demo.PIN).account is None
    held = [db.scalars(select(table)).all() for table in (Person, Post, SignIn, Account, Grant)]
    for record in (record for rows in held for record in rows):
        assert "Nhung" not in str(vars(record)) and "Android, Chrome" not in str(vars(record))
    assert queries.grants_of(account.id) == []


def test_who_is_forgotten_is_nobodys_namesake(app: Flask) -> None:
    unit = demo.place(demo.XUAN_DU).id
    first, _ = queries.namesakes("Quách Thị Hiền", 1985, unit)
    actions.forget(first.id, by=TEST)
    assert len(queries.namesakes("Quách Thị Hiền", 1985, unit)) == 1


def test_who_is_forgotten_is_signed_out(page: Page) -> None:
    page.as_("cadre").get("/toi")
    actions.forget(demo.member("cadre").person_id, by=TEST)
    assert page.raw("GET", "/toi").status_code == 303
