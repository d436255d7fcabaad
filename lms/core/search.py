"""Search without marks: what was typed is folded loosely and found anywhere in a loosely folded column."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.names import loose


def found_in(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """Every word typed occurs in the column (which holds `names.loose` of the text)."""
    words = loose(typed).split()[:8]
    return and_(*(column.contains(word, autoescape=True) for word in words)) if words else column.is_(None)
