"""Who sees a class and its roll, who takes it, who runs it; for others it does not exist."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.core.ids import new_id, to_address
from lms.core.refusal import NotFound
from lms.training import access, actions, queries
from lms.training.access import Sight
from tests.page import Page
from tests.training import make

READS, TAKES, RUNS = (
    Sight(reads=True),
    Sight(reads=True, takes_roll=True),
    Sight(reads=True, takes_roll=True, runs=True),
)


@pytest.mark.parametrize(
    ("who", "sight"),
    [("coordinator", RUNS), ("administrator", RUNS), ("planner", READS), ("auditor", READS), ("neighbour", None),
     ("trainer", None), ("cadre", None)],
)  # fmt: skip
def test_what_each_of_the_cast_may(app: Flask, who: str, sight: Sight | None) -> None:
    held, (one, _), _ = make.running(1)
    assert access.sight(make.who(who), held) == sight
    if sight is None:
        with pytest.raises(NotFound):
            queries.class_for(make.who(who), held.id)
        with pytest.raises(NotFound):
            queries.session_for(make.who(who), one.id)
    else:
        assert queries.session_for(make.who(who), one.id).training_class is queries.class_for(make.who(who), held.id)


def test_a_trainer_takes_the_roll_of_her_class_only(app: Flask) -> None:
    held, (one, _), _ = make.running(1)
    other, _, _ = make.running(1)
    make.taught_by(held)
    assert access.sight(make.who("trainer"), held) == TAKES and access.sight(make.who("trainer"), other) is None
    assert [line.training_class.id for line in queries.classes_for(make.who("trainer"))] == [held.id]


def test_who_attends_sees_her_own_part_and_no_roll(app: Flask) -> None:
    held, (one, _), _ = make.running(1)
    actions.invite(held, [make.who("cadre").person], by=make.BY)
    assert access.sight(make.who("cadre"), held) == Sight(attends=True)
    assert queries.class_for(make.who("cadre"), held.id) is held
    with pytest.raises(NotFound):
        queries.session_for(make.who("cadre"), one.id)
    actions.withdraw(held, make.who("cadre").person, by=make.BY)
    assert access.sight(make.who("cadre"), held) is None


def _addresses(app: Flask) -> list[tuple[str, str]]:
    """Every method and address of classes and sessions that holds a key."""
    rules = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("training.") and "<" in r.rule]
    rules = [r for r in rules if not r.rule.startswith("/lo-trinh")]  # paths: test_path_pages
    return [(m, r.rule) for r in rules for m in sorted((r.methods or set()) - {"OPTIONS", "HEAD"})]


def _filled(rule: str, **keys: str) -> str:
    return re.sub(r"<key:(\w+)>", lambda found: keys[found[1]], rule)


@pytest.mark.parametrize("who", ["neighbour", "cadre", "trainer", "attending"])
def test_not_hers_is_byte_for_byte_unknown(page: Page, who: str) -> None:
    held, (one, _), persons = make.running(2)
    mark = actions.mark(one, persons[0].id, make.RollState.PRESENT, by=make.BY)
    known = {"class_id": make.at(held), "session_id": make.at(one), "person_id": make.at(persons[0])}
    if who == "attending":
        actions.invite(held, [make.who("cadre").person], by=make.BY)
    fields = {
        "csrf_token": "csrf-of-test",
        "nguoi": known["person_id"],
        "dau": make.at(mark),
        "reason": "x",
        "state": "late",
    }
    page.as_("cadre" if who == "attending" else who)
    checked = 0
    for method, rule in _addresses(page.app):
        if who == "attending" and rule == "/lop/<key:class_id>":
            continue  # her own part
        answers = []
        unknown = {name: to_address(new_id()) for name in known}
        for keys in (known, unknown, {**known, "class_id": unknown["class_id"], "session_id": unknown["session_id"]}):
            answer = page.raw(method, _filled(rule, **keys), data=fields if method == "POST" else None)
            answers.append((answer.status_code, answer.data, sorted(answer.headers)))
        assert answers[0][0] == 404 and answers[0] == answers[1] == answers[2], f"{method} {rule}"
        checked += 1
    assert checked >= 28


@pytest.mark.parametrize("who", ["planner", "auditor"])
def test_who_only_reads_gets_403_on_every_change(page: Page, who: str) -> None:
    held, (one, _), persons = make.running(2)
    keys = {"class_id": make.at(held), "session_id": make.at(one), "person_id": make.at(persons[0])}
    page.as_(who)
    for method, rule in _addresses(page.app):
        if method == "POST":
            fields = {"csrf_token": "csrf-of-test", "nguoi": keys["person_id"], "dau": keys["person_id"]}
            assert page.raw(method, _filled(rule, **keys), data=fields).status_code == 403, rule
    for address in (f"/lop/{keys['class_id']}", f"/lop/{keys['class_id']}/danh-sach", f"/buoi/{keys['session_id']}",
                    f"/buoi/{keys['session_id']}/in", f"/buoi/{keys['session_id']}/nguoi/{keys['person_id']}"):  # fmt: skip
        html = page.get(address)
        assert not [f for f in html.all("form") if f.get("method") == "post"], address


def test_a_trainer_takes_the_roll_but_does_not_run_the_class(page: Page) -> None:
    held, (one, _), _ = make.running(2)
    make.taught_by(held)
    page.as_("trainer")
    for rule in ("moi", "giang-vien", "them-buoi", "chot", "huy"):
        assert page.raw("GET", f"/lop/{make.at(held)}/{rule}").status_code == 403
    assert page.raw("GET", f"/buoi/{make.at(one)}/mo-lai").status_code == 403
    page.post(f"/buoi/{make.at(one)}/chot")


def test_a_stranger_is_asked_to_sign_in(page: Page) -> None:
    held = make.training_class()
    for address in ("/lop", "/lop/them", f"/lop/{make.at(held)}", f"/buoi/{to_address(new_id())}"):
        answer = page.raw("GET", address)
        assert answer.status_code == 303 and "/dang-nhap" in answer.headers["Location"]


def test_only_organisers_open_classes(page: Page) -> None:
    for who in ("cadre", "trainer", "planner", "auditor"):
        assert page.as_(who).raw("GET", "/lop/them").status_code == 404
    page.as_("coordinator").get("/lop/them")
