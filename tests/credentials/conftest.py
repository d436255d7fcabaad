"""The page client for tests in which several persons knock: flask's `g` outlives the request within one test."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g
from werkzeug.test import TestResponse

from tests.page import Page


class Door(Page):
    """Who is signed in is asked anew for each request."""

    def raw(self, method: str, address: str, **names: Any) -> TestResponse:
        """Any request, unchecked."""
        g.pop("_login_user", None)
        return super().raw(method, address, **names)


@pytest.fixture
def page(app: Flask) -> Door:
    """A client that checks each page it gets."""
    return Door(app)
