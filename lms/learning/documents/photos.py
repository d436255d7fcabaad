"""Photographs: read by their content, upright, small, without a word about place, time or camera."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from lms.core.refusal import Refusal
from lms.learning.documents.faults import FileIsUnknown, PhotoIsDamaged, PhotoIsTooLarge

MOST_PIXELS = {"JPEG": 80_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""A JPEG is read at a fraction of its size, the others whole."""
LONGEST_SIDE = 1600
QUALITY = 80
JPEG = "image/jpeg"


def picture_format(content: bytes) -> str:
    """JPEG, PNG, WEBP or nothing, by the first bytes."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if content.startswith(b"RIFF") and content[8:12] == b"WEBP" else ""


def clean_photo(content: bytes) -> tuple[bytes, str]:
    """The picture upright, at most 1600 px, as a new JPEG without a word about place, time or camera."""
    known = picture_format(content)
    if not known:
        raise FileIsUnknown()
    try:
        return _repainted(content, known), JPEG
    except Refusal:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise PhotoIsTooLarge() from fault
    except Exception as fault:  # a picture from outside may trip its reader in any way
        raise PhotoIsDamaged() from fault


def _repainted(content: bytes, known: str) -> bytes:
    with Image.open(BytesIO(content), formats=[known]) as found:
        if found.width * found.height > MOST_PIXELS[known]:
            raise PhotoIsTooLarge()
        found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        seen = upright.convert("RGBA") if "transparency" in upright.info or "A" in upright.getbands() else upright
        paper = Image.new("RGB", seen.size, "white")
        paper.paste(seen.convert("RGB"), mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    made = BytesIO()
    paper.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
