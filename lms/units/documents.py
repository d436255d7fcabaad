"""Files in: the units that every site starts with (34 provinces, Như Thanh before and after 1/7/2025)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

START = Path(__file__).with_name("start.json")


def read_start() -> dict[str, Any]:
    """Provinces, the old district and its communes, the new communes, edges [old code, new code, extent]."""
    return json.loads(START.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
