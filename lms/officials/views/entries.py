"""Entries one by one: a woman's dated history, a new entry, the end of one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.actor import Role
from lms.core.ids import from_address, to_address
from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text
from lms.officials import access, actions, queries
from lms.officials.forms import EndForm, EntryForm, ask_reason, text, unit_asked, visit_here
from lms.officials.models import Category, RegisterEntry, SealedVisit
from lms.officials.rules import term_of
from lms.officials.views.room import bp
from lms.people import actions as people
from lms.people import queries as persons
from lms.people.models import Person, PostKind, Sex
from lms.people.queries import Wanted
from lms.units import queries as units
from lms.units.models import Level, Unit
from lms.web.gate import allow, me, require
from lms.web.pages import done, page, refused

MOST_FOUND = 20


@bp.get("/so-can-bo/<key:entry_id>")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def entry(entry_id: UUID) -> ResponseReturnValue:
    """One entry, with the dated history of that woman's groups."""
    found = queries.entry_for(me(), entry_id)
    visit = visit_here(found.unit)
    if visit is None:
        return ask_reason(found.unit)
    return _entry(found, visit, EndForm(ends=clock.today()))


def _entry(found: RegisterEntry, visit: SealedVisit, form: EndForm, status: int = 200) -> ResponseReturnValue:
    history = queries.history_of(me(), found.person)
    actions.look(visit, found.unit_id, "entry", len(history), by=me())
    return page(
        "officials/entry.html",
        status,
        entry=found,
        visit=visit,
        form=form,
        history=history,
        writes=access.can_write(me(), found.unit_id),
    )


@bp.post("/so-can-bo/<key:entry_id>/ket-thuc")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def end_entry(entry_id: UUID) -> ResponseReturnValue:
    """She is no longer in this group."""
    found = queries.entry_for(me(), entry_id)
    require(access.can_write(me(), found.unit_id))
    visit, form = visit_here(found.unit), EndForm(request.form)
    if visit is None:
        return ask_reason(found.unit)
    if not form.validate():
        return _entry(found, visit, form, 422)
    try:
        actions.end_entry(found, form.ends.data, reason=form.why.data or "", by=me())
    except Refusal as refusal:
        return _refused_end(found, visit, form, refusal)
    return done(url_for(".entry", entry_id=entry_id), said=text("Đã ghi ngày kết thúc."))


def _refused_end(found: RegisterEntry, visit: SealedVisit, form: EndForm, refusal: Refusal) -> ResponseReturnValue:
    refusal.field = refusal.field or "ends"
    refused(refusal, form)
    return _entry(found, visit, form, 409)


@bp.get("/so-can-bo/them")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def new_entry() -> ResponseReturnValue:
    """To enter a woman: search among the persons of the unit, or a new person."""
    unit = unit_asked()
    require(access.can_write(me(), unit.id))
    visit = visit_here(unit)
    if visit is None:
        return ask_reason(unit)
    form = EntryForm(place=unit.title, begins=clock.today(), person=request.args.get("nguoi", "moi"))
    return _new_entry(unit, visit, form)


def _new_entry(
    unit: Unit,
    visit: SealedVisit,
    form: EntryForm,
    status: int = 200,
    namesakes: Sequence[Person] = (),
    sentence: Text | None = None,
) -> ResponseReturnValue:
    typed = (request.values.get("tim") or "")[:100]
    found = _found(unit, typed, form, namesakes)
    actions.look(visit, unit.id, "new_entry", len(found), by=me())
    return page(
        "officials/new_entry.html",
        status,
        unit=unit,
        visit=visit,
        form=form,
        typed=typed,
        found=found,
        chosen=queries.choices_of(person.canonical_id for person in found),
        namesakes=bool(namesakes),
        sentence=sentence,
        places=queries.places_in(unit),
    )


def _found(unit: Unit, typed: str, form: EntryForm, namesakes: Sequence[Person]) -> list[Person]:
    """Whom she may mean: the one already chosen, namesakes, those found by name."""
    lines = persons.persons_within([unit.id], Wanted(typed), MOST_FOUND) if typed else []
    women = [line.person for line in lines if line.person.sex != Sex.MALE]
    chosen = [] if form.wants_new() else [_chosen(form)]
    return list({person.canonical_id: person for person in (*chosen, *namesakes, *women)}.values())


def _chosen(form: EntryForm) -> Person:
    """The person picked; NotFound outside her units, as for an unknown key."""
    try:
        return queries.woman_for(me(), from_address(form.person.data or ""))
    except ValueError as fault:
        raise NotFound from fault


@bp.post("/so-can-bo/them")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def enter_by_hand() -> ResponseReturnValue:
    """One woman in one group."""
    unit = unit_asked()
    require(access.can_write(me(), unit.id))
    visit, form = visit_here(unit), EntryForm(request.form)
    if visit is None:
        return ask_reason(unit)
    place = _place(unit, form)
    if not form.is_complete() or place is None:
        _mark_place(form, place)
        return _new_entry(unit, visit, form, 422)
    namesakes = _namesakes(form, place)
    if namesakes:
        form.seen.data = " ".join(to_address(person.id) for person in namesakes)
        return _new_entry(unit, visit, form, 409, namesakes)
    try:
        made = _enter(form, place)
    except Refusal as refusal:
        return _new_entry(unit, visit, form, 409, sentence=refused(refusal, form))
    return done(url_for(".entry", entry_id=made.id), said=text("Đã ghi vào sổ."))


def _place(unit: Unit, form: EntryForm) -> Unit | None:
    """The unit whose name was typed, within the one at hand."""
    meant = queries.place_named(queries.places_in(unit), form.place.data or "")
    return units.unit(meant[0].unit_id) if len(meant) == 1 else None


def _mark_place(form: EntryForm, place: Unit | None) -> None:
    if place is None and not form.place.errors:
        form.place.errors = [text("Chưa rõ đơn vị nào. Ghi cả chữ xã, phường hoặc tỉnh, như “xã Xuân Du”.")]


def _namesakes(form: EntryForm, place: Unit) -> list[Person]:
    """Persons of this name there who were not shown yet."""
    if not form.wants_new():
        return []
    seen = set((form.seen.data or "").split())
    found = persons.namesakes(form.name.data or "", form.birth_year.data, place.id)
    return [person for person in found if to_address(person.id) not in seen]


def _enter(form: EntryForm, place: Unit) -> RegisterEntry:
    person = _new_person(form, place) if form.wants_new() else _chosen(form)
    return actions.enter(
        person, Category(form.category.data), place.level, place, form.post.data or "",
        term_of(form.term.data or ""), form.decision.data or "", form.begins.data, by=me(),
    )  # fmt: skip


def _new_person(form: EntryForm, place: Unit) -> Person:
    return people.add_person(
        form.name.data or "",
        place,
        by=me(),
        birth_year=form.birth_year.data,
        sex=Sex.FEMALE,
        ethnic_group=form.ethnic_group.data or None,
        post_kind=PostKind.COMMUNE_CADRE if place.level == Level.COMMUNE else PostKind.PROVINCE_CADRE,
        post_title=(form.post.data or "")[:120],
        since=min(form.begins.data, clock.today()),
    )
