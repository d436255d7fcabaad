"""Scans of earlier papers: known by their content, photographs without what they tell of their maker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lms.core.files import store
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.learning.documents import clean_photo

MOST_BYTES = 5 * 1024 * 1024
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


class ScanIsTooLarge(Refusal):
    """More than 5 MB."""

    sentence = text("Tệp lớn hơn 5 MB. Chụp lại nhỏ hơn rồi gửi.")


class ScanIsUnreadable(Refusal):
    """Neither a PDF nor a JPEG or PNG picture."""

    sentence = text("Không đọc được tệp này. Gửi tệp PDF hoặc ảnh JPG, PNG.")


@dataclass(frozen=True)
class Scan:
    """A scan as it will be kept."""

    content: bytes
    media_type: str


def clean_scan(content: bytes) -> Scan:
    """A PDF as it is, a photograph upright and without hidden data. ScanIsTooLarge, ScanIsUnreadable."""
    if len(content) > MOST_BYTES:
        raise ScanIsTooLarge(field="scan")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return Scan(content, "application/pdf")
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n")):
        raise ScanIsUnreadable(field="scan")
    try:
        return Scan(*clean_photo(content))
    except Refusal as fault:
        raise ScanIsUnreadable(field="scan") from fault


def keep(scan: Scan) -> str:
    """Into the store; gives its digest."""
    return store().put(scan.content)


def dropper(digest: str) -> Callable[[], None]:
    """What forgets a scan, to be run once that is safely written."""
    return lambda: store().drop(digest)
