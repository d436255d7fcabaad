"""Handing in over a network that breaks, and twenty works marked in sixty touches, in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import CHROMIUM, DESK, FLAGS, PHONE, Open, sign_in
from tests.browser.test_access_for_all import _violations, _widens

PLAN, VOICE = "/nop-bai/khoa-thu/q-ke-hoach", "/nop-bai/khoa-thu/q-loi-ke"
MOST_TOUCHES = 60
FILL = "from tests.browser.test_marking import fill; fill({first}, {last})"


def fill(first: int, last: int) -> None:
    """In a process of its own, on the data of the running site: villagers hand in a text and a photograph each."""
    from sqlalchemy import select  # noqa: PLC0415

    from lms import demo  # noqa: PLC0415
    from lms.app import create_app  # noqa: PLC0415
    from lms.core.actor import System  # noqa: PLC0415
    from lms.core.db import db, transaction  # noqa: PLC0415
    from lms.learning import actions, queries  # noqa: PLC0415
    from lms.people.models import Person  # noqa: PLC0415
    from tests.learning import works  # noqa: PLC0415

    with create_app().app_context():
        edition = works.publish(products="none")
        names = [line.split(";")[0] for line in (*demo.VILLAGERS, *demo.NEIGHBOURS)]
        for number, name in list(enumerate(names))[first:last]:
            same = db.scalars(select(Person).where(Person.name == name).order_by(Person.id)).all()
            by = System("test", None, same[names[:number].count(name)].id)
            with suppress(actions.WorkIsWaiting), transaction():
                product = queries.product_of(edition, works.PLAN)
                draft = actions.keep_draft(edition, product, f"Tuần này nhà {name} đã chia lại việc.", by=by)
                actions.add_file(draft, works.photo(300 + number, 200), by=by)
                actions.hand_in(draft, by=by)


def _fill(folder: Path, first: int, last: int) -> None:
    environment = {**os.environ, "LMS_DATA": str(folder), "DATABASE_URL": ""}
    order = [sys.executable, "-c", FILL.format(first=first, last=last)]
    for _ in range(10):  # the site may be busy with its first papers
        told = subprocess.run(order, env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True)
        if "database is locked" not in told.stderr:
            break
    assert told.returncode == 0, told.stderr


@pytest.fixture(scope="module")
def product(site: str, site_folder: Path) -> None:
    """The course with products is published on the site."""
    _fill(site_folder, 0, 0)


@pytest.fixture
def photo(tmp_path: Path) -> str:
    """A photograph of several pieces also after it was made smaller."""
    import random  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    path = tmp_path / "ghi-viec.png"
    side = 1200
    Image.frombytes("RGB", (side, side), random.Random(7).randbytes(side * side * 3)).save(path)
    return str(path)


def _photos(page: Page) -> Locator:
    return page.locator("#tep .works__photo img")


# Handing in


def test_an_upload_that_is_cut_goes_on_and_arrives_once(browse: Open, product: None, photo: str) -> None:
    page = browse("newcomer")
    page.goto(PLAN)
    page.fill("textarea[name=text]", "Anh nấu cơm, tôi đi họp.")
    seen: list[str] = []

    def network(route: Route) -> None:
        seen.append(route.request.url)
        if len(seen) == 2:
            route.abort()  # never left the phone
        elif len(seen) == 3:
            route.fetch()
            route.abort()  # arrived, but the phone does not know
        else:
            route.continue_()

    page.route("**/tai-len/*", network)
    page.set_input_files("input[name=photos]", photo)
    expect(_photos(page)).to_have_count(1, timeout=30_000)
    offsets = [int(url.split("tu=")[1]) for url in seen]
    assert len(offsets) > 4 and offsets[1] == offsets[2], offsets
    expect(page.locator("[data-sending] li")).to_have_count(0)
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.locator("main")).to_contain_text("Đang chờ chấm")
    expect(page.locator(".works__photo img")).to_have_count(1)
    expect(page.locator(".hand__said")).to_have_text("Anh nấu cơm, tôi đi họp.")


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(browse: Open, product: None, photo: str) -> None:
    page = browse("official")
    page.goto(PLAN)
    cut: list[str] = []

    def network(route: Route) -> None:
        cut.append(route.request.url)
        route.continue_() if len(cut) <= 2 else route.abort()

    page.route("**/tai-len/*", network)
    page.set_input_files("input[name=photos]", photo)
    page.wait_for_function("() => document.querySelector('[data-said]').textContent.includes('Chưa có mạng')")
    page.unroute_all()
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    seen: list[str] = []
    page.route("**/tai-len/*", lambda route: (seen.append(route.request.url), route.continue_()))
    page.set_input_files("input[name=photos]", photo)
    expect(_photos(page)).to_have_count(1, timeout=30_000)
    assert int(seen[0].split("tu=")[1]) == 2 * 128 * 1024


def test_a_wrong_file_is_named_and_the_text_stays(browse: Open, product: None, tmp_path: Path) -> None:
    page = browse("head")
    page.goto(PLAN)
    page.fill("textarea[name=text]", "Không được mất.")
    wrong = tmp_path / "bai.pdf"
    wrong.write_bytes(b"%PDF-1.7 " + b"x" * 300)
    page.set_input_files("input[name=photos]", str(wrong))
    expect(page.locator("[data-sending]")).to_contain_text("bai.pdf: Máy chủ không đọc được tệp này")
    page.reload()
    expect(page.locator("textarea[name=text]")).to_have_value("Không được mất.")


@pytest.fixture
def microphone(chromium: Browser, site: str, product: None) -> Iterator[Page]:
    """A phone with a microphone that hums."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    try:
        context = browser.new_context(viewport=PHONE, base_url=site, permissions=["microphone"])  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(10_000)
        sign_in(page, "cadre")
        yield page
    finally:
        browser.close()


def test_a_voice_is_recorded_heard_and_kept(microphone: Page) -> None:
    page = microphone
    page.goto(VOICE)
    page.get_by_role("button", name="Bắt đầu ghi").click()
    expect(page.locator("[data-recorded]")).to_contain_text("0:02", timeout=15_000)
    page.get_by_role("button", name="Dừng và giữ lại").click()
    expect(page.locator("[data-recorded]")).to_contain_text("KB")
    expect(page.locator("#tep audio")).to_have_count(1, timeout=20_000)
    expect(page.get_by_role("button", name="Nghe lại")).to_be_visible()
    length = page.locator("#tep audio").evaluate(
        "audio => new Promise((done) => {"
        " audio.onloadedmetadata = () => done(audio.duration); audio.preload = 'metadata'; audio.load(); })"
    )
    assert length > 1


# Marking


class Hand:
    """Counts what a hand does."""

    def __init__(self) -> None:
        self.touches = 0

    def touch(self, place: Locator) -> None:
        """One click or tap."""
        self.touches += 1
        place.click()


@pytest.mark.parametrize(("script", "size"), [(True, DESK), (False, PHONE)], ids=["script", "no-script"])
def test_twenty_works_are_marked_in_sixty_touches(
    browse: Open, product: None, site_folder: Path, script: bool, size: dict[str, int]
) -> None:
    _fill(site_folder, 0 if script else 20, 20 if script else 30)
    many = 20 if script else 10
    page, hand = browse("trainer", script=script, size=size), Hand()
    page.goto("/cham-bai?khoa=khoa-thu")
    waiting = int(page.locator("[data-count]").get_attribute("data-count") or 0)
    assert waiting >= many
    hand.touch(page.get_by_role("link", name="Bắt đầu chấm"))
    for number in range(1, many + 1):
        expect(page.locator(".head__step")).to_contain_text(f"{number}/{waiting}")
        hand.touch(page.get_by_role("button", name="Mức 3"))
        expect(page.locator("[data-sum]")).to_contain_text("Được 4 trên 6 điểm. Đủ điểm: đạt.")
        hand.touch(page.locator(".foot .button--primary"))
    assert hand.touches <= MOST_TOUCHES * many // 20, hand.touches
    if waiting > many:
        expect(page.locator(".head__step")).to_contain_text(f"{many + 1}/{waiting}")
    else:
        expect(page.locator("body")).to_contain_text("Đã chấm hết")
    page.goto("/cham-bai?khoa=khoa-thu&xem=da-cham")
    assert page.locator("[data-item]").count() >= many
    if script:
        assert not page.faults, page.faults  # type: ignore[attr-defined]


def test_keys_choose_and_the_next_two_are_there_before_they_are_asked_for(
    browse: Open, product: None, site_folder: Path
) -> None:
    _fill(site_folder, 30, 35)
    page = browse("administrator", size=DESK)
    page.goto("/cham-bai?khoa=khoa-thu")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Bắt đầu chấm").click()
    page.wait_for_load_state("networkidle")
    pages = [url for url in asked if re.search(r"/cham-bai/[a-z2-7]{26}", url)]
    pictures = [url for url in asked if "/nop-bai/tep/" in url]
    assert len(pages) == 3 and len(pictures) >= 3, (pages, pictures)  # this one and two ahead, never all
    first = page.locator("h1").inner_text()
    for key in "344":
        page.keyboard.press(key)
    expect(page.locator("[data-sum]")).to_contain_text("Được 5,33 trên 6 điểm")
    assert [field.get_attribute("value") for field in page.locator("[data-row] input:checked").all()] == ["2", "3", "3"]
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("n")
    expect(page.locator("h1")).not_to_have_text(first)
    page.wait_for_load_state("networkidle")
    before = [url for url in asked if re.search(r"/cham-bai/[a-z2-7]{26}", url)]
    assert len(before) == len(set(before)) and len(before) <= 4, before  # nothing is fetched twice


def test_what_is_not_saved_is_said_and_stays(browse: Open, product: None, site_folder: Path) -> None:
    _fill(site_folder, 35, 36)
    page = browse("administrator", size=PHONE)
    page.goto("/cham-bai?khoa=khoa-thu")
    page.get_by_role("link", name="Bắt đầu chấm").click()
    page.locator(".foot .button--primary").click()
    expect(page.get_by_role("alert")).to_contain_text("Còn tiêu chí chưa chọn mức")
    page.get_by_role("button", name="Mức 4").click()
    page.fill("textarea[name=comment]", "Rất rõ.")
    page.route("**/cham-bai/**", lambda route: route.abort())
    page.locator(".foot .button--primary").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa lưu được")
    expect(page.locator("textarea[name=comment]")).to_have_value("Rất rõ.")
    page.unroute_all()
    name = page.locator("h1").inner_text()
    page.locator(".foot .button--primary").click()
    expect(page.locator("body")).not_to_contain_text(name)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_these_pages(browse: Open, product: None, site_folder: Path, size: dict[str, int]) -> None:
    _fill(site_folder, 36, 40)
    learner = browse("coordinator", size=size)
    learner.goto(PLAN)
    assert not _violations(learner) and not _widens(learner)
    page = browse("trainer", size=size)
    for address in ("/cham-bai", "/cham-bai?xem=da-cham"):
        page.goto(address)
        assert not _violations(page) and not _widens(page), address
        page.locator("[data-item] a").first.click()
        assert not _violations(page) and not _widens(page), page.url
    page.set_viewport_size({"width": 320, "height": 640})
    assert not _widens(page)
