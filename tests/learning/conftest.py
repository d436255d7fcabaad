"""What the tests of this room begin with."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.courses.models import Edition
from tests.learning import course


@pytest.fixture
def edition(app: Flask) -> Edition:
    """The small course, published."""
    return course.publish()
