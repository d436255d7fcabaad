"""Questions that say nearly the same: pairs that share most of their words."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.core.names import fold
from lms.courses.rules.course import Question

_ALIKE = 80
_NO_WORDS = re.compile(r"<[^>]*>|%(?:gap|val):\d+%")


@dataclass(frozen=True)
class Similar:
    """Two questions and the share of their words that both have (0 … 1)."""

    one: Question
    other: Question
    share: float


@dataclass(frozen=True)
class _Words:
    question: Question
    words: frozenset[str]
    rarest: tuple[str, ...]


def similar_questions(questions: Iterable[Question]) -> list[Similar]:
    """Pairs that share at least 80% of the words of stem, text and options, the most alike first.

    Two questions written for the parallel forms are left out: they are meant to be alike.
    """
    seen: dict[str, list[_Words]] = defaultdict(list)
    pairs = []
    for one in _worded(questions):
        candidates = {other.question.id: other for word in one.rarest for other in seen[word]}
        for other in candidates.values():
            share = _share(one, other)
            if share:
                pairs.append(Similar(other.question, one.question, share))
        for word in one.rarest:
            seen[word].append(one)
    return sorted(pairs, key=lambda pair: (-pair.share, pair.one.id, pair.other.id))


def _share(one: _Words, other: _Words) -> float:
    """Shared words among all words, 0 where they are not alike."""
    if one.question.use == other.question.use == "form":
        return 0.0
    both = len(one.words & other.words)
    either = len(one.words) + len(other.words) - both
    return both / either if 100 * both >= _ALIKE * either else 0.0


def _worded(questions: Iterable[Question]) -> Iterator[_Words]:
    """Each question with its words and the rarest of them: two that are alike have one of these in common."""
    found = [(question, _words(question)) for question in questions]
    counts = Counter(word for _, words in found for word in words)
    for question, words in found:
        by_rarity = sorted(words, key=lambda word: (counts[word], word))
        least = -(-_ALIKE * len(words) // 100)
        yield _Words(question, words, tuple(by_rarity[: len(words) - least + 1]))


def _words(question: Question) -> frozenset[str]:
    pieces = [question.stem_html, question.more_html]
    pieces += [side for option in question.options for side in (option.html, option.partner_html)]
    plain = html.unescape(_NO_WORDS.sub(" ", " ".join(pieces)))
    return frozenset(fold(word) for word in re.findall(r"\w+", plain))
