"""What several rooms know, put together: tasks, records, search."""

from __future__ import annotations

from lms.home.queries.lists import LISTINGS, Counted, Listing, counted
from lms.home.queries.records import participations_of, record_rows
from lms.home.queries.rows import PEOPLE_READERS, STAFF, Row
from lms.home.queries.searching import Found, search

__all__ = [
    "LISTINGS",
    "PEOPLE_READERS",
    "STAFF",
    "Counted",
    "Found",
    "Listing",
    "Row",
    "counted",
    "participations_of",
    "record_rows",
    "search",
]
