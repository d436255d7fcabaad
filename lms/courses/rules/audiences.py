"""Whom courses and paths are for, and at which level, by the keys that authors write (domain.md 2, 3)."""

from __future__ import annotations

from lms.core.words import text

AUDIENCES = {
    "village_head": text("Cán bộ thôn, bản"),
    "commune_cadre": text("Cán bộ xã"),
    "woman_official": text("Cán bộ nữ"),
    "group_member": text("Thành viên tổ, nhóm"),
    "source_trainer": text("Giảng viên nguồn"),
}
LEVELS = {
    "village": text("Cấp thôn, bản"),
    "commune": text("Cấp xã"),
    "province": text("Cấp tỉnh"),
    "all": text("Nhiều cấp"),
}
