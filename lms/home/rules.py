"""A stretch of text around what was searched for, with the words found marked: without marks (giới = gioi), as text only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.core.names import loose

AROUND = 60
"""Letters shown before the first word found."""
LONGEST = 220


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `is_found`: it holds a word that was searched for."""

    text: str
    is_found: bool = False


def snippet(text: str, typed: str) -> tuple[Piece, ...]:
    """The text around the first place where the words stand (together, if they do), cut at words."""
    folded, places = _folded(text)
    words = loose(typed).split()
    spans = list(_spans(folded, words))
    if not spans:
        return (Piece(_cut_end(text[:LONGEST], text)),) if text else ()
    together = folded.find(" ".join(words))
    first = places[together] if together >= 0 else places[spans[0][0]]
    begin = _word_start(text, first - AROUND)
    shown = _cut_end(text[begin : begin + LONGEST], text[begin:])
    marked = [(places[start], places[end - 1] + 1) for start, end in spans]
    pieces = list(_pieces(shown, [(start - begin, end - begin) for start, end in marked]))
    return (Piece("…"), *pieces) if begin else tuple(pieces)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as `loose` has it, letter by letter, and where in the text each of its letters stands."""
    letters, places = [], []
    for place, letter in enumerate(text):
        plain = " " if letter.isspace() else loose(letter)
        letters.append(plain)
        places += [place] * len(plain)
    return "".join(letters), places


def _spans(folded: str, words: list[str]) -> Iterator[tuple[int, int]]:
    """Where the words stand, in order, those that touch or lie over each other as one."""
    found = sorted((start, start + len(word)) for word in set(words) for start in _starts(folded, word))
    begin = end = -1
    for start, stop in found:
        if start > end:
            if end > 0:
                yield begin, end
            begin = start
        end = max(end, stop) if start <= end else stop
    if end > 0:
        yield begin, end


def _starts(folded: str, word: str) -> Iterator[int]:
    """Where a syllable begins so."""
    return (match.start() for match in re.finditer(rf"(?<![^\W_]){re.escape(word)}", folded))


def _word_start(text: str, place: int) -> int:
    """The begin of the word after this place; 0 near the begin of the text."""
    if place <= 0:
        return 0
    space = text.find(" ", place)
    return space + 1 if 0 <= space < place + AROUND else place


def _cut_end(shown: str, whole: str) -> str:
    """Cut at the last word, with dots, where the text goes on."""
    if len(shown) == len(whole):
        return shown
    return f"{shown.rsplit(' ', 1)[0]}…"


def _pieces(shown: str, marked: list[tuple[int, int]]) -> Iterator[Piece]:
    """The shown text cut at the marks; marks outside it are left out."""
    place = 0
    for start, end in marked:
        if start < place or start >= len(shown):
            continue
        if start > place:
            yield Piece(shown[place:start])
        yield Piece(shown[start : min(end, len(shown))], True)
        place = min(end, len(shown))
    if place < len(shown):
        yield Piece(shown[place:])
