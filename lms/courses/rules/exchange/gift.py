"""Questions ↔ GIFT. It has no order, no drawn numbers, no cloze with several gaps, no criteria: those are left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.core.words import Text, text
from lms.courses.rules.exchange.bank import BankCriterion, BankOption, BankQuestion
from lms.courses.rules.exchange.checks import finish, is_id
from lms.courses.rules.exchange.plain import from_any, from_html, from_plain
from lms.courses.rules.exchange.shape import GAP, plain_text, shaped
from lms.courses.rules.exchange.tags import tags_of, with_tags
from lms.courses.rules.faults import Faults
from lms.courses.rules.tidy import slugify

_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_SPECIAL = re.compile(r"([\\~=#{}:])")
_NOTED = re.compile(r"\[(id|tag):((?:\\.|[^\]\\])*)\]")
_TITLE = re.compile(r"\s*::((?:\\.|[^\\])*?)::")
_FORMAT = re.compile(r"\s*\[(html|markdown|moodle|plain)\]")
_WEIGHT = re.compile(r"\s*%(-?[0-9]+(?:\.[0-9]+)?)%")
_SIGN = re.compile(r"(?<!\\)((?:\\\\)*)(####|->|[~=#])")
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_FORMATS: dict[str, Callable[[str], str]] = {"html": from_html, "markdown": str, "plain": from_plain}
_RANGE = re.compile(r"(.+?)\.\.(.+)")
_PLACE = "\ue00f"
_OPEN, _CLOSE = re.compile(r"(?<!\\)(?:\\\\)*\{"), re.compile(r"(?<!\\)(?:\\\\)*\}")
NO_RUBRIC = BankCriterion("Trả lời đúng và đủ ý", Decimal(1))
"""What an essay without criteria is marked by, until its author writes some."""
_UNCLOSED = (text("Dấu { mở đáp án mà chưa đóng."), text("Thêm dấu } vào cuối đáp án; trong chữ thì viết \\{ và \\}."))
_NO_ANSWER = (text("Không thấy đáp án giữa hai dấu { }."), text("Viết đáp án của câu hỏi giữa hai dấu { và }."))
_BAD_NUMBER = (text("Đáp án số chưa đúng mẫu."), text("Viết {#18}, {#18:0.5} hoặc {#17..19}."))


@dataclass(frozen=True)
class Piece:
    """One question's text: its first line, what comments above it say, and the category it stands in."""

    line: int
    written: str
    notes: tuple[tuple[str, str], ...]
    category: str


@dataclass(frozen=True)
class Given:
    """One answer: right, its weight (None = not written), text, feedback."""

    right: bool
    weight: Decimal | None
    text: str
    feedback: str

    @property
    def counts(self) -> bool:
        """Does it alone give all points?"""
        return self.right if self.weight is None else self.weight >= 100


def read_gift(content: str) -> list[BankQuestion]:
    """The questions of a GIFT file; BankHasFaults."""
    faults = Faults()
    found = [_question(piece, faults) for piece in _pieces(plain_text(content.removeprefix("\ufeff")))]
    return finish([question for question in found if question], faults)


def _pieces(content: str) -> Iterator[Piece]:
    """Questions are parted by empty lines; comments may stand anywhere."""
    gathering = _Gathering()
    for number, line in enumerate(content.split("\n"), 1):
        bare = line.strip()
        if bare.startswith("//"):
            gathering.notes += _NOTED.findall(bare)
        elif bare.startswith("$CATEGORY:"):
            yield from gathering.cut()
            gathering.category = bare.partition(":")[2].strip()
        elif not bare:
            gathering.parted = bool(gathering.lines)
        else:
            if gathering.parted and not (gathering.is_open and bare[0] in "=~#}"):
                yield from gathering.cut()
            gathering.take(number, line)
    yield from gathering.cut()


@dataclass
class _Gathering:
    """The lines of the question at hand; an answer may go on after an empty line while its brace is open."""

    lines: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    of_next: int = 0
    first: int = 0
    depth: int = 0
    category: str = ""
    parted: bool = False

    @property
    def is_open(self) -> bool:
        return self.depth > 0

    def take(self, number: int, line: str) -> None:
        self.first = self.first if self.lines else number
        self.of_next = len(self.notes)
        self.lines.append(line)
        self.parted = False
        self.depth += len(_OPEN.findall(line)) - len(_CLOSE.findall(line))

    def cut(self) -> Iterator[Piece]:
        """The question, if there is one; comments after its last line belong to the next."""
        if self.lines:
            yield Piece(self.first, "\n".join(self.lines), tuple(self.notes[: self.of_next]), self.category)
            self.notes = self.notes[self.of_next :]
        self.lines, self.depth, self.parted = [], 0, False


def _question(piece: Piece, faults: Faults) -> BankQuestion | None:
    title = _TITLE.match(piece.written)
    rest = piece.written[title.end() :] if title else piece.written
    form = _FORMAT.match(rest)
    rest = rest[form.end() :] if form else rest
    reader = _FORMATS.get(form[1] if form else "", from_any)
    opened = _OPEN.search(rest)
    if not opened:
        faults.add("", piece.line, *_NO_ANSWER)
        return None
    closed = _CLOSE.search(rest, opened.end())
    if not closed:
        faults.add("", piece.line, *_UNCLOSED)
        return None
    before, inside, after = rest[: opened.end() - 1], rest[opened.end() : closed.end() - 1], rest[closed.end() :]
    noted = tags_of([bare(value) for name, value in piece.notes if name == "tag"])
    try:
        answer = _answer(inside, bool(after.strip()), noted.kind, lambda words: reader(bare(words)))
    except _Refused as refused:
        faults.add("", piece.line, *refused.said)
        return None
    gap = answer.pop("gap")
    whole = reader(bare(f"{before}{_PLACE}{after}")).replace(_PLACE, gap).strip("\n ")
    stem, _, more = whole.partition("\n")
    named = [bare(value) for name, value in piece.notes if name == "id"] + ([bare(title[1]).strip()] if title else [])
    made = BankQuestion(
        id=next((name for name in named if is_id(name)), ""),
        stem=stem,
        more=more,
        goal=noted.goal or slugify(piece.category.replace("\\/", " ").rpartition("/")[2]),
        use=noted.use,
        tags=noted.tags,
        line=piece.line,
        **answer,
    )
    return replace(made, kind="truefalse") if _is_truth(made, noted.kind) else made


def _is_truth(question: BankQuestion, kind: str) -> bool:
    return kind == "truefalse" and question.kind == "single" and len(question.options) == 2


def bare(written: str) -> str:
    """Without the backslashes of GIFT."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], written).strip()


class _Refused(Exception):
    def __init__(self, said: tuple[Text, Text]) -> None:
        super().__init__()
        self.said = said


Words = Callable[[str], str]


def _answer(inside: str, goes_on: bool, kind: str, words: Words) -> dict[str, Any]:
    """kind, answer, feedback and `gap`: what stands in the text in place of the answer."""
    main, feedback = _parted(inside, "####")
    why = words(feedback) if feedback else ""
    truth = _TRUTHS.get(main.partition("#")[0].strip().upper())
    if not main.strip():
        return {"kind": "long", "criteria": (NO_RUBRIC,), "feedback": why, "gap": ""}
    if truth is not None:
        return {"kind": "truefalse", "options": _truth(truth, main, words), "feedback": why, "gap": ""}
    if main.strip().startswith("#"):
        return {**_numeric(main.strip()[1:]), "feedback": why, "gap": "_____" if goes_on else ""}
    given = list(_given(main))
    if not given:
        raise _Refused(_NO_ANSWER)
    return {**_of_given(given, goes_on, kind, words), "feedback": why}


def _parted(written: str, sign: str) -> tuple[str, str]:
    """Before and after the first such sign that is not escaped."""
    for found in _SIGN.finditer(written):
        if found[2] == sign:
            return written[: found.start(2)], written[found.end() :]
    return written, ""


def _truth(truth: bool, written: str, words: Words) -> tuple[BankOption, ...]:
    """`F#why it is wrong#why it is right`: the first feedback is for the wrong answer."""
    _, wrong = _parted(written, "#")
    wrong, right = _parted(wrong, "#")
    reasons = {truth: words(right), not truth: words(wrong)}
    return tuple(BankOption(name, one is truth, reasons[one]) for name, one in (("Đúng", True), ("Sai", False)))


def _given(written: str) -> Iterator[Given]:
    """The answers in order; `=` right, `~` wrong, `#` feedback, `%…%` weight."""
    signs = [found for found in _SIGN.finditer(written) if found[2] in "~="]
    ends = [found.start(2) for found in signs[1:]] + [len(written)]
    if not signs or written[: signs[0].start(2)].strip():
        raise _Refused(_NO_ANSWER)
    for found, end in zip(signs, ends, strict=True):
        said, feedback = _parted(written[found.end() : end], "#")
        weight = _WEIGHT.match(said)
        said = said[weight.end() :] if weight else said
        yield Given(found[2] == "=", Decimal(weight[1]) if weight else None, said.strip(), feedback.strip())


def _of_given(given: list[Given], goes_on: bool, kind: str, words: Words) -> dict[str, Any]:
    pairs = [_parted(one.text, "->") for one in given]
    if all(one.right for one in given):
        if any(right for _, right in pairs):
            options = tuple(
                BankOption(words(left), feedback=words(one.feedback), partner=words(right))
                for one, (left, right) in zip(given, pairs, strict=True)
            )
            return {"kind": "match", "options": options, "gap": ""}
        accepted = tuple(bare(one.text) for one in given if one.counts)
        if goes_on or kind == "cloze":
            return {"kind": "cloze", "gap": "{{" + "|".join(accepted).replace("}", "") + "}}"}
        return {"kind": "short", "accepted": accepted, "gap": ""}
    weights = [one.weight for one in given if one.weight is not None and one.weight > 0]
    is_multiple = kind == "multiple" or any(weight < 100 for weight in weights)
    options = tuple(
        BankOption(words(one.text), _is_right(one, is_multiple), words(one.feedback) if one.feedback else "")
        for one in given
    )
    return {"kind": "multiple" if is_multiple else "single", "options": options, "gap": "_____" if goes_on else ""}


def _is_right(one: Given, is_multiple: bool) -> bool:
    return one.counts or (is_multiple and one.weight is not None and one.weight > 0)


def _numeric(written: str) -> dict[str, Any]:
    """`18:0.5`, `17..19`, or the one answer of several that gives all points."""
    if _SIGN.match(written.strip()):
        whole = [one for one in _given(written) if one.counts]
        if len(whole) != 1:
            raise _Refused(_BAD_NUMBER)
        written = whole[0].text
    written = bare(_parted(written, "#")[0])
    try:
        between = _RANGE.fullmatch(written)
        if between:
            low, high = decimal_in(between[1]), decimal_in(between[2])
            return {"kind": "number", "value": (low + high) / 2, "tolerance": abs(high - low) / 2}
        value, _, tolerance = written.partition(":")
        return {
            "kind": "number",
            "value": decimal_in(value),
            "tolerance": decimal_in(tolerance) if tolerance else Decimal(0),
        }
    except InvalidOperation:
        raise _Refused(_BAD_NUMBER) from None


def decimal_in(written: str) -> Decimal:
    """A number with a decimal point, as Moodle writes it; InvalidOperation for anything else."""
    plain = written.strip().replace(",", ".")
    if not re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?|[+-]?\.[0-9]{1,30}", plain):
        raise InvalidOperation(written)
    return Decimal(plain)


def write_gift(questions: Sequence[BankQuestion]) -> tuple[str, list[str]]:
    """The text of a GIFT file, and the ids of the questions it cannot carry."""
    pieces, left_out = [], []
    for question in map(shaped, questions):
        answer = _written_answer(question)
        if answer is None:
            left_out.append(question.id)
        else:
            pieces.append(_written(question, answer))
    return "\n\n".join([*pieces, ""]), left_out


def _written(question: BankQuestion, answer: str) -> str:
    notes = [f"[id:{question.id}]", *(f"[tag:{_escaped(tag)}]" for tag in with_tags(question))]
    whole = "\n".join(part for part in (question.stem, question.more) if part)
    if question.kind == "cloze":
        before, after = GAP.split(whole)[0::2]
        shown = f"{_escaped(before)}{{{answer}}}{_escaped(after)}"
    else:
        shown = f"{_escaped(whole)} {{{answer}}}"
    return f"// {' '.join(notes)}\n::{_escaped(question.id)}::[markdown]{shown}"


def _escaped(written: str) -> str:
    return _SPECIAL.sub(r"\\\1", written).replace("\n", "\\n")


def _written_answer(question: BankQuestion) -> str | None:
    """What stands between the braces; None where GIFT has no words for it."""
    writer = _WRITERS.get(question.kind)
    answer = writer(question) if writer else None
    if answer is None or not question.feedback:
        return answer
    return f"{answer}\n####{_escaped(question.feedback)}\n"


def _remark(option: BankOption) -> str:
    return f" #{_escaped(option.feedback)}" if option.feedback else ""


def _choices(question: BankQuestion) -> str:
    lines = [f"{'=' if o.right else '~'}{_escaped(o.text)}{_remark(o)}" for o in question.options]
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _weighted(question: BankQuestion) -> str:
    rights = sum(option.right for option in question.options)
    share = f"{100 / max(rights, 1):.5f}".rstrip("0").rstrip(".")
    lines = [f"~%{share if o.right else '-100'}%{_escaped(o.text)}{_remark(o)}" for o in question.options]
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _truefalse(question: BankQuestion) -> str:
    if [option.text for option in question.options] != ["Đúng", "Sai"]:
        return _choices(question)
    yes, no = question.options
    right, wrong = (yes, no) if yes.right else (no, yes)
    remarks = f"#{_escaped(wrong.feedback)}#{_escaped(right.feedback)}" if wrong.feedback or right.feedback else ""
    return f"{'T' if yes.right else 'F'}{remarks}"


def _match(question: BankQuestion) -> str:
    lines = [
        f"={_escaped(o.text.replace('->', '-&gt;'))} -> {_escaped(o.partner)}{_remark(o)}" for o in question.options
    ]
    return "".join(f"\n\t{line}" for line in lines) + "\n"


def _numbered(question: BankQuestion) -> str | None:
    if question.draws or question.answer or question.value is None:
        return None
    return f"#{question.value:f}:{question.tolerance:f}"


def _short(question: BankQuestion) -> str:
    return " ".join(f"={_escaped(one)}" for one in question.accepted)


def _one_gap(question: BankQuestion) -> str | None:
    gaps = GAP.findall(f"{question.stem}\n{question.more}")
    return " ".join(f"={_escaped(one)}" for one in gaps[0].split("|")) if len(gaps) == 1 else None


_WRITERS: dict[str, Callable[[BankQuestion], str | None]] = {
    "single": _choices,
    "multiple": _weighted,
    "truefalse": _truefalse,
    "match": _match,
    "number": _numbered,
    "short": _short,
    "cloze": _one_gap,
}
