"""Footnotes: their ids on the page, and whether each reference has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown.extensions.footnotes import FootnoteExtension

from lms.core.words import text
from lms.courses.rules.fragment import Fragment

_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
_DEFINITION = re.compile(r" {0,3}\[\^([^\]]+)\]:")


class Notes(FootnoteExtension):
    """Footnotes whose ids carry the place on the page they stand in."""

    page = ""

    def makeFootnoteId(self, id: str) -> str:  # noqa: N802 - named by Markdown
        """The id of the words of a note."""
        return super().makeFootnoteId(self._named(id))

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:  # noqa: N802 - named by Markdown
        """The id of a reference; further ones get a number."""
        return super().makeFootnoteRefId(self._named(id), found)

    def _named(self, note: str) -> str:
        return f"{self.page}-{note}" if self.page else note


def check_notes(fragment: Fragment) -> None:
    """A fault for a note written twice, and for a reference to no note."""
    defined: dict[str, int] = {}
    for number, note in _definitions(fragment):
        if note in defined:
            fragment.fault(
                number,
                text("Chú thích [^{note}] đã có ở dòng {line}.", note=note, line=defined[note]),
                text("Đổi số của một trong hai chú thích."),
            )
        defined.setdefault(note, number)
    for number, note in _references(fragment):
        if note not in defined:
            fragment.fault(
                number,
                text("Chú thích [^{note}] chưa có lời.", note=note),
                text("Thêm vào cuối tệp một dòng [^{note}]: tên nguồn.", note=note),
            )


def _definitions(fragment: Fragment) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(fragment.lines, start=fragment.first_line):
        if found := _DEFINITION.match(line):
            yield number, found[1]


def _references(fragment: Fragment) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(fragment.lines, start=fragment.first_line):
        for note in _REFERENCE.findall(_DEFINITION.sub("", line)):
            yield number, note
