"""Pages of indicators: who may see them, every number walks to a list of its length, lists are exported and logged."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import select

from lms import demo
from lms.core.db import db, transaction
from lms.core.history import HistoryEntry
from lms.core.ids import to_address
from lms.core.words import percent
from lms.indicators import actions
from lms.indicators.models import Contribution
from lms.officials.models import Category
from lms.people.models import Sex
from lms.training.models import TrainingClass
from lms.units.actions import add_unit
from lms.units.models import Level
from tests.indicators.make import course, entry, held, person, someone, studied, visit
from tests.page import Html, Page, words_of

LGG, OFFICIALS = "/chi-tieu/D8.4.2", "/chi-tieu/D8.3.4"
SEALED = "được đếm ở trang của cán bộ làm quy hoạch"


def at(code: str) -> str:
    """A unit of the story in an address."""
    return f"don-vi={to_address(demo.place(code).id)}&nam=2026"


def story() -> None:
    """Two classes, an online study, a neighbour and a person of whom little is known."""
    with transaction():
        unknown, stranger = someone("Người Lạ", sex=Sex.UNKNOWN, group=None), someone("Lê Thị Xa", demo.YEN_THO)
    held([person("cadre"), person("head"), unknown, stranger], ends=date(2026, 4, 15))
    held([person("cadre")], ends=date(2026, 9, 15), completed=True)
    studied(person("newcomer"))


def walk(page: Page, html: Html, least: int) -> None:
    """Every number opens to a list that is as long."""
    figures: list[Element] = [a for a in html.all("a") if a.get("data-figure") is not None]
    assert len(figures) >= least
    for link in {a.get("href", ""): a for a in figures}.values():
        opened = page.get(link.get("href", ""))
        assert len(opened.all("*", data_item="")) == int(link.get("data-figure", "")), link.get("href")
        assert all(e.get("data-count") == link.get("data-figure") for e in opened.all("*", data_count=""))


def number(html: Html, code: str, **wanted: str) -> int:
    """The number whose link has these arguments and no other filter."""
    for link in html.all("a", class_="opens"):
        path, _, query = link.get("href", "").partition("?")
        given = dict(pair.split("=") for pair in query.split("&"))
        filters = {k: v for k, v in given.items() if k not in {"don-vi", "nam", "ky"}}
        if code in path and filters == wanted:
            return int(link.get("data-figure", ""))
    raise AssertionError(f"no number {code} {wanted}")


def test_the_page_of_figures_keeps_persons_and_participations_apart(page: Page) -> None:
    story()
    html = page.as_("coordinator").get("/chi-tieu?nam=2026")
    assert number(html, "D8.4.2", so="persons") == 4
    assert number(html, "D8.4.2", so="participations") == 5
    assert number(html, "D8.4.2", so="persons", gioi="female", **{"dan-toc": "yes"}) == 2
    assert number(html, "D8.4.2", so="persons", gioi="unknown") == 1
    assert percent(2, 4) in html.words and percent(1, 4) in html.words
    assert "Tên dòng là tên làm việc" in html.words and SEALED in html.words
    walk(page, html, 14)


def test_unknown_has_no_column_where_nobody_stands_in_it(page: Page) -> None:
    html = page.as_("coordinator").get("/chi-tieu?nam=2026")
    assert "Chưa rõ giới" not in html.words
    walk(page, html, 12)


def test_the_unit_and_period_are_chosen_by_a_form(page: Page) -> None:
    story()
    page.as_("planner")
    assert number(page.get(f"/chi-tieu?{at(demo.THANH_HOA)}"), "D8.4.2", so="persons") == 5
    assert number(page.get(f"/chi-tieu?{at(demo.XUAN_DU)}&ky=nua-2"), "D8.4.2", so="persons") == 1
    assert number(page.get(f"/chi-tieu?{at(demo.XUAN_DU)}&ky=quy-2"), "D8.4.2", so="participations") == 4
    assert number(page.get("/chi-tieu?nam=2025"), "D8.4.2", so="persons") == 0
    html = page.get("/chi-tieu")
    options = [words_of(o) for o in html.one("select", name="don-vi").iter("option")]
    assert "tỉnh Thanh Hóa" in options and "xã Xuân Du" in options


@pytest.mark.parametrize("wrong", ["nam=1999", "nam=x", "ky=quy-9", "don-vi=aaaa", "don-vi=" + "a" * 26])
def test_an_address_that_means_nothing_is_not_found(page: Page, wrong: str) -> None:
    page.as_("coordinator").get(f"/chi-tieu?{wrong}", 404)


def test_an_indicator_by_unit_adds_up_and_every_number_opens(page: Page) -> None:
    story()
    html = page.as_("planner").get(f"{LGG}?{at(demo.THANH_HOA)}")
    sums = [int(words_of(cell)) for cell in html.one("tfoot").iter("td")]
    [table] = [t for t in html.all("table") if t.find("tfoot") is not None]
    rows = [[int(words_of(cell)) for cell in row.iter("td")] for row in table.find("tbody").iter("tr")]
    assert sums == [sum(column) for column in zip(*rows, strict=True)] and sums[0] == 5 and sums[3] == 6
    assert "Theo đối tượng" in html.words and "Theo chương trình" in html.words
    walk(page, html, 20)
    inside = page.get(html.href("xã Xuân Du"))
    assert number(inside, "D8.4.2", so="persons") == 4
    walk(page, inside, 10)


def test_a_participation_of_the_province_itself_stands_in_its_own_row(page: Page) -> None:
    held([person("trainer"), person("cadre")])
    html = page.as_("planner").get(f"{LGG}?{at(demo.THANH_HOA)}")
    assert "Không thuộc đơn vị nào bên dưới" in html.words
    assert number(html, "D8.4.2", so="persons", rieng="1") == 1
    walk(page, html, 10)


def test_the_list_names_person_kind_unit_and_class(page: Page) -> None:
    story()
    html = page.as_("coordinator").get(f"{LGG}/danh-sach?{at(demo.XUAN_DU)}&so=participations")
    lines = [words_of(li) for li in html.all("li", data_item="")]
    assert len(lines) == 5 and len([line for line in lines if "Lường Thị Ngọc Ánh (1985)" in line]) == 2
    assert any("Trưởng thôn, bản, xã Xuân Du" in line and "15/04/2026" in line for line in lines)
    assert any("Khóa lgg" in line and "20/05/2026" in line for line in lines)


def test_lists_and_tables_are_exported_as_they_stand(page: Page) -> None:
    story()
    page.as_("coordinator")
    for address, rows in (("/chi-tieu", 2), (LGG, 2), (f"{LGG}/danh-sach", 4)):
        for kind in ("csv", "xlsx"):
            answer = page.raw("GET", f"{address}?{at(demo.XUAN_DU)}&tep={kind}")
            assert answer.status_code == 200 and answer.headers["X-Rows"] == str(rows), address
    lines = page.raw("GET", f"/chi-tieu?{at(demo.XUAN_DU)}&tep=csv").text.splitlines()
    assert lines[1].startswith("D8.4.2,") and ",người,4,2,1,1," in lines[1] and ",lượt,5," in lines[2]


def test_each_look_at_names_is_written_down(page: Page) -> None:
    story()
    page.as_("coordinator").get(f"{LGG}/danh-sach?{at(demo.XUAN_DU)}&so=persons&gioi=female")
    seen = db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "indicators.names")).one()
    assert seen.account_id == demo.member("coordinator").id and seen.unit_id == demo.place(demo.XUAN_DU).id
    assert seen.details["rows"] == 2 and seen.details["narrowed"] == {"gioi": "female"}
    assert page.last is not None and page.last.headers["Cache-Control"] == "no-store"


def test_long_lists_have_leaves_and_the_file_has_all(page: Page) -> None:
    with transaction():
        people = [someone(f"Bùi Thị {chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(205)]
    held(people)
    first = page.as_("coordinator").get(f"{LGG}/danh-sach?{at(demo.XUAN_DU)}")
    second = page.get(first.href("Trang sau"))
    assert [len(h.all("li", data_item="")) for h in (first, second)] == [200, 5]
    assert first.one("ol", data_count="205") is not None
    assert page.raw("GET", f"{LGG}/danh-sach?{at(demo.XUAN_DU)}&tep=csv").headers["X-Rows"] == "205"
    page.get(f"{LGG}/danh-sach?{at(demo.XUAN_DU)}&trang=3", 404)


def test_a_province_of_many_communes_stays_light_and_its_total_whole(page: Page) -> None:
    place = demo.place(demo.THANH_HOA)
    with transaction():
        for n in range(100):
            add_unit(Level.COMMUNE, "xã", f"Bình {n}", None, place.id, date(2025, 7, 1))
    held([person("cadre"), person("trainer")])
    first = page.as_("planner").get(f"{LGG}?{at(demo.THANH_HOA)}")
    last = page.get(f"{LGG}?{at(demo.THANH_HOA)}&trang=3")
    rows = [len(h.one("table", class_="ind--units").find("tbody").findall("tr")) for h in (first, last)]
    assert rows == [50, 8]
    assert {words_of(h.one("tfoot")) for h in (first, last)} == {"Cộng222222"}
    answer = page.raw("GET", f"{LGG}?{at(demo.THANH_HOA)}&tep=csv")
    assert answer.headers["X-Rows"] == "109"


def test_an_edited_class_shows_at_once(page: Page) -> None:
    held([person("cadre")])
    assert number(page.as_("coordinator").get("/chi-tieu?nam=2026"), "D8.4.2", so="persons") == 1
    with transaction():
        made = db.scalars(select(TrainingClass)).one()
        made.starts_on = made.ends_on = date(2025, 8, 8)
        actions.recount_class(made)
    assert number(page.get("/chi-tieu?nam=2026"), "D8.4.2", so="persons") == 0
    assert number(page.get("/chi-tieu?nam=2025"), "D8.4.2", so="persons") == 1


# who may


@pytest.mark.parametrize("key", ["coordinator", "planner", "administrator", "auditor"])
def test_those_entitled_see_the_commune(page: Page, key: str) -> None:
    page.as_(key)
    for path in ("/chi-tieu", LGG, OFFICIALS, f"{LGG}/danh-sach"):
        page.get(f"{path}?{at(demo.XUAN_DU)}")


@pytest.mark.parametrize("key", ["cadre", "trainer", "official"])
def test_others_find_nothing(page: Page, key: str) -> None:
    page.as_(key)
    for path in ("/chi-tieu", LGG, f"{LGG}/danh-sach"):
        page.get(path, 404)


def test_the_neighbour_gets_the_bytes_of_an_unknown_key(page: Page) -> None:
    story()
    page.as_("neighbour")
    nothing = "don-vi=" + to_address(db.scalars(select(Contribution.id)).first())
    for path in ("/chi-tieu", LGG, f"{LGG}/danh-sach", OFFICIALS):
        mine, none = page.raw("GET", f"{path}?{at(demo.XUAN_DU)}"), page.raw("GET", f"{path}?{nothing}")
        assert mine.status_code == none.status_code == 404 and mine.data == none.data
    unknown = page.raw("GET", "/chi-tieu/D8.9.9")
    assert unknown.status_code == 404 and unknown.data == mine.data
    page.get(f"{LGG}?{at(demo.THANH_HOA)}", 404)


def test_a_wrong_filter_is_not_found(page: Page) -> None:
    page.as_("coordinator")
    for wrong in ("so=x", "gioi=x", "dan-toc=x", "nhom=planned", "doi-tuong=x", "trang=0"):
        page.get(f"{LGG}/danh-sach?{wrong}", 404)


# sealed: what rests on the register


def officials() -> None:
    """Two women of the register who completed the leadership course, and one of the fourth group."""
    with transaction():
        planned, other, nobody = (someone(f"Lò Thị {name}") for name in ("An", "Cúc", "Dịu"))
    entry(planned, Category.PLANNED)
    entry(other, Category.OTHER)
    held([planned, other, nobody], course("lanh-dao"))


@pytest.mark.parametrize("key", ["coordinator", "administrator"])
def test_who_keeps_no_register_sees_a_sentence_and_no_number(page: Page, key: str) -> None:
    officials()
    visit(key)
    html = page.as_(key).get(f"{OFFICIALS}?{at(demo.XUAN_DU)}")
    assert SEALED in html.words and not html.all("a", class_="opens")
    page.get(f"{OFFICIALS}/danh-sach?{at(demo.XUAN_DU)}", 404)
    overview = page.get(f"/chi-tieu?{at(demo.XUAN_DU)}")
    assert not [a for a in overview.all("a", class_="opens") if "D8.3.4" in a.get("href", "")]
    assert page.raw("GET", f"{OFFICIALS}?{at(demo.XUAN_DU)}&tep=csv").headers.get("X-Rows") is None


def test_a_planner_gives_a_reason_first(page: Page) -> None:
    officials()
    html = page.as_("planner").get(f"{OFFICIALS}?{at(demo.XUAN_DU)}")
    assert not html.all("a", class_="opens")
    answer = page.get(f"{OFFICIALS}/danh-sach?{at(demo.XUAN_DU)}")
    assert not answer.all("*", data_item="")
    [form] = html.forms("/so-can-bo/mo")
    fields = {i.get("name", ""): i.get("value", "") for i in form.iter("input") if i.get("name") != "csrf_token"}
    page.post("/so-can-bo/mo", **{**fields, "reason": "Lập kế hoạch lớp"})
    assert number(page.follow(), "D8.3.4", so="persons") == 1


@pytest.mark.parametrize("key", ["planner", "auditor"])
def test_within_a_visit_the_sealed_page_counts_and_every_look_is_kept(page: Page, key: str) -> None:
    officials()
    visit(key)
    html = page.as_(key).get(f"{OFFICIALS}?{at(demo.XUAN_DU)}")
    assert number(html, "D8.3.4", so="persons") == 1
    assert number(html, "D8.3.4", so="persons", nhom="planned") == 1
    assert number(html, "D8.3.4", so="persons", nhom="other") == 1
    assert number(html, "D8.3.4", so="persons", nhom="first_elected") == 0
    walk(page, html, 8)
    seen = set(db.scalars(select(HistoryEntry.verb).where(HistoryEntry.reason == "Lập kế hoạch")))
    assert {"indicators.indicator", "indicators.names"} <= seen


def test_a_visit_to_the_neighbour_opens_nothing_here(page: Page) -> None:
    officials()
    visit("planner", demo.place(demo.YEN_THO))
    html = page.as_("planner").get(f"{OFFICIALS}?{at(demo.XUAN_DU)}")
    assert not html.all("a", class_="opens")


def test_figures_keep_to_a_number_of_statements(page: Page, app: Flask) -> None:
    story()
    page.as_("planner").get(f"/chi-tieu?{at(demo.THANH_HOA)}")
    assert page.statements <= 14
    page.get(f"{LGG}?{at(demo.THANH_HOA)}")
    assert page.statements <= 20
