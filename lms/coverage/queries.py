"""Questions about coverage: who of a unit's register is trained, by name; a fixed number of statements for any unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.courses.models import Course
from lms.coverage import rules
from lms.coverage.models import Source, TrainedRule
from lms.coverage.rules import Occasion, Part, Parts, Rule, Seat
from lms.learning.models import Study
from lms.officials.models import Category, RegisterEntry
from lms.people.models import Person
from lms.training import queries as training
from lms.training.models import Enrolment, Participation, TrainingClass
from lms.units import queries as units
from lms.units.models import Extent, Unit, UnitEdge, UnitParent
from lms.units.queries import valid_on, within


@dataclass(frozen=True)
class Line:
    """One place: a child unit, or the unit's own body (`is_own`)."""

    unit: Unit
    parts: Parts
    is_own: bool = False


@dataclass(frozen=True)
class Coverage:
    """A unit as of a day: the whole, a line for each place that has anyone, places that have nobody, and why."""

    unit: Unit
    on: date
    whole: Parts
    lines: list[Line]
    children: list[Unit]
    rules: list[TrainedRule]
    entries: dict[UUID, list[RegisterEntry]]
    occasions: dict[UUID, Occasion]
    seats: dict[UUID, Seat]

    @property
    def empty(self) -> list[Unit]:
        """Units below of whom nobody is in the register."""
        filled = {line.unit.id for line in self.lines}
        return [child for child in self.children if child.id not in filled]


def coverage_of(unit_id: UUID, on: date | None = None) -> Coverage:
    """The register of a unit against training, as of a day (today): eight statements, however many units and women."""
    unit, day = units.unit(unit_id), on or clock.today()
    children, entries, rows = units.children_of(unit_id), _entries(unit_id, day), trained_rules()
    kept = [_rule(row) for row in rows]
    occasions = rules.qualifying(_occasions(unit_id, day, kept), kept, day)
    seats = rules.seated(_seats(unit_id, day, kept), kept)
    found = rules.homes(_fact(entry, human) for entry, human in entries)
    by_place = rules.parts_by(found, _places(unit_id), occasions, seats)
    whole, lines = rules.whole(by_place.values()), _lines(unit, children, by_place)
    return Coverage(unit, day, whole, lines, children, rows, _grouped(entries), occasions, seats)


def _lines(unit: Unit, children: Sequence[Unit], by_place: Mapping[UUID, Parts]) -> list[Line]:
    """A line for each place that has anyone; the unit's own body last."""
    lines = [Line(child, by_place[child.id]) for child in children if child.id in by_place]
    return [*lines, Line(unit, by_place[unit.id], is_own=True)] if unit.id in by_place else lines


def _grouped(entries: Iterable[tuple[RegisterEntry, UUID]]) -> dict[UUID, list[RegisterEntry]]:
    grouped: dict[UUID, list[RegisterEntry]] = {}
    for entry, human in entries:
        grouped.setdefault(human, []).append(entry)
    return grouped


def _fact(entry: RegisterEntry, human: UUID) -> rules.Entry:
    return rules.Entry(human, entry.unit_id, entry.category.in_target, entry.begins, entry.id)


def _rule(row: TrainedRule) -> Rule:
    return Rule(row.course_id, row.source, row.threshold, row.begins, row.ends)


def trained_rules() -> list[TrainedRule]:
    """Which occasions make a woman trained, with their courses, oldest first."""
    query = select(TrainedRule).options(joinedload(TrainedRule.course))
    return list(db.scalars(query.order_by(TrainedRule.begins, TrainedRule.id)))


def _places(unit_id: UUID) -> dict[UUID, UUID]:
    """Unit -> the child of `unit_id` it lies in today (over whole edges for units that are no more), or `unit_id`."""
    today = clock.today()
    first = select(UnitParent.unit_id.label("id"), UnitParent.unit_id.label("place"))
    reach = first.where(UnitParent.parent_id == unit_id, valid_on(UnitParent, today)).cte("reach", recursive=True)
    below = select(UnitParent.unit_id, reach.c.place).join(reach, UnitParent.parent_id == reach.c.id)
    reach = reach.union(below.where(valid_on(UnitParent, today)))
    before = select(UnitEdge.old_id, reach.c.place).join(reach, UnitEdge.new_id == reach.c.id)
    own = select(UnitEdge.old_id, UnitEdge.new_id).where(UnitEdge.new_id == unit_id, UnitEdge.extent == Extent.WHOLE)
    mapped = select(reach.c.id, reach.c.place).union(before.where(UnitEdge.extent == Extent.WHOLE), own)
    rows = db.execute(mapped).all()
    own_ids = {old for old, place in rows if place == unit_id}
    return {unit_id: unit_id, **dict.fromkeys(own_ids, unit_id), **{old: at for old, at in rows if at != unit_id}}


def _women(unit_id: UUID, on: date) -> Select[UUID]:
    """Canonical keys of all who are in force in this unit on a day. For `IN (...)`."""
    query = select(Person.canonical_id).join(RegisterEntry, RegisterEntry.person_id == Person.id)
    return query.where(RegisterEntry.unit_id.in_(within([unit_id])), valid_on(RegisterEntry, on))


def _entries(unit_id: UUID, on: date) -> list[tuple[RegisterEntry, UUID]]:
    """All entries in force of women who have one in this unit: her newest decides where she counts, wherever it is."""
    query = select(RegisterEntry, Person.canonical_id).join(Person, RegisterEntry.person_id == Person.id)
    query = query.where(Person.canonical_id.in_(_women(unit_id, on)), valid_on(RegisterEntry, on))
    query = query.options(joinedload(RegisterEntry.unit)).order_by(RegisterEntry.begins, RegisterEntry.id)
    return [(entry, human) for entry, human in db.execute(query)]


def _occasions(unit_id: UUID, on: date, kept: Sequence[Rule]) -> list[Occasion]:
    return [*_in_class(unit_id, on, kept), *_online(unit_id, on, kept)]


def _in_class(unit_id: UUID, on: date, kept: Sequence[Rule]) -> list[Occasion]:
    courses = {rule.course_id for rule in kept if rule.source == Source.CLASS}
    query = select(
        Person.canonical_id, TrainingClass.course_id, TrainingClass.title, TrainingClass.starts_on,
        TrainingClass.ends_on, Participation.came, Participation.completed_at,
    )  # fmt: skip
    query = query.join(Participation, Participation.person_id == Person.id)
    query = query.join(TrainingClass, Participation.class_id == TrainingClass.id)
    query = query.where(TrainingClass.course_id.in_(courses), TrainingClass.cancelled_at.is_(None))
    query = query.where(Person.canonical_id.in_(_women(unit_id, on)))
    return [
        Occasion(human, course, Source.CLASS, ends, starts if came else None, _day(completed), title)
        for human, course, title, starts, ends, came, completed in db.execute(query)
    ]


def _day(instant: Any) -> date | None:
    return clock.local(instant).date() if instant is not None else None


def _online(unit_id: UUID, on: date, kept: Sequence[Rule]) -> list[Occasion]:
    """A first completion is an occasion of its own day; who only began has not come."""
    courses = {rule.course_id for rule in kept if rule.source == Source.ONLINE}
    query = select(Person.canonical_id, Study.course_id, Course.title, Study.completed_at)
    query = query.join(Study, Study.person_id == Person.id).join(Course, Study.course_id == Course.id)
    query = query.where(Study.course_id.in_(courses), Study.completed_at.is_not(None))
    query = query.where(Person.canonical_id.in_(_women(unit_id, on)))
    return [
        Occasion(human, course, Source.ONLINE, day, day, day, title)
        for human, course, title, completed in db.execute(query)
        if (day := _day(completed)) is not None
    ]


def _seats(unit_id: UUID, on: date, kept: Sequence[Rule]) -> list[Seat]:
    """Expected on that day in classes that were neither closed nor cancelled then."""
    courses, after = {rule.course_id for rule in kept if rule.source == Source.CLASS}, _end_of(on)
    query = select(
        Person.canonical_id, TrainingClass.course_id, TrainingClass.ends_on, TrainingClass.title,
        TrainingClass.starts_on,
    )  # fmt: skip
    query = query.join(Enrolment, Enrolment.person_id == Person.id)
    query = query.join(TrainingClass, Enrolment.class_id == TrainingClass.id)
    query = query.where(TrainingClass.course_id.in_(courses), Person.canonical_id.in_(_women(unit_id, on)))
    query = query.where(Enrolment.invited_at < after, _not_by(Enrolment.withdrawn_at, after))
    query = query.where(_not_by(TrainingClass.closed_at, after), _not_by(TrainingClass.cancelled_at, after))
    return [Seat(*row) for row in db.execute(query)]


def _end_of(on: date) -> Any:
    return clock.instant(on + timedelta(days=1))


def _not_by(column: Any, after: Any) -> Any:
    return or_(column.is_(None), column >= after)


@dataclass(frozen=True)
class NameLine:
    """A woman of a part: the group and day that count, where, and the class that trained her or will."""

    person: Person
    unit_title: str
    categories: list[Category]
    term: str
    since: date
    occasion: Occasion | None
    seat: Seat | None

    @property
    def category(self) -> Category:
        """The newest group."""
        return self.categories[0]


def names_of(coverage: Coverage, part: Part) -> list[NameLine]:
    """The women of a part by given name, each human once: exactly as many as its figure says. One statement."""
    wanted = coverage.whole.of(part)
    known = select(Person).where(Person.id.in_(_women(coverage.unit.id, coverage.on)))
    persons = [person for person in db.scalars(known) if person.id in wanted]
    entries = {p.id: _counting(coverage.entries[p.id], in_target=part != Part.OTHER) for p in persons}
    lines = [_name_line(person, entries[person.id], coverage) for person in persons]
    return sorted(lines, key=lambda line: (line.person.name_sort, line.person.birth_year or 0, line.person.id))


def _counting(entries: Sequence[RegisterEntry], in_target: bool) -> list[RegisterEntry]:
    """The entries that put her on this list, newest first."""
    mine = [entry for entry in entries if entry.category.in_target == in_target]
    return sorted(mine, key=lambda entry: (entry.begins, entry.id), reverse=True)


def _name_line(person: Person, entries: Sequence[RegisterEntry], coverage: Coverage) -> NameLine:
    newest = entries[0]
    return NameLine(
        person,
        newest.unit.title,
        list(dict.fromkeys(entry.category for entry in entries)),
        newest.term,
        newest.begins,
        coverage.occasions.get(person.id),
        None if person.id in coverage.occasions else coverage.seats.get(person.id),
    )


@dataclass(frozen=True)
class Gap:
    """The missing of one group."""

    category: Category
    lines: list[NameLine]
    terms: list[str]


_ORDER = (Category.FIRST_ELECTED, Category.NEWLY_APPOINTED, Category.PLANNED)


def gap_of(lines: Iterable[NameLine]) -> list[Gap]:
    """The missing by their newest group: first elected, newly appointed, planned; groups that have anyone."""
    several = list(lines)
    found = [Gap(category, [line for line in several if line.category == category], []) for category in _ORDER]
    return [
        Gap(gap.category, gap.lines, sorted({line.term for line in gap.lines if line.term}))
        for gap in found
        if gap.lines
    ]


@dataclass(frozen=True)
class Offer:
    """A class to invite into: its free seats, and whether it makes trained."""

    training_class: TrainingClass
    seats: int
    counts: bool


def offers_for(actor: Actor, rows: Sequence[TrainedRule]) -> list[Offer]:
    """Open classes into which she may invite; those that make trained first, then by day. Two statements."""
    classes = training.classes_open_for(actor)
    taken = _taken([held.id for held in classes])
    kept = [_rule(row) for row in rows]
    offers = [
        Offer(
            held,
            max(held.capacity - taken.get(held.id, 0), 0),
            any(rule.covers(held.course_id, Source.CLASS, held.ends_on) for rule in kept),
        )
        for held in classes
    ]
    return sorted(offers, key=lambda offer: (not offer.counts, offer.seats == 0))


def _taken(class_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many humans are expected in each class."""
    query = select(Enrolment.class_id, func.count(Person.canonical_id.distinct()))
    query = query.join(Person, Enrolment.person_id == Person.id)
    query = query.where(Enrolment.class_id.in_(class_ids), Enrolment.withdrawn_at.is_(None))
    return {class_id: count for class_id, count in db.execute(query.group_by(Enrolment.class_id))}


def persons_of(person_ids: Iterable[UUID]) -> list[Person]:
    """Persons by key, by given name."""
    return list(db.scalars(select(Person).where(Person.id.in_(list(person_ids))).order_by(Person.name_sort, Person.id)))
