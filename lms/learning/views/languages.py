"""In which language a lesson is read: as asked for, else in Vietnamese, and then it says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from lms.core.words import Text, text
from lms.courses.models import Edition, Lesson

HOME = "vi"
LANGUAGES = {
    "vi": text("tiếng Việt"),
    "bdq": text("tiếng Ba Na"),
    "blt": text("tiếng Thái"),
    "cja": text("tiếng Chăm"),
    "cjm": text("tiếng Chăm"),
    "en": text("tiếng Anh"),
    "hmn": text("tiếng Mông"),
    "ium": text("tiếng Dao"),
    "jra": text("tiếng Gia Rai"),
    "km": text("tiếng Khmer"),
    "mtq": text("tiếng Mường"),
    "nut": text("tiếng Nùng"),
    "rad": text("tiếng Ê Đê"),
    "tai": text("tiếng Thái"),
    "tyz": text("tiếng Tày"),
}


@dataclass(frozen=True)
class Chip:
    """A language one may choose; `code` None = Vietnamese."""

    label: Text
    code: str | None
    is_chosen: bool


@dataclass(frozen=True)
class Reading:
    """A lesson as it is read: `language` of title and parts, `asked` for by the reader (kept on the way to others).

    `missing`: the language that was asked for and is not there; `audio` {address, type, size} or None.
    """

    language: str
    asked: str | None
    missing: Text | None
    title: str
    parts: list[dict[str, Any]]
    audio: dict[str, Any] | None
    chips: tuple[Chip, ...]

    @property
    def is_foreign(self) -> bool:
        """Is it another language than that of the checks and buttons?"""
        return self.language != HOME

    @property
    def spoken(self) -> Text:
        """The name of the language."""
        return name_of(self.language)


def name_of(code: str) -> Text:
    """A language's name; its code where nobody named it."""
    return LANGUAGES.get(code) or text("tiếng “{code}”", code=code)


def reading_of(edition: Edition, lesson: Lesson) -> Reading:
    """The lesson in the language that the address asks for (`tieng`)."""
    variants: dict[str, Any] = lesson.variants or {}
    asked = request.args.get("tieng", "")
    found = variants.get(asked)
    known = asked if asked in {*variants, *edition.languages} - {HOME} else None
    return Reading(
        asked if found else HOME,
        known,
        name_of(known) if known and not found else None,
        found["title"] or lesson.title if found else lesson.title,
        found["parts"] if found else lesson.parts,
        found.get("audio") if found else lesson.audio,
        _chips(variants, asked if found else HOME),
    )


def _chips(variants: dict[str, Any], chosen: str) -> tuple[Chip, ...]:
    """Vietnamese and what else this lesson speaks; nothing to choose is no chip."""
    codes = [HOME, *sorted(variants)] if variants else []
    return tuple(Chip(name_of(code), None if code == HOME else code, code == chosen) for code in codes)
