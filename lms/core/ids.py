"""Keys: UUID version 7 (RFC 9562), written in addresses as 26 lower-case base32 letters."""

from __future__ import annotations

import base64
import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()


class _Last:
    stamp = 0


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of milliseconds, then a 12-bit fraction that only grows in this process, then chance."""
    with _lock:
        stamp = max(time.time_ns() * 4096 // 1_000_000, _Last.stamp + 1)
        _Last.stamp = stamp
    millis, fraction = divmod(stamp, 4096)
    chance = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=millis << 80 | 7 << 76 | fraction << 64 | 2 << 62 | chance)


def to_address(key: UUID) -> str:
    """26 letters of lower-case base32."""
    return base64.b32encode(key.bytes).decode().rstrip("=").lower()


def from_address(letters: str) -> UUID:
    """The key of an address; ValueError where the letters are no key written by `to_address`."""
    if len(letters) != 26 or letters != letters.lower():
        raise ValueError(letters)
    key = UUID(bytes=base64.b32decode(letters.upper() + "======"))
    if to_address(key) != letters:
        raise ValueError(letters)
    return key
