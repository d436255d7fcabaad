"""Pure rules of the register: its groups, and how a list as people have it becomes lines and piles."""

from __future__ import annotations

from lms.officials.rules.categories import Category
from lms.officials.rules.cells import category_of, day_of, ethnic_of, places_named, plain, term_of, year_of
from lms.officials.rules.columns import Column, Header, column_of, find_header
from lms.officials.rules.lines import Line, Reading, read_lines
from lms.officials.rules.piles import NEW, Difference, Held, Known, Piles, Placed, Settled, Unclear, Why, sort_out

__all__ = [
    "NEW",
    "Category",
    "Column",
    "Difference",
    "Header",
    "Held",
    "Known",
    "Line",
    "Piles",
    "Placed",
    "Reading",
    "Settled",
    "Unclear",
    "Why",
    "category_of",
    "column_of",
    "day_of",
    "ethnic_of",
    "find_header",
    "places_named",
    "plain",
    "read_lines",
    "sort_out",
    "term_of",
    "year_of",
]
