"""A question while its lines are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class DraftOption:
    """An option's line, what its pattern found, lines that go on, and its feedback."""

    line: int
    match: re.Match[str]
    going_on: list[str] = field(default_factory=list)
    feedback: list[tuple[int, str]] = field(default_factory=list)

    def take(self, words: str, number: int) -> None:
        """A line indented under the option."""
        if words.startswith(">"):
            self.feedback.append((number, words[1:].strip()))
        elif self.feedback:
            self.feedback.append((number, words))
        else:
            self.going_on.append(words)

    @property
    def words(self) -> str:
        """The option's text, with the lines that go on."""
        return " ".join([self.match["words"].strip(), *self.going_on]).strip()


@dataclass
class Draft:
    """A heading and the lines under it, each with its number; `accepts` and `needed` as written."""

    key: str
    kind: str
    goal: str
    use: str
    file: str
    line: int
    stem: str
    more: list[tuple[int, str]] = field(default_factory=list)
    options: list[DraftOption] = field(default_factory=list)
    feedback: list[tuple[int, str]] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    accepts: str = ""
    needed: str = ""
    draws: list[tuple[int, str]] = field(default_factory=list)
    chips: list[tuple[int, str]] = field(default_factory=list)
