"""Verbs on persons, accounts and grants."""

from __future__ import annotations

import secrets
from datetime import date

from argon2 import PasswordHasher

from lms.core import clock, history, keys, names
from lms.core.actor import Actor, Role
from lms.core.db import action, db
from lms.core.ids import new_id
from lms.people.models import Account, Grant, Person, Post, PostKind, Sex, SignIn
from lms.people.queries import token_hash
from lms.units.models import Unit

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP's second choice, 39 ms (libraries 11)


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


def plain_phone(phone: str) -> str:
    """Digits of a Vietnamese number, beginning with 0; +84 and spaces are understood."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return f"0{digits[2:]}" if digits.startswith("84") and len(digits) > 10 else digits


def write_phone(person: Person, phone: str) -> None:
    """Sealed, with an index that finds it; nothing clears it."""
    digits = plain_phone(phone)
    person.phone_sealed = keys.seal(digits) if digits else None
    person.phone_index = keys.index(digits) if digits else None


@action
def open_account(person: Person, *, by: Actor, secret: str = "") -> tuple[Account, str]:
    """An account with its code, and the first PIN to be told in person and changed at the first sign-in."""
    first = secret or new_pin()
    account = Account(
        person_id=person.id,
        code=_free_code(),
        secret_hash=HASHER.hash(names.neat(first)),
        must_change=not secret,
        created_at=clock.now(),
    )
    account.person = person
    db.add(account)
    db.flush()
    history.write("people.open_account", account, by=by)
    return account, first


def new_pin() -> str:
    """Six digits by chance."""
    return f"{secrets.randbelow(1_000_000):06}"


def _free_code() -> str:
    """A code of a letter pair and six digits, easily told by telephone."""
    return f"NM{secrets.randbelow(1_000_000):06}"


@action
def grant(account: Account, role: Role, unit: Unit, *, by: Actor, begins: date | None = None) -> Grant:
    """A role at a unit from a day on (today)."""
    given = Grant(account_id=account.id, role=role, unit_id=unit.id, begins=begins or clock.today())
    db.add(given)
    db.flush()
    history.write("people.grant", given, by=by, unit_id=unit.id, role=role.value)
    return given


@action
def begin_sign_in(account: Account, *, device: str) -> str:
    """A device is signed in; gives the token for its cookie, of which only a hash is kept."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.add(SignIn(account_id=account.id, token_hash=token_hash(token), device=device[:120], at=now, seen_at=now))
    db.flush()
    return token
