"""A number question whose numbers chance draws, read from its lines: `? gop = 20000..50000 buoc 5000`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from keyword import iskeyword
from math import prod
from random import Random
from typing import Any

from lms.core.words import Text, text
from lms.courses.rules.course import Draw
from lms.courses.rules.draft import Draft
from lms.courses.rules.expressions import FUNCTIONS, Expression, ExpressionIsWrong, expression
from lms.courses.rules.faults import Faults
from lms.courses.rules.numbers import read_number
from lms.courses.rules.values import ends_of, how_many, is_exact, pick, shown_number, value_mark

_LINE = re.compile(r"\?\s*(?P<name>[^\s=]*)\s*=\s*(?P<values>.*?)\s*")
_RANGE = re.compile(r"(?P<low>.+?)\s*\.\.\s*(?P<high>.+?)(?:\s+(?:buoc|bước)\s+(?P<step>.+))?")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_PLACE = re.compile(r"\{\s*(?:=(?P<sum>[^{}]*)|(?P<name>\w+))\s*\}")
_LONGEST = 300
_MOST_NAMES = 10
_ALL, _SOME = 1_000, 200
_SAMPLE = text("Viết theo mẫu: ? gop = 20000..50000 buoc 5000, hoặc ? thang = 3 | 6 | 12")
_LAMTRON = text("Dùng lamtron(…, 2), hoặc cho phép sai số sau dấu ±.")

Numbers = Mapping[str, Fraction]


def read_drawn(draft: Draft, faults: Faults) -> dict[str, Any]:
    """The draws, the answer and the places of a question; its texts get marks in their places."""
    return _Reading(draft, faults).answer()


class _Reading:
    def __init__(self, draft: Draft, faults: Faults) -> None:
        self.draft, self.faults, self.before = draft, faults, len(faults.found)
        self.draws: dict[str, Draw] = {}
        self.lines: dict[str, int] = {}
        self.sums: list[tuple[int, Expression]] = []
        self.shown: list[str] = []

    def answer(self) -> dict[str, Any]:
        """What goes into the question; {} where the answer cannot be understood."""
        self._read_draws()
        answer, tolerance = self._read_answer()
        self._mark_places()
        self._check_names()
        if not self._has_faults():
            self._check_divisors()
        if answer and not tolerance and not self._has_faults():
            self._check_exact(*self.sums[0])
        draws = tuple(self.draws.values())
        made = {"draws": draws, "answer": answer, "tolerance": tolerance, "values_shown": tuple(self.shown)}
        return made if answer else {}

    def _has_faults(self) -> bool:
        return len(self.faults.found) > self.before

    def _fault(self, line: int, sentence: Text, remedy: Text) -> None:
        self.faults.add(self.draft.file, line, sentence, remedy)

    def _read_draws(self) -> None:
        for line, written in self.draft.draws:
            match = _LINE.fullmatch(written) if len(written) <= _LONGEST else None
            if not match:
                self._fault(line, text("Dòng rút số viết chưa đúng."), _SAMPLE)
                continue
            name = match["name"]
            self._check_name(name, line)
            draw = _draw(name, match["values"])
            if draw is None:
                sentence = text("Không hiểu các giá trị của số “{name}”, hoặc khoảng này trống.", name=name)
                self._fault(line, sentence, _SAMPLE)
            # A name without values is known, so that its places are no second fault.
            self.draws[name] = draw or Draw(name)
            self.lines[name] = line

    def _check_name(self, name: str, line: int) -> None:
        if not _NAME.fullmatch(name) or iskeyword(name) or name in FUNCTIONS:
            self._fault(
                line,
                text("Tên số “{name}” chưa đúng.", name=name),
                text("Dùng chữ thường không dấu, chữ số, dấu gạch dưới, bắt đầu bằng chữ; đổi tên nếu đã thành lệnh."),
            )
        if name in self.draws:
            self._fault(line, text("Số “{name}” đã có ở dòng trên.", name=name), text("Đặt cho số này một tên khác."))
        if len(self.draws) == _MOST_NAMES:
            self._fault(line, text("Câu hỏi rút nhiều nhất {count} số.", count=_MOST_NAMES), text("Bớt dòng này."))

    def _read_answer(self) -> tuple[str, Decimal]:
        options = self.draft.options
        written = options[0].words if len(options) == 1 else ""
        line = options[0].line if options else self.draft.line
        answer, _, tolerance_text = written.replace("+/-", "±").partition("±")
        tolerance = read_number(tolerance_text) if tolerance_text.strip() else Decimal(0)
        if not answer.strip() or tolerance is None or tolerance < 0:
            self._fault(
                line,
                text("Câu hỏi rút số chưa có đáp án đúng mẫu."),
                text("Viết một dòng đáp án là một phép tính, thí dụ: = 4 * gop * thang ± 0"),
            )
            return "", Decimal(0)
        return (answer.strip() if self._sum(answer, line) else ""), tolerance

    def _sum(self, written: str, line: int) -> bool:
        """Understand a sum and keep it with its line."""
        try:
            found = expression(written.strip())
        except ExpressionIsWrong as wrong:
            self._fault(line, wrong.sentence, wrong.remedy)
            return False
        self.sums.append((line, found))
        for name in sorted(found.names - self.draws.keys()):
            self._fault(
                line,
                text("Không có số nào tên “{name}”.", name=name),
                text("Sửa lại tên, hoặc thêm dòng ? {name} = … trước đáp án.", name=name),
            )
        return True

    def _mark_places(self) -> None:
        draft = self.draft
        draft.stem = self._marked(draft.stem, draft.line)
        draft.more = [(line, self._marked(words, line)) for line, words in draft.more]
        draft.feedback = [(line, self._marked(words, line)) for line, words in draft.feedback]

    def _marked(self, words: str, line: int) -> str:
        def mark(match: re.Match[str]) -> str:
            written = (match["name"] if match["sum"] is None else match["sum"]).strip()
            if not self._sum(written, line):
                return match[0]
            self.shown.append(written)
            return value_mark(len(self.shown))

        return _PLACE.sub(mark, words)

    def _check_names(self) -> None:
        used = {name for _, found in self.sums for name in found.names}
        for name in self.draws.keys() - used:
            self._fault(
                self.lines[name],
                text("Số “{name}” được rút mà không dùng ở đâu.", name=name),
                text("Dùng số này trong câu hay trong đáp án, hoặc bỏ dòng."),
            )

    def _check_divisors(self) -> None:
        for line, found in self.sums:
            numbers = next((n for one in found.divisors for n in self._suspects(one) if _is_zero(one, n)), None)
            if numbers is not None:
                self._fault(
                    line,
                    text("Phép tính chia cho số 0 khi {numbers}.", numbers=_told(numbers)),
                    text("Sửa phép tính, hoặc bỏ giá trị ấy khỏi các số được rút."),
                )

    def _check_exact(self, line: int, found: Expression) -> None:
        """Nobody can type an endless answer exactly."""
        trials = self._trials(found) if found.divisors and not found.is_rounded else iter(())
        numbers = next((n for n in trials if not is_exact(found.value(n))), None)
        if numbers is not None:
            sentence = text("Đáp số lẻ mãi không hết khi {numbers}.", numbers=_told(numbers))
            self._fault(line, sentence, _LAMTRON)

    def _suspects(self, divisor: Expression) -> Iterator[Numbers]:
        """Numbers to try, none where the divisor cannot be zero."""
        try:
            low, high = divisor.bounds({name: ends_of(self.draws[name]) for name in divisor.names})
        except ZeroDivisionError:
            return self._trials(divisor)
        return self._trials(divisor) if low <= 0 <= high else iter(())

    def _trials(self, found: Expression) -> Iterator[Numbers]:
        """All numbers its names can have; where they are too many, the ends and some by chance."""
        draws = [self.draws[name] for name in sorted(found.names)]
        counts = [how_many(draw) for draw in draws]
        if prod(counts) <= _ALL:
            places: Iterator[Sequence[int]] = product(*map(range, counts))
        else:
            places = _some(counts)
        for chosen in places:
            yield {draw.name: pick(draw, place) for draw, place in zip(draws, chosen, strict=True)}


def _some(counts: Sequence[int]) -> Iterator[Sequence[int]]:
    chance = Random(0)
    yield [0] * len(counts)
    yield [count - 1 for count in counts]
    for _ in range(_SOME):
        yield [chance.randrange(count) for count in counts]


def _is_zero(found: Expression, numbers: Numbers) -> bool:
    try:
        return found.value(numbers) == 0
    except ZeroDivisionError:
        return True


def _told(numbers: Numbers) -> str:
    return ", ".join(f"{name} = {shown_number(value)}" for name, value in numbers.items()) or "…"


def _draw(name: str, written: str) -> Draw | None:
    """The values a line gives; None where they cannot be understood or there are none."""
    if ".." not in written:
        values = [read_number(one) for one in written.split("|")]
        known = tuple(value for value in values if value is not None)
        return Draw(name, known) if len(known) == len(values) else None
    match = _RANGE.fullmatch(written)
    if not match:
        return None
    low, high, step = read_number(match["low"]), read_number(match["high"]), read_number(match["step"] or "1")
    if low is None or high is None or step is None or step <= 0 or high < low:
        return None
    return Draw(name, (), low, high, step)
