"""Sets of indicators as written in `sets/*.toml`: read whole or refused whole, with every fault named."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.core.refusal import Refusal
from lms.core.words import Text, text


class Counts(StrEnum):
    """Unit of count; the two are never mixed or added."""

    PERSONS = "persons"
    PARTICIPATIONS = "participations"

    @property
    def label(self) -> Text:
        """For people."""
        return {Counts.PERSONS: text("người"), Counts.PARTICIPATIONS: text("lượt")}[self]


class Threshold(StrEnum):
    """How much of an occasion counts: at least one session with minutes, or completed."""

    CAME = "came"
    COMPLETED = "completed"


class Attribution(StrEnum):
    """Whose figure it is: her unit when the class began, the organiser's, or the venue's."""

    HOME = "home"
    ORGANISER = "organiser"
    VENUE = "venue"


@dataclass(frozen=True)
class Indicator:
    """One line. `title` is a working title; the official number and text stay empty until an operator enters them.

    `fields`, `levels` (of the course; no levels = all), `sex` ("" = all) and `minority` (None = all) are filters.
    `register`: counts only whom the sealed register has in a target category on the first day. `target` None: unknown.
    """

    code: str
    title: str
    official_no: str
    official_text: str
    component: int
    counts: tuple[Counts, ...]
    sources: tuple[str, ...]
    threshold: Threshold
    attribution: Attribution
    fields: tuple[str, ...]
    levels: tuple[str, ...]
    sex: str
    minority: bool | None
    register: bool
    disaggregations: tuple[str, ...]
    target: int | None


@dataclass(frozen=True)
class IndicatorSet:
    """A version of the indicators, in force from 1 January of a year (figures of a year have one definition)."""

    name: str
    title: str
    phase: str
    begins: date
    indicators: tuple[Indicator, ...]

    def indicator(self, code: str) -> Indicator | None:
        """The line of a code."""
        return next((one for one in self.indicators if one.code == code), None)


class SetHasFaults(Refusal):
    """A set file is refused as a whole; `faults` names each place and what to write there."""

    def __init__(self, faults: Sequence[Text]) -> None:
        self.faults = list(faults)
        super().__init__(text("Tệp bộ chỉ tiêu có chỗ cần sửa: {faults}", faults=" ".join(map(str, faults))))


LISTS: dict[str, tuple[str, ...]] = {
    "counts": tuple(Counts),
    "sources": ("class", "online"),
    "fields": ("lgg", "lanh-dao", "tkvv", "clb", "khac"),
    "levels": ("village", "commune", "province", "all"),
    "disaggregations": ("course", "category", "level", "post_kind", "sex", "minority", "ethnic_group", "commune"),
}
WORDS: dict[str, tuple[str, ...]] = {
    "threshold": tuple(Threshold),
    "attribution": tuple(Attribution),
    "sex": ("", "female", "male"),
}
NEEDED = ("code", "title", "component", "counts", "sources", "threshold", "attribution", "fields")
KNOWN = {*NEEDED, *LISTS, *WORDS, "official_no", "official_text", "minority", "register", "target"}
_EMPTY_ALLOWED = {"levels", "disaggregations"}


def read_set(content: str) -> IndicatorSet:
    """The set of a file; SetHasFaults names every fault at once."""
    try:
        lines = tomllib.loads(content)
    except tomllib.TOMLDecodeError as fault:
        raise SetHasFaults([text("Không đọc được tệp TOML: {fault}.", fault=fault)]) from fault
    faults = [*_head_faults(lines), *_twice(lines.get("indicator", []))]
    for place, line in enumerate(lines.get("indicator", []), 1):
        faults += _line_faults(line, place)
    if faults:
        raise SetHasFaults(faults)
    indicators = tuple(_indicator(line) for line in lines["indicator"])
    return IndicatorSet(lines["name"], lines["title"], lines["phase"], lines["begins"], indicators)


def _head_faults(lines: dict[str, Any]) -> list[Text]:
    faults = [
        text("Thiếu ô {name} ở đầu tệp.", name=name)
        for name in ("name", "title", "phase")
        if not isinstance(lines.get(name), str) or not lines[name]
    ]
    begins = lines.get("begins")
    if type(begins) is not date or (begins.month, begins.day) != (1, 1):
        faults.append(text("Ô begins phải là ngày 1 tháng 1 của một năm, viết như 2026-01-01."))
    if not isinstance(lines.get("indicator"), list) or not lines["indicator"]:
        faults.append(text("Tệp chưa có mục [[indicator]] nào."))
    return faults


def _twice(lines: Any) -> list[Text]:
    codes = [line.get("code") for line in lines] if isinstance(lines, list) else []
    return [text("Mã {code} có hai lần.", code=code) for code in dict.fromkeys(codes) if codes.count(code) > 1]


def _line_faults(line: dict[str, Any], place: int) -> list[Text]:
    which = line.get("code") or place
    faults = [text("{which}: thiếu ô {name}.", which=which, name=name) for name in NEEDED if name not in line]
    faults += [text("{which}: không có ô nào tên {name}.", which=which, name=name) for name in sorted({*line} - KNOWN)]
    faults += [
        text("{which}: ô {name} chỉ nhận {words}.", which=which, name=name, words=", ".join(filter(None, words)))
        for name, words in {**LISTS, **WORDS}.items()
        if name in line and not _is_among(line[name], name, words)
    ]
    faults += [
        text("{which}: ô {name} viết sai kiểu.", which=which, name=name)
        for name, kinds in _KINDS.items()
        if name in line and type(line[name]) is not kinds
    ]
    return faults


_KINDS = {"code": str, "title": str, "official_no": str, "official_text": str, "component": int, "minority": bool,
          "register": bool, "target": int}  # fmt: skip


def _is_among(value: Any, name: str, words: Iterable[str]) -> bool:
    if name in WORDS:
        return value in tuple(words)
    filled = isinstance(value, list) and (bool(value) or name in _EMPTY_ALLOWED)
    return filled and all(one in tuple(words) for one in value)


def _indicator(line: dict[str, Any]) -> Indicator:
    return Indicator(
        code=line["code"],
        title=line["title"],
        official_no=line.get("official_no", ""),
        official_text=line.get("official_text", ""),
        component=line["component"],
        counts=tuple(Counts(one) for one in line["counts"]),
        sources=tuple(line["sources"]),
        threshold=Threshold(line["threshold"]),
        attribution=Attribution(line["attribution"]),
        fields=tuple(line["fields"]),
        levels=tuple(line.get("levels", ())),
        sex=line.get("sex", ""),
        minority=line.get("minority"),
        register=line.get("register", False),
        disaggregations=tuple(line.get("disaggregations", ())),
        target=line.get("target"),
    )


def in_force(sets: Sequence[IndicatorSet], on: date) -> IndicatorSet:
    """The set of a day: the last that had begun; days before all of them have the first."""
    ordered = sorted(sets, key=lambda one: one.begins)
    return next((one for one in reversed(ordered) if one.begins <= on), ordered[0])
