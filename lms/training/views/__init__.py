"""Pages of the room `training`: classes, running them, the roll."""

from __future__ import annotations

from lms.training.views import classes, closing, lines, roll, running, sessions, walk_ins
from lms.training.views.blueprint import bp

__all__ = ["bp", "classes", "closing", "lines", "roll", "running", "sessions", "walk_ins"]
