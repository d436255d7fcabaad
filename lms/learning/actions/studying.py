"""Facts of lessons: every answer and finish goes through the inbox, also those posted online."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.core import clock, history, inbox
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.inbox import InboxEvent
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.courses.rules import Question, drawn, mark
from lms.learning import queries
from lms.learning.actions.completing import complete_if_earned
from lms.learning.models import Progress, Study, StudyEvent, StudyEventKind
from lms.learning.rules import asking
from lms.learning.rules import progress as rules
from lms.learning.rules.seeds import bounded
from lms.people.models import Person

OPEN, ANSWER, FINISH = "study.opened", "study.answer", "study.finished"


class AnswerIsEmpty(Refusal):
    """Nothing was chosen or typed."""

    sentence = text("Chưa trả lời hết câu này. Chọn hoặc điền đủ rồi gửi lại.")


@action
def study_of(person_id: UUID, edition: Edition, *, by: Actor) -> Study:
    """The study of a course by this record of a person; begun now if there is none."""
    found = _find(person_id, edition.course_id)
    if found is not None:
        return found
    lock(Person, [person_id])  # of two that begin at once the second finds what the first wrote
    found = _find(person_id, edition.course_id)
    if found is not None:
        return found
    now = clock.now()
    study = Study(person_id=person_id, course_id=edition.course_id, edition_id=edition.id, began_at=now, last_at=now)
    db.add(study)
    db.flush()
    history.write("learning.begin", study, by=by)
    return study


def _find(person_id: UUID, course_id: UUID) -> Study | None:
    return db.scalar(select(Study).where(Study.person_id == person_id, Study.course_id == course_id))


@action
def open_lesson(edition: Edition, lesson_key: str, *, by: Actor) -> Study:
    """She was led into a lesson."""
    event = inbox.put(OPEN, {"course": edition.course.slug, "lesson": lesson_key}, by=by)
    return _study_of_fact(event.id)


@action
def answer(
    edition: Edition, lesson_key: str, question_key: str, given: Any, *, seed: int | None = None, by: Actor
) -> StudyEvent:
    """An answer to a check, as `rules.asking.read` gives it; AnswerIsEmpty where a field is missing.

    `seed`: by which its numbers were drawn, for a question that has such.
    """
    question = queries.known_question(edition.course_id, question_key)
    if not asking.is_answered(question, asking.clean(question, given)):
        raise AnswerIsEmpty()
    payload = {"course": edition.course.slug, "lesson": lesson_key, "question": question_key, "answer": given}
    if seed is not None:
        payload["seed"] = seed
    event = inbox.put(ANSWER, payload, by=by)
    return db.get_one(StudyEvent, event.id)


@action
def finish_lesson(edition: Edition, lesson_key: str, *, by: Actor) -> Study:
    """A lesson was studied to its end; finishing it twice is once."""
    if by.person_id is not None:
        standing = queries.standing_of(by.person_id, edition.course_id)
        own = next((study for study in standing.studies if study.person_id == by.person_id), None)
        if own is not None and standing.is_finished(lesson_key):
            own.edition_id = edition.id  # a new edition may ask for less
            complete_if_earned(own, by=by)
            return own
    event = inbox.put(FINISH, {"course": edition.course.slug, "lesson": lesson_key}, by=by)
    return _study_of_fact(event.id)


def _study_of_fact(event_id: UUID) -> Study:
    return db.get_one(Study, db.get_one(StudyEvent, event_id).study_id)


@action
def receive_open(event: InboxEvent, actor: Actor) -> None:
    """Inbox `study.opened` {course, lesson}."""
    _keep(event, actor, StudyEventKind.OPENED)


@action
def receive_answer(event: InboxEvent, actor: Actor) -> None:
    """Inbox `study.answer` {course, lesson, question, answer, seed?}; marked here, keys never travel.

    `seed` is kept where the question's numbers were drawn: with it the answer is marked and can be rebuilt.
    """
    edition = courses.edition_of(str(event.payload["course"]))
    question = queries.known_question(edition.course_id, str(event.payload["question"]))
    seed = _seed_in(event, question)
    given = asking.clean(question, event.payload["answer"])
    marked = mark(question if seed is None else drawn(question, seed), given)
    right = None if marked.waits else marked.right
    _keep(event, actor, StudyEventKind.ANSWERED, question_key=question.id, answer=given, right=right, seed=seed)


def _seed_in(event: InboxEvent, question: Question) -> int | None:
    """The seed that was sent; None for a question whose numbers are fixed. ValueError for one that cannot be."""
    if not question.draws:
        return None
    seed = bounded(event.payload.get("seed", 0))
    if seed is None:
        raise ValueError("seed")
    return seed


@action
def receive_finish(event: InboxEvent, actor: Actor) -> None:
    """Inbox `study.finished` {course, lesson}."""
    study = _keep(event, actor, StudyEventKind.FINISHED)
    complete_if_earned(study, by=actor)


def _keep(
    event: InboxEvent,
    actor: Actor,
    kind: StudyEventKind,
    *,
    question_key: str = "",
    answer: Any = None,
    right: bool | None = None,
    seed: int | None = None,
) -> Study:
    """The fact, its study and the lesson's progress; the same event twice is once."""
    if actor.person_id is None:
        raise NotFound
    edition = courses.edition_of(str(event.payload["course"]))
    lesson_key = queries.known_lesson(edition.course_id, str(event.payload["lesson"]))
    study = study_of(actor.person_id, edition, by=actor)
    lock(Study, [study.id])
    if db.get(StudyEvent, event.id) is None:
        at = rules.happened_at(event.captured_at, event.clock_offset, event.received_at)
        fact = StudyEvent(id=event.id, study_id=study.id, kind=kind, lesson_key=lesson_key, at=at)
        fact.question_key, fact.answer, fact.right, fact.seed = question_key, answer, right, seed
        db.add(fact)
        db.flush()
    _refold(study, lesson_key)
    _follow(study, edition)
    return study


def _refold(study: Study, lesson_key: str) -> None:
    """Progress of one lesson, from all its facts."""
    rows = db.scalars(select(StudyEvent).where(StudyEvent.study_id == study.id, StudyEvent.lesson_key == lesson_key))
    folded = rules.fold(rules.Fact(e.id, e.kind, e.at, e.question_key, e.answer, e.right, e.seed) for e in rows)
    assert folded is not None
    progress = db.scalar(select(Progress).where(Progress.study_id == study.id, Progress.lesson_key == lesson_key))
    if progress is None:
        progress = Progress(study_id=study.id, lesson_key=lesson_key)
        db.add(progress)
    progress.opened_at, progress.finished_at = folded.opened_at, folded.finished_at
    progress.answers = folded.answers_json()
    db.flush()


def _follow(study: Study, edition: Edition) -> None:
    """Where she is: the latest fact says the lesson, whatever arrived last; study goes on in the current edition."""
    facts = select(StudyEvent).where(StudyEvent.study_id == study.id)
    latest: StudyEvent = db.scalars(facts.order_by(StudyEvent.at.desc(), StudyEvent.id.desc()).limit(1)).one()
    first: StudyEvent = db.scalars(facts.order_by(StudyEvent.at, StudyEvent.id).limit(1)).one()
    study.last_lesson_key, study.last_at = latest.lesson_key, latest.at
    study.began_at, study.edition_id = min(study.began_at, first.at), edition.id
