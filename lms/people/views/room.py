"""The blueprint of the room, and who is here as an account."""

from __future__ import annotations

from flask import Blueprint

from lms.core.refusal import NotFound
from lms.people.models import SignedIn
from lms.web.gate import me

bp = Blueprint("people", __name__)


def account_here() -> SignedIn:
    """The signed-in account of this request."""
    actor = me()
    if not isinstance(actor, SignedIn):
        raise NotFound
    return actor
