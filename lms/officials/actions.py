"""Verbs of the register: open a sealed visit, look, enter, end, take in a list."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.core import clock, history, jobs
from lms.core.actor import Actor
from lms.core.db import action, afterwards, db, lock
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.officials import documents, queries
from lms.officials.documents import Upload
from lms.officials.models import Category, RegisterEntry, SealedVisit
from lms.officials.rules import Line, Piles, Settled, sort_out
from lms.people import actions as people
from lms.people.models import Person, PostKind, Sex
from lms.units.models import Level, Unit

VISIT, WAIT = timedelta(minutes=30), timedelta(hours=24)
DROP = "officials.drop_upload"
NO_DISTRICTS = date(2025, 7, 1)


class IsAMan(Refusal):
    """The register is of women officials."""

    sentence = text("Sổ này chỉ ghi cán bộ nữ. Nếu giới bị ghi nhầm, nhờ cán bộ Hội xã sửa ở trang của người đó.")
    field = "person"


class AlreadyInGroup(Refusal):
    """One open entry for a group at a body."""

    sentence = text("Người này đang ở trong nhóm đó tại đơn vị đó. Kết thúc dòng cũ trước khi ghi dòng mới.")


class UnitHasEnded(Refusal):
    """No officials of a unit that is no more; no district bodies since 1/7/2025."""

    sentence = text("Đơn vị này không còn vào ngày bắt đầu. Chọn đơn vị hiện nay hoặc ghi ngày khác.")


class EndsTooEarly(Refusal):
    """An entry ends on the day it begins (never held) or later."""

    sentence = text("Ngày kết thúc phải từ ngày bắt đầu trở đi.")


class HasEnded(Refusal):
    """An entry ends once."""

    sentence = text("Dòng này đã kết thúc. Ghi dòng mới nếu cần.")


class StillUnclear(Refusal):
    """Rows that a person must decide."""

    sentence = text("Còn dòng chưa rõ là ai hoặc ở đơn vị nào. Chưa lưu gì cả. Chọn ở từng dòng rồi lưu.")


class RegisterHasChanged(Refusal):
    """What was shown is no longer what would be written."""

    sentence = text("Sổ vừa được sửa ở nơi khác nên kết quả đã đổi. Chưa lưu gì cả. Xem lại rồi lưu.")


@action
def open_visit(unit: Unit, reason: str, *, by: Actor) -> SealedVisit:
    """A reason opens the sealed pages of a unit to this account for 30 minutes."""
    now = clock.now()
    assert by.account_id is not None
    visit = SealedVisit(account_id=by.account_id, unit_id=unit.id, reason=reason, at=now, until=now + VISIT)
    db.add(visit)
    db.flush()
    history.write("officials.open_visit", visit, by=by, unit_id=unit.id, reason=reason)
    return visit


@action
def look(visit: SealedVisit, unit_id: UUID, shown: str, count: int, *, by: Actor, **details: Any) -> None:
    """A line in the history for each sealed page: what was shown, of which unit, how many, and why."""
    history.write(
        "officials.look", visit, by=by, unit_id=unit_id, reason=visit.reason, page=shown, count=count, **details
    )


@action
def enter(
    person: Person,
    category: Category,
    body_level: Level,
    unit: Unit,
    post: str,
    term: str,
    decision: str,
    begins: date,
    *,
    by: Actor,
    digest: str = "",
) -> RegisterEntry:
    """A woman in a group at a body from a day on. IsAMan, AlreadyInGroup, UnitHasEnded."""
    lock(Unit, [unit.id])
    if person.sex == Sex.MALE:
        raise IsAMan(field="person")
    if (unit.ends is not None and unit.ends <= begins) or (body_level == Level.DISTRICT and begins >= NO_DISTRICTS):
        raise UnitHasEnded(field="place")
    if any(_overlaps(old, category, unit, begins) for old in _entries_of(person)):
        raise AlreadyInGroup(field="category")
    entry = RegisterEntry(
        person_id=person.id, category=category, body_level=body_level, unit_id=unit.id, post=post, term=term,
        decision=decision, begins=begins, source_digest=digest, entered_by_id=by.account_id, entered_at=clock.now(),
    )  # fmt: skip
    db.add(entry)
    db.flush()
    history.write("officials.enter", entry, by=by, unit_id=unit.id)
    return entry


def _entries_of(person: Person) -> list[RegisterEntry]:
    same = select(Person.id).where(Person.canonical_id == person.canonical_id)
    return list(db.scalars(select(RegisterEntry).where(RegisterEntry.person_id.in_(same))))


def _overlaps(old: RegisterEntry, category: Category, unit: Unit, begins: date) -> bool:
    here = old.category == category and old.unit_id == unit.id
    return here and (old.ends is None or old.ends > max(begins, old.begins))


@action
def end_entry(entry: RegisterEntry, on: date, *, reason: str, by: Actor) -> RegisterEntry:
    """From a day on she is no longer in the group; what was counted before that day stays. HasEnded, EndsTooEarly."""
    (entry,) = lock(RegisterEntry, [entry.id])
    if entry.ends is not None:
        raise HasEnded()
    if on < entry.begins:
        raise EndsTooEarly(field="ends")
    entry.ends = on
    history.write("officials.end_entry", entry, by=by, unit_id=entry.unit_id, reason=reason)
    db.flush()
    return entry


@dataclass(frozen=True)
class Imported:
    """What a list did: entries added, entries replaced, persons added."""

    new: int
    changed: int
    persons: int

    @property
    def total(self) -> int:
        """Lines that changed anything."""
        return self.new + self.changed


@action
def import_list(
    lines: Sequence[Settled], unit: Unit, digest: str, *, by: Actor, begins: date | None = None
) -> Imported:
    """All settled lines or none; `begins` is the day for lines that name none (today). Refusals of `enter`."""
    day, added, new, changed = begins or clock.today(), dict[int, Person](), 0, 0
    places = {u.id: u for u in db.scalars(select(Unit).where(Unit.id.in_({line.unit_id for line in lines})))}
    for settled in sorted(lines, key=lambda settled: settled.line.number):
        place = places[settled.unit_id]
        if settled.held is not None:
            _replace_entry(settled, place, day, digest, by)
            changed += 1
            continue
        person = _person_of(settled, place, day, added, by)
        if any(e.category == settled.line.category and e.unit_id == place.id for e in queries.open_entries(person)):
            continue  # the same line twice in one file
        _enter_line(person, settled.line, place, settled.line.begins or day, digest, by)
        new += 1
    persons = len({person.id for person in added.values()})
    history.write("officials.import_list", unit, by=by, unit_id=unit.id, digest=digest, new=new, changed=changed)
    return Imported(new, changed, persons)


def _person_of(settled: Settled, place: Unit, day: date, added: dict[int, Person], by: Actor) -> Person:
    """The person matched, the one added for a row above, or a new one."""
    if settled.person_id is not None:
        return db.get_one(Person, settled.person_id)
    line, first = settled.line, settled.same_as or settled.line.number
    if first not in added:
        added[first] = people.add_person(
            line.name, place, by=by, birth_year=line.birth_year, sex=Sex.FEMALE, ethnic_group=line.ethnic_group,
            post_kind=PostKind.COMMUNE_CADRE if place.level == Level.COMMUNE else PostKind.PROVINCE_CADRE,
            post_title=line.post[:120], since=min(line.begins or day, clock.today()),
        )  # fmt: skip
    added[line.number] = added[first]
    return added[first]


def _enter_line(person: Person, line: Line, place: Unit, begins: date, digest: str, by: Actor) -> RegisterEntry:
    return enter(
        person, line.category, place.level, place, line.post, line.term, line.decision, begins, by=by, digest=digest
    )


def _replace_entry(settled: Settled, place: Unit, day: date, digest: str, by: Actor) -> None:
    """Nothing is overwritten: a new term ends the old entry, a correction strikes it out; a new row says the rest."""
    held, line = settled.held, settled.line
    assert held is not None
    (old,) = lock(RegisterEntry, [held.entry_id])
    is_next = bool(line.term) and line.term != held.term and bool(held.term)
    begins = line.begins or (max(day, held.begins) if is_next else held.begins)
    old.ends = max(begins, held.begins) if is_next else held.begins
    history.write("officials.replace_entry", old, by=by, unit_id=place.id)
    db.flush()
    filled = replace(
        line, post=line.post or held.post, term=line.term or held.term, decision=line.decision or held.decision
    )
    _enter_line(old.person, filled, place, begins, digest, by)


@dataclass(frozen=True)
class Sorted:
    """A list held against the register: the piles, and a mark of what they were before anybody picked."""

    piles: Piles
    mark: str


def sort_upload(upload: Upload, unit: Unit, picks: Mapping[int, str], places: Mapping[int, str]) -> Sorted:
    """The piles of an upload. `picks` and `places`: what was chosen and typed for rows, by number."""
    lines = documents.lines_of(upload)
    names, gazetteer = {line.name for line in lines}, queries.gazetteer_of(unit)
    known, held = queries.known_persons(unit, names), queries.held_by(unit, names)
    before = sort_out(queries.place_lines(gazetteer, lines, {}), known, held, {})
    piles = sort_out(queries.place_lines(gazetteer, lines, places), known, held, picks) if picks or places else before
    return Sorted(piles, hashlib.sha256(repr(before).encode()).hexdigest()[:16])


@action
def keep_upload(upload: Upload, *, by: Actor) -> str:
    """Keep a list sealed until it is decided, a day at most; gives the digest under which it waits."""
    digest = documents.keep(upload)
    jobs.enqueue(DROP, {"digest": digest}, run_after=clock.now() + WAIT)
    return digest


@action
def take_in(
    upload: Upload, unit: Unit, picks: Mapping[int, str], places: Mapping[int, str], mark: str, *, by: Actor
) -> Imported:
    """Write a list as it was shown. StillUnclear, RegisterHasChanged: nothing is written."""
    placed = queries.place_lines(queries.gazetteer_of(unit), documents.lines_of(upload), places)
    lock(Unit, sorted({unit.id, *(item.unit_id for item in placed if item.unit_id)}))
    sorted_ = sort_upload(upload, unit, picks, places)
    if sorted_.mark != mark:
        raise RegisterHasChanged()
    if sorted_.piles.unclear:
        raise StillUnclear()
    return import_list(sorted_.piles.settled, unit, upload.digest, by=by, begins=upload.begins)


@action
def discard(digest: str) -> None:
    """Drop a list once this transaction is stored."""
    afterwards(lambda: documents.drop(digest))


@action
def drop_upload(payload: dict[str, Any]) -> None:
    """Job `officials.drop_upload`: a list nobody decided on in a day is dropped."""
    documents.drop(str(payload["digest"]))


@action
def forget(person_id: UUID, *, by: Actor) -> set[str]:
    """Blank what tells of her; group, unit and days stay on the row of a nameless person, so figures stay the same."""
    for entry in db.scalars(select(RegisterEntry).where(RegisterEntry.person_id == person_id)):
        entry.post = entry.decision = ""
        entry.source_digest = ""
    db.flush()
    history.write("officials.forget", None, by=by, kind="RegisterEntry")
    return {"register_entry"}
