"""Slow work and what leaves the machine: rows written with their cause, claimed by a worker, safe to run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Model, action, afterwards, choice, db, transaction

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
ATTEMPTS = 5

Worker = Callable[[dict[str, Any]], object]
_workers: dict[str, Worker] = {}
_wakers: list[Callable[[], object]] = []


class State(StrEnum):
    """Life of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Model):
    """One piece of work. A running job whose lease ran out is taken again."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_after"),)

    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[State] = mapped_column(choice(State), default=State.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(500), default="")


def work(kind: str, worker: Worker) -> None:
    """Connect a kind ("credentials.print") to the action that does it."""
    _workers[kind] = worker


def on_wake(waker: Callable[[], object]) -> None:
    """Called after a transaction that enqueued (huey tells the worker)."""
    _wakers.append(waker)


@action
def enqueue(kind: str, payload: dict[str, Any], *, run_after: datetime | None = None) -> Job:
    """Write a job in the transaction under way."""
    job = Job(kind=kind, payload=payload, run_after=run_after or clock.now())
    db.add(job)
    db.flush()
    afterwards(_wake)
    return job


def _wake() -> None:
    for waker in _wakers:
        try:
            waker()
        except Exception:  # the job is stored; the worker's own sweep will find it
            log.warning("could not wake the worker", exc_info=True)


@action
def claim() -> Job | None:
    """The oldest due job, leased to this worker; None when nothing is due."""
    now = clock.now()
    lost = (Job.state == State.RUNNING) & (Job.lease_until < now)
    due = (Job.state == State.WAITING) & (Job.run_after <= now)
    query = select(Job).where(or_(due, lost)).order_by(Job.run_after, Job.id).limit(1)
    job: Job | None = db.scalar(query.with_for_update(skip_locked=True))
    if job is not None:
        job.state, job.attempts, job.lease_until = State.RUNNING, job.attempts + 1, now + LEASE
    return job


def run_due(most: int = 1000) -> int:
    """Do what is due, one transaction each; how many were tried."""
    for done in range(most):
        job = claim()
        if job is None:
            return done
        _run(job)
    return most


def _run(job: Job) -> None:
    key, kind, payload, attempts = job.id, job.kind, job.payload, job.attempts
    try:
        with transaction():
            _workers[kind](payload)
            _finish(db.get(Job, key), State.DONE)
    except Exception as fault:
        log.exception("job %s %s failed", kind, key)
        with transaction():
            late = clock.now() + timedelta(seconds=10 * 4**attempts)
            _finish(db.get(Job, key), State.FAILED if attempts >= ATTEMPTS else State.WAITING, late, repr(fault))


def _finish(job: Job | None, state: State, run_after: datetime | None = None, fault: str = "") -> None:
    if job is not None:
        job.state, job.lease_until, job.fault = state, None, fault[:500]
        job.run_after = run_after or job.run_after
