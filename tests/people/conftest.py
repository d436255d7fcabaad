"""A page client that asks as a new visitor each time: within one test flask's `g` outlives the request."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g
from werkzeug.test import TestResponse

from tests.page import Page


class Door(Page):
    """Several persons knock in one test."""

    def raw(self, method: str, address: str, **names: Any) -> TestResponse:
        """Any request; who is signed in is asked anew."""
        g.pop("_login_user", None)
        return super().raw(method, address, **names)


@pytest.fixture
def page(app: Flask) -> Door:
    """A client that checks each page it gets."""
    return Door(app)
