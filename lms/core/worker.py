"""The embedded worker: huey wakes it, the job table is the truth, a sweep finds what a dead worker left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey, crontab

from lms.core import jobs
from lms.core.settings import settings


def bell() -> Huey:
    """The waking queue: Redis by setting, else a SQLite file in LMS_DATA."""
    if settings().redis_url:
        return RedisHuey("lms", url=settings().redis_url)
    return SqliteHuey("lms", filename=str(settings().folder / "wake.sqlite"), fsync=False)


def ring_after_commit() -> None:
    """From now on, a stored job wakes the worker."""
    queue = bell()
    ring: Any = queue.task(name="wake")(lambda: None)
    jobs.on_wake(ring)


def serve(context: Callable[[], AbstractContextManager[object]]) -> None:
    """Work until told to stop; `context` opens an application context for each round."""
    queue = bell()

    def round_of_work() -> None:
        with context():
            jobs.run_due()

    queue.task(name="wake")(round_of_work)
    queue.periodic_task(crontab(minute="*"), name="sweep")(round_of_work)
    queue.create_consumer(workers=1, worker_type="thread", initial_delay=0.1, max_delay=2.0).run()
