"""Erasure of what a person did, leaving completions and figures as they are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from lms.core import history
from lms.core.actor import Actor
from lms.core.db import action, db
from lms.core.inbox import InboxEvent
from lms.learning.models import Assignment, Progress, Study, StudyEvent, TestAttempt


@action
def forget(person_id: UUID, *, by: Actor) -> set[str]:
    """Erase answers, facts and given courses; a completion and the results of tests stay, without what was answered."""
    studies = list(db.scalars(select(Study.id).where(Study.person_id == person_id)))
    facts = select(StudyEvent.id).where(StudyEvent.study_id.in_(studies))
    db.execute(update(InboxEvent).where(InboxEvent.id.in_(facts)).values(payload={}))
    db.execute(delete(StudyEvent).where(StudyEvent.study_id.in_(studies)))
    db.execute(delete(Progress).where(Progress.study_id.in_(studies)))
    db.execute(update(TestAttempt).where(TestAttempt.study_id.in_(studies)).values(answers={}))
    db.execute(update(Study).where(Study.id.in_(studies)).values(last_lesson_key=""))
    db.execute(delete(Assignment).where(Assignment.person_id == person_id))
    tested = select(TestAttempt.study_id)
    empty = delete(Study).where(Study.id.in_(studies), Study.completed_at.is_(None), Study.id.not_in(tested))
    db.execute(empty.execution_options(synchronize_session="fetch"))
    history.write("learning.forget", None, by=by, kind="Person", person=str(person_id))
    return {"study", "study_event", "progress", "test_attempt", "assignment"}
