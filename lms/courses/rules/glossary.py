"""tu-dien.md: hard words and what they mean; where a lesson first uses one, it can be pressed. No script needed."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lms.core.words import text
from lms.courses.rules.course import Html, Part, Term
from lms.courses.rules.faults import Faults
from lms.courses.rules.markdown import Renderer
from lms.courses.rules.tidy import GLOSSARY, slugify

_MEANING = re.compile(r":\s+(\S.*)")
_PIECE = re.compile(r"(<[^>]*>)")
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
_CLOSED_TO_WORDS = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "a", "code", "pre", "button", "label", "summary", "details", "sup", "svg"}
    | {"figure", "audio", "video", "th", "dt"}
)
_CLASSES_CLOSED = ("footnotes", "callout__kind")
_LONGEST_TERM = 100


@dataclass
class _Entry:
    line: int
    term: str
    meaning: list[str] = field(default_factory=list)


def read_glossary(written: str, renderer: Renderer, faults: Faults) -> tuple[Term, ...]:
    """The terms in the order of the file; each without words, and each written twice, is a fault."""
    terms: dict[str, Term] = {}
    keys: Counter[str] = Counter()
    for entry in _entries(written, faults):
        key, folded = slugify(entry.term), _folded(entry.term)
        if not entry.meaning:
            faults.add(GLOSSARY, entry.line, text("Từ “{term}” chưa có lời giải thích.", term=entry.term), _SAMPLE)
        elif not key or len(key) > _LONGEST_TERM:
            faults.add(GLOSSARY, entry.line, text("Từ “{term}” chưa đúng.", term=entry.term[:_LONGEST_TERM]), _SAMPLE)
        elif folded in terms:
            sentence = text("Từ “{term}” có hai lần.", term=entry.term)
            faults.add(GLOSSARY, entry.line, sentence, text("Giữ một dòng cho mỗi từ."))
        else:
            meaning = renderer.line(" ".join(entry.meaning), GLOSSARY, entry.line + 1)
            keys[key] += 1
            terms[folded] = Term(key if keys[key] == 1 else f"{key}-{keys[key]}", entry.term, meaning)
    return tuple(terms.values())


_SAMPLE = text("Viết từ trên một dòng; dòng dưới là dấu hai chấm, ba dấu cách, rồi lời giải thích.")


def _entries(written: str, faults: Faults) -> list[_Entry]:
    entries: list[_Entry] = []
    for number, line in enumerate(written.split("\n"), start=1):
        meaning = _MEANING.fullmatch(line.rstrip())
        if not line.strip() or (number == 1 and line.startswith("# ")):
            continue
        if meaning and entries:
            entries[-1].meaning.append(meaning[1])
        elif line[0] in " \t" and entries and entries[-1].meaning:
            entries[-1].meaning.append(line.strip())
        elif line[0] in ": \t#":
            faults.add(GLOSSARY, number, text("Không hiểu dòng này trong danh sách từ khó."), _SAMPLE)
        else:
            entries.append(_Entry(number, " ".join(line.split())))
    return entries


def with_words(parts: Sequence[Part], terms: Iterable[Term]) -> tuple[Part, ...]:
    """The parts of a lesson with the first place of each term made a button; what it shows ends the last stretch."""
    marker = _Marker(terms)
    made = [Html(marker.mark(part.html)) if isinstance(part, Html) else part for part in parts]
    stretches = [place for place, part in enumerate(made) if isinstance(part, Html)]
    if marker.used and stretches:
        last = made[stretches[-1]]
        assert isinstance(last, Html)
        made[stretches[-1]] = Html(f"{last.html}\n{_explained(marker.used)}")
    return tuple(made)


def _explained(terms: Iterable[Term]) -> str:
    """What the buttons show."""
    shown = "".join(
        f'<div popover class="word__why" id="tu-{one.key}"><b>{html.escape(one.term, quote=False)}</b> {one.html}</div>'
        for one in terms
    )
    return f'<div class="words">{shown}</div>'


class _Marker:
    """Goes through the HTML of one lesson; longer terms win, whole words only, whatever the case."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.used: list[Term] = []
        self._terms = {_folded(html.escape(term.term, quote=False)): term for term in terms}
        longest_first = sorted(self._terms, key=lambda words: (-len(words), words))
        words = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in longest_first)
        self._pattern = re.compile(rf"(?<![\w&;])(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def mark(self, rendered: str) -> str:
        """The HTML with buttons in it."""
        if self._pattern is None:
            return rendered
        closed: list[str] = []
        pieces = []
        for piece in _PIECE.split(rendered):
            if piece.startswith("<"):
                _follow(piece, closed)
            elif not closed:
                piece = self._pattern.sub(self._button, piece)
            pieces.append(piece)
        return "".join(pieces)

    def _button(self, match: re.Match[str]) -> str:
        term = self._terms.get(_folded(match[0]))
        if term is None or term in self.used:
            return match[0]
        self.used.append(term)
        return f'<button type="button" class="word" popovertarget="tu-{term.key}">{match[0]}</button>'


def _folded(words: str) -> str:
    return " ".join(words.lower().split())


def _follow(tag: str, closed: list[str]) -> None:
    """Keep in `closed` the open elements in which no word is marked, with all that stands in the outermost."""
    found = _TAG.match(tag)
    if not found or tag.endswith("/>"):
        return
    is_end, name = bool(found[1]), found[2]
    if is_end:
        if closed and closed[-1] == name:
            closed.pop()
    elif closed:
        if name == closed[-1] or name in _CLOSED_TO_WORDS:
            closed.append(name)
    elif name in _CLOSED_TO_WORDS or any(one in tag for one in _CLASSES_CLOSED):
        closed.append(name)
