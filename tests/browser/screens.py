"""Pictures of the real system for lessons about it: `python -m tests.browser.screens OUTFOLDER`.

Each line of `SCREENS` is one picture: who looks, the steps to the page, where the picture begins and ends, and what a
stitched line goes round. The site runs on fresh data of its own at one unchanging instant with the same codes each
time, so that a second run on the same machine writes the same bytes: a changed picture is a changed page.
"""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

from lms.authoring.documents import STARTER
from lms.core import clock
from lms.credentials.actions import issuing
from tests.browser.conftest import CHROMIUM, FLAGS, PHONE, _free_port, _wait, sign_in

NOW = datetime(2026, 11, 26, 9, 20, tzinfo=clock.LOCAL)
MOST = 18 * 1024
"""Bytes of a picture."""
QUALITIES = (50, 40, 30)
EDGE, ROOM = "#77715F", 8
"""A line round each picture, so that nobody taps on it; pixels left above and below what is cut out."""
STITCH = "3px dashed #D9922A"
CLASS, PAPER, LINES = "đợt 2", "Lò Thị Cúc", "quach thi"
"""The class of the story that runs today; somebody who earned a paper; what is typed to narrow the roll."""


@dataclass(frozen=True)
class Screen:
    """`man-hinh-<name>.webp`: from the top of the first `begin` to the foot of the last `end`, both CSS.

    With `paper` the page lies as it is printed, that many pixels wide, and is made smaller.
    """

    name: str
    who: str
    walk: Callable[[Page], None]
    begin: str
    end: str
    stitched: str = ""
    paper: int = 0


def _packed() -> bytes:
    """The sample course as a zip, spoilt: a picture under a wrong name, a heading of the first rank."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for path in sorted(one for one in STARTER.rglob("*") if one.is_file()):
            content = path.read_bytes()
            if path.name == "01-hai-tu.md":
                content = content.replace(b"tranh-bep.svg", b"tranh-san.svg").replace(b"## Hai", b"# Hai")
            package.writestr(f"{STARTER.name}/{path.relative_to(STARTER).as_posix()}", content)
    return packed.getvalue()


def _spoilt(page: Page) -> None:
    """A package with faults."""
    page.goto("/soan")
    package = {"name": f"{STARTER.name}.zip", "mimeType": "application/zip", "buffer": _packed()}
    page.set_input_files("input[type=file]", package)  # type: ignore[arg-type]
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    page.wait_for_url(lambda address: not address.endswith("/soan"))


def _new_class(page: Page) -> None:
    """A class about to be opened."""
    page.goto("/lop/them")
    page.select_option("#course", label="Chương trình 3: Lồng ghép giới ở thôn, bản")
    for field, typed in {
        "title": "Lồng ghép giới ở thôn, bản: đợt 3", "venue": "Nhà văn hóa xã Xuân Du", "starts_on": "10/12/2026",
        "ends_on": "11/12/2026",
    }.items():  # fmt: skip
        page.fill(f"#{field}", typed)


def _class(page: Page) -> None:
    """The class of the story that runs today."""
    page.goto("/lop")
    page.get_by_role("link", name=CLASS).first.click()
    page.get_by_role("heading", name="Các buổi").wait_for()


def _opened(page: Page) -> None:
    """A class that was just opened, to which people are invited: some are ticked."""
    _new_class(page)
    page.get_by_role("button", name="Mở lớp").click()
    page.get_by_role("link", name="Mời người dự lớp").click()
    boxes = page.locator("[data-offered] input")
    for place in (0, 1, 3):
        boxes.nth(place).check()


def _roll(page: Page) -> None:
    """The roll of this morning, narrowed by a name; one came late."""
    _class(page)
    page.get_by_role("link", name="Buổi 2", exact=True).click()
    page.goto(f"{page.url}?tim={LINES}")
    mark = page.locator("button.mark--c").nth(1)
    mark.click()
    page.locator("button.mark--m").first.wait_for()


def _printed(page: Page) -> None:
    """The roll for paper."""
    _roll(page)
    page.get_by_role("link", name="In tờ ký tên").click()
    page.get_by_role("heading", name="Danh sách ký tên").wait_for()


def _struck_out(page: Page) -> None:
    """One line of the roll: a mark struck out with its reason, and the one that counts."""
    _roll(page)
    page.locator(".roll__line:has(.mark--m) .roll__who").first.click()
    page.locator("details:has-text('Gạch dòng này') summary").first.click()
    page.locator("input[name=reason]:visible").last.fill("Chạm nhầm dòng")
    page.get_by_role("button", name="Gạch", exact=True).first.click()
    page.get_by_text("Đã gạch", exact=False).last.wait_for()


def _closing(page: Page) -> None:
    """Before the session is closed: two people are left unmarked."""
    _class(page)
    page.get_by_role("link", name="Buổi 2", exact=True).click()
    roll = page.url
    page.goto(f"{roll}?loc=chua")
    waiting = page.locator("button.mark--n")
    while waiting.count() > 2:
        name = waiting.first.get_attribute("id")
        waiting.first.click()
        page.locator(f"#{name}.mark--c").wait_for()
    page.goto(f"{roll}/chot")


def _paper(page: Page) -> None:
    """A paper, as whoever runs classes sees it."""
    page.goto(f"/giay-chung-nhan?tim={PAPER}")
    page.get_by_role("link", name=PAPER).first.click()
    page.locator(".cert").wait_for()


def _checked(page: Page) -> None:
    """What everybody sees who scans the paper."""
    _paper(page)
    page.get_by_role("link", name="Xem trang kiểm tra").click()
    page.locator(".verdict__word").wait_for()


def _revoking(page: Page) -> None:
    """Before a paper is revoked."""
    _paper(page)
    page.locator("summary", has_text="Thu hồi giấy này").click()
    page.locator("form[action$='/thu-hoi'] [name=reason]").fill("Người cùng tên đi học, giấy ghi nhầm")


SCREENS = (
    Screen("cho-can-sua", "trainer", _spoilt, "h1", ".fault:nth-child(2)"),
    Screen("mo-lop", "coordinator", _new_class, ".beside:has(#starts_on)", ".beside:has(#afternoon_starts)"),
    Screen("moi-nguoi", "coordinator", _opened, "h1", "[data-offered] >> nth=3"),
    Screen("diem-danh", "trainer", _roll, ".tally", ".roll__line >> nth=5", "button.mark--n"),
    Screen("to-ky-ten", "trainer", _printed, "h1", ".sheet__table tr >> nth=5", "th.sheet__sign",
           paper=560),
    Screen("giay-chung-nhan", "coordinator", _paper, ".cert", ".cert__acts .button--primary", ".cert__qr"),
    Screen("kiem-tra-giay", "coordinator", _checked, ".verdict__top", ".facts div >> nth=1"),
    Screen("thu-hoi", "coordinator", _revoking, "details:has(form[action$='/thu-hoi'])",
           "form[action$='/thu-hoi'] button", "form[action$='/thu-hoi'] [name=reason]"),
    Screen("cac-lan-ghi", "trainer", _struck_out, "section:has(> h2:text-is('Các lần ghi')) h2", ".marked >> nth=1"),
    Screen("chot-buoi", "trainer", _closing, "h1", "form .button--primary", "form .button--primary"),
)  # fmt: skip
"""In this order: what is done on one page is seen on the next ones."""


def _taken(browser: Browser, site: str, screen: Screen) -> Image.Image:
    """The part of the page that matters, 360 px wide; the whole page is in view, so that its foot lies over nothing."""
    context = browser.new_context(viewport=PHONE, base_url=site, locale="vi-VN", reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(10_000)
    sign_in(page, screen.who)
    screen.walk(page)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    if screen.stitched:
        stitch = f"one => {{ one.style.outline = '{STITCH}'; one.style.outlineOffset = '3px'; }}"
        page.locator(screen.stitched).first.evaluate(stitch)
    width = screen.paper or PHONE["width"]
    if screen.paper:
        page.emulate_media(media="print")
    height = int(page.evaluate("document.documentElement.scrollHeight")) + 200
    page.set_viewport_size({"width": width, "height": height})
    begin, end = page.locator(screen.begin).first.bounding_box(), page.locator(screen.end).last.bounding_box()
    assert begin and end, screen.name
    top = max(0, round(begin["y"]) - ROOM)
    clip = {"x": 0, "y": top, "width": width, "height": round(end["y"] + end["height"]) + ROOM - top}
    shown = page.screenshot(clip=clip, animations="disabled")  # type: ignore[arg-type]
    context.close()
    with Image.open(io.BytesIO(shown)) as picture:
        return picture.convert("RGB").resize(
            (PHONE["width"], picture.height * PHONE["width"] // width), Image.Resampling.LANCZOS
        )


def _written(picture: Image.Image) -> bytes:
    """As WebP of at most `MOST` bytes, with its edge."""
    ImageDraw.Draw(picture).rectangle((0, 0, picture.width - 1, picture.height - 1), outline=EDGE, width=2)
    for quality in QUALITIES:
        packed = io.BytesIO()
        picture.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= MOST:
            return packed.getvalue()
    raise ValueError(f"heavier than {MOST} bytes: cut out less")


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """Address of the site at `NOW`, a process of this module."""
    port = _free_port()
    environment = {**os.environ, "LMS_DATA": str(folder), "DATABASE_URL": "", "HOST": "127.0.0.1", "PORT": str(port),
                   "LMS_PUBLIC_URL": "https://nep-moi.example"}  # fmt: skip
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", __spec__.name, SITE], env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/suc-khoe", folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


SITE = "--site"


def _serve() -> None:
    """`lms dev` at `NOW`; the codes of papers are the same ones each time."""
    from lms.cli import main as lms  # noqa: PLC0415

    clock.now = lambda: clock._fixed.get() or NOW.astimezone(UTC)
    issuing.secrets = SimpleNamespace(choice=random.Random(NOW.year).choice)  # type: ignore[attr-defined,assignment]
    lms(["dev"])


def main(out: Path) -> None:
    """All pictures into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for screen in SCREENS:
            content = _written(_taken(browser, site, screen))
            (out / f"man-hinh-{screen.name}.webp").write_bytes(content)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("python -m tests.browser.screens OUTFOLDER")
    _serve() if sys.argv[1] == SITE else main(Path(sys.argv[1]))
