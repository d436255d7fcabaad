"""Roles at units: given and ended by the administrators above."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.actor import Role
from lms.core.db import db
from lms.core.ids import from_address
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.people import access, actions, queries, rules
from lms.people.forms import RoleForm, offer_units
from lms.people.models import Account, Grant, Person
from lms.people.views.persons import unit_choices
from lms.people.views.room import bp
from lms.units import queries as units
from lms.web.gate import allow, me, require
from lms.web.pages import done, page, refused


def _holder(person_id: UUID) -> tuple[Person, Account]:
    """A person of her units who has an account; else 404."""
    found = queries.person_for(me(), person_id)
    account = queries.account_of(found.id)
    if account is None:
        raise NotFound
    return found, account


@bp.get("/con-nguoi/<key:person_id>/quyen")
@allow(Role.ADMINISTRATOR)
def grants(person_id: UUID) -> ResponseReturnValue:
    """The roles of an account at units that she administers."""
    return _grants(*_holder(person_id), _form())


def _form() -> RoleForm:
    """With the units below her; another one of hers may come by its address or its key."""
    form = RoleForm.posted() if request.method == "POST" else RoleForm(unit=request.args.get("donvi"))
    assert isinstance(form, RoleForm)
    try:
        chosen = from_address(form.unit.data or "")
    except ValueError:
        chosen = None
    offer_units(form.unit, unit_choices(me().units_as(Role.ADMINISTRATOR), chosen))
    return form


def _grants(
    found: Person, account: Account, form: RoleForm, status: int = 200, sentence: object = ""
) -> ResponseReturnValue:
    return page(
        "people/grants.html",
        status,
        person=found,
        form=form,
        sentence=sentence,
        held=queries.grants_within(account.id, me().units_as(Role.ADMINISTRATOR)),
        roles=rules.ROLES,
        today=clock.today(),
        is_self=account.id == me().account_id,
    )


@bp.post("/con-nguoi/<key:person_id>/quyen")
@allow(Role.ADMINISTRATOR)
def give_role(person_id: UUID) -> ResponseReturnValue:
    """A role from today on."""
    found, account = _holder(person_id)
    form = _form()
    if not form.validate():
        return _grants(found, account, form, 422)
    unit = units.unit(from_address(form.unit.data))
    require(access.can_grant(me(), account, unit.id))
    try:
        actions.grant(account, Role(form.role.data), unit, by=me())
    except Refusal as refusal:
        return _grants(found, account, form, 409, refused(refusal, form))
    return done(url_for("people.grants", person_id=person_id), said=text("Đã cấp quyền."))


@bp.post("/con-nguoi/<key:person_id>/quyen/<key:grant_id>")
@allow(Role.ADMINISTRATOR)
def end_role(person_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """The role ends now."""
    found, account = _holder(person_id)
    given = db.get(Grant, grant_id)
    seen = queries.grants_within(account.id, me().units_as(Role.ADMINISTRATOR))
    if given is None or given.id not in {held.id for held in seen}:
        raise NotFound
    require(access.can_grant(me(), account, given.unit_id))
    actions.end_grant(given, by=me())
    return done(url_for("people.grants", person_id=found.id), said=text("Quyền đã hết từ bây giờ."))
