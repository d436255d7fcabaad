"""The database: `db` (the session), `Model`, `transaction`, `action`, `announce` (design 3, Transactions)."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum as PyEnum
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, Select, Uuid, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry, scoped_session
from sqlalchemy.types import TypeDecorator

from lms.core.events import Announced, Event
from lms.core.ids import new_id

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Instant(TypeDecorator[datetime]):
    """An instant, UTC on the way in and out; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """With its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)  # type: ignore[no-any-return]


def choice(kind: type[PyEnum]) -> Enum:
    """Column type of an enum: its value as text, with a CHECK, the same on both databases."""
    return Enum(
        kind, native_enum=False, create_constraint=True, length=32, values_callable=lambda e: [m.value for m in e]
    )


_METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Model(DeclarativeBase):
    """A table. Its key is a UUIDv7."""

    registry = registry(metadata=_METADATA, type_annotation_map={datetime: Instant(), UUID: Uuid()})

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


alchemy = SQLAlchemy(model_class=Model, disable_autonaming=True, session_options={"expire_on_commit": False})
db: scoped_session[Any] = alchemy.session


class _Scope:
    """One transaction under way."""

    def __init__(self) -> None:
        self.actions = 0
        self.announced = Announced()
        self.afterwards: list[Callable[[], object]] = []
        self.undone = False


_scope: ContextVar[_Scope | None] = ContextVar("scope", default=None)


@contextmanager
def transaction() -> Iterator[None]:
    """The outermost opens for writing, commits at the end and undoes all on an exception; inner ones join."""
    if _scope.get() is not None:
        yield
        return
    db.rollback()  # what was read before may be stale: read again under the lock
    db.connection(execution_options={"writes": True})
    scope = _Scope()
    token = _scope.set(scope)
    try:
        yield
        if scope.undone:
            db.rollback()
        else:
            db.commit()
    except BaseException:
        db.rollback()
        raise
    finally:
        _scope.reset(token)
    if not scope.undone:
        for step in scope.afterwards:
            step()


def undo() -> None:
    """Nothing of the transaction under way will be kept (a refusal was shown on its page)."""
    scope = _scope.get()
    if scope is not None:
        scope.undone = True


def afterwards(step: Callable[[], object]) -> None:
    """Run once the transaction under way is safely stored."""
    scope = _scope.get()
    if scope is None:
        raise RuntimeError("afterwards() outside a transaction")
    scope.afterwards.append(step)


def announce(happened: Event[T], subject: T) -> None:
    """Say that something happened; listeners hear it at the end of the outermost action, before commit."""
    scope = _scope.get()
    if scope is None:
        raise RuntimeError(f"{happened} announced outside an action")
    scope.announced.add(happened, subject)


def action(verb: Callable[P, R]) -> Callable[P, R]:
    """A verb: whole or not at all. Joins the transaction under way, else opens its own; the outermost delivers."""

    @functools.wraps(verb)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction():
            scope = _scope.get()
            assert scope is not None
            scope.actions += 1
            try:
                result = verb(*args, **kwargs)
                if scope.actions == 1:
                    db.flush()
                    scope.announced.deliver()
            finally:
                scope.actions -= 1
            return result

    return wrapped


def lock(model: type[T], keys: Sequence[UUID]) -> list[T]:
    """Rows locked in id order (PostgreSQL; SQLite holds the one writer's lock already), read afresh."""
    table: Any = model
    rows = select(model).where(table.id.in_(list(keys))).order_by(table.id).with_for_update()
    return list(db.scalars(rows.execution_options(populate_existing=True)))


def exists(query: Select[Any]) -> bool:
    """Is there at least one row?"""
    return db.scalar(query.limit(1)) is not None


class Counter:
    """How many statements ran (pages are held to a number of them)."""

    def __init__(self) -> None:
        self.statements: list[str] = []


_counter: ContextVar[Counter | None] = ContextVar("counter", default=None)


@contextmanager
def counting() -> Iterator[Counter]:
    """Count the statements inside the block."""
    counter = Counter()
    token = _counter.set(counter)
    try:
        yield counter
    finally:
        _counter.reset(token)


@event.listens_for(Engine, "before_cursor_execute")
def _count(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
    counter = _counter.get()
    if counter is not None:
        counter.statements.append(statement)


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # BEGIN is ours, below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "cache_size=-8000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
