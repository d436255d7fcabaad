"""Who is trained and who is not: the figures of a unit, and the names behind each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.actor import Role
from lms.core.ids import to_address
from lms.core.refusal import NotFound
from lms.core.words import Text, day, text
from lms.coverage import queries
from lms.coverage.queries import Coverage, NameLine
from lms.coverage.rules import Part
from lms.coverage.views.room import bp, day_asked
from lms.officials import access
from lms.officials import queries as officials
from lms.officials.actions import look
from lms.officials.forms import ask_reason, unit_asked, visit_here
from lms.officials.models import SealedVisit
from lms.units.models import Unit
from lms.web.gate import allow, me
from lms.web.pages import page, sheet, wanted_sheet

MOST_BESIDE = 40  # names of the gap beside the figures; all of them are on their own page


@bp.get("/do-phu")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def overview() -> ResponseReturnValue:
    """The register of a unit against training, as of a day."""
    unit = unit_asked()
    visit = visit_here(unit)
    if visit is None:
        return ask_reason(unit)
    return _overview_sheet(unit, visit) if wanted_sheet() else show_overview(unit, visit, Chosen())


def _overview_sheet(unit: Unit, visit: SealedVisit) -> ResponseReturnValue:
    """The table by unit as a file: numbers only, and the whole in the last row."""
    on, _ = day_asked()
    found = queries.coverage_of(unit.id, on)
    look(visit, unit.id, "coverage", len(found.whole.register), by=me(), on=on.isoformat(), file=wanted_sheet())
    heads = (text("Đơn vị"), text("Danh sách"), text("Đã tập huấn"), text("Đang học"), text("Còn thiếu"))
    lines = [*((line.unit.title, line.parts) for line in found.lines), (unit.title, found.whole)]
    rows = [(title, len(p.register), len(p.trained), len(p.now), len(p.missing)) for title, p in lines]
    return sheet(text("Ai đã được tập huấn"), heads, rows)


@dataclass(frozen=True)
class Chosen:
    """What was ticked before a refusal; nothing yet (None) ticks the first group."""

    persons: Collection[UUID] | None = None
    class_id: UUID | None = None
    sentence: Text | None = None


def show_overview(unit: Unit, visit: SealedVisit, chosen: Chosen, status: int = 200) -> ResponseReturnValue:
    """The page of figures, with the gap beside them."""
    on, form = day_asked()
    found = queries.coverage_of(unit.id, on)
    look(visit, unit.id, "coverage", len(found.whole.register), by=me(), on=on.isoformat())
    lines = queries.names_of(found, Part.MISSING)
    return page(
        "coverage/overview.html",
        status,
        unit=unit,
        visit=visit,
        on=on,
        form=form,
        found=found,
        parts=Part,
        link=lambda part, place=unit, own=False: names_address(place, part, on, own),
        units=_choices(unit, found.children),
        rules=found.rules,
        **gap_names(found, _first(lines), chosen),
        gap_count=len(lines),
    )


def names_address(unit: Unit, part: Part, on: date, own: bool = False) -> str:
    """Address of the names behind a figure; `own` = of the unit's own body only."""
    address = f"{url_for('coverage.names')}?don-vi={to_address(unit.id)}&nhom={part.value}"
    address += "&cap=rieng" if own else ""
    return address if on == clock.today() else f"{address}&ngay={day(on)}"


def _choices(unit: Unit, children: list[Unit]) -> list[Unit]:
    """Where else to go: units she holds the role at, the one shown, those right below."""
    return list({u.id: u for u in (*officials.units_of(me()), unit, *children)}.values())


def gap_names(found: Coverage, lines: list[NameLine], chosen: Chosen) -> dict[str, object]:
    """What the form that invites shows. Only who may write, and only as of today, invites."""
    invites = found.on == clock.today() and access.can_write(me(), found.unit.id)
    offers = queries.offers_for(me(), found.rules) if invites and lines else []
    gaps = queries.gap_of(lines)
    picked = next((o for o in offers if o.training_class.id == chosen.class_id), offers[0] if offers else None)
    ticked = chosen.persons
    if ticked is None:
        ticked = [line.person.id for line in gaps[0].lines[: picked.seats]] if gaps and picked and picked.counts else []
    return {
        "gaps": gaps,
        "offers": offers,
        "picked": picked.training_class.id if picked else None,
        "ticked": set(ticked),
        "sentence": chosen.sentence,
        "invites": invites,
    }


def _first(lines: list[NameLine]) -> list[NameLine]:
    """The first of the gap, group by group."""
    return [line for gap in queries.gap_of(lines) for line in gap.lines][:MOST_BESIDE]


@bp.get("/do-phu/danh-sach")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def names() -> ResponseReturnValue:
    """The women behind a figure, by name."""
    unit = unit_asked()
    wanted = request.args.get("nhom", Part.REGISTER.value)
    if wanted not in set(Part):
        raise NotFound
    visit = visit_here(unit)
    return ask_reason(unit) if visit is None else show_names(unit, visit, Part(wanted), Chosen())


def show_names(unit: Unit, visit: SealedVisit, part: Part, chosen: Chosen, status: int = 200) -> ResponseReturnValue:
    """The list of a part, or the same as a file."""
    on, _ = day_asked()
    own = request.args.get("cap") == "rieng"
    found = queries.coverage_of(unit.id, on)
    lines = _lines(found, part, own)
    look(visit, unit.id, f"names:{part.value}", len(lines), by=me(), on=on.isoformat(), file=wanted_sheet())
    if wanted_sheet():
        return _sheet(lines)
    beside = gap_names(found, lines if part == Part.MISSING else [], chosen)
    return page(
        "coverage/names.html",
        status,
        unit=unit,
        visit=visit,
        on=on,
        part=part,
        own=own,
        lines=lines,
        address=lambda other: names_address(unit, other, on, own),
        parts=Part,
        **beside,
    )


def _lines(found: Coverage, part: Part, own: bool) -> list[NameLine]:
    lines = queries.names_of(found, part)
    if not own:
        return lines
    here = next((line.parts.of(part) for line in found.lines if line.is_own), frozenset())
    return [line for line in lines if line.person.id in here]


def _sheet(lines: list[NameLine]) -> ResponseReturnValue:
    heads = (text("Họ và tên"), text("Năm sinh"), text("Đơn vị"), text("Nhóm"), text("Từ ngày"), text("Lớp, khóa học"),
             text("Ngày"))  # fmt: skip
    rows = [
        (line.person.name, line.person.birth_year, line.unit_title, ", ".join(str(c.label) for c in line.categories),
         line.since, *_where(line))
        for line in lines
    ]  # fmt: skip
    return sheet(text("Danh sách cán bộ"), heads, rows)


def _where(line: NameLine) -> tuple[str, date | None]:
    if line.occasion is not None:
        return line.occasion.title, line.occasion.day
    return (line.seat.title, line.seat.starts_on) if line.seat is not None else ("", None)
