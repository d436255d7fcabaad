"""What classes announce. `participation_changed`: who came or completed is no longer the same, or was just frozen."""

from __future__ import annotations

from lms.core.events import Event
from lms.training.models import Participation, Session, TrainingClass

session_closed: Event[Session] = Event("training.session_closed")
class_closed: Event[TrainingClass] = Event("training.class_closed")
participation_changed: Event[TrainingClass] = Event("training.participation_changed")
completed: Event[Participation] = Event("training.completed")
