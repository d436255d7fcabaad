"""The forms of before and after on paper: what stands on a sheet for those without a phone, and its key."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from lms.core.words import number
from lms.courses.rules import Question, drawn
from lms.learning.rules import asking
from lms.learning.rules.asking import Asked

SEED = 1
"""Every sheet shows the same numbers, so that one key fits all."""


@dataclass(frozen=True)
class OnPaper:
    """A question as it is printed, and what is right, in the letters and numbers of the sheet."""

    asked: Asked
    key: str


def on_paper(question: Question) -> OnPaper:
    """The question with its numbers drawn and its pairs shuffled as on every sheet."""
    right = right_answer(question, SEED)
    asked = asking.ask(question, question.id, numbers=SEED, answer=right)
    return OnPaper(asking.ask(question, question.id, numbers=SEED), _key(asked, drawn(question, SEED)))


def right_answer(question: Question, seed: int = 0) -> Any:
    """An answer that is marked right, as it is kept; `seed` drew the numbers."""
    right = [option.key for option in question.options if option.right]
    match question.kind:
        case "match":
            return [[option.key, option.key] for option in question.options]
        case "order":
            return [option.key for option in question.options]
        case "number":
            return str(drawn(question, seed).value or Decimal(0))
        case "short":
            return question.accepted[0]
        case "cloze":
            return [accepted[0] for accepted in question.gaps]
    return right


def _key(asked: Asked, question: Question) -> str:
    if asked.kind in asking.CHOICES:
        return ", ".join(ascii_uppercase[place] for place, one in enumerate(asked.choices) if one.picked)
    if asked.kind == "match":
        return ", ".join(f"{place}{_letter(row.given)}" for place, row in enumerate(asked.rows, 1))
    if asked.kind == "order":
        return " – ".join(ascii_uppercase[place] for place, _ in sorted(enumerate(asked.rows), key=_place))
    if asked.kind == "number":
        value = (question.value or Decimal(0)).normalize()
        return number(value, max(0, -int(value.as_tuple().exponent)))
    return " · ".join(row.given for row in asked.rows) or asked.typed


def _letter(value: str) -> str:
    return ascii_uppercase[int(value) - 1] if value.isdigit() else ""


def _place(numbered: tuple[int, Any]) -> int:
    given = numbered[1].given
    return int(given) if given.isdigit() else 0
