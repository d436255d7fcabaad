"""The cast and its story in one commune (xã Xuân Du, Thanh Hóa), used by the demo, the tests and the screenshots."""

from __future__ import annotations

from lms.demo.cast import (
    CAST,
    DEMO,
    NEIGHBOURS,
    PIN,
    SINCE,
    THANH_HOA,
    VILLAGERS,
    XUAN_DU,
    YEN_THO,
    Member,
    fill,
    is_empty,
    member,
    place,
)
from lms.demo.story import LEADERSHIP, VILLAGE_COURSE, tell

__all__ = [
    "CAST",
    "DEMO",
    "LEADERSHIP",
    "NEIGHBOURS",
    "PIN",
    "SINCE",
    "THANH_HOA",
    "VILLAGERS",
    "VILLAGE_COURSE",
    "XUAN_DU",
    "YEN_THO",
    "Member",
    "fill",
    "is_empty",
    "member",
    "place",
    "tell",
]
