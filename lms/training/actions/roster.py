"""Who is expected in a class: inviting, withdrawing, freezing who they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, announce, db, exists
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.people.models import Person
from lms.training import events, queries
from lms.training.access import same_human
from lms.training.actions.classes import hold, refuse_if_over
from lms.training.models import Attendance, Enrolment, Session, TrainingClass
from lms.training.queries.places import posts_around


class ClassIsFull(Refusal):
    """More people than seats; nobody of them was invited."""


class TrainerCannotAttend(Refusal):
    """Nobody is trainer and participant of one class."""


class HasBeenMarked(Refusal):
    """Who was marked stays on the roster."""

    sentence = text(
        "Người này đã được điểm danh trong lớp. Gạch các lần điểm danh của người này trước, rồi mới rút tên."
    )


@action
def invite(training_class: TrainingClass, persons: Iterable[Person], *, by: Actor) -> list[Enrolment]:
    """All of them or nobody; twice is once, who was withdrawn comes back. ClassIsFull, TrainerCannotAttend, ClassIsClosed.

    No reason, list or room is kept; the organising unit is the inviter.
    """
    return enrol(hold(training_class), list(persons), by=by, room=None)


def enrol(held: TrainingClass, persons: Sequence[Person], *, by: Actor, room: int | None) -> list[Enrolment]:
    """Put people on the roster of a class that is held; `room` is how many may be added (None: the free seats)."""
    refuse_if_over(held)
    humans = {person.canonical_id: person for person in persons}
    _refuse_trainers(held, humans)
    known = _enrolments(held.id)
    new = [key for key in humans if key not in known or known[key].withdrawn_at is not None]
    active = sum(enrolment.withdrawn_at is None for enrolment in known.values())
    _refuse_too_many(len(new), held.capacity - active if room is None else room)
    for key in new:
        known[key] = _enrol(held, humans[key], known.get(key))
    db.flush()
    if new:
        history.write("training.invite", held, by=by, unit_id=held.organiser_unit_id, count=len(new))
    if new and held.frozen_at is not None:
        _freeze_rows(held, [known[key] for key in new])
    return [known[key] for key in humans]


def _refuse_trainers(held: TrainingClass, humans: dict[UUID, Person]) -> None:
    teaching = {trainer.person.canonical_id for trainer in queries.trainers_of(held.id)}
    for key, person in humans.items():
        if key in teaching:
            raise TrainerCannotAttend(
                text("{name} là giảng viên của lớp này, không mời làm học viên được.", name=person.name)
            )


def _refuse_too_many(wanted: int, seats: int) -> None:
    if wanted > max(seats, 0):
        sentence = text(
            "Lớp còn {seats} chỗ, đang chọn {wanted} người. Chưa mời ai cả.", seats=max(seats, 0), wanted=wanted
        )
        raise ClassIsFull(sentence, "persons")


def _enrolments(class_id: UUID) -> dict[UUID, Enrolment]:
    """By canonical person; of several linked records the one that is not withdrawn."""
    query = select(Enrolment).where(Enrolment.class_id == class_id).options(joinedload(Enrolment.person))
    rows = db.scalars(query.order_by(Enrolment.withdrawn_at.is_(None), Enrolment.invited_at))
    return {enrolment.person.canonical_id: enrolment for enrolment in rows}


def _enrol(held: TrainingClass, person: Person, known: Enrolment | None) -> Enrolment:
    enrolment = known or Enrolment(class_id=held.id, person_id=person.id)
    enrolment.invited_at, enrolment.inviter_unit_id = clock.now(), held.organiser_unit_id
    enrolment.withdrawn_at = None
    if known is None:
        enrolment.person = person
        db.add(enrolment)
    return enrolment


@action
def withdraw(training_class: TrainingClass, person: Person, *, by: Actor) -> None:
    """Someone will not come; twice is once. HasBeenMarked, ClassIsClosed."""
    held = hold(training_class)
    refuse_if_over(held)
    humans = same_human(person.id)
    marked = select(Attendance.id).join(Session, Attendance.session_id == Session.id)
    if exists(marked.where(Session.class_id == held.id, Attendance.person_id.in_(humans))):
        raise HasBeenMarked
    query = select(Enrolment).where(Enrolment.class_id == held.id, Enrolment.person_id.in_(humans))
    for enrolment in db.scalars(query.where(Enrolment.withdrawn_at.is_(None))):
        enrolment.withdrawn_at = clock.now()
        history.write("training.withdraw", enrolment, by=by, unit_id=held.organiser_unit_id)
    db.flush()


@action
def freeze(training_class: TrainingClass) -> None:
    """The class has begun: who each expected person was on its first day is copied once and stays."""
    if training_class.frozen_at is not None:
        return
    training_class.frozen_at = clock.now()
    query = select(Enrolment).where(Enrolment.class_id == training_class.id, Enrolment.frozen_unit_id.is_(None))
    _freeze_rows(training_class, list(db.scalars(query.options(joinedload(Enrolment.person)))))


def _freeze_rows(held: TrainingClass, enrolments: Sequence[Enrolment]) -> None:
    people = [enrolment.person for enrolment in enrolments]
    posts = posts_around({key for person in people for key in (person.id, person.canonical_id)}, held.starts_on)
    for enrolment in enrolments:
        person = enrolment.person
        post = posts.get(person.id) or posts.get(person.canonical_id)
        enrolment.frozen_sex, enrolment.frozen_ethnic_group = person.sex, person.ethnic_group
        enrolment.frozen_unit_id = post.unit_id if post is not None else None
        enrolment.frozen_post_kind = post.kind if post is not None else None
    db.flush()
    announce(events.participation_changed, held)
