"""The blueprint of the room, and words that several of its pages use."""

from __future__ import annotations

from flask import Blueprint

from lms.core.words import text

bp = Blueprint("authoring", __name__)
MOST_SHOWN = 100
"""Lines of a list on one page."""
KINDS = {
    "single": text("chọn một"),
    "multiple": text("chọn nhiều"),
    "truefalse": text("đúng, sai"),
    "match": text("nối"),
    "order": text("xếp thứ tự"),
    "number": text("điền số"),
    "short": text("trả lời ngắn"),
    "cloze": text("điền chỗ trống"),
    "long": text("trả lời dài"),
}
