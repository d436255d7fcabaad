"""Question banks in and out: our Markdown, GIFT, Aiken, Moodle XML, a plain sheet. Pure. This is the front door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lms.core.words import text
from lms.courses.rules.exchange.aiken import read_aiken, write_aiken
from lms.courses.rules.exchange.bank import (
    BankCriterion,
    BankDraw,
    BankHasFaults,
    BankOption,
    BankQuestion,
)
from lms.courses.rules.exchange.checks import fitted
from lms.courses.rules.exchange.gift import read_gift, write_gift
from lms.courses.rules.exchange.joining import Joined, Wanted, is_asked, joined, questions_in
from lms.courses.rules.exchange.markdown import read_markdown, write_markdown
from lms.courses.rules.exchange.moodle_xml import read_moodle, write_moodle
from lms.courses.rules.exchange.shape import shaped
from lms.courses.rules.exchange.sheet import read_sheet, write_sheet
from lms.courses.rules.faults import Fault

FORMS = ("gift", "aiken", "xml", "xlsx", "md")
MOST_BYTES = 20 * 1024 * 1024
"""A bank that is larger is not read."""
_ENDINGS = {"md": "md", "gift": "gift", "xml": "xml", "xlsx": "xlsx", "xls": "xlsx", "csv": "xlsx"}
_MEDIA = {
    "gift": ("text/plain; charset=utf-8", "gift.txt"),
    "aiken": ("text/plain; charset=utf-8", "aiken.txt"),
    "xml": ("application/xml", "xml"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "md": ("text/markdown; charset=utf-8", "cau-hoi.md"),
}


@dataclass(frozen=True)
class Written:
    """A bank as a file, and the ids of the questions its form cannot carry."""

    content: bytes
    media_type: str
    ending: str
    left_out: tuple[str, ...] = ()


def write_bank(questions: Sequence[BankQuestion], form: str) -> Written:
    """The questions in one of FORMS; KeyError for another."""
    media_type, ending = _MEDIA[form]
    content, left_out = _WRITERS[form](questions)
    return Written(content, media_type, ending, tuple(left_out))


_WRITERS: dict[str, Callable[[Sequence[BankQuestion]], tuple[bytes, Sequence[str]]]] = {
    "gift": lambda questions: _encoded(*write_gift(questions)),
    "aiken": lambda questions: _encoded(*write_aiken(questions)),
    "xml": lambda questions: (write_moodle(questions).encode(), ()),
    "xlsx": lambda questions: (write_sheet(questions), ()),
    "md": lambda questions: (write_markdown(questions).encode(), ()),
}


def _encoded(written: str, left_out: Sequence[str]) -> tuple[bytes, Sequence[str]]:
    return written.encode(), left_out


def read_bank(content: bytes, name: str) -> list[BankQuestion]:
    """The questions of a file whose form is told by its ending and by what is in it; BankHasFaults names the file."""
    try:
        if len(content) > MOST_BYTES:
            raise BankHasFaults([Fault("", 0, text("Tệp quá lớn."), text("Chia thành nhiều tệp nhỏ hơn."))])
        return _READERS[form_of(content, name)](content)
    except BankHasFaults as refused:
        raise BankHasFaults([replace(fault, file=name) for fault in refused.faults]) from refused


def form_of(content: bytes, name: str) -> str:
    """One of FORMS."""
    ending = name.lower().rpartition(".")[2]
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    start = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    if start.startswith(b"<"):
        return "xml"
    if b"\nANSWER:" in content.upper().replace(b"\r", b"\n") and b"{" not in content:
        return "aiken"
    return "md" if start.startswith(b"## ") else "gift"


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = text("Tệp không ở dạng UTF-8.")
        remedy = text("Mở tệp bằng trình soạn thảo, lưu lại với bảng mã UTF-8.")
        raise BankHasFaults([Fault("", line, sentence, remedy)]) from error


_READERS: dict[str, Callable[[bytes], list[BankQuestion]]] = {
    "gift": lambda content: read_gift(_decoded(content)),
    "aiken": lambda content: read_aiken(_decoded(content)),
    "xml": read_moodle,
    "xlsx": read_sheet,
    "md": lambda content: read_markdown(_decoded(content)),
}

__all__ = [
    "FORMS",
    "BankCriterion",
    "BankDraw",
    "BankHasFaults",
    "BankOption",
    "BankQuestion",
    "Joined",
    "Wanted",
    "Written",
    "fitted",
    "form_of",
    "is_asked",
    "joined",
    "questions_in",
    "read_aiken",
    "read_bank",
    "read_gift",
    "read_markdown",
    "read_moodle",
    "read_sheet",
    "shaped",
    "write_aiken",
    "write_bank",
    "write_gift",
    "write_markdown",
    "write_moodle",
    "write_sheet",
]
