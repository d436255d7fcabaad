"""People who walk in: found by name in the organiser's units, or entered as new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core.ids import to_address
from lms.core.refusal import Refusal
from lms.core.words import Text, text
from lms.people.models import Person, Sex
from lms.people.queries import namesakes
from lms.training import actions, queries
from lms.training.forms import WalkInForm, key_of, offer
from lms.training.models import Session
from lms.training.views.blueprint import bp, posted_key, taken_session
from lms.units import queries as units
from lms.units.models import Unit
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused


@bp.get("/buoi/<key:session_id>/them-nguoi")
@allow("signed in")
def walk_in(session_id: UUID) -> ResponseReturnValue:
    """Find who walked in, or enter someone new."""
    session, _ = taken_session(session_id)
    typed = request.args.get("tim", "")[:100]
    return _walk_in(session, WalkInForm(name=typed, unit=to_address(session.training_class.venue_unit_id)))


def _walk_in(
    session: Session,
    form: WalkInForm,
    status: int = 200,
    sentence: Text | None = None,
    same: Sequence[Person] = (),
) -> ResponseReturnValue:
    typed = request.values.get("tim", "")[:100]
    offer(form.unit, [(unit.id, unit.title) for unit in _places(session)])
    form.seen.data = " ".join(to_address(person.id) for person in same)
    return page(
        "training/walk_in.html",
        status,
        session=session,
        held=session.training_class,
        typed=typed,
        offered=queries.walk_ins_offered(session.training_class, typed),
        expected=queries.invited_ids(session.class_id),
        form=form,
        same=same,
        sentence=sentence,
    )


def _places(session: Session) -> list[Unit]:
    """The organiser's unit and those right below."""
    top = session.training_class.organiser_unit_id
    return [units.unit(top), *units.children_of(top)]


@bp.post("/buoi/<key:session_id>/them-nguoi")
@allow("signed in")
def add_walk_in(session_id: UUID) -> ResponseReturnValue:
    """A known person (`nguoi`) of the organiser's units is here: on the roster and present."""
    session, _ = taken_session(session_id)
    scope = [session.training_class.organiser_unit_id]
    (person,) = queries.persons_chosen(scope, [posted_key("nguoi")])
    try:
        actions.add_walk_in(session, person, by=me())
    except Refusal as refusal:
        return _walk_in(session, WalkInForm(), 409, refused(refusal))
    return _added(session, person)


def _added(session: Session, person: Person) -> ResponseReturnValue:
    said = text("Đã thêm {name}, ghi có mặt.", name=person.name)
    return done(url_for(".roll", session_id=session.id, _anchor=f"n-{to_address(person.canonical_id)}"), said=said)


@bp.post("/buoi/<key:session_id>/nguoi-moi")
@allow("signed in")
def add_new_walk_in(session_id: UUID) -> ResponseReturnValue:
    """Someone nobody knows yet; namesakes are shown first, and she says that it is someone else."""
    session, _ = taken_session(session_id)
    form = cast(WalkInForm, WalkInForm.posted())
    offer(form.unit, [(unit.id, unit.title) for unit in _places(session)])
    if not form.validate():
        return _walk_in(session, form, 422)
    unit = next(unit for unit in _places(session) if unit.id == key_of(form.unit.data))
    same = namesakes(form.name.data or "", form.birth_year.data, unit.id)
    if same and form.seen.data != " ".join(to_address(person.id) for person in same):
        return _walk_in(
            session, form, 409, text("Đã có người cùng tên, cùng tuổi ở đây. Có phải người này không?"), same
        )
    try:
        enrolment = actions.add_new_walk_in(
            session, form.name.data or "", unit, birth_year=form.birth_year.data, sex=Sex(form.sex.data),
            village=form.village.data or "", by=me(),
        )  # fmt: skip
    except Refusal as refusal:
        return _walk_in(session, form, 409, refused(refusal, form))
    return _added(session, enrolment.person)
