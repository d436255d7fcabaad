"""Verbs of authors: an upload is kept with what is wrong in it; one without faults is published."""

from __future__ import annotations

import hashlib

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
from lms.courses.models import Edition
from lms.courses.rules import CourseHasFaults
from lms.units.models import Organisation


class DraftHasFaults(Refusal):
    """Nothing is published from a folder with a fault."""

    sentence = text("Gói này còn chỗ cần sửa nên chưa phát hành được. Sửa rồi tải gói lên lại.")


@action
def upload(name: str, content: bytes, *, by: Actor) -> Draft:
    """Keep a zip as a draft, with its faults; the same bytes sent again are the same draft. Publishes nothing."""
    if by.account_id is None:
        raise Forbidden
    digest = hashlib.sha256(content).hexdigest()
    draft: Draft | None = db.scalar(select(Draft).where(Draft.account_id == by.account_id, Draft.digest == digest))
    if draft is None:
        draft = Draft(account_id=by.account_id, digest=store().put(content))
        db.add(draft)
    draft.name, draft.uploaded_at = neat(name)[:200] or "khoa-hoc.zip", clock.now()
    _look_at(draft)
    db.flush()
    history.write("authoring.upload", draft, by=by, file=draft.name, faults=len(draft.faults))
    return draft


def _look_at(draft: Draft) -> None:
    try:
        read = documents.read_kept(draft.digest)
    except CourseHasFaults as refused:
        draft.faults = documents.faults_to_json(refused.faults)
    else:
        draft.slug, draft.title, draft.faults = read.id, read.title[:200], []


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
