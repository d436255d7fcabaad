"""A list sent, shown in four piles, written whole or not at all, and forgotten."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms import demo
from lms.core import clock, jobs
from lms.core.db import db
from lms.core.files import store
from lms.core.history import HistoryEntry
from lms.core.ids import to_address
from lms.officials import actions, documents
from lms.officials.models import Category, RegisterEntry
from lms.people.models import Person
from tests.officials import make
from tests.page import Page


@pytest.fixture
def planner(page: Page) -> Page:
    page.as_("planner")
    make.enter_room(page)
    return page


def persons() -> int:
    return len(list(db.scalars(select(Person.id))))


def test_an_ugly_list_goes_in_and_the_same_again_changes_nothing(planner: Page) -> None:
    before = persons()
    html = make.upload(planner, make.ugly())
    assert make.piles(html) == [4, 0, 0, 0] and not make.register_of()
    make.save(planner, html)
    assert "4 dòng mới" in planner.follow().words
    assert {(name, group) for name, group, _ in make.register_of()} == {
        ("Nguyễn thị Ánh", "planned"), ("Vi Thị Thơm", "first_elected"), ("Trương Thị Hồng", "newly_appointed"),
        ("Lò Thị Xuyến", "other"),
    }  # fmt: skip
    assert persons() == before + 2, "two were on file"
    assert make.person("Vi Thị Thơm").id in {human for _, _, human in make.register_of()}
    html = make.upload(planner, make.ugly())
    assert make.piles(html) == [0, 4, 0, 0]
    make.save(planner, html)
    assert "0 thay đổi" in planner.follow().words
    assert len(make.register_of()) == 4 and persons() == before + 2


def test_the_day_and_the_digest_are_kept_with_each_entry(planner: Page) -> None:
    content = make.plain(("Vi Thị Phương", 1986, "Xuân Du", "Quy hoạch", "Phó Chủ tịch"))
    make.save(planner, make.upload(planner, content))
    entry = db.scalars(select(RegisterEntry)).one()
    assert entry.begins == date(2026, 10, 1) and len(entry.source_digest) == 64
    line = db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "officials.import_list")).one()
    assert line.details["digest"] == entry.source_digest and line.details["new"] == 1


def test_namesakes_wait_for_a_choice(planner: Page) -> None:
    first, second = make.person("Quách Thị Hiền"), make.person("Quách Thị Hiền", place=1)
    content = make.plain(
        ("Quách Thị Hiền", 1985, "Xuân Du", "Quy hoạch", "Phó"), ("Vi Thị Phương", 1986, "Xuân Du", "Khác", "")
    )
    html = make.upload(planner, content)
    assert make.piles(html) == [1, 0, 0, 1]
    assert "Đồng Tâm" in html.words and "Bái Gạo" in html.words
    html = make.save(planner, html, status=409)
    assert "Còn dòng chưa rõ" in html.words and not make.register_of()
    make.save(planner, html, pick_2=to_address(second.id))
    assert {human for name, _, human in make.register_of() if "Hiền" in name} == {second.id} != {first.id}
    assert make.piles(make.upload(planner, content)) == [0, 2, 0, 0], "known again by what she holds"


def test_a_namesake_may_be_a_new_person(planner: Page) -> None:
    before = persons()
    html = make.upload(planner, make.plain(("Quách Thị Hiền", 1985, "Xuân Du", "Quy hoạch", "")))
    make.save(planner, html, pick_2="moi")
    assert persons() == before + 1
    html = make.upload(planner, make.plain(("Quách Thị Hiền", 1985, "Xuân Du", "Quy hoạch", "")))
    assert make.piles(html) == [0, 1, 0, 0]


def test_two_rows_of_one_unknown_name(planner: Page) -> None:
    content = make.plain(
        ("Lò Thị Mới", 1990, "Xuân Du", "Quy hoạch", ""), ("Lò Thị Mới", 1990, "Xuân Du", "Trúng cử", "")
    )
    html = make.upload(planner, content)
    assert make.piles(html) == [1, 0, 0, 1]
    make.save(planner, html, pick_3="dong-2")
    assert len({human for _, _, human in make.register_of()}) == 1 and len(make.register_of()) == 2


def test_an_unknown_unit_is_typed_and_a_former_one_guessed(planner: Page) -> None:
    content = make.plain(
        ("Lò Thị Mới", 1990, "Xã Lạ", "Quy hoạch", ""), ("Lò Thị Hai", 1991, "Cán Khê", "Quy hoạch", "")
    )
    html = make.upload(planner, content)
    assert make.piles(html) == [0, 0, 0, 2]
    assert html.one("input", name="place-3").get("value") == "xã Xuân Du"
    assert "Tệp ghi “Xã Lạ”" in html.words
    html = make.save(planner, html, status=409, place_2="Nơi nào đó", place_3="xã Xuân Du")
    assert make.piles(html) == [1, 0, 0, 1] and html.one("input", name="place-2").get("value") == "Nơi nào đó"
    make.save(planner, html, place_2="xã Yên Thọ")
    assert len(make.register_of()) == 2
    units = {e.unit_id for e in db.scalars(select(RegisterEntry))}
    assert units == {demo.place(demo.XUAN_DU).id, demo.place(demo.YEN_THO).id}


def test_a_unit_typed_can_lead_to_a_namesake(planner: Page) -> None:
    html = make.upload(planner, make.plain(("Quách Thị Hiền", 1985, "Xã Lạ", "Quy hoạch", "")))
    html = make.save(planner, html, status=409, place_2="xã Xuân Du")
    assert make.piles(html) == [0, 0, 0, 1] and make.hidden(html, "/luu")["place-2"] == "xã Xuân Du"
    make.save(planner, html, pick_2=to_address(make.person("Quách Thị Hiền").id))
    assert len(make.register_of()) == 1


def test_a_change_adds_a_row_and_strikes_the_old_one(planner: Page) -> None:
    key = make.entry("Vi Thị Phương", post="Phó Chủ tịch", term="2026-2031", decision="QĐ 1").id
    html = make.upload(planner, make.plain(("Vi Thị Phương", 1986, "Xuân Du", "Quy hoạch", "Chủ tịch")))
    assert make.piles(html) == [0, 0, 1, 0] and "Phó Chủ tịch → Chủ tịch" in html.words
    make.save(planner, html)
    assert "1 thay đổi" in planner.follow().words
    old = db.get_one(RegisterEntry, key)
    new = db.scalars(select(RegisterEntry).where(RegisterEntry.id != key)).one()
    assert old.ends == old.begins == new.begins and old.post == "Phó Chủ tịch"
    assert (new.post, new.term, new.decision) == ("Chủ tịch", "2026-2031", "QĐ 1")


def test_a_new_term_ends_the_old_entry(planner: Page) -> None:
    key = make.entry("Vi Thị Phương", term="2021-2026").id
    content = make.plain(("Vi Thị Phương", 1986, "QH", "2026-2031"), heads=("Họ tên", "Năm sinh", "Nhóm", "Nhiệm kỳ"))
    make.save(planner, make.upload(planner, content, code=demo.XUAN_DU))
    old = db.get_one(RegisterEntry, key)
    new = db.scalars(select(RegisterEntry).where(RegisterEntry.id != key)).one()
    assert old.ends == new.begins == date(2026, 10, 1) and old.begins < old.ends


def test_a_list_without_units_is_the_chosen_units(planner: Page) -> None:
    content = make.workbook([("Họ và tên", "Năm sinh"), ("Lò Thị Mới", 1990)])
    make.save(planner, make.upload(planner, content, code=demo.XUAN_DU, category="newly_appointed"))
    entry = db.scalars(select(RegisterEntry)).one()
    assert (entry.unit_id, entry.category) == (demo.place(demo.XUAN_DU).id, Category.NEWLY_APPOINTED)


def test_a_man_on_file_is_not_taken_for_her(planner: Page) -> None:
    html = make.upload(planner, make.plain(("Quách Văn Bảo", 1979, "Xuân Du", "Khác", "")))
    assert make.piles(html) == [0, 0, 0, 1]
    man = to_address(make.person("Quách Văn Bảo").id)
    assert "chỉ ghi cán bộ nữ" in make.save(planner, html, status=409, pick_2=man).words
    assert not make.register_of()


def files() -> set[str]:
    from lms.core.settings import settings  # noqa: PLC0415

    return {path.name for path in (settings().folder / "files").rglob("*") if path.is_file()}


def test_the_file_is_kept_sealed_until_it_is_decided(planner: Page) -> None:
    before, content = files(), make.plain(("Vi Thị Phương", 1986, "Xuân Du", "Khác", ""))
    html = make.upload(planner, content)
    (kept,) = files() - before
    assert make.hidden(html, "/luu")["digest"] == kept and "Phương".encode() not in store().get(kept)
    assert store().get(kept)[:2] != b"PK"
    make.save(planner, html)
    assert files() == before
    assert "không còn được giữ" in make.save(planner, html, status=409).words


def test_a_dropped_file_is_gone(planner: Page) -> None:
    before = files()
    html = make.upload(planner, make.plain(("Vi Thị Phương", 1986, "Xuân Du", "Khác", "")))
    planner.post("/so-can-bo/nhap/bo", **make.hidden(html, "/nhap/bo"))
    assert files() == before and not make.register_of()
    planner.post("/so-can-bo/nhap/bo", **make.hidden(html, "/nhap/bo"))


def test_a_forgotten_file_goes_after_a_day(planner: Page) -> None:
    before = files()
    make.upload(planner, make.plain(("Vi Thị Phương", 1986, "Xuân Du", "Khác", "")))
    job = db.scalars(select(jobs.Job).where(jobs.Job.kind == actions.DROP)).one()
    assert job.run_after > clock.now() + timedelta(hours=23)
    actions.drop_upload(job.payload)
    actions.drop_upload(job.payload)
    assert files() == before


def test_no_other_file_of_the_store_can_be_read_or_dropped(planner: Page, app: Flask) -> None:
    digest = store().put(make.plain(("Vi Thị Phương", 1986, "Xuân Du", "Khác", "")))
    unit = make.key(demo.THANH_HOA)
    planner.post("/so-can-bo/nhap/bo", **{"don-vi": unit, "digest": digest})
    assert store().has(digest)
    for wrong in (digest, "", "../../keys/session.key", "0" * 64):
        html = planner.post("/so-can-bo/nhap/luu", status=409, **{"don-vi": unit, "digest": wrong, "mark": ""})
        assert "không còn được giữ" in html.words
    mine = make.hidden(make.upload(planner, make.ugly()), "/luu")["digest"]
    with pytest.raises(documents.UploadIsGone):
        documents.kept(mine, demo.member("auditor").id)
    other = {"don-vi": make.key(demo.XUAN_DU), "digest": mine, "mark": ""}
    assert "không còn được giữ" in planner.post("/so-can-bo/nhap/luu", status=409, **other).words


def test_a_register_that_changed_meanwhile_is_shown_again(planner: Page) -> None:
    html = make.upload(planner, make.plain(("Vi Thị Phương", 1986, "Xuân Du", "Quy hoạch", "Phó")))
    make.entry("Vi Thị Phương", post="Chủ tịch")
    html = make.save(planner, html, status=409)
    assert "Sổ vừa được sửa" in html.words and make.piles(html) == [0, 0, 1, 0]
    make.save(planner, html)


def test_files_that_cannot_be_read_say_why_and_are_not_kept(planner: Page) -> None:
    before = files()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 90_000_000)
    long = "Họ và tên,Năm sinh,Nhóm\n" + "Lò Thị A,1990,Khác\n" * 5001
    rows = [("Họ và tên", "Năm sinh", "Nhóm")] + [
        (f"Hà Thị {n}a", None if n in (4, 9, 27) else 1985, "Khác") for n in range(2, 30)
    ]
    formula = make.plain(('="Lò Thị "&"A"', 1990, "Xuân Du", "Khác", ""), ("Lò Thị B", 1990, "Xuân Du", "Khác", ""))
    for content, sentence in (
        (b"\x89PNG\x00\x00", "Không đọc được tệp này"), (b"PK\x03\x04 no", "Không đọc được tệp này"),
        (b"", "Không thấy dòng tiêu đề"),
        (b"x" * 5_000_001, "Tệp quá lớn"), (bomb.getvalue(), "Tệp quá lớn"), (long.encode(), "Tệp quá lớn"),
        (make.workbook(rows), "Tệp có 3 dòng thiếu năm sinh: 4, 9, 27. Chưa lưu gì cả. Sửa rồi gửi lại."),
        (formula, "Tệp có 1 dòng thiếu họ tên: 2. Chưa lưu gì cả. Ô là công thức thì chép lại thành giá trị."),
    ):  # fmt: skip
        html = make.upload(planner, content, status=409)
        assert sentence in html.words
    html = planner.post("/so-can-bo/nhap", status=422, **{"don-vi": make.key(demo.THANH_HOA), "begins": "01/10/2026"})
    assert "Chọn tệp" in html.words
    assert files() == before and not make.register_of()


def test_a_formula_in_a_csv_is_only_text(planner: Page) -> None:
    content = 'Họ và tên,Năm sinh,Nhóm,Chức vụ\nLò Thị A,1990,Khác,=HYPERLINK("http://x")\n'
    make.save(planner, make.upload(planner, content.encode(), code=demo.XUAN_DU))
    assert "'=HYPERLINK" in planner.raw("GET", "/so-can-bo?tep=csv").text


def test_importing_needs_a_bounded_number_of_statements(planner: Page) -> None:
    few = make.plain(*((f"Lò Thị {chr(65 + n)}a", 1990, "Xuân Du", "Khác", "") for n in range(3)))
    many = make.plain(*((f"Lò Thị {chr(65 + n % 26)}{n}a", 1990, "Yên Thọ", "Khác", "") for n in range(150)))
    make.upload(planner, few)
    seen = planner.statements
    make.upload(planner, many)
    assert planner.statements <= seen
