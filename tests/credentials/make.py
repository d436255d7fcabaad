"""Rows below this room, made directly: a course, a class that was held, who completed it, an online study."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from lms import demo
from lms.core import clock
from lms.core.actor import System
from lms.core.db import db, transaction
from lms.core.names import loose
from lms.courses.models import Course, Edition
from lms.learning.models import Study
from lms.people.actions import add_person
from lms.people.models import Person, Sex
from lms.training.models import ClassTrainer, Mode, Participation, Session, TrainingClass
from lms.units.models import Organisation
from lms.units.queries import by_code, womens_union_of

TEST = System("test")
DONE = datetime(2026, 6, 19, 9, 30, tzinfo=UTC)


def union(code: str = demo.THANH_HOA) -> Organisation:
    """The Hội LHPN of a unit of the story."""
    found = womens_union_of(demo.place(code).id)
    assert found is not None
    return found


def course(title: str = "Tổ tiết kiệm vay vốn thôn bản", slug: str = "to-tiet-kiem", owner: Organisation | None = None):
    """A course."""
    made = Course(slug=slug, title=title, title_loose=loose(title), component=1, field="b", level="xa",
                  owner_id=owner.id if owner else None, created_at=clock.now())  # fmt: skip
    with transaction():
        db.add(made)
        db.flush()
    return made


def edition(of: Course, certificate_title: str = "Bình đẳng giới ở thôn bản", hours: float = 6.5) -> Edition:
    """What was published."""
    made = Edition(
        course_id=of.id, number=1, digest="0" * 64, title=of.title, summary="", audience=[], audience_text="",
        languages=["vi"], hours=hours, minutes=390, lesson_count=3, open=True, licence="", completion={},
        certificate_title=certificate_title, goals={}, sources=[], test=None, handouts=[], published_at=clock.now(),
        published_by_id=None, superseded_at=None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def person(key: str) -> Person:
    """One of the cast."""
    return demo.member(key).person


def people(count: int) -> list[Person]:
    """More people of the commune, with names that sort."""
    place = demo.place(demo.XUAN_DU)
    with transaction():
        return [add_person(f"Bùi Thị {chr(65 + n // 26)}{chr(97 + n % 26)}n", place, by=TEST, birth_year=1980,
                           sex=Sex.FEMALE) for n in range(count)]  # fmt: skip


def held_class(
    persons: list[Person], *, organiser: Organisation | None = None, of: Course | None = None, number: str = "2026-001"
) -> tuple[TrainingClass, list[Participation]]:
    """A class of two days and four sessions in which these persons took part and completed."""
    with transaction():
        body, unit = organiser or union(), by_code(demo.XUAN_DU)
        assert unit is not None
        made = TrainingClass(
            course=of or course(), number=number, title="Lớp thử", organiser=body, organiser_unit_id=body.unit_id,
            venue_unit_id=unit.id, venue="Nhà văn hóa", mode=Mode.IN_PERSON, starts_on=date(2026, 6, 18),
            ends_on=date(2026, 6, 19), capacity=40, created_at=clock.now(),
        )  # fmt: skip
        db.add(made)
        db.flush()
        for place in range(4):
            day, start = date(2026, 6, 18) + timedelta(days=place // 2), time(7 if place % 2 == 0 else 13, 30)
            db.add(Session(class_id=made.id, number=place + 1, day=day, starts=start, ends=time(start.hour + 3, 30),
                           minutes=210))  # fmt: skip
        took = [Participation(class_id=made.id, person_id=one.canonical_id, minutes=840, sessions=4, came=True,
                              completed_at=DONE) for one in persons]  # fmt: skip
        db.add_all(took)
        db.flush()
    return made, took


def study(of: Course, who: Person, completed: bool = True) -> Study:
    """An online study from 1/9 to 5/9/2026."""
    with transaction():
        published, day = edition(of), datetime(2026, 9, 5, 2, tzinfo=UTC)
        made = Study(
            person_id=who.id, course_id=of.id, edition_id=published.id, began_at=datetime(2026, 9, 1, 2, tzinfo=UTC),
            last_at=day, last_lesson_key="", completed_at=day if completed else None,
            completed_edition_id=published.id if completed else None,
        )  # fmt: skip
        db.add(made)
        db.flush()
    return made


def teaches(training_class: TrainingClass, who: Person) -> None:
    """She is its trainer."""
    with transaction():
        db.add(ClassTrainer(class_id=training_class.id, person_id=who.id))
