"""Static files without a build step: joined at start, fingerprinted, compressed once, kept by browsers for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, request

from lms.core.settings import data_folder
from lms.web.gate import allow

SHARED_SHEETS = ("web/tokens.css", "web/base.css", "web/components.css", "learning/learning.css")
"""One sheet for everybody: what learners read is in it, so that a lesson is one request less."""
SHARED_SCRIPTS = ("web/htmx.min.js", "web/app.js")
COMPRESSED = {"text/css", "text/javascript", "image/svg+xml", "application/manifest+json", "text/html"}
YEAR = "public, max-age=31536000, immutable"

bp = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One served file."""

    name: str
    content: bytes
    media_type: str
    packed: dict[str, bytes] = field(default_factory=dict)
    fingerprint: str = ""


def _pack(name: str, content: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    media_type = "text/javascript" if name.endswith(".js") else media_type
    packed = {}
    if media_type in COMPRESSED and len(content) > 300:
        packed = {"br": brotli.compress(content, quality=9), "gzip": gzip.compress(content, 9, mtime=0)}
    return Asset(name, content, media_type, packed, hashlib.sha256(content).hexdigest()[:12])


class Shelf:
    """All served files of this process, by name."""

    def __init__(self, folder: Path) -> None:
        self.assets: dict[str, Asset] = {}
        self.addresses: dict[str, str] = {}
        self._add("shared.css", self._join(folder, SHARED_SHEETS))
        self._add("shared.js", self._join(folder, SHARED_SCRIPTS))
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not path.name.startswith(".") and name not in SHARED_SHEETS + SHARED_SCRIPTS:
                self._add(name, path.read_bytes())

    def _join(self, folder: Path, names: tuple[str, ...]) -> bytes:
        return b"\n".join((folder / name).read_bytes() for name in names)

    def _add(self, name: str, content: bytes) -> None:
        self.assets[name] = _pack(name, content)
        self.addresses[name] = f"/static/{self.assets[name].fingerprint}/{name}"

    def address(self, name: str) -> str:
        """`/static/<fingerprint>/<name>`; KeyError for a name that is not on the shelf."""
        return self.addresses[name]


class _Shelves:
    current: Shelf | None = None


def shelf() -> Shelf:
    """The shelf of this process, filled on first use."""
    if _Shelves.current is None:
        _Shelves.current = Shelf(data_folder("static"))
    return _Shelves.current


def accepted(packed: dict[str, bytes]) -> str:
    """The best encoding this browser accepts, or nothing."""
    offered = request.headers.get("Accept-Encoding", "")
    return next((name for name in ("br", "gzip") if name in packed and name in offered), "")


def respond(asset: Asset) -> Response:
    """The file, compressed as the browser likes it, kept for a year."""
    encoding = accepted(asset.packed)
    response = Response(asset.packed[encoding] if encoding else asset.content, mimetype=asset.media_type)
    response.headers["Cache-Control"] = YEAR
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


@bp.get("/static/<fingerprint>/<path:name>")
@allow("anyone")
def asset(fingerprint: str, name: str) -> Response:
    """A static file; an old fingerprint is gone."""
    found = shelf().assets.get(name)
    if found is None:
        abort(404)
    if found.fingerprint != fingerprint:
        abort(410)
    return respond(found)
