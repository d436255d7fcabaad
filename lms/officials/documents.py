"""Uploaded lists: read within limits, and kept sealed between the preview and the decision."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cryptography.exceptions import InvalidTag

from lms.core import clock, keys, sheets
from lms.core.files import store
from lms.core.refusal import Refusal
from lms.core.sheets import Row, SheetIsUnreadable
from lms.core.words import Text, text
from lms.officials.rules import Category, Line, read_lines

MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 5_000_000, 80_000_000, 5_000


class ListIsTooLong(Refusal):
    """More than a list of officials can be."""

    sentence = text("Tệp quá lớn: nhiều nhất 5 MB và 5.000 dòng. Chưa lưu gì cả. Chia theo xã rồi gửi từng tệp.")


class ListIsFaulty(Refusal):
    """Rows lack what is needed; a sentence for each kind of fault names them."""

    def __init__(self, faults: Sequence[Text]) -> None:
        super().__init__(faults[0])
        self.others = tuple(faults[1:])


class UploadIsGone(Refusal):
    """Dropped after a day, decided in another window, or somebody else's."""

    sentence = text("Tệp này không còn được giữ. Chưa lưu gì cả. Chọn tệp và gửi lại.")


@dataclass(frozen=True)
class Upload:
    """A list on its way into the register of a unit: whose, which group if it names none, from which day."""

    content: bytes
    account_id: UUID | None
    unit_id: UUID
    category: Category | None
    begins: date

    @property
    def digest(self) -> str:
        """sha256 of the file as sent."""
        return hashlib.sha256(self.content).hexdigest()


def lines_of(upload: Upload) -> list[Line]:
    """The lines of a list; ListIsTooLong, SheetIsUnreadable, or ListIsFaulty with what to put right."""
    reading = read_lines(_rows(upload.content), upload.category, clock.today().year)
    if reading.faults:
        raise ListIsFaulty(reading.faults)
    return reading.lines


def _rows(content: bytes) -> list[Row]:
    if len(content) > MOST_BYTES or _unpacked(content) > MOST_UNPACKED:
        raise ListIsTooLong()
    rows = sheets.read(content)
    if len(rows) > MOST_ROWS:
        raise ListIsTooLong()
    return rows


def _unpacked(content: bytes) -> int:
    """Bytes of a zipped workbook when unpacked, as it says itself."""
    if not content.startswith(b"PK"):
        return len(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile as fault:
        raise SheetIsUnreadable() from fault


def keep(upload: Upload) -> str:
    """Seal an upload into the store; gives the digest under which it waits for the decision."""
    told = {
        "account": str(upload.account_id),
        "unit": str(upload.unit_id),
        "category": upload.category.value if upload.category else "",
        "begins": upload.begins.isoformat(),
        "content": base64.b64encode(upload.content).decode(),
    }
    return store().put(keys.seal(json.dumps(told)))


def kept(digest: str, account_id: UUID | None) -> Upload:
    """An upload that this account has waiting; UploadIsGone for any other file of the store."""
    try:
        told = json.loads(keys.unseal(store().get(digest)))
        upload = Upload(
            base64.b64decode(told["content"]),
            account_id,
            UUID(told["unit"]),
            Category(told["category"]) if told["category"] else None,
            date.fromisoformat(told["begins"]),
        )
    except (FileNotFoundError, InvalidTag, ValueError, KeyError, TypeError) as fault:
        raise UploadIsGone() from fault
    if told["account"] != str(account_id):
        raise UploadIsGone()
    return upload


def drop(digest: str) -> None:
    """Forget an upload; dropping it twice is once."""
    store().drop(digest)
