"""What pages weigh on the wire (anchors 6.1): measured by the browser's own protocol, cold and warm."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import Open


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


def test_the_first_lesson_pages_of_the_course_stay_within_the_bar(browse: Open) -> None:
    page = browse()
    page.goto("/khoa-hoc/lgg-3-thon-ban")
    addresses = [a.get_attribute("href") for a in page.locator("a[href^='/hoc/lgg-3-thon-ban/']").all()]
    assert len(set(addresses)) >= 12
    for address in dict.fromkeys(addresses):
        assert address is not None
        wire = _load(browse(), address) if address.endswith("kiem-tra") is False else Wire(0, 0, [])
        assert wire.requests <= 6 and wire.bytes <= 60_000, (address, wire)


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
