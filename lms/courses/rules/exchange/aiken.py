"""Questions ↔ Aiken: choices with one right answer, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from lms.core.words import text
from lms.courses.rules.exchange.bank import BankOption, BankQuestion
from lms.courses.rules.exchange.checks import finish
from lms.courses.rules.exchange.plain import from_any, to_plain
from lms.courses.rules.exchange.shape import plain_text, shaped
from lms.courses.rules.faults import Faults

_CHOICE = re.compile(r"([A-Z])[.)]\s+(.*\S)\s*")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z]?)\s*", re.IGNORECASE)
_NO_ANSWER = (
    text("Câu hỏi này chưa có dòng ANSWER."),
    text("Sau các phương án viết một dòng, thí dụ: ANSWER: B"),
)


def read_aiken(content: str) -> list[BankQuestion]:
    """The questions of an Aiken file; BankHasFaults."""
    faults = Faults()
    found = [_question(lines, faults) for lines in _pieces(plain_text(content.removeprefix("\ufeff")))]
    return finish([question for question in found if question], faults)


def _pieces(content: str) -> Iterator[list[tuple[int, str]]]:
    """The lines of each question: it ends with its ANSWER, or where another begins without one."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(content.split("\n"), 1):
        bare = line.strip()
        if not bare:
            continue
        if lines and _is_whole(lines) and not _CHOICE.fullmatch(bare) and not _ANSWER.fullmatch(bare):
            yield lines
            lines = []
        lines.append((number, bare))
        if _ANSWER.fullmatch(bare):
            yield lines
            lines = []
    if lines:
        yield lines


def _is_whole(lines: list[tuple[int, str]]) -> bool:
    """Have choices begun? Then a line of text begins the next question."""
    return bool(_CHOICE.fullmatch(lines[-1][1])) and len(lines) > 1


def _question(lines: list[tuple[int, str]], faults: Faults) -> BankQuestion | None:
    first = lines[0][0]
    answer = _ANSWER.fullmatch(lines[-1][1])
    if not answer:
        faults.add("", first, *_NO_ANSWER)
        return None
    choices = [found for _, line in lines[:-1] if (found := _CHOICE.fullmatch(line))]
    if answer[1].upper() not in {found[1] for found in choices}:
        faults.add(
            "",
            lines[-1][0],
            text("ANSWER nêu “{letter}”, không có phương án ấy.", letter=answer[1]),
            text("Viết chữ cái của phương án đúng, thí dụ: ANSWER: B"),
        )
        return None
    stem = [line for _, line in lines[:-1] if not _CHOICE.fullmatch(line)]
    options = tuple(BankOption(from_any(found[2]), found[1] == answer[1].upper()) for found in choices)
    asked, _, more = from_any("\n".join(stem)).partition("\n")
    return BankQuestion(id="", kind="single", stem=asked, more=more, options=options, line=first)


def write_aiken(questions: Sequence[BankQuestion]) -> tuple[str, list[str]]:
    """The text of an Aiken file, and the ids of the questions it cannot carry."""
    carried = [question for question in map(shaped, questions) if question.kind == "single" and not question.more]
    names = {question.id for question in carried}
    pieces = [_written(question) for question in carried]
    return "\n".join(pieces), [question.id for question in questions if question.id not in names]


def _written(question: BankQuestion) -> str:
    letters = dict(zip(ascii_uppercase, question.options, strict=False))
    right = next((letter for letter, option in letters.items() if option.right), "A")
    lines = [to_plain(question.stem), *(f"{letter}. {to_plain(option.text)}" for letter, option in letters.items())]
    return "\n".join([*lines, f"ANSWER: {right}", ""])
