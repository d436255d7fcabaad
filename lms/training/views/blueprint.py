"""The blueprint of the room, and what several of its pages read from a request."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request

from lms.core.refusal import NotFound
from lms.training import queries
from lms.training.access import Sight
from lms.training.forms import key_of
from lms.training.models import Path, Session, TrainingClass
from lms.web.gate import me, require

bp = Blueprint("training", __name__)


def run_class(class_id: UUID) -> TrainingClass:
    """A class that this visitor runs; NotFound, Forbidden."""
    training_class, sight = queries.seen_class(me(), class_id, reads=True)
    require(sight.runs)
    return training_class


def taken_session(session_id: UUID) -> tuple[Session, Sight]:
    """A session whose roll this visitor takes; NotFound, Forbidden."""
    session, sight = queries.seen_session(me(), session_id)
    require(sight.takes_roll)
    return session, sight


def edited_path(slug: str) -> Path:
    """A path that this visitor may change; NotFound, Forbidden."""
    path, sight = queries.seen_path(me(), slug)
    require(sight.edits)
    return path


def posted_key(name: str) -> UUID:
    """The key in a posted field; NotFound for anything else."""
    key = key_of(request.form.get(name, ""))
    if key is None:
        raise NotFound
    return key
