"""What a tag of another system may tell us: `goal:…`, `use:…`, `kind:…`; every other one is a tag of the question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lms.courses.rules.course import KINDS, USES
from lms.courses.rules.exchange.bank import BankQuestion


@dataclass(frozen=True)
class Tagged:
    """What the tags of a question say."""

    goal: str = ""
    use: str = ""
    kind: str = ""
    tags: tuple[str, ...] = ()


def tags_of(written: Iterable[str]) -> Tagged:
    """The tags, sorted by what they are for."""
    said: dict[str, str] = {}
    tags = []
    for tag in written:
        name, sign, value = tag.strip().partition(":")
        if sign and name in {"goal", "use", "kind"}:
            said[name] = value.strip()
        else:
            tags.append(tag)
    use, kind = said.get("use", ""), said.get("kind", "")
    return Tagged(said.get("goal", ""), use if use in USES else "", kind if kind in KINDS else "", tuple(tags))


def with_tags(question: BankQuestion) -> list[str]:
    """The tags that carry a question's goal, use and kind, then its own."""
    said = {"goal": question.goal, "use": question.use, "kind": question.kind}
    return [*(f"{name}:{value}" for name, value in said.items() if value), *question.tags]
