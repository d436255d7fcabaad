"""Questions ↔ the text of a `.cau-hoi.md` file, without rendering it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.core.words import text
from lms.courses.rules.blocks import outside_fences
from lms.courses.rules.course import ACCEPTS, KINDS
from lms.courses.rules.exchange.bank import BankQuestion
from lms.courses.rules.exchange.checks import finish
from lms.courses.rules.exchange.lines import (
    NumberedLine,
    answer_lines,
    answer_of,
    body_of,
    feedback_of,
    more_of,
    note_strange,
)
from lms.courses.rules.exchange.shape import shaped, written_number
from lms.courses.rules.faults import Faults
from lms.courses.rules.numbers import read_number
from lms.courses.rules.tidy import neat_text

_HEADING = re.compile(r"##?(?!#)")
_TITLE = re.compile(r"##\s+(?P<stem>.*?)\s*\{\s*(?P<attributes>#[^{}]*?)\s*\}\s*")
_FRONT = re.compile(r"---\n.*?\n---[ \t]*\n", re.DOTALL)
_ATTRIBUTES = frozenset({"type", "goal", "use", "tags", "accept", "pass"})
_SAMPLE = text("Viết theo mẫu: ## Câu hỏi?   {#q-ma-cau type=single goal=muc-tieu}")


@dataclass(frozen=True)
class Head:
    """What a heading says of its question."""

    line: int
    stem: str
    id: str
    attributes: dict[str, str]

    @property
    def kind(self) -> str:
        """The kind written there; unknown ones are told later."""
        return self.attributes.get("type", "")


def read_markdown(written: str) -> list[BankQuestion]:
    """The questions of the text, front matter left out; BankHasFaults."""
    faults = Faults()
    plain = neat_text(written.removeprefix("\ufeff"))
    front = _FRONT.match(plain)
    skipped = plain[: front.end()].count("\n") if front else 0
    body = plain[front.end() :] if front else plain
    found = [_question(head, lines, faults) for head, lines in _cut(body, skipped + 1, faults)]
    return finish([question for question in found if question], faults)


def _cut(body: str, first_line: int, faults: Faults) -> list[tuple[Head | None, list[NumberedLine]]]:
    pieces: list[tuple[Head | None, list[NumberedLine]]] = []
    for place, line, is_text in outside_fences(body.split("\n")):
        number = first_line + place
        if is_text and _HEADING.match(line):
            pieces.append((_head(number, line, faults), []))
        elif pieces:
            pieces[-1][1].append((number, line))
        elif line.strip():
            faults.add("", number, text("Dòng này nằm trước câu hỏi đầu tiên."), _SAMPLE)
    return pieces


def _head(number: int, line: str, faults: Faults) -> Head | None:
    title = _TITLE.fullmatch(line)
    if not title or not title["stem"]:
        faults.add("", number, text("Dòng đầu câu hỏi viết chưa đúng."), _SAMPLE)
        return None
    first, *rest = title["attributes"].split()
    return Head(number, title["stem"], first.removeprefix("#"), dict(pair.partition("=")[::2] for pair in rest))


def _question(head: Head | None, lines: list[NumberedLine], faults: Faults) -> BankQuestion | None:
    if head is None:
        return None
    body = body_of(head.kind, lines)
    note_strange(body, faults)
    check_attributes(head.attributes, head.line, faults)
    before = len(faults.found)
    answer = answer_of(body, head.line, faults) if head.kind in KINDS else {}
    if len(faults.found) > before:
        return None
    attributes = head.attributes
    return BankQuestion(
        id=head.id,
        kind=head.kind,
        stem=head.stem,
        more=more_of(body),
        feedback=feedback_of(body),
        goal=attributes.get("goal", ""),
        use=attributes.get("use", ""),
        tags=tuple(attributes.get("tags", "").split(",")),
        accepts=tuple(attributes.get("accept", "").split(",")),
        needed=points_in(attributes.get("pass", "")),
        line=head.line,
        **answer,
    )


def check_attributes(attributes: dict[str, str], line: int, faults: Faults) -> None:
    """A fault for each attribute that is none, and for values that cannot be."""
    for name in attributes.keys() - _ATTRIBUTES:
        sentence = text("Câu hỏi không có mục “{name}”.", name=name)
        faults.add("", line, sentence, text("Chỉ dùng các mục: {names}.", names=", ".join(sorted(_ATTRIBUTES))))
    strange = [kind for kind in attributes.get("accept", "").split(",") if kind not in {"", *ACCEPTS}]
    if strange:
        sentence = text("Không nhận được bài dạng “{kind}”.", kind=strange[0])
        faults.add("", line, sentence, text("Dùng accept= với: {kinds}.", kinds=", ".join(ACCEPTS)))
    if attributes.get("pass") and points_in(attributes["pass"]) is None:
        sentence = text("Số điểm cần đạt “{points}” chưa đúng.", points=attributes["pass"])
        faults.add("", line, sentence, text("Viết một số, thí dụ pass=3"))


def points_in(written: str) -> Decimal | None:
    """Points as a number; None where none are written."""
    return read_number(written) if written else None


def write_markdown(questions: Sequence[BankQuestion]) -> str:
    """The text of a question file."""
    return "\n".join(written_question(question) for question in questions)


def written_question(question: BankQuestion) -> str:
    """One question with its last line end."""
    one = shaped(question)
    lines = [f"## {one.stem}   {{{attributes_of(one)}}}", *(one.more.split("\n") if one.more else ())]
    lines += answer_lines(one)
    lines += [f"> {line}".rstrip() for line in one.feedback.split("\n")] if one.feedback else []
    return "\n".join(lines) + "\n"


def attributes_of(question: BankQuestion) -> str:
    """`#q-… type=… goal=…` and what else there is to say."""
    said = {
        "type": question.kind,
        "goal": question.goal,
        "use": question.use,
        "tags": ",".join(question.tags),
        "accept": ",".join(question.accepts),
        "pass": "" if question.needed is None else written_number(question.needed),
    }
    return " ".join([f"#{question.id}", *(f"{name}={value}" for name, value in said.items() if value)])
