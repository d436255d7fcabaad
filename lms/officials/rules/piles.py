"""Four piles of an uploaded list: new, the same, changed, unclear. A person known is matched, never made twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from lms.core.names import fold
from lms.core.words import Text, text
from lms.officials.rules.categories import Category
from lms.officials.rules.lines import Line

NEW = "moi"
_FIELDS = {
    "post": text("Chức vụ"),
    "term": text("Nhiệm kỳ"),
    "decision": text("Quyết định"),
    "begins": text("Từ ngày"),
}


@dataclass(frozen=True)
class Placed:
    """A line and the unit its place means; None = unknown or ambiguous."""

    line: Line
    unit_id: UUID | None
    guesses: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Known:
    """A person on file: by canonical key, where she has been, whether she stands in the register."""

    person_id: UUID
    name_fold: str
    birth_year: int | None
    is_man: bool
    unit_ids: frozenset[UUID]
    is_registered: bool


@dataclass(frozen=True)
class Held:
    """An open entry of the register, by canonical person."""

    entry_id: UUID
    person_id: UUID
    category: Category
    unit_id: UUID
    post: str
    term: str
    decision: str
    begins: date


@dataclass(frozen=True)
class Difference:
    """What a line says otherwise than the entry held."""

    label: Text
    old: str | date
    new: str | date


@dataclass(frozen=True)
class Settled:
    """A line with her unit and person. No `person_id`: a new person, the same as of row `same_as` if that is given."""

    line: Line
    unit_id: UUID
    person_id: UUID | None = None
    same_as: int | None = None
    held: Held | None = None
    differences: tuple[Difference, ...] = ()


class Why(StrEnum):
    """Why a row cannot be settled without a person's word."""

    UNIT = "unit"
    PERSON = "person"


@dataclass(frozen=True)
class Unclear:
    """A row to be decided by a person: which unit, or which of these persons (or rows above), or a new one."""

    line: Line
    why: Why
    unit_id: UUID | None = None
    persons: tuple[UUID, ...] = ()
    rows: tuple[int, ...] = ()
    guesses: tuple[UUID, ...] = ()


@dataclass
class Piles:
    """What a file would do to the register."""

    new: list[Settled] = field(default_factory=list)
    same: list[Settled] = field(default_factory=list)
    changed: list[Settled] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)

    @property
    def settled(self) -> list[Settled]:
        """What is to be written."""
        return [*self.new, *self.changed]


def sort_out(placed: Sequence[Placed], known: Sequence[Known], held: Sequence[Held], picks: Mapping[int, str]) -> Piles:
    """Put every line on its pile. `picks`: row number -> a person's key, "moi" (a new one) or "dong-7" (as in row 7)."""
    sorter = _Sorter(known, held, picks, _repeated(placed))
    rows: dict[int, list[Placed]] = defaultdict(list)
    for item in placed:
        rows[item.line.number].append(item)
    for row in sorted(rows.values(), key=lambda items: not sorter.is_held(items)):
        sorter.sort(row)
    for pile in (sorter.piles.new, sorter.piles.same, sorter.piles.changed, sorter.piles.unclear):
        pile.sort(key=lambda item: item.line.number)
    return sorter.piles


_Who = tuple[str, int, UUID | None]


def _who(item: Placed) -> _Who:
    return fold(item.line.name), item.line.birth_year, item.unit_id


def _repeated(placed: Sequence[Placed]) -> dict[_Who, list[int]]:
    """Row numbers by name, year and unit."""
    found: dict[_Who, list[int]] = defaultdict(list)
    for item in placed:
        if item.line.number not in found[_who(item)]:
            found[_who(item)].append(item.line.number)
    return found


class _Sorter:
    """One pass over the rows."""

    def __init__(
        self, known: Sequence[Known], held: Sequence[Held], picks: Mapping[int, str], rows: Mapping[_Who, list[int]]
    ) -> None:
        self.piles = Piles()
        self.picks, self.rows = picks, rows
        self.known: dict[str, list[Known]] = defaultdict(list)
        for person in known:
            self.known[person.name_fold].append(person)
        self.held: dict[tuple[UUID, Category, UUID], Held] = {(h.person_id, h.category, h.unit_id): h for h in held}
        self.taken: set[tuple[_Who, UUID]] = set()

    def is_held(self, row: Sequence[Placed]) -> bool:
        """Does one candidate hold just what the row says? Such rows are matched first."""
        return row[0].unit_id is not None and any(self._holds(who, row) for who in self._candidates(row[0]))

    def sort(self, row: Sequence[Placed]) -> None:
        """All lines of one row."""
        first = row[0]
        if first.unit_id is None:
            self.piles.unclear.append(Unclear(first.line, Why.UNIT, guesses=first.guesses))
            return
        candidates = self._candidates(first)
        if self._settle_picked(row, candidates) or self._settle_known(row, candidates):
            return
        earlier = tuple(number for number in self.rows[_who(first)] if number < first.line.number)
        if not candidates and not earlier:
            self._settle(row, None)
            return
        persons = tuple(who.person_id for who in candidates)
        rows = () if candidates else earlier
        self.piles.unclear.append(Unclear(first.line, Why.PERSON, first.unit_id, persons, rows))

    def _candidates(self, item: Placed) -> list[Known]:
        """Of this name: in the unit with this year or one off or none, or anywhere in the register with this year."""
        return [
            who
            for who in self.known[fold(item.line.name)]
            if (item.unit_id in who.unit_ids and abs((who.birth_year or item.line.birth_year) - item.line.birth_year) <= 1)
            or (who.is_registered and who.birth_year == item.line.birth_year)
        ]  # fmt: skip

    def _settle_picked(self, row: Sequence[Placed], candidates: Sequence[Known]) -> bool:
        """As a person decided, if what she chose is on offer."""
        number, picked = row[0].line.number, self.picks.get(row[0].line.number, "")
        chosen = next((who.person_id for who in candidates if str(who.person_id) == picked), None)
        earlier = {f"dong-{other}": other for other in self.rows[_who(row[0])] if other < number}
        if chosen is None and picked != NEW and picked not in earlier:
            return False
        self._settle(row, chosen, earlier.get(picked))
        return True

    def _settle_known(self, row: Sequence[Placed], candidates: Sequence[Known]) -> bool:
        """The one who holds what the row says; else the only one of this name and year here, if only one row names her."""
        key = _who(row[0])
        holder = next((w for w in candidates if self._holds(w, row) and (key, w.person_id) not in self.taken), None)
        exact = [w for w in candidates if w.birth_year == key[1] and key[2] in w.unit_ids and not w.is_man]
        alone = len(exact) == 1 and len(self.rows[key]) == 1
        if holder is None and not alone:
            return False
        chosen = (holder or exact[0]).person_id
        self.taken.add((key, chosen))
        self._settle(row, chosen)
        return True

    def _holds(self, who: Known, row: Sequence[Placed]) -> bool:
        entries = [self.held.get((who.person_id, item.line.category, item.unit_id)) for item in row if item.unit_id]
        return all(
            entry is not None and not differences(item.line, entry)
            for item, entry in zip(row, entries, strict=True)
        )  # fmt: skip

    def _settle(self, row: Sequence[Placed], person_id: UUID | None, same_as: int | None = None) -> None:
        for item in row:
            assert item.unit_id is not None
            entry = self.held.get((person_id, item.line.category, item.unit_id)) if person_id else None
            found = differences(item.line, entry) if entry else ()
            settled = Settled(item.line, item.unit_id, person_id, same_as, entry, found)
            pile = self.piles.new if entry is None else self.piles.changed if found else self.piles.same
            pile.append(settled)


def differences(line: Line, entry: Held) -> tuple[Difference, ...]:
    """What the line says otherwise; what it leaves empty is no difference."""
    pairs = [(name, getattr(entry, name), getattr(line, name)) for name in _FIELDS]
    return tuple(Difference(_FIELDS[name], old, new) for name, old, new in pairs if new and new != old)
