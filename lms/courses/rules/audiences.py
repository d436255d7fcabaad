"""Whom courses and paths are for, by the key that authors write (domain.md 2)."""

from __future__ import annotations

from lms.core.words import text

AUDIENCES = {
    "village_head": text("Cán bộ thôn, bản"),
    "commune_cadre": text("Cán bộ xã"),
    "woman_official": text("Cán bộ nữ"),
    "group_member": text("Thành viên tổ, nhóm"),
    "source_trainer": text("Giảng viên nguồn"),
}
