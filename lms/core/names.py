"""Vietnamese names: one form, keys for matching and search, the order of the Vietnamese alphabet (design 3, tracking A.3.6)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_LOOSE = str.maketrans({"đ": "d", "'": None})


_UNSEEN = {code: None for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0xFEFF)}


def neat(name: str) -> str:
    """As typed, in NFC, with single spaces; signs that nobody sees (control, direction) are left out."""
    seen = unicodedata.normalize("NFC", name).translate(_UNSEEN)
    return " ".join("".join(c for c in seen if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs"}).split())


def _syllable(syllable: str) -> tuple[str, int]:
    """Letters without tone, and the tone (0-5)."""
    letters, tone = [], 0
    for mark in unicodedata.normalize("NFD", syllable):
        if mark in _TONES:
            tone = _TONES[mark]
        else:
            letters.append(mark)
    return unicodedata.normalize("NFC", "".join(letters)), tone


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """For matching: case, apostrophes and the place of the tone mark do not count (Hòa = Hoà), tones do."""
    syllables = (_syllable(s) for s in neat(name).casefold().translate(_APOSTROPHES).split())
    return " ".join(f"{letters}{tone or ''}" for letters, tone in syllables)


@lru_cache(maxsize=20_000)
def loose(name: str) -> str:
    """For search only: no marks at all, đ = d, no apostrophes."""
    plain = unicodedata.normalize("NFD", neat(name).casefold().translate(_APOSTROPHES).translate(_LOOSE))
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def _sortable(syllable: str) -> str:
    letters, tone = _syllable(syllable.casefold())
    places = "".join(chr(65 + _LETTERS[letter]) if letter in _LETTERS else letter for letter in letters)
    return f"{places}{tone}"


@lru_cache(maxsize=20_000)
def sort_key(name: str) -> str:
    """Order of lists: given name (last word), then the rest; Vietnamese letters, then ngang huyền hỏi ngã sắc nặng."""
    words = neat(name).translate(_APOSTROPHES).replace("'", "").split()
    return "!".join(_sortable(word) for word in [*words[-1:], *words[:-1]])


def given(name: str) -> str:
    """The given name: the last word."""
    return neat(name).rsplit(" ", 1)[-1]


def title_key(title: str) -> str:
    """Order of titles and places: word by word, Vietnamese letters."""
    return "!".join(_sortable(word) for word in neat(title).split())
