"""Verbs on drafts: upload a zip, publish it."""

from __future__ import annotations

from lms.authoring import documents
from lms.authoring.access import can_publish
from lms.authoring.models import Draft
from lms.authoring.queries import course_with
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


class NoFileWasChosen(Refusal):
    """Nothing was uploaded."""

    sentence = text("Chưa chọn tệp. Chọn tệp .zip của thư mục khóa học rồi gửi lại.")


class DraftHasFaults(Refusal):
    """A folder with a fault is not published."""

    sentence = text("Gói này còn chỗ cần sửa, chưa phát hành được.")


@action
def upload(content: bytes, name: str, *, by: Actor) -> Draft:
    """Keep a zip and what the reader says of it; nothing is published."""
    if not content:
        raise NoFileWasChosen(field="package")
    draft = Draft(
        account_id=by.account_id,
        name=neat(name)[:200] or "khoa-hoc.zip",
        digest=store().put(content),
        uploaded_at=clock.now(),
    )
    try:
        read = documents.read_kept(draft.digest)
        draft.slug, draft.title, draft.faults = read.id, read.title[:200], []
    except CourseHasFaults as found:
        draft.faults = [
            {"file": f.file, "line": f.line, "sentence": str(f.sentence), "remedy": str(f.remedy)} for f in found.faults
        ]
    db.add(draft)
    db.flush()
    history.write("authoring.upload", draft, by=by, faults=len(draft.faults))
    return draft


@action
def publish(draft: Draft, *, owner: Organisation | None, by: Actor, confirmed: bool = False) -> Edition:
    """The draft as the edition in force; Forbidden where the course belongs to another unit."""
    if draft.faults:
        raise DraftHasFaults()
    if not can_publish(by, course_with(draft.slug)):
        raise Forbidden
    edition = courses.publish(documents.read_kept(draft.digest), owner=owner, by=by, confirmed=confirmed)
    draft.edition_id = edition.id
    history.write("authoring.publish", draft, by=by, edition=edition.number)
    return edition
