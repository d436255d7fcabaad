"""Pages of the room `people`."""

from __future__ import annotations

from lms.people.views import door, grants, me, persons
from lms.people.views.door import own_secret_first
from lms.people.views.room import bp

__all__ = ["bp", "door", "grants", "me", "own_secret_first", "persons"]
