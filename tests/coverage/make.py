"""Courses, classes held and coming, and studies, as rows."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from lms import demo
from lms.core import clock
from lms.core.actor import System
from lms.core.db import action, db
from lms.core.ids import new_id, to_address
from lms.core.names import loose
from lms.courses.models import Course, Edition
from lms.coverage import actions
from lms.coverage.models import Source, Threshold
from lms.learning.models import Study
from lms.people.models import Person
from lms.training.models import Enrolment, Mode, Participation, TrainingClass
from lms.units.queries import womens_union_of

DEMO = System("test")
BEGINS = date(2021, 1, 1)


def at(day: date, hour: int = 9) -> datetime:
    """An instant of a day."""
    return clock.instant(day, time(hour))


@action
def course(slug: str = "lanh-dao", title: str = "Năng lực lãnh đạo") -> Course:
    """A course of the leadership field."""
    made = Course(slug=slug, title=title, title_loose=loose(title), component=3, field="lanh-dao", level="xa",
                  created_at=clock.now())  # fmt: skip
    db.add(made)
    db.flush()
    return made


@action
def trained_by(
    held: Course, source: Source = Source.CLASS, threshold: Threshold = Threshold.COMPLETED, **days: Any
) -> UUID:
    """A rule that makes it count."""
    return actions.make_rule(
        held, by=DEMO, begins=days.get("begins", BEGINS), ends=days.get("ends"), source=source, threshold=threshold
    ).id


@action
def training_class(of: Course, starts: date, ends: date | None = None, **names: Any) -> TrainingClass:
    """A class of the province; `closed` = the day it was closed."""
    organiser, unit = womens_union_of(demo.place(demo.THANH_HOA).id), demo.place(demo.THANH_HOA)
    assert organiser is not None
    made = TrainingClass(
        course_id=of.id, number=str(new_id())[-12:], title=names.get("title", "Lớp cho cán bộ nữ"), organiser_id=organiser.id,
        organiser_unit_id=unit.id, venue_unit_id=unit.id, venue="Nhà văn hóa", mode=Mode.IN_PERSON, starts_on=starts,
        ends_on=ends or starts, capacity=names.get("capacity", 40), created_at=at(starts),
        closed_at=at(names["closed"]) if "closed" in names else None,
        cancelled_at=at(names["cancelled"]) if "cancelled" in names else None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


@action
def seat(held: UUID, who: Person, invited: date = date(2026, 9, 1), withdrawn: date | None = None) -> None:
    """Expected in a class."""
    db.add(Enrolment(class_id=held, person_id=who.id, invited_at=at(invited), inviter_unit_id=demo.place(demo.THANH_HOA).id,
                     withdrawn_at=at(withdrawn) if withdrawn else None))  # fmt: skip


@action
def part(held: UUID, who: Person, completed: date | None = None, came: bool = True) -> None:
    """Took part in a class."""
    db.add(Participation(class_id=held, person_id=who.canonical_id, minutes=480 if came else 0, sessions=2, came=came,
                         completed_at=at(completed) if completed else None))  # fmt: skip


@action
def study(of: Course, who: Person, completed: date | None) -> None:
    """Studied online."""
    edition = Edition(
        course_id=of.id, number=1, digest="0" * 64, title=of.title, summary="", audience=[], audience_text="", languages=["vi"],
        hours=1.0, minutes=60, lesson_count=1, open=True, licence="", completion={}, certificate_title="", goals={},
        sources=[], test=None, published_at=at(BEGINS),
    )  # fmt: skip
    db.add(edition)
    db.flush()
    db.add(Study(person_id=who.id, course_id=of.id, edition_id=edition.id, began_at=at(BEGINS), last_at=at(BEGINS),
                 completed_at=at(completed) if completed else None))  # fmt: skip


def key(found: UUID) -> str:
    """As in addresses."""
    return to_address(found)
