"""Texts. The Vietnamese sentence is the key; a catalogue gives the other languages. Knows no web."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from gettext import NullTranslations

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from lms.core import clock
from lms.core.settings import PACKAGE

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
_language: ContextVar[str] = ContextVar("language", default="vi")


@cache
def catalogue(language: str) -> NullTranslations:
    """Translations of a language, compiled in memory from its `.po` file; Vietnamese needs none."""
    path = PACKAGE / "translations" / language / "messages.po"
    if language == "vi" or not path.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    """The language in force."""
    return _language.get()


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Texts come out in this language inside the block."""
    token = _language.set(chosen if chosen in LANGUAGES else "vi")
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str) -> str:
    """The sentence in the language in force, now."""
    return catalogue(_language.get()).gettext(message) if _language.get() != "vi" else message


class Text:
    """A sentence that is put into the reader's language when it is shown; `{name}` places take values."""

    def __init__(self, message: str, values: dict[str, object]) -> None:
        self.message, self.values = message, values

    def __str__(self) -> str:
        sentence = gettext(self.message)
        return sentence.format(**self.values) if self.values else sentence

    def __html__(self) -> str:
        return str(self).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")

    def __mod__(self, places: object) -> str:
        """WTForms fills `%(max)d` into its own sentences; ours are complete."""
        return str(self)

    def __repr__(self) -> str:
        return f"Text({self.message!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.message, self.values) == (other.message, other.values)

    def __hash__(self) -> int:
        return hash(self.message)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(str(self), name)


def text(message: str, **values: object) -> Text:
    """A lazy sentence for models, labels and refusals."""
    return Text(message, values)


def day(value: date | datetime | None) -> str:
    """dd/mm/yyyy; an instant is shown as its day in Việt Nam."""
    if value is None:
        return ""
    local = clock.local(value) if isinstance(value, datetime) else value
    return f"{local.day:02}/{local.month:02}/{local.year}"


def moment(value: datetime | None) -> str:
    """dd/mm/yyyy HH:MM in Việt Nam."""
    return "" if value is None else f"{day(value)} {clock.local(value):%H:%M}"


def number(value: float | Decimal | None, places: int = 0) -> str:
    """1.234.567,8: thousands by points, decimals by a comma."""
    if value is None:
        return ""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact:,}".translate(str.maketrans(",.", ".,"))


def percent(part: int, whole: int) -> str:
    """Rounded once, half up (design 5.9): 68/600 -> 11%, 550/1.800 -> 31%; nothing of nothing is empty."""
    return "" if not whole else f"{(Decimal(100) * part / whole).quantize(Decimal(1), ROUND_HALF_UP)}%"
