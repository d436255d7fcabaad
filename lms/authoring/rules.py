"""What an author is told: what differs from the edition in force, what a lesson weighs, what the right answers are."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.core.words import number, text
from lms.courses.rules import STEPS, Check, Html, Lesson, Product, Question, half_of, needed_of, told

SLOW = 400_000
"""Bits a second of a weak network."""
HEAVY = 60 * 1024
"""Bytes a lesson may weigh before the author is warned."""
_FILE = re.compile(r"%file:([a-z0-9./-]+)%")
_TAG = re.compile(r"<[^>]+>")
_DRAWING = ".svg"
_PICTURES = (_DRAWING, ".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True)
class Piece:
    """A lesson or a question by its stable id; two with equal `content` are the same to a learner."""

    key: str
    title: str
    kind: str
    content: object


@dataclass(frozen=True)
class Difference:
    """What a new edition would change; `retyped`: the same id is now another type of question."""

    new: tuple[Piece, ...]
    changed: tuple[Piece, ...]
    retyped: tuple[Piece, ...]
    dropped: tuple[Piece, ...]

    @property
    def is_empty(self) -> bool:
        """Is nothing different?"""
        return not (self.new or self.changed or self.retyped or self.dropped)

    @property
    def needs_confirming(self) -> bool:
        """Would progress lose what it hangs on?"""
        return bool(self.dropped or self.retyped)


def compare(before: Sequence[Piece], now: Sequence[Piece]) -> Difference:
    """From one edition to the next, by id, each in the order of its own edition."""
    known, kept = {piece.key: piece for piece in before}, {piece.key for piece in now}
    both = [(known[piece.key], piece) for piece in now if piece.key in known]
    return Difference(
        new=tuple(piece for piece in now if piece.key not in known),
        changed=tuple(new for old, new in both if old.kind == new.kind and old.content != new.content),
        retyped=tuple(new for old, new in both if old.kind != new.kind),
        dropped=tuple(piece for piece in before if piece.key not in kept),
    )


def plain(html: str) -> str:
    """The words of a stretch of HTML, a gap or a drawn number as dots."""
    return " ".join(_TAG.sub(" ", re.sub(r"%(?:gap|val):\d+%", "…", html)).split())


@dataclass(frozen=True)
class Weight:
    """Bytes as they travel: sheets and script that all lessons share, the page, each picture by its path."""

    shared: int
    page: int
    pictures: Mapping[str, int]

    @property
    def total(self) -> int:
        """All bytes."""
        return self.shared + self.page + sum(self.pictures.values())

    @property
    def seconds(self) -> float:
        """How long it takes on a weak network."""
        return self.total * 8 / SLOW

    @property
    def is_heavy(self) -> bool:
        """Over what a lesson may weigh?"""
        return self.total > HEAVY


def weigh(page: bytes, lesson: Lesson, files: Mapping[str, bytes], shared: int) -> Weight:
    """What a first visit to a lesson loads: `shared` bytes, its page and pictures, packed. Films wait for a tap."""
    return Weight(shared, _packed(page), {path: _travelling(path, files[path]) for path in sorted(pictures_of(lesson))})


def pictures_of(lesson: Lesson) -> set[str]:
    """Paths of the pictures in a lesson and in the questions it asks."""
    placed = {part.question_id for part in lesson.parts if isinstance(part, Check | Product)}
    shown = [part.html for part in lesson.parts if isinstance(part, Html)]
    for question in lesson.questions:
        if question.id in placed:
            shown += [question.stem_html, question.more_html, *(option.html for option in question.options)]
    return {path for html in shown for path in _FILE.findall(html) if path.endswith(_PICTURES)}


def _travelling(path: str, content: bytes) -> int:
    return _packed(content) if path.endswith(_DRAWING) else len(content)


def _packed(content: bytes) -> int:
    return len(gzip.compress(content, 6, mtime=0))


def answers_of(question: Question) -> list[str]:
    """The right answers as lines of HTML, for the author only."""
    return list(_ANSWERS[question.kind](question))


def _rights(question: Question) -> Iterable[str]:
    return (option.html for option in question.options if option.right)


def _pairs(question: Question) -> Iterable[str]:
    return (f"{option.html} → {option.partner_html}" for option in question.options)


def _ordered(question: Question) -> Iterable[str]:
    return (f"{place}. {option.html}" for place, option in enumerate(question.options, 1))


def _number(question: Question) -> Iterable[str]:
    if question.draws:
        tolerance = f" ± {question.tolerance.normalize():f}" if question.tolerance else ""
        return [question.answer + tolerance, *map(told, question.draws)]
    places = max(0, -int(question.value.as_tuple().exponent)) if question.value is not None else 0
    shown = number(question.value, places)
    return [f"{shown} ± {number(question.tolerance, places)}" if question.tolerance else shown]


def _escaped(written: Iterable[str]) -> str:
    return " | ".join(one.replace("&", "&amp;").replace("<", "&lt;") for one in written)


def _criteria(question: Question) -> Iterable[str]:
    for criterion in question.criteria:
        steps = "" if criterion.steps == STEPS else f": {_escaped(criterion.steps)}"
        yield f"{criterion.html} ({number(criterion.points, 1)}){steps}"
    if needed_of(question) != half_of(question.criteria):
        yield str(text("Đạt khi có từ {points} điểm.", points=number(needed_of(question), 1)))


_ANSWERS: dict[str, Callable[[Question], Iterable[str]]] = {
    "single": _rights,
    "multiple": _rights,
    "truefalse": _rights,
    "match": _pairs,
    "order": _ordered,
    "number": _number,
    "short": lambda question: [_escaped(question.accepted)],
    "cloze": lambda question: [_escaped(gap) for gap in question.gaps],
    "long": _criteria,
}
