"""Expressions of drawn numbers in our words and in Moodle's: `4 * gop` ↔ `4 * {gop}`, `lamtron(…)` ↔ `round(…)`."""

from __future__ import annotations

import re

_FUNCTIONS = {"lamtron": "round", "san": "floor", "tran": "ceil", "nhonhat": "min", "lonnhat": "max"}
_OURS = {moodle: ours for ours, moodle in _FUNCTIONS.items()}
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_MOODLE_WORD = re.compile(r"\{([a-z][a-z0-9_]*)\}|([a-zA-Z][a-zA-Z0-9_]*)")
_PLACE = re.compile(r"\{=([^{}]*)\}")
_ANY_PLACE = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_MOODLE_PLACE = re.compile(r"\{=((?:[^{}]|\{[^{}]*\})*)\}")


def to_moodle(expression: str, names: frozenset[str]) -> str:
    """Names in braces, functions by Moodle's names."""

    def word(found: re.Match[str]) -> str:
        return f"{{{found[0]}}}" if found[0] in names else _FUNCTIONS.get(found[0], found[0])

    return _WORD.sub(word, expression)


def from_moodle(expression: str) -> str:
    """Names bare, functions by our names; what we do not have stays and is a fault later."""
    return _MOODLE_WORD.sub(lambda found: found[1] or _OURS.get(found[2], found[2]), expression)


def text_to_moodle(written: str, names: frozenset[str]) -> str:
    """A text with its `{= …}` places in Moodle's words; `{name}` is the same in both. Without names nothing changes."""
    return _PLACE.sub(lambda found: f"{{={to_moodle(found[1], names)}}}", written) if names else written


def text_from_moodle(written: str, is_escaped: bool) -> str:
    """A text with its places in our words; `is_escaped`: what was escaped for Markdown in them is bare again."""
    bare = _ANY_PLACE.sub(lambda found: found[0].replace("\\", ""), written) if is_escaped else written
    return _MOODLE_PLACE.sub(lambda found: f"{{={from_moodle(found[1])}}}", bare)
