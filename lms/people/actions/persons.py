"""Persons: added, corrected, moved, forgotten."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from lms.core import clock, history, keys, names
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.ids import new_id
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.people import queries
from lms.people.models import Person, Post, PostKind, Sex, SignIn
from lms.people.rules import plain_phone
from lms.units.models import Unit

FORGOTTEN = "Đã xóa theo yêu cầu"


class PostBeginsTooEarly(Refusal):
    """A change of post closes the one before; it cannot begin before that one."""

    sentence = text("Ngày bắt đầu phải sau ngày bắt đầu của chức danh trước.")


class PostBeginsTooLate(Refusal):
    """A slip of the year would lock the post until then."""

    sentence = text("Ngày bắt đầu còn hơn một năm nữa. Kiểm tra lại năm.")


@action
def add_person(
    name: str,
    unit: Unit,
    *,
    by: Actor,
    birth_year: int | None = None,
    sex: Sex = Sex.UNKNOWN,
    ethnic_group: str | None = None,
    village: str = "",
    post_kind: PostKind = PostKind.OTHER,
    post_title: str = "",
    phone: str = "",
    since: date | None = None,
) -> Person:
    """A new person with her post at a unit. Looking for namesakes first is the caller's duty (`queries.namesakes`)."""
    key = new_id()
    person = Person(
        id=key, canonical_id=key, birth_year=birth_year, sex=sex, ethnic_group=ethnic_group, created_at=clock.now()
    )
    write_name(person, name)
    write_phone(person, phone)
    db.add(person)
    db.flush()
    day = since or clock.today()
    db.add(Post(person_id=key, unit_id=unit.id, village=village, kind=post_kind, title=post_title, begins=day))
    history.write("people.add_person", person, by=by, unit_id=unit.id)
    db.flush()
    return person


def write_name(person: Person, name: str) -> None:
    """The name as typed, and the keys that match, search and sort by it."""
    person.name, person.name_fold = names.neat(name), names.fold(name)
    person.name_loose, person.name_sort = names.loose(name), names.sort_key(name)


def write_phone(person: Person, phone: str) -> None:
    """Sealed, with an index that finds it; nothing clears it."""
    digits = plain_phone(phone)
    person.phone_sealed = keys.seal(digits) if digits else None
    person.phone_index = keys.index(digits) if digits else None


@action
def correct_person(
    person: Person,
    *,
    by: Actor,
    reason: str,
    name: str,
    birth_year: int | None,
    sex: Sex,
    ethnic_group: str | None,
    phone: str | None = None,
) -> list[str]:
    """What was typed wrong, put right; gives the names of the changed columns. `phone` None keeps the number."""
    (person,) = lock(Person, [person.id])
    before = (person.name, person.birth_year, person.sex, person.ethnic_group, person.phone_index)
    write_name(person, name)
    person.birth_year, person.sex, person.ethnic_group = birth_year, sex, ethnic_group
    if phone is not None:
        write_phone(person, phone)
    after = (person.name, person.birth_year, person.sex, person.ethnic_group, person.phone_index)
    columns = ("name", "birth_year", "sex", "ethnic_group", "phone")
    changed = [column for column, old, new in zip(columns, before, after, strict=True) if old != new]
    if changed:
        unit_id = queries.unit_of(person.id)
        history.write("people.correct_person", person, by=by, unit_id=unit_id, reason=reason, changed=changed)
    return changed


@action
def change_post(
    person: Person, unit: Unit, *, by: Actor, kind: PostKind, title: str, village: str, begins: date
) -> Post:
    """From a day on she is elsewhere or something else; the post before ends that day. PostBeginsTooEarly, …TooLate."""
    if begins > clock.today() + timedelta(days=366):
        raise PostBeginsTooLate(field="begins")
    lock(Person, [person.id])
    for post in db.scalars(select(Post).where(Post.person_id == person.id, Post.ends.is_(None))):
        if post.begins >= begins:
            raise PostBeginsTooEarly(field="begins")
        post.ends = begins
    post = Post(person_id=person.id, unit_id=unit.id, village=village, kind=kind, title=title, begins=begins)
    db.add(post)
    history.write("people.change_post", person, by=by, unit_id=unit.id)
    db.flush()
    return post


@action
def forget(person_id: UUID, *, by: Actor) -> set[str]:
    """Blank what is personal. Sex, group and dated units stay on a nameless row: figures are rebuilt from them."""
    for person in lock(Person, [person_id]):
        person.name, person.name_fold, person.name_loose = FORGOTTEN, "", ""
        person.name_sort, person.birth_year, person.address_form = "", None, ""
        write_phone(person, "")
        history.write("people.forget", person, by=by)
    for post in queries.posts_of(person_id):
        post.village = post.title = ""
    account = queries.account_of(person_id)
    if account is not None:
        account.secret_hash, account.closed_at = "", account.closed_at or clock.now()
        _close(account.id)
    db.flush()
    return {"person", "post", "account", "sign_in", "grant"}


def _close(account_id: UUID) -> None:
    for device in db.scalars(select(SignIn).where(SignIn.account_id == account_id)):
        device.device, device.ended_at = "", device.ended_at or clock.now()
    for held in queries.grants_of(account_id):
        held.ends = clock.today()
