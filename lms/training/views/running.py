"""Running a class: inviting, withdrawing, trainers, closing, cancelling."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.people.models import Person
from lms.training import access, actions, queries
from lms.training.forms import InviteForm, ReasonForm
from lms.training.models import TrainingClass
from lms.training.views.blueprint import bp, posted_key, run_class
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused


@bp.get("/lop/<key:class_id>/moi")
@allow("signed in")
def invitation(class_id: UUID) -> ResponseReturnValue:
    """People of her units, to be invited by ticks."""
    return _invitation(run_class(class_id), InviteForm())


def _invitation(
    training_class: TrainingClass, form: InviteForm, status: int = 200, sentence: Text | None = None
) -> ResponseReturnValue:
    typed = request.values.get("tim", "")[:100]
    offered, invited = (
        queries.persons_offered(me().units_as(*access.ORGANISERS), typed),
        queries.invited_ids(training_class.id),
    )
    return page(
        "training/invitation.html",
        status,
        training_class=training_class,
        form=form,
        typed=typed,
        offered=sorted(offered, key=lambda one: one[0].id in invited),
        invited=invited,
        seats=queries.open_seats(training_class),
        most=queries.MOST_OFFERED,
        sentence=sentence,
    )


@bp.post("/lop/<key:class_id>/moi")
@allow("signed in")
def invite(class_id: UUID) -> ResponseReturnValue:
    """All the ticked people or nobody."""
    training_class = run_class(class_id)
    form = cast(InviteForm, InviteForm.posted())
    if not form.validate():
        return _invitation(training_class, form, 422)
    persons = queries.persons_chosen(me().units_as(*access.ORGANISERS), form.persons.data)
    try:
        actions.invite(training_class, persons, by=me())
    except Refusal as refusal:
        return _invitation(training_class, form, 409, refused(refusal, form))
    said = text("Đã có {count} người trong danh sách lớp.", count=queries.figures_of(class_id).roster)
    return done(url_for(".class_page", class_id=class_id), said=said)


@bp.post("/lop/<key:class_id>/rut-ten")
@allow("signed in")
def withdraw(class_id: UUID) -> ResponseReturnValue:
    """Someone of the roster will not come."""
    training_class = run_class(class_id)
    person = _on_roster(class_id, posted_key("nguoi"))
    actions.withdraw(training_class, person, by=me())
    return done(url_for(".class_list", class_id=class_id), said=text("Đã rút tên {name}.", name=person.name))


def _on_roster(class_id: UUID, person_id: UUID) -> Person:
    training_class = queries.class_for(me(), class_id)
    lines = queries.list_behind(training_class, queries.Group.ROSTER)
    found = next((line.person for line in lines if line.person.id == person_id), None)
    if found is None:
        raise NotFound
    return found


@bp.get("/lop/<key:class_id>/giang-vien")
@allow("signed in")
def trainers(class_id: UUID) -> ResponseReturnValue:
    """Who teaches, and who could."""
    return _trainers(run_class(class_id))


def _trainers(training_class: TrainingClass, status: int = 200, sentence: Text | None = None) -> ResponseReturnValue:
    typed = request.values.get("tim", "")[:100].strip()
    units = me().units_as(*access.ORGANISERS)
    return page(
        "training/trainers.html",
        status,
        training_class=training_class,
        teaching=queries.trainers_of(training_class.id),
        offered=queries.persons_offered(units, typed) if typed else queries.trainers_offered(units),
        typed=typed,
        sentence=sentence,
    )


@bp.post("/lop/<key:class_id>/giang-vien")
@allow("signed in")
def add_trainer(class_id: UUID) -> ResponseReturnValue:
    """Someone more teaches: a trainer of hers, or a person of her units."""
    training_class, key = run_class(class_id), posted_key("nguoi")
    units = me().units_as(*access.ORGANISERS)
    known = {person.id: person for person, _ in queries.trainers_offered(units)}
    person = known[key] if key in known else queries.persons_chosen(units, [key])[0]
    try:
        actions.add_trainer(training_class, person, by=me())
    except Refusal as refusal:
        return _trainers(training_class, 409, refused(refusal))
    said = text("{name} là giảng viên của lớp.", name=person.name)
    return done(url_for(".trainers", class_id=class_id), said=said)


@bp.post("/lop/<key:class_id>/giang-vien/bo")
@allow("signed in")
def drop_trainer(class_id: UUID) -> ResponseReturnValue:
    """Someone does not teach after all."""
    training_class, key = run_class(class_id), posted_key("nguoi")
    trainer = next((t for t in queries.trainers_of(training_class.id) if t.person_id == key), None)
    if trainer is None:
        raise NotFound
    actions.drop_trainer(trainer, by=me())
    return done(url_for(".trainers", class_id=class_id), said=text("Đã bỏ {name}.", name=trainer.person.name))


@bp.get("/lop/<key:class_id>/chot")
@allow("signed in")
def closing_class(class_id: UUID) -> ResponseReturnValue:
    """Before a class is closed: which sessions are still open."""
    return _closing_class(run_class(class_id))


def _closing_class(
    training_class: TrainingClass, status: int = 200, sentence: Text | None = None
) -> ResponseReturnValue:
    return page(
        "training/closing_class.html",
        status,
        training_class=training_class,
        sessions=queries.sessions_of(training_class.id),
        figures=queries.figures_of(training_class.id),
        sentence=sentence,
    )


@bp.post("/lop/<key:class_id>/chot")
@allow("signed in")
def close_class(class_id: UUID) -> ResponseReturnValue:
    """Close a class: who completed is decided."""
    training_class = run_class(class_id)
    try:
        actions.close_class(training_class, by=me())
    except Refusal as refusal:
        return _closing_class(training_class, 409, refused(refusal))
    said = text("Đã chốt lớp: {count} người hoàn thành.", count=queries.figures_of(class_id).completed)
    return done(url_for(".class_page", class_id=class_id), said=said)


@bp.get("/lop/<key:class_id>/huy")
@allow("signed in")
def cancelling(class_id: UUID) -> ResponseReturnValue:
    """Before a class is cancelled: why."""
    return _cancelling(run_class(class_id), ReasonForm())


def _cancelling(
    training_class: TrainingClass, form: ReasonForm, status: int = 200, sentence: Text | None = None
) -> ResponseReturnValue:
    return page("training/cancelling.html", status, training_class=training_class, form=form, sentence=sentence)


@bp.post("/lop/<key:class_id>/huy")
@allow("signed in")
def cancel_class(class_id: UUID) -> ResponseReturnValue:
    """A class that nobody was marked in will not take place."""
    training_class = run_class(class_id)
    form = cast(ReasonForm, ReasonForm.posted())
    if not form.validate():
        return _cancelling(training_class, form, 422)
    try:
        actions.cancel_class(training_class, reason=form.reason.data or "", by=me())
    except Refusal as refusal:
        return _cancelling(training_class, form, 409, refused(refusal, form))
    return done(url_for(".class_page", class_id=class_id), said=text("Đã hủy lớp."))
