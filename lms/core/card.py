"""A picture of a title for places that show a link (1200 x 630, PNG), drawn by typst: the same words, the same bytes."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import typst

ROOT = Path(__file__).parent
TEMPLATE = ROOT / "card.typ"
MEDIA_TYPE = "image/png"
WIDTH, HEIGHT = 1200, 630
_thread = threading.local()


@dataclass(frozen=True)
class Card:
    """The words of the picture; `cloth` is the number of one of the four cloths."""

    above: str
    title: str
    below: str
    whose: str
    cloth: int


@lru_cache(maxsize=64)
def draw(card: Card) -> bytes:
    """The PNG; kept in the process, since drawing takes a tenth of a second."""
    given = json.dumps({**asdict(card), "cloth": str(card.cloth)}, ensure_ascii=False)
    png = _compiler().compile(input=str(TEMPLATE), format="png", ppi=72, sys_inputs={"card": given})
    assert isinstance(png, bytes)
    return png


def _compiler() -> typst.Compiler:
    """One for each thread; its fonts come inside typst's own wheel."""
    if not hasattr(_thread, "compiler"):
        _thread.compiler = typst.Compiler(root=str(ROOT), ignore_system_fonts=True)
    compiler: typst.Compiler = _thread.compiler
    return compiler
