"""A piece of Markdown on its way to HTML: its lines, its faults, and what is put in after cleaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lms.core.words import Text
from lms.courses.rules.addresses import without_places
from lms.courses.rules.blocks import outside_fences
from lms.courses.rules.faults import Faults

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_TOKEN = r"\ue000([0-9]+)\ue001"  # noqa: S105 - a mark in the text, no secret
_GAP = re.compile(r"\ue004([0-9]+)\ue005")
_ALONE = re.compile(rf"<p(?: class=\"[^\"]*\")?>((?:\s*<span>{_TOKEN}</span>)+)\s*</p>|<p>{_TOKEN}</p>")
_SPAN = re.compile(rf"<span>{_TOKEN}</span>|{_TOKEN}")


@dataclass(frozen=True)
class Shelf:
    """What the course folder holds: all files, and the text files among them."""

    files: Mapping[str, bytes]
    texts: Mapping[str, str]


def masked(markdown: str) -> list[str]:
    """The lines with code blanked out, so that a search finds text only."""
    lines = markdown.split("\n")
    return [_CODE.sub(lambda m: " " * len(m[0]), line) if is_text else "" for _, line, is_text in outside_fences(lines)]


def gap(number: int) -> str:
    """A mark that becomes `%gap:number%`."""
    return f"\ue004{number}\ue005"


class Fragment:
    """Private-use letters mark inserts; none can come from an author, since texts are read without them."""

    def __init__(self, markdown: str, file: str, first_line: int, shelf: Shelf, faults: Faults) -> None:
        self.file, self.first_line, self.shelf, self.faults = file, first_line, shelf, faults
        self.written = markdown.split("\n")
        self.lines = masked(markdown)
        self._inserts: list[str] = []
        self._seen: Counter[str] = Counter()

    def insert(self, html: str) -> str:
        """A mark that becomes this trusted HTML after cleaning."""
        self._inserts.append(html)
        return f"\ue000{len(self._inserts) - 1}\ue001"

    def line_of(self, snippet: str) -> int:
        """The line of the next place where the snippet stands; the first line where it cannot be found.

        Ask once for each thing, in the order of the text: the n-th call gives the n-th place.
        """
        places = [place for place, line in enumerate(self.lines) for _ in range(line.count(snippet))]
        if not places:
            places = [place for place, line in enumerate(self.written) if snippet in line] or [0]
        nth = self._seen[snippet]
        self._seen[snippet] += 1
        return self.first_line + places[min(nth, len(places) - 1)]

    def line_of_address(self, address: str) -> int:
        """The line of the next link or picture with this address."""
        linked = f"]({address}"
        return self.line_of(linked if any(linked in line for line in self.lines) else address)

    def fault(self, line: int, sentence: Text, remedy: Text) -> None:
        """A fault on this line of the file."""
        self.faults.add(self.file, line, sentence, remedy)

    def fill(self, cleaned: str) -> str:
        """Clean HTML with the inserts in their places."""
        html = _GAP.sub(r"%gap:\1%", without_places(cleaned))
        html = _ALONE.sub(lambda match: match[1] or self._inserts[int(match[3])], html)
        return _SPAN.sub(lambda match: self._inserts[int(match[1] or match[2])], html)
