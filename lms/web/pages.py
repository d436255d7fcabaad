"""The answers a view gives: `page`, `done`, `refused`, `sheet`, `kept_file`."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Response, flash, g, make_response, redirect, render_template, request
from wtforms import Form

from lms.core import db as database
from lms.core import sheets
from lms.core.actor import Actor
from lms.core.files import store
from lms.core.names import loose
from lms.core.refusal import Refusal
from lms.core.words import Text
from lms.web import assets


@dataclass(frozen=True)
class Tab:
    """One entry of the navigation."""

    endpoint: str
    label: Text
    icon: str


_navigation: list[Callable[[Actor | None], Sequence[Tab]]] = []


def navigation(provider: Callable[[Actor | None], Sequence[Tab]]) -> None:
    """Connect what gives the tabs of an actor (the app knows the rooms, the web does not)."""
    _navigation[:] = [provider]


def tabs(actor: Actor | None) -> Sequence[Tab]:
    """Four tabs at most."""
    return _navigation[0](actor)[:4] if _navigation else ()


def page(template: str, status: int = 200, **names: Any) -> Response:
    """A whole page; names are what the template may use."""
    return make_response(render_template(template, **names), status)


def done(address: str, template: str = "", said: Text | str = "", **names: Any) -> Response:
    """After a change: the changed piece to a live request, a redirect (303) with a toast to a plain one."""
    if template and request.headers.get("HX-Request"):
        return make_response(render_template(template, **names))
    if said:
        flash(str(said))
    response = make_response(redirect(address, 303))
    if request.headers.get("HX-Request"):
        response = make_response("", 204)
        response.headers["HX-Redirect"] = address
    return response


def refused(refusal: Refusal, form: Form | None = None) -> Text:
    """Undo the request's changes and put the sentence at its field, if it has one; else give it for the page's notice."""
    database.undo()
    g.refused = refusal.sentence
    field = form._fields.get(refusal.field) if form is not None and refusal.field else None
    if field is not None:
        field.errors = [*field.errors, refusal.sentence]  # type: ignore[list-item]  # lazy, shown by str()
    return refusal.sentence


def wanted_sheet() -> str:
    """Was a list asked for as a file: "csv", "xlsx" or nothing."""
    wanted = request.args.get("tep", "")
    return wanted if wanted in {"csv", "xlsx"} else ""


def sheet(title: Text | str, heads: Sequence[Text | str], rows: Sequence[Sequence[sheets.Cell]]) -> Response:
    """The list just shown as a file (`?tep=csv` or `?tep=xlsx`), with its count at the foot."""
    shown = [str(head) for head in heads]
    if wanted_sheet() == "csv":
        content, kind, ending = sheets.write_csv(shown, rows), "text/csv; charset=utf-8", "csv"
    else:
        content = sheets.write_excel(str(title), shown, rows)
        kind, ending = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = attachment(f"{title}.{ending}")
    response.headers["X-Rows"] = str(len(rows))
    return response


def attachment(name: str, how: str = "attachment") -> str:
    """A Content-Disposition that keeps Vietnamese file names (RFC 6266)."""
    plain = re.sub(r"[^a-z0-9.]+", "-", loose(name)).strip("-")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def kept_file(digest: str, media_type: str) -> Response:
    """A file of the store under its own sha256: never changes, so kept for a year."""
    content = store().get(digest)
    packed = {}
    if media_type in assets.COMPRESSED and len(content) > 300:
        packed = {"gzip": gzip.compress(content, 6, mtime=0)}
    return assets.respond(assets.Asset(digest, content, media_type, packed))
