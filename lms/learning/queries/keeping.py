"""What the room keeps of a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select

from lms.core.db import Model, db
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
    Upload,
    Work,
)
from lms.people.queries import account_of

BY_STUDY = (StudyEvent, Progress, TestAttempt, Evaluation, HandIn)
BY_HAND_IN = (Work, Upload, Marking)


def about(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """All rows of the room that tell of a person as recorded, by table; every table is named."""
    studies = list(db.scalars(select(Study).where(Study.person_id == person_id).order_by(Study.id)))
    given = db.scalars(select(Assignment).where(Assignment.person_id == person_id).order_by(Assignment.id))
    kept: dict[str, list[dict[str, object]]] = {
        "study": [_plain(study) for study in studies],
        "assignment": [_plain(assignment) for assignment in given],
    }
    for model in BY_STUDY:
        table: Any = model
        rows = db.scalars(select(table).where(table.study_id.in_([study.id for study in studies])).order_by(table.id))
        kept[table.__tablename__] = [_plain(row) for row in rows]
    made = [row["id"] for row in kept["hand_in"]]
    for of_hand_in in BY_HAND_IN:
        kept.update(_rows(of_hand_in, of_hand_in.hand_in_id.in_(made)))
    return kept | _asked_and_answered(person_id)


def _asked_and_answered(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """What she asked and what was answered to it; what she answered and kept as a trainer."""
    account = account_of(person_id)
    accounts = [account.id] if account else []
    hers = select(Enquiry.id).where(Enquiry.person_id == person_id)
    answers = EnquiryAnswer.enquiry_id.in_(hers) | EnquiryAnswer.account_id.in_(accounts)
    return {
        **_rows(Enquiry, Enquiry.person_id == person_id),
        **_rows(EnquiryAnswer, answers),
        **_rows(CommentChip, CommentChip.account_id.in_(accounts)),
    }


def _rows(model: Any, wanted: Any) -> dict[str, list[dict[str, object]]]:
    found = db.scalars(select(model).where(wanted).order_by(model.id))
    return {model.__tablename__: [_plain(row) for row in found]}


def _plain(row: Model) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}
