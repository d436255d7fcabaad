"""What is wrong in a course folder: file, line, a sentence and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core.words import Text


@dataclass(frozen=True)
class Fault:
    """One thing to mend; `line` counts from 1, 0 means the file as a whole."""

    file: str
    line: int
    sentence: Text
    remedy: Text

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.sentence} {self.remedy}"


class CourseHasFaults(Exception):
    """The folder is refused as a whole; `faults` holds all of them, by file and line."""

    def __init__(self, faults: list[Fault] | tuple[Fault, ...]) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def in_order(faults: list[Fault] | tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Each fault once, by file and line."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line)))


class Faults:
    """Collects while a folder is read; nothing is raised before all was looked at."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, file: str, line: int, sentence: Text, remedy: Text) -> None:
        """Note one fault and read on."""
        self.found.append(Fault(file, line, sentence, remedy))

    def refuse(self) -> None:
        """Raise CourseHasFaults if there is any."""
        if self.found:
            raise CourseHasFaults(self.found)
