"""Pages of the room `officials`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("officials", __name__)
