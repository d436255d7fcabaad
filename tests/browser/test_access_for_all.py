"""axe finds nothing on a page of each template, at 360 and 1280 px; nothing scrolls sideways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, Open

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = (
    "{resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
)

# as whom, where one begins, and which links (by pattern) are followed once from there
WALKS = {
    "": ["/", "/khoa-hoc", "/khoa-hoc/lgg-3-thon-ban", "/dang-nhap", "/c", "/quyen-du-lieu", "/khong-co-trang-nay"],
    "cadre": ["/", "/lop", "/giay-to", "/toi", "/toi/ma", "/hoc/lgg-3-thon-ban/kiem-tra", "/tim?tim=gioi"],
    "head": ["/giay-to"],
    "coordinator": [
        "/",
        "/lop",
        "/lop/them",
        "/con-nguoi",
        "/con-nguoi/them",
        "/giao-hoc",
        "/chi-tieu",
        "/giay-chung-nhan",
        "/don-vi",
    ],
    "trainer": ["/", "/soan", "/lop"],
    "administrator": ["/con-nguoi"],
    "planner": ["/", "/do-phu", "/so-can-bo"],
    "auditor": ["/"],
}
FOLLOWED = (
    r"/hoc/[a-z0-9-]+/[a-z0-9-]+$", r"/khoa-hoc/[a-z0-9-]+/tai-lieu/", r"/lop/[a-z2-7]{26}$", r"/lop/[a-z2-7]{26}/",
    r"/buoi/[a-z2-7]{26}$", r"/buoi/[a-z2-7]{26}/nguoi/", r"/buoi/[a-z2-7]{26}/in$", r"/buoi/[a-z2-7]{26}/",
    r"/giay-chung-nhan/[a-z2-7]{26}$",
    r"/c/[a-z2-7]{20}", r"/con-nguoi/[a-z2-7]{26}$", r"/con-nguoi/[a-z2-7]{26}/", r"/ho-so/", r"/viec/", r"/don-vi/[a-z2-7]{26}$",
    r"/chi-tieu/[^/]+$", r"/chi-tieu/[^/]+/danh-sach", r"/soan/[a-z2-7]{26}",
)  # fmt: skip


def _violations(page: Page) -> list[str]:
    """With the whole page in view, so that what sticks to the foot lies over nothing."""
    size = page.viewport_size or PHONE
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], _height(page))})
    page.evaluate(AXE)
    found = page.evaluate(f"async () => (await axe.run(document, {RULES})).violations")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    return [f"{v['id']}: {n['html'][:160]} {n.get('failureSummary', '')[:200]}" for v in found for n in v["nodes"][:2]]


def _height(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight")) + 200


def _widens(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


def _addresses(page: Page, starts: list[str]) -> list[str]:
    """The starts, and the first page of each followed pattern that links from them, two steps deep."""
    found, taken, waiting = list(starts), set(), list(starts)
    for _ in range(2):
        links: list[str] = []
        for address in waiting:
            page.goto(address)
            links += [a.get_attribute("href") or "" for a in page.locator("a[href^='/']").all()]
        waiting = []
        for pattern in FOLLOWED:
            for link in links:
                plain = link.split("#")[0]
                if (
                    pattern not in taken
                    and re.search(pattern, plain.split("?")[0])
                    and "tep=" not in plain
                    and "/pdf" not in plain
                ):
                    taken.add(pattern)
                    if plain not in found:
                        waiting.append(plain)
        found += waiting
    return found


def _open_register(page: Page) -> None:
    """A planner says why she looks."""
    page.goto("/do-phu")
    if page.locator("textarea[name=reason], input[name=reason]").count():
        page.fill("textarea[name=reason], input[name=reason]", "Lập danh sách lớp tháng 12")
        page.click("main form button")


@pytest.mark.parametrize("who", WALKS)
def test_no_violation_and_nothing_sideways(browse: Open, who: str) -> None:
    page = browse(who)
    if who == "planner":
        page_faults = len(_violations(page)) if page.goto("/do-phu") else 0
        assert not page_faults, "the page that asks why"
        _open_register(page)
    faults = []
    addresses = _addresses(page, WALKS[who])
    for size in (PHONE, DESK, {"width": 320, "height": 640}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for address in addresses:
            page.goto(address)
            if _widens(page):
                faults.append(f"{size['width']} {address}: scrolls sideways")
            if size["width"] != 320:
                faults += [f"{size['width']} {address}: {fault}" for fault in _violations(page)]
    assert not faults, "\n".join(faults[:20]) + f"\n{len(faults)} in all"
