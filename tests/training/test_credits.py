"""Credit for earlier training: put forward, decided by another person, kept as history; scans for few eyes."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from lms import demo
from lms.core import clock
from lms.core.db import db, transaction
from lms.core.files import store
from lms.core.refusal import NotFound
from lms.people.models import Person
from lms.training import actions, documents, queries
from lms.training.actions import (
    CreditIsAsked,
    CreditIsDecided,
    CreditIsOwn,
    DayCannotBe,
    EvidenceIsMissing,
    NotOnThePath,
    ReasonIsMissing,
    StepIsTakenOut,
)
from lms.training.documents import Scan, ScanIsTooLarge, ScanIsUnreadable
from lms.training.models import Credit, CreditState, Path, PathStep
from lms.training.rules import How
from tests.training import make, paths

DAY = date(2021, 5, 4)


def _asked(key: str = "cadre", by: str = "", **names: Scan) -> tuple[Path, list[PathStep], Credit]:
    """One of the cast on a path, and a credit put forward for its first step (by herself unless said otherwise)."""
    held, steps = paths.whole()
    person = make.who(key).person
    paths.on(held, person)
    credit = actions.ask_credit(steps[0], person, DAY, "Giấy số 12, Hội tỉnh cấp", by=make.who(by or key), **names)
    make.keep([credit])
    return held, steps, credit


def test_a_granted_credit_does_the_step_with_its_own_day(app: Flask) -> None:
    held, _, credit = _asked()
    person = make.who("cadre").person
    before = queries.way_of(held, person.id, paths.again(held))
    assert before.done == 0 and before.missing is not None and "đang chờ duyệt" in str(before.missing.sentence)
    actions.decide_credit(credit, True, by=make.who("trainer"))
    mark = queries.way_of(held, person.id, paths.again(held)).steps[0].mark
    assert (mark.how, mark.on) == (How.CREDIT, DAY)
    assert credit.state == CreditState.GRANTED and credit.decided_by_id == make.who("trainer").account_id


def test_a_refused_one_needs_its_reason_and_may_be_asked_anew(app: Flask) -> None:
    held, steps, credit = _asked()
    with pytest.raises(ReasonIsMissing):
        actions.decide_credit(credit, False, " ", by=make.who("trainer"))
    actions.decide_credit(credit, False, "Giấy không đọc được", by=make.who("trainer"))
    person = make.who("cadre").person
    assert queries.way_of(held, person.id, paths.again(held)).done == 0
    again = actions.ask_credit(steps[0], person, DAY, "Giấy chụp lại", by=make.who("cadre"))
    actions.decide_credit(again, True, by=make.who("administrator"))
    assert queries.way_of(held, person.id, paths.again(held)).done == 1
    assert [one.state.value for one in queries.credits_on(held.id, person.id)[steps[0].id]] == ["granted", "refused"]


def test_a_decision_is_changed_by_a_new_request_only(app: Flask) -> None:
    held, steps, credit = _asked()
    person = make.who("cadre").person
    actions.decide_credit(credit, True, by=make.who("trainer"))
    with pytest.raises(CreditIsDecided):
        actions.decide_credit(credit, False, "Nhầm", by=make.who("administrator"))
    again = actions.ask_credit(steps[0], person, DAY, "Giấy khác", by=make.who("coordinator"))
    before = queries.granted_before(again)
    assert before is not None and before.id == credit.id
    assert queries.way_of(held, person.id, paths.again(held)).done == 1
    actions.decide_credit(again, False, "Cả hai giấy của người khác", by=make.who("trainer"))
    assert queries.way_of(held, person.id, paths.again(held)).done == 0


def test_nobody_decides_for_herself_or_what_she_put_forward(app: Flask) -> None:
    held, _, credit = _asked("trainer")
    with pytest.raises(CreditIsOwn):
        actions.decide_credit(credit, True, by=make.who("trainer"))
    actions.decide_credit(credit, True, by=make.who("administrator"))
    paths.on(held, make.who("cadre").person)
    hers = actions.ask_credit(
        paths.again(held)[1], make.who("cadre").person, DAY, "Có đi học", by=make.who("administrator")
    )
    with pytest.raises(CreditIsOwn):
        actions.decide_credit(hers, True, by=make.who("administrator"))
    assert [line.decides for line in queries.asked_credits(make.who("administrator"))] == [False]
    assert queries.waiting_credits(make.who("administrator")) == []
    assert [line.credit.id for line in queries.waiting_credits(make.who("trainer"))] == [hers.id]


def test_a_second_account_of_the_same_human_decides_neither(app: Flask) -> None:
    _, _, credit = _asked("cadre", "coordinator")
    with transaction():
        db.get(Person, make.who("trainer").person_id).canonical_id = make.who("coordinator").person.id
    with pytest.raises(CreditIsOwn):
        actions.decide_credit(credit, True, by=make.who("trainer"))
    with transaction():
        db.get(Person, make.who("administrator").person_id).canonical_id = make.who("cadre").person.id
    with pytest.raises(CreditIsOwn):
        actions.decide_credit(credit, True, by=make.who("administrator"))


@pytest.mark.parametrize("key", ["coordinator", "neighbour", "planner", "auditor", "head"])
def test_only_deciders_in_reach_see_and_decide(app: Flask, key: str) -> None:
    _, _, credit = _asked()
    actor = make.who(key)
    assert queries.waiting_credits(actor) == []
    with pytest.raises(NotFound):
        queries.credit_for(actor, credit.id)
    with pytest.raises(CreditIsOwn):
        actions.decide_credit(credit, True, by=actor)


def test_the_day_is_between_1990_and_today(app: Flask) -> None:
    held, steps = paths.whole()
    person = make.who("cadre").person
    paths.on(held, person)
    for wrong in (date(1989, 12, 31), clock.today() + timedelta(days=1)):
        with pytest.raises(DayCannotBe):
            actions.ask_credit(steps[0], person, wrong, "Giấy", by=make.who("cadre"))
    for n, right in enumerate((date(1990, 1, 1), clock.today())):
        assert actions.ask_credit(steps[n], person, right, "Giấy", by=make.who("cadre")).done_on == right


def test_what_cannot_be_asked(app: Flask) -> None:
    held, steps, _ = _asked()
    person, by = make.who("cadre").person, make.who("cadre")
    with pytest.raises(CreditIsAsked):
        actions.ask_credit(steps[0], person, DAY, "Nữa", by=by)
    with pytest.raises(EvidenceIsMissing):
        actions.ask_credit(steps[1], person, DAY, "  ", by=by)
    actions.remove_step(steps[1], by=make.BY)
    with pytest.raises(StepIsTakenOut):
        actions.ask_credit(steps[1], person, DAY, "Giấy", by=by)
    actions.leave(held, person, by=by)
    with pytest.raises(NotOnThePath):
        actions.ask_credit(steps[2], person, DAY, "Giấy", by=by)


def test_scans_are_known_by_their_content(app: Flask) -> None:
    assert documents.clean_scan(paths.PDF) == Scan(paths.PDF, "application/pdf")
    for kind in ("JPEG", "PNG"):
        kept = documents.clean_scan(paths.picture(kind, b"GPS-o-nha"))
        assert kept.media_type == "image/jpeg" and b"GPS-o-nha" not in kept.content
        with Image.open(BytesIO(kept.content)) as shown:
            assert shown.size == (40, 30) and not shown.getexif()
    for wrong in (b"", b"MZ\x90", b"<svg xmlns='x'/>", b"%PDF-1.4 cut", paths.picture("GIF"), paths.picture()[:60]):
        with pytest.raises(ScanIsUnreadable):
            documents.clean_scan(wrong)
    with pytest.raises(ScanIsTooLarge):
        documents.clean_scan(paths.PDF * 200_000)


def test_the_scan_is_for_the_learner_and_for_deciders(app: Flask) -> None:
    scan = documents.clean_scan(paths.picture())
    _, _, credit = _asked(by="coordinator", scan=scan)
    for key in ("cadre", "trainer", "administrator"):
        assert queries.scan_for(make.who(key), credit.id).media_type == "image/jpeg"
    for key in ("coordinator", "neighbour", "head", "planner", "auditor"):
        with pytest.raises(NotFound):
            queries.scan_for(make.who(key), credit.id)
    _, _, bare = _asked("head")
    with pytest.raises(NotFound):
        queries.scan_for(make.who("head"), bare.id)


def test_she_told_and_forgotten(app: Flask) -> None:
    scan = documents.clean_scan(paths.picture("PNG"))
    held, steps, credit = _asked(scan=scan)
    person = make.who("cadre").person
    actions.decide_credit(credit, True, "Đúng giấy", by=make.who("trainer"))
    actions.ask_credit(steps[1], person, DAY, "Chờ", scan, by=make.who("cadre"))
    (first, _) = queries.about(person.id)["credit"]
    assert first["evidence"] == "Giấy số 12, Hội tỉnh cấp" and store().has(credit.digest)
    digest = credit.digest
    actions.forget(person.id, by=make.BY)
    (kept,) = queries.about(person.id)["credit"]
    assert (kept["evidence"], kept["reason"], kept["digest"], kept["state"]) == ("", "", "", "granted")
    assert not store().has(digest) and queries.waiting_credits(make.who("trainer")) == []
    assert queries.on_path(held.id) == set()


def test_a_file_that_somebody_else_holds_stays(app: Flask) -> None:
    scan = documents.clean_scan(paths.PDF)
    _, steps, credit = _asked(scan=scan)
    head, digest = demo.member("head").person, credit.digest
    paths.on(steps[0].path, head)
    actions.ask_credit(steps[0], head, DAY, "Cùng giấy", scan, by=make.who("head"))
    actions.forget(make.who("cadre").person_id, by=make.BY)
    assert store().has(digest)
    actions.forget(head.id, by=make.BY)
    assert not store().has(digest)
