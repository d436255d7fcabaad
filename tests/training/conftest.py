"""The page client of this room: rows that a test made are at hand again after each request."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lms.core.db import db
from tests.page import Page
from tests.training import make


class RoomPage(Page):
    """A request ends the session; the rows of the test join the next one and are read afresh."""

    def raw(self, method: str, address: str, **names: Any) -> TestResponse:
        """Any request, unchecked."""
        answer = super().raw(method, address, **names)
        for row in make.kept.values():
            db.add(row)
            db.expire(row)
        return answer


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test keeps its own rows."""
    make.kept.clear()


@pytest.fixture
def page(app: Flask) -> Page:
    """A client that checks each page it gets."""
    return RoomPage(app)
