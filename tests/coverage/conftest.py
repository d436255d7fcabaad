"""These stories happen on one day in autumn 2026, whenever they are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest

from lms.core import clock


@pytest.fixture(autouse=True)
def autumn() -> Iterator[None]:
    """The clock stands still."""
    with clock.stopped(clock.instant(date(2026, 11, 20), time(9))):
        yield
