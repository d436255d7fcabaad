"""The story walked in a real browser on a phone of 360 px, with JavaScript and without (issue: One true thread)."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lms.courses.rules import Question, read_folder
from tests.browser.conftest import Open

COURSE = Path(__file__).resolve().parents[2] / "courses" / "lgg-3-thon-ban"
both = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@cache
def _questions() -> dict[str, Question]:
    return {question.id: question for question in read_folder(COURSE).questions}


def _plain(rendered: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", rendered)).split())


def _answer(question: Question, place: Locator) -> None:
    """Fill in what is right, as somebody who has read the lesson."""
    if question.kind in {"single", "truefalse", "multiple"}:
        for option in question.options:
            if option.right:
                label = place.locator("label.choice").filter(
                    has_text=re.compile(rf"^\s*{re.escape(_plain(option.html))}\s*$")
                )
                label.first.locator("input").check()
    elif question.kind in {"match", "order"}:
        for number, option in enumerate(question.options, 1):
            row = place.locator(".rows__row").filter(has=place.page.get_by_text(_plain(option.html), exact=True)).first
            picked = _plain(option.partner_html) if question.kind == "match" else str(number)
            row.locator("select").select_option(label=picked)
    elif question.kind == "number":
        place.locator("input.ask__line").fill(str(question.value))
    elif question.kind == "short":
        place.locator("input.ask__line").fill(question.accepted[0])


def _submit_all(page: Page) -> None:
    for section in page.locator("section.test__question").all():
        _answer(_questions()[section.get_attribute("id") or ""], section)
    page.get_by_role("button", name="Nộp bài").click()
    if (
        page.get_by_role("button", name=re.compile("Nộp")).count()
        and "/kiem-tra/" in page.url
        and page.locator("h1").count()
    ):
        again = page.locator("main form button", has_text="Nộp")
        if again.count():
            again.first.click()


@pytest.mark.parametrize(("who", "script"), [("cadre", True), ("official", False)], ids=["script", "no-script"])
def test_a_cadre_learns_on_her_phone_passes_and_holds_her_paper(browse: Open, who: str, script: bool) -> None:
    page = browse(who, script=script)
    page.goto("/")
    page.get_by_role("link", name="Học tiếp", exact=True).click()
    checked = False
    for _ in range(20):
        if "/kiem-tra" in page.url:
            break
        check = page.locator("form.callout--check").first
        if check.count() and not checked:
            key = check.get_attribute("id") or ""
            _answer(_questions()[key], check)
            check.get_by_role("button").click()
            expect(page.locator(f"#{key} .answer").first).to_be_visible()
            checked = True
        page.locator(".foot button.button--primary").click()
    assert checked and "/kiem-tra" in page.url
    page.get_by_role("button", name="Bắt đầu làm").click()
    _submit_all(page)
    expect(page.locator("main")).to_contain_text("Được 10 trên 10")
    page.goto("/giay-to")
    expect(page.locator("main")).to_contain_text("Lồng ghép giới ở thôn, bản")
    if script:
        assert not page.faults, page.faults  # type: ignore[attr-defined]


@both
def test_a_stranger_reads_without_signing_in(browse: Open, script: bool) -> None:
    page = browse(script=script)
    page.goto("/")
    page.get_by_role("link", name=re.compile("Chương trình 3")).first.click()
    page.get_by_role("link", name="Học từ bài 1").click()
    expect(page.locator("h1")).to_have_text("Hai từ, hai nghĩa")
    check = page.locator("form.callout--check").first
    key = check.get_attribute("id") or ""
    wrong = next(o for o in _questions()[key].options if not o.right)
    check.locator("label.choice").filter(has_text=re.compile(rf"^\s*{re.escape(_plain(wrong.html))}\s*$")).locator(
        "input"
    ).check()
    check.get_by_role("button").click()
    expect(page.locator(f"#{key}")).to_contain_text(_plain(wrong.feedback_html))
    page.locator(".foot a.button--primary").click()
    expect(page.locator("h1")).to_have_text("Nếp cũ thay được")


@both
def test_a_trainer_takes_the_roll_and_corrects_it(browse: Open, script: bool) -> None:
    page = browse("trainer", script=script)
    page.goto("/lop")
    page.get_by_role("link", name=re.compile("đợt 2")).first.click()
    page.get_by_role("link", name="Buổi 2", exact=True).click()
    line = page.locator(".roll__line").filter(has=page.locator(".mark--n")).first
    name = line.locator(".roll__name").inner_text()
    before = int(page.locator(".tally__all b").inner_text())
    line.locator("button.mark").click()
    marked = page.locator(".roll__line").filter(has_text=name).first
    expect(marked.locator(".mark--c")).to_be_visible()
    expect(page.locator(".tally__all b")).to_have_text(str(before + 1))
    marked.locator("button.mark").click()
    expect(page.locator(".roll__line").filter(has_text=name).first.locator(".mark--m")).to_be_visible()
    page.reload()
    expect(page.locator(".roll__line").filter(has_text=name).first.locator(".mark--m")).to_be_visible()
    if script:
        assert not page.faults, page.faults  # type: ignore[attr-defined]


def test_taps_without_a_network_stay_named_until_they_are_stored(browse: Open) -> None:
    """Two taps are lost, a third is stored: the lines of the two stay red, and the strip with them."""
    page = browse("trainer")
    page.goto("/lop")
    page.get_by_role("link", name=re.compile("đợt 2")).first.click()
    page.get_by_role("link", name="Buổi 2", exact=True).click()
    waiting = page.locator(".roll__line").filter(has=page.locator(".mark--n"))
    keys = [waiting.nth(place).get_attribute("id") for place in range(3)]
    page.context.set_offline(True)
    for place, key in enumerate(keys[:2], 1):
        page.locator(f"#{key} button.mark").click()
        expect(page.locator("[data-unsaved]")).to_have_count(place)
    page.context.set_offline(False)
    page.locator(f"#{keys[2]} button.mark").click()
    expect(page.locator(f"#{keys[2]} .mark--c")).to_be_visible()
    expect(page.locator("#chua-ghi")).to_be_visible()
    for place, key in enumerate(keys[:2], 1):
        page.locator(f"#{key} button.mark").click()
        expect(page.locator("[data-unsaved]")).to_have_count(2 - place)
    expect(page.locator("#chua-ghi")).to_be_hidden()
    page.reload()
    for key in keys:
        expect(page.locator(f"#{key} .mark--c")).to_be_visible()


@both
def test_a_planner_sees_who_is_missing_and_invites(browse: Open, script: bool) -> None:
    page = browse("planner", script=script)
    page.goto("/do-phu")
    if page.locator("[name=reason]").count():
        page.fill("[name=reason]", "Lập danh sách lớp tháng 12")
        page.locator("main form button").first.click()
    page.goto("/do-phu")
    expect(page.locator("main")).to_contain_text("Lần xem này được ghi lại")
    figure = page.locator("a.opens").first
    count = int(figure.get_attribute("data-figure") or "-1")
    figure.click()
    assert page.locator("[data-item]").count() == count > 0
    page.go_back()
    boxes = page.locator("form input[type=checkbox]")
    assert boxes.count() > 0
    boxes.first.check()
    page.locator("form:has(input[type=checkbox]) button[class*=primary]").first.click()
    expect(page.locator("body")).to_contain_text(re.compile("Đã (mời|đưa)"))


@both
def test_a_coordinator_opens_a_figure_to_its_names(browse: Open, script: bool) -> None:
    page = browse("coordinator", script=script)
    page.goto("/chi-tieu")
    figures = page.locator("a.opens")
    values = [int(f.get_attribute("data-figure") or "0") for f in figures.all()]
    assert max(values) > 5
    figures.nth(values.index(max(values))).click()
    assert page.locator("[data-item]").count() == max(values)


@both
def test_a_stranger_checks_a_paper_that_is_then_revoked(browse: Open, script: bool) -> None:
    coordinator = browse("coordinator", script=script)
    coordinator.goto("/giay-chung-nhan")
    row = coordinator.locator("a[href^='/giay-chung-nhan/']").filter(has_not_text="Tải").nth(3 if script else 4)
    coordinator.goto(row.get_attribute("href") or "")
    address = coordinator.locator("a[href*='/c/']").first.get_attribute("href") or ""
    address = address[address.index("/c/") :]
    stranger = browse(script=script)
    stranger.goto(address)
    expect(stranger.locator("h1")).to_have_text("HỢP LỆ")
    fold = coordinator.locator("details:has(form[action$='/thu-hoi']) > summary")
    if fold.count():
        fold.first.click()
    form = coordinator.locator("form[action$='/thu-hoi']")
    for choice in form.locator("select").all():
        choice.select_option(index=1)
    if form.locator("input[type=radio]").count():
        form.locator("input[type=radio]").first.check()
    form.locator("[name=reason]").fill("Ghi nhầm người học")
    form.locator("button").last.click()
    stranger.goto(address)
    expect(stranger.locator("h1")).to_have_text("ĐÃ THU HỒI")
    stranger.goto("/c")
    stranger.fill("input[name=ma]", "khong-co-ma-nay-dau-nhe")
    stranger.locator("main form button").click()
    expect(stranger.locator("h1")).to_have_text("KHÔNG TÌM THẤY")


@both
def test_the_neighbour_sees_nothing_of_the_commune(browse: Open, script: bool) -> None:
    page = browse("neighbour", script=script)
    page.goto("/tim?tim=Quách Thị Hiền")
    expect(page.locator("main")).not_to_contain_text("Bái Gạo")
    page.goto("/con-nguoi")
    expect(page.locator("main")).not_to_contain_text("Lường Thị Ngọc Ánh")
    page.goto("/lop")
    expect(page.locator("main")).not_to_contain_text("đợt 2")
