"""What hostile or hurried phones send: nothing is doubled, nothing breaks, nothing of another's is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.core.db import db
from lms.core.files import store
from lms.core.ids import new_id, to_address
from lms.learning import actions
from lms.learning.models import Enquiry, Evaluation, HandIn, Purpose, TestAttempt, Work
from lms.training import actions as training
from lms.training.documents import clean_scan
from tests.learning import course, whole, works
from tests.page import Page
from tests.training import make, paths

Send = Callable[[Page], TestResponse]
PHOTO = works.photo()


def _together(app: Flask, *sends: Send, who: str = "cadre") -> list[int]:
    """Each from its own phone at one moment; the statuses."""
    phones = [Page(app).as_(who) for _ in sends]
    barrier, came = Barrier(len(sends)), []

    def run(phone: Page, send: Send) -> None:
        with app.app_context():
            barrier.wait()
            came.append(send(phone).status_code)

    threads = [Thread(target=run, args=pair) for pair in zip(phones, sends, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def _posting(address: str, **fields: str) -> Send:
    return lambda phone: phone.raw("POST", address, data={"csrf_token": phone._token(), **fields})


def _sending(key: str, content: bytes) -> Send:
    return lambda phone: works.send(phone, key, 0, content)


def _count(model: type[object]) -> int:
    return int(db.scalar(select(func.count()).select_from(model)) or 0)


def test_the_last_piece_twice_at_once_makes_one_work(app: Flask, page: Page) -> None:
    made = works.draft(works.publish())
    key = works.announce(page.as_("cadre"), made, PHOTO).json["id"]
    came = _together(app, *[lambda phone: works.send(phone, key, 0, PHOTO)] * 4)
    assert came == [200] * 4 and _count(Work) == 1


def test_the_last_piece_of_a_damaged_file_twice_at_once_ends_it(app: Flask, page: Page) -> None:
    made = works.draft(works.publish())
    key = works.announce(page.as_("cadre"), made, PHOTO, digest="0" * 64).json["id"]
    came = _together(app, *[lambda phone: works.send(phone, key, 0, PHOTO)] * 4)
    assert came == [404, 404, 404, 422] and _count(Work) == 0


@pytest.mark.parametrize("size", ["-1", "0", "1e3", "", "٣", "15728641", "99999999999", "9" * 40])
def test_a_file_of_a_size_that_cannot_be_is_refused(app: Flask, page: Page, size: str) -> None:
    made = works.draft(works.publish())
    key = to_address(new_id())
    fields = {"bai": works.address_of(made), "ma": key, "co": size, "sha256": "0" * 64, "csrf_token": "csrf-of-test"}
    assert page.as_("cadre").raw("POST", "/tai-len", data=fields).status_code == 422


def test_files_that_arrive_together_each_get_a_place(app: Flask, page: Page) -> None:
    made, page = works.draft(works.publish()), page.as_("cadre")
    photos = [works.photo(colour=colour) for colour in ("red", "green", "blue", "black")]
    keys = [works.announce(page, made, one).json["id"] for one in photos]
    sends = [_sending(key, one) for key, one in zip(keys, photos, strict=True)]
    assert _together(app, *sends) == [200] * 4
    assert sorted(db.scalars(select(Work.place))) == [1, 2, 3, 4]


def test_the_same_form_sent_four_times_at_once_is_once(app: Flask, page: Page) -> None:
    edition = works.publish()
    works.finish_lessons(edition)
    evaluation = _posting(f"/hoc/{works.SLUG}/danh-gia", useful="4", clear="3", will_use="4", comment="Hay")
    handing = _posting(f"/nop-bai/{works.SLUG}/{works.PLAN}/nop", text="Tuần này anh nấu cơm.")
    assert set(_together(app, *[evaluation] * 4)) == {303} and _count(Evaluation) == 1
    assert max(_together(app, *[handing] * 4)) < 500 and _count(HandIn) == 1


def test_a_form_of_before_begun_four_times_at_once_is_one(app: Flask) -> None:
    whole.publish()
    begin = _posting(f"/hoc/{course.SLUG}/truoc")
    assert set(_together(app, *[begin] * 4)) == {303}
    assert db.scalar(select(func.count()).where(TestAttempt.purpose == Purpose.PRE)) == 1


def test_a_question_asked_four_times_at_once_is_one(app: Flask) -> None:
    works.publish()
    ask = _posting(f"/hoi-dap/{works.SLUG}/bai-mot", text="Chia thế nào cho đều?", question="Chia thế nào cho đều?")
    came = _together(app, *[ask] * 4)
    assert max(came) < 500 and _count(Enquiry) == 1, came


def test_a_photo_dropped_from_a_work_stays_as_the_scan_of_a_credit(app: Flask, page: Page) -> None:
    made, cadre = works.draft(works.publish()), make.who("cadre")
    held, steps = paths.whole()
    paths.on(held, cadre.person)
    credit = training.ask_credit(steps[0], cadre.person, date(2021, 5, 4), "Giấy số 12", clean_scan(PHOTO), by=cadre)
    work = actions.add_file(made, PHOTO, by=course.actor("cadre"))
    digest = credit.digest
    assert work.digest == digest
    page.as_("cadre").post(f"/nop-bai/{works.SLUG}/{works.PLAN}/bo/{works.address_of(work)}")
    assert _count(Work) == 0 and store().has(digest)


ODD = [{"id": 5}, {"id": [1]}, {"id": {}}, {"payload": {"answer": float("nan")}}, {"payload": {"x": [float("inf")]}}]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_event_that_is_none_is_a_form_that_is_none(page: Page, odd: dict[str, object]) -> None:
    event = {
        "id": str(new_id()), "device": "d", "profile": "p", "seq": 1, "kind": "study.answer", "payload": {},
        "captured_at": "2026-11-20T10:00:00+07:00", **odd,
    }  # fmt: skip
    headers = {"X-CSRF-Token": page.as_("cadre")._token(), "Content-Type": "application/json"}
    answer = page.raw("POST", "/dong-bo", data=json.dumps({"events": [event]}), headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address", ["/tim?tim=%00", "/don-vi?tim=a%00", "/cham-bai?khoa=%00", "/chi-tieu/%00", "/khoa-hoc?a%00=1"]
)
def test_an_address_with_a_nul_is_nowhere(page: Page, address: str) -> None:
    assert page.as_("administrator").raw("GET", address).status_code == 404
