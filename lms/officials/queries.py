"""Questions about the register: entries of a day, visits, and what a list is compared with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.names import fold
from lms.core.refusal import NotFound
from lms.core.search import found_in
from lms.officials import access, rules
from lms.officials.models import Category, RegisterEntry, SealedVisit
from lms.officials.rules import Held, Known, Line, Placed
from lms.people.models import Person, Post, Sex
from lms.people.queries import person_for
from lms.units import queries as units
from lms.units.models import Level, Unit, UnitEdge
from lms.units.queries import valid_on, within


@dataclass(frozen=True)
class Wanted:
    """What a list of entries is narrowed to."""

    category: Category | None = None
    term: str = ""
    typed: str = ""


def unit_for(actor: Actor, unit_id: UUID) -> Unit:
    """A unit whose register she may read; NotFound for any other, as for an unknown key."""
    if not access.can_read(actor, unit_id):
        raise NotFound
    return units.unit(unit_id)


def units_of(actor: Actor) -> list[Unit]:
    """The units at which she holds the role, in Vietnamese order; at least one behind the gate."""
    held = actor.units_as(*access.READERS)
    return list(db.scalars(select(Unit).where(Unit.id.in_(held)).order_by(Unit.name_sort)))


def visit_of(actor: Actor, unit_id: UUID) -> SealedVisit | None:
    """The visit under way that opens this unit, if she gave a reason in the last half hour."""
    open_ = select(SealedVisit).where(SealedVisit.account_id == actor.account_id, SealedVisit.until > clock.now())
    for visit in db.scalars(open_.order_by(SealedVisit.at.desc(), SealedVisit.id.desc())):
        if units.reaches([visit.unit_id], unit_id):
            return visit
    return None


def entries_on(unit_ids: Iterable[UUID], on: date, wanted: Wanted | None = None) -> list[RegisterEntry]:
    """Entries in force on a day in units that these reach, by given name; a woman in two groups has two."""
    return list(db.scalars(_entries_on(unit_ids, on, wanted or Wanted()).order_by(Person.name_sort, RegisterEntry.id)))


def _entries_on(unit_ids: Iterable[UUID], on: date, wanted: Wanted) -> Select[Any]:
    query = select(RegisterEntry).join(Person, RegisterEntry.person_id == Person.id)
    query = query.options(joinedload(RegisterEntry.person), joinedload(RegisterEntry.unit))
    query = query.where(RegisterEntry.unit_id.in_(within(unit_ids)), valid_on(RegisterEntry, on))
    if wanted.category is not None:
        query = query.where(RegisterEntry.category == wanted.category)
    if wanted.term:
        query = query.where(RegisterEntry.term == wanted.term)
    return query.where(found_in(Person.name_loose, wanted.typed)) if wanted.typed else query


def terms_on(unit_ids: Iterable[UUID], on: date) -> list[str]:
    """Terms that entries of a day name, newest first."""
    query = select(RegisterEntry.term).where(RegisterEntry.unit_id.in_(within(unit_ids)), valid_on(RegisterEntry, on))
    return sorted({term for term in db.scalars(query.distinct()) if term}, reverse=True)


def entry_for(actor: Actor, entry_id: UUID) -> RegisterEntry:
    """An entry of her units; NotFound for any other, as for an unknown key."""
    found: RegisterEntry | None = db.get(RegisterEntry, entry_id)
    if found is None or not access.can_read(actor, found.unit_id):
        raise NotFound
    return found


def history_of(actor: Actor, person: Person) -> list[RegisterEntry]:
    """All entries of one human in units she may read, newest first."""
    same = select(Person.id).where(Person.canonical_id == person.canonical_id)
    query = select(RegisterEntry).options(joinedload(RegisterEntry.unit)).where(RegisterEntry.person_id.in_(same))
    query = query.where(RegisterEntry.unit_id.in_(within(actor.units_as(*access.READERS))))
    return list(db.scalars(query.order_by(RegisterEntry.begins.desc(), RegisterEntry.id.desc())))


def woman_for(actor: Actor, person_id: UUID) -> Person:
    """A person of her units, or one who stands in the register there; NotFound for any other."""
    found: Person | None = db.get(Person, person_id)
    if found is not None and history_of(actor, found):
        return found
    return person_for(actor, person_id)


def open_entries(person: Person) -> list[RegisterEntry]:
    """Entries of one human that have not ended, anywhere."""
    same = select(Person.id).where(Person.canonical_id == person.canonical_id)
    query = select(RegisterEntry).where(RegisterEntry.person_id.in_(same), _is_open())
    return list(db.scalars(query.order_by(RegisterEntry.begins, RegisterEntry.id)))


def _is_open() -> Any:
    return or_(RegisterEntry.ends.is_(None), RegisterEntry.ends > clock.today())


@dataclass(frozen=True)
class Place:
    """A unit that a list may name."""

    unit_id: UUID
    kind: str
    name: str

    @property
    def title(self) -> str:
        """ "xã Xuân Du"."""
        return f"{self.kind} {self.name}".strip()


def places_in(unit: Unit) -> list[Place]:
    """Units of today within a unit, itself too, that have a body with officials."""
    query = select(Unit).where(Unit.id.in_(within([unit.id])), valid_on(Unit, clock.today()))
    query = query.where(Unit.level != Level.VILLAGE).order_by(Unit.name_sort)
    return [Place(found.id, found.kind, found.name) for found in db.scalars(query)]


def place_named(places: Sequence[Place], typed: str) -> list[Place]:
    """The units that were meant; several = ambiguous."""
    meant = rules.places_named(typed, [(place, place.kind, place.name) for place in places])
    return [place for place in places if place in meant]


@dataclass(frozen=True)
class Gazetteer:
    """Names that lists may use for the parts of a unit: those of today, and those that became them."""

    unit_id: UUID
    today: list[tuple[UUID, str, str]]
    before: list[tuple[UUID, str, str]]


def gazetteer_of(unit: Unit) -> Gazetteer:
    """The names of a unit and all within it: two statements."""
    today = [(place.unit_id, place.kind, place.name) for place in places_in(unit)]
    query = select(UnitEdge.new_id, Unit.kind, Unit.name).join(Unit, UnitEdge.old_id == Unit.id)
    rows = db.execute(query.where(UnitEdge.new_id.in_(within([unit.id]))).order_by(UnitEdge.id))
    return Gazetteer(unit.id, today, [(new, kind, name) for new, kind, name in rows])


def place_lines(gazetteer: Gazetteer, lines: Sequence[Line], typed: Mapping[int, str]) -> list[Placed]:
    """Each line with the unit its place means, or what a person typed for its row; no place at all means the unit."""
    meant: dict[str, list[UUID]] = {"": [gazetteer.unit_id]}
    placed = []
    for line in lines:
        words = typed.get(line.number) or line.place
        if words not in meant:
            meant[words] = rules.places_named(words, gazetteer.today)
        found = meant[words]
        guesses = found or list(dict.fromkeys(rules.places_named(words, gazetteer.before)))
        placed.append(Placed(line, found[0], ()) if len(found) == 1 else Placed(line, None, tuple(guesses)))
    return placed


def known_persons(unit: Unit, names: Collection[str]) -> list[Known]:
    """Persons within a unit, or in its register, who bear one of these names: four statements for any number."""
    folds = {fold(name) for name in names}
    became: dict[UUID, set[UUID]] = {}
    for old, new in db.execute(_edges_into(unit)):
        became.setdefault(old, set()).add(new)
    lived, registered = db.execute(_lived(unit, folds)).all(), db.execute(_registered(unit, folds)).all()
    listed = {row[0] for row in registered}
    found: dict[tuple[UUID, str, int | None], tuple[bool, set[UUID]]] = {}
    for person_id, name_fold, year, sex, unit_id in [*lived, *registered]:
        _, places = found.setdefault((person_id, name_fold, year), (sex == Sex.MALE, set()))
        places.update(_lineage(unit_id, became))
    return [
        Known(person_id, name_fold, year, is_man, frozenset(places), person_id in listed)
        for (person_id, name_fold, year), (is_man, places) in sorted(found.items(), key=lambda item: item[0][0])
    ]


def _edges_into(unit: Unit) -> Select[UUID, UUID]:
    return select(UnitEdge.old_id, UnitEdge.new_id).where(UnitEdge.new_id.in_(within([unit.id])))


def _lineage(unit_id: UUID, became: Mapping[UUID, set[UUID]]) -> set[UUID]:
    """A unit and all that it went into."""
    found, waiting = set(), [unit_id]
    while waiting:
        now = waiting.pop()
        if now not in found:
            found.add(now)
            waiting.extend(became.get(now, ()))
    return found


_COLUMNS = (Person.canonical_id, Person.name_fold, Person.birth_year, Person.sex)


def _lived(unit: Unit, folds: Collection[str]) -> Select[UUID, str, int | None, Sex, UUID]:
    here = within([unit.id])
    before = select(UnitEdge.old_id).where(UnitEdge.new_id.in_(here))
    query = select(*_COLUMNS, Post.unit_id).join(Post, Post.person_id == Person.id).where(Person.name_fold.in_(folds))
    return query.where(or_(Post.unit_id.in_(here), Post.unit_id.in_(before)))


def _registered(unit: Unit, folds: Collection[str]) -> Select[UUID, str, int | None, Sex, UUID]:
    query = select(*_COLUMNS, RegisterEntry.unit_id).join(RegisterEntry, RegisterEntry.person_id == Person.id)
    return query.where(Person.name_fold.in_(folds), RegisterEntry.unit_id.in_(within([unit.id])), _is_open())


def held_by(unit: Unit, names: Collection[str]) -> list[Held]:
    """Open entries, within a unit, of persons who bear one of these names."""
    humans = select(Person.canonical_id).where(Person.name_fold.in_({fold(name) for name in names}))
    query = select(RegisterEntry, Person.canonical_id).join(Person, RegisterEntry.person_id == Person.id)
    query = query.where(Person.canonical_id.in_(humans), RegisterEntry.unit_id.in_(within([unit.id])), _is_open())
    return [
        Held(e.id, human, e.category, e.unit_id, e.post, e.term, e.decision, e.begins)
        for e, human in db.execute(query.order_by(RegisterEntry.begins, RegisterEntry.id))
    ]


@dataclass(frozen=True)
class PersonChoice:
    """One of several persons a row may mean: what tells them apart."""

    person: Person
    posts: str
    groups: str


def choices_of(person_ids: Iterable[UUID]) -> dict[UUID, PersonChoice]:
    """Persons to choose from, by canonical key, with where they live and their groups of today."""
    ids = list(person_ids)
    persons = {person.id: person for person in db.scalars(select(Person).where(Person.id.in_(ids)))}
    posts = select(Person.canonical_id, Post).join(Post, Post.person_id == Person.id).options(joinedload(Post.unit))
    posts = posts.where(Person.canonical_id.in_(ids), valid_on(Post, clock.today())).order_by(Post.begins, Post.id)
    where = {human: ", ".join(filter(None, (post.village, post.unit.title))) for human, post in db.execute(posts)}
    entries = select(Person.canonical_id, RegisterEntry.category).join(Person, RegisterEntry.person_id == Person.id)
    groups: dict[UUID, list[str]] = {}
    for human, category in db.execute(entries.where(Person.canonical_id.in_(ids), _is_open())):
        groups.setdefault(human, []).append(str(category.label))
    return {
        key: PersonChoice(person, where.get(key, ""), ", ".join(groups.get(key, []))) for key, person in persons.items()
    }


def about(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """What this room stores about a person: table -> plain rows.

    For erasure and for the province's planner only. It is never shown to the person, whose own page must not even
    tell whether an entry exists (design 2); such a request goes to the province's planner.
    """
    query = select(RegisterEntry).options(joinedload(RegisterEntry.unit)).where(RegisterEntry.person_id == person_id)
    return {
        "register_entry": [
            {
                "category": entry.category.value,
                "body_level": entry.body_level.value,
                "unit": entry.unit.title,
                "post": entry.post,
                "term": entry.term,
                "decision": entry.decision,
                "begins": entry.begins,
                "ends": entry.ends,
            }
            for entry in db.scalars(query.order_by(RegisterEntry.begins, RegisterEntry.id))
        ]
    }
