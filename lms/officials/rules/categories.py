"""The groups of the register: three of the target and a fourth, counted apart (design 5.6)."""

from __future__ import annotations

from enum import StrEnum

from lms.core.words import Text, text


class Category(StrEnum):
    """The three groups of the target and the fourth, counted apart (design 5.6)."""

    PLANNED = "planned"
    NEWLY_APPOINTED = "newly_appointed"
    FIRST_ELECTED = "first_elected"
    OTHER = "other"

    @property
    def label(self) -> Text:
        """For people."""
        return _CATEGORIES[self]

    @property
    def in_target(self) -> bool:
        """Does the target's line name this group?"""
        return self is not Category.OTHER


_CATEGORIES = {
    Category.PLANNED: text("Trong quy hoạch"),
    Category.NEWLY_APPOINTED: text("Mới bổ nhiệm"),
    Category.FIRST_ELECTED: text("Mới trúng cử lần đầu"),
    Category.OTHER: text("Cán bộ nữ khác có nhu cầu"),
}
