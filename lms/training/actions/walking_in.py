"""People who are in the room but not on the roster: added and marked present in one go."""

from __future__ import annotations

from lms.core.actor import Actor
from lms.core.db import action
from lms.people import actions as people
from lms.people.models import Person, Sex
from lms.training.actions.classes import hold
from lms.training.actions.roll import SessionIsClosed, mark
from lms.training.actions.roster import enrol
from lms.training.models import Enrolment, RollState, Session
from lms.units.models import Unit


@action
def add_walk_in(session: Session, person: Person, *, by: Actor) -> Enrolment:
    """A known person who is here: on the roster, even of a full class, and present. Twice is once.

    SessionIsClosed, TrainerCannotAttend, ClassIsClosed.
    """
    held = hold(session.training_class)
    if session.closed_at is not None:
        raise SessionIsClosed
    (enrolment,) = enrol(held, [person], by=by, room=1)
    mark(session, person.id, RollState.PRESENT, by=by)
    return enrolment


@action
def add_new_walk_in(
    session: Session, name: str, unit: Unit, *, birth_year: int | None, sex: Sex, village: str = "", by: Actor
) -> Enrolment:
    """Someone nobody knows yet: a new person of a unit since the class's first day, on the roster, present.

    Looking for namesakes first is the caller's duty.
    """
    since = session.training_class.starts_on
    person = people.add_person(name, unit, by=by, birth_year=birth_year, sex=sex, village=village, since=since)
    return add_walk_in(session, person, by=by)
