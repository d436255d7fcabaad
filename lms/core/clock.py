"""The only place that asks the time. Instants are UTC, days are those of Việt Nam (+07:00)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta, timezone

LOCAL = timezone(timedelta(hours=7), "+07")
_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """This instant, UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """This day in Việt Nam."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """The same instant on a Vietnamese clock."""
    return instant.astimezone(LOCAL)


def instant(day: date, at: time = time()) -> datetime:
    """The UTC instant of a Vietnamese day and time of day."""
    return datetime.combine(day, at, LOCAL).astimezone(UTC)


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Time stands still at an instant (tests and the demo's story)."""
    token = _fixed.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
