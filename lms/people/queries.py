"""Questions about persons, accounts and grants."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select

from lms.core import clock, keys, names
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.search import found_in
from lms.people import rules
from lms.people.access import READERS
from lms.people.models import Account, Grant, Person, Post, PostKind, SignedIn, SignIn
from lms.units.models import Unit
from lms.units.queries import lineage_of, titles, valid_on, within

MOST_SHARING = 5  # accounts tried for one telephone number


@dataclass(frozen=True)
class PersonLine:
    """One person in a list: her post of today in the units asked for, and her account, if any."""

    person: Person
    post: Post
    unit_title: str
    account: Account | None


@dataclass(frozen=True)
class Wanted:
    """What a list of persons is narrowed to."""

    typed: str = ""
    kind: PostKind | None = None
    has_account: bool | None = None


def token_hash(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


_TOKEN = (
    select(Account.id, Account.person_id, Person.name, SignIn.id, Account.must_change)
    .join(SignIn, SignIn.account_id == Account.id)
    .join(Person, Account.person_id == Person.id)
    .where(SignIn.token_hash == bindparam("hash"), SignIn.ended_at.is_(None), Account.closed_at.is_(None))
)


def signed_in_by(token: str) -> SignedIn | None:
    """The actor of a cookie's token: one short statement."""
    found = db.execute(_TOKEN, {"hash": token_hash(token)}).first()
    return SignedIn(*found) if found is not None else None


def grants_of(account_id: UUID) -> list[Grant]:
    """Grants that hold today."""
    return list(db.scalars(select(Grant).where(Grant.account_id == account_id, valid_on(Grant, clock.today()))))


def grants_within(account_id: UUID, unit_ids: Iterable[UUID]) -> list[Grant]:
    """All grants of an account, past ones too, at units that these reach; newest first."""
    query = select(Grant).where(Grant.account_id == account_id, Grant.unit_id.in_(within(unit_ids)))
    return list(db.scalars(query.order_by(Grant.begins.desc(), Grant.id.desc())))


def actor_of(account: Account) -> SignedIn:
    """An account as actor (commands, demo, tests)."""
    return SignedIn(account.id, account.person_id, account.person.name)


def canonical(person_id: UUID) -> UUID:
    """The key that counts, folds and lists group by."""
    return db.scalar(select(Person.canonical_id).where(Person.id == person_id)) or person_id


def posts_on(person_ids: Iterable[UUID], on: date | None = None) -> dict[UUID, Post]:
    """Each person's post on a day (today), by person id."""
    query = select(Post).where(Post.person_id.in_(list(person_ids)), valid_on(Post, on or clock.today()))
    return {post.person_id: post for post in db.scalars(query.order_by(Post.begins))}


def post_on(person_id: UUID, on: date | None = None) -> Post | None:
    """One person's post on a day (today)."""
    return posts_on([person_id], on).get(person_id)


def posts_of(person_id: UUID) -> list[Post]:
    """All posts of a person, newest first."""
    query = select(Post).where(Post.person_id == person_id)
    return list(db.scalars(query.order_by(Post.begins.desc(), Post.id.desc())))


def unit_of(person_id: UUID) -> UUID | None:
    """Where she is today; if nowhere, where she was last."""
    post = post_on(person_id) or next(iter(posts_of(person_id)), None)
    return post.unit_id if post is not None else None


def person_for(actor: Actor, person_id: UUID) -> Person:
    """A person of her units (or herself); NotFound for any other, as for an unknown key."""
    found: Person | None = db.get(Person, person_id)
    if found is None or not (person_id == actor.person_id or visible_to(actor, [found])):
        raise NotFound
    return found


def visible_to(actor: Actor, persons: Sequence[Person]) -> list[Person]:
    """Those of these persons who are in her units today, or, being nowhere today, were last there."""
    units = actor.units_as(*READERS)
    places = {person.id: unit_of(person.id) for person in persons} if units else {}
    wanted = {unit_id for unit_id in places.values() if unit_id is not None}
    reached = set(db.scalars(select(Unit.id).where(Unit.id.in_(wanted), Unit.id.in_(within(units)))))
    return [person for person in persons if places.get(person.id) in reached]


def _found_persons(unit_ids: Iterable[UUID], wanted: Wanted) -> Select[Any]:
    """Canonical persons with a post today in these units."""
    here = select(Person.canonical_id).join(Post, Post.person_id == Person.id)
    here = here.where(Post.unit_id.in_(within(unit_ids)), valid_on(Post, clock.today()))
    if wanted.kind is not None:
        here = here.where(Post.kind == wanted.kind)
    query = select(Person).where(Person.id.in_(here))
    if code := rules.plain_code(wanted.typed):
        query = query.where(Person.id.in_(_account_holders().where(Account.code == code)))
    elif wanted.typed:
        query = query.where(found_in(Person.name_loose, wanted.typed))
    if wanted.has_account is not None:
        holds = Person.id.in_(_account_holders())
        query = query.where(holds if wanted.has_account else ~holds)
    return query


def _account_holders() -> Select[Any]:
    return select(Person.canonical_id).join(Account, Account.person_id == Person.id)


def count_within(unit_ids: Iterable[UUID], wanted: Wanted | None = None) -> int:
    """How many lines `persons_within` has."""
    inner = _found_persons(unit_ids, wanted or Wanted()).with_only_columns(Person.id)
    return int(db.scalar(select(func.count()).select_from(inner.subquery())) or 0)


def persons_within(unit_ids: Iterable[UUID], wanted: Wanted | None = None, most: int | None = None) -> list[PersonLine]:
    """Persons whose post of today is in units that these reach, each human once, by given name."""
    units = list(unit_ids)
    query = _found_persons(units, wanted or Wanted()).order_by(Person.name_sort, Person.birth_year, Person.id)
    found = list(db.scalars(query.limit(most)))
    posts = _posts_within(found, units)
    accounts = accounts_of(person.id for person in found)
    places = titles(post.unit_id for post in posts.values())
    return [
        PersonLine(person, posts[person.id], places[posts[person.id].unit_id], accounts.get(person.id))
        for person in found
    ]


def _posts_within(persons: Sequence[Person], units: list[UUID]) -> dict[UUID, Post]:
    """The newest post of today in these units, by canonical id."""
    query = select(Person.canonical_id, Post).join(Post, Post.person_id == Person.id)
    query = query.where(Person.canonical_id.in_([person.id for person in persons]), valid_on(Post, clock.today()))
    query = query.where(Post.unit_id.in_(within(units))).order_by(Post.begins, Post.id)
    return {canonical_id: post for canonical_id, post in db.execute(query)}


def accounts_of(person_ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Accounts by canonical person id."""
    query = select(Person.canonical_id, Account).join(Account, Account.person_id == Person.id)
    query = query.where(Person.canonical_id.in_(list(person_ids))).order_by(Account.created_at.desc())
    return {canonical_id: account for canonical_id, account in db.execute(query)}


def account_of(person_id: UUID) -> Account | None:
    """The account that belongs to this person as recorded."""
    return db.scalar(select(Account).where(Account.person_id == person_id))


def account_with_code(code: str) -> Account | None:
    """The account of a code, however it was typed."""
    return db.scalar(select(Account).where(Account.code == rules.plain_code(code)))


def persons_with_phone(phone: str) -> list[Person]:
    """Persons who gave this telephone number; relatives often share one."""
    index = keys.index(rules.plain_phone(phone))
    return list(db.scalars(select(Person).where(Person.phone_index == index).order_by(Person.id)))


def accounts_by_login(login: str) -> list[Account]:
    """Open accounts that a code or telephone number may mean, at most five."""
    query = select(Account).where(Account.closed_at.is_(None), Account.secret_hash != "")
    if code := rules.plain_code(login):
        query = query.where(Account.code == code)
    else:
        sharing = select(Person.id).where(Person.phone_index == keys.index(rules.plain_phone(login)))
        query = query.where(Account.person_id.in_(sharing))
    return list(db.scalars(query.order_by(Account.id).limit(MOST_SHARING)))


def phone_of(person: Person) -> str:
    """Her number in digits, for her own page and what is sent to her; "" if none is known."""
    return keys.unseal(person.phone_sealed) if person.phone_sealed else ""


def namesakes(name: str, birth_year: int | None, unit_id: UUID) -> list[Person]:
    """Persons of the same name (by its fold) and year (one off, or not known) in the unit or what it was or became."""
    query = select(Person).where(Person.name_fold == names.fold(name))
    if birth_year is not None:
        query = query.where(or_(Person.birth_year.is_(None), Person.birth_year.between(birth_year - 1, birth_year + 1)))
    near = select(Post.person_id).where(Post.unit_id.in_(lineage_of(unit_id)))
    return list(db.scalars(query.where(Person.id.in_(near)).order_by(Person.birth_year, Person.id)))


def sign_ins_of(account_id: UUID) -> list[SignIn]:
    """Devices that are signed in, newest first."""
    query = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    return list(db.scalars(query.order_by(SignIn.at.desc(), SignIn.id.desc())))


def sign_in_for(actor: Actor, sign_in_id: UUID) -> SignIn:
    """One of her own signed-in devices; NotFound."""
    found: SignIn | None = db.get(SignIn, sign_in_id)
    if found is None or found.ended_at is not None or found.account_id != actor.account_id:
        raise NotFound
    return found


def cast(most: int = 12) -> list[PersonLine]:
    """Accounts to try the story with (development only): those that hold roles first, then the oldest."""
    query = select(Account).where(Account.closed_at.is_(None)).order_by(_holds_role().desc(), Account.id).limit(most)
    found = list(db.scalars(query))
    posts = posts_on(account.person_id for account in found)
    places = titles(post.unit_id for post in posts.values())
    return [
        PersonLine(account.person, posts[account.person_id], places[posts[account.person_id].unit_id], account)
        for account in found
        if account.person_id in posts
    ]


def _holds_role() -> Any:
    return select(Grant.id).where(Grant.account_id == Account.id).exists()


def about(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """What this room stores about a person: table -> plain rows. No PIN, no token, not even their hashes."""
    person: Person | None = db.get(Person, person_id)
    if person is None:
        return {"person": [], "post": [], "account": [], "sign_in": [], "grant": []}
    plain: dict[str, object] = {"phone": phone_of(person)}
    account = account_of(person_id)
    held = [] if account is None else list(db.scalars(select(Grant).where(Grant.account_id == account.id)))
    devices = [] if account is None else list(db.scalars(select(SignIn).where(SignIn.account_id == account.id)))
    return {
        "person": [
            _row(person, "id", "name", "birth_year", "sex", "ethnic_group", "address_form", "created_at") | plain
        ],
        "post": [
            _row(post, "village", "kind", "title", "begins", "ends") | {"unit": post.unit.title}
            for post in posts_of(person_id)
        ],
        "account": [] if account is None else [_row(account, "code", "language", "created_at", "closed_at")],
        "sign_in": [_row(device, "device", "at", "ended_at") for device in devices],
        "grant": [_row(given, "role", "begins", "ends") | {"unit": given.unit.title} for given in held],
    }


def _row(record: object, *columns: str) -> dict[str, object]:
    return {column: getattr(record, column) for column in columns}
