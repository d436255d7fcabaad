"""Pages of the room `units`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("units", __name__)
