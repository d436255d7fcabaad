"""A question as it travels between systems: neutral, its texts Markdown as authors write them; what a bank may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from lms.courses.rules.course import STEPS
from lms.courses.rules.faults import Fault, in_order


@dataclass(frozen=True)
class BankOption:
    """A choice, a thing to put in order, or a pair (`text` left, `partner` right)."""

    text: str
    right: bool = False
    feedback: str = ""
    partner: str = ""


@dataclass(frozen=True)
class BankCriterion:
    """What a trainer looks at in a long answer, the points for it, and the words of its four steps."""

    text: str
    points: Decimal
    steps: tuple[str, ...] = STEPS


@dataclass(frozen=True)
class BankDraw:
    """A number that chance draws; `values` as authors write them: `1..9 buoc 2` or `3 | 6 | 12`."""

    name: str
    values: str


@dataclass(frozen=True)
class BankQuestion:
    """A question of any of the nine kinds; the gaps of a cloze stand in its text as `{{a|b}}`.

    `use` and `goal` "" = not said. `value` for a plain number, `draws` and `answer` (an expression) for a drawn one.
    `line`: where it stood in the file it came from (of a sheet: its row); `is_named`: its id stood there too. Both count
    for nothing when two questions are compared.
    """

    id: str
    kind: str
    stem: str
    more: str = ""
    options: tuple[BankOption, ...] = ()
    feedback: str = ""
    goal: str = ""
    use: str = ""
    tags: tuple[str, ...] = ()
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    draws: tuple[BankDraw, ...] = ()
    answer: str = ""
    accepted: tuple[str, ...] = ()
    criteria: tuple[BankCriterion, ...] = ()
    accepts: tuple[str, ...] = ()
    needed: Decimal | None = None
    chips: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
    is_named: bool = field(default=True, compare=False)


class BankHasFaults(Exception):
    """The file is refused as a whole; `faults` holds all of them, by line."""

    def __init__(self, faults: list[Fault] | tuple[Fault, ...]) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
