"""Pages of the room `indicators`: figures, one indicator by unit, the names behind each figure."""

from __future__ import annotations

from lms.indicators.views.blueprint import bp
from lms.indicators.views.figures import figures, indicator
from lms.indicators.views.names import names

__all__ = ["bp", "figures", "indicator", "names"]
