"""The register of a unit, and the visit that opens it."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.actor import Role
from lms.core.ids import from_address
from lms.core.refusal import NotFound
from lms.officials import access, actions, queries
from lms.officials.forms import FilterForm, VisitForm, ask_reason, text, unit_asked, visit_here
from lms.officials.models import Category, RegisterEntry
from lms.officials.queries import Wanted
from lms.officials.views.room import bp, register_of
from lms.units.models import Unit
from lms.units.queries import children_of
from lms.web.gate import allow, me, safe_onward
from lms.web.pages import done, page, sheet, wanted_sheet

MOST_LINES = 150  # more are narrowed, or taken as a file


@bp.post("/so-can-bo/mo")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def open_visit() -> ResponseReturnValue:
    """A reason opens the sealed pages of a unit for half an hour."""
    form = VisitForm(request.form)
    try:
        unit = queries.unit_for(me(), from_address(form.unit.data or ""))
    except ValueError as fault:
        raise NotFound from fault
    if not form.validate():
        return ask_reason(unit, form)
    actions.open_visit(unit, form.reason.data or "", by=me())
    return done(safe_onward(form.onward.data or "", register_of(unit)))


@bp.get("/so-can-bo")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def register() -> ResponseReturnValue:
    """Entries in force on a day in a unit, narrowed by group, term and name."""
    unit = unit_asked()
    visit = visit_here(unit)
    if visit is None:
        return ask_reason(unit)
    form = FilterForm(request.args)
    form.ky.choices = []
    form.validate()
    on = form.ngay.data or clock.today()
    form.offer_terms(queries.terms_on([unit.id], on))
    lines = queries.entries_on([unit.id], on, _wanted(form))
    actions.look(visit, unit.id, "register", len(lines), by=me(), file=wanted_sheet())
    if wanted_sheet():
        return _sheet(lines)
    return page(
        "officials/register.html",
        visit=visit,
        unit=unit,
        on=on,
        form=form,
        count=len(lines),
        persons=len({line.person.canonical_id for line in lines}),
        lines=lines[:MOST_LINES],
        narrowed=any(request.args.get(name) for name in ("tim", "nhom", "ky")),
        writes=access.can_write(me(), unit.id),
        units=_choices(unit),
    )


def _wanted(form: FilterForm) -> Wanted:
    group = form.nhom.data
    return Wanted(
        Category(group) if group in set(Category) else None,
        (form.ky.data or "")[:20],
        (form.tim.data or "")[:100],
    )


def _choices(unit: Unit) -> list[Unit]:
    """Where else to go: units she holds the role at, and those right below the one shown."""
    return list({u.id: u for u in (*queries.units_of(me()), unit, *children_of(unit.id))}.values())


def _sheet(lines: list[RegisterEntry]) -> ResponseReturnValue:
    heads = (text("Họ và tên"), text("Năm sinh"), text("Đơn vị"), text("Nhóm"), text("Chức vụ"), text("Nhiệm kỳ"),
             text("Quyết định"), text("Từ ngày"))  # fmt: skip
    rows = [
        (line.person.name, line.person.birth_year, line.unit.title, line.category.label, line.post, line.term,
         line.decision, line.begins)
        for line in lines
    ]  # fmt: skip
    return sheet(text("Danh sách cán bộ"), heads, rows)
