"""Pages of the register: the list and its file, an entry, entering and ending by hand."""

from __future__ import annotations

import io
import re
from datetime import date

from openpyxl import load_workbook

from lms import demo
from lms.core.ids import to_address
from lms.officials.models import Category
from tests.officials import make
from tests.page import Page

NEW = {"person": "moi", "name": "Lò  Thị  Mới", "birth_year": "1990", "ethnic_group": "thai", "category": "planned",
       "place": "xã Xuân Du", "post": "Phó Chủ tịch UBND xã", "term": "2026 – 2031", "begins": "01/10/2026"}  # fmt: skip


def fields(**changes: str) -> dict[str, str]:
    return {"don-vi": make.key(demo.XUAN_DU), **NEW, **changes}


def test_the_list_shows_and_exports_the_same(page: Page) -> None:
    make.entry("Vi Thị Phương", term="2026-2031", post="Phó Chủ tịch UBND xã")
    make.entry("Lò Thị Cúc", Category.OTHER)
    page.as_("planner")
    html = make.enter_room(page)
    assert len(html.all("tr", data_item="")) == 2 == int(html.one("table").get("data-count", ""))
    answer = page.raw("GET", "/so-can-bo?tep=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)  # type: ignore[union-attr]
    assert [row[0] for row in rows[1:3]] == ["Lò Thị Cúc", "Vi Thị Phương"] and answer.headers["X-Rows"] == "2"
    assert "no-store" in answer.headers["Cache-Control"]
    named = answer.headers["Content-Disposition"] + str(load_workbook(io.BytesIO(answer.data)).sheetnames)
    assert not re.search("quy.?hoach|bo.?nhiem|trung.?cu|Quy hoạch|bổ nhiệm|trúng cử", named, re.I)
    assert page.raw("GET", "/so-can-bo?tep=csv&tim=cuc").headers["X-Rows"] == "1"


def test_the_list_narrows_and_takes_a_day(page: Page) -> None:
    make.entry("Vi Thị Phương", term="2026-2031")
    make.entry("Lò Thị Cúc", Category.OTHER, begins=date(2026, 10, 1))
    page.as_("planner")
    make.enter_room(page)

    def found(query: str) -> int:
        return len(page.get(f"/so-can-bo?{query}").all("tr", data_item=""))

    assert [found(q) for q in ("", "nhom=other", "ky=2026-2031", "tim=phuong", "tim=zzz", "ngay=01/09/2026")] == [
        2,
        1,
        1,
        1,
        0,
        1,
    ]
    assert "Ngày này không có" in page.get("/so-can-bo?ngay=31/02/2026").words
    assert found("nhom=abc&ky=xyz") == 0


def test_an_empty_register_offers_its_beginning(page: Page) -> None:
    page.as_("planner")
    assert "Nhập từ Excel" in make.enter_room(page).words


def test_a_new_woman_by_hand(page: Page) -> None:
    page.as_("planner")
    make.enter_room(page)
    page.get(f"/so-can-bo/them?don-vi={make.key(demo.XUAN_DU)}")
    page.post("/so-can-bo/them", **fields())
    html = page.follow()
    assert "Lò Thị Mới" in html.words and "nhiệm kỳ 2026-2031" in html.words
    who = make.person("Lò Thị Mới")
    assert (who.birth_year, who.sex.value, who.ethnic_group) == (1990, "female", "thai")


def test_someone_on_file_is_found_and_chosen(page: Page) -> None:
    page.as_("planner")
    make.enter_room(page)
    html = page.get(f"/so-can-bo/them?don-vi={make.key(demo.XUAN_DU)}&tim=quach")
    assert "Quách Thị Hiền" in html.words and "Quách Văn Bảo" not in html.words
    who = make.person("Quách Thị Hiền", place=1)
    page.post("/so-can-bo/them", **fields(person=to_address(who.id), name="", birth_year=""))
    assert "Quách Thị Hiền" in page.follow().words
    assert {human for _, _, human in make.register_of()} == {who.id}


def test_namesakes_are_shown_once_before_a_new_person_is_made(page: Page) -> None:
    page.as_("planner")
    make.enter_room(page)
    typed = fields(name="Quách Thị Hiền", birth_year="1985")
    html = page.post("/so-can-bo/them", status=409, **typed)
    assert len(html.all("input", name="person", type="radio")) == 3
    assert html.one("input", name="post").get("value") == NEW["post"]
    page.post("/so-can-bo/them", **typed, seen=html.one("input", name="seen").get("value"))
    assert len(make.register_of()) == 1 and make.person("Quách Thị Hiền", place=2)


def test_faults_keep_what_was_typed(page: Page) -> None:
    page.as_("planner")
    make.enter_room(page)
    html = page.post(
        "/so-can-bo/them", status=422, **fields(name="", birth_year="1895", place="Xã Lạ", begins="31/02/2026")
    )
    said = " ".join("".join(p.itertext()) for p in html.all("p", class_="field__error"))
    for sentence in ("còn trống", "Có phải 1995 không?", "Chưa rõ đơn vị nào", "Ngày này không có"):
        assert sentence in said
    assert html.one("input", name="post").get("value") == NEW["post"]
    html = page.post("/so-can-bo/them", status=422, **fields(birth_year="2012"))
    assert "từ 18 tuổi" in html.words


def test_a_group_held_already_is_refused_at_its_field(page: Page) -> None:
    make.entry("Vi Thị Phương")
    who = to_address(make.person("Vi Thị Phương").id)
    page.as_("planner")
    make.enter_room(page)
    html = page.post("/so-can-bo/them", status=409, **fields(person=who))
    assert "đang ở trong nhóm đó" in html.words and len(make.register_of()) == 1


def test_an_entry_shows_the_history_and_ends(page: Page) -> None:
    make.entry("Vi Thị Phương", begins=date(2024, 6, 1))
    address = make.made("Vi Thị Phương", Category.FIRST_ELECTED, begins=date(2026, 3, 15), term="2026-2031")
    page.as_("planner")
    make.enter_room(page)
    html = page.get(address)
    assert len(html.all("li", data_item="")) == 2 and "từ 15/03/2026" in html.words
    assert "nguoi=" in html.href("Ghi nhóm tiếp theo")
    chosen = page.get(html.href("Ghi nhóm tiếp theo"))
    assert [r.get("checked") is not None for r in chosen.all("input", name="person")] == [True, False]
    page.post(f"{address}/ket-thuc", status=422, ends="01/10/2026", why="")
    assert "phải từ ngày bắt đầu" in page.post(f"{address}/ket-thuc", status=409, ends="01/01/2026", why="nhầm").words
    page.post(f"{address}/ket-thuc", ends="01/10/2026", why="chuyển công tác")
    html = page.follow()
    assert "đến trước 01/10/2026" in html.words and not html.forms("/ket-thuc")
    assert "đã kết thúc" in page.post(f"{address}/ket-thuc", status=409, ends="02/10/2026", why="lần nữa").words
