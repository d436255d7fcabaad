"""A lesson cut at its headings into plain words, for the search inside lessons."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from lms.courses.rules.course import Html, Part

_HEADING = re.compile(r"<h[23][^>]*\sid=\"([^\"]*)\"[^>]*>(.*?)</h[23]>", re.DOTALL)
_UNREAD = re.compile(
    r"<section class=\"footnotes.*?</section>|<div class=\"words\">.*\Z|<sup\b.*?</sup>|<svg\b.*?</svg>", re.DOTALL
)
_INLINE = re.compile(r"</?(?:a|i|strong|em|span|del|sub|code|button|label|input)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Passage:
    """What stands under one heading; `anchor` is the heading's id, "" for what stands before the first."""

    anchor: str
    heading: str
    text: str


def passages_of(parts: Iterable[Part], title: str) -> tuple[Passage, ...]:
    """The passages of a lesson in order; the first one bears the lesson's own title."""
    whole = "\n".join(_UNREAD.sub(" ", part.html) for part in parts if isinstance(part, Html))
    pieces = _HEADING.split(whole)
    under = zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
    first = Passage("", title, plain(pieces[0]))
    return (first, *(Passage(anchor, plain(heading), plain(body)) for anchor, heading, body in under))


def plain(rendered: str) -> str:
    """The words of a piece of HTML, with single spaces."""
    return " ".join(html.unescape(_TAG.sub(" ", _INLINE.sub("", rendered))).split())
