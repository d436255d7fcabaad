"""Who changed or looked at what, and when: rows written in the same transaction, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import Model, db


class HistoryEntry(Model):
    """One line: actor, verb, subject. `unit_id` is kept as a plain key, since units stand above core."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_subject", "subject_kind", "subject_id"),)

    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def write(
    verb: str,
    subject: Model | None,
    *,
    by: Actor,
    kind: str = "",
    unit_id: UUID | None = None,
    reason: str = "",
    **details: Any,
) -> HistoryEntry:
    """Add a line; `verb` is `room.verb` ("training.close_session"). Details must be plain JSON and hold no secret."""
    entry = HistoryEntry(
        at=clock.now(),
        account_id=by.account_id,
        actor=by.name,
        verb=verb,
        subject_kind=kind or type(subject).__name__,
        subject_id=subject.id if subject is not None else None,
        unit_id=unit_id,
        reason=reason,
        details=details,
    )
    db.add(entry)
    return entry
