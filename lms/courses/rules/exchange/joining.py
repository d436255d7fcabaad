"""Questions of a bank put behind those of a course folder; the course is read again whole before anything is kept."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lms.core.words import text
from lms.courses.rules.course import Course
from lms.courses.rules.cover import goals_of
from lms.courses.rules.exchange.bank import BankHasFaults, BankQuestion
from lms.courses.rules.exchange.checks import fitted
from lms.courses.rules.exchange.markdown import read_markdown, written_question
from lms.courses.rules.faults import CourseHasFaults, Fault, Faults
from lms.courses.rules.reader import read_files
from lms.courses.rules.tidy import COVER, FORMS, TEST

ASKED = ".cau-hoi.md"
_KEY = re.compile(r"^##\s.*\{\s*#(q-[a-z0-9-]+)[^{}]*\}\s*$", re.MULTILINE)
_DEFAULT_USE = {TEST: "test", FORMS: "form"}


@dataclass(frozen=True)
class Wanted:
    """Where the questions go (a question file or the final test), the goal and the use of those that name none."""

    path: str
    goal: str
    use: str = ""


@dataclass(frozen=True)
class Joined:
    """The folder with the questions in it, and the course it is now."""

    course: Course
    files: dict[str, bytes]
    questions: tuple[BankQuestion, ...]


def is_asked(path: str) -> bool:
    """Do questions stand in this file of a course?"""
    return path.endswith(ASKED) or path in _DEFAULT_USE


def ids_in(files: Mapping[str, bytes]) -> set[str]:
    """The ids of all questions of a folder."""
    return {key for path in files if is_asked(path) for key in _KEY.findall(_text(files[path]))}


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def joined(files: Mapping[str, bytes], questions: Sequence[BankQuestion], wanted: Wanted, name: str) -> Joined:
    """The course with the questions at the end of a file; BankHasFaults by the lines of the bank `name`."""
    goals = goals_of({COVER: _text(files.get(COVER, b""))}) or frozenset()
    try:
        fitting = fitted(questions, ids_in(files), goals, wanted.goal, wanted.use)
    except BankHasFaults as refused:
        raise BankHasFaults([replace(fault, file=name) for fault in refused.faults]) from refused
    before = _text(files.get(wanted.path, b"")).rstrip("\n")
    written, starts = (f"{before}\n\n" if before else ""), []
    pieces, line = [written], written.count("\n") + 1
    for question in fitting:
        starts.append(line)
        pieces.append(written_question(question) + "\n")
        line += pieces[-1].count("\n")
    changed = {**files, wanted.path: ("".join(pieces).rstrip("\n") + "\n").encode()}
    try:
        course = read_files(changed)
    except CourseHasFaults as refused:
        raise BankHasFaults([_placed(fault, wanted.path, starts, fitting, name) for fault in refused.faults]) from None
    _check_kept(course, fitting, name)
    return Joined(course, changed, tuple(fitting))


def _placed(fault: Fault, path: str, starts: list[int], questions: Sequence[BankQuestion], name: str) -> Fault:
    """The fault at the question's place in the bank, where it is one of the new questions."""
    if fault.file != path or not starts or fault.line < starts[0]:
        return fault
    return replace(fault, file=name, line=questions[bisect_right(starts, fault.line) - 1].line)


def _check_kept(course: Course, questions: Sequence[BankQuestion], name: str) -> None:
    """Every question must be there now; an open code block before them would swallow them."""
    kept, faults = {question.id for question in course.questions}, Faults()
    for question in questions:
        if question.id not in kept:
            faults.add(
                name,
                question.line,
                text("Câu hỏi không đọc lại được sau khi thêm vào khóa học."),
                text("Xem lại cuối tệp câu hỏi của bài: có khối mã ``` chưa đóng không."),
            )
    if faults.found:
        raise BankHasFaults(faults.found)


def questions_in(files: Mapping[str, bytes]) -> list[tuple[str, BankQuestion]]:
    """Every question of a folder without faults with its file, in the order of files; each says its use."""
    paths = sorted((path for path in files if is_asked(path)), key=lambda path: (path in _DEFAULT_USE, path))
    return [
        (path, replace(question, use=question.use or _DEFAULT_USE.get(path, "both")))
        for path in paths
        for question in _questions(_text(files[path]))
    ]


def _questions(written: str) -> list[BankQuestion]:
    return read_markdown(written) if _KEY.search(written) else []
