"""Pages of the room `officials`."""

from __future__ import annotations

from lms.officials.views import entries, importing, register
from lms.officials.views.room import bp

__all__ = ["bp", "entries", "importing", "register"]
