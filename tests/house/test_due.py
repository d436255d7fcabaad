"""`lms due`: what is due, told once, and gone when it is done, whichever record of a person did it."""

from __future__ import annotations

from sqlalchemy import select

from lms import demo
from lms.cli import due
from lms.core.db import db, transaction
from lms.people.models import Person
from lms.people.queries import actor_of
from lms.training import actions
from lms.training.models import Session
from tests.page import Page


def _subjects(what: str) -> list[str]:
    return [line["subject"] for line in due.lines() if line["what"] == what]


def test_the_story_has_one_open_session_and_two_late_courses(story: Page) -> None:
    assert len(_subjects("Buổi chưa chốt")) == 1
    assert sorted(s.split(":")[0] for s in _subjects("Khóa học đến hạn")) == ["Bùi Văn Phúc", "Phạm Thị Mai"]
    assert not _subjects("Việc nền không xong")


def test_a_closed_session_is_no_longer_due(story: Page) -> None:
    query = select(Session).where(Session.closed_at.is_(None)).order_by(Session.day, Session.starts)
    actions.close_session(db.scalars(query).first(), by=actor_of(demo.member("trainer")))
    assert not _subjects("Buổi chưa chốt")


def test_a_course_finished_under_another_record_of_the_same_woman_is_done(story: Page) -> None:
    """Thiện has finished; linked with him, Phúc is no longer late."""
    with transaction():
        late = db.scalars(select(Person).where(Person.name == "Bùi Văn Phúc")).one()
        late.canonical_id = demo.member("head").person_id
    assert [s.split(":")[0] for s in _subjects("Khóa học đến hạn")] == ["Phạm Thị Mai"]
