"""Jobs: written with their cause, done once, tried again, taken over from a dead worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core import clock, jobs
from lms.core.db import action, db
from lms.core.jobs import Job, State

done: list[Any] = []


@pytest.fixture(autouse=True)
def connected() -> None:
    done.clear()
    jobs.work("test.note", lambda payload: done.append(payload["n"]))

    def fails(payload: dict[str, Any]) -> None:
        raise RuntimeError("no paper")

    jobs.work("test.fails", fails)


def _states() -> list[State]:
    db.rollback()
    return list(db.scalars(select(Job.state).order_by(Job.id)))


def test_due_jobs_are_done_in_order(app: Flask) -> None:
    for n in range(3):
        jobs.enqueue("test.note", {"n": n})
    jobs.enqueue("test.note", {"n": "later"}, run_after=clock.now() + timedelta(hours=1))
    assert jobs.run_due() == 3
    assert done == [0, 1, 2] and _states() == [State.DONE] * 3 + [State.WAITING]


def test_a_job_is_not_stored_when_its_cause_fails(app: Flask) -> None:
    @action
    def cause() -> None:
        jobs.enqueue("test.note", {"n": 1})
        raise ValueError

    with pytest.raises(ValueError):
        cause()
    assert _states() == []


def test_a_failing_job_is_tried_again_later_then_given_up(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    jobs.enqueue("test.fails", {})
    at = clock.now()
    for _ in range(jobs.ATTEMPTS):
        with clock.stopped(at):
            assert jobs.run_due() == 1
        at += timedelta(days=1)
    job = db.scalars(select(Job)).one()
    assert (job.state, job.attempts) == (State.FAILED, jobs.ATTEMPTS) and "no paper" in job.fault


def test_a_job_of_a_dead_worker_is_taken_again(app: Flask) -> None:
    jobs.enqueue("test.note", {"n": 1})
    assert jobs.claim() is not None and jobs.claim() is None
    with clock.stopped(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due() == 1
    assert done == [1]
