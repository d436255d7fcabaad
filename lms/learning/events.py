"""What online study announces."""

from __future__ import annotations

from lms.core.events import Event
from lms.learning.models import Study, TestAttempt

course_completed: Event[Study] = Event("learning.course_completed")
test_passed: Event[TestAttempt] = Event("learning.test_passed")
