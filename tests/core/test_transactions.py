"""Transactions: whole or not at all; announcements once, in order; two writers lose nothing."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.app import create_app
from lms.core.actor import System
from lms.core.db import action, afterwards, announce, db, lock, transaction, undo
from lms.core.events import Event
from lms.core.history import HistoryEntry, write
from lms.core.settings import Settings
from lms.credentials.models import NumberSeries
from lms.units.queries import national_union

BY = System("test")


@action
def note(words: str) -> HistoryEntry:
    return write(words, None, by=BY, kind="test")


def _noted() -> int:
    return db.scalar(select(func.count()).where(HistoryEntry.subject_kind == "test")) or 0


def test_an_action_commits_when_it_is_the_outermost(app: Flask) -> None:
    note("one")
    db.rollback()
    assert _noted() == 1


def test_a_fault_undoes_all_that_was_joined(app: Flask) -> None:
    @action
    def two() -> None:
        note("one")
        note("two")
        raise ValueError

    with pytest.raises(ValueError):
        two()
    assert _noted() == 0


def test_undo_keeps_nothing_and_runs_nothing_afterwards(app: Flask) -> None:
    ran: list[int] = []
    with transaction():
        note("one")
        afterwards(lambda: ran.append(1))
        undo()
    assert _noted() == 0 and ran == []


def test_announcements_are_delivered_once_in_order_before_commit(app: Flask) -> None:
    heard: list[str] = []
    first, second = Event[str]("first"), Event[str]("second")
    first.listen(lambda s: (heard.append(f"1{s}"), announce(second, s)))  # type: ignore[arg-type, return-value]
    second.listen(lambda s: heard.append(f"2{s}"))

    @action
    def inner(subject: str) -> None:
        announce(first, subject)
        announce(first, subject)
        assert heard == []

    @action
    def outer() -> None:
        inner("a")
        inner("b")
        assert heard == [], "delivered before the outermost action ended"

    outer()
    assert heard == ["1a", "1b", "2a", "2b"]


def test_a_failing_reaction_undoes_its_cause(app: Flask) -> None:
    happened = Event[str]("happened")

    def fails(subject: str) -> None:
        raise RuntimeError(subject)

    happened.listen(fails)

    @action
    def cause() -> None:
        note("cause")
        announce(happened, "x")

    with pytest.raises(RuntimeError):
        cause()
    assert _noted() == 0


def _add_many(folder: str, address: str, times: int) -> None:
    """Read, add one, write: in a process of its own."""
    app = create_app(Settings(data=folder, database_url=address))
    with app.app_context():
        for _ in range(times):
            _add_one()


@action
def _add_one() -> None:
    series = db.scalars(select(NumberSeries).where(NumberSeries.year == 1999)).one()
    [fresh] = lock(NumberSeries, [series.id])
    fresh.last += 1


@action
def _begin_series() -> None:
    union = national_union()
    assert union is not None
    db.add(NumberSeries(issuer_id=union.id, year=1999, last=0))


def _last() -> int:
    db.rollback()
    return db.scalars(select(NumberSeries.last).where(NumberSeries.year == 1999)).one()


def test_two_threads_lose_no_update(app: Flask) -> None:
    _begin_series()

    def work() -> None:
        with app.app_context():
            for _ in range(25):
                _add_one()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _last() == 50


def test_two_processes_lose_no_update(app: Flask, house: Any) -> None:
    _begin_series()
    db.remove()
    folder = str(Path(house.file).parent)
    address = str(app.config["SQLALCHEMY_DATABASE_URI"]) if house.postgres else ""
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_add_many, args=(folder, address, 25)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert _last() == 50
