"""When this happens, do that: the whole table. Also which room receives which inbox event and which job."""

from __future__ import annotations

from lms.core import files, inbox, jobs
from lms.core.actor import System
from lms.core.db import db
from lms.credentials import actions as credentials
from lms.indicators import actions as indicators
from lms.learning import actions as learning
from lms.learning import events as learned
from lms.learning.models import Study
from lms.officials import actions as officials
from lms.training import actions as training
from lms.training import events as trained
from lms.training import queries as trainings
from lms.training.models import Participation, TrainingClass

REACTIONS = System("reactions")


def connect() -> None:
    """Connect every listener; calling it twice is once."""
    inbox.receive("study.opened", learning.receive_open)
    inbox.receive("study.answer", learning.receive_answer)
    inbox.receive("study.finished", learning.receive_finish)
    inbox.receive("roll.mark", training.receive_mark)
    inbox.receive("roll.void", training.receive_void)

    learned.test_passed.listen(training.hear_test_passed)
    learned.course_completed.listen(certify_study)
    learned.course_completed.listen(indicators.recount_study)
    trained.participation_changed.listen(indicators.recount_class)
    trained.completed.listen(certify_participation)
    trained.class_closed.listen(certify_class)
    trained.class_closed.listen(indicators.recount_class)

    files.held_by(trainings.holds_scan)

    jobs.work(credentials.PRINT, credentials.print_pdf)
    jobs.work(learning.DROP_UPLOADS, learning.drop_uploads)
    jobs.work(officials.DROP, officials.drop_upload)


def certify_study(study: Study) -> None:
    """A completed online course earns its paper."""
    credentials.issue_for_study(study, by=REACTIONS)


def certify_participation(part: Participation) -> None:
    """Late data or a passed test completed somebody after the class was closed."""
    if part.training_class.closed_at is not None:
        credentials.issue_for_participation(part, by=REACTIONS)


def certify_class(held: TrainingClass) -> None:
    """A closed class earns papers for those who completed it."""
    db.flush()
    credentials.issue_for_class(held, by=REACTIONS)
