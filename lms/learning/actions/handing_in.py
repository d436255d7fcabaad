"""Making a product and handing it in: a draft that keeps what was typed, its files, one waiting try at a time."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from sqlalchemy import delete

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, afterwards, db, lock
from lms.core.files import store
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses.models import Edition
from lms.learning import documents, queries
from lms.learning.actions.studying import study_of
from lms.learning.models import HandIn, MarkOutcome, Study, Upload, Work, WorkKind
from lms.learning.queries import MOST_FILES, MOST_TRIES, Product
from lms.people.queries import canonical, unit_of

MOST_LETTERS = 20_000


class TextIsTooLong(Refusal):
    """Over twenty thousand letters."""

    sentence = text("Bài viết dài quá. Viết ngắn lại, nhiều nhất 20.000 chữ cái.")


class WorkIsWaiting(Refusal):
    """One at a time."""

    sentence = text("Bài đã nộp đang chờ chấm, chưa sửa được. Chấm xong sẽ thấy kết quả ở đây.")


class WorkIsAccepted(Refusal):
    """Nothing more to hand in."""

    sentence = text("Bài này đã đạt, không cần nộp nữa.")


class NoTryIsLeft(Refusal):
    """Five tries."""

    sentence = text("Đã nộp đủ 5 lần. Hỏi giảng viên để được giúp.")


class WorkIsEmpty(Refusal):
    """Neither text nor file."""

    sentence = text("Bài chưa có gì. Viết, chụp ảnh hoặc ghi âm rồi nộp.")


class TooManyFiles(Refusal):
    """Six at most."""

    sentence = text("Một bài nhận nhiều nhất 6 tệp. Bỏ bớt tệp rồi gửi lại.")


class KindIsNotAsked(Refusal):
    """A photograph where a voice is asked for, or the other way."""

    sentence = text("Bài này không nhận loại tệp ấy. Xem lại đề bài: nhận ảnh, ghi âm hay chữ viết.")


@action
def keep_draft(edition: Edition, product: Product, typed: str | None, *, by: Actor) -> HandIn:
    """The try under way with this text (None = as it was); begun now if there is none."""
    if by.person_id is None:
        raise NotFound
    study = study_of(by.person_id, edition, by=by)
    lock(Study, [study.id])
    tries = queries.hand_ins_of(by.person_id, edition.course_id, product.question.id)
    draft = next((one for one in reversed(tries) if one.handed_in_at is None), None)
    if draft is None:
        _check_new(tries)
        draft = _begin(edition, product, study, tries, by)
    if typed is not None and "text" in product.question.accepts:
        draft.text = _clean_text(typed)
    draft.edition_id = edition.id
    db.flush()
    return draft


def _check_new(tries: list[HandIn]) -> None:
    """May one more be begun?"""
    current = queries.current_of(tries)
    if current is None:
        return
    if current.outcome is MarkOutcome.ACCEPTED:
        raise WorkIsAccepted()
    if current.outcome is None:
        raise WorkIsWaiting()
    if len(tries) >= MOST_TRIES:
        raise NoTryIsLeft()


def _begin(edition: Edition, product: Product, study: Study, tries: list[HandIn], by: Actor) -> HandIn:
    """A new try; from the second on it begins with the text of the one before."""
    draft = HandIn(
        study_id=study.id,
        edition_id=edition.id,
        lesson_key=product.lesson_key,
        question_key=product.question.id,
        number=max((one.number for one in tries), default=0) + 1,
        text=tries[-1].text if tries else "",
        began_at=clock.now(),
    )
    draft.study = study
    db.add(draft)
    db.flush()
    history.write("learning.begin_hand_in", draft, by=by, question=product.question.id, number=draft.number)
    return draft


def _clean_text(typed: str) -> str:
    """NFC, one kind of line end, no sign that a database refuses."""
    plain = unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    if len(plain) > MOST_LETTERS:
        raise TextIsTooLong(field="text")
    return plain


@action
def add_file(draft: HandIn, content: bytes, *, by: Actor) -> Work:
    """A photograph or a voice, cleaned, at the end of the draft; a Refusal changes nothing."""
    question = queries.question_as_asked(draft)
    kept = check_room(lock(HandIn, [draft.id])[0])
    documents.check_size(len(content))
    kind = documents.kind_of(content)
    if kind and kind not in question.accepts:
        raise KindIsNotAsked()
    cleaned = documents.clean(content)
    work = Work(
        hand_in_id=draft.id,
        place=max((one.place for one in kept), default=0) + 1,
        kind=WorkKind(cleaned.kind),
        digest=store().put(cleaned.content),
        media_type=cleaned.media_type,
        size=len(cleaned.content),
        added_at=clock.now(),
    )
    db.add(work)
    db.flush()
    history.write("learning.add_work", work, by=by, hand_in=str(draft.id), kind_of_file=cleaned.kind)
    return work


def check_room(draft: HandIn, coming: int = 1) -> list[Work]:
    """The files of a draft that has room for so many more."""
    if draft.handed_in_at is not None:
        raise WorkIsWaiting()
    kept = queries.works_of([draft.id])
    if len(kept) + coming > MOST_FILES:
        raise TooManyFiles()
    return kept


@action
def drop_work(draft: HandIn, work: Work, *, by: Actor) -> None:
    """Take a file out of the draft."""
    if draft.handed_in_at is not None:
        raise WorkIsWaiting()
    history.write("learning.drop_work", work, by=by, hand_in=str(draft.id))
    db.execute(delete(Upload).where(Upload.work_id == work.id))
    db.delete(work)
    db.flush()
    drop_content([work.digest])


def drop_content(digests: list[str]) -> None:
    """Forget files of which no row is left, once the transaction is stored."""
    unused = [digest for digest in set(digests) if not queries.digest_is_used(digest)]

    def drop() -> None:
        for digest in unused:
            store().drop(digest)

    afterwards(drop)


@action
def hand_in(draft: HandIn, *, by: Actor) -> HandIn:
    """Hand in for marking; twice is once. Her unit of today says which trainers find it."""
    kept = lock(HandIn, [draft.id])[0]
    if kept.handed_in_at is not None:
        return kept
    if not kept.text and not queries.works_of([kept.id]):
        raise WorkIsEmpty()
    study: Study = db.get_one(Study, kept.study_id)
    kept.handed_in_at = clock.now()
    kept.unit_id = _unit_of(study.person_id)
    drop_uploads_of([kept.id])
    db.flush()
    history.write("learning.hand_in", kept, by=by, unit_id=kept.unit_id, question=kept.question_key, number=kept.number)
    return kept


def _unit_of(person_id: UUID) -> UUID | None:
    return unit_of(person_id) or unit_of(canonical(person_id))


def drop_uploads_of(hand_in_ids: list[UUID], unfinished_only: bool = True) -> None:
    """Forget files on their way and their pieces."""
    uploads = [one for one in queries.uploads_of(hand_in_ids) if one.work_id is None or not unfinished_only]
    for upload in uploads:
        drop_pieces(upload)
        db.delete(upload)
    db.flush()


def drop_pieces(upload: Upload) -> None:
    """Forget the pieces, once the transaction is stored; each belongs to this upload alone."""
    digests = [digest for digest, _ in upload.pieces]

    def drop() -> None:
        for digest in digests:
            store().drop(digest)

    afterwards(drop)
