"""The blueprint of the room, and what the address asks for."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request

from lms.core import clock
from lms.coverage.forms import DayForm

bp = Blueprint("coverage", __name__)


def day_asked() -> tuple[date, DayForm]:
    """The day of the address (today), and its field with a sentence if there is no such day."""
    form = DayForm(request.args)
    form.validate()
    return form.ngay.data or clock.today(), form
