"""Several phones at once: nothing is lost, nothing doubled, no number given twice."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from lms.core.db import db
from lms.training import actions, queries
from lms.training.models import Attendance, Participation, RollMark, RollState, Session, TrainingClass
from tests.training import make


def _together(app: Flask, works: list[Callable[[], object]]) -> list[BaseException]:
    """Each in its own thread, application context and connection, all at one moment."""
    barrier, faults = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                work()
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.remove()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def _marking(session_id: UUID, person_id: UUID, states: list[RollState]) -> Callable[[], object]:
    def work() -> None:
        for state in states:
            session = db.get(Session, session_id)
            assert session is not None
            actions.mark(session, person_id, state, by=make.BY)

    return work


def test_two_phones_lose_nothing(app: Flask) -> None:
    held, (one, two), persons = make.running(4)
    ids, sessions, class_id = [p.id for p in persons], [one.id, two.id], held.id
    db.remove()
    works = [_marking(session, person, [RollState.PRESENT] * 5) for session in sessions for person in ids[:2]]
    assert _together(app, works) == []
    assert db.scalar(select(func.count()).select_from(RollMark)) == 20
    assert db.scalar(select(func.count()).select_from(Attendance)) == 4
    parts = list(db.scalars(select(Participation).where(Participation.class_id == class_id)))
    assert sorted((p.minutes, p.sessions) for p in parts) == [(420, 2), (420, 2)]


def test_two_phones_on_one_person_leave_one_line(app: Flask) -> None:
    _, (one, _), persons = make.running(1)
    session_id, person_id = one.id, persons[0].id
    db.remove()
    states = [[RollState.PRESENT, RollState.LATE] * 4, [RollState.EXCUSED, RollState.PRESENT] * 4]
    assert _together(app, [_marking(session_id, person_id, row) for row in states]) == []
    marks = list(db.scalars(select(RollMark)))
    (row,) = db.scalars(select(Attendance))
    last = max(marks, key=lambda m: (m.captured_at, m.received_at, m.id))
    assert len(marks) == 16 and (row.mark_id, row.state) == (last.id, last.state)


def test_no_class_number_is_given_twice(app: Flask) -> None:
    make.course()
    db.remove()
    assert _together(app, [make.training_class] * 6) == []
    numbers = sorted(db.scalars(select(TrainingClass.number)))
    assert numbers == [f"L26-{n:04}" for n in range(1, 7)]


def test_the_last_seat_goes_to_one(app: Flask) -> None:
    held = make.training_class(capacity=1)
    class_id, names = held.id, [p.name for p in make.villagers(4)]
    db.remove()

    def inviting(place: int) -> Callable[[], object]:
        def work() -> None:
            found = db.get(TrainingClass, class_id)
            assert found is not None
            actions.invite(found, [make.villagers(4)[place]], by=make.BY)

        return work

    faults = _together(app, [inviting(place) for place in range(len(names))])
    assert len(faults) == 3 and all(isinstance(fault, actions.ClassIsFull) for fault in faults)
    assert queries.figures_of(class_id).roster == 1
