"""The planner's page, the names behind each figure, inviting from the gap; nobody else knows of it."""

from __future__ import annotations

import gzip
import io
import re
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.db import action, db
from lms.core.history import HistoryEntry
from lms.core.ids import new_id, to_address
from lms.officials.models import Category, RegisterEntry
from lms.people.actions import add_person
from lms.people.models import Sex
from lms.training.models import Enrolment
from lms.units.actions import add_unit
from lms.units.models import Level
from lms.units.queries import country
from tests.coverage import make
from tests.officials.make import REASON, enter_room, entry, hidden, key, person
from tests.page import Html, Page

STRANGERS = ("neighbour", "cadre", "coordinator", "trainer", "administrator", "official")
LATER = date(2026, 12, 8)


@pytest.fixture
def filled(page: Page) -> Page:
    """Five of the target and one other; one trained, one in class."""
    for name, category in (("Vi Thị Thơm", Category.FIRST_ELECTED), ("Quách Thị Hà", Category.PLANNED),
                           ("Vi Thị Phương", Category.PLANNED), ("Bùi Thị Bích", Category.NEWLY_APPOINTED),
                           ("Bùi Thị Yến", Category.OTHER)):  # fmt: skip
        entry(name, category, term="2026-2031" if category == Category.FIRST_ELECTED else "")
    entry("Lò Thị Hương", Category.FIRST_ELECTED, demo.YEN_THO)
    course = make.course()
    make.trained_by(course)
    done = make.training_class(course, date(2026, 5, 4), closed=date(2026, 5, 6), title="Lớp tháng 5").id
    make.part(done, person("Vi Thị Phương"), completed=date(2026, 5, 6))
    coming = make.training_class(course, LATER, title="Lớp tháng 12", capacity=3).id
    make.seat(coming, person("Bùi Thị Bích"), invited=date(2026, 9, 1))
    return page.as_("planner")


def figures(html: Html) -> list[tuple[int, str]]:
    return [(int(a.get("data-figure", "")), a.get("href", "")) for a in html.all("a", data_figure="")]


def test_every_figure_opens_to_its_names(filled: Page) -> None:
    html = enter_room(filled, "/do-phu")
    found = figures(html)
    assert [value for value, _ in found[:4]] == [5, 1, 1, 3] and len(found) == 4 + 2 * 4 + 4 + 1
    for value, href in dict.fromkeys(found):
        opened = filled.get(urljoin("/do-phu", href))
        assert len(opened.all("*", data_item="")) == value, href
        assert not value or int(opened.one("table").get("data-count", "")) == value
        answer = filled.raw("GET", f"{href}&tep=xlsx")
        assert answer.headers["X-Rows"] == str(value) and "no-store" in answer.headers["Cache-Control"]
        child = re.search("don-vi=([a-z2-7]{26})", href)
        assert child is not None
    below = filled.get(html.href("xã Yên Thọ"))
    assert [value for value, _ in figures(below)[:4]] == [1, 0, 0, 1]


def test_no_number_of_the_page_is_without_its_names(filled: Page) -> None:
    html = enter_room(filled, "/do-phu")
    for cell in [*html.all("td"), *html.all("dd")]:
        bare = re.fullmatch(r"[\d.]+( \d+%)?", " ".join("".join(cell.itertext()).split()))
        assert not bare or [a for a in cell.iter("a") if a.get("data-figure") is not None]
    assert "20%" in html.words and "Lý do: Lập danh sách lớp tháng 12." in html.words


def test_names_tell_where_and_when(filled: Page) -> None:
    enter_room(filled, "/do-phu")
    html = filled.get("/do-phu/danh-sach?nhom=so")
    assert "Lớp tháng 5" in html.words and "đã tập huấn, 04/05/2026" in html.words and "đang học, từ" in html.words
    rows = list(load_workbook(io.BytesIO(filled.raw("GET", "/do-phu/danh-sach?nhom=da&tep=xlsx").data)).active.values)  # type: ignore[union-attr]
    assert rows[1][0] == "Vi Thị Phương" and rows[1][5] == "Lớp tháng 5"
    filled.get("/do-phu/danh-sach?nhom=gi-do", status=404)
    for part, count in (("da", 1), ("khac", 0)):
        assert filled.get(f"/do-phu/danh-sach?nhom={part}").words.count("Trong quy hoạch") == count


def test_a_day_in_the_past_is_shown_as_it_was(filled: Page) -> None:
    enter_room(filled, "/do-phu")
    html = filled.get("/do-phu?ngay=05/05/2026")
    assert [value for value, _ in figures(html)[:4]] == [5, 0, 0, 5] and not html.all("input", name="person")
    for value, href in figures(html)[:4]:
        assert "ngay=05/05/2026" in href and len(filled.get(href).all("*", data_item="")) == value
    assert "Ngày này không có" in filled.get("/do-phu?ngay=31/02/2026").words


def test_each_look_leaves_a_line(filled: Page) -> None:
    enter_room(filled, "/do-phu")
    filled.get("/do-phu/danh-sach?nhom=thieu")
    filled.raw("GET", "/do-phu/danh-sach?nhom=thieu&tep=csv")
    lines = list(
        db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "officials.look").order_by(HistoryEntry.id))
    )
    assert [(line.details["page"], line.details["count"], line.reason) for line in lines] == [
        ("coverage", 5, REASON), ("names:thieu", 3, REASON), ("names:thieu", 3, REASON)
    ]  # fmt: skip


def test_without_a_reason_or_after_half_an_hour_it_asks(filled: Page) -> None:
    now = clock.now()
    assert filled.get("/do-phu/danh-sach?nhom=so").forms("/so-can-bo/mo")
    with clock.stopped(now):
        enter_room(filled, "/do-phu")
    with clock.stopped(now + timedelta(minutes=30)):
        for address in ("/do-phu", "/do-phu/danh-sach?nhom=so"):
            html = filled.get(address)
            assert html.forms("/so-can-bo/mo") and "Vi Thị Thơm" not in html.words


@pytest.mark.parametrize("who", STRANGERS)
def test_to_everyone_else_it_is_an_unknown_address(page: Page, who: str) -> None:
    entry("Vi Thị Thơm")
    page.as_(who)
    unknown = page.raw("GET", "/khong-co-trang-nay").data
    for address in ("/do-phu", "/do-phu?tep=csv", "/do-phu/danh-sach?nhom=so", "/do-phu/danh-sach?nhom=so&tep=xlsx",
                    f"/do-phu?don-vi={key(demo.XUAN_DU)}", f"/do-phu/danh-sach?don-vi={to_address(new_id())}"):  # fmt: skip
        answer = page.raw("GET", address)
        assert (answer.status_code, answer.data) == (404, unknown), address
    unknown = page.raw("POST", "/khong-co-trang-nay", data={"csrf_token": "csrf-of-test"}).data
    answer = page.raw("POST", "/do-phu/moi", data={"csrf_token": "csrf-of-test", "don-vi": key(demo.XUAN_DU)})
    assert (answer.status_code, answer.data) == (404, unknown)


def test_a_unit_out_of_reach_and_an_unknown_one_are_the_same(filled: Page) -> None:
    enter_room(filled, "/do-phu")
    unknown = filled.raw("GET", "/khong-co").data

    for unit in (to_address(country().id), to_address(new_id()), "abc"):
        for path in ("/do-phu", "/do-phu/danh-sach"):
            answer = filled.raw("GET", f"{path}?don-vi={unit}")
            assert (answer.status_code, answer.data) == (404, unknown)


def test_the_gap_is_grouped_and_the_first_group_ticked(filled: Page) -> None:
    html = enter_room(filled, "/do-phu")
    kinds = ["".join(h.itertext()).split("\n")[0] for h in html.all("h3", class_="gap__kind")]
    assert [kind.strip()[:10] for kind in kinds] == ["Mới trúng ", "Trong quy "]
    ticks = html.all("input", name="person")
    assert [tick.get("checked") is not None for tick in ticks] == [True, True, False]
    assert "còn 2 chỗ" in html.words and "Đưa 2 người vào lớp" in html.words


def invitation(html: Html, count: int) -> dict[str, object]:
    persons = [tick.get("value", "") for tick in html.all("input", name="person")][:count]
    option = html.one("select", name="class").find("option")
    assert option is not None
    return {**hidden(html, "/do-phu/moi"), "person": persons, "class": option.get("value", "")}


def test_inviting_keeps_no_word_of_the_register(filled: Page) -> None:
    html = enter_room(filled, "/do-phu")
    filled.post("/do-phu/moi", **invitation(html, 2))
    html = filled.follow()
    assert "Đã mời 2 người vào lớp “Lớp tháng 12”." in html.words
    assert [value for value, _ in figures(html)[:4]] == [5, 1, 3, 1]
    for enrolment in db.scalars(select(Enrolment)):
        assert enrolment.inviter_unit_id == demo.place(demo.THANH_HOA).id
    for line in db.scalars(select(HistoryEntry).where(HistoryEntry.verb.like("training.%"))):
        assert not line.reason and "quy hoạch" not in str(line.details)


def test_a_full_class_is_refused_and_the_ticks_stay(filled: Page) -> None:
    html = enter_room(filled, "/do-phu")
    asked = invitation(html, 3)
    for names in ({}, {"from": "names"}):
        html = filled.post("/do-phu/moi", status=409, **asked, **names)
        assert "Lớp còn 2 chỗ, đang chọn 3 người" in html.words
        assert [t.get("checked") is not None for t in html.all("input", name="person")] == [True] * 3
    assert len(list(db.scalars(select(Enrolment)))) == 1


def test_nobody_ticked_no_class_or_someone_else(filled: Page) -> None:
    html = enter_room(filled, "/do-phu")
    asked = invitation(html, 1)
    assert "Chưa chọn ai" in filled.post("/do-phu/moi", status=409, **{**asked, "person": []}).words
    for wrong in ("", "abc", to_address(new_id())):
        assert "Chưa chọn lớp" in filled.post("/do-phu/moi", status=409, **{**asked, "class": wrong}).words
    stranger = to_address(person("Lò Thị Cúc").id)
    filled.post("/do-phu/moi", status=404, **{**asked, "person": [*asked["person"], stranger]})  # type: ignore[misc]
    assert len(list(db.scalars(select(Enrolment)))) == 1


def test_the_names_of_the_gap_invite_too(filled: Page) -> None:
    enter_room(filled, "/do-phu")
    html = filled.get("/do-phu/danh-sach?nhom=thieu")
    filled.post("/do-phu/moi", **invitation(html, 1))
    assert "Đã mời 1 người" in filled.follow().words


def test_an_auditor_reads_and_invites_nobody(filled: Page, app: Flask) -> None:
    auditor = Page(app).as_("auditor")
    html = enter_room(auditor, "/do-phu")
    assert not html.all("input", name="person") and figures(html)[0][0] == 5
    auditor.post("/do-phu/moi", status=403, **{"don-vi": key(demo.THANH_HOA)})


def test_an_empty_register_and_no_rule_and_no_class(page: Page) -> None:
    page.as_("planner")
    html = enter_room(page, "/do-phu")
    assert "Sổ chưa có ai" in html.words and "Chưa có khóa học nào" in html.words
    entry("Vi Thị Thơm")
    html = page.get("/do-phu")
    assert "Chưa có lớp nào đang mở" in html.words and [value for value, _ in figures(html)[:4]] == [1, 0, 0, 1]


@action
def many(communes: int, women: int) -> None:
    """A province as large as they come."""
    province = demo.place(demo.THANH_HOA)
    for number in range(communes):
        unit = add_unit(Level.COMMUNE, "xã", f"Số {number}", f"9{number:04}", province.id, date(2025, 7, 1))
        for place in range(women):
            who = add_person(f"Lò Thị Số {number} {place}", unit, by=make.DEMO, birth_year=1985, sex=Sex.FEMALE)
            db.add(RegisterEntry(person_id=who.id, category=Category.PLANNED, body_level=Level.COMMUNE, unit_id=unit.id,
                                 begins=date(2025, 7, 1), entered_at=clock.now()))  # fmt: skip
    db.flush()


def test_a_large_province_keeps_to_weight_and_statements(filled: Page) -> None:
    enter_room(filled, "/do-phu")
    filled.raw("GET", "/do-phu")
    seen = filled.statements
    many(160, 3)
    answer = filled.raw("GET", "/do-phu")
    assert answer.status_code == 200 and filled.statements <= seen <= 20
    assert len(gzip.compress(answer.data, 5)) <= 40_000
    assert "Còn thiếu: 483 người" in Html(answer.text).words and "Xem và mời cả 483 người" in Html(answer.text).words
