"""What the learners of an edition teach: one attempt a human, first tries, stops, gains; fast, and without names."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.core import clock
from lms.core.db import counting, db, transaction
from lms.core.ids import new_id
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.learning import actions
from lms.learning.actions.evaluating import evaluate
from lms.learning.models import Evaluation, Purpose, Study, TestAttempt
from lms.learning.queries.insight import attempts_in, editions_of, insight_of
from lms.people.models import Person
from tests.learning import course

ASKED = [f"q-thi-{number}" for number in range(1, 5)]


def persons(count: int) -> list[UUID]:
    """So many humans."""
    found = list(db.scalars(select(Person.id).where(Person.id == Person.canonical_id).order_by(Person.id).limit(count)))
    assert len(found) == count
    return found


def study(edition: Edition, person_id: UUID, **given: Any) -> Study:
    """Her study of the course."""
    found = db.scalar(select(Study).where(Study.person_id == person_id, Study.course_id == edition.course_id))
    if found is None:
        now = clock.now()
        begun = {"began_at": now, "last_at": now, **given}
        found = Study(id=new_id(), person_id=person_id, course_id=edition.course_id, edition_id=edition.id, **begun)
        db.add(found)
        db.flush()
    return found


def take(
    edition: Edition,
    person_id: UUID,
    right: str,
    purpose: Purpose = Purpose.FINAL,
    number: int = 1,
    keys: Sequence[str] = ASKED,
    at: datetime | None = None,
) -> None:
    """A submitted attempt: of each question "1" right, "0" wrong (a), "c" wrong (c), "-" left open."""
    chosen = {"1": ["b"], "0": ["a"], "c": ["c"], "-": []}
    answers = {key: chosen[sign] for key, sign in zip(keys, right, strict=True) if sign != "-"}
    when = at or clock.now()
    db.add(
        TestAttempt(
            study_id=study(edition, person_id).id, edition_id=edition.id, purpose=purpose, number=number, seed=number,
            question_keys=list(keys), answers=answers, began_at=when, submitted_at=when, right=right.count("1"),
            passed=False, form="a" if purpose in (Purpose.PRE, Purpose.POST) else "",
        )
    )  # fmt: skip
    db.flush()


def test_thirty_learners_from_the_database(edition: Edition) -> None:
    """The thirty of test_items, as attempts: the same figures, worked out there by hand."""
    rows = 10 * ["1110"] + 10 * ["1001"] + 5 * ["010c"] + 3 * ["0000"] + 2 * ["-000"]
    with transaction():
        for person_id, right in zip(persons(30), rows, strict=True):
            take(edition, person_id, right)
    found = {line.question.id: line for line in insight_of(edition).items}
    assert set(found) == set(ASKED)
    first, last = found["q-thi-1"], found["q-thi-4"]
    assert first.item.facility == Fraction(2, 3) and first.item.discrimination == (8 / 17) ** 0.5
    assert last.item.facility == Fraction(1, 3) and last.item.discrimination == -((1 / 10) ** 0.5)
    assert first.spread == (("a", 8, False), ("b", 20, True), ("c", 0, False), ("", 2, False))
    assert last.spread == (("a", 15, False), ("b", 10, True), ("c", 5, False))
    assert first.title == "Câu thi 1?" and first.question.file == "thi-cuoi-khoa.md" and first.question.line > 0


def test_repeaters_count_once_with_their_first_attempt(edition: Edition) -> None:
    today = clock.now()
    with transaction():
        for person_id in persons(12):
            take(edition, person_id, "0000", at=today - timedelta(days=2))
            take(edition, person_id, "1111", number=2, at=today)
        take(edition, persons(1)[0], "1111", Purpose.PRACTICE)
    found = {line.question.id: line.item for line in insight_of(edition).items}
    assert found["q-thi-1"].n == 12 and found["q-thi-1"].facility == 0


def test_two_records_of_one_human_count_once(edition: Edition) -> None:
    one, other = persons(2)
    with transaction():
        db.get_one(Person, other).canonical_id = one
        take(edition, one, "1111")
        take(edition, other, "0000", at=clock.now() + timedelta(minutes=1))
    [by_purpose] = attempts_in(edition, courses.questions_of(edition.id)).values()
    assert [response.right for response in by_purpose[Purpose.FINAL]] == [True] * 4


def test_what_was_erased_or_left_empty_does_not_count(edition: Edition) -> None:
    with transaction():
        take(edition, persons(1)[0], "----")
    assert attempts_in(edition, courses.questions_of(edition.id)) == {persons(1)[0]: {}}
    assert insight_of(edition).items == ()


def test_checks_tell_the_first_try(edition: Edition) -> None:
    cadre, head = course.actor("cadre"), course.actor("head")
    actions.answer(edition, "k-bai-mot", "q-single", ["a"], by=cadre)
    actions.answer(edition, "k-bai-mot", "q-single", ["b"], by=cadre)
    actions.answer(edition, "k-bai-mot", "q-single", ["b"], by=head)
    actions.answer(edition, "k-bai-mot", "q-long", "Đã bàn.", by=head)
    [line] = insight_of(edition).checks
    assert (line.question.id, line.n, line.right, line.lesson_key) == ("q-single", 2, 1, "k-bai-mot")
    assert not line.is_shown


def test_lessons_tell_who_opened_finished_and_stopped(edition: Edition) -> None:
    cadre, head, official = (course.actor(key) for key in ("cadre", "head", "official"))
    with clock.stopped(clock.now() - timedelta(days=20)):
        actions.finish_lesson(edition, "k-bai-mot", by=cadre)
        actions.open_lesson(edition, "k-bai-hai", by=cadre)
        actions.open_lesson(edition, "k-bai-mot", by=official)
    actions.finish_lesson(edition, "k-bai-mot", by=head)
    flows = {flow.key: (flow.opened, flow.finished, flow.stopped) for flow in insight_of(edition).flows}
    assert flows == {"k-bai-mot": (3, 2, 1), "k-bai-hai": (1, 0, 1), "k-bai-ba": (0, 0, 0)}


def test_gain_by_goal_over_those_who_did_both(edition: Edition) -> None:
    """Odd questions are of the goal "mot", even ones of "hai"."""
    with transaction():
        for person_id in persons(11):
            take(edition, person_id, "1000", Purpose.PRE)
        for person_id in persons(10):
            take(edition, person_id, "1110", Purpose.POST, keys=[f"q-thi-{number}" for number in range(5, 9)])
    found = {gain.goal: gain for gain in insight_of(edition).gains}
    # one: 10 of 20 before, 20 of 20 after; two: 0 of 20 before, 10 of 20 after
    assert (found["mot"].n, found["mot"].before, found["mot"].after) == (10, Fraction(1, 2), Fraction(1))
    assert (found["hai"].before, found["hai"].after, found["hai"].difference) == (0, Fraction(1, 2), Fraction(1, 2))


def test_evaluations_of_an_edition_have_no_names_and_hide_under_five(edition: Edition) -> None:
    with transaction():
        for step, person_id in zip((1, 2, 3, 4), persons(4), strict=True):
            db.add(Evaluation(study_id=study(edition, person_id).id, edition_id=edition.id, useful=step, clear=4,
                              will_use=4, comment=f"Ý {step}", given_at=clock.now()))  # fmt: skip
    assert insight_of(edition).voices == () and insight_of(edition).comments == ()
    fifth = course.actor("cadre")
    if fifth.person_id in persons(4):
        fifth = course.actor("newcomer")
    for lesson in courses.outline(edition.id):
        actions.finish_lesson(edition, lesson.key, by=fifth)
    evaluate(edition, 4, 3, 2, "", by=fifth)
    found = insight_of(edition)
    assert [voice.counts for voice in found.voices] == [(1, 1, 1, 2), (0, 0, 1, 4), (0, 1, 0, 4)]
    assert found.comments == ("Ý 1", "Ý 2", "Ý 3", "Ý 4")


def test_a_thousand_attempts_take_six_statements_and_a_moment(edition: Edition) -> None:
    keys = [f"q-thi-{number}" for number in range(1, 9)] + ["q-single", "q-truefalse"]
    now = clock.now()
    with transaction():
        crowd = [
            Person(id=(key := new_id()), canonical_id=key, name="Người Học", name_fold="x", name_loose="x", name_sort="x",
                   created_at=now) for _ in range(1000)
        ]  # fmt: skip
        db.add_all(crowd)
        db.flush()
        studies = [
            Study(id=new_id(), person_id=one.id, course_id=edition.course_id, edition_id=edition.id, began_at=now,
                  last_at=now, last_lesson_key="k-bai-mot") for one in crowd
        ]  # fmt: skip
        db.add_all(studies)
        db.flush()
        for number, one in enumerate(studies):
            answers = {key: ["b" if (number + place) % 3 else "a"] for place, key in enumerate(keys)}
            db.add(TestAttempt(study_id=one.id, edition_id=edition.id, purpose=Purpose.FINAL, number=1, seed=number,
                               question_keys=keys, answers=answers, began_at=now, submitted_at=now, right=6,
                               passed=True))  # fmt: skip
    db.remove()
    insight_of(edition)
    db.remove()
    with counting() as counter:
        began = time.perf_counter()
        found = insight_of(edition)
        took = time.perf_counter() - began
    assert len(found.items) == 10 and found.items[0].item.n == 1000
    assert len(counter.statements) <= 6, counter.statements
    assert took < 1.5, took  # 0.2 s on a quiet machine; the bound is for a busy one


def test_editions_of_a_course_latest_first(edition: Edition) -> None:
    again = course.publish(attempts=9)
    assert [one.number for one in editions_of(course.SLUG)] == [again.number, edition.number]
