"""Numbers, dates, laws and telephones that stand in a lesson without a footnote. Warnings, not faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.core.words import text
from lms.courses.rules.blocks import ACTIVITY, CHECK, MINUTES, PRODUCT, STEP, STORY, Stretch, split
from lms.courses.rules.faults import Fault, Faults
from lms.courses.rules.fragment import masked

_LAW = r"\b(?:Bộ luật|Luật|Nghị định|Nghị quyết|Quyết định|Thông tư)\b[^.;\n]{0,80}?\d[\w/.-]*|\bĐiều\s+\d+"
_TELEPHONE = r"(?<![\d/.,])(?:0\d{2,3}[ .]?\d{3}[ .]?\d{3,4}|1[89]00[ .]?\d{4,6}|11[1345]|1022)(?![\d/]|[.,]\d)"
_LARGE = r"\d+(?:[.,]\d+)?\s?%|\d{1,3}(?:\.\d{3})+|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{4,}\b"
_NUMBER = r"\d{2,}"
_ALWAYS = re.compile(f"{_LAW}|{_TELEPHONE}|{_LARGE}")
_STRICT = re.compile(f"{_LAW}|{_TELEPHONE}|{_LARGE}|{_NUMBER}")
_REFERENCE = re.compile(r"\[\^([^\]]+)\]")
_NOTE = re.compile(r" {0,3}\[\^([^\]]+)\]:(.*)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_NO_TEXT = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<[^>]*>|\{[^}]*\}")
_EASY = frozenset({STORY, ACTIVITY, STEP})
_NO_CLAIMS = frozenset({CHECK, PRODUCT, MINUTES})


@dataclass(frozen=True)
class Claim:
    """A paragraph, list item or table with footnotes: its place, its words, (label, words) of each footnote."""

    file: str
    line: int
    words: str
    notes: tuple[tuple[str, str], ...]


def claims_with_footnotes(markdown: str, file: str = "", first_line: int = 1) -> list[Claim]:
    """Everything that names a source, in order: to be read against the sources."""
    notes = dict(notes_of(markdown))
    found = []
    for stretch in split(markdown, file, first_line, Faults()):
        for line, paragraph in _paragraphs(stretch):
            if labels := dict.fromkeys(_REFERENCE.findall(paragraph)):
                words = " ".join(_REFERENCE.sub("", paragraph).split())
                found.append(Claim(file, line, words, tuple((label, notes.get(label, "")) for label in labels)))
    return found


def notes_of(markdown: str) -> list[tuple[str, str]]:
    """(label, words) of the footnotes of a text, in order."""
    return [(found[1], found[2].strip()) for line in masked(markdown) if (found := _NOTE.match(line))]


def claims_without_footnote(
    markdown: str, file: str = "", first_line: int = 1, *, is_easy: bool = False
) -> list[Fault]:
    """A warning for each paragraph, list item or table that makes a claim and has no footnote, with its line.

    In stories, activities and step cards, and in an easy text, plain numbers of two or three digits are let be.
    """
    warnings = Faults()
    for stretch in split(markdown, file, first_line, Faults()):
        if stretch.name in _NO_CLAIMS:
            continue
        pattern = _ALWAYS if is_easy or stretch.name in _EASY else _STRICT
        for line, paragraph in _paragraphs(stretch):
            _warn(paragraph, file, line, pattern, warnings)
    return warnings.found


def _warn(paragraph: str, file: str, line: int, pattern: re.Pattern[str], warnings: Faults) -> None:
    claim = None if _REFERENCE.search(paragraph) else pattern.search(_NO_TEXT.sub(" ", paragraph))
    if claim:
        warnings.add(
            file,
            line,
            text("Đoạn này có “{claim}” mà chưa có chú thích nguồn.", claim=claim[0].strip()),
            text("Thêm [^mã nguồn] vào đoạn và một dòng [^mã nguồn]: tên nguồn ở cuối bài."),
        )


def _paragraphs(stretch: Stretch) -> Iterator[tuple[int, str]]:
    """(line, text) of each paragraph, list item and table; headings and footnotes themselves are left out."""
    kept: list[str] = []
    start, is_note = stretch.line, False
    for number, line in enumerate([*masked(stretch.markdown), ""], start=stretch.line):
        begins = bool(_ITEM.match(line) or _HEADING.match(line) or _NOTE.match(line))
        if kept and (begins or not line.strip()):
            yield start, " ".join(kept)
            kept = []
        if line.strip() and not _HEADING.match(line):
            is_note = bool(_NOTE.match(line)) or (is_note and (line.startswith("    ") or bool(kept)))
            if not is_note:
                start = start if kept else number
                kept.append(line[item.end() :] if (item := _ITEM.match(line)) else line)
