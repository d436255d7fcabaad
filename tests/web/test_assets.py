"""The sheets: one for everybody, one a room."""

from __future__ import annotations

import re

from lms.core.settings import data_folder
from lms.web.assets import SHARED_SHEETS


def test_a_room_names_no_block_as_the_shared_sheet_does() -> None:
    """What stands alone in a selector of a room's sheet (`.gap {`) is defined by no other sheet that a page has with it."""
    folder = data_folder("static")
    blocks = re.compile(r"(?:^|\})\s*\.([a-z][a-z0-9-]*)\s*\{", re.MULTILINE)
    shared = {name for sheet in SHARED_SHEETS for name in blocks.findall((folder / sheet).read_text())}
    for path in sorted(folder.rglob("*.css")):
        name = path.relative_to(folder).as_posix()
        if name not in SHARED_SHEETS and name != "credentials/check.css":  # stands on a page of its own
            assert not shared & set(blocks.findall(path.read_text())), name


def test_every_brace_is_closed() -> None:
    for path in sorted(data_folder("static").rglob("*.css")):
        written = path.read_text()
        depth = 0
        for sign in re.findall(r"[{}]", written):
            depth += 1 if sign == "{" else -1
            assert depth >= 0, path.name
        assert depth == 0, path.name
