"""Facts of lessons: inbox, progress, what comes next, completion once and for ever."""

from __future__ import annotations

import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import demo
from lms.core import clock, inbox
from lms.core.db import db, transaction
from lms.core.ids import new_id
from lms.courses.models import Edition
from lms.learning import actions, events, queries
from lms.learning.models import Progress, Purpose, Study, StudyEvent, TestAttempt
from lms.people.models import Person, PostKind, Sex
from tests.learning import course

KEYS = ["k-bai-mot", "k-bai-hai", "k-bai-ba"]
NOON = datetime(2026, 10, 20, 5, tzinfo=UTC)


def sent(kind: str, minutes: int, seq: int, **payload: object) -> inbox.Sent:
    at = NOON + timedelta(minutes=minutes)
    return inbox.Sent(new_id(), "may-1", "anh", seq, kind, {"course": course.SLUG, **payload}, at, 0)


def heard(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Study], list[TestAttempt]]:
    completed: list[Study] = []
    passed: list[TestAttempt] = []
    monkeypatch.setattr(events.course_completed, "listeners", [completed.append])
    monkeypatch.setattr(events.test_passed, "listeners", [passed.append])
    return completed, passed


def pass_test(edition: Edition, key: str) -> TestAttempt:
    attempt = actions.start_attempt(edition, course.person_id(key), Purpose.FINAL, by=course.actor(key))
    right = {q.id: [o.key for o in q.options if o.right] for q in queries.questions_of_attempt(attempt)}
    actions.keep_answers(attempt, right, by=course.actor(key))
    return actions.submit(attempt, by=course.actor(key))


def finish_all(edition: Edition, key: str) -> None:
    for lesson in KEYS[: edition.lesson_count]:
        actions.finish_lesson(edition, lesson, by=course.actor(key))


@pytest.mark.parametrize("question", course.RIGHT_ANSWERS)
def test_an_answer_is_a_fact_marked_on_the_server(edition: Edition, question: str) -> None:
    fact = actions.answer(edition, "k-bai-mot", question, course.RIGHT_ANSWERS[question], by=course.actor("cadre"))
    assert fact.right is (None if question == "q-long" else True)
    kept = queries.standing_of(course.person_id("cadre"), edition.course_id).lessons["k-bai-mot"]
    assert kept.answers[question].answer == course.RIGHT_ANSWERS[question]
    assert db.get(inbox.InboxEvent, fact.id).kind == "study.answer"  # type: ignore[union-attr]


@pytest.mark.parametrize("question", course.WRONG_ANSWERS)
def test_a_wrong_answer_is_kept_as_wrong(edition: Edition, question: str) -> None:
    fact = actions.answer(edition, "k-bai-mot", question, course.WRONG_ANSWERS[question], by=course.actor("cadre"))
    assert fact.right is False


def test_an_empty_answer_is_refused(edition: Edition) -> None:
    with pytest.raises(actions.AnswerIsEmpty):
        actions.answer(edition, "k-bai-mot", "q-single", [], by=course.actor("cadre"))
    assert db.scalar(select(func.count(StudyEvent.id))) == 0


def test_any_order_and_any_split_of_events_from_phones_gives_the_same_progress(edition: Edition) -> None:
    batch = [
        sent("study.opened", 0, 1, lesson="k-bai-mot"),
        sent("study.answer", 1, 2, lesson="k-bai-mot", question="q-single", answer=["a"]),
        sent("study.answer", 2, 3, lesson="k-bai-mot", question="q-single", answer=["b"]),
        sent("study.finished", 3, 4, lesson="k-bai-mot"),
        sent("study.finished", 9, 5, lesson="k-bai-mot"),
        sent("study.opened", 10, 6, lesson="k-bai-hai"),
    ]
    folded = set()
    for round_ in range(4):
        shuffled = random.Random(round_).sample(batch, len(batch))
        for part in (shuffled[:2], shuffled[2:], shuffled[:4]):
            inbox.take(part, by=course.actor("cadre"))
        standing = queries.standing_of(course.person_id("cadre"), edition.course_id)
        [study] = standing.studies
        one = standing.lessons["k-bai-mot"]
        folded.add(
            (
                one.opened_at,
                one.finished_at,
                str(one.answers_json()),
                study.last_lesson_key,
                study.last_at,
                study.began_at,
            )
        )
        with transaction():
            for table in (Progress, StudyEvent, Study, inbox.InboxEvent):
                db.query(table).delete()
    assert len(folded) == 1
    opened, finished, answers, last, last_at, began = folded.pop()
    assert (opened, finished, began) == (NOON, NOON + timedelta(minutes=3), NOON)
    assert (last, last_at) == ("k-bai-hai", NOON + timedelta(minutes=10))
    assert "'right': True" in answers


def test_what_a_phone_sends_that_is_not_there_is_set_aside(edition: Edition) -> None:
    lines = inbox.take(
        [
            sent("study.finished", 0, 1, lesson="k-khong-co"),
            sent("study.answer", 0, 2, lesson="k-bai-mot", question="q-khong-co", answer=["a"]),
            inbox.Sent(new_id(), "may-1", "anh", 3, "study.opened", {"course": "khac", "lesson": "x"}, NOON, 0),
            sent("study.answer", 0, 4, lesson="k-bai-mot", question="q-single"),
        ],
        by=course.actor("cadre"),
    )
    assert {line.outcome for line in lines} == {inbox.Outcome.QUARANTINED}
    assert db.scalar(select(func.count(Study.id))) == 0


def test_a_lesson_of_an_older_edition_still_counts_as_studied(edition: Edition) -> None:
    newer = course.publish(lessons=2, confirmed=True)
    lines = inbox.take([sent("study.finished", 0, 1, lesson="k-bai-ba")], by=course.actor("cadre"))
    assert [line.outcome for line in lines] == [inbox.Outcome.STORED]
    assert queries.standing_of(course.person_id("cadre"), newer.course_id).is_finished("k-bai-ba")


def test_a_new_edition_keeps_progress(edition: Edition) -> None:
    actions.finish_lesson(edition, "k-bai-mot", by=course.actor("cadre"))
    newer = course.publish(lessons=2, confirmed=True)
    step = queries.next_step(course.person_id("cadre"))
    assert step is not None
    assert (step.edition.id, step.done, step.total, step.lesson and step.lesson.key) == (newer.id, 1, 2, "k-bai-hai")


def test_finishing_twice_is_once(edition: Edition) -> None:
    first = actions.finish_lesson(edition, "k-bai-mot", by=course.actor("cadre"))
    assert actions.finish_lesson(edition, "k-bai-mot", by=course.actor("cadre")) is first
    assert db.scalar(select(func.count(StudyEvent.id))) == 1


def test_what_comes_next(edition: Edition) -> None:
    cadre = course.person_id("cadre")
    assert queries.next_step(cadre) is None
    actions.finish_lesson(edition, "k-bai-mot", by=course.actor("cadre"))
    step = queries.next_step(cadre)
    assert step is not None
    assert (step.lesson and step.lesson.slug, step.done, step.total, step.minutes_left) == ("bai-hai", 1, 3, 10)
    actions.open_lesson(edition, "k-bai-ba", by=course.actor("cadre"))
    step = queries.next_step(cadre)
    assert step is not None
    assert step.lesson is not None
    assert (step.lesson.slug, step.course.slug, step.is_begun, step.test_is_open) == (
        "bai-ba",
        course.SLUG,
        True,
        False,
    )
    finish_all(edition, "cadre")
    step = queries.next_step(cadre)
    assert step is not None
    assert (step.lesson, step.test_is_open, step.minutes_left) == (None, True, 0)
    pass_test(edition, "cadre")
    assert queries.next_step(cadre) is None


def test_completion_comes_with_lessons_and_test_and_freezes_who_she_was(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed, passed = heard(monkeypatch)
    with clock.stopped(NOON):
        finish_all(edition, "head")
    assert completed == []
    with clock.stopped(NOON + timedelta(days=1)):
        attempt = pass_test(edition, "head")
    [study] = completed
    assert passed == [attempt]
    assert (study.completed_at, study.completed_edition_id) == (NOON + timedelta(days=1), edition.id)
    assert (study.frozen_sex, study.frozen_ethnic_group) == (Sex.MALE, "muong")
    assert (study.frozen_post_kind, study.frozen_unit_id) == (PostKind.VILLAGE_HEAD, demo.place(demo.XUAN_DU).id)
    assert queries.completed_studies(edition.course_id) == [study]
    assert queries.completed_studies(since=date(2026, 10, 21), until=date(2026, 10, 22)) == [study]
    assert queries.completed_studies(since=date(2026, 10, 22)) == []


def test_a_completion_is_never_taken_away_nor_dated_anew(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    completed, _ = heard(monkeypatch)
    with clock.stopped(NOON):
        finish_all(edition, "cadre")
        pass_test(edition, "cadre")
    before = (completed[0].completed_at, completed[0].completed_edition_id)
    newer = course.publish(lessons=2, test=False, confirmed=True)
    with transaction():
        db.get_one(Person, course.person_id("cadre")).sex = Sex.UNKNOWN
    actions.open_lesson(newer, "k-bai-mot", by=course.actor("cadre"))
    inbox.take([sent("study.finished", 90, 9, lesson="k-bai-hai")], by=course.actor("cadre"))
    [study] = queries.completed_studies()
    assert (study.completed_at, study.completed_edition_id, study.frozen_sex) == (*before, Sex.FEMALE)
    assert len(completed) == 1


def test_facts_from_phones_complete_on_the_day_they_happened(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    course.publish(test=False)
    completed, _ = heard(monkeypatch)
    batch = [sent("study.finished", n, n, lesson=key) for n, key in enumerate(KEYS)]
    with clock.stopped(NOON + timedelta(days=5)):
        for one in random.Random(3).sample(batch, 3):
            inbox.take([one], by=course.actor("cadre"))
    assert [study.completed_at for study in completed] == [NOON + timedelta(minutes=2)]


def test_an_edition_that_asks_for_less_completes_at_the_next_finish(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = course.publish(test=False)
    completed, _ = heard(monkeypatch)
    for key in KEYS[:2]:
        actions.finish_lesson(edition, key, by=course.actor("cadre"))
    shorter = course.publish(test=False, lessons=2, confirmed=True)
    assert completed == []
    actions.finish_lesson(shorter, "k-bai-hai", by=course.actor("cadre"))
    assert [study.completed_edition_id for study in completed] == [shorter.id]


def test_two_records_of_one_human_complete_once(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    completed, _ = heard(monkeypatch)
    with transaction():
        db.get_one(Person, course.person_id("newcomer")).canonical_id = course.person_id("cadre")
    actions.finish_lesson(edition, "k-bai-mot", by=course.actor("newcomer"))
    step = queries.next_step(course.person_id("cadre"))
    assert step is not None
    assert step.done == 1
    for key in KEYS[1:]:
        actions.finish_lesson(edition, key, by=course.actor("cadre"))
    pass_test(edition, "cadre")
    assert [study.person_id for study in completed] == [course.person_id("cadre")]
    finish_all(edition, "newcomer")
    assert len(completed) == 1
    outline = queries.outlined(edition)
    learners = queries.followed_in(outline, [demo.place(demo.XUAN_DU).id])
    [line] = queries.lines_of(outline, learners)
    assert (line.done, line.learner.completed_at) == (3, completed[0].completed_at)


def test_two_who_finish_at_once_complete_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = course.publish(test=False)
    finish_all_but_one = KEYS[:2]
    for key in finish_all_but_one:
        actions.finish_lesson(edition, key, by=course.actor("cadre"))
    completed, _ = heard(monkeypatch)
    edition_id, faults = edition.id, []
    db.remove()
    gate = threading.Barrier(2)

    def finish() -> None:
        with app.app_context():
            try:
                by, mine = course.actor("cadre"), db.get_one(Edition, edition_id)
                assert mine.course.slug == course.SLUG
                gate.wait(5)
                inbox.put("study.finished", {"course": course.SLUG, "lesson": "k-bai-ba"}, by=by)
            except Exception as fault:  # told below, in the test's own thread
                faults.append(fault)
            finally:
                db.remove()

    threads = [threading.Thread(target=finish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert faults == []
    assert len(completed) == 1
    assert db.scalar(select(func.count(StudyEvent.id)).where(StudyEvent.lesson_key == "k-bai-ba")) == 2
    assert db.scalar(select(func.count(Study.id)).where(Study.completed_at.is_not(None))) == 1


def test_two_who_begin_at_once_have_one_study(app: Flask) -> None:
    course.publish(test=False)
    db.remove()
    gate, faults = threading.Barrier(2), []

    def begin() -> None:
        with app.app_context():
            try:
                by = course.actor("cadre")
                gate.wait(5)
                inbox.put("study.opened", {"course": course.SLUG, "lesson": "k-bai-mot"}, by=by)
            except Exception as fault:  # told below, in the test's own thread
                faults.append(fault)
            finally:
                db.remove()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert faults == []
    assert db.scalar(select(func.count(Study.id))) == 1


def test_the_system_has_no_study_of_its_own(edition: Edition) -> None:
    lines = inbox.take([sent("study.opened", 0, 1, lesson="k-bai-mot")], by=demo.DEMO)
    assert [line.outcome for line in lines] == [inbox.Outcome.QUARANTINED]


def test_about_and_forget_cover_all_tables_and_leave_completions(edition: Edition) -> None:
    finish_all(edition, "cadre")
    actions.answer(edition, "k-bai-mot", "q-short", "mật ong", by=course.actor("cadre"))
    pass_test(edition, "cadre")
    actions.finish_lesson(edition, "k-bai-mot", by=course.actor("official"))
    cadre, official = course.person_id("cadre"), course.person_id("official")
    kept = queries.about(cadre)
    held = {name: len(rows) for name, rows in kept.items() if rows}
    assert held == {"study": 1, "study_event": 4, "progress": 3, "test_attempt": 1}
    assert set(queries.about(course.person_id("newcomer"))) == set(kept)
    before = [(s.id, s.completed_at, s.frozen_unit_id, s.frozen_sex) for s in queries.completed_studies()]
    assert set(held) <= actions.forget(cadre, by=demo.DEMO) <= set(kept)
    db.expire_all()
    assert [(s.id, s.completed_at, s.frozen_unit_id, s.frozen_sex) for s in queries.completed_studies()] == before
    left = queries.about(cadre)
    assert (len(left["study"]), left["study_event"], left["progress"]) == (1, [], [])
    assert (left["test_attempt"][0]["answers"], left["test_attempt"][0]["passed"]) == ({}, True)
    assert not db.scalars(select(inbox.InboxEvent).where(inbox.InboxEvent.payload["answer"].as_string() != "")).all()
    assert len(queries.about(official)["study_event"]) == 1
    actions.forget(official, by=demo.DEMO)
    assert queries.about(official)["study"] == []
