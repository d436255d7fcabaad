"""Accounts and the roles they hold: opened, given a new first PIN, granted, ended."""

from __future__ import annotations

import secrets
from datetime import date

from lms.core import clock, history, names
from lms.core.actor import Actor, Role
from lms.core.db import action, db, lock
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.people import queries, rules
from lms.people.actions.door import HASHER, end_all
from lms.people.models import Account, Grant, Person
from lms.units.models import Unit


class HasAccountAlready(Refusal):
    """A person has one account at most."""

    sentence = text("Người này đã có tài khoản. Quên mã thì đặt lại mã.")


class HasRoleAlready(Refusal):
    """The same role at the same unit, today."""

    sentence = text("Người này đang giữ quyền đó ở đơn vị đó.")


class GivesHerself(Refusal):
    """Nobody gives herself a role."""

    sentence = text("Không tự cấp quyền cho mình. Nhờ người quản trị khác làm.")


@action
def open_account(person: Person, *, by: Actor, secret: str = "") -> tuple[Account, str]:
    """An account with its code, and the first PIN to be told in person and changed at the first sign-in."""
    lock(Person, [person.id])
    if queries.account_of(person.id) is not None:
        raise HasAccountAlready
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
    """Six digits by chance, none of those that are guessed first."""
    pin = f"{secrets.randbelow(1_000_000):06}"
    return pin if rules.secret_fault(pin) is None else new_pin()


def _free_code() -> str:
    """A code of a letter pair and six digits, easily told by telephone, that nobody has yet."""
    code = f"NM{secrets.randbelow(1_000_000):06}"
    return code if queries.account_with_code(code) is None else _free_code()


@action
def reset_pin(account: Account, *, by: Actor) -> str:
    """A new first PIN, to be told in person; every device is signed out and the door is open again."""
    (account,) = lock(Account, [account.id])
    pin = new_pin()
    account.secret_hash, account.must_change = HASHER.hash(pin), True
    account.failures, account.locked_until = 0, None
    end_all(queries.sign_ins_of(account.id))
    history.write("people.reset_pin", account, by=by, unit_id=queries.unit_of(account.person_id))
    return pin


@action
def grant(account: Account, role: Role, unit: Unit, *, by: Actor, begins: date | None = None) -> Grant:
    """A role at a unit from a day on (today). GivesHerself, HasRoleAlready."""
    if by.account_id == account.id:
        raise GivesHerself
    lock(Account, [account.id])
    if any(held.role == role and held.unit_id == unit.id for held in queries.grants_of(account.id)):
        raise HasRoleAlready(field="role")
    given = Grant(account_id=account.id, role=role, unit_id=unit.id, begins=begins or clock.today())
    db.add(given)
    db.flush()
    history.write("people.grant", given, by=by, unit_id=unit.id, role=role.value)
    return given


@action
def end_grant(given: Grant, *, by: Actor) -> None:
    """The role ends now; ending it twice is once."""
    (given,) = lock(Grant, [given.id])
    if given.ends is None or given.ends > clock.today():
        given.ends = max(clock.today(), given.begins)
        history.write("people.end_grant", given, by=by, unit_id=given.unit_id, role=given.role.value)
