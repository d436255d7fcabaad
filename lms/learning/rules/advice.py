"""What to improve first in a course, from what its learners did: sentences in order, the gravest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lms.core.words import Text, number, text
from lms.courses.rules import plain
from lms.learning.rules.items import NOTHING, Gain, Item, Voice

HARD, EASY = Fraction(3, 10), Fraction(95, 100)
"""Facility below the one is too hard, above the other too easy."""
STOPPERS, STOPPED = 5, Fraction(1, 5)
"""A lesson where so many stopped, and so large a share of those who opened it."""
LOW = Fraction(1, 3)
"""The share of the two lower steps from which an evaluation is low."""

_PLACE = re.compile(r"%(?:gap|val):[0-9]+%")
LONGEST = 90
"""Letters of a question's title."""

QUESTION, LESSON, GOAL, EVALUATION = "question", "lesson", "goal", "evaluation"


@dataclass(frozen=True)
class Subject:
    """A question as advice speaks of it: its kind of choice (options with their words, and which are right)."""

    key: str
    title: str
    options: Mapping[str, str]
    rights: frozenset[str]


@dataclass(frozen=True)
class Flow:
    """A lesson and what happened in it."""

    key: str
    title: str
    opened: int
    finished: int
    stopped: int


@dataclass(frozen=True)
class Advice:
    """One thing to improve. `about` is QUESTION, LESSON, GOAL or EVALUATION, `key` says which; lower `rank` is graver."""

    rank: int
    weight: float
    about: str
    key: str
    sentence: Text


def said(html: str) -> str:
    """The words of a stretch of HTML on one line, its gaps and numbers as dots, cut at a word."""
    line = ""
    for word in plain(_PLACE.sub("…", html)).split():
        if len(line) + len(word) > LONGEST:
            return f"{line}…"
        line = f"{line} {word}".strip()
    return line


def whole_percent(share: Fraction) -> str:
    """33%: rounded once, half up."""
    exact = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return f"{exact.quantize(Decimal(1), ROUND_HALF_UP)}%"


def in_order(found: Iterable[Advice]) -> list[Advice]:
    """The gravest rank first, within it the farthest beyond its bound; then by key, so that the order never changes."""
    return sorted(found, key=lambda one: (one.rank, -one.weight, one.about, one.key))


def about_items(items: Mapping[str, Item], subjects: Sequence[Subject]) -> list[Advice]:
    """What is to be improved in questions."""
    shown = [(subject, items[subject.key]) for subject in subjects if subject.key in items]
    return [advice for subject, item in shown if item.is_shown for advice in _of_item(subject, item)]


def _of_item(subject: Subject, item: Item) -> list[Advice]:
    return [
        advice
        for advice in (
            _misled(subject, item) or _hard(subject, item),
            _backwards(subject, item),
            _unchosen(subject, item),
            _easy(subject, item),
        )
        if advice is not None
    ]


def _misled(subject: Subject, item: Item) -> Advice | None:
    """A wrong option was chosen more than the right one (of several right ones: more than each)."""
    wrong = [key for key in subject.options if key not in subject.rights]
    if not wrong or not subject.rights:
        return None
    most = max(wrong, key=lambda key: item.choices.get(key, 0))
    right = max(item.choices.get(key, 0) for key in subject.rights)
    ahead = item.choices.get(most, 0) - right
    if ahead <= 0:
        return None
    sentence = text(
        "Câu “{title}”: nhiều người chọn “{option}” ({count} lượt) hơn phương án đúng ({right} lượt). "
        "Xem lại đáp án và cách hỏi.",
        title=subject.title,
        option=subject.options[most],
        count=item.choices.get(most, 0),
        right=right,
    )
    return Advice(0, ahead / item.n, QUESTION, subject.key, sentence)


def _backwards(subject: Subject, item: Item) -> Advice | None:
    if item.discrimination is None or item.discrimination >= 0:
        return None
    sentence = text(
        "Câu “{title}”: người làm tốt các câu khác lại hay sai câu này (độ phân biệt {value}). Có thể câu hỏi gây hiểu lầm.",
        title=subject.title,
        value=number(item.discrimination, 2),
    )
    return Advice(1, -item.discrimination, QUESTION, subject.key, sentence)


def _hard(subject: Subject, item: Item) -> Advice | None:
    if item.facility is None or item.facility >= HARD:
        return None
    sentence = text(
        "Câu “{title}” quá khó: chỉ {share} trả lời đúng. Viết câu hỏi dễ hiểu hơn, hoặc nói kỹ hơn trong bài.",
        title=subject.title,
        share=whole_percent(item.facility),
    )
    return Advice(3, float(HARD - item.facility), QUESTION, subject.key, sentence)


def _unchosen(subject: Subject, item: Item) -> Advice | None:
    """Wrong options that mislead nobody; of a question that is too easy anyway, that is said instead."""
    wrong = {key: words for key, words in subject.options.items() if key not in subject.rights}
    unchosen = [words for key, words in wrong.items() if not item.choices.get(key)]
    if not unchosen or (item.facility or 0) > EASY:
        return None
    sentence = text(
        "Câu “{title}”: không ai chọn “{option}”. Thay bằng điều người học hay nhầm.",
        title=subject.title,
        option="”, “".join(unchosen),
    )
    return Advice(6, len(unchosen) / len(subject.options), QUESTION, subject.key, sentence)


def _easy(subject: Subject, item: Item) -> Advice | None:
    if item.facility is None or item.facility <= EASY:
        return None
    sentence = text(
        "Câu “{title}” quá dễ: {share} trả lời đúng. Câu này không cho biết ai đã hiểu bài.",
        title=subject.title,
        share=whole_percent(item.facility),
    )
    return Advice(7, float(item.facility - EASY), QUESTION, subject.key, sentence)


def about_lessons(flows: Iterable[Flow]) -> list[Advice]:
    """Lessons where many stop."""
    found = []
    for flow in flows:
        share = Fraction(flow.stopped, flow.opened) if flow.opened else Fraction(0)
        if flow.stopped >= STOPPERS and share >= STOPPED:
            sentence = text(
                "Bài “{title}”: {count} người dừng ở đây, trong {opened} người đã mở. Xem bài có dài hoặc khó quá không.",
                title=flow.title,
                count=flow.stopped,
                opened=flow.opened,
            )
            found.append(Advice(2, float(share), LESSON, flow.key, sentence))
    return found


def about_gains(gains: Iterable[Gain], titles: Mapping[str, str]) -> list[Advice]:
    """Goals for which the course brought nothing; where nearly all is right afterwards there is nothing to gain."""
    found = []
    for gain in gains:
        if gain.before is None or gain.after is None or gain.after > min(gain.before, EASY):
            continue
        sentence = text(
            "Mục tiêu “{title}”: trước khi học đúng {before}, sau khi học đúng {after}. Các bài của mục tiêu này chưa giúp được.",
            title=titles.get(gain.goal, gain.goal),
            before=whole_percent(gain.before),
            after=whole_percent(gain.after),
        )
        found.append(Advice(4, float(gain.before - gain.after), GOAL, gain.goal, sentence))
    return found


def about_voices(voices: Iterable[Voice], titles: Mapping[str, Text]) -> list[Advice]:
    """What learners did not like."""
    return [
        Advice(
            5,
            float(voice.low),
            EVALUATION,
            voice.key,
            text(
                "Người học đánh giá thấp: “{title}”, {share} chọn hai mức dưới. Đọc các ý kiến ở cuối trang.",
                title=titles[voice.key],
                share=whole_percent(voice.low),
            ),
        )
        for voice in voices
        if voice.n and voice.low >= LOW
    ]


def spread(item: Item, subject: Subject) -> list[tuple[str, int, bool]]:
    """How often each option was chosen, in order: (letter, count, is it right); last NOTHING, if anybody chose nothing."""
    lines = [(key, item.choices.get(key, 0), key in subject.rights) for key in subject.options]
    empty = item.choices.get(NOTHING, 0)
    return [*lines, (NOTHING, empty, False)] if empty and subject.options else lines
