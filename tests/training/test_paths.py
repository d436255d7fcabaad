"""Paths: which facts do which step, what is missing next, who is on them; all records of a human count."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms import demo
from lms.core import clock
from lms.core.db import counting, db, transaction
from lms.core.refusal import NotFound
from lms.learning.models import MarkOutcome
from lms.people import actions as people
from lms.people.models import Person
from lms.training import actions, queries, rules
from lms.training.actions import PathIsRetired, StepNeedsCourse, StepNeedsProduct
from lms.training.models import StepKind
from lms.training.rules import Begun, Decision, Fact, How, State, Step
from tests.training import make, paths

C1, C2 = UUID(int=1), UUID(int=2)
STEPS = (
    Step(UUID(int=11), "course", C1), Step(UUID(int=12), "class", C1), Step(UUID(int=13), "task", C1, "q-a"),
    Step(UUID(int=14), "visit", C2), Step(UUID(int=15), "visit"),
)  # fmt: skip


def _states(*facts: Fact, begun: dict[UUID, set[Begun]] | None = None) -> list[str]:
    return [mark.state.value for mark in rules.follow(STEPS, facts, begun)]


def test_each_kind_of_step_is_done_by_its_own_kind_of_fact() -> None:
    day = date(2026, 3, 1)
    done = {
        0: Fact(How.COURSE, day, C1), 1: Fact(How.CLASS, day, C1), 2: Fact(How.TASK, day, C1, "q-a"),
        3: Fact(How.VISIT, day, C2), 4: Fact(How.CREDIT, day, step=STEPS[4].id),
    }  # fmt: skip
    for place, fact in done.items():
        assert [m.is_done for m in rules.follow(STEPS, [fact])] == [n == place for n in range(5)]
    for fact in (
        Fact(How.COURSE, day, C2),
        Fact(How.TASK, day, C1, "q-b"),
        Fact(How.VISIT, day, C1),
        Fact(How.VISIT, day),
    ):
        assert not any(mark.is_done for mark in rules.follow(STEPS, [fact]))


def test_the_first_missing_is_open_and_later_ones_wait() -> None:
    assert _states() == ["open", "waiting", "waiting", "waiting", "waiting"]
    later = Fact(How.CLASS, date(2026, 3, 1), C1)
    assert _states(later) == ["open", "done", "waiting", "waiting", "waiting"]
    both = (later, Fact(How.COURSE, date(2026, 4, 1), C1))
    assert _states(*both, begun={STEPS[3].id: {Begun.EXPECTED}}) == ["done", "done", "open", "doing", "waiting"]
    first = rules.first_missing(rules.follow(STEPS, both))
    assert first is not None and first.step == STEPS[2].id


def test_what_is_done_is_not_in_doing_and_of_several_beginnings_the_strongest_tells() -> None:
    begun = {STEPS[0].id: {Begun.STUDYING}, STEPS[2].id: {Begun.DRAFTED, Begun.AGAIN}}
    marks = rules.follow(STEPS, [Fact(How.COURSE, date(2026, 3, 1), C1)], begun)
    assert marks[0].state == State.DONE and marks[0].begun is None and marks[2].begun == Begun.AGAIN


@given(
    st.lists(
        st.builds(
            Fact, st.sampled_from(list(How)), st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.sampled_from([C1, C2]),
            st.sampled_from(["q-a", "q-b"]), st.sampled_from([None, *(step.id for step in STEPS)]),
        ),
        max_size=12,
    ),
    st.integers(0, 9),
)  # fmt: skip
def test_the_order_and_repetition_of_facts_do_not_matter_and_the_earliest_gives_the_day(
    facts: list[Fact], seed: int
) -> None:
    marks = rules.follow(STEPS, facts)
    shuffled = facts * 2
    random.Random(seed).shuffle(shuffled)
    assert rules.follow(STEPS, shuffled) == marks
    for step, mark in zip(STEPS, marks, strict=True):
        days = [fact.on for fact in facts if fact.fulfils(step)]
        assert mark.on == min(days, default=None) and mark.is_done == bool(days)


@given(st.permutations(range(4)))
def test_of_decided_credits_the_latest_stands(order: list[int]) -> None:
    def decision(n: int, granted: bool, step: UUID = C1) -> Decision:
        return Decision(UUID(int=n), step, granted, date(2020, 1, n + 1), datetime(2026, 1, n + 1, tzinfo=UTC))

    told = [decision(0, False), decision(1, True), decision(2, True, C2), decision(3, False, C2)]
    (fact,) = rules.credits_of(told[n] for n in order)
    assert (fact.step, fact.on) == (C1, date(2020, 1, 2))


def test_a_path_gets_its_address_from_its_title(app: Flask) -> None:
    assert [paths.path().slug, paths.path().slug] == [paths.SLUG, f"{paths.SLUG}-2"]
    assert paths.path(title="Thêm").slug == "them-2" and paths.path(title="???").slug == "lo-trinh"


def test_steps_move_and_what_is_taken_out_keeps_its_row(app: Flask) -> None:
    held, (course, klass, task, visit) = paths.whole()
    actions.move_step(visit, True, by=make.BY)
    actions.move_step(course, True, by=make.BY)
    actions.move_step(task, False, by=make.BY)
    assert [step.id for step in paths.again(held)] == [course.id, klass.id, visit.id, task.id]
    actions.remove_step(klass, by=make.BY)
    assert [step.id for step in paths.again(held)] == [course.id, visit.id, task.id] and klass.removed_at
    assert paths.step(held, StepKind.VISIT).place > task.place
    with pytest.raises(NotFound):
        queries.step_of(held, klass.id)


def test_a_step_needs_what_its_kind_asks_for(app: Flask) -> None:
    held = paths.path()
    for kind, refusal in (
        (StepKind.COURSE, StepNeedsCourse), (StepKind.CLASS, StepNeedsCourse), (StepKind.TASK, StepNeedsProduct),
    ):  # fmt: skip
        with pytest.raises(refusal):
            actions.add_step(held, kind, by=make.BY)
    assert actions.add_step(held, StepKind.VISIT, by=make.BY).title == "Chuyến học tập"
    actions.retire_path(held, by=make.BY)
    with pytest.raises(PathIsRetired):
        actions.put_on(held, [make.villagers(1)[0]], by=make.BY)
    with pytest.raises(PathIsRetired):
        actions.add_step(held, StepKind.VISIT, by=make.BY)


def test_real_facts_do_the_steps_with_their_days(app: Flask) -> None:
    held, _ = paths.whole()
    person = make.villagers(1)[0]
    paths.on(held, person)
    paths.attends([person], paths.ago(40))
    paths.hands_in(paths.studies(person, ended=paths.ago(30)), MarkOutcome.ACCEPTED, paths.ago(20))
    way = queries.way_of(held, person.id, paths.again(held))
    assert [(own.mark.state.value, own.mark.how, own.mark.on) for own in way.steps[:3]] == [
        ("done", How.COURSE, paths.ago(30)), ("done", How.CLASS, clock.today()), ("done", How.TASK, paths.ago(20)),
    ]  # fmt: skip
    assert (way.done, way.total) == (3, 4) and way.missing is not None
    assert str(way.missing.sentence) == "Chưa có chuyến học tập “Đi xem thôn bạn”: nhờ Hội xã ghi nhận."


def test_a_visit_held_as_a_class_is_done_by_coming_once(app: Flask) -> None:
    held, person = paths.path(), make.villagers(1)[0]
    paths.step(held, StepKind.VISIT, make.course())
    paths.on(held, person)
    assert queries.way_of(held, person.id, paths.again(held)).done == 0
    paths.attends([person], paths.ago(3), closes=False)
    (own,) = queries.way_of(held, person.id, paths.again(held)).steps
    assert (own.mark.how, own.mark.on) == (How.VISIT, paths.ago(3))


def test_work_not_accepted_is_under_way_only(app: Flask) -> None:
    held, person = paths.path(), make.villagers(1)[0]
    paths.step(held, StepKind.TASK, title="Kế hoạch")
    paths.on(held, person)
    study = paths.studies(person)

    def sentence() -> str:
        way = queries.way_of(held, person.id, paths.again(held))
        assert way.missing is not None
        return str(way.missing.sentence)

    assert sentence() == "Chưa nộp “Kế hoạch”."
    paths.hands_in(study, MarkOutcome.AGAIN)
    assert sentence() == "Bài “Kế hoạch” cần làm lại."
    paths.hands_in(study, None, number=2)
    assert sentence() == "Bài “Kế hoạch” đã nộp, đang chờ chấm."


def test_lessons_left_are_counted(app: Flask) -> None:
    held, person = paths.path(), make.villagers(1)[0]
    paths.step(held, StepKind.COURSE)
    paths.on(held, person)
    paths.edition(lessons=5)
    paths.studies(person, lessons=2)
    hint = queries.path_hint(person.id)
    assert hint is not None
    assert (str(hint.sentence), hint.href, hint.title) == ("Còn 3 bài của khóa “Lớp thử”.", "/hoc/lop-thu", paths.TITLE)
    (line,) = queries.followed(make.who("coordinator"), held, paths.again(held))
    assert str(line.short) == "Còn 3 bài"


def test_the_nearest_class_is_named_but_never_the_neighbours(app: Flask) -> None:
    held, person = paths.path(), make.villagers(1)[0]
    paths.step(held, StepKind.CLASS)
    paths.on(held, person)
    theirs = paths.ago(-5)
    make.training_class(demo.YEN_THO, first=theirs)

    def sentence() -> str:
        hint = queries.path_hint(person.id)
        assert hint is not None
        return str(hint.sentence)

    assert sentence() == "Chưa dự lớp “Lớp thử”. Chưa có lớp nào sắp mở, hỏi Hội xã."
    soon = make.training_class(first=paths.ago(-20))
    make.training_class(first=paths.ago(-30))
    day = f"{soon.starts_on:%d/%m/%Y}"
    assert sentence() == (
        f"Chưa dự lớp “Lớp thử”: lớp gần nhất mở ngày {day} ở Nhà văn hóa xã, xã Xuân Du. Nhờ Hội xã ghi tên."
    )
    actions.invite(soon, [person], by=make.BY)
    hint = queries.path_hint(person.id)
    assert hint is not None and hint.href == f"/lop/{make.at(soon)}"
    assert "Đã có tên trong lớp" in str(hint.sentence)


def test_all_records_of_a_human_count(app: Flask) -> None:
    held, _ = paths.whole()
    one, other = make.villagers(2)
    paths.on(held, one)
    paths.studies(other, ended=paths.ago(9))
    assert queries.way_of(held, one.id, paths.again(held)).done == 0
    with transaction():
        db.get(Person, other.id).canonical_id = one.id
    assert queries.way_of(held, one.id, paths.again(held)).done == 1
    assert queries.way_of(held, other.id, paths.again(held)).done == 1
    assert actions.put_on(held, [db.get(Person, other.id)], by=make.BY) == 0
    (line,) = queries.followed(make.who("coordinator"), held, paths.again(held))
    assert line.done == 1


def test_who_leaves_may_come_back(app: Flask) -> None:
    held, person = paths.path(), make.villagers(1)[0]
    paths.on(held, person)
    actions.leave(held, person, by=make.BY)
    assert queries.ways_of(person.id) == [] and queries.path_hint(person.id) is None
    actions.join(held, person, by=make.BY)
    assert [way.path.id for way in queries.ways_of(person.id)] == [held.id]


def test_a_retired_path_is_shown_to_those_on_it_only(app: Flask) -> None:
    held = paths.path()
    paths.on(held, demo.member("cadre").person)
    actions.retire_path(held, by=make.BY)
    assert queries.seen_path(make.who("cadre"), held.slug)[1].is_on
    for key in ("head", "coordinator", "trainer", "administrator"):
        with pytest.raises(NotFound):
            queries.seen_path(make.who(key), held.slug)


def test_a_path_is_seen_below_its_unit_and_changed_by_its_makers(app: Flask) -> None:
    province, commune = paths.path(), paths.path(demo.XUAN_DU, "Lộ trình của xã")
    for key in ("cadre", "coordinator", "neighbour", "planner", "auditor"):
        assert not queries.seen_path(make.who(key), province.slug)[1].edits
    for key in ("trainer", "administrator"):
        assert queries.seen_path(make.who(key), province.slug)[1].edits
        assert queries.seen_path(make.who(key), commune.slug)[1].edits
    assert [line.path.id for line in queries.paths_for(make.who("cadre"))] == [commune.id, province.id]
    assert [line.path.id for line in queries.paths_for(make.who("neighbour"))] == [province.id]
    with pytest.raises(NotFound):
        queries.seen_path(make.who("neighbour"), commune.slug)


def test_followers_see_their_own_people_only(app: Flask) -> None:
    held, _ = paths.whole()
    paths.on(held, *make.villagers(3), *make.villagers(2, demo.YEN_THO))
    steps = paths.again(held)
    seen = {key: len(queries.followed(make.who(key), held, steps)) for key in ("coordinator", "neighbour", "planner")}
    assert seen == {"coordinator": 3, "neighbour": 2, "planner": 5}
    with pytest.raises(NotFound):
        queries.learner_for(make.who("neighbour"), held, make.villagers(1)[0].id)


def test_missing_step_filter_keeps_who_misses_it(app: Flask) -> None:
    held, steps = paths.whole()
    one, two = make.villagers(2)
    paths.on(held, one, two)
    paths.studies(one, ended=paths.ago(3))
    actor = make.who("coordinator")
    lines = queries.followed(actor, held, paths.again(held), steps[0].id)
    assert [line.person.id for line in lines] == [two.id]
    assert len(queries.followed(actor, held, paths.again(held), steps[1].id)) == 2


def test_hundreds_of_learners_take_as_many_statements_as_one(app: Flask) -> None:
    held, _ = paths.whole()
    xuan_du = demo.place(demo.XUAN_DU)
    actor = make.who("coordinator")

    def statements() -> int:
        db.expire_all()
        with counting() as counter:
            steps = paths.again(held)
            assert all(len(line.marks) == 4 for line in queries.followed(actor, held, steps))
        return sum(statement != "BEGIN" for statement in counter.statements)

    paths.on(held, *make.villagers(1))
    statements()  # the actor's roles are read once
    few = statements()
    many = [people.add_person(f"Bùi Thị Số {n}", xuan_du, by=make.BY) for n in range(150)]
    paths.on(held, *many)
    paths.attends(many[:40], paths.ago(10))
    for person in many[:30]:
        paths.studies(person, ended=paths.ago(3))
    assert statements() == few <= 14
    assert len(queries.followed(actor, held, paths.again(held))) == 151


def test_forgetting_takes_her_off_and_leaves_the_path(app: Flask) -> None:
    held, _ = paths.whole()
    person = make.villagers(1)[0]
    paths.on(held, person)
    assert len(queries.about(person.id)["path_learner"]) == 1
    assert {"path_learner", "credit"} <= actions.forget(person.id, by=make.BY)
    assert queries.on_path(held.id) == set()
