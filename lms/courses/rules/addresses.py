"""Places in rendered HTML that wait for an address: icons and files get theirs when a page is served.

`%icons%` the sprite (as in `href="%icons%#story"`), `%file:PATH%` a file of the course, `%lesson:SLUG%` and
`%handout:SLUG%` pages of the course. `%gap:1%` in a cloze stem stands for a field and is left to the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_PLACE = re.compile(r"%(icons|(?:file|lesson|handout):[a-z0-9./-]+)%")
_SPOKEN = re.compile(r"%(?=(?:icons|file:|lesson:|handout:|gap:))")


def fill_in(
    rendered: str,
    *,
    icons: str,
    file: Callable[[str], str],
    lesson: Callable[[str], str] = "#".__add__,
    handout: Callable[[str], str] = "#".__add__,
) -> str:
    """The HTML with addresses in its places; each callable gives the address of a path or slug."""
    makers = {"file": file, "lesson": lesson, "handout": handout}

    def address(match: re.Match[str]) -> str:
        kind, _, name = match[1].partition(":")
        return html.escape(makers[kind](name) if name else icons)

    return _PLACE.sub(address, rendered)


def without_places(cleaned: str) -> str:
    """What an author wrote may look like a place; it is shown as written instead."""
    return _SPOKEN.sub("&#37;", cleaned)


def icon(name: str) -> str:
    """A sign of the sprite, for the eye only."""
    return f'<svg class="icon" aria-hidden="true"><use href="%icons%#{name}"/></svg>'
