"""The door: trying a PIN, lock-out, signed-in devices, her own PIN and settings."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.core import clock, history, keys, names
from lms.core.actor import Actor, System
from lms.core.db import action, db, lock
from lms.core.refusal import Refusal
from lms.core.words import LANGUAGES, Text, text
from lms.people import queries, rules
from lms.people.models import Account, SignIn, UnknownLogin

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP's second choice, 39 ms (libraries 11)
# The hash of a long random word that nobody knows: a login that nobody has costs the same work as any other.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$xoNzYqBHsK3Zj/82axAWZA$7X1dNbPc3CBINBNtubUUkXWH6iSHHsVLV649HhzQ2W0"
_DOOR = System("đăng nhập")


class SecretIsRefused(Refusal):
    """Too short, too easy, or the same as the one that was given."""


@dataclass(frozen=True)
class Knock:
    """What a try at the door came to: the account let in, or how many tries are left, or until when it is shut."""

    account: Account | None = None
    left: int = 0
    locked_until: datetime | None = None

    @property
    def sentence(self) -> Text:
        """For who stands outside."""
        if self.locked_until is not None:
            return rules.shut_out(self.locked_until, clock.now())
        return rules.wrong_secret(self.left)


@action
def knock(login: str, secret: str) -> Knock:
    """Try a login and its PIN. A wrong one is an outcome, not an exception: the count of failures must be stored."""
    found = lock(Account, [account.id for account in queries.accounts_by_login(login)])
    return _try(found or [_unknown(login, clock.now())], secret)


@action
def knock_again(account: Account, secret: str) -> Knock:
    """Who is signed in shows her PIN once more (to change it); counted as at the door."""
    return _try(lock(Account, [account.id]), secret)


def _try(doors: Sequence[Account | UnknownLogin], secret: str) -> Knock:
    now = clock.now()
    open_doors = [door for door in doors if door.locked_until is None or door.locked_until <= now]
    for door in open_doors:
        if is_secret_of(door if isinstance(door, Account) else None, secret):
            door.failures, door.locked_until = 0, None
            return Knock(door if isinstance(door, Account) else None)
    for door in open_doors:
        _count_failure(door, now)
    db.flush()
    shut = [door.locked_until for door in doors if door.locked_until is not None and door.locked_until > now]
    if len(shut) == len(doors):
        return Knock(locked_until=min(shut))
    return Knock(left=max(rules.tries_left(door.failures) for door in doors))


def is_secret_of(account: Account | None, secret: str) -> bool:
    """Does the PIN fit? The same work for nobody's account; never true then."""
    try:
        HASHER.verify(account.secret_hash if account is not None else _NOBODY, names.neat(secret[:200]))
    except (VerificationError, InvalidHashError):
        return False
    return account is not None


def _count_failure(door: Account | UnknownLogin, now: datetime) -> None:
    door.failures += 1
    door.locked_until = rules.locked_until(door.failures, now)
    if isinstance(door, Account) and door.locked_until is not None:
        history.write("people.lock_out", door, by=_DOOR, failures=door.failures)


def _unknown(login: str, now: datetime) -> UnknownLogin:
    """The row that counts tries at a login nobody has; rows a month old go."""
    db.execute(delete(UnknownLogin).where(UnknownLogin.at < now - timedelta(days=30)))
    index = keys.index(f"login {rules.plain_login(login)}")
    query = select(UnknownLogin).where(UnknownLogin.login_index == index).with_for_update()
    found: UnknownLogin | None = db.scalar(query)
    if found is None:
        try:
            with db.begin_nested():
                db.add(UnknownLogin(login_index=index, failures=0, at=now))
        except IntegrityError:  # another request was first
            pass
        found = db.scalars(query).one()
    found.at = now
    return found


@action
def begin_sign_in(account: Account, *, device: str) -> str:
    """A device is signed in; gives the token for its cookie, of which only a hash is kept."""
    token, now = secrets.token_urlsafe(32), clock.now()
    held = queries.token_hash(token)
    db.add(SignIn(account_id=account.id, token_hash=held, device=device[:120], at=now, seen_at=now))
    db.flush()
    return token


@action
def end_sign_in(sign_in_id: UUID, *, by: Actor) -> None:
    """A device is signed out; twice is once."""
    end_all(lock(SignIn, [sign_in_id]))


@action
def end_other_sign_ins(account: Account, *, by: Actor, but: UUID | None = None) -> int:
    """All devices but one are signed out; gives how many."""
    others = [device for device in queries.sign_ins_of(account.id) if device.id != but]
    end_all(others)
    if others:
        history.write("people.end_sign_ins", account, by=by, count=len(others))
    return len(others)


def end_all(devices: Sequence[SignIn]) -> None:
    """These devices are signed out now."""
    for device in devices:
        device.ended_at = device.ended_at or clock.now()


@action
def change_secret(account: Account, new: str, *, by: Actor, keep: UUID | None = None) -> None:
    """Her own PIN or password; every device but this one is signed out. SecretIsRefused. The old one was checked."""
    (account,) = lock(Account, [account.id])
    fault = rules.secret_fault(new, account.person.birth_year)
    if fault is None and is_secret_of(account, new):
        fault = text("Mã mới phải khác mã đang dùng.")
    if fault is not None:
        raise SecretIsRefused(fault, field="new")
    account.secret_hash, account.must_change = HASHER.hash(names.neat(new)), False
    account.failures, account.locked_until = 0, None
    end_other_sign_ins(account, by=by, but=keep)
    history.write("people.change_secret", account, by=by)


@action
def choose(account: Account, *, by: Actor, address_form: str, language: str) -> None:
    """How she is addressed, and in which language."""
    (account,) = lock(Account, [account.id])
    account.person.address_form = address_form
    account.language = language if language in LANGUAGES else "vi"
