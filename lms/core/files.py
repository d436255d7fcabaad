"""Files by their sha256, under `LMS_DATA/files`: written once, never changed. Another store needs these five methods."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from lms.core.settings import settings


class Store(Protocol):
    """Where files lie; `digest` is 64 hex digits."""

    def put(self, content: bytes) -> str: ...
    def get(self, digest: str) -> bytes: ...
    def has(self, digest: str) -> bool: ...
    def size(self, digest: str) -> int: ...
    def drop(self, digest: str) -> None: ...


class Folder:
    """The store in a local folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise FileNotFoundError(digest)
        return self.root / digest[:2] / digest

    def put(self, content: bytes) -> str:
        """Keep the content and give its digest; keeping it twice is once."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The content; FileNotFoundError if it is not here."""
        return self._path(digest).read_bytes()

    def has(self, digest: str) -> bool:
        """Is it here?"""
        return self._path(digest).is_file()

    def size(self, digest: str) -> int:
        """Bytes."""
        return self._path(digest).stat().st_size

    def drop(self, digest: str) -> None:
        """Forget the content (erasure of personal hand-ins)."""
        self._path(digest).unlink(missing_ok=True)


_holders: list[Callable[[str], bool]] = []


def held_by(holder: Callable[[str], bool]) -> None:
    """Connect a room that tells whether a row of its own stands for a content; equal contents lie in the store once."""
    if holder not in _holders:
        _holders.append(holder)


def is_held(digest: str) -> bool:
    """Does a row of a connected room stand for this content?"""
    return any(holder(digest) for holder in _holders)


def store() -> Store:
    """The store in force."""
    return Folder(settings().folder / "files")
