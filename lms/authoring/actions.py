"""Verbs of authors: an upload is kept with what is wrong in it; one without faults is published."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import select

from lms.authoring import access, documents
from lms.authoring.models import Draft
from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, db
from lms.core.files import store
from lms.core.names import neat
from lms.core.refusal import Forbidden, Refusal
from lms.core.words import text
from lms.courses import actions as courses
from lms.courses.documents import packed
from lms.courses.models import Edition
from lms.courses.rules import Course, CourseHasFaults, Fault
from lms.courses.rules.exchange import BankHasFaults, Wanted, joined, read_bank
from lms.units.models import Organisation


class DraftHasFaults(Refusal):
    """Nothing is published from a folder with a fault."""

    sentence = text("Gói này còn chỗ cần sửa nên chưa phát hành được. Sửa rồi tải gói lên lại.")


class BankWasRefused(Refusal):
    """Nothing is taken from a bank with a fault; `faults` names all of them."""

    sentence = text("Tệp câu hỏi còn chỗ cần sửa nên chưa nhập câu nào. Sửa rồi gửi lại cả tệp.")

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__()
        self.faults = faults


@action
def upload(name: str, content: bytes, *, by: Actor) -> Draft:
    """Keep a zip as a draft, with its faults; the same bytes sent again are the same draft. Publishes nothing."""
    if by.account_id is None:
        raise Forbidden
    draft = _kept(name, content, by.account_id)
    _look_at(draft)
    db.flush()
    history.write("authoring.upload", draft, by=by, file=draft.name, faults=len(draft.faults))
    return draft


def _kept(name: str, content: bytes, account_id: UUID) -> Draft:
    """The draft of these bytes, hers already or new."""
    digest = hashlib.sha256(content).hexdigest()
    draft: Draft | None = db.scalar(select(Draft).where(Draft.account_id == account_id, Draft.digest == digest))
    if draft is None:
        draft = Draft(account_id=account_id, digest=store().put(content))
        db.add(draft)
    draft.name, draft.uploaded_at = neat(name)[:200] or "khoa-hoc.zip", clock.now()
    return draft


def _look_at(draft: Draft) -> None:
    try:
        read = documents.read_kept(draft.digest)
    except CourseHasFaults as refused:
        draft.faults = documents.faults_to_json(refused.faults)
    else:
        _found_sound(draft, read)


def _found_sound(draft: Draft, read: Course) -> None:
    draft.slug, draft.title, draft.faults = read.id, read.title[:200], []


@action
def add_bank(edition: Edition, name: str, content: bytes, wanted: Wanted, *, by: Actor) -> Draft:
    """The edition's folder with the questions of a bank in it, as a draft. BankWasRefused with every fault: nothing kept."""
    if by.account_id is None:
        raise Forbidden
    try:
        joint = joined(documents.folder_of(edition), read_bank(content, name), wanted, name)
    except BankHasFaults as refused:
        raise BankWasRefused(refused.faults) from refused
    draft = _kept(f"{edition.course.slug}-cau-hoi.zip", packed(joint.files, edition.course.slug), by.account_id)
    _found_sound(draft, joint.course)
    db.flush()
    history.write("authoring.add_bank", draft, by=by, course=edition.course.slug, questions=len(joint.questions))
    return draft


@action
def publish(draft: Draft, *, owner: Organisation | None, confirmed: bool = False, by: Actor) -> Edition:
    """The draft as the edition in force; `owner` counts for a new course only.

    Refuses with DraftHasFaults, IdsWereDropped, TextIsTooLong; Forbidden where the course is not hers to publish.
    """
    try:
        read = documents.read_kept(draft.digest)
    except CourseHasFaults as refused:
        raise DraftHasFaults from refused
    edition = courses.publish(read, owner=owner, by=by, confirmed=confirmed)
    if not access.can_publish(by, edition.course.owner):
        raise Forbidden
    draft.edition_id = edition.id
    history.write("authoring.publish", draft, by=by, course=read.id, number=edition.number)
    return edition
