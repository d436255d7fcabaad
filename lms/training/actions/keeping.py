"""Erasure: what names a person beyond her own (blanked) row goes; the rows that figures are counted from stay."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lms.core import history
from lms.core.actor import Actor
from lms.core.db import action, db
from lms.core.inbox import InboxEvent
from lms.training.actions.roll import MARK, VOID
from lms.training.models import RollMark

TABLES = {"class_trainer", "enrolment", "roll_mark", "attendance", "participation"}


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
    history.write("training.forget", None, by=by, kind="Person")
    db.flush()
    return TABLES
