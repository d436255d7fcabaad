"""When this happens, do that: the whole table. Also which room receives which inbox event and which job."""

from __future__ import annotations


def connect() -> None:
    """Connect every listener; calling it twice is once."""
