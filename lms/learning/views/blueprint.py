"""The blueprint, and what all pages of a course begin with."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.learning import access
from lms.web.gate import SAFE, signed_in

bp = Blueprint("learning", __name__)


def readable(course: str) -> Edition | None:
    """The current edition of a course; None where it asks this visitor to sign in. NotFound."""
    edition = courses.edition_of(course)
    return edition if access.may_read(signed_in(), edition) else None


def sign_in_first() -> ResponseReturnValue:
    """To the sign-in page, and back here afterwards."""
    here = request.full_path.rstrip("?") if request.method in SAFE else request.referrer or "/"
    return redirect(url_for("people.sign_in", tiep=here), 303)


def unstored(shown: Response) -> Response:
    """A page that whoever takes the phone next does not come back to."""
    shown.headers["Cache-Control"] = "no-store"
    return shown
