"""Questions ↔ Moodle XML: all nine kinds and drawn numbers."""

from __future__ import annotations

from lms.courses.rules.exchange.moodle_read import read_moodle
from lms.courses.rules.exchange.moodle_write import write_moodle

__all__ = ["read_moodle", "write_moodle"]
