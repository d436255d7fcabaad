"""What a line of a list is, and which classes an actor reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from lms.core.actor import Actor, Role
from lms.core.ids import to_address
from lms.core.sheets import Cell
from lms.core.words import day
from lms.home.rules import Piece
from lms.training.models import ClassTrainer, TrainingClass
from lms.units.queries import within

STAFF = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.REPORTER, Role.AUDITOR, Role.PLANNER)
PEOPLE_READERS = (*STAFF, Role.TRAINER)
FOUND_AT_MOST = 20


@dataclass(frozen=True)
class Row:
    """One line of a list: its cells, and the page it leads to."""

    cells: tuple[Cell, ...]
    href: str = ""
    snippet: tuple[Piece, ...] = ()

    @property
    def details(self) -> str:
        """All but the first cell, as one text."""
        shown = (day(cell) if isinstance(cell, date) else str(cell) for cell in self.cells[1:] if cell)
        return " · ".join(shown)

    @property
    def said(self) -> str:
        """The snippet without its marks."""
        return "".join(piece.text for piece in self.snippet)


def classes_in_reach(actor: Actor) -> Select[Any]:
    """Classes organised in her units, or taught by her."""
    taught = select(ClassTrainer.class_id).where(ClassTrainer.person_id == actor.person_id)
    mine = TrainingClass.organiser_unit_id.in_(within(actor.units_as(*STAFF)))
    return select(TrainingClass.id).where(or_(mine, TrainingClass.id.in_(taught)), TrainingClass.cancelled_at.is_(None))


def class_row(held: TrainingClass) -> Row:
    """A class in a list."""
    return Row((held.number, held.title, held.starts_on, held.ends_on, held.venue), f"/lop/{to_address(held.id)}")
