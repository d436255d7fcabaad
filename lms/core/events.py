"""Announcements. A room announces; `reactions.py` connects. Delivered at the end of the outermost action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Event(Generic[T]):
    """Something that happened to a subject of type T; mypy refuses a listener of another type."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.listeners: list[Callable[[T], object]] = []

    def listen(self, listener: Callable[[T], object]) -> None:
        """Call `listener(subject)` inside the announcing transaction; connecting twice is once."""
        if listener not in self.listeners:
            self.listeners.append(listener)

    def __repr__(self) -> str:
        return f"Event({self.name})"


class Announced:
    """What one transaction has announced: each (event, subject) once, in the order first announced."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Event[Any], object]] = []
        self._seen: set[tuple[int, int]] = set()

    def add(self, event: Event[T], subject: T) -> None:
        """Keep an announcement until the outermost action ends."""
        key = (id(event), id(subject))
        if key not in self._seen:
            self._seen.add(key)
            self._waiting.append((event, subject))

    def deliver(self) -> None:
        """Call every listener until nothing is left; what a listener announces is delivered too."""
        while self._waiting:
            event, subject = self._waiting.pop(0)
            self._seen.discard((id(event), id(subject)))
            for listener in event.listeners:
                listener(subject)
