"""Voices: packed anew by a process of their own, which a hostile file may bring down without harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from lms.learning.documents.faults import FileIsUnknown, VoiceIsDamaged, VoiceIsTooLong

REPACKER = Path(__file__).with_name("repacking.py")
LONGEST = 600
"""Seconds."""
TOO_LONG = 4
PATIENCE = 15


_STARTS = {b"\x1aE\xdf\xa3": "matroska", b"OggS": "ogg", b"ID3": "mp3", b"#!AMR": "amr"}
_PICTURES_IN_BOXES = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}


def voice_format(content: bytes) -> str:
    """Name of the reader: always told to the library, so that no file makes it guess (or open) another thing."""
    if content[4:8] == b"ftyp":
        return "" if content[8:12] in _PICTURES_IN_BOXES else "mov"
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return "wav"
    if len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0:
        return "aac" if content[1] & 0xF6 == 0xF0 else "mp3"
    return next((name for start, name in _STARTS.items() if content.startswith(start)), "")


def clean_voice(content: bytes) -> tuple[bytes, str]:
    """The first sound of a recording, packed anew without a word about its maker; at most ten minutes."""
    known = voice_format(content)
    if not known:
        raise FileIsUnknown()
    command = [sys.executable, "-I", str(REPACKER), known, str(LONGEST)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as fault:
        raise VoiceIsDamaged() from fault
    if done.returncode == TOO_LONG:
        raise VoiceIsTooLong()
    kind, _, made = done.stdout.partition(b"\n")
    if done.returncode or not made:
        raise VoiceIsDamaged()
    return made, kind.decode("ascii")
