"""What templates may use: texts, days, numbers, icons, assets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Flask, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from lms.core import ids, names, words
from lms.core.settings import settings
from lms.web import assets, gate, pages

# The fold of cloth as the page's own sign, inside the page: no request of its own.
FAVICON = Markup(
    "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Cpath fill='%23161E47' d='M0 0h8v8H0z'/%3E%3Cpath stroke='%23F2B233' d='M3 3.5h2M2 4.5h4M1 5.5h6M0 6.5h8'/%3E%3C/svg%3E\">"
)

TEXT_SIZES = ("thuong", "to", "rat-to")
"""How large letters may be: as designed, larger, largest; what a reader chose is in her cookie `chu`."""


def connect(app: Flask) -> None:
    """Strict templates with our filters."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(words.gettext, _plural, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(
        day=words.day,
        moment=words.moment,
        number=words.number,
        percent=words.percent,
        given=names.given,
        short_day=short_day,
        hour=hour,
        megabytes=megabytes,
    )
    env.globals.update(
        icon=icon,
        asset=lambda name: assets.shelf().address(name),
        percent=words.percent,
        key=ids.to_address,
        again=again,
        favicon=FAVICON,
        csrf_token=gate.csrf_token,
    )
    app.context_processor(gate.context)
    app.context_processor(_page_names)


def _plural(one: str, many: str, count: int) -> str:
    return words.catalogue(words.language()).ngettext(one, many, count)


def _page_names() -> dict[str, Any]:
    return {
        "brand": settings().name,
        "tabs": pages.tabs,
        "language": words.language(),
        "path": request.full_path.rstrip("?"),
        "text_size": text_size(),
    }


def text_size() -> str:
    """One of TEXT_SIZES."""
    chosen = request.cookies.get("chu", "")
    return chosen if chosen in TEXT_SIZES else TEXT_SIZES[0]


def icon(name: str, size: str = "") -> Markup:
    """An icon of the sprite, beside a word."""
    kind = f"icon icon--{size}" if size else "icon"
    address = assets.shelf().address("web/icons.svg")
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(kind, address, name)


def short_day(value: date | datetime) -> str:
    """26/11."""
    return words.day(value)[:5]


def hour(value: datetime | None) -> str:
    """10:42, in Việt Nam."""
    return words.moment(value)[-5:]


def megabytes(size: int) -> str:
    """A size as people say it: 830 KB, 1,2 MB."""
    return (
        f"{words.number(size / 1_000_000, 1)} MB" if size >= 1_000_000 else f"{words.number(max(1, size // 1000))} KB"
    )


def again(**changes: str | UUID | None) -> str:
    """This address with some arguments changed (None = left out)."""
    arguments: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), **changes}
    return url_for(request.endpoint or "", **{name: value for name, value in arguments.items() if value is not None})
