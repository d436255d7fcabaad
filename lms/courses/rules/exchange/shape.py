"""One shape for each question, wherever it came from: what is equal is written the same, and no text breaks its frame."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lms.courses.rules.answers import option_pattern
from lms.courses.rules.blocks import outside_fences
from lms.courses.rules.course import ACCEPTS, STEPS
from lms.courses.rules.exchange.bank import BankCriterion, BankDraw, BankOption, BankQuestion
from lms.courses.rules.tidy import neat_text, slugify

GAP = re.compile(r"\{\{(.*?)\}\}")
CHOICES = frozenset({"single", "multiple", "truefalse"})
LISTED = CHOICES | {"match", "order"}
_UNSEEN = re.compile("[\x80-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_OPENS = re.compile(r"##?(?!#)|>")
_FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})", re.MULTILINE)


def shaped(question: BankQuestion) -> BankQuestion:
    """The same question in the one shape; shaping it again changes nothing."""
    kind = question.kind
    return BankQuestion(
        id=question.id,
        kind=kind,
        stem=gapped(one_line(question.stem), kind),
        more=block(question.more, kind),
        options=tuple(_option(option, kind) for option in question.options) if kind in LISTED else (),
        feedback=remark(question.feedback),
        goal=question.goal,
        use=question.use,
        tags=tuple(dict.fromkeys(slug for tag in question.tags if (slug := slugify(tag)))),
        accepted=accepted_of(question.accepted) if kind == "short" else (),
        line=question.line,
        is_named=question.is_named,
        **_number(question),
        **_long(question),
    )


def plain_text(written: str) -> str:
    """NFC, plain line ends, no signs that nobody sees, no tabs."""
    return neat_text(_UNSEEN.sub("", _BREAKS.sub("\n", written)).replace("\t", "    "))


def one_line(written: str) -> str:
    """As one line with single spaces."""
    return " ".join(plain_text(written).split())


def remark(written: str) -> str:
    """Lines without their indents: what stands behind `>`."""
    return "\n".join(line.strip() for line in plain_text(written).split("\n")).strip("\n")


def block(written: str, kind: str) -> str:
    """Blocks under a stem: no line in it can be taken for a heading, an answer or a feedback; fences are closed."""
    lines = [_safe(line.rstrip(), kind) for line in plain_text(written).split("\n")]
    return _closed(gapped("\n".join(lines).strip("\n"), kind))


def _safe(line: str, kind: str) -> str:
    """The line, its first sign escaped where it would mean something to the reader of questions."""
    first = line[:1]
    if first == "?":
        return f"&#63;{line[1:]}"
    if _OPENS.match(line) or (kind == "long" and first == "+"):
        return "\\" + line
    if not option_pattern(kind).fullmatch(line):
        return line
    return f"&#61;{line[1:]}" if first == "=" else re.sub(r"^([0-9]*)", r"\1\\", line, count=1)


def _closed(lines: str) -> str:
    """With no code block left open: then its fences are shown as written."""
    *_, (_, _, is_text) = outside_fences([*lines.split("\n"), ""])
    return lines if is_text else _FENCE.sub(r"\1\\\2", lines)


def gapped(written: str, kind: str) -> str:
    """The gaps of a cloze with single signs between what is accepted."""
    if kind != "cloze":
        return written
    return GAP.sub(lambda gap: "{{" + "|".join(accepted_of(gap[1].split("|"))) + "}}", written)


def accepted_of(written: Iterable[str]) -> tuple[str, ...]:
    """Texts that are accepted, each once; a `|` parts two of them."""
    pieces = (piece.strip() for one in written for piece in one_line(one).split("|"))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def _option(option: BankOption, kind: str) -> BankOption:
    words = one_line(option.text)
    if kind == "match":
        return BankOption(
            words.replace("=>", "=&gt;"), feedback=remark(option.feedback), partner=one_line(option.partner)
        )
    return BankOption(words, right=option.right and kind in CHOICES, feedback=remark(option.feedback))


def _number(question: BankQuestion) -> dict[str, Any]:
    if question.kind != "number":
        return {}
    draws = tuple(BankDraw(one_line(draw.name), one_line(draw.values)) for draw in question.draws)
    answer = one_line(question.answer)
    return {
        "draws": draws,
        "answer": answer,
        "value": None if answer else question.value,
        "tolerance": question.tolerance,
    }


def _long(question: BankQuestion) -> dict[str, Any]:
    if question.kind != "long":
        return {}
    accepts = tuple(kind for kind in ACCEPTS if kind in question.accepts)
    return {
        "criteria": tuple(_criterion(criterion) for criterion in question.criteria),
        "accepts": () if accepts == ("text",) else accepts,
        "needed": question.needed,
        "chips": tuple(chip for written in question.chips if (chip := one_line(written))),
    }


def _criterion(criterion: BankCriterion) -> BankCriterion:
    steps = tuple(one_line(step).replace("|", "/") for step in criterion.steps)
    return BankCriterion(one_line(criterion.text), criterion.points, steps if all(steps) and steps else STEPS)


def written_number(value: Decimal) -> str:
    """`1234,5`: a comma for decimals, no grouping."""
    return f"{value:f}".replace(".", ",")
