"""Every lesson of every course of the repository, on a phone: it is whole, light, and axe finds nothing.

In CI each sixth lesson of each course and the first; at length (`LMS_LONG`) all of them.
"""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page

from lms.core.settings import data_folder
from tests.browser.conftest import Open
from tests.browser.screens import SCREENS
from tests.browser.test_access_for_all import _violations, _widens
from tests.browser.test_weights import MOST_NODES, _lessons, _load, _nodes

COURSES = sorted(path.parent.name for path in data_folder("courses").glob("*/course.toml"))
STEP = 1 if os.environ.get("LMS_LONG") else 6
BROKEN = "[...document.images].filter(one => !one.complete || !one.naturalWidth).map(one => one.src)"


def _ask_for_all_pictures(page: Page) -> None:
    """Also those far below, which a browser asks for only when they come near."""
    page.evaluate(
        "Promise.allSettled([...document.images].map(one => { one.loading = 'eager'; return one.decode(); }))"
    )


@pytest.mark.parametrize("course", COURSES)
def test_each_lesson_on_a_phone(browse: Open, course: str) -> None:
    addresses = _lessons(browse(), course)
    assert len(addresses) >= 5, course
    faults = []
    for address in addresses[::STEP]:
        page = browse()
        cold = _load(page, address)
        if cold.requests > 6 or cold.bytes > 60_000:
            faults.append(f"{address}: {cold.requests} requests, {cold.bytes} bytes")
        warm = _load(page, address)
        if warm.requests > 1 or warm.bytes > 25_000:
            faults.append(f"{address} again: {warm.requests} requests, {warm.bytes} bytes")
        if (nodes := _nodes(page)) > MOST_NODES:
            faults.append(f"{address}: {nodes} nodes")
        _ask_for_all_pictures(page)
        faults += [f"{address}: {source} is no picture" for source in page.evaluate(BROKEN)]
        faults += [f"{address}: scrolls sideways"] if _widens(page) else []
        faults += [f"{address}: {one}" for one in _violations(page)]
        faults += [f"{address}: {one}" for one in page.faults]  # type: ignore[attr-defined]
        page.context.close()
    assert not faults, "\n".join(faults)


def test_the_pictures_of_the_system_are_those_of_the_script() -> None:
    """`python -m tests.browser.screens courses/giang-vien-nguon/05-dung-he-thong-nay` makes them anew."""
    made = {f"man-hinh-{screen.name}.webp" for screen in SCREENS}
    folder = data_folder("courses") / "giang-vien-nguon" / "05-dung-he-thong-nay"
    assert {path.name for path in folder.glob("*.webp")} == made
    lessons = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.md"))
    assert not [name for name in made if f"]({name})" not in lessons]
