"""Questions about persons, accounts and grants."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.people.models import Account, Grant, Person, Post, SignedIn, SignIn
from lms.units.queries import valid_on


def token_hash(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in_by(token: str) -> SignedIn | None:
    """The actor of a cookie's token: two statements."""
    found: SignIn | None = db.scalar(select(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None)))
    if found is None or found.account.closed_at is not None:
        return None
    return SignedIn(found.account, grants_of(found.account_id), found.id)


def grants_of(account_id: UUID) -> list[Grant]:
    """Grants that hold today."""
    return list(db.scalars(select(Grant).where(Grant.account_id == account_id, valid_on(Grant, clock.today()))))


def actor_of(account: Account) -> SignedIn:
    """An account as actor (commands, demo, tests)."""
    return SignedIn(account, grants_of(account.id))


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
