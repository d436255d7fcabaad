"""Files of authors: an uploaded zip as a course, what is wrong in it as plain JSON and back, the folder to start from."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from lms.core.files import store
from lms.core.words import Text, text
from lms.courses.models import Edition
from lms.courses.queries import files_of
from lms.courses.rules import Course, Fault, read_zip
from lms.courses.rules.exchange import BankQuestion, is_asked, questions_in, write_bank

STARTER = Path(__file__).parent / "khoa-hoc-mau"
MOST_FAULTS = 300
"""More are not kept: who mends so many uploads again anyway."""
_SINCE = (2026, 1, 1, 0, 0, 0)


@lru_cache(maxsize=2)
def read_kept(digest: str) -> Course:
    """The course in a kept zip; CourseHasFaults. The last two stay at hand, for the pictures of a preview."""
    return read_zip(store().get(digest))


def starter() -> bytes:
    """A small correct course as a zip, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(STARTER.rglob("*")):
            if path.is_file():
                name = f"{STARTER.name}/{path.relative_to(STARTER).as_posix()}"
                archive.writestr(zipfile.ZipInfo(name, _SINCE), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def faults_to_json(faults: tuple[Fault, ...]) -> list[dict[str, Any]]:
    """Faults for a JSON column, at most `MOST_FAULTS`; their sentences stay translatable."""
    return [
        {"file": f.file, "line": f.line, "sentence": _to_json(f.sentence), "remedy": _to_json(f.remedy)}
        for f in faults[:MOST_FAULTS]
    ]


def faults_from_json(kept: list[dict[str, Any]]) -> list[Fault]:
    """What `faults_to_json` gave."""
    return [Fault(f["file"], f["line"], _from_json(f["sentence"]), _from_json(f["remedy"])) for f in kept]


def _to_json(sentence: Text) -> dict[str, Any]:
    return {"message": sentence.message, "values": {name: _value(one) for name, one in sentence.values.items()}}


def _value(value: object) -> object:
    if isinstance(value, Text):
        return _to_json(value)
    return value if isinstance(value, int | str) else str(value)


def _from_json(kept: dict[str, Any]) -> Text:
    values = {name: _from_json(one) if isinstance(one, dict) else one for name, one in kept["values"].items()}
    return text(kept["message"], **values)


def folder_of(edition: Edition) -> dict[str, bytes]:
    """Every file of the edition's folder."""
    return {path: store().get(digest) for path, digest in files_of(edition.id).items()}


def bank_of(edition: Edition) -> tuple[BankQuestion, ...]:
    """The questions of an edition as they travel."""
    return _bank(edition.id)


@lru_cache(maxsize=8)
def _bank(edition_id: UUID) -> tuple[BankQuestion, ...]:
    asked = {path: store().get(digest) for path, digest in files_of(edition_id).items() if is_asked(path)}
    return tuple(question for _, question in questions_in(asked))


LOSSY = ("gift", "aiken")
"""Forms that do not carry every question."""


def left_out(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Form -> ids of the questions it cannot carry."""
    return _left_out(edition.id)


@lru_cache(maxsize=8)
def _left_out(edition_id: UUID) -> dict[str, tuple[str, ...]]:
    return {form: write_bank(_bank(edition_id), form).left_out for form in LOSSY}
