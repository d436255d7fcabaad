"""Marking: what a person answered against what the question holds, for every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.core.names import fold
from lms.courses.rules.course import Option, Question
from lms.courses.rules.numbers import read_number

_LONGEST = 2_000


@dataclass(frozen=True)
class Marked:
    """`pieces`: what was right, by option key or number of the gap; `feedback`: HTML of the chosen options by key.

    `waits`: a trainer has to mark it (long answers).
    """

    right: bool
    score: float
    pieces: dict[str, bool] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)
    waits: bool = False


def mark(question: Question, answer: object) -> Marked:
    """Mark an answer given as plain JSON; whatever does not fit the kind is simply not right.

    single, truefalse, multiple: a list of keys (or one key). match: pairs [left key, key of the right side's row].
    order: keys in the order chosen. number: text or number. short: text. cloze: texts of the gaps in order.
    long: text, waits for a trainer.
    """
    return _MARKERS[question.kind](question, answer)


def _texts(answer: object) -> list[str]:
    """The answer as a list of texts, each cut to a sane length."""
    if isinstance(answer, str):
        return [answer[:_LONGEST]]
    if isinstance(answer, list | tuple):
        return [one[:_LONGEST] if isinstance(one, str) else "" for one in answer]
    return []


def _chosen(question: Question, answer: object) -> tuple[list[Option], dict[str, str]]:
    """The options that were chosen, and the feedback that belongs to them."""
    keys = set(_texts(answer))
    chosen = [option for option in question.options if option.key in keys]
    return chosen, {option.key: option.feedback_html for option in chosen if option.feedback_html}


def _mark_choice(question: Question, answer: object) -> Marked:
    chosen, feedback = _chosen(question, answer)
    is_right = len(chosen) == 1 and chosen[0].right
    return Marked(is_right, float(is_right), {option.key: option.right for option in chosen}, feedback)


def _mark_choices(question: Question, answer: object) -> Marked:
    """Right only when the sets are equal; the score takes a wrong choice off a right one."""
    chosen, feedback = _chosen(question, answer)
    wanted = sum(option.right for option in question.options)
    hits = sum(option.right for option in chosen)
    misses = len(chosen) - hits
    score = max(0.0, (hits - misses) / wanted) if wanted else 0.0
    pieces = {option.key: option.right for option in chosen}
    return Marked(wanted > 0 and hits == wanted and not misses, score, pieces, feedback)


def _mark_match(question: Question, answer: object) -> Marked:
    partners = {option.key: option.partner_html for option in question.options}
    pairs = _pairs(answer)
    pieces = {key: partners.get(pairs.get(key, "")) == partner for key, partner in partners.items()}
    feedback = {o.key: o.feedback_html for o in question.options if o.key in pairs and o.feedback_html}
    return _by_pieces(pieces, feedback)


def _pairs(answer: object) -> dict[str, str]:
    """Left key -> key of the right side; a left key named twice counts once, the last."""
    if isinstance(answer, Mapping):
        return {str(left): str(right) for left, right in answer.items()}
    if not isinstance(answer, list | tuple):
        return {}
    pairs = [pair for pair in answer if isinstance(pair, list | tuple) and len(pair) == 2]
    return {str(left): str(right) for left, right in pairs}


def _mark_order(question: Question, answer: object) -> Marked:
    given = _texts(answer)
    wanted = [option.key for option in question.options]
    fits = len(given) == len(wanted)
    return _by_pieces({key: fits and given[place] == key for place, key in enumerate(wanted)})


def _mark_number(question: Question, answer: object) -> Marked:
    is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
    given = read_number(str(answer) if is_number else "".join(_texts(answer)[:1]))
    is_right = given is not None and question.value is not None and abs(given - question.value) <= question.tolerance
    return Marked(is_right, float(is_right))


def _mark_short(question: Question, answer: object) -> Marked:
    is_right = _is_accepted("".join(_texts(answer)[:1]), question.accepted)
    return Marked(is_right, float(is_right))


def _mark_cloze(question: Question, answer: object) -> Marked:
    given = _texts(answer)
    padded = given + [""] * len(question.gaps)
    return _by_pieces(
        {str(number): _is_accepted(padded[number - 1], gap) for number, gap in enumerate(question.gaps, start=1)}
    )


def _is_accepted(given: str, accepted: tuple[str, ...]) -> bool:
    return bool(given.strip()) and fold(given) in {fold(text) for text in accepted}


def _by_pieces(pieces: dict[str, bool], feedback: dict[str, str] | None = None) -> Marked:
    hits = sum(pieces.values())
    return Marked(bool(pieces) and hits == len(pieces), hits / len(pieces) if pieces else 0.0, pieces, feedback or {})


def _wait(_question: Question, _answer: object) -> Marked:
    return Marked(False, 0.0, waits=True)


_MARKERS: dict[str, Callable[[Question, Any], Marked]] = {
    "single": _mark_choice,
    "truefalse": _mark_choice,
    "multiple": _mark_choices,
    "match": _mark_match,
    "order": _mark_order,
    "number": _mark_number,
    "short": _mark_short,
    "cloze": _mark_cloze,
    "long": _wait,
}
