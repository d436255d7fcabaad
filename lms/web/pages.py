"""The answers a view gives: `page`, `done`, `refused`, `sheet`, `streamed_sheet`, `kept_file`."""

from __future__ import annotations

import gzip
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import quote

from flask import Response, flash, g, make_response, redirect, render_template, request, stream_with_context
from wtforms import Form

from lms.core import db as database
from lms.core import sheets
from lms.core.actor import Actor
from lms.core.files import store
from lms.core.names import loose
from lms.core.refusal import Refusal
from lms.core.settings import settings
from lms.core.words import Text
from lms.web import assets

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        content, kind, ending = sheets.write_excel(str(title), shown, rows), EXCEL, "xlsx"
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = attachment(f"{title}.{ending}")
    response.headers["X-Rows"] = str(len(rows))
    return response


def streamed_sheet(
    title: Text | str,
    heads: Sequence[Text | str],
    batches: Iterable[Iterable[Sequence[sheets.Cell]]],
    most: int,
) -> Response:
    """A long list as a file (`most`: its rows, as its page counts them); CSV leaves while it is read from the database.

    What fails at the start is an error page; what fails later breaks the transfer, so the download fails.
    """
    shown = [str(head) for head in heads]
    response = _streamed_csv(shown, batches) if wanted_sheet() == "csv" else _long_excel(str(title), shown, batches)
    response.headers["Content-Disposition"] = attachment(f"{title}.{wanted_sheet() or 'xlsx'}")
    response.headers["X-Rows"] = str(most)
    return response


def _streamed_csv(heads: Sequence[str], batches: Iterable[Iterable[Sequence[sheets.Cell]]]) -> Response:
    pieces = sheets.csv_pieces(heads, batches)
    first = next(pieces)
    whole = chain([first], pieces)
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(stream_with_context(_packed(whole) if packs else whole), content_type="text/csv; charset=utf-8")
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """By gzip; each piece leaves at once."""
    packer = zlib.compressobj(5, zlib.DEFLATED, 31)
    for piece in pieces:
        yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


def _long_excel(title: str, heads: Sequence[str], batches: Iterable[Iterable[Sequence[sheets.Cell]]]) -> Response:
    """A workbook is only whole when its last row is known: written to a file first, then sent in pieces."""
    kept = tempfile.TemporaryFile(dir=settings().folder)  # noqa: SIM115 - closed when the answer was sent
    try:
        _, size = sheets.excel_to(kept, title, heads, batches)
    except BaseException:
        kept.close()
        raise
    response = Response(iter(lambda: kept.read(64 * 1024), b""), content_type=EXCEL)
    response.headers["Content-Length"] = str(size)
    response.call_on_close(kept.close)
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
