"""The inbox knows the room's events, as `reactions` connects them."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.core import inbox
from lms.courses.models import Edition
from lms.learning import actions
from tests.learning import course


@pytest.fixture(autouse=True)
def receivers() -> None:
    inbox.receive(actions.OPEN, actions.receive_open)
    inbox.receive(actions.ANSWER, actions.receive_answer)
    inbox.receive(actions.FINISH, actions.receive_finish)


@pytest.fixture
def edition(app: Flask) -> Edition:
    """The small course, published."""
    return course.publish()
