"""axe finds nothing on a page of each template, at 360 and 1280 px; nothing scrolls sideways."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import DESK, EVERY_KIND, PHONE, Open
from tests.browser.site import HEADER

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = (
    "{resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
)

SIZES = (PHONE, DESK, {"width": 320, "height": 640})
COURSE, KINDS = "lgg-3-thon-ban", "moi-loai-cau"
KEY = "[a-z2-7]{26}"

# as whom, and where one begins
WALKS = {
    "": ["/", "/khoa-hoc", f"/khoa-hoc/{COURSE}", "/dang-nhap", "/c", "/quyen-du-lieu", "/khong-co-trang-nay",
         f"/khoa-hoc/{COURSE}/the", f"/hoc/{KINDS}/tung-loai", f"/hoc/{KINDS}/buoi-hop/buoi-hop",
         f"/hoc/{KINDS}/buoi-hop/bien-ban", f"/hoc/{COURSE}/tu-dien", f"/hoc/{COURSE}/luyen-tap"],
    "cadre": ["/", "/lop", "/giay-to", "/toi", "/toi/ma", f"/hoc/{COURSE}", f"/hoc/{COURSE}/kiem-tra", "/tim?tim=gioi",
              f"/hoc/{KINDS}/tung-loai", f"/hoc/{KINDS}/buoi-hop", f"/hoc/{KINDS}/chuyen-kin", f"/hoc/{COURSE}/truoc",
              f"/hoc/{COURSE}/sau", f"/hoc/{COURSE}/danh-gia", f"/nop-bai/{COURSE}/q-viec-da-lam", "/hoi-dap",
              "/lo-trinh/cua-toi"],
    "head": ["/giay-to", f"/hoc/{COURSE}", f"/hoc/{COURSE}/kiem-tra", f"/hoc/{COURSE}/danh-gia",
             f"/nop-bai/{COURSE}/q-viec-da-lam", "/lo-trinh/cua-toi"],
    "coordinator": ["/", "/lop", "/lop/them", "/con-nguoi", "/con-nguoi/them", "/giao-hoc", "/giao-hoc/moi", "/chi-tieu",
                    "/giay-chung-nhan", "/don-vi", "/tien-do", f"/tien-do?khoa={COURSE}", f"/tien-do?khoa={COURSE}&dang=bang",
                    "/lo-trinh", "/hoi-dap"],
    "trainer": ["/", "/soan", "/lop", "/cham-bai", "/hoi-dap", "/lo-trinh", "/lo-trinh/them", "/lo-trinh/cong-nhan",
                f"/tien-do?khoa={COURSE}&dang=bang", f"/soan/khoa/{COURSE}/cau-hoi", f"/soan/khoa/{COURSE}/cai-tien",
                f"/hoc/{KINDS}/de-giay"],
    "administrator": ["/con-nguoi"],
    "planner": ["/", "/do-phu", "/so-can-bo", "/so-can-bo/them", "/so-can-bo/nhap"],
    "auditor": ["/"],
}  # fmt: skip

# which links are followed, the first of each kind
FOLLOWED = (
    r"/hoc/[a-z0-9-]+/[a-z0-9-]+$", rf"/hoc/[a-z0-9-]+/kiem-tra/{KEY}/ket-qua$", r"/khoa-hoc/[a-z0-9-]+/tai-lieu/",
    rf"/lop/{KEY}$", *(rf"/lop/{KEY}/{last}$" for last in
                       ("chot", "danh-sach", "giang-vien", "huy", "moi", "them-buoi", "tien-do")),
    rf"/buoi/{KEY}$", *(rf"/buoi/{KEY}/{last}$" for last in
                        ("chot", "in", "mo-lai", "tat-ca-co-mat", "them-nguoi", f"nguoi/{KEY}")),
    rf"/giay-chung-nhan/{KEY}$", r"/c/[a-z2-7]{20}", rf"/con-nguoi/{KEY}$",
    *(rf"/con-nguoi/{KEY}/{last}$" for last in ("chuc-danh", "quyen", "sua")), r"/ho-so/", r"/viec/", rf"/don-vi/{KEY}$",
    r"/chi-tieu/[^/]+$", r"/chi-tieu/[^/]+/danh-sach", rf"/soan/{KEY}", rf"/cham-bai/{KEY}$", rf"/hoi-dap/{KEY}$",
    r"/do-phu/danh-sach", rf"/so-can-bo/{KEY}$", r"/soan/khoa/[a-z0-9-]+/cau-hoi/[a-z0-9-]+$",
    r"/lo-trinh/(?!them$|cong-nhan$|cua-toi$)[a-z0-9-]+$", rf"/lo-trinh/[a-z0-9-]+/buoc/{KEY}$",
    *(rf"/lo-trinh/[a-z0-9-]+/{last}$" for last in
      ("buoc/them", "cong-nhan", "nguoi-hoc", "sua", "them-nguoi", f"nguoi-hoc/{KEY}", f"nguoi-hoc/{KEY}/cong-nhan")),
    rf"/lo-trinh/cong-nhan/{KEY}$",
)  # fmt: skip

# pages that nobody walks to here, and why
UNSEEN = {
    "people/open_account.html": "gives a real person of the story a new PIN",
    "people/reset_pin.html": "gives a real person of the story a new PIN",
    "officials/preview.html": "comes after a list is read in; its pages are tested without a browser",
}
WALKED: dict[str, set[str]] = {}
TEMPLATES = Path(__file__).parents[2] / "templates"


def _violations(page: Page) -> list[str]:
    """With the whole page in view, so that what sticks to the foot lies over nothing, and nothing still fading in."""
    size = page.viewport_size or PHONE
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], _height(page))})
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
    page.evaluate(AXE)
    found = page.evaluate(f"async () => (await axe.run(document, {RULES})).violations")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    return [f"{v['id']}: {n['html'][:160]} {n.get('failureSummary', '')[:200]}" for v in found for n in v["nodes"][:2]]


def _height(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight")) + 200


def _widens(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


def _go(page: Page, address: str) -> str:
    """To the page; the template it was made from."""
    answer = page.goto(address)
    return answer.headers.get(HEADER.lower(), "") if answer else ""


def _addresses(page: Page, starts: list[str]) -> dict[str, str]:
    """Address and template of the starts, and of pages three links from them whose template nobody has seen yet."""
    found: dict[str, str] = {}
    taken, waiting = set(), list(starts)
    for step in range(4):
        links: list[str] = []
        for address in waiting:
            template = _go(page, address)
            if step == 0 or template not in {*found.values(), *(one for seen in WALKED.values() for one in seen)}:
                found[address] = template
            links += [a.get_attribute("href") or "" for a in page.locator("a[href^='/']").all()]
        plain = [link.split("#")[0] for link in links if "tep=" not in link and "/pdf" not in link]
        firsts = {
            pattern: next((link for link in plain if re.search(pattern, link.split("?")[0])), "")
            for pattern in FOLLOWED
            if pattern not in taken
        }
        waiting = [link for link in firsts.values() if link and link not in found]
        taken |= {pattern for pattern, link in firsts.items() if link}
    return found


def _open_register(page: Page) -> None:
    """A planner says why she looks."""
    page.goto("/do-phu")
    if page.locator("textarea[name=reason], input[name=reason]").count():
        page.fill("textarea[name=reason], input[name=reason]", "Lập danh sách lớp tháng 12")
        page.click("main form button")


def _judged(page: Page, where: str) -> list[str]:
    faults = [f"{where}: scrolls sideways"] if _widens(page) else []
    return faults if (page.viewport_size or PHONE)["width"] == 320 else faults + [
        f"{where}: {fault}" for fault in _violations(page)
    ]  # fmt: skip


@pytest.mark.parametrize("who", WALKS)
def test_no_violation_and_nothing_sideways(browse: Open, every_kind: str, who: str) -> None:
    page, asked = browse(who), set()
    if who == "planner":
        asked = {_go(page, "/do-phu")}
        assert not _violations(page), "the page that asks why"
        _open_register(page)
    faults: list[str] = []
    addresses = _addresses(page, WALKS[who])
    WALKED[who] = {*addresses.values(), *asked}
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for address in addresses:
            page.goto(address)
            faults += _judged(page, f"{size['width']} {address}")
    assert not faults, "\n".join(faults[:20]) + f"\n{len(faults)} in all"


def _learning(page: Page) -> Iterator[None]:
    """Practice, a form from beginning to end, a question that is refused, the largest letters."""
    page.goto(f"/hoc/{COURSE}/luyen-tap")
    page.get_by_role("button", name="Bắt đầu luyện").click()
    page.wait_for_url("**/luyen-tap/*")
    yield
    for _ in range(5):
        _pick_something(page)
        page.get_by_role("button", name="Trả lời").click()
        page.locator(".foot a.button--primary").click()
    yield
    page.goto(f"/hoc/{KINDS}/truoc")
    for button, after in (("Bắt đầu làm", "kiem-tra/*"), ("Nộp bài", "nop"), ("Nộp bài như vậy", "ket-qua")):
        page.get_by_role("button", name=button).click()
        page.wait_for_url(f"**/{after}")
        yield
    page.goto(f"/hoc/{KINDS}/buoi-hop")
    page.locator("#hoi-dap details:has(form) summary").click()
    page.locator("#hoi-dap form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Gửi câu hỏi").click()
    page.locator("#hoi-loi-fault").wait_for()
    yield
    page.goto(f"/hoc/{KINDS}/buoi-hop")
    page.get_by_role("button", name="Rất to").click()
    page.wait_for_load_state()
    yield


def _authoring(page: Page) -> Iterator[None]:
    """An upload, its lessons as a phone shows them, and one with faults."""
    for is_whole in (True, False):
        page.goto("/soan")
        package = {"name": "khoa.zip", "mimeType": "application/zip", "buffer": _zip(is_whole)}
        page.set_input_files("input[type=file]", package)  # type: ignore[arg-type]
        page.get_by_role("button", name="Tải lên và kiểm tra").click()
        page.wait_for_url(re.compile(rf"/soan/{KEY}$"))
        yield
        if is_whole:
            shown = f"{page.url}/xem/tung-loai"
            for address in (shown, f"{shown}?khung=1"):
                page.goto(address)
                yield


def _zip(is_whole: bool) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for path in sorted(one for one in EVERY_KIND.rglob("*") if one.is_file()):
            if is_whole or path.suffix != ".svg":
                package.writestr(f"{KINDS}/{path.relative_to(EVERY_KIND).as_posix()}", path.read_bytes())
    return packed.getvalue()


def _teaching(page: Page) -> Iterator[None]:
    """What one does in a session of today."""
    _open_class(page)
    page.get_by_role("link", name="Buổi 2", exact=True).click()
    page.wait_for_url(re.compile(rf"/buoi/{KEY}$"))
    roll = page.url
    for address in (f"{roll}/tat-ca-co-mat", f"{roll}/them-nguoi"):
        page.goto(address)
        yield


def _running(page: Page) -> Iterator[None]:
    """Before a class is cancelled."""
    _open_class(page)
    page.goto(f"{page.url}/huy")
    yield


def _open_class(page: Page) -> None:
    page.goto("/lop")
    page.get_by_role("link", name=re.compile("đợt 2")).first.click()
    page.wait_for_url(re.compile(rf"/lop/{KEY}$"))


def _shown_whole(answer: Response) -> str:
    """The template of a page that fills the window; nothing for pieces and frames."""
    is_page = answer.request.is_navigation_request() and answer.frame.parent_frame is None
    return answer.headers.get(HEADER.lower(), "") if is_page else ""


def _latest(seen: list[str]) -> str:
    return next((template for template in reversed(seen) if template), "")


def _pick_something(page: Page) -> None:
    form = page.locator("#cau")
    if form.locator("input[type=radio], input[type=checkbox]").count():
        form.locator("input[type=radio], input[type=checkbox]").first.check()
    for place, choice in enumerate(form.locator("select").all(), 1):
        choice.select_option(index=min(place, choice.locator("option").count() - 1))
    for field in form.locator("input:not([type]), textarea").all():
        field.fill("1")


DOINGS: dict[Callable[[Page], Iterator[None]], str] = {
    _learning: "trainer",
    _authoring: "trainer",
    _teaching: "trainer",
    _running: "coordinator",
}


@pytest.mark.parametrize("do", DOINGS, ids=lambda do: do.__name__.strip("_"))
def test_no_violation_on_pages_of_doing(browse: Open, every_kind: str, do: Callable[[Page], Iterator[None]]) -> None:
    page, faults, seen = browse(DOINGS[do]), [], [""]
    page.on("response", lambda answer: seen.append(_shown_whole(answer)))
    walked = WALKED.setdefault(do.__name__, set())
    for _ in do(page):
        walked.add(_latest(seen))
        for size in SIZES:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            faults += _judged(page, f"{size['width']} {page.url} {_latest(seen)}")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert not faults, "\n".join(faults[:20])


def test_every_page_was_walked() -> None:
    if WALKED.keys() != {*WALKS, *(do.__name__ for do in DOINGS)}:
        assert os.environ.get("CI") != "true", "all walks run in one process"
        pytest.skip("only some of the walks were run")
    pages = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if '{% extends "web/layout.html" %}' in path.read_text(encoding="utf-8")
    }
    seen = set().union(*WALKED.values())
    unseen = sorted(pages - seen - UNSEEN.keys())
    assert not unseen, "nobody walked to: " + ", ".join(unseen)
    assert not UNSEEN.keys() - (pages - seen), "no longer unseen"
