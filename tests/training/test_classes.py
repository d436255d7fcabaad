"""Opening and closing classes, their sessions and trainers, and who completes."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.db import action, db
from lms.core.history import HistoryEntry
from lms.core.ids import new_id
from lms.courses.models import Edition
from lms.learning.models import Purpose, Study, TestAttempt
from lms.people.models import Person
from lms.training import actions, events, queries
from lms.training.actions import PassedTest
from lms.training.models import Participation, RollState, Session, TrainingClass
from tests.training import make

PRESENT, LATE, ABSENT, EXCUSED = RollState.PRESENT, RollState.LATE, RollState.ABSENT, RollState.EXCUSED


def test_numbers_of_a_year_are_unique_and_follow(app: Flask) -> None:
    first, second = make.training_class(), make.training_class(demo.YEN_THO)
    other = make.training_class(first=date(2027, 1, 5))
    assert (first.number, second.number, other.number) == ("L26-0001", "L26-0002", "L27-0001")


def test_a_class_ends_after_it_starts(app: Flask) -> None:
    with pytest.raises(actions.EndsBeforeItStarts):
        make.training_class(days=0)


def test_sessions_count_their_minutes_and_follow_the_days(app: Flask) -> None:
    held = make.training_class()
    later = actions.add_session(held, held.ends_on, *make.MORNING, by=make.BY)
    earlier = actions.add_session(held, held.starts_on, *make.AFTERNOON, by=make.BY)
    assert (earlier.number, later.number, earlier.minutes) == (1, 2, 210)
    assert [s.number for s in queries.sessions_of(held.id)] == [1, 2]


@pytest.mark.parametrize("offset", [-1, 2])
def test_a_session_outside_the_days_is_refused(app: Flask, offset: int) -> None:
    held = make.training_class()
    with pytest.raises(actions.DayIsOutsideTheClass, match="26/11/2026"):
        actions.add_session(held, held.starts_on + timedelta(days=offset), *make.MORNING, by=make.BY)


def test_overlapping_and_backward_sessions_are_refused(app: Flask) -> None:
    held = make.training_class()
    make.sessions(held, 1)
    with pytest.raises(actions.SessionsOverlap, match="07:30–11:00"):
        actions.add_session(held, held.starts_on, time(10), time(12), by=make.BY)
    with pytest.raises(actions.EndsBeforeItStarts):
        actions.add_session(held, held.starts_on, time(15), time(14), by=make.BY)
    assert len(queries.sessions_of(held.id)) == 1


def test_a_trainer_is_no_participant_and_a_participant_no_trainer(app: Flask) -> None:
    held, _, persons = make.running(2)
    make.taught_by(held)
    make.taught_by(held)
    assert len(queries.trainers_of(held.id)) == 1
    with pytest.raises(actions.TrainerCannotAttend, match="Quách Thị Vân"):
        actions.invite(held, [demo.member("trainer").person], by=make.BY)
    with pytest.raises(actions.TrainerIsOnTheRoster):
        actions.add_trainer(held, persons[0], by=make.BY)


def test_closing_waits_for_its_sessions(app: Flask) -> None:
    with pytest.raises(actions.ClassHasNoSession):
        actions.close_class(make.training_class(), by=make.BY)
    held, (one, two), _ = make.running(1)
    actions.close_session(one, by=make.BY)
    with pytest.raises(actions.SessionsAreOpen, match="buổi 2"):
        actions.close_class(held, by=make.BY)
    actions.close_session(two, by=make.BY)
    actions.close_class(held, by=make.BY)
    closed = held.closed_at
    actions.close_class(held, by=make.BY)
    assert held.closed_at == closed is not None
    with pytest.raises(actions.ClassIsClosed):
        make.sessions(held, 1)
    with pytest.raises(actions.ClassIsClosed):
        actions.invite(held, make.villagers(3), by=make.BY)


def _held(marks: dict[int, list[RollState]], **names: object) -> tuple[TrainingClass, list[Session], list[Person]]:
    """A closed class of two sessions; what was marked of each person in each."""
    held, sessions, persons = make.running(max(marks) + 1, **names)
    for number, states in marks.items():
        for session, state in zip(sessions, states, strict=False):
            actions.mark(session, persons[number].id, state, by=make.BY)
    for session in sessions:
        actions.close_session(session, by=make.BY)
    actions.close_class(held, by=make.BY)
    return held, sessions, persons


def _completed(held: TrainingClass) -> set[str]:
    return {p.person.name for p in queries.participations_of(held.id) if p.completed_at is not None}


def test_eighty_percent_of_all_minutes_complete(app: Flask) -> None:
    heard: list[object] = []
    events.completed.listen(heard.append)
    held, _, persons = _held({0: [PRESENT, PRESENT], 1: [LATE, LATE], 2: [PRESENT, EXCUSED], 3: [ABSENT], 4: []})
    assert _completed(held) == {persons[0].name, persons[1].name}
    parts = {p.person_id: p for p in queries.participations_of(held.id)}
    late, half, absent = (parts[persons[n].id] for n in (1, 2, 3))
    assert (late.minutes, late.sessions, late.came) == (390, 2, True)
    assert (half.minutes, half.sessions, half.came) == (210, 1, True)
    assert (absent.minutes, absent.came) == (0, False) and persons[4].id not in parts
    assert {p.person_id for p in heard if isinstance(p, Participation)} == {persons[0].id, persons[1].id}
    events.completed.listeners.remove(heard.append)


def test_nobody_completes_before_the_class_is_closed(app: Flask) -> None:
    held, (one, two), persons = make.running(1)
    for session in (one, two):
        actions.mark(session, persons[0].id, PRESENT, by=make.BY)
    assert _completed(held) == set()


def test_late_data_completes_and_what_is_earned_stays(app: Flask) -> None:
    with clock.stopped(make.noon(date(2026, 1, 5))):
        held, (one, two), persons = _held({0: [PRESENT, PRESENT], 1: [PRESENT]})
    assert _completed(held) == {persons[0].name}
    earned = queries.part_of(persons[0].id, held.id)
    assert earned is not None
    day = earned.completed_at
    actions.reopen_session(two, reason="tờ ký giấy có thêm người", by=make.BY)
    actions.mark(two, persons[1].id, PRESENT, by=make.BY)
    actions.mark(two, persons[0].id, ABSENT, by=make.BY)
    actions.close_session(two, by=make.BY)
    assert _completed(held) == {persons[0].name, persons[1].name}
    assert (earned.minutes, earned.completed_at) == (210, day)
    actions.rebuild(held)
    assert earned.completed_at == day


def test_the_last_mark_struck_out_leaves_no_part_but_keeps_what_was_earned(app: Flask) -> None:
    held, (one, two), persons = _held({0: [PRESENT, PRESENT], 1: [PRESENT]})
    for session, person in ((one, 0), (two, 0), (one, 1)):
        if session.closed_at:
            actions.reopen_session(session, reason="sai", by=make.BY)
        (line,) = queries.marks_of(session, persons[person].id)
        actions.strike_out(line.mark, reason="ghi nhầm người", by=make.BY)
    kept = queries.part_of(persons[0].id, held.id)
    assert kept is not None and kept.completed_at is not None and (kept.minutes, kept.came) == (0, False)
    assert queries.part_of(persons[1].id, held.id) is None


@action
def _passes(person: Person, held: TrainingClass, purpose: Purpose = Purpose.FINAL) -> TestAttempt:
    edition = db.scalar(select(Edition).where(Edition.course_id == held.course_id)) or Edition(
        course_id=held.course_id, number=1, digest="0" * 64, title="Lớp thử", summary="", audience=[], audience_text="",
        languages=["vi"], hours=1, minutes=60, lesson_count=0, open=True, licence="", completion={},
        certificate_title="", goals={}, sources=[], published_at=clock.now(),
    )  # fmt: skip
    db.add(edition)
    db.flush()
    study = Study(person_id=person.id, course_id=held.course_id, edition_id=edition.id, began_at=clock.now(),
                  last_at=clock.now(), last_lesson_key="")  # fmt: skip
    db.add(study)
    db.flush()
    attempt = TestAttempt(study_id=study.id, edition_id=edition.id, purpose=purpose, number=1, seed=1, right=9,
                          question_keys=[], began_at=clock.now(), submitted_at=clock.now(), passed=True)  # fmt: skip
    attempt.study = study
    db.add(attempt)
    db.flush()
    return attempt


def test_where_a_test_is_needed_both_are(app: Flask) -> None:
    held, sessions, persons = make.running(3, needs_test=True)
    for session in sessions:
        for person in persons[:2]:
            actions.mark(session, person.id, PRESENT, by=make.BY)
        actions.mark(session, persons[2].id, ABSENT, by=make.BY)
        actions.close_session(session, by=make.BY)
    _passes(persons[0], held)
    actions.close_class(held, by=make.BY)
    assert _completed(held) == {persons[0].name}
    for person in persons[1:]:
        actions.hear_test_passed(_passes(person, held))
    assert _completed(held) == {persons[0].name, persons[1].name}


def test_a_test_before_the_class_does_not_count(app: Flask) -> None:
    held, sessions, persons = make.running(1, needs_test=True)
    for session in sessions:
        actions.mark(session, persons[0].id, PRESENT, by=make.BY)
        actions.close_session(session, by=make.BY)
    actions.close_class(held, by=make.BY)
    assert actions.hear_test_passed(_passes(persons[0], held, Purpose.PRE)) == []
    assert _completed(held) == set()
    done = actions.complete_by_test(PassedTest(persons[0].id, held.course_id, clock.now()))
    assert len(done) == 1 and _completed(held) == {persons[0].name}
    assert actions.complete_by_test(PassedTest(persons[0].id, held.course_id, clock.now())) == []
    assert actions.complete_by_test(PassedTest(persons[0].id, new_id(), clock.now())) == []


def test_a_class_that_took_place_is_not_cancelled(app: Flask) -> None:
    held, (one, _), persons = make.running(1)
    actions.mark(one, persons[0].id, PRESENT, by=make.BY)
    with pytest.raises(actions.ClassHasMarks):
        actions.cancel_class(held, reason="mưa lũ", by=make.BY)
    other, (session, _), people = make.running(1)
    actions.cancel_class(other, reason="mưa lũ", by=make.BY)
    actions.cancel_class(other, reason="mưa lũ", by=make.BY)
    assert db.scalar(select(HistoryEntry.reason).where(HistoryEntry.verb == "training.cancel_class")) == "mưa lũ"
    with pytest.raises(actions.SessionIsClosed):
        actions.mark(session, people[0].id, PRESENT, by=make.BY)


def test_what_is_done_to_a_class_is_in_the_history(app: Flask) -> None:
    _held({0: [PRESENT, PRESENT]})
    verbs = set(db.scalars(select(HistoryEntry.verb).where(HistoryEntry.verb.startswith("training."))))
    assert {"training.open_class", "training.add_session", "training.invite", "training.close_session",
            "training.close_class"} <= verbs  # fmt: skip
