"""What the room tells and forgets of a person."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from lms.core.db import db
from lms.core.inbox import InboxEvent
from lms.people import actions as people
from lms.training import actions, queries
from lms.training.models import RollMark, RollState
from tests.training import make


def test_each_table_that_names_a_person_is_told(app: Flask) -> None:
    held, (one, _), persons = make.running(1)
    actions.mark(one, persons[0].id, RollState.EXCUSED, reason="con ốm", by=make.BY)
    actions.add_trainer(held, make.villagers(4)[3], by=make.BY)
    told = queries.about(persons[0].id)
    assert {table: len(rows) for table, rows in told.items()} == {
        "class_trainer": 0, "enrolment": 1, "roll_mark": 1, "attendance": 1, "participation": 1, "path_learner": 0, "credit": 0,
    }  # fmt: skip
    assert told["roll_mark"][0]["reason"] == "con ốm"
    assert len(queries.about(make.villagers(4)[3].id)["class_trainer"]) == 1


def test_forgetting_leaves_every_figure(app: Flask) -> None:
    held, (one, two), persons = make.running(3)
    mark = actions.mark(one, persons[0].id, RollState.EXCUSED, reason="con ốm", by=make.BY)
    actions.strike_out(mark, reason="chị ấy có đến", by=make.BY)
    for session in (one, two):
        actions.mark(session, persons[0].id, RollState.PRESENT, by=make.BY)
        actions.close_session(session, by=make.BY)
    actions.close_class(held, by=make.BY)
    before, rows = queries.figures_of(held.id), make.rows(held)
    assert actions.forget(persons[0].id, by=make.BY) == set(queries.about(persons[0].id))
    people.forget(persons[0].id, by=make.BY)
    assert (queries.figures_of(held.id), make.rows(held)) == (before, rows)
    actions.rebuild(held)
    assert (queries.figures_of(held.id), make.rows(held)) == (before, rows)
    assert {m.reason for m in db.scalars(select(RollMark))} == {""}
    assert not [e for e in db.scalars(select(InboxEvent)) if e.payload.get("reason")]
