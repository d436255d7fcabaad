"""Pages of the room `coverage`."""

from __future__ import annotations

from lms.coverage.views import gap, overview
from lms.coverage.views.room import bp

__all__ = ["bp", "gap", "overview"]
