"""What an address asks for: unit, period, and the visit to the register where one is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from lms.core import clock, history
from lms.core.ids import from_address, to_address
from lms.core.refusal import NotFound
from lms.indicators import access, queries
from lms.indicators.access import READERS
from lms.indicators.forms import FilterForm
from lms.indicators.rules.periods import FIRST_YEAR, PART_LABELS, Part, Period, period_of
from lms.indicators.rules.sets import Indicator
from lms.officials.models import SealedVisit
from lms.officials.queries import visit_of
from lms.units.models import Unit
from lms.web.gate import me

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `address` are the arguments that links carry on."""

    unit: Unit
    period: Period
    form: FilterForm
    address: dict[str, str | int]


def asked_for() -> Asked:
    """The unit (hers by default) and period (this year by default); NotFound for what she may not see or is none."""
    unit = _unit()
    given = {"don-vi": to_address(unit.id), "nam": clock.today().year, "ky": Part.YEAR.value}
    form = FilterForm(MultiDict({**given, **{n: v for n, v in request.args.items() if n in given and v}}))
    form.unit.choices = [(to_address(one.id), one.title) for one in queries.units_to_choose(me(), READERS, unit)]
    form.year.choices = [(year, str(year)) for year in range(clock.today().year, FIRST_YEAR - 1, -1)]
    form.part.choices = [(part.value, str(label)) for part, label in PART_LABELS.items()]
    if not form.validate():
        raise NotFound
    period = period_of(form.year.data, Part(form.part.data))
    return Asked(unit, period, form, {field.name: field.data for field in form})


def _unit() -> Unit:
    letters = request.args.get("don-vi", "")
    return queries.unit_seen_by(me(), READERS, _key(letters)) if letters else queries.own_unit(me(), READERS)


def _key(letters: str) -> UUID:
    try:
        return from_address(letters)
    except ValueError as fault:
        raise NotFound from fault


def visit_to(chosen: Indicator, asked: Asked) -> SealedVisit | None:
    """Her visit to the register, where the indicator rests on it and her role may open it."""
    if not chosen.register or not access.can_ask_the_register(me(), asked.unit.id):
        return None
    return visit_of(me(), asked.unit.id)


def write_sealed(verb: str, chosen: Indicator, asked: Asked, visit: SealedVisit | None, **details: Any) -> None:
    """Who looked at which figures or names, and why."""
    history.write(
        verb,
        None,
        by=me(),
        kind="Indicator",
        unit_id=asked.unit.id,
        reason=visit.reason if visit is not None else "",
        indicator=chosen.code,
        begins=asked.period.start.isoformat(),
        ends=asked.period.end.isoformat(),
        **details,
    )


@dataclass(frozen=True)
class Leaf(Generic[T]):
    """A part of a long list; a file always has the whole."""

    rows: Sequence[T]
    count: int
    number: int
    leaves: int


def leaf_of(rows: Sequence[T], size: int) -> Leaf[T]:
    """The part that `trang` asks for, the first by default; NotFound for one that is not there."""
    leaves, typed = max(1, -(-len(rows) // size)), request.args.get("trang", "1")
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed) <= leaves:
        raise NotFound
    first = (int(typed) - 1) * size
    return Leaf(rows[first : first + size], len(rows), int(typed), leaves)
