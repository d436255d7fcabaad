"""What pages weigh on the wire (anchors 6.1): measured by the browser's own protocol, cold and warm."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import Open

MOST_NODES = 600


@dataclass
class Wire:
    """Requests that went out and bytes that came in."""

    requests: int
    bytes: int
    kinds: list[str]


def _load(page: Page, address: str) -> Wire:
    wire = Wire(0, 0, [])
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    cached: set[str] = set()
    session.on("Network.requestServedFromCache", lambda e: cached.add(e["requestId"]))

    def received(event: dict[str, object]) -> None:
        response = event["response"]
        assert isinstance(response, dict)
        from_cache = response.get("fromDiskCache") or response.get("fromPrefetchCache") or event["requestId"] in cached
        if not from_cache and not str(response["url"]).startswith("data:"):
            wire.requests += 1
            wire.kinds.append(f"{event['type']} {response['url']}")

    session.on("Network.responseReceived", received)
    session.on("Network.loadingFinished", lambda e: setattr(wire, "bytes", wire.bytes + int(e["encodedDataLength"])))
    page.goto(address, wait_until="networkidle")
    session.detach()
    return wire


def _first_lesson(page: Page) -> str:
    page.goto("/khoa-hoc/lgg-3-thon-ban")
    href = page.locator("a[href^='/hoc/lgg-3-thon-ban/']").first.get_attribute("href")
    assert href is not None
    return href


def test_a_lesson_cold_and_warm(browse: Open) -> None:
    address = _first_lesson(browse())
    page = browse()
    cold = _load(page, address)
    assert cold.requests <= 6 and cold.bytes <= 60_000, cold
    assert not [kind for kind in cold.kinds if kind.startswith("Font")], cold
    warm = _load(page, address)
    assert warm.requests <= 1 and warm.bytes <= 25_000, warm


def test_a_lesson_signed_in_weighs_the_same(browse: Open) -> None:
    address = _first_lesson(browse())
    page = browse("cadre")
    page.goto("/khoa-hoc")
    wire = _load(page, address)
    assert wire.requests <= 6 and wire.bytes <= 60_000, wire


def _lessons(page: Page, course: str) -> list[str]:
    page.goto(f"/khoa-hoc/{course}")
    found = [a.get_attribute("href") or "" for a in page.locator(f"a[href^='/hoc/{course}/']").all()]
    return [address for address in dict.fromkeys(found) if not address.endswith("/kiem-tra")]


@pytest.mark.parametrize(("course", "least"), [("lgg-3-thon-ban", 12), ("moi-loai-cau", 3)])
def test_each_lesson_stays_within_the_bar(browse: Open, every_kind: str, course: str, least: int) -> None:
    """Cold and warm, for a stranger: also with products, hard words, sound, film and pinned questions."""
    addresses = _lessons(browse(), course)
    assert len(addresses) >= least
    for address in addresses:
        page = browse()
        cold = _load(page, address)
        assert cold.requests <= 6 and cold.bytes <= 60_000, (address, cold)
        warm = _load(page, address)
        assert warm.requests <= 1 and warm.bytes <= 25_000, (address, warm)
        assert _nodes(page) <= MOST_NODES, (address, _nodes(page))


@pytest.mark.parametrize("course", ["lgg-3-thon-ban", "moi-loai-cau"])
def test_each_lesson_has_few_nodes_signed_in(browse: Open, every_kind: str, course: str) -> None:
    page = browse("head")
    for address in _lessons(page, course):
        page.goto(address)
        assert _nodes(page) <= MOST_NODES, (address, _nodes(page))


def _nodes(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


def test_the_check_page_is_two_requests_and_15_kb(browse: Open) -> None:
    page = browse("head")
    page.goto("/giay-to")
    page.goto(page.locator("a[href^='/giay-chung-nhan/']").first.get_attribute("href") or "")
    code = page.locator("a[href*='/c/']").first.get_attribute("href")
    assert code is not None
    stranger = browse()
    wire = _load(stranger, code[code.index("/c/") :])
    assert wire.requests <= 2 and wire.bytes <= 15_000, wire
    assert "Quách Văn Thiện" in stranger.inner_text("main")


def test_home_pages_within_40_kb_warm(browse: Open) -> None:
    for who in ("cadre", "coordinator", "planner"):
        page = browse(who)
        page.goto("/")
        wire = _load(page, "/")
        assert wire.requests <= 1 and wire.bytes <= 40_000, (who, wire)
