"""Texts of other systems as Markdown and back: plain text, HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SPECIAL = re.compile(r"([\\`*_\[\]])")
_LINE_MARK = re.compile(r"^(\s*)(#)", re.MULTILINE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_UNSEEN_TAGS = frozenset({"script", "style", "head", "title"})
_BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section"}
)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_LOOKS_LIKE_HTML = re.compile(r"</?(?:p|br|div|span|b|i|em|strong|u|ul|ol|li|table|img|a|sub|sup|h[1-6])\b[^>]*>", re.I)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<!\\)\*(?=\S)(.+?)(?<=[^\s\\])\*")
_LINK = re.compile(r"(?<!\\)\[([^\]]*)\]\([^)]*\)")


def from_plain(written: str) -> str:
    """Plain text as Markdown that shows it letter by letter."""
    escaped = _SPECIAL.sub(r"\\\1", _ENTITY.sub("&amp;", written)).replace("<", "&lt;")
    lines = (line.strip() for line in _LINE_MARK.sub(r"\1\\\2", escaped).split("\n"))
    return "\n".join(lines).strip()


def to_plain(markdown: str) -> str:
    """Markdown as plain text: signs of emphasis and links fall away."""
    bare = _LINK.sub(r"\1", _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", markdown)))
    return re.sub(r"\\([\\`*_\[\]#])", r"\1", bare).replace("&lt;", "<").replace("&amp;", "&")


def from_html(written: str) -> str:
    """HTML as Markdown: paragraphs, lists, bold, italic; other tags fall away, their text stays."""
    reader = _Reader()
    reader.feed(written)
    reader.close()
    return reader.markdown


def from_any(written: str) -> str:
    """Text of a system that does not say what it is: HTML where it has tags, else plain text."""
    return from_html(written) if _LOOKS_LIKE_HTML.search(written) else from_plain(written)


class _Reader(HTMLParser):
    """Gathers the pieces of Markdown while the tags go by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.lists: list[int] = []
        self.hidden = 0

    @property
    def markdown(self) -> str:
        """What was read, no more than one empty line at a time."""
        lines = [" ".join(line.split()) for line in "".join(self.pieces).split("\n")]
        joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        return re.sub(r"(\*\*|\*)\1", "", joined) if "****" in joined else joined

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Blocks begin anew; list items get their sign."""
        if tag in _UNSEEN_TAGS:
            self.hidden += 1
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ul" else 1)
            self.pieces.append("\n\n" if len(self.lists) == 1 else "\n")
        elif tag == "li":
            self._item()
        elif tag in {"br", "tr"}:
            self.pieces.append("\n")
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        else:
            self.pieces.append(_MARKS.get(tag, " " if tag in {"td", "th"} else ""))

    def _item(self) -> None:
        number = self.lists[-1] if self.lists else 0
        self.pieces.append(f"\n{number}. " if number else "\n- ")
        if number:
            self.lists[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        """Blocks end; signs close."""
        if tag in _UNSEEN_TAGS:
            self.hidden = max(0, self.hidden - 1)
        elif tag in {"ul", "ol"}:
            self.lists[-1:] = []
            self.pieces.append("\n\n" if not self.lists else "\n")
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        else:
            self.pieces.append(_MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        """Words; line ends in HTML are spaces."""
        if not self.hidden:
            escaped = _SPECIAL.sub(r"\\\1", _ENTITY.sub("&amp;", data)).replace("<", "&lt;")
            self.pieces.append(re.sub(r"\s+", " ", escaped))
