"""Pages of units: public facts for everyone who is signed in."""

from __future__ import annotations

from datetime import date

from flask import Flask

from lms import demo
from lms.core.ids import new_id, to_address
from lms.units import queries
from tests.page import Page


def _address(code: str, on: date | None = None) -> str:
    unit = queries.by_code(code, on)
    assert unit is not None
    return f"/don-vi/{to_address(unit.id)}"


def test_a_stranger_is_asked_to_sign_in(page: Page) -> None:
    answer = page.raw("GET", "/don-vi")
    assert answer.status_code == 303 and "/dang-nhap?tiep=" in answer.headers["Location"]


def test_the_list_shows_the_34_provinces(page: Page) -> None:
    html = page.as_("cadre").get("/don-vi")
    assert len(html.all("*", data_item="")) == 34
    assert "thành phố Đồng Nai" in html.words


def test_search_is_without_marks(page: Page) -> None:
    html = page.as_("cadre").get("/don-vi?tim=phuong+nghi")
    assert len(html.all("*", data_item="")) == 1 and "xã Phượng Nghi" in html.words
    assert "Không có đơn vị nào khớp" in page.get("/don-vi?tim=khong+co").words


def test_a_unit_tells_its_history_in_plain_words(page: Page) -> None:
    html = page.as_("neighbour").get(_address(demo.XUAN_DU))
    assert "Từ ngày 01/07/2025: gồm các xã cũ Cán Khê, Phượng Nghi, Xuân Du." in html.words
    assert "QĐ 19/2025/QĐ-TTg" in html.words and "Hội LHPN xã Xuân Du" in html.words
    assert "tỉnh Thanh Hóa" in html.words and demo.XUAN_DU in html.words
    html = page.get(_address("16273"))
    assert "một phần xã Thanh Tân" in html.words
    html = page.get(_address("16231", date(2025, 6, 30)))
    assert "Từ ngày 01/07/2025: thành xã Xuân Du." in html.words and "không còn từ ngày 01/07/2025" in html.words


def test_a_province_lists_its_communes_and_its_old_district(page: Page) -> None:
    html = page.as_("planner").get(_address(demo.THANH_HOA))
    assert "xã Xuân Du" in html.words and "huyện Như Thanh" in html.words


def test_only_those_who_may_read_persons_are_led_to_them(page: Page) -> None:
    assert "Người ở đây" in page.as_("coordinator").get(_address(demo.XUAN_DU)).words
    assert "Người ở đây" not in page.get(_address(demo.YEN_THO)).words


def test_lists_go_out_as_they_are_shown(page: Page) -> None:
    answer = page.as_("cadre").raw("GET", "/don-vi?tep=csv")
    assert answer.headers["X-Rows"] == "34" and "Thanh Hóa" in answer.text
    answer = page.raw("GET", f"{_address(demo.THANH_HOA)}?tep=xlsx")
    assert int(answer.headers["X-Rows"]) == len(queries.children_of(demo.place(demo.THANH_HOA).id))


def test_an_unknown_unit_is_not_there(app: Flask, page: Page) -> None:
    page.as_("cadre").get(f"/don-vi/{to_address(new_id())}", status=404)
