"""Runs the steps, and compares what they give with the models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from lms.app import METADATA
from lms.core.settings import settings


def config() -> Config:
    """Alembic's settings: this folder."""
    chosen = Config()
    chosen.set_main_option("script_location", str(Path(__file__).parent))
    return chosen


def upgrade() -> None:
    """Bring the database of the settings to the newest step."""
    command.upgrade(config(), "head")


def downgrade() -> None:
    """Back to nothing (tests only)."""
    command.downgrade(config(), "base")


def differences() -> list[Any]:
    """What the models have and the migrated database has not, or the other way round; empty is good."""
    engine = create_engine(settings().database)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
    engine.dispose()
    return list(found)
