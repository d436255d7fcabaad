"""Keys of this site, outside the database: `LMS_DATA/keys`, mode 0600. Losing them loses telephones and sign-ins."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lms.core.settings import settings


def key(name: str) -> bytes:
    """32 secret bytes by name, made on first use; two processes starting at once agree."""
    return _key(settings().folder / "keys" / f"{name}.key")


@cache
def _key(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _complete(path)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(32))
    return path.read_bytes()


def _complete(path: Path) -> bytes:
    """Another process may be between making and filling the file."""
    for _ in range(1000):
        found = path.read_bytes()
        if len(found) == 32:
            return found
    raise RuntimeError(f"key file {path.name} is damaged")


def seal(plain: str) -> bytes:
    """A personal value for storing: nonce, then AES-256-GCM."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key("personal")).encrypt(nonce, plain.encode(), None)


def unseal(sealed: bytes) -> str:
    """What `seal` was given; cryptography.exceptions.InvalidTag if it was altered."""
    return AESGCM(key("personal")).decrypt(sealed[:12], sealed[12:], None).decode()


def index(plain: str) -> str:
    """HMAC-SHA-256 of a value, 64 hex digits: finds an equal value without storing it."""
    return hmac.new(key("index"), plain.encode(), hashlib.sha256).hexdigest()
