"""Seeds: by which chance draws the numbers of a question, so that any answer can be rebuilt."""

from __future__ import annotations

import hashlib

from lms.courses.rules import Question, drawn

SEEDS = 2**53  # exact in JSON too
_TRIES = 20


def bounded(value: object) -> int | None:
    """A seed in what was sent (a number, or digits), else None."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < SEEDS else None


def first_seed(who: str, question_id: str) -> int:
    """The numbers that one gets first: the same for the same person (or day) and question."""
    return int.from_bytes(hashlib.sha256(f"{who}:{question_id}".encode()).digest()[:8], "big") % SEEDS


def next_seed(question: Question, seed: int) -> int:
    """The seed after this one, with other numbers where the question has any."""
    before = drawn(question, seed)
    following = ((seed + step) % SEEDS for step in range(1, _TRIES + 1))
    return next((one for one in following if drawn(question, one) != before), (seed + 1) % SEEDS)
