"""Numbers that chance draws for a question: the same seed gives the same numbers, to show, to mark, to explain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import count
from random import Random

from lms.courses.rules.course import Draw, Question
from lms.courses.rules.expressions import expression

_PLACE = re.compile(r"%val:([0-9]+)%")
_MARK = re.compile(r"\ue0f0([0-9]+)\ue0f1")
_PLACES = 6
_TRIES = 100


def value_mark(number: int) -> str:
    """A mark that becomes `%val:number%`."""
    return f"\ue0f0{number}\ue0f1"


def settled(rendered: str) -> str:
    """Rendered HTML with its marks as places; what only looks like a place is shown as written."""
    return _MARK.sub(r"%val:\1%", rendered.replace("%val:", "&#37;val:"))


def places_in(rendered: str) -> set[int]:
    """The numbers of the places in this HTML."""
    return {int(number) for number in _PLACE.findall(rendered)}


def drawn(question: Question, seed: int) -> Question:
    """The question with its numbers in: a plain number question. One without draws is given back as it is."""
    if not question.draws:
        return question
    answer, shown = _worked_out(question, Random(f"{seed}:{question.id}:v"))
    plain = replace(question, value=decimal_of(answer), draws=(), answer="", values_shown=())
    return _filled(plain, shown)


def spelled(question: Question) -> Question:
    """For authors: the question with names and sums in its places, `{gop}`, instead of numbers."""
    return _filled(question, [f"{{{written}}}" for written in question.values_shown]) if question.draws else question


def _filled(question: Question, shown: Sequence[str]) -> Question:
    def filled(html: str) -> str:
        return _PLACE.sub(lambda match: shown[int(match[1]) - 1], html)

    return replace(
        question,
        stem_html=filled(question.stem_html),
        more_html=filled(question.more_html),
        feedback_html=filled(question.feedback_html),
    )


def _worked_out(question: Question, chance: Random) -> tuple[Fraction, list[str]]:
    """The answer and what stands in each place; numbers that would divide by zero are drawn again."""
    for _ in range(_TRIES):
        numbers = {draw.name: pick(draw, chance.randrange(how_many(draw))) for draw in question.draws}
        try:
            shown = [shown_number(expression(written).value(numbers)) for written in question.values_shown]
            return expression(question.answer).value(numbers), shown
        except ZeroDivisionError:
            continue
    raise ZeroDivisionError(question.id)


def told(draw: Draw) -> str:
    """As an author writes it: `gop = 20.000..50.000 buoc 5.000`."""
    if draw.values:
        return f"{draw.name} = " + " | ".join(shown_number(Fraction(value)) for value in draw.values)
    low, high, step = (shown_number(Fraction(value)) for value in (draw.low, draw.high, draw.step))
    return f"{draw.name} = {low}..{high} buoc {step}"


def how_many(draw: Draw) -> int:
    """How many numbers it can give."""
    if draw.values:
        return len(draw.values)
    return int((Fraction(draw.high) - Fraction(draw.low)) / Fraction(draw.step)) + 1


def pick(draw: Draw, place: int) -> Fraction:
    """The number at a place, from 0."""
    return Fraction(draw.values[place]) if draw.values else Fraction(draw.low) + place * Fraction(draw.step)


def ends_of(draw: Draw) -> tuple[Fraction, Fraction]:
    """The least and the most it can give."""
    ends = [Fraction(value) for value in draw.values] or [pick(draw, 0), pick(draw, how_many(draw) - 1)]
    return min(ends), max(ends)


def is_exact(value: Fraction) -> bool:
    """Can it be written with finitely many digits?"""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def decimal_of(value: Fraction) -> Decimal:
    """Exact where it can be, else with six places."""
    places = next(n for n in count() if 10**n % value.denominator == 0) if is_exact(value) else _PLACES
    digits = value * 10**places
    return Decimal(f"{_half_up(digits)}E-{places}")


def shown_number(value: Fraction) -> str:
    """As people here write it: 1.234.567,8; at most six places."""
    size = _half_up(abs(value) * 10**_PLACES)
    whole, rest = divmod(size, 10**_PLACES)
    part = f"{rest:0{_PLACES}}".rstrip("0")
    sign = "-" if value < 0 and size else ""
    return f"{sign}{whole:,}".replace(",", ".") + (f",{part}" if part else "")


def _half_up(value: Fraction) -> int:
    size = int(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size
