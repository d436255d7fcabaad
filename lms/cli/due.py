"""`lms due`: what is due today or late."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms.core import clock, jobs, words
from lms.core.db import db
from lms.learning.queries import overdue
from lms.training.queries import unclosed_sessions


def lines() -> list[dict[str, str]]:
    """Sessions held but not closed, courses given and not finished by their day, jobs that failed."""
    return [*_sessions(), *_assignments(), *_jobs()]


def _sessions() -> list[dict[str, str]]:
    return [
        {"day": words.day(session.day), "what": "Buổi chưa chốt", "subject": f"{held.title}, buổi {session.number}"}
        for session, held in db.execute(unclosed_sessions(clock.today()))
    ]


def _assignments() -> list[dict[str, str]]:
    return [
        {"day": words.day(given.due), "what": "Khóa học đến hạn", "subject": f"{person.name}: {course.title}"}
        for given, person, course in db.execute(overdue(clock.today() + timedelta(days=1)))
    ]


def _jobs() -> list[dict[str, str]]:
    failed = db.scalars(select(jobs.Job).where(jobs.Job.state == jobs.State.FAILED))
    return [
        {"day": words.day(job.run_after), "what": "Việc nền không xong", "subject": f"{job.kind}: {job.fault}"}
        for job in failed
    ]
