"""Rows of the rooms below, made directly: courses, classes with who came and completed, studies, the register."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.actor import System
from lms.core.db import db, transaction
from lms.core.names import loose
from lms.courses.models import Course, Edition
from lms.indicators import actions
from lms.learning.models import Study
from lms.officials.models import Category, RegisterEntry, SealedVisit
from lms.people.actions import add_person
from lms.people.models import Person, PostKind, Sex
from lms.people.queries import post_on
from lms.training.models import Enrolment, Mode, Participation, TrainingClass
from lms.units.models import Level, Unit
from lms.units.queries import womens_union_of

TEST = System("test")
_numbers = count(1)


def person(key: str) -> Person:
    """One of the cast."""
    return demo.member(key).person


def someone(name: str = "Bùi Thị Thử", unit: str = demo.XUAN_DU, sex: Sex = Sex.FEMALE, group: str | None = "muong",
            kind: PostKind = PostKind.OTHER) -> Person:  # fmt: skip
    """One more person."""
    return add_person(name, demo.place(unit), by=TEST, birth_year=1985, sex=sex, ethnic_group=group, post_kind=kind,
                      since=date(2020, 1, 1))  # fmt: skip


def course(field: str = "lgg", slug: str = "", level: str = "village") -> Course:
    """A course."""
    slug = slug or f"{field}-{next(_numbers)}"
    made = Course(slug=slug, title=f"Khóa {slug}", title_loose=loose(slug), component=4, field=field, level=level,
                  owner_id=None, created_at=clock.now())  # fmt: skip
    with transaction():
        db.add(made)
        db.flush()
    return made


def edition(of: Course) -> Edition:
    """What was published."""
    there: Edition | None = db.scalar(select(Edition).where(Edition.course_id == of.id))
    if there is not None:
        return there
    made = Edition(
        course_id=of.id, number=1, digest="0" * 64, title=of.title, summary="", audience=[], audience_text="",
        languages=["vi"], hours=6, minutes=390, lesson_count=3, open=True, licence="", completion={},
        certificate_title="", goals={}, sources=[], test=None, handouts=[], published_at=clock.now(),
        published_by_id=None, superseded_at=None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def held(
    persons: list[Person],
    of: Course | None = None,
    ends: date = date(2026, 4, 15),
    number: str = "",
    place: str = demo.XUAN_DU,
    completed: bool = True,
    recount: bool = True,
) -> TrainingClass:
    """A class of two days that these persons came to, and (by default) completed; counted at once."""
    body = womens_union_of(demo.place(demo.THANH_HOA).id)
    assert body is not None
    with transaction():
        made = TrainingClass(
            course=of or course(), number=number or f"2026-{next(_numbers):04}", title="Lớp thử", organiser=body,
            organiser_unit_id=body.unit_id, venue_unit_id=demo.place(place).id, venue="Nhà văn hóa",
            mode=Mode.IN_PERSON, starts_on=ends - timedelta(days=1), ends_on=ends, capacity=40,
            created_at=clock.now(), frozen_at=clock.now(),
        )  # fmt: skip
        db.add(made)
        db.flush()
        for one in persons:
            enrol(made, one, completed)
        if recount:
            actions.recount_class(made)
    return made


def enrol(held_class: TrainingClass, one: Person, completed: bool = True) -> Participation:
    """On the roster, frozen, and took part."""
    post = post_on(one.id)
    part = Participation(
        class_id=held_class.id, person_id=one.canonical_id, minutes=600, sessions=4, came=True,
        completed_at=clock.now() if completed else None,
    )  # fmt: skip
    db.add_all([part, Enrolment(
        class_id=held_class.id, person_id=one.id, invited_at=clock.now(), inviter_unit_id=held_class.organiser_unit_id,
        frozen_unit_id=post.unit_id if post else None, frozen_sex=one.sex, frozen_ethnic_group=one.ethnic_group,
        frozen_post_kind=post.kind if post else None,
    )])  # fmt: skip
    db.flush()
    return part


def studied(one: Person, of: Course | None = None, at: datetime = datetime(2026, 5, 20, 3, tzinfo=UTC)) -> Study:
    """A completed online study; counted at once."""
    with transaction():
        chosen = of or course()
        post = post_on(one.id)
        made = Study(
            person_id=one.id, course_id=chosen.id, edition_id=edition(chosen).id, began_at=at, last_at=at,
            completed_at=at, frozen_unit_id=post.unit_id if post else None, frozen_sex=one.sex,
            frozen_ethnic_group=one.ethnic_group, frozen_post_kind=post.kind if post else None,
        )  # fmt: skip
        db.add(made)
        db.flush()
        actions.recount_study(made)
    return made


def entry(one: Person, category: Category, begins: date = date(2024, 1, 1), ends: date | None = None) -> None:
    """A line of the register."""
    with transaction():
        db.add(RegisterEntry(
            person_id=one.id, category=category, body_level=Level.COMMUNE, unit_id=demo.place(demo.XUAN_DU).id,
            begins=begins, ends=ends, entered_at=clock.now(),
        ))  # fmt: skip


def visit(key: str, unit: Unit | None = None) -> None:
    """A reason was given half a minute ago."""
    with transaction():
        db.add(SealedVisit(
            account_id=demo.member(key).id, unit_id=(unit or demo.place(demo.THANH_HOA)).id, reason="Lập kế hoạch",
            at=clock.now(), until=clock.now() + timedelta(minutes=30),
        ))  # fmt: skip
