"""The roster: inviting, seats, withdrawing, who people were when the class began, walk-ins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import demo
from lms.core import clock
from lms.core.db import action, db
from lms.people import actions as people
from lms.people.models import Person, PostKind, Sex
from lms.training import actions, queries
from lms.training.models import Enrolment, RollState
from tests.training import make


def _count() -> int:
    return db.scalar(select(func.count()).select_from(Enrolment)) or 0


def test_inviting_twice_is_once(app: Flask) -> None:
    held = make.training_class()
    persons = make.villagers(3)
    first = actions.invite(held, [*persons, persons[0]], by=make.BY)
    again = actions.invite(held, persons, by=make.BY)
    assert len(first) == 3 and {e.id for e in first} == {e.id for e in again} and _count() == 3
    assert {e.inviter_unit_id for e in first} == {held.organiser_unit_id}


def test_a_full_class_names_its_seats_and_invites_nobody(app: Flask) -> None:
    held = make.training_class(capacity=4)
    actions.invite(held, make.villagers(2), by=make.BY)
    with pytest.raises(actions.ClassIsFull, match="còn 2 chỗ, đang chọn 3 người"):
        actions.invite(held, make.villagers(5), by=make.BY)
    assert _count() == 2 and queries.open_seats(held) == 2
    actions.invite(held, make.villagers(4), by=make.BY)
    assert queries.open_seats(held) == 0
    assert len(actions.invite(held, make.villagers(4), by=make.BY)) == 4


def test_who_was_withdrawn_leaves_a_seat_and_comes_back(app: Flask) -> None:
    held = make.training_class(capacity=1)
    (person,) = make.villagers(1)
    (first,) = actions.invite(held, [person], by=make.BY)
    actions.withdraw(held, person, by=make.BY)
    actions.withdraw(held, person, by=make.BY)
    assert queries.open_seats(held) == 1 and queries.invited_ids(held.id) == set()
    (again,) = actions.invite(held, [person], by=make.BY)
    assert again.id == first.id and again.withdrawn_at is None


def test_who_was_marked_is_not_withdrawn(app: Flask) -> None:
    held, (one, _), persons = make.running(1)
    actions.mark(one, persons[0].id, RollState.ABSENT, by=make.BY)
    with pytest.raises(actions.HasBeenMarked):
        actions.withdraw(held, persons[0], by=make.BY)


def test_two_records_of_one_human_are_one_line_and_one_seat(app: Flask) -> None:
    held = make.training_class(capacity=2)
    one, other, third = make.villagers(3)
    _link(one, other)
    actions.invite(held, [one, other, third], by=make.BY)
    session = make.sessions(held, 1)[0]
    assert queries.figures_of(held.id).roster == 2 == len(queries.roster_of(session))
    actions.mark(session, other.id, RollState.PRESENT, by=make.BY)
    assert queries.tally_of(session).came == 1 == queries.figures_of(held.id).came
    assert [row[1] for row in make.rows(held)] == [one.id]


@action
def _link(one: Person, other: Person) -> None:
    other.canonical_id = one.id
    db.flush()


def test_the_first_mark_freezes_who_people_were_on_the_first_day(app: Flask) -> None:
    held, (one, _), persons = make.running(2, first=date(2026, 9, 1))
    village = db.scalar(select(Enrolment).where(Enrolment.person_id == persons[0].id))
    assert village is not None and village.frozen_unit_id is None
    people.change_post(
        persons[0],
        demo.place(demo.YEN_THO),
        by=make.BY,
        kind=PostKind.OTHER,
        title="",
        village="",
        begins=date(2026, 9, 5),
    )
    actions.mark(one, persons[1].id, RollState.PRESENT, by=make.BY)
    assert held.frozen_at is not None
    assert village.frozen_unit_id == demo.place(demo.XUAN_DU).id
    assert (village.frozen_sex, village.frozen_ethnic_group) == (Sex.MALE, "muong")
    assert village.frozen_post_kind == PostKind.VILLAGE_HEAD
    before = held.frozen_at
    actions.mark(one, persons[0].id, RollState.PRESENT, by=make.BY)
    assert held.frozen_at == before


def test_closing_an_empty_session_freezes_too_and_late_guests_at_once(app: Flask) -> None:
    held, (one, _), _ = make.running(1)
    actions.close_session(one, by=make.BY)
    *_, late = make.villagers(4)
    (enrolment,) = actions.invite(held, [late], by=make.BY)
    assert held.frozen_at and enrolment.frozen_unit_id == demo.place(demo.XUAN_DU).id


def test_a_walk_in_is_on_the_roster_and_present_even_when_full(app: Flask) -> None:
    held, (one, _), persons = make.running(2, capacity=2)
    *_, guest = make.villagers(5)
    enrolment = actions.add_walk_in(one, guest, by=make.BY)
    actions.add_walk_in(one, guest, by=make.BY)
    line = queries.line_of(one, guest.id)
    assert line is not None and line.state == RollState.PRESENT and enrolment.frozen_unit_id is not None
    assert queries.figures_of(held.id).roster == 3
    with pytest.raises(actions.ClassIsFull):
        actions.invite(held, make.villagers(4), by=make.BY)


def test_a_new_walk_in_is_a_person_of_the_commune_since_the_first_day(app: Flask) -> None:
    yesterday = clock.today() - timedelta(days=1)
    held, (one, _), _ = make.running(1, first=yesterday)
    enrolment = actions.add_new_walk_in(
        one, "Hà Thị Mới", demo.place(demo.XUAN_DU), birth_year=1990, sex=Sex.FEMALE, by=make.BY
    )
    assert enrolment.person.name == "Hà Thị Mới"
    assert (enrolment.frozen_unit_id, enrolment.frozen_sex) == (held.organiser_unit_id, Sex.FEMALE)


def test_a_closed_session_takes_no_walk_in(app: Flask) -> None:
    _, (one, _), _ = make.running(1)
    actions.close_session(one, by=make.BY)
    with pytest.raises(actions.SessionIsClosed):
        actions.add_walk_in(one, make.villagers(3)[2], by=make.BY)
    with pytest.raises(actions.SessionIsClosed):
        actions.add_new_walk_in(one, "Hà Thị Mới", demo.place(demo.XUAN_DU), birth_year=None, sex=Sex.MALE, by=make.BY)
    assert db.scalar(select(Person).where(Person.name == "Hà Thị Mới")) is None


def test_upcoming_sessions_and_open_classes(app: Flask) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    held, sessions, persons = make.running(1, first=tomorrow)
    assert [s.id for s in queries.upcoming_for(persons[0].id)] == [s.id for s in sessions]
    assert [c.id for c in queries.classes_open_for(make.who("planner"))] == [held.id]
    assert queries.classes_open_for(make.who("neighbour")) == [] == queries.classes_open_for(make.who("cadre"))
    actions.withdraw(held, persons[0], by=make.BY)
    assert queries.upcoming_for(persons[0].id) == []
