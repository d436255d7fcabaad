"""How a question is put on a page and read back. What stands in the HTML never tells what is right.

Fields are named `<prefix>` or `<prefix>-<row>`; their values are places in the order shown (1, 2, …), not keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.courses.rules import Marked, Question, drawn, shuffled_options

_GAP = re.compile(r"%gap:(\d+)%")
_LINE, _TEXT = 200, 5_000
CHOICES = frozenset({"single", "truefalse", "multiple"})
LINES = frozenset({"number", "short"})

Answer = Any
Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Choice:
    """Something to pick; `right` None = not marked or not picked."""

    value: str
    html: str
    picked: bool
    right: bool | None


@dataclass(frozen=True)
class Row:
    """A line with a field: left side of a pair, thing to put in order, gap. `given` is a value or the typed text."""

    name: str
    html: str
    given: str
    right: bool | None


@dataclass(frozen=True)
class Piece:
    """A stretch of HTML and the gap after it."""

    html: str
    gap: Row | None


@dataclass(frozen=True)
class Asked:
    """A question as a page shows it: choices (also the right sides of pairs, as options of each row), rows, typed text."""

    key: str
    kind: str
    name: str
    stem: tuple[Piece, ...]
    more: tuple[Piece, ...]
    choices: tuple[Choice, ...]
    rows: tuple[Row, ...]
    typed: str
    is_answered: bool
    right: bool | None
    waits: bool
    feedback: tuple[str, ...]


def ask(
    question: Question,
    name: str,
    *,
    seed: int | None = None,
    numbers: int | None = None,
    answer: Answer = None,
    marked: Marked | None = None,
) -> Asked:
    """The question with an answer filled in and, where `marked`, its signs; `seed` None = a lesson, nothing shuffled.

    `numbers`: the seed that draws its numbers, where it is another one than `seed`.
    """
    question = with_numbers(question, seed, numbers)
    given, shown = clean(question, answer), _shown(question, seed)
    rows = _rows(question, name, shown, given, marked)
    return Asked(
        question.id,
        question.kind,
        name,
        _pieces(question.stem_html, rows if question.kind == "cloze" else ()),
        _pieces(question.more_html, rows if question.kind == "cloze" else ()),
        _choices(question, shown, given, marked),
        rows,
        given if isinstance(given, str) else "",
        is_answered(question, given),
        marked.right if marked and not marked.waits else None,
        bool(marked and marked.waits),
        _feedback(question, marked) if marked else (),
    )


def with_numbers(question: Question, seed: int | None = None, numbers: int | None = None) -> Question:
    """The question as `ask` with the same seeds shows it; this is the one to mark."""
    return drawn(question, numbers if numbers is not None else seed or 0)


def _shown(question: Question, seed: int | None) -> list[str]:
    """Keys in the order shown. Pairs and orders are always shuffled, else their order would tell."""
    if seed is None and question.kind not in ("match", "order"):
        return [option.key for option in question.options]
    shown = shuffled_options(question, seed or 0)
    if question.kind != "match":
        return shown
    partners = _partners(question)
    return [key for place, key in enumerate(shown) if partners[key] not in {partners[k] for k in shown[:place]}]


def _partners(question: Question) -> dict[str, str]:
    """The right side of each pair."""
    return {option.key: option.partner_html for option in question.options}


def _choices(question: Question, shown: list[str], given: Answer, marked: Marked | None) -> tuple[Choice, ...]:
    options = {option.key: option for option in question.options}
    if question.kind == "match":
        return tuple(Choice(str(n), options[key].partner_html, False, None) for n, key in enumerate(shown, 1))
    if question.kind not in CHOICES:
        return ()
    pieces = marked.pieces if marked else {}
    return tuple(
        Choice(str(n), options[key].html, key in (given or ()), pieces.get(key)) for n, key in enumerate(shown, 1)
    )


def _rows(question: Question, name: str, shown: list[str], given: Answer, marked: Marked | None) -> tuple[Row, ...]:
    pieces = marked.pieces if marked else {}
    if question.kind == "match":
        pairs = dict(given or ())
        partners = _partners(question)
        sides = [partners[key] for key in shown]
        return tuple(
            Row(f"{name}-{n}", o.html, _value(sides, partners.get(pairs.get(o.key, ""))), _sign(pieces, o.key, pairs))
            for n, o in enumerate(question.options, 1)
        )
    if question.kind == "order":
        return _ordered_rows(question, name, shown, given or [], bool(marked))
    texts = list(given or ()) + [""] * len(question.gaps)
    return tuple(
        Row(f"{name}-{n}", "", texts[n - 1], pieces.get(str(n)) if texts[n - 1] else None)
        for n in range(1, len(question.gaps) + 1)
    )


def _ordered_rows(
    question: Question, name: str, shown: list[str], given: list[str], is_marked: bool
) -> tuple[Row, ...]:
    options = {option.key: option.html for option in question.options}
    wanted = [option.key for option in question.options]
    rows = []
    for n, key in enumerate(shown, 1):
        place = given.index(key) if key in given else None
        right = wanted[place] == key if is_marked and place is not None else None
        rows.append(Row(f"{name}-{n}", options[key], "" if place is None else str(place + 1), right))
    return tuple(rows)


def _value(sides: list[str], side: str | None) -> str:
    return str(sides.index(side) + 1) if side in sides else ""


def _sign(pieces: Mapping[str, bool], key: str, pairs: Mapping[str, str]) -> bool | None:
    return pieces.get(key) if key in pairs else None


def _pieces(html: str, gaps: Sequence[Row]) -> tuple[Piece, ...]:
    """The HTML cut at its gaps."""
    cut = _GAP.split(html)
    fields: list[Row | None] = [gaps[int(number) - 1] if 0 < int(number) <= len(gaps) else None for number in cut[1::2]]
    return tuple(Piece(stretch, gap) for stretch, gap in zip(cut[::2], [*fields, None], strict=True) if stretch or gap)


def _feedback(question: Question, marked: Marked) -> tuple[str, ...]:
    """Why: of the options picked; and of the question where it is right or nothing else is said."""
    of_options = tuple(html for _, html in sorted(marked.feedback.items()))
    is_told = marked.right or marked.waits or not of_options
    return of_options + ((question.feedback_html,) if is_told and question.feedback_html else ())


def read(
    question: Question, name: str, posted: Posted, *, seed: int | None = None, numbers: int | None = None
) -> Answer:
    """The answer in a posted form, as `mark` wants it: keys in the place of what was shown."""
    question = with_numbers(question, seed, numbers)
    shown = _shown(question, seed)
    if question.kind in CHOICES:
        return clean(question, [key for key in (_key(shown, value) for value in posted.get(name, ())) if key])
    if question.kind == "match":
        picked = [(o.key, _key(shown, _first(posted, f"{name}-{n}"))) for n, o in enumerate(question.options, 1)]
        return [[left, right] for left, right in picked if right]
    if question.kind == "order":
        return _read_order(shown, name, posted)
    if question.kind == "cloze":
        return clean(question, [_first(posted, f"{name}-{n}") for n in range(1, len(question.gaps) + 1)])
    return clean(question, _first(posted, name))


def _first(posted: Posted, name: str) -> str:
    return next(iter(posted.get(name, ())), "")


def _key(shown: list[str], value: str) -> str:
    """The key at a place shown, or nothing."""
    return shown[int(value) - 1] if value.isascii() and value.isdigit() and 0 < int(value) <= len(shown) else ""


def _read_order(shown: list[str], name: str, posted: Posted) -> list[str]:
    """Keys by chosen place; a place that nobody or two took is empty."""
    places = [_first(posted, f"{name}-{n}") for n in range(1, len(shown) + 1)]
    answer = []
    for place in range(1, len(shown) + 1):
        takers = [key for key, chosen in zip(shown, places, strict=True) if chosen == str(place)]
        answer.append(takers[0] if len(takers) == 1 else "")
    return answer if any(answer) else []


def clean(question: Question, answer: object) -> Answer:
    """An answer of any origin in the shape of its kind; what does not fit is left out."""
    if question.kind == "match":
        return _clean_pairs(question, answer)
    if question.kind in CHOICES or question.kind == "order":
        return _clean_keys(question, answer)
    if question.kind == "cloze":
        texts = answer if isinstance(answer, list | tuple) else []
        return [" ".join(text.split())[:_LINE] if isinstance(text, str) else "" for text in texts][: len(question.gaps)]
    typed = str(answer) if isinstance(answer, str | int | float) and not isinstance(answer, bool) else ""
    return typed.strip()[:_TEXT] if question.kind == "long" else " ".join(typed.split())[:_LINE]


def _clean_keys(question: Question, answer: object) -> list[str]:
    keys = [option.key for option in question.options]
    given = [answer] if isinstance(answer, str) else answer if isinstance(answer, list | tuple) else []
    if question.kind != "order":
        picked = [key for key in keys if key in given]
        return picked if question.kind == "multiple" else picked[:1]
    ordered = [key if key in keys else "" for key in given][: len(keys)]
    return ordered if any(ordered) else []


def _clean_pairs(question: Question, answer: object) -> list[list[str]]:
    keys = [option.key for option in question.options]
    pairs = answer.items() if isinstance(answer, Mapping) else answer if isinstance(answer, list | tuple) else []
    fitting = {
        pair[0]: pair[1]
        for pair in pairs
        if isinstance(pair, list | tuple) and len(pair) == 2 and pair[0] in keys and pair[1] in keys
    }
    return [[left, fitting[left]] for left in keys if left in fitting]


def is_answered(question: Question, answer: Answer) -> bool:
    """Is every field of the question filled in?"""
    if question.kind in ("match", "order"):
        return len(answer or ()) == len(question.options) and all(answer)
    if question.kind == "cloze":
        return len(answer or ()) == len(question.gaps) and all(answer)
    return bool(answer)
