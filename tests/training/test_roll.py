"""The roll: marks are facts, striking out adds one, devices send them late, rebuilding gives the same."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import clock, inbox
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.core.ids import new_id
from lms.core.inbox import InboxEvent, Outcome, Sent
from lms.people.models import Person
from lms.training import actions, events, queries
from lms.training.models import Attendance, Method, Participation, RollMark, RollState, Session
from tests.training import make

PRESENT, LATE, EXCUSED = RollState.PRESENT, RollState.LATE, RollState.EXCUSED


def _marks() -> int:
    return db.scalar(select(func.count()).select_from(RollMark)) or 0


def _state(session: Session, person: Person) -> tuple[RollState | None, int]:
    line = queries.line_of(session, person.id)
    assert line is not None
    return line.state, line.minutes


def test_a_mark_is_a_fact_with_its_event(app: Flask) -> None:
    _, (one, _), persons = make.running(1)
    mark = actions.mark(one, persons[0].id, LATE, by=make.who("coordinator"), missing=25, reason="xe hỏng")
    event = db.get(InboxEvent, mark.id)
    assert event is not None and event.kind == "roll.mark" and event.device == inbox.SERVER
    assert event.payload == {"session": str(one.id), "person": str(persons[0].id), "state": "late", "missing": 25,
                             "method": "tick", "reason": "xe hỏng"}  # fmt: skip
    assert _state(one, persons[0]) == (LATE, 185) and mark.account_id == make.who("coordinator").account_id


def test_every_mark_stays_and_the_latest_stands(app: Flask) -> None:
    _, (one, _), persons = make.running(1)
    for state in (PRESENT, LATE, PRESENT, EXCUSED):
        actions.mark(one, persons[0].id, state, by=make.BY)
    assert _marks() == 4 and _state(one, persons[0]) == (EXCUSED, 0)
    assert [line.mark.state for line in queries.marks_of(one, persons[0].id)] == [EXCUSED, PRESENT, LATE, PRESENT]


def test_striking_out_lets_the_mark_before_stand(app: Flask) -> None:
    _, (one, _), persons = make.running(1)
    actions.mark(one, persons[0].id, PRESENT, by=make.BY)
    wrong = actions.mark(one, persons[0].id, LATE, by=make.BY)
    with pytest.raises(actions.ReasonIsMissing):
        actions.strike_out(wrong, reason="  ", by=make.BY)
    void = actions.strike_out(wrong, reason="chạm nhầm", by=make.BY)
    assert actions.strike_out(wrong, reason="lần nữa", by=make.BY).id == void.id
    assert _state(one, persons[0]) == (PRESENT, 210) and _marks() == 3
    line = queries.marks_of(one, persons[0].id)[0]
    assert line.voided is not None and line.voided.reason == "chạm nhầm" and not line.stands


def test_all_struck_out_is_not_marked_again(app: Flask) -> None:
    held, (one, _), persons = make.running(1)
    mark = actions.mark(one, persons[0].id, PRESENT, by=make.BY)
    actions.strike_out(mark, reason="nhầm người", by=make.BY)
    assert _state(one, persons[0]) == (None, 0) and make.rows(held) == []
    assert queries.figures_of(held.id).came == 0 and db.scalar(select(Participation)) is None


def test_only_the_roster_is_marked(app: Flask) -> None:
    _, (one, _), _ = make.running(1)
    for stranger in (make.villagers(5)[4].id, new_id()):
        with pytest.raises(actions.NotOnTheRoster):
            actions.mark(one, stranger, PRESENT, by=make.BY)
    assert _marks() == 0 and db.scalar(select(InboxEvent)) is None


@pytest.mark.parametrize("missing", [-1, 211])
def test_minutes_missed_lie_within_the_session(app: Flask, missing: int) -> None:
    _, (one, _), persons = make.running(1)
    with pytest.raises(actions.MarkIsIncomplete):
        actions.mark(one, persons[0].id, LATE, missing=missing, by=make.BY)


def test_closing_marks_nobody_absent(app: Flask) -> None:
    heard: list[Session] = []
    events.session_closed.listen(heard.append)
    _, (one, _), persons = make.running(3)
    actions.mark(one, persons[0].id, PRESENT, by=make.BY)
    actions.close_session(one, by=make.who("coordinator"))
    actions.close_session(one, by=make.BY)
    events.session_closed.listeners.remove(heard.append)
    assert heard == [one] and one.closed_by_id == make.who("coordinator").account_id
    tally = queries.tally_of(one)
    assert (tally.whole, tally.came, tally.of(queries.Shown.UNMARKED), tally.of(queries.Shown.ABSENT)) == (3, 1, 2, 0)
    entry = db.scalar(select(HistoryEntry).where(HistoryEntry.verb == "training.close_session"))
    assert entry is not None and entry.details == {"unmarked": 2}


def test_a_closed_session_refuses_until_it_is_opened_with_a_reason(app: Flask) -> None:
    _, (one, _), persons = make.running(1)
    mark = actions.mark(one, persons[0].id, PRESENT, by=make.BY)
    actions.close_session(one, by=make.BY)
    with pytest.raises(actions.SessionIsClosed):
        actions.mark(one, persons[0].id, LATE, by=make.BY)
    with pytest.raises(actions.SessionIsClosed):
        actions.strike_out(mark, reason="sai", by=make.BY)
    with pytest.raises(actions.ReasonIsMissing):
        actions.reopen_session(one, reason=" ", by=make.BY)
    actions.reopen_session(one, reason="tờ ký có thêm người", by=make.BY)
    actions.reopen_session(one, reason="lần nữa", by=make.BY)
    actions.mark(one, persons[0].id, LATE, by=make.BY)
    reasons = list(db.scalars(select(HistoryEntry.reason).where(HistoryEntry.verb == "training.reopen_session")))
    assert reasons == ["tờ ký có thêm người"] and _state(one, persons[0]) == (LATE, 195)


def test_everyone_else_present_leaves_the_marked_alone(app: Flask) -> None:
    _, (one, _), persons = make.running(4)
    actions.mark(one, persons[0].id, EXCUSED, by=make.BY)
    assert len(actions.mark_rest_present(one, by=make.BY)) == 3 and actions.mark_rest_present(one, by=make.BY) == []
    assert _state(one, persons[0])[0] == EXCUSED and queries.tally_of(one).came == 3


# what devices send


def _sent(
    session: Session, person_id: UUID, state: str = "present", seq: int = 1, ago: int = 0, **extra: object
) -> Sent:
    payload: dict[str, object] = {"session": str(session.id), "person": str(person_id), "state": state, **extra}
    return Sent(new_id(), "phone-1", "p1", seq, "roll.mark", payload, clock.now() - timedelta(minutes=ago))


def _outcome(sent: Sent, by: Actor) -> tuple[Outcome, str]:
    (line,) = inbox.take([sent], by=by)
    return line.outcome, line.reason


def test_a_replayed_batch_adds_nothing(app: Flask) -> None:
    held, (one, _), persons = make.running(5)
    batch = [_sent(one, person.id, seq=n, method="card") for n, person in enumerate(persons)]
    by = make.who("coordinator")
    assert {line.outcome for line in inbox.take(batch, by=by)} == {Outcome.STORED}
    before = make.rows(held)
    assert {line.outcome for line in inbox.take(reversed(batch), by=by)} == {Outcome.ALREADY}
    assert make.rows(held) == before and len(before) == 5 and _marks() == 5


def test_what_was_captured_later_stands_whatever_comes_first(app: Flask) -> None:
    _, (one, _), persons = make.running(1)
    by = make.who("coordinator")
    assert _outcome(_sent(one, persons[0].id, "late", 1, ago=1), by)[0] == Outcome.STORED
    assert _outcome(_sent(one, persons[0].id, "present", 2, ago=9), by)[0] == Outcome.STORED
    assert _state(one, persons[0])[0] == LATE


def test_a_device_may_not_take_a_roll_its_account_may_not(app: Flask) -> None:
    held, (one, _), persons = make.running(1)
    for seq, who in enumerate(("neighbour", "cadre", "trainer")):
        assert _outcome(_sent(one, persons[0].id, seq=seq), make.who(who)) == (Outcome.QUARANTINED, "not found")
    for seq, who in enumerate(("planner", "auditor"), 20):
        outcome, reason = _outcome(_sent(one, persons[0].id, seq=seq), make.who(who))
        assert outcome == Outcome.QUARANTINED and "không điểm danh" in reason
    make.taught_by(held)
    assert _outcome(_sent(one, persons[0].id, seq=50), make.who("trainer"))[0] == Outcome.STORED
    assert _marks() == 1


def test_unreadable_and_refused_marks_are_kept_with_their_reason(app: Flask) -> None:
    _, (one, two), persons = make.running(1)
    by = make.who("coordinator")
    actions.close_session(two, by=make.BY)
    cases = {
        1: (_sent(one, persons[0].id, "asleep", 1), "unreadable"),
        2: (_sent(one, new_id(), "present", 2), "không có trong danh sách"),
        3: (_sent(two, persons[0].id, "present", 3), "đã chốt"),
        4: (_sent(one, persons[0].id, "late", 4, missing="x"), "unreadable"),
        5: (Sent(new_id(), "phone-1", "p1", 5, "roll.mark", {"session": "x"}, clock.now()), "unreadable"),
        6: (Sent(new_id(), "phone-1", "p1", 6, "roll.void", {"mark": str(new_id()), "reason": "x"}, clock.now()), "not found"),
    }  # fmt: skip
    for sent, words in cases.values():
        outcome, reason = _outcome(sent, by)
        assert outcome == Outcome.QUARANTINED and words in reason
    assert _marks() == 0


def test_a_device_strikes_out_too(app: Flask) -> None:
    _, (one, _), persons = make.running(1)
    by, sent = make.who("coordinator"), _sent(one, persons[0].id)
    void = Sent(new_id(), "phone-1", "p1", 2, "roll.void", {"mark": str(sent.id), "reason": "nhầm"}, clock.now())
    assert {line.outcome for line in inbox.take([void, sent], by=by)} == {Outcome.STORED}
    assert _state(one, persons[0]) == (None, 0)


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_batches_gives_the_same_and_so_does_a_rebuild(app: Flask, seed: int) -> None:
    chance = random.Random(seed)
    held, sessions, persons = make.running(6)
    batch = [
        _sent(chance.choice(sessions), chance.choice(persons).id, chance.choice(list(RollState)).value, n,
              ago=chance.randrange(40), method=chance.choice(list(Method)).value)
        for n in range(40)
    ]  # fmt: skip
    by = make.who("coordinator")
    order = chance.sample(batch, len(batch))
    for start in range(0, len(order), 7):
        inbox.take(order[start : start + 7] + order[: start // 2], by=by)
    marks = list(db.scalars(select(RollMark).where(RollMark.state.is_not(None))))
    for mark in chance.sample(marks, 8):
        actions.strike_out(mark, reason="thử", by=by)
    state, parts = make.rows(held), _parts()
    assert {(a, b) for a, b, *_ in state} == _pairs()
    actions.rebuild(held)
    assert (make.rows(held), _parts()) == (state, parts)


def _parts() -> list[tuple[UUID, int, int, bool]]:
    found = db.scalars(select(Participation).execution_options(populate_existing=True))
    return sorted((p.person_id, p.minutes, p.sessions, p.came) for p in found)


def _pairs() -> set[tuple[UUID, UUID]]:
    struck = select(RollMark.voids_id).where(RollMark.voids_id.is_not(None))
    query = select(RollMark.session_id, RollMark.person_id).where(
        RollMark.state.is_not(None), RollMark.id.not_in(struck)
    )
    return {(session_id, person_id) for session_id, person_id in db.execute(query)}


def test_a_rebuild_follows_a_link_of_two_records(app: Flask) -> None:
    held, (one, two), persons = make.running(2)
    actions.mark(one, persons[0].id, PRESENT, by=make.BY)
    actions.mark(two, persons[1].id, PRESENT, by=make.BY)
    persons[1].canonical_id = persons[0].id
    db.commit()
    actions.rebuild(held)
    part = queries.part_of(persons[1].id, held.id)
    assert part is not None and (part.person_id, part.minutes, part.sessions) == (persons[0].id, 420, 2)
    assert {row.person_id for row in db.scalars(select(Attendance))} == {persons[0].id}
    assert queries.figures_of(held.id) == queries.Figures(1, 1, 0)
