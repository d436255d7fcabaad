"""Erasure of what a person did, leaving completions and figures as they are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from lms.core import history
from lms.core.actor import Actor
from lms.core.db import action, db
from lms.core.inbox import InboxEvent
from lms.learning.actions.handing_in import drop_content, drop_uploads_of
from lms.learning.models import (
    Assignment,
    CommentChip,
    Enquiry,
    EnquiryAnswer,
    Evaluation,
    HandIn,
    Marking,
    Progress,
    Study,
    StudyEvent,
    TestAttempt,
    Work,
)
from lms.people.queries import account_of


@action
def forget(person_id: UUID, *, by: Actor) -> set[str]:
    """Erase answers, works, enquiries, given courses; a completion and results of tests stay, without what was answered."""
    studies = list(db.scalars(select(Study.id).where(Study.person_id == person_id)))
    facts = select(StudyEvent.id).where(StudyEvent.study_id.in_(studies))
    db.execute(update(InboxEvent).where(InboxEvent.id.in_(facts)).values(payload={}))
    db.execute(delete(StudyEvent).where(StudyEvent.study_id.in_(studies)))
    db.execute(delete(Evaluation).where(Evaluation.study_id.in_(studies)))
    db.execute(delete(Progress).where(Progress.study_id.in_(studies)))
    db.execute(update(TestAttempt).where(TestAttempt.study_id.in_(studies)).values(answers={}))
    db.execute(update(Study).where(Study.id.in_(studies)).values(last_lesson_key=""))
    db.execute(delete(Assignment).where(Assignment.person_id == person_id))
    _forget_works(studies)
    _forget_words(person_id)
    tested = select(TestAttempt.study_id)
    empty = delete(Study).where(Study.id.in_(studies), Study.completed_at.is_(None), Study.id.not_in(tested))
    db.execute(empty.execution_options(synchronize_session="fetch"))
    history.write("learning.forget", None, by=by, kind="Person", person=str(person_id))
    return {"study", "study_event", "progress", "test_attempt", "assignment", "evaluation", "enquiry"}


def _forget_works(studies: list[UUID]) -> None:
    """What she handed in, with its files and marks; a file that another row stands for stays."""
    made = list(db.scalars(select(HandIn.id).where(HandIn.study_id.in_(studies))))
    digests = list(db.scalars(select(Work.digest).where(Work.hand_in_id.in_(made))))
    drop_uploads_of(made, unfinished_only=False)
    db.execute(delete(Work).where(Work.hand_in_id.in_(made)))
    db.execute(delete(Marking).where(Marking.hand_in_id.in_(made)))
    db.execute(delete(HandIn).where(HandIn.id.in_(made)))
    drop_content(digests)


def _forget_words(person_id: UUID) -> None:
    """What she asked (an answer pinned in a lesson stays there, in the trainer's words) and the comments she kept."""
    hers = select(Enquiry.id).where(Enquiry.person_id == person_id)
    pinned = select(EnquiryAnswer.enquiry_id).where(EnquiryAnswer.pinned_at.is_not(None))
    gone = list(db.scalars(hers.where(Enquiry.id.not_in(pinned))))
    db.execute(delete(EnquiryAnswer).where(EnquiryAnswer.enquiry_id.in_(gone)))
    db.execute(delete(Enquiry).where(Enquiry.id.in_(gone)))
    db.execute(update(Enquiry).where(Enquiry.id.in_(hers)).values(text="").execution_options(synchronize_session=False))
    account = account_of(person_id)
    if account is not None:
        db.execute(delete(CommentChip).where(CommentChip.account_id == account.id))
