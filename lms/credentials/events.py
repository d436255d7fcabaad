"""What credentials announces."""

from __future__ import annotations

from lms.core.events import Event
from lms.credentials.models import Certificate

certificate_issued: Event[Certificate] = Event("credentials.certificate_issued")
certificate_ended: Event[Certificate] = Event("credentials.certificate_ended")
