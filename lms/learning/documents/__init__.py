"""Photographs and voices of learners: read by their content, packed anew, so that nothing of their maker stays in them."""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.documents.faults import (
    FileIsEmpty,
    FileIsTooLarge,
    FileIsUnknown,
    PhotoIsDamaged,
    PhotoIsTooLarge,
    VoiceIsDamaged,
    VoiceIsTooLong,
)
from lms.learning.documents.photos import JPEG, LONGEST_SIDE, clean_photo, picture_format
from lms.learning.documents.voices import clean_voice, voice_format

__all__ = [
    "JPEG",
    "LONGEST_SIDE",
    "MOST_BYTES",
    "PHOTO",
    "VOICE",
    "Cleaned",
    "FileIsEmpty",
    "FileIsTooLarge",
    "FileIsUnknown",
    "PhotoIsDamaged",
    "PhotoIsTooLarge",
    "VoiceIsDamaged",
    "VoiceIsTooLong",
    "check_size",
    "clean",
    "clean_photo",
    "clean_voice",
    "kind_of",
]
MOST_BYTES = 15 * 1024 * 1024
PHOTO, VOICE = "photo", "voice"


@dataclass(frozen=True)
class Cleaned:
    """A file as it is kept; `kind` is photo or voice."""

    kind: str
    content: bytes
    media_type: str


def clean(content: bytes) -> Cleaned:
    """A photograph or a voice, whatever its name says; a Refusal says what is wrong with it."""
    check_size(len(content))
    kind = kind_of(content)
    if kind == PHOTO:
        return Cleaned(PHOTO, *clean_photo(content))
    if kind == VOICE:
        return Cleaned(VOICE, *clean_voice(content))
    raise FileIsUnknown()


def check_size(size: int) -> None:
    """Refuse an empty file and one over 15 MB."""
    if size < 1:
        raise FileIsEmpty()
    if size > MOST_BYTES:
        raise FileIsTooLarge()


def kind_of(content: bytes) -> str:
    """Photo, voice or nothing, by the first bytes."""
    if picture_format(content):
        return PHOTO
    return VOICE if voice_format(content) else ""
