"""A file on its way in pieces: announced with size and sha256, sent piece by piece, joined once, cleaned, kept as a work."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.core import clock, history, jobs
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.files import store
from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.learning import documents, queries
from lms.learning.actions.handing_in import add_file, check_room, drop_pieces
from lms.learning.models import HandIn, Upload

DROP_UPLOADS = "learning.drop_uploads"
WAIT = timedelta(days=3)
MOST_PIECE = 256 * 1024
MOST_UNFINISHED = 60 * 1024 * 1024


class UploadIsDamaged(Refusal):
    """The joined pieces are not what was announced."""

    sentence = text("Tệp đến nơi không còn nguyên vẹn. Gửi lại tệp này.")


class TooMuchIsWaiting(Refusal):
    """Sixty megabytes on their way."""

    sentence = text("Đang có quá nhiều tệp gửi dở. Chờ gửi xong rồi thêm tệp khác.")


class PieceIsElsewhere(Refusal):
    """A piece that does not follow what is here."""

    sentence = text("Phần này không nối tiếp phần đã nhận. Máy tự gửi lại từ chỗ đúng.")


class UploadIsUnlike(Refusal):
    """The key is taken by another file, or what was announced cannot be."""

    sentence = text("Không nhận được tệp này. Chọn lại tệp rồi gửi.")


@dataclass(frozen=True)
class Arrived:
    """How much of an upload is here; `work_id` once it is whole. `fault`: what was wrong; `is_over`: sending it ends here."""

    upload_id: UUID
    received: int
    work_id: UUID | None = None
    fault: Text | None = None
    is_over: bool = False


@action
def begin_upload(draft: HandIn, upload_id: UUID, size: int, digest: str, *, by: Actor) -> Arrived:
    """Announce a file; the same key, or the same file of this draft, goes on from where it stopped."""
    documents.check_size(size)
    kept = lock(HandIn, [draft.id])[0]
    known = _known(kept, upload_id, size, digest)
    if known is not None:
        return Arrived(known.id, known.received, known.work_id)
    if upload_id.version != 7 or not re.fullmatch("[0-9a-f]{64}", digest):
        raise UploadIsUnlike()
    _check_room(kept, size, by)
    upload = Upload(id=upload_id, hand_in_id=kept.id, size=size, digest=digest, received=0, began_at=clock.now())
    upload.pieces = []
    db.add(upload)
    db.flush()
    history.write("learning.begin_upload", upload, by=by, hand_in=str(kept.id), size=size)
    jobs.enqueue(DROP_UPLOADS, {"upload": str(upload.id)}, run_after=clock.now() + WAIT)
    return Arrived(upload.id, 0)


def _known(draft: HandIn, upload_id: UUID, size: int, digest: str) -> Upload | None:
    same = select(Upload).where(Upload.hand_in_id == draft.id, Upload.digest == digest, Upload.size == size)
    found: Upload | None = db.scalars(same.order_by(Upload.id)).first()
    if found is not None:
        return found
    taken: Upload | None = db.get(Upload, upload_id)
    if taken is None:
        return None
    raise NotFound if taken.hand_in_id != draft.id else UploadIsUnlike()


def _check_room(draft: HandIn, size: int, by: Actor) -> None:
    unfinished = [one for one in queries.uploads_of([draft.id]) if one.work_id is None]
    check_room(draft, len(unfinished) + 1)
    if by.person_id is None or queries.unfinished_bytes(by.person_id) + size > MOST_UNFINISHED:
        raise TooMuchIsWaiting()


@action
def receive_piece(upload: Upload, offset: int, piece: bytes, *, by: Actor) -> Arrived:
    """Keep the next piece; one that is here already is once. The last one makes the work."""
    draft = lock(HandIn, [upload.hand_in_id])[0]  # first, as who hands in does: its files come one after the other
    kept = next(iter(lock(Upload, [upload.id])), None)
    if kept is None:  # it ended while this piece waited
        raise NotFound
    if kept.work_id is not None or _is_here(kept, offset, piece):
        return Arrived(kept.id, kept.received, kept.work_id)
    if offset != kept.received or not piece or len(piece) > MOST_PIECE or offset + len(piece) > kept.size:
        return Arrived(kept.id, kept.received, None, PieceIsElsewhere.sentence)
    digest = store().put(_head(kept, offset) + piece)
    kept.pieces = [*kept.pieces, [digest, len(piece)]]
    kept.received = offset + len(piece)
    db.flush()
    return _whole(kept, draft, by) if kept.received == kept.size else Arrived(kept.id, kept.received)


def _head(upload: Upload, offset: int) -> bytes:
    """Before each piece in the store, so that two uploads never share one and each may drop its own."""
    return upload.id.bytes + offset.to_bytes(8, "big")


def _is_here(upload: Upload, offset: int, piece: bytes) -> bool:
    """Was this very piece kept at this place before?"""
    place = 0
    for digest, size in upload.pieces:
        if place == offset:
            return bool(hashlib.sha256(_head(upload, offset) + piece).hexdigest() == digest)
        place += size
    return False


def _whole(upload: Upload, draft: HandIn, by: Actor) -> Arrived:
    """Join, check, clean; what cannot be kept is dropped whole and said."""
    content = b"".join(store().get(digest)[24:] for digest, _ in upload.pieces)
    try:
        if hashlib.sha256(content).hexdigest() != upload.digest:
            raise UploadIsDamaged()
        work = add_file(draft, content, by=by)
    except Refusal as refusal:
        drop_pieces(upload)
        db.delete(upload)
        db.flush()
        return Arrived(upload.id, 0, None, refusal.sentence, True)
    drop_pieces(upload)
    upload.pieces, upload.work_id = [], work.id
    db.flush()
    return Arrived(upload.id, upload.received, work.id)


@action
def drop_uploads(payload: dict[str, Any]) -> None:
    """Job `learning.drop_uploads`: what did not arrive whole in three days is dropped."""
    late = select(Upload).where(Upload.work_id.is_(None), Upload.began_at <= clock.now() - WAIT)
    for upload in db.scalars(late.order_by(Upload.id).with_for_update()):
        drop_pieces(upload)
        db.delete(upload)
    db.flush()
