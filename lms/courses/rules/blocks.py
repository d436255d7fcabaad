"""Our own blocks between `///` lines: story, activity, self-check … Splits a text, knows lines, not looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.core.words import text
from lms.courses.rules.faults import Faults

STORY, ACTIVITY, CHECK, STEP = "tinh-huong", "hoat-dong", "tu-kiem-tra", "the-buoc"
MINUTES, PRODUCT = "bien-ban", "san-pham"
NAMES = (STORY, ACTIVITY, CHECK, STEP, MINUTES, PRODUCT)
_STEP = re.compile(r"([0-9]{1,3})(?:\s*\|\s*([1-9][0-9]{0,2})(?:\s*phút)?)?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_EDGE = re.compile(r" {0,3}///+(.*)")
_OPENING = re.compile(r"\s*([^\s|]+)\s*(?:\|(.*))?")


@dataclass(frozen=True)
class Stretch:
    """Lines of plain Markdown (`name` empty) or the inside of a block; `line` is the number of the first of `lines`."""

    name: str
    argument: str
    line: int
    lines: tuple[str, ...]

    @property
    def markdown(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @property
    def step(self) -> tuple[str, str]:
        """(number, minutes) of a step card; minutes may be empty."""
        found = _STEP.fullmatch(self.argument)
        return (found[1], found[2] or "") if found else (self.argument, "")


def outside_fences(lines: list[str]) -> Iterator[tuple[int, str, bool]]:
    """(place, line, is it outside fenced code?) of each line; the fences themselves are inside."""
    fence = ""
    for place, line in enumerate(lines):
        mark = _FENCE.match(line)
        if not fence and mark and "`" not in mark[2]:
            fence = mark[1]
            yield place, line, False
        elif fence:
            yield place, line, False
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        else:
            yield place, line, True


def split(markdown: str, file: str, first_line: int, faults: Faults) -> list[Stretch]:
    """The stretches of a text in order; an unknown, unclosed or nested block is a fault with its line."""
    return _Splitter(file, first_line, faults).split(markdown)


class _Splitter:
    def __init__(self, file: str, first_line: int, faults: Faults) -> None:
        self.file, self.first_line, self.faults = file, first_line, faults
        self.stretches: list[Stretch] = []
        self.kept: list[str] = []
        self.start = first_line
        self.name, self.argument, self.opened = "", "", 0

    def split(self, markdown: str) -> list[Stretch]:
        for place, line, is_text in outside_fences(markdown.split("\n")):
            edge = _EDGE.fullmatch(line) if is_text else None
            if edge:
                self._edge(self.first_line + place, edge[1].strip())
            else:
                self.kept.append(line)
        if self.opened:
            self._unclosed()
        self._cut(0)
        return self.stretches

    def _edge(self, number: int, words: str) -> None:
        if not words:
            self._close(number)
            return
        if self.opened:
            self._unclosed()
        self._cut(number + 1)
        opening = _OPENING.fullmatch(words)
        self.name, self.argument = (opening[1], (opening[2] or "").strip()) if opening else (words, "")
        self.opened = number
        self._check_opening(number)

    def _check_opening(self, number: int) -> None:
        if self.name not in NAMES:
            self.faults.add(
                self.file,
                number,
                text("Không có khung nào tên “{name}”.", name=self.name),
                text("Dùng một trong các khung: {names}.", names=", ".join(NAMES)),
            )
        elif self.name == STEP and not _STEP.fullmatch(self.argument):
            self.faults.add(
                self.file,
                number,
                text("Thẻ bước chưa có số, hoặc số phút chưa đúng."),
                text("Viết số của bước, rồi số phút nếu có, thí dụ: /// the-buoc | 1 | 10 phút"),
            )

    def _close(self, number: int) -> None:
        if not self.opened:
            self.faults.add(
                self.file,
                number,
                text("Dòng /// này đóng một khung chưa mở."),
                text("Bỏ dòng này, hoặc thêm dòng mở khung ở trên, thí dụ: /// tinh-huong | Tên"),
            )
        self._cut(number + 1)
        self.name, self.argument, self.opened = "", "", 0

    def _unclosed(self) -> None:
        self.faults.add(
            self.file,
            self.opened,
            text("Khung “{name}” mở ở đây mà chưa đóng.", name=self.name),
            text("Thêm một dòng chỉ có /// vào cuối khung, trước khi mở khung khác."),
        )

    def _cut(self, next_start: int) -> None:
        if self.name or any(line.strip() for line in self.kept):
            self.stretches.append(Stretch(self.name, self.argument, self.start, tuple(self.kept)))
        self.kept, self.start = [], next_start
