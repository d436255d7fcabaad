"""Lists as people make them, entries, and a reason given at the door."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import select

from lms import demo
from lms.core.actor import System
from lms.core.db import db
from lms.core.ids import to_address
from lms.officials import actions
from lms.officials.models import Category, RegisterEntry
from lms.people.models import Person, Post
from tests.page import Html, Page

DEMO = System("test")
REASON = "Lập danh sách lớp tháng 12"
SINCE = date(2025, 7, 1)


def key(code: str) -> str:
    """A unit's key as in addresses."""
    return to_address(demo.place(code).id)


def person(name: str, code: str = demo.XUAN_DU, place: int = 0) -> Person:
    """Someone of the cast or the villages; `place` tells namesakes apart."""
    query = select(Person).join(Post, Post.person_id == Person.id).where(Person.name == name)
    return list(db.scalars(query.where(Post.unit_id == demo.place(code).id).order_by(Person.id)))[place]


def entry(name: str, category: Category = Category.PLANNED, code: str = demo.XUAN_DU, **names: Any) -> RegisterEntry:
    """A woman in the register."""
    unit = demo.place(code)
    facts: dict[str, Any] = {"post": "", "term": "", "decision": "", "begins": SINCE, **names}
    who = facts.pop("who", None) or person(name, code)
    return actions.enter(who, category, unit.level, unit, by=DEMO, **facts)


def made(name: str, category: Category = Category.PLANNED, code: str = demo.XUAN_DU, **names: Any) -> str:
    """Address of the page of a new entry."""
    return f"/so-can-bo/{to_address(entry(name, category, code, **names).id)}"


def enter_room(page: Page, address: str = "/so-can-bo", reason: str = REASON) -> Html:
    """Give the reason that the page asks for and go on to it."""
    html = page.get(address)
    form = html.forms("/so-can-bo/mo")[0]
    fields = {i.get("name", ""): i.get("value", "") for i in form.iter("input") if i.get("name") != "csrf_token"}
    page.post("/so-can-bo/mo", **{**fields, "reason": reason})
    return page.follow()


def workbook(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    """An Excel file of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def nfd(name: str) -> str:
    """As some keyboards write it."""
    return unicodedata.normalize("NFD", name)


UGLY_HEAD = (
    ("HỘI LHPN TỈNH THANH HÓA", None, None, None, None, None, None, None),
    ("DANH SÁCH CÁN BỘ NỮ DÂN TỘC THIỂU SỐ NĂM 2026", None, None, None, None, None, None, None),
    (None, None, None, None, None, None, None, None),
    ("STT", "Họ và  tên", "Ngày, tháng,\nnăm sinh", "Dân tộc", "Chức vụ hiện nay", "Đơn vị (xã)", "Diện", "Nhiệm kỳ"),
    ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"),
)


def ugly() -> bytes:
    """Titles above, the header on row 4, double spaces, years in four ways, NFD, empty rows, a total, signatures."""
    return workbook(
        [
            *UGLY_HEAD,
            (1, "Nguyễn  thị  Ánh", "1985", "Kinh", "Phó Chủ tịch UBND xã", "Xuân Du", "Quy hoạch", "2026 - 2031"),
            (2, nfd("Vi Thị Thơm"), 1990.0, "Thái", "Đại biểu HĐND xã", "xã Xuân Du", "Trúng cử lần đầu", "2026-2031"),
            (None, None, None, None, None, None, None, None),
            (3, "Trương Thị Hồng", date(1988, 3, 12), "Mường", "Trưởng ban", "UBND xã Yên Thọ, tỉnh Thanh Hóa",
             "Mới bổ nhiệm", None),
            (4, "Lò Thị Xuyến", "5/6/1991", "Thái", "Công chức", "XUAN DU", "Khác", None),
            ("Tổng cộng: 4 người", None, None, None, None, None, None, None),
            (None, None, None, None, None, "Xuân Du, ngày 01 tháng 10 năm 2026", None, None),
            (None, "NGƯỜI LẬP BIỂU", None, None, None, "CHỦ TỊCH", None, None),
        ],
        merged=["A1:H1", "A2:H2", "A12:H12"],
    )  # fmt: skip


def plain(*rows: Sequence[Any], heads: Sequence[str] = ("Họ và tên", "Năm sinh", "Xã", "Nhóm", "Chức vụ")) -> bytes:
    """A tidy list."""
    return workbook([heads, *rows])


def upload(
    page: Page, content: bytes, code: str = demo.THANH_HOA, status: int = 200, name: str = "ds.xlsx", **fields: Any
) -> Html:
    """Send a list and see the preview."""
    sent = {"don-vi": key(code), "category": "", "begins": "01/10/2026", "file": (io.BytesIO(content), name), **fields}
    return page.post("/so-can-bo/nhap", status=status, **sent)


def hidden(html: Html, action: str) -> dict[str, str]:
    """The hidden fields of a form."""
    form = html.forms(action)[0]
    found = {i.get("name", ""): i.get("value", "") for i in form.iter("input") if i.get("type") == "hidden"}
    return {name: value for name, value in found.items() if name != "csrf_token"}


def save(page: Page, html: Html, status: int = 303, **picks: str) -> Html:
    """Agree to a preview, with what was chosen for its rows ("pick_7" for "pick-7")."""
    chosen = {name.replace("_", "-"): value for name, value in picks.items()}
    return page.post("/so-can-bo/nhap/luu", status=status, **{**hidden(html, "/nhap/luu"), **chosen})


def piles(html: Html) -> list[int]:
    """New, same, changed, unclear."""
    return [int("".join(cell.itertext())) for cell in html.one("dl", class_="piles").iter("dd")]


def register_of(code: str = demo.THANH_HOA) -> set[tuple[str, str, UUID]]:
    """Names, groups and persons in the register."""
    rows = db.execute(select(Person.name, RegisterEntry.category, Person.canonical_id, RegisterEntry.begins,
                             RegisterEntry.ends).join(RegisterEntry, RegisterEntry.person_id == Person.id))  # fmt: skip
    return {(name, category.value, human) for name, category, human, begins, ends in rows if ends != begins}
