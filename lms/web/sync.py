"""`POST /dong-bo`: what devices kept while there was no network; and `/suc-khoe` for operators."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, request
from sqlalchemy import text as sql

from lms.core import inbox
from lms.core.db import db
from lms.web.gate import allow, me

bp = Blueprint("sync", __name__)


@bp.post("/dong-bo")
@allow("signed in")
def take_batch() -> Response:
    """At most 500 events; 200 with a line each. The whole batch is refused only for sign-in, size or form."""
    form = _form()
    events = form.get("events") if isinstance(form, dict) else None
    if not isinstance(events, list):
        abort(400)
    if len(events) > inbox.MOST:
        abort(413)
    lines = inbox.take([_read(event) for event in events], by=me())
    return jsonify({"events": [{"id": str(line.id), "outcome": line.outcome, "reason": line.reason} for line in lines]})


def _form() -> Any:
    """The body as JSON; nothing for what is none (or is nested beyond reading)."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _read(event: Any) -> inbox.Sent:
    try:
        sent = inbox.Sent(
            id=UUID(str(event["id"])),
            device=str(event["device"])[:64],
            profile=str(event["profile"])[:64],
            seq=int(event["seq"]),
            kind=str(event["kind"])[:60],
            payload=dict(event["payload"]),
            captured_at=datetime.fromisoformat(event["captured_at"]),
            clock_offset=None if event.get("clock_offset") is None else int(event["clock_offset"]),
        )
        json.dumps(event, ensure_ascii=False, allow_nan=False).encode()  # no lone surrogates, endless nesting, NaN
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError):
        abort(400)
    if sent.captured_at.tzinfo is None or not _is_sane(sent):
        abort(400)
    return sent


def _is_sane(sent: inbox.Sent) -> bool:
    """Made by a device of this century: a UUIDv7, numbers that fit their columns, no NUL."""
    letters = json.dumps([sent.device, sent.profile, sent.kind, sent.payload])
    return (
        sent.id.version == 7
        and sent.device != inbox.SERVER
        and 0 <= (sent.seq or 0) < 2**63
        and abs(sent.clock_offset or 0) < 2**31
        and 2000 < sent.captured_at.year < 2100
        and "\\u0000" not in letters
    )


@bp.get("/suc-khoe")
@allow("anyone")
def health() -> Response:
    """For operators: is the database there?"""
    db.execute(sql("SELECT 1"))
    response = jsonify({"state": "ok"})
    response.headers["Cache-Control"] = "no-store"
    return response
