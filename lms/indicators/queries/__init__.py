"""Questions about indicators: sets, takings part, figures, the names behind them, what is kept of a person."""

from __future__ import annotations

from lms.indicators.queries.figures import (
    Count,
    Figure,
    Line,
    figure,
    figures_of,
    line_of,
)
from lms.indicators.queries.keeping import about
from lms.indicators.queries.names import NameLine, Wanted, lines_behind, names_behind
from lms.indicators.queries.places import branches, own_unit, scope, unit_seen_by, units_to_choose
from lms.indicators.queries.sets import indicator_on, set_on, sets
from lms.indicators.queries.tables import (
    Group,
    UnitLine,
    by_category,
    by_course,
    by_post_kind,
    children_table,
    total_of,
)
from lms.indicators.queries.takings import occasions_of, same_studies, takings_of_classes, takings_of_studies

__all__ = [
    "Count",
    "Figure",
    "Group",
    "Line",
    "NameLine",
    "UnitLine",
    "Wanted",
    "about",
    "branches",
    "by_category",
    "by_course",
    "by_post_kind",
    "children_table",
    "figure",
    "figures_of",
    "indicator_on",
    "line_of",
    "lines_behind",
    "names_behind",
    "occasions_of",
    "own_unit",
    "same_studies",
    "scope",
    "set_on",
    "sets",
    "takings_of_classes",
    "takings_of_studies",
    "total_of",
    "unit_seen_by",
    "units_to_choose",
]
