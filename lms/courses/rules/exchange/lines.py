"""The lines under a question's heading, without rendering: text, answers, feedback. Markdown, sheets and essays share them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lms.core.words import text
from lms.courses.rules.answers import option_pattern
from lms.courses.rules.course import STEPS
from lms.courses.rules.exchange.bank import BankCriterion, BankDraw, BankOption, BankQuestion
from lms.courses.rules.exchange.shape import CHOICES, written_number
from lms.courses.rules.faults import Faults
from lms.courses.rules.numbers import read_number

NumberedLine = tuple[int, str]
_DRAW = re.compile(r"\?\s*(?P<name>[^=]*?)\s*=\s*(?P<values>.*)")
_CHIP = re.compile(r"\+\s+(?P<words>.*)")
_POINTS = re.compile(r"(?P<words>.*?)\s*\((?P<points>[0-9]{1,4}(?:[.,][0-9]{1,2})?)\s*(?:điểm|đ)?\)")
NOT_UNDERSTOOD = (
    text("Không hiểu dòng này trong câu hỏi."),
    text("Viết phương án trước, lời giải thích của câu (>) sau cùng, theo mẫu của loại câu này."),
)


@dataclass
class Option:
    """An answer's line, what its pattern found, and the lines under it."""

    line: int
    found: dict[str, str | None]
    going_on: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Its text with the lines that go on."""
        return " ".join([(self.found["words"] or "").strip(), *self.going_on]).strip()

    def take(self, words: str) -> None:
        """A line indented under it."""
        if words.startswith(">"):
            self.feedback.append(words[1:].strip())
        elif self.feedback:
            self.feedback.append(words)
        else:
            self.going_on.append(words)


@dataclass
class Body:
    """The lines under one heading, each where it belongs."""

    kind: str
    more: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    draws: list[BankDraw] = field(default_factory=list)
    chips: list[str] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        """Put one line where it belongs; `strange` holds the numbers of those that belong nowhere."""
        option = option_pattern(self.kind).fullmatch(line)
        if option and not self.feedback:
            self.options.append(Option(number, dict(option.groupdict())))
        elif line.startswith(">"):
            self.feedback.append(line[1:].strip())
        elif not self.feedback and self._takes_own(line):
            return
        elif not self.options and not self.feedback:
            self.more.append(line)
        elif line.strip():
            self._take_under(number, line)

    def _takes_own(self, line: str) -> bool:
        """Lines of one kind only: numbers to draw, ready comments."""
        drawn = _DRAW.fullmatch(line) if self.kind == "number" else None
        chip = _CHIP.fullmatch(line) if self.kind == "long" and self.options else None
        if drawn:
            self.draws.append(BankDraw(drawn["name"], drawn["values"]))
        if chip:
            self.chips.append(chip["words"])
        return bool(drawn or chip)

    def _take_under(self, number: int, line: str) -> None:
        if self.options and not self.feedback and line[:1] in {" ", "\t"}:
            self.options[-1].take(line.strip())
        else:
            self.strange.append(number)


def body_of(kind: str, lines: Iterable[NumberedLine]) -> Body:
    """The body in these lines."""
    body = Body(kind)
    for number, line in lines:
        body.take(number, line)
    return body


def note_strange(body: Body, faults: Faults) -> None:
    """A fault for each line that belongs nowhere."""
    for number in body.strange:
        faults.add("", number, *NOT_UNDERSTOOD)


def answer_of(body: Body, line: int, faults: Faults) -> dict[str, Any]:
    """The fields of a BankQuestion that its answer lines give; what cannot be read is a fault."""
    return _READERS.get(body.kind, _read_options)(body, line, faults)


def _read_options(body: Body, _line: int, _faults: Faults) -> dict[str, Any]:
    return {
        "options": tuple(
            BankOption(
                option.words,
                right=(option.found.get("box") or "").lower() == "x",
                feedback="\n".join(option.feedback),
                partner=(option.found.get("partner") or ""),
            )
            for option in body.options
        )
    }


NO_NUMBER = (
    text("Câu hỏi số chưa có đáp án đúng mẫu."),
    text("Viết một dòng đáp án, thí dụ: = 630000 ± 0"),
)


def _read_number(body: Body, line: int, faults: Faults) -> dict[str, Any]:
    written = body.options[0].words if len(body.options) == 1 else ""
    answer, _, within = written.replace("+/-", "±").partition("±")
    value, tolerance = read_number(answer), read_number(within) if within.strip() else Decimal(0)
    if tolerance is None or not answer.strip() or (value is None and not body.draws):
        faults.add("", body.options[0].line if body.options else line, *NO_NUMBER)
        return {}
    if body.draws:
        return {"draws": tuple(body.draws), "answer": answer.strip(), "tolerance": tolerance}
    return {"value": value, "tolerance": tolerance}


def _read_short(body: Body, _line: int, _faults: Faults) -> dict[str, Any]:
    return {"accepted": tuple(option.words for option in body.options)}


def _read_long(body: Body, _line: int, faults: Faults) -> dict[str, Any]:
    criteria = [_criterion(option, faults) for option in body.options]
    return {"criteria": tuple(one for one in criteria if one), "chips": tuple(body.chips)}


def _criterion(option: Option, faults: Faults) -> BankCriterion | None:
    found = _POINTS.fullmatch(option.words)
    if not found or not found["words"]:
        faults.add(
            "",
            option.line,
            text("Tiêu chí này chưa có điểm."),
            text("Viết điểm trong ngoặc ở cuối dòng, thí dụ: - [ ] Nêu được hai việc (2 điểm)"),
        )
        return None
    steps = tuple(step.strip() for step in " ".join(option.feedback).split("|")) if option.feedback else STEPS
    if len(steps) != len(STEPS) or not all(steps):
        faults.add(
            "",
            option.line,
            text("Mỗi tiêu chí có đúng bốn mức."),
            text(
                "Viết bốn mức trên một dòng, cách nhau bằng dấu gạch đứng: > Chưa làm | Làm một phần | Làm được | Tốt"
            ),
        )
        return None
    return BankCriterion(found["words"], Decimal(found["points"].replace(",", ".")), steps)


def _read_nothing(_body: Body, _line: int, _faults: Faults) -> dict[str, Any]:
    return {}


_READERS: dict[str, Callable[[Body, int, Faults], dict[str, Any]]] = {
    "number": _read_number,
    "short": _read_short,
    "long": _read_long,
    "cloze": _read_nothing,
}


def answer_lines(question: BankQuestion) -> list[str]:
    """The answers of a question, a line each, as authors write them."""
    kind = question.kind
    if kind in CHOICES:
        return [line for o in question.options for line in (f"- [{'x' if o.right else ' '}] {o.text}", *_under(o))]
    if kind == "match":
        return [line for o in question.options for line in (f"- {o.text} => {o.partner}", *_under(o))]
    if kind == "order":
        return [line for n, o in enumerate(question.options, 1) for line in (f"{n}. {o.text}", *_under(o))]
    return _OTHERS[kind](question)


def _under(option: BankOption) -> list[str]:
    return [f"  > {line}".rstrip() for line in option.feedback.split("\n")] if option.feedback else []


def _number_lines(question: BankQuestion) -> list[str]:
    draws = [f"? {draw.name} = {draw.values}" for draw in question.draws]
    answer = question.answer or ("" if question.value is None else written_number(question.value))
    return [*draws, f"= {answer} ± {written_number(question.tolerance)}"]


def _long_lines(question: BankQuestion) -> list[str]:
    lines = []
    for criterion in question.criteria:
        lines.append(f"- [ ] {criterion.text} ({written_number(criterion.points)} điểm)")
        if criterion.steps != STEPS:
            lines.append(f"  > {' | '.join(criterion.steps)}")
    return [*lines, *(f"+ {chip}" for chip in question.chips)]


_OTHERS: dict[str, Callable[[BankQuestion], list[str]]] = {
    "number": _number_lines,
    "short": lambda question: [f"= {' | '.join(question.accepted)}"],
    "cloze": lambda question: [],
    "long": _long_lines,
}


def more_of(body: Body) -> str:
    """The text between heading and answers."""
    return "\n".join(body.more)


def feedback_of(body: Body) -> str:
    """Why, for the question as a whole."""
    return "\n".join(body.feedback)
