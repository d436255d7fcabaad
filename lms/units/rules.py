"""Pure rules on units: what became of them, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from lms.core.words import Text, text

Place = tuple[str, str]  # the word before its name, its name: ("xã", "Cán Khê")


def sentence_made_of(whole: Sequence[Place], part: Sequence[Place]) -> Text:
    """ "gồm các xã cũ Cán Khê, Phượng Nghi, Xuân Du và một phần xã Thanh Tân"; one whole unit: "trước là …"."""
    if len(whole) == 1 and not part:
        return text("trước là {place}", place=_title(whole[0]))
    parts = [str(text("một phần {place}", place=_title(place))) for place in part]
    return text("gồm {places}", places=_listed([*_old(whole), *parts]))


def sentence_became(whole: Sequence[Place], part: Sequence[Place]) -> Text:
    """ "thành xã Xuân Du"; "chia vào xã Công Chính (một phần), xã Thanh Kỳ (một phần)"."""
    if not part:
        return text("thành {places}", places=_listed([_title(place) for place in whole]))
    pieces = [str(text("{place} (một phần)", place=_title(place))) for place in part]
    return text("chia vào {places}", places=_listed([*(_title(place) for place in whole), *pieces]))


def _title(place: Place) -> str:
    return " ".join(place).strip()


def _old(places: Sequence[Place]) -> Iterable[str]:
    """ "thị trấn cũ Bến Sung", "các xã cũ Hải Long, Xuân Khang": one phrase for each kind."""
    for kind, same in groupby(sorted(places, key=lambda place: place[0]), key=lambda place: place[0]):
        named = [name for _, name in same]
        if len(named) == 1:
            yield str(text("{kind} cũ {name}", kind=kind, name=named[0]))
        else:
            yield str(text("các {kind} cũ {names}", kind=kind, names=", ".join(named)))


def _listed(phrases: Sequence[str]) -> str:
    """Commas, and "và" before the last phrase."""
    if len(phrases) < 2:
        return "".join(phrases)
    return str(text("{first} và {last}", first="; ".join(phrases[:-1]), last=phrases[-1]))
