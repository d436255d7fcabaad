"""Giving courses to persons, and taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.courses.models import Edition
from lms.learning.models import Assignment
from lms.people.models import Person
from lms.people.queries import posts_on


class NobodyIsChosen(Refusal):
    """No person was ticked."""

    sentence = text("Chưa chọn ai. Đánh dấu ít nhất một người rồi giao lại.")


class DayHasPassed(Refusal):
    """The day lies behind."""

    sentence = text("Ngày này đã qua. Chọn từ hôm nay trở đi.")


@action
def assign(edition: Edition, persons: Sequence[Person], due: date, *, by: Actor) -> list[Assignment]:
    """Give a course to persons, to be done by a day; given again it takes the new day."""
    if not persons:
        raise NobodyIsChosen(field="persons")
    if due < clock.today():
        raise DayHasPassed(field="due")
    lock(Person, [person.id for person in persons])
    query = select(Assignment).where(
        Assignment.course_id == edition.course_id, Assignment.person_id.in_([person.id for person in persons])
    )
    known = {given.person_id: given for given in db.scalars(query)}
    posts = posts_on([person.id for person in persons])
    given = []
    for person in persons:
        assignment = known.get(person.id) or Assignment(person_id=person.id, course_id=edition.course_id)
        assignment.due, assignment.withdrawn_at = due, None
        assignment.given_by_id, assignment.given_at = by.account_id, clock.now()
        db.add(assignment)
        db.flush()
        unit_id = posts[person.id].unit_id if person.id in posts else None
        history.write("learning.assign", assignment, by=by, unit_id=unit_id, due=due.isoformat())
        given.append(assignment)
    return given


@action
def withdraw(assignment: Assignment, *, by: Actor) -> Assignment:
    """Take a given course back; what was studied stays. Twice is once."""
    kept = lock(Assignment, [assignment.id])[0]
    if kept.withdrawn_at is None:
        kept.withdrawn_at = clock.now()
        history.write("learning.withdraw", kept, by=by)
        db.flush()
    return kept
