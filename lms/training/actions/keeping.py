"""Erasure: what names a person beyond her own (blanked) row goes; the rows that figures are counted from stay."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, afterwards, db, exists
from lms.core.inbox import InboxEvent
from lms.courses.models import EditionFile
from lms.learning.models import Work
from lms.training import documents
from lms.training.actions.roll import MARK, VOID
from lms.training.models import Credit, CreditState, PathLearner, RollMark

TABLES = {"class_trainer", "enrolment", "roll_mark", "attendance", "participation", "path_learner", "credit"}


@action
def forget(person_id: UUID, *, by: Actor) -> set[str]:
    """Free text about her goes: reasons of marks, here and in the inbox. Everything else hangs on a nameless person.

    Her name leaves with `people.forget`. Enrolment keeps what was frozen (sex, group, unit, kind of post), attendance
    and participation their minutes, `class_trainer` that somebody taught: figures and credits stay as they were.
    """
    for mark in db.scalars(select(RollMark).where(RollMark.person_id == person_id, RollMark.reason != "")):
        mark.reason = ""
    about_her = InboxEvent.payload["person"].as_string() == str(person_id)
    for event in db.scalars(select(InboxEvent).where(InboxEvent.kind.in_((MARK, VOID)), about_her)):
        if event.payload.get("reason"):
            event.payload = {**event.payload, "reason": ""}
    _forget_paths(person_id)
    history.write("training.forget", None, by=by, kind="Person")
    db.flush()
    return TABLES


def _forget_paths(person_id: UUID) -> None:
    """She is on no path any more; of decided credits the day and the decision stay, without words and scans."""
    for row in db.scalars(select(PathLearner).where(PathLearner.person_id == person_id, PathLearner.left_at.is_(None))):
        row.left_at = clock.now()
    for credit in db.scalars(select(Credit).where(Credit.person_id == person_id)):
        digest, credit.evidence, credit.reason, credit.digest, credit.media_type = credit.digest, "", "", "", ""
        if credit.state == CreditState.ASKED:
            db.delete(credit)
        db.flush()
        if digest and not _is_kept_for_others(digest):
            afterwards(documents.dropper(digest))


def _is_kept_for_others(digest: str) -> bool:
    """Equal files lie in the store once: another credit, a hand-in or a course may hold the same."""
    holders = (select(Credit.id).where(Credit.digest == digest), select(Work.id).where(Work.digest == digest),
               select(EditionFile.id).where(EditionFile.digest == digest))  # fmt: skip
    return any(exists(holder) for holder in holders)
