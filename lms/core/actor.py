"""What rules need to know of the one who acts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Role(StrEnum):
    """The seven roles of design 3; everyone is a learner, the others are granted at a unit and reach its subtree."""

    LEARNER = "learner"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    PLANNER = "planner"
    REPORTER = "reporter"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Actor(Protocol):
    """An account that acts, or the system itself."""

    @property
    def account_id(self) -> UUID | None: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    def units_as(self, *roles: Role) -> frozenset[UUID]:
        """Units at which any of these roles is held today (without their subtrees)."""


@dataclass(frozen=True)
class System:
    """A job or command acts; it holds no role."""

    name: str
    account_id: UUID | None = None
    person_id: UUID | None = None

    def units_as(self, *roles: Role) -> frozenset[UUID]:
        """None: rules that ask for a role refuse the system."""
        return frozenset()
