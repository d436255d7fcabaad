"""The real server on the story, and Debian's Chromium: with and without JavaScript, on a phone and on a desk."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
EVERY_KIND = Path(__file__).with_name("moi-loai-cau")
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def told_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data that `lms dev` fills by itself on its first start, kept as they were then."""
    folder = tmp_path_factory.mktemp("told")
    with _serving(folder):
        return folder


@pytest.fixture(scope="module")
def site_folder(told_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data of the site lie: each file of journeys has its own, whoever walked before."""
    return shutil.copytree(told_folder, tmp_path_factory.mktemp("site") / "data")


@pytest.fixture(scope="module")
def lms(site: str, site_folder: Path) -> Callable[..., str]:
    """A command of `lms` on the data of the running site: `lms("courses", "publish", folder)`."""

    def run(*words: str) -> str:
        environment = {**os.environ, "LMS_DATA": str(site_folder), "DATABASE_URL": ""}
        for _ in range(10):  # the site may be busy with its first papers
            told = subprocess.run(
                [sys.executable, "-m", "lms", *words], env=environment, capture_output=True, text=True
            )
            if "database is locked" not in told.stderr:
                break
        assert told.returncode == 0, told.stderr
        return told.stdout

    return run


@pytest.fixture(scope="module")
def every_kind(lms: Callable[..., str]) -> str:
    """The course with every kind of question is published on the site; its name in addresses."""
    lms("courses", "publish", str(EVERY_KIND))
    return EVERY_KIND.name


@pytest.fixture(scope="module")
def site(site_folder: Path) -> Iterator[str]:
    """Address of `lms dev` on the story."""
    with _serving(site_folder) as address:
        yield address


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    port = _free_port()
    environment = {**os.environ, "LMS_DATA": str(folder), "DATABASE_URL": "", "HOST": "127.0.0.1", "PORT": str(port)}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.site"], env=environment, stdout=log, stderr=log
        )
        try:
            _wait(f"http://127.0.0.1:{port}/suc-khoe", folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _wait(address: str, log: Path) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys."""
    assert CHROMIUM, "no Chromium on this machine"
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        yield browser
        browser.close()


def _launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


Open = Callable[..., Page]
expect.set_options(timeout=15_000)  # two cores may be busy with other tests


@pytest.fixture
def browse(chromium: Browser, site: str) -> Iterator[Open]:
    """A new phone or desk: `browse("cadre", script=False, size=PHONE)` signed in as one of the cast, or "" a stranger."""
    contexts: list[BrowserContext] = []

    def start(who: str = "", script: bool = True, size: dict[str, int] = PHONE) -> Page:
        context = chromium.new_context(viewport=size, java_script_enabled=script, base_url=site, locale="vi-VN")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.faults = faults  # type: ignore[attr-defined]
        if who:
            sign_in(page, who)
        return page

    yield start
    for context in contexts:
        context.close()


def sign_in(page: Page, who: str) -> None:
    """By phone number and PIN, as people do."""
    from lms import demo  # noqa: PLC0415

    member = next(m for m in demo.CAST if m.key == who)
    page.goto("/dang-nhap")
    page.fill("input[name=login]", member.phone)
    page.fill("input[name=secret]", demo.PIN)
    page.click("form:has(input[name=secret]) button")
    page.wait_for_url(lambda url: "dang-nhap" not in url)
