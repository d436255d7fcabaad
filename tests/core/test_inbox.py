"""The inbox: append-only, twice is once, refused events are kept with their reason."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import clock, inbox
from lms.core.actor import Actor, System
from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.core.ids import new_id
from lms.core.inbox import InboxEvent, Outcome, Sent
from lms.core.refusal import Refusal
from lms.core.words import text
from tests.page import Page

BY = System("test")
took: list[UUID] = []


def _receiver(event: InboxEvent, by: Actor) -> None:
    if event.payload.get("bad"):
        raise Refusal(text("Buổi đã chốt."))
    if event.payload.get("odd"):
        raise KeyError("x")
    took.append(event.id)


@pytest.fixture(autouse=True)
def connected() -> None:
    took.clear()
    inbox.receive("test.event", _receiver)


def _sent(seq: int, **payload: object) -> Sent:
    return Sent(new_id(), "phone-1", "p1", seq, str(payload.pop("kind", "test.event")), payload, clock.now())


def test_a_replayed_batch_changes_nothing(app: Flask) -> None:
    batch = [_sent(n) for n in range(5)]
    assert {line.outcome for line in inbox.take(batch, by=BY)} == {Outcome.STORED}
    assert {line.outcome for line in inbox.take(reversed(batch), by=BY)} == {Outcome.ALREADY}
    assert len(took) == 5 and db.scalar(select(func.count()).select_from(InboxEvent)) == 5


def test_the_same_place_in_the_queue_of_a_device_is_the_same_event(app: Flask) -> None:
    one, other = _sent(7), _sent(7)
    assert [line.outcome for line in inbox.take([one], by=BY) + inbox.take([other], by=BY)] == [
        Outcome.STORED,
        Outcome.ALREADY,
    ]


def test_events_are_taken_in_the_order_of_their_ids(app: Flask) -> None:
    batch = [_sent(n) for n in range(6)]
    inbox.take(batch[::-1], by=BY)
    assert took == sorted(took)


def test_a_refused_event_is_kept_with_its_reason(app: Flask) -> None:
    bad, odd, unknown, good = _sent(1, bad=True), _sent(2, odd=True), _sent(3, kind="no.such"), _sent(4)
    lines = {line.id: line for line in inbox.take([bad, odd, unknown, good], by=BY)}
    assert lines[bad.id].outcome is Outcome.QUARANTINED and "Buổi đã chốt" in lines[bad.id].reason
    assert lines[odd.id].outcome is lines[unknown.id].outcome is Outcome.QUARANTINED
    assert lines[good.id].outcome is Outcome.STORED
    assert db.scalar(select(func.count()).select_from(InboxEvent)) == 4


def test_a_batch_leaves_one_history_row(app: Flask) -> None:
    before = db.scalar(select(func.count()).select_from(HistoryEntry)) or 0
    inbox.take([_sent(n) for n in range(20)], by=BY)
    assert db.scalar(select(func.count()).select_from(HistoryEntry)) == before + 1


def _json(seq: int, /, **changed: object) -> dict[str, object]:
    event = {"id": str(new_id()), "device": "d", "profile": "p", "seq": seq, "kind": "test.event", "payload": {}}
    return {**event, "captured_at": (clock.now() - timedelta(hours=2)).isoformat(), "clock_offset": 12, **changed}


def test_the_address_answers_a_line_for_each_event(page: Page) -> None:
    page.as_("trainer")
    heads = {"X-CSRF-Token": "csrf-of-test"}
    batch = [_json(1), _json(2, kind="no.such")]
    answer = page.raw("POST", "/dong-bo", json={"events": batch}, headers=heads)
    outcomes = {line["id"]: line["outcome"] for line in answer.get_json()["events"]}
    assert answer.status_code == 200 and [outcomes[e["id"]] for e in batch] == ["stored", "quarantined"]


def test_a_batch_is_refused_whole_only_for_sign_in_size_and_form(page: Page) -> None:
    heads = {"X-CSRF-Token": "csrf-of-test"}
    with page.client.session_transaction() as cookie:
        cookie["csrf"] = "csrf-of-test"
    assert page.raw("POST", "/dong-bo", json={"events": []}, headers=heads).status_code == 401
    page.as_("trainer")
    assert page.raw("POST", "/dong-bo", json={"events": []}).status_code == 400, "without token"
    assert (
        page.raw("POST", "/dong-bo", json={"events": [_json(n) for n in range(501)]}, headers=heads).status_code == 413
    )
    for bad in ({"id": "x"}, {"captured_at": "2026-11-22T10:00:00"}, {"device": "server"}, {"payload": 3}):
        assert page.raw("POST", "/dong-bo", json={"events": [_json(1, **bad)]}, headers=heads).status_code == 400, bad
    assert page.raw("POST", "/dong-bo", data="no json", headers=heads).status_code == 400


@pytest.mark.parametrize(
    "odd",
    [
        {"captured_at": "0001-01-01T00:00:00+14:00"},
        {"captured_at": "9999-12-31T23:59:59-14:00"},
        {"clock_offset": 10**17},
        {"seq": 10**30},
        {"device": "a\0b"},
        {"payload": {"name": "\0"}},
    ],
)
def test_an_odd_event_never_breaks_the_server(page: Page, odd: dict[str, object]) -> None:
    page.as_("trainer")
    answer = page.raw("POST", "/dong-bo", json={"events": [_json(1, **odd)]}, headers={"X-CSRF-Token": "csrf-of-test"})
    assert answer.status_code == 400


def test_a_lone_surrogate_or_endless_nesting_is_no_event(page: Page) -> None:
    page.as_("trainer")
    heads = {"X-CSRF-Token": "csrf-of-test", "Content-Type": "application/json"}
    event = json.dumps(_json(1)).replace('"d"', '"\\ud800"')
    for body in (f'{{"events": [{event}]}}', "[" * 100_000):
        assert page.raw("POST", "/dong-bo", data=body, headers=heads).status_code == 400


def test_ids_that_are_no_text_are_quarantined_alone(page: Page) -> None:
    page.as_("trainer")
    batch = [_json(1, kind="roll.mark", payload={"session": 5, "person": 6, "state": "present"}), _json(2)]
    answer = page.raw("POST", "/dong-bo", json={"events": batch}, headers={"X-CSRF-Token": "csrf-of-test"})
    assert {line["outcome"] for line in answer.get_json()["events"]} == {"quarantined", "stored"}


def test_another_account_at_the_same_place_of_a_device_loses_nothing(page: Page) -> None:
    heads = {"X-CSRF-Token": "csrf-of-test"}
    one, other = _json(7), _json(7)
    assert (
        page.as_("head")
        .raw("POST", "/dong-bo", json={"events": [one]}, headers=heads)
        .get_json()["events"][0]["outcome"]
        == "stored"
    )
    page.as_("cadre")
    told = page.raw("POST", "/dong-bo", json={"events": [other, one]}, headers=heads).get_json()["events"]
    assert sorted(line["outcome"] for line in told) == ["quarantined", "stored"]
