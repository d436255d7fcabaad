"""Which sets of indicators there are: those of the package, and those an operator put into `LMS_DATA/chi-tieu`."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from lms.core.refusal import NotFound
from lms.core.settings import settings
from lms.indicators.rules.sets import Indicator, IndicatorSet, in_force, read_set

PACKAGED = Path(__file__).parent.parent / "sets"


def sets() -> tuple[IndicatorSet, ...]:
    """Every set by its first day; an operator's file of the same name replaces ours. Read once a process."""
    return _read(settings().folder / "chi-tieu")


@cache
def _read(entered: Path) -> tuple[IndicatorSet, ...]:
    paths = [*sorted(PACKAGED.glob("*.toml")), *sorted(entered.glob("*.toml"))]
    found = [read_set(path.read_text(encoding="utf-8")) for path in paths]
    return tuple(sorted({one.name: one for one in found}.values(), key=lambda one: one.begins))


def set_on(on: date) -> IndicatorSet:
    """The set in force on a day."""
    return in_force(sets(), on)


def indicator_on(code: str, on: date) -> Indicator:
    """The definition of a code on a day; NotFound."""
    found = set_on(on).indicator(code)
    if found is None:
        raise NotFound
    return found
