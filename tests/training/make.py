"""A course, a class with its sessions, its people: what the tests of this room begin with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import inspect, select

from lms import demo
from lms.core import clock
from lms.core.actor import System
from lms.core.db import action, db
from lms.core.ids import to_address
from lms.courses.models import Course
from lms.people.models import Person, SignedIn
from lms.people.queries import actor_of
from lms.training import actions
from lms.training.models import Attendance, Mode, Session, TrainerRole, TrainingClass
from lms.training.models import RollState as RollState
from lms.units.queries import womens_union_of

BY = System("test")
kept: dict[Any, Any] = {}
SLUG = "lop-thu"
FIRST = date(2026, 11, 26)
MORNING, AFTERNOON = (time(7, 30), time(11, 0)), (time(13, 30), time(17, 0))


@action
def course(slug: str = SLUG) -> Course:
    """A course taught in classes only."""
    found = db.scalar(select(Course).where(Course.slug == slug))
    if found is None:
        found = Course(slug=slug, title="Lớp thử", title_loose="lop thu", component=4, field="gioi", level="thon",
                       created_at=clock.now())  # fmt: skip
        db.add(found)
        db.flush()
    return found


def training_class(unit: str = demo.XUAN_DU, first: date = FIRST, days: int = 2, **names: Any) -> TrainingClass:
    """A class of a unit's Hội; threshold 80, 40 seats unless said otherwise."""
    place = demo.place(unit)
    organiser = womens_union_of(place.id)
    assert organiser is not None
    facts: dict[str, Any] = {"capacity": 40, "threshold": 80, "needs_test": False, **names}
    opened = actions.open_class(
        course(), "Lồng ghép giới, đợt 1", organiser, place, "Nhà văn hóa xã", Mode.IN_PERSON, first,
        first + timedelta(days=days - 1), by=BY, **facts,
    )  # fmt: skip
    keep([opened])
    return opened


def sessions(held: TrainingClass, count: int = 2) -> list[Session]:
    """Mornings and afternoons from the first day on, 210 minutes each."""
    halves = [(held.starts_on + timedelta(days=n // 2), *(AFTERNOON if n % 2 else MORNING)) for n in range(count)]
    return list(keep([actions.add_session(held, *half, by=BY) for half in halves]))


def keep(rows: Any) -> Any:
    """Rows that stay at hand after a request of the page client."""
    kept.update({(type(row), inspect(row).identity): row for row in rows})
    return rows


def villagers(count: int, code: str = demo.XUAN_DU) -> list[Person]:
    """So many people of a commune, by the order they were entered."""
    lines = demo.VILLAGERS if code == demo.XUAN_DU else demo.NEIGHBOURS
    names = [line.split(";")[0] for line in lines]
    query = select(Person).where(Person.name.in_(names)).order_by(Person.id).limit(count)
    found = list(db.scalars(query))
    assert len(found) == count
    return list(keep(found))


def running(
    people: int = 5, count: int = 2, unit: str = demo.XUAN_DU, **names: Any
) -> tuple[TrainingClass, list[Session], list[Person]]:
    """A class with sessions and an invited roster."""
    held = training_class(unit, **names)
    persons = villagers(people, unit)
    actions.invite(held, persons, by=BY)
    return held, sessions(held, count), persons


def taught_by(held: TrainingClass, key: str = "trainer") -> None:
    """One of the cast teaches it."""
    actions.add_trainer(held, demo.member(key).person, TrainerRole.LEAD, by=BY)


def who(key: str) -> SignedIn:
    """One of the cast as actor."""
    return actor_of(demo.member(key))


def at(row: Any) -> str:
    """The key of a row as addresses write it."""
    return to_address(inspect(row).identity[0])


def noon(day: date = FIRST) -> datetime:
    """An instant of a day."""
    return datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)


def rows(held: TrainingClass) -> list[tuple[Any, ...]]:
    """The attendance of a class as plain facts, in order."""
    query = select(Attendance).join(Session, Attendance.session_id == Session.id).where(Session.class_id == held.id)
    found = db.scalars(query.execution_options(populate_existing=True))
    return sorted((r.session_id, r.person_id, r.state.value, r.minutes, r.method.value, r.mark_id) for r in found)
