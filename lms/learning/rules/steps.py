"""Step cards cut out of a lesson's stored HTML, to be used one by one during a meeting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_CARD = re.compile(r'<section class="callout callout--step[^"]*">(.*?)</section>', re.DOTALL)
_NUMBER = re.compile(r"<b>([^<]*)</b>")
_MINUTES = re.compile(r'data-minutes="(\d{1,3})"')
_BODY = re.compile(r'<div class="callout__body">(.*)</div>\s*$', re.DOTALL)
_TITLE = re.compile(r"\s*<(h[2-6])[^>]*>(.*?)</\1>", re.DOTALL)
_NOTE = re.compile(r'<sup[^>]*>\s*<a class="footnote-ref.*?</sup>', re.DOTALL)


@dataclass(frozen=True)
class StepCard:
    """One card: its number as written, minutes (0 = none told), its title ("" = none) and what stands under it."""

    number: str
    minutes: int
    title_html: str
    html: str


def has_steps(parts: Iterable[Mapping[str, Any]]) -> bool:
    """Does the lesson hold a step card?"""
    return any("callout--step" in part.get("html", "") for part in parts)


def step_cards(parts: Iterable[Mapping[str, Any]]) -> list[StepCard]:
    """The cards of a lesson, in order. Marks of footnotes are left out: their texts stay in the lesson."""
    return [_card(inner) for part in parts for inner in _CARD.findall(part.get("html", ""))]


def _card(inner: str) -> StepCard:
    head, found = inner.split("</p>", 1)[0], _BODY.search(inner)
    body = _NOTE.sub("", found[1] if found else inner)
    number, minutes, title = _NUMBER.search(head), _MINUTES.search(head), _TITLE.match(body)
    return StepCard(
        number[1] if number else "",
        int(minutes[1]) if minutes else 0,
        title[2].strip() if title else "",
        (body[title.end() :] if title else body).strip(),
    )
