"""The blueprint of the room, and the addresses of a unit's pages."""

from __future__ import annotations

from flask import Blueprint, url_for

from lms.core.ids import to_address
from lms.units.models import Unit

bp = Blueprint("officials", __name__)


def register_of(unit: Unit) -> str:
    """Address of a unit's register."""
    return f"{url_for('officials.register')}?don-vi={to_address(unit.id)}"


def import_into(unit: Unit) -> str:
    """Address of the page that takes a list for a unit."""
    return f"{url_for('officials.import_page')}?don-vi={to_address(unit.id)}"
