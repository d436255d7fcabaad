"""What the files of a read course become when it is kept: digest, media types, addresses, texts with addresses in."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from lms.courses import rules

FORMAT = 2
"""Number of the reader: what it makes of the same folder is new when this grows, and so is the edition."""

ICONS = "%icons%"
"""Stands in kept HTML for the address of the sprite, which changes with each release; put in when a page is served."""

MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".vtt": "text/vtt",
    ".pdf": "application/pdf",
}
_SOURCE = "application/octet-stream"
_SINCE = (2026, 1, 1, 0, 0, 0)


def media_type_of(path: str) -> str:
    """The media type of a file that pages may point to; a source text is never served and has none of its own."""
    return MEDIA_TYPES.get(PurePosixPath(path).suffix.lower(), _SOURCE)


def is_served(path: str) -> bool:
    """May a reader fetch this file? Never course.toml, lessons or questions: they hold the right answers."""
    return PurePosixPath(path).suffix.lower() in MEDIA_TYPES


def digest_of(read: rules.Course) -> str:
    """SHA-256 over every file of the folder, in order of path: the same folder gives the same digest."""
    whole = hashlib.sha256()
    for path in sorted(read.files):
        content = read.files[path]
        whole.update(f"{path}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def addresses_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Path -> `/tep/<sha256>/<file name>` of the files that pages may point to."""
    return {
        path: f"/tep/{hashlib.sha256(content).hexdigest()}/{PurePosixPath(path).name}"
        for path, content in files.items()
        if is_served(path)
    }


class Filler:
    """Puts the addresses of a course's files and pages into its texts; the sprite's stays open (`ICONS`)."""

    def __init__(self, read: rules.Course) -> None:
        self.slug, self.files = read.id, addresses_of(read.files)
        self.sizes = {path: len(content) for path, content in read.files.items()}

    def text(self, rendered: str) -> str:
        """One HTML text."""
        return rules.fill_in(
            rendered,
            icons=ICONS,
            file=self.files.__getitem__,
            lesson=lambda slug: f"/hoc/{self.slug}/{slug}",
            handout=lambda slug: f"/khoa-hoc/{self.slug}/tai-lieu/{slug}",
        )

    def sound(self, path: str) -> dict[str, object] | None:
        """What a player needs of a sound file of the course; None for ""."""
        return {"address": self.files[path], "type": media_type_of(path), "size": self.sizes[path]} if path else None

    def json(self, value: object) -> object:
        """A JSON value with every text in it filled in."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.json(inner) for key, inner in value.items()}
        return [self.json(inner) for inner in value] if isinstance(value, list) else value


def packed(files: Mapping[str, bytes], top: str) -> bytes:
    """The files as a zip under one folder, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"{top}/{path}", _SINCE), files[path], zipfile.ZIP_DEFLATED)
    return out.getvalue()
