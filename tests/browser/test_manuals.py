"""The manuals in use: a meeting led from its step cards alone, its minutes on paper, the clips with their captions."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from lms.core.settings import data_folder
from lms.courses.rules import read_folder
from tests.browser.conftest import Open

MANUALS = ("clb-thu-linh", "tkvvtb")
CLIPS = sorted((data_folder("courses") / "clb-thu-linh").rglob("*.mp4"))
MOST = 3 * 1024 * 1024


def _meetings(course: str) -> list[tuple[str, int]]:
    """(slug, step cards) of the lessons whose meeting has minutes to print."""
    read = read_folder(data_folder("courses") / course)
    cards = {lesson.slug: read.files[lesson.file].decode().count("/// the-buoc") for lesson in read.lessons}
    return [(lesson.slug, cards[lesson.slug]) for lesson in read.lessons if lesson.minutes_form and cards[lesson.slug]]


def test_there_are_meetings_enough() -> None:
    assert len(_meetings("clb-thu-linh")) >= 9
    assert len(_meetings("tkvvtb")) >= 4


@pytest.mark.parametrize("course", MANUALS)
def test_a_meeting_is_led_from_its_cards_alone(browse: Open, course: str) -> None:
    """From the first card to the minutes by the one button at the foot; every card says what to do and for how long."""
    page = browse()
    for slug, count in _meetings(course)[:2]:
        page.goto(f"/hoc/{course}/{slug}/buoi-hop")
        for place in range(1, count + 1):
            expect(page.locator(".head__step")).to_have_text(f"Bước {place} trong {count}")
            expect(page.locator(".timer")).to_be_visible()
            assert len(page.inner_text(".meeting__body").split()) >= 8, f"{slug}: card {place} says too little"
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
            _lead(page)
            page.locator(".foot .button--primary").click()
        page.wait_for_url(re.compile(rf"/hoc/{course}/{slug}/bien-ban"))
        page.emulate_media(media="print")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
        page.emulate_media(media="screen")
        assert 1 <= len(printed.pages) <= 2, f"{slug}: {len(printed.pages)} pages"
        assert len(printed.pages[0].extract_text().split()) >= 15


def _lead(page: Page) -> None:
    """The timer runs, and what was done is ticked."""
    page.get_by_role("button", name="Bắt đầu giờ").click()
    for box in page.locator(".meeting__body input[type=checkbox]").all()[:2]:
        box.check()


def test_there_are_two_clips() -> None:
    assert len(CLIPS) == 2
    for clip in CLIPS:
        assert clip.stat().st_size <= MOST, clip.name
        assert "Giọng đọc máy" in clip.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("clip", CLIPS, ids=lambda path: path.stem)
def test_a_clip_plays_with_its_captions(browse: Open, clip: Path) -> None:
    lesson = next(path for path in clip.parent.glob("*.md") if f"({clip.name})" in path.read_text(encoding="utf-8"))
    page = browse()
    page.goto(f"/hoc/clb-thu-linh/{re.sub(r'^[0-9]+-', '', lesson.stem)}")
    expect(page.locator("figure.lesson__video")).to_contain_text(re.compile(r"\d (KB|MB)"))
    video = page.locator("video")
    video.evaluate("one => { one.muted = true; one.textTracks[0].mode = 'showing'; void one.play(); }")
    for _ in range(60):
        if video.evaluate("one => one.currentTime") > 2:
            break
        page.wait_for_timeout(250)
    seconds, cues, shown = video.evaluate(
        "one => [one.duration, one.textTracks[0].cues.length, one.textTracks[0].activeCues.length]"
    )
    assert 60 < seconds < 300 and cues >= 15 and shown >= 1, (seconds, cues, shown)
    assert not page.faults, page.faults  # type: ignore[attr-defined]
