"""Every number marked as a figure opens to a list of that length; no number stands unmarked in a table of these rooms."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from tests.page import Html, Page, words_of

STARTS = {
    "coordinator": ["/", "/chi-tieu", "/lop"],
    "planner": ["/", "/do-phu", "/chi-tieu"],
    "administrator": ["/", "/chi-tieu"],
    "auditor": ["/", "/chi-tieu"],
    "trainer": ["/", "/lop"],
}


def _figures(html: Html, address: str) -> list[tuple[int, str]]:
    return [
        (int(a.get("data-figure", "-1")), urljoin(address, a.get("href", ""))) for a in html.all("a", data_figure="")
    ]


def _walk(page: Page, address: str, seen: dict[str, int]) -> None:
    html = page.get(address)
    for value, href in _figures(html, address):
        if href not in seen:
            opened = page.get(href)
            items = opened.all("*", data_item="")
            assert len(items) == value, f"{address}: {value} opens {len(items)} at {href}"
            seen[href] = value
        assert seen[href] == value, f"{address} shows {value}, another page {seen[href]} for {href}"


@pytest.mark.parametrize("who", ["coordinator", "planner", "administrator", "auditor", "trainer"])
def test_every_figure_opens_to_its_names(story: Page, who: str) -> None:
    story.as_(who)
    if who in {"planner", "auditor"}:
        open_register(story)
    seen: dict[str, int] = {}
    for address in STARTS[who]:
        _walk(story, address, seen)
        html = story.get(address)
        for href in [a.get("href", "") for a in html.all("a")]:
            if re.fullmatch(r"/chi-tieu/[^/?]+(\?.*)?|/lop/[a-z2-7]{26}", href):
                _walk(story, href, seen)
    if who == "planner":
        assert len(seen) >= 25, f"only {len(seen)} figures walked"


def open_register(page: Page) -> None:
    """A planner gives her reason, as the page asks."""
    html = page.get("/do-phu")
    form = next(f for f in html.all("form") if "/so-can-bo/mo" in f.get("action", ""))
    fields = {i.get("name", ""): i.get("value", "") for i in form.iter("input") if i.get("name") != "csrf_token"}
    fields["reason"] = "Lập danh sách lớp tháng 12"
    page.post("/so-can-bo/mo", **fields)


@pytest.mark.parametrize("who", ["coordinator", "planner", "auditor"])
def test_no_table_shows_an_unmarked_number(story: Page, who: str) -> None:
    """On home, coverage and indicators each cell that is a bare number is a figure."""
    story.as_(who)
    if who != "coordinator":
        open_register(story)
    for address in STARTS[who]:
        if address == "/lop":
            continue
        html = story.get(address)
        for cell in [*html.all("td"), *html.all("dd")]:
            bare = re.fullmatch(r"[\d.]+( \d+%)?", words_of(cell))
            marked = [a for a in cell.iter("a") if a.get("data-figure") is not None]
            assert not bare or marked, f"{address}: {words_of(cell)}"


def test_the_test_would_catch_an_unmarked_number() -> None:
    html = Html("<!doctype html><html lang=vi><table><tr><td>34</td></tr></table></html>")
    cells = html.all("td")
    assert re.fullmatch(r"[\d.]+( \d+%)?", words_of(cells[0]))
