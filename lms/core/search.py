"""Search without marks: what was typed is folded loosely and found anywhere in a loosely folded column."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.names import loose

_SYLLABLE = re.compile(r"[^\W_]+")


def syllables(text: str) -> str:
    """The text loosely folded, its syllables between single spaces, as `syllables_in` looks for them."""
    return f" {' '.join(_SYLLABLE.findall(loose(text)))} "


def sought(typed: str) -> list[str]:
    """What to look for in `syllables`: every syllable whole, the last one perhaps still being typed."""
    words = _SYLLABLE.findall(loose(typed))[:8]
    return [*(f" {word} " for word in words[:-1]), *(f" {word}" for word in words[-1:])]


def syllables_in(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """Every syllable typed occurs in the column (which holds `syllables` of the text)."""
    words = sought(typed)
    return and_(*(column.contains(word, autoescape=True) for word in words)) if words else column.is_(None)


def together_in(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """They stand there side by side, as typed."""
    return column.contains(syllables(typed).rstrip(), autoescape=True)


def found_in(column: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """Every word typed occurs in the column (which holds `names.loose` of the text)."""
    words = loose(typed).split()[:8]
    return and_(*(column.contains(word, autoescape=True) for word in words)) if words else column.is_(None)
