"""Width and height of pictures, read from their first bytes; what an SVG may not hold."""

from __future__ import annotations

import html
import re
import struct

_SVG = re.compile(r"<svg\b[^>]*>")
_VIEW = re.compile(r"\bviewBox\s*=\s*[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*[\"']")
_UNSAFE = re.compile(
    r"<(?:\w+:)?(?:script|foreignobject|iframe|embed|object|handler)\b|\son\w+\s*=|javascript:|<!entity"
    r"|href\s*=\s*[\"']?\s*(?!#|data:image/(?:png|jpeg|gif|webp))[^\s\"'#]",
    re.IGNORECASE,
)
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

Size = tuple[int, int]


def picture_size(content: bytes) -> Size | None:
    """(width, height) of an SVG (its viewBox), PNG, GIF, JPEG or WebP; None where it cannot be told."""
    try:
        return _raster_size(content) or _svg_size(content)
    except (struct.error, IndexError, ValueError):
        return None


def _raster_size(content: bytes) -> Size | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(">II", content, 16)
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return _pair("<HH", content, 6)
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    return None


def _pair(form: str, content: bytes, start: int) -> Size:
    first, second = struct.unpack_from(form, content, start)
    return int(first), int(second)


def _jpeg_size(content: bytes) -> Size | None:
    place = 2
    while content[place] == 0xFF:
        if content[place + 1] in _JPEG_FRAMES:
            height, width = _pair(">HH", content, place + 5)
            return width, height
        place += 2 + int(struct.unpack_from(">H", content, place + 2)[0])
    return None


def _webp_size(content: bytes) -> Size | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = _pair("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def _svg_size(content: bytes) -> Size | None:
    tag = _SVG.search(content.decode())
    view = _VIEW.search(tag[0]) if tag else None
    if not view:
        return None
    width, height = round(float(view[1])), round(float(view[2]))
    return (width, height) if width and height else None


def unsafe_place(content: bytes) -> int:
    """The line of the first thing an SVG may not hold (script, events, links outside); 0 if there is none."""
    try:
        drawing = html.unescape(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return 1
    found = _UNSAFE.search(drawing)
    return drawing.count("\n", 0, found.start()) + 1 if found else 0
