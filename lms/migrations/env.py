"""Alembic's entry: the metadata of the app, batch mode for SQLite."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine

from lms.app import METADATA
from lms.core.db import Instant
from lms.core.settings import settings


def plain(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Steps name plain column types, never ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def run() -> None:
    """Run the steps on the database of the settings, in one transaction."""
    engine = create_engine(settings().database)
    with engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True, render_item=plain
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
