"""The app on a fresh copy of the cast for each test, and `page`, the client that checks what it gets."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event

from lms import demo
from lms.app import create_app
from lms.cli.courses import publish
from lms.core.db import alchemy, db
from lms.core.settings import Settings
from lms.migrations import run
from tests.page import Page

hypothesis.settings.register_profile("ci", max_examples=50, deadline=None)
hypothesis.settings.register_profile("long", max_examples=1000, deadline=None)
hypothesis.settings.load_profile("long" if os.environ.get("LMS_LONG") else "ci")

POSTGRES = os.environ.get("TEST_DATABASE_URL", "")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


class House:
    """One app per worker, and the database filled once with the cast."""

    def __init__(self, folder: Path) -> None:
        self.postgres = bool(POSTGRES)
        self.file, self.told = folder / "lms.sqlite", False
        self.holds = ""
        address = f"{POSTGRES.rsplit('/', 1)[0]}/lms_{WORKER}" if POSTGRES else ""
        if POSTGRES:
            self._order(f"DROP DATABASE IF EXISTS lms_{WORKER}", f"DROP DATABASE IF EXISTS filled_{WORKER}")
            self._order(f"CREATE DATABASE lms_{WORKER}")
        self.settings = Settings(data=str(folder), database_url=address, dev="1")
        self.app = create_app(self.settings)
        self.app.config["TESTING"] = True
        run.upgrade()
        with self.app.app_context():
            demo.fill()
            db.remove()
            alchemy.engine.dispose()
            event.listen(Engine, "before_cursor_execute", self._watch)
        self._keep("filled")

    def _watch(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        """A database that was only read is fresh for the next test."""
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN")):
            self.holds = ""

    def _order(self, *orders: str) -> None:
        with psycopg.connect(POSTGRES.replace("+psycopg", ""), autocommit=True) as connection:
            for order in orders:
                connection.execute(order)

    def _keep(self, name: str) -> None:
        if POSTGRES:
            self._order(f"DROP DATABASE IF EXISTS {name}_{WORKER}")
            self._order(f"CREATE DATABASE {name}_{WORKER} TEMPLATE lms_{WORKER}")
        else:
            self._fold_journal()
            shutil.copy(self.file, self.file.with_name(f"{name}.sqlite"))

    def _fold_journal(self) -> None:
        with sqlite3.connect(self.file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def tell(self) -> None:
        """The whole story, told once, kept beside the cast."""
        if self.told:
            return
        self.refresh()
        with self.app.app_context():
            publish((), confirmed=False)
            demo.tell()
            db.remove()
            alchemy.engine.dispose()
        self._keep("story")
        self.told = True

    def refresh(self, kept: str = "filled") -> None:
        """The database as the cast (or the story) left it."""
        with self.app.app_context():
            db.remove()
            if self.holds == kept:
                return
            alchemy.engine.dispose()
        self.holds = kept
        if POSTGRES:
            self._order(
                f"DROP DATABASE lms_{WORKER} WITH (FORCE)", f"CREATE DATABASE lms_{WORKER} TEMPLATE {kept}_{WORKER}"
            )
            return
        for ending in ("-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copy(self.file.with_name(f"{kept}.sqlite"), self.file)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """The house of this worker."""
    with tempfile.TemporaryDirectory() as folder:
        yield House(Path(folder))


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    """The app with a fresh cast, inside an application context."""
    house.refresh()
    with house.app.app_context():
        yield house.app


@pytest.fixture
def page(app: Flask) -> Page:
    """A client that checks each page it gets."""
    return Page(app)


@pytest.fixture
def story(house: House) -> Iterator[Page]:
    """A client on the whole story: courses published, classes held, papers issued, the register filled."""
    house.tell()
    house.refresh("story")
    with house.app.app_context():
        yield Page(house.app)
