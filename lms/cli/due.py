"""`lms due`: what is due today or late."""

from __future__ import annotations

from sqlalchemy import select

from lms.core import clock, jobs, words
from lms.core.db import db
from lms.courses.models import Course
from lms.learning.models import Assignment, Study
from lms.people.models import Person
from lms.training.models import Session, TrainingClass


def lines() -> list[dict[str, str]]:
    """Sessions held but not closed, courses given and not finished by their day, jobs that failed."""
    return [*_sessions(), *_assignments(), *_jobs()]


def _sessions() -> list[dict[str, str]]:
    query = select(Session, TrainingClass).join(TrainingClass, Session.class_id == TrainingClass.id)
    late = query.where(Session.day <= clock.today(), Session.closed_at.is_(None), TrainingClass.cancelled_at.is_(None))
    return [
        {"day": words.day(session.day), "what": "Buổi chưa chốt", "subject": f"{held.title}, buổi {session.number}"}
        for session, held in db.execute(late.order_by(Session.day, Session.starts))
    ]


def _assignments() -> list[dict[str, str]]:
    done = select(Study.id).where(
        Study.person_id == Assignment.person_id,
        Study.course_id == Assignment.course_id,
        Study.completed_at.is_not(None),
    )
    query = select(Assignment, Person.name, Course.title).join(Person, Assignment.person_id == Person.id)
    query = query.join(Course, Assignment.course_id == Course.id).where(
        Assignment.due <= clock.today(), Assignment.withdrawn_at.is_(None), ~done.exists()
    )
    return [
        {"day": words.day(given.due), "what": "Khóa học đến hạn", "subject": f"{name}: {title}"}
        for given, name, title in db.execute(query.order_by(Assignment.due))
    ]


def _jobs() -> list[dict[str, str]]:
    failed = db.scalars(select(jobs.Job).where(jobs.Job.state == jobs.State.FAILED))
    return [
        {"day": words.day(job.run_after), "what": "Việc nền không xong", "subject": f"{job.kind}: {job.fault}"}
        for job in failed
    ]
