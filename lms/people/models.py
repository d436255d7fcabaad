"""Persons as far as known, their posts, the accounts that sign in, the grants of roles (design 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, SmallInteger, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock
from lms.core.actor import Role
from lms.core.db import Model, choice, db
from lms.core.words import Text, text
from lms.units.models import Unit


class Sex(StrEnum):
    """As used in counts; unknown is a bucket of its own."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Text:
        """For people."""
        return {Sex.FEMALE: text("Nữ"), Sex.MALE: text("Nam"), Sex.UNKNOWN: text("Không rõ")}[self]


class PostKind(StrEnum):
    """Kinds of trainee (domain 9)."""

    VILLAGE_HEAD = "village_head"
    BRANCH_HEAD = "branch_head"
    PRESTIGIOUS_PERSON = "prestigious_person"
    VILLAGE_ELDER = "village_elder"
    RELIGIOUS_DIGNITARY = "religious_dignitary"
    COMMUNE_CADRE = "commune_cadre"
    PROVINCE_CADRE = "province_cadre"
    OTHER = "other"

    @property
    def label(self) -> Text:
        """For people."""
        return _POSTS[self]


_POSTS = {
    PostKind.VILLAGE_HEAD: text("Trưởng thôn, bản"),
    PostKind.BRANCH_HEAD: text("Chi hội trưởng"),
    PostKind.PRESTIGIOUS_PERSON: text("Người có uy tín"),
    PostKind.VILLAGE_ELDER: text("Già làng"),
    PostKind.RELIGIOUS_DIGNITARY: text("Chức sắc tôn giáo"),
    PostKind.COMMUNE_CADRE: text("Cán bộ xã"),
    PostKind.PROVINCE_CADRE: text("Cán bộ tỉnh"),
    PostKind.OTHER: text("Khác"),
}


class Person(Model):
    """One human as far as known. `canonical_id` is what counts; `ethnic_group` is sensitive (own key, e.g. "muong")."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name_fold_birth_year", "name_fold", "birth_year"),)

    canonical_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    name_fold: Mapped[str] = mapped_column(String(200))
    name_loose: Mapped[str] = mapped_column(String(120), index=True)
    name_sort: Mapped[str] = mapped_column(String(240), index=True)
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    sex: Mapped[Sex] = mapped_column(choice(Sex), default=Sex.UNKNOWN)
    ethnic_group: Mapped[str | None] = mapped_column(String(20))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True)
    address_form: Mapped[str] = mapped_column(String(10), default="")
    created_at: Mapped[datetime]


class Post(Model):
    """Where a person lives or works and as what, for a time; the open one is hers today. A change closes it."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_unit_ends", "unit_id", "ends"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    village: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[PostKind] = mapped_column(choice(PostKind), default=PostKind.OTHER)
    title: Mapped[str] = mapped_column(String(120), default="")
    begins: Mapped[date]
    ends: Mapped[date | None]

    unit: Mapped[Unit] = relationship()
    person: Mapped[Person] = relationship()


class Account(Model):
    """Signs in; belongs to exactly one person. `code` is given by the coordinator, the secret is the person's own."""

    __tablename__ = "account"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(200), default="")
    must_change: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(8), default="vi")
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class SignIn(Model):
    """A device on which an account is signed in. The cookie holds the token, the table only its hash."""

    __tablename__ = "sign_in"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class UnknownLogin(Model):
    """Tries at logins that nobody has, so that the door answers them as it answers others. Holds no login itself."""

    __tablename__ = "unknown_login"

    login_index: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(index=True)


class Grant(Model):
    """A role of an account at a unit, [begins, ends); reaches the unit's subtree."""

    __tablename__ = "grant"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    begins: Mapped[date]
    ends: Mapped[date | None]

    unit: Mapped[Unit] = relationship()


class SignedIn:
    """The actor of a request. The account and the grants of today are read when first asked for."""

    def __init__(
        self, account_id: UUID, person_id: UUID, name: str, sign_in_id: UUID | None = None, must_change: bool = False
    ) -> None:
        self.account_id, self.person_id, self.name = account_id, person_id, name
        self.sign_in_id, self.must_change = sign_in_id, must_change

    @property
    def account(self) -> Account:
        """The account, with its person."""
        return db.get_one(Account, self.account_id)

    @property
    def person(self) -> Person:
        """The person."""
        return self.account.person

    @property
    def grants(self) -> Sequence[Grant]:
        """Grants that hold today."""
        return list(db.scalars(select(Grant).where(Grant.account_id == self.account_id, *_held_on(clock.today()))))

    @cached_property
    def _roles(self) -> tuple[tuple[Role, UUID], ...]:
        """Roles that hold today, each with its unit."""
        query = select(Grant.role, Grant.unit_id).where(Grant.account_id == self.account_id, *_held_on(clock.today()))
        return tuple((role, unit_id) for role, unit_id in db.execute(query))

    def units_as(self, *roles: Role) -> frozenset[UUID]:
        """Units at which any of these roles is held today."""
        return frozenset(unit_id for role, unit_id in self._roles if role in roles)


def _held_on(day: date) -> tuple[ColumnElement[bool], ...]:
    return Grant.begins <= day, or_(Grant.ends.is_(None), Grant.ends > day)
