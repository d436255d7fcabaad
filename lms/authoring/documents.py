"""Files of authors: an uploaded zip as a course, what is wrong in it as plain JSON and back, the folder to start from."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from lms.core.files import store
from lms.core.words import Text, text
from lms.courses.rules import Course, Fault, read_zip

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
