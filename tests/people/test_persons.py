"""Persons: lists within one's units, adding with namesakes shown, corrections, posts, and what the neighbour sees."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.actor import System
from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.core.ids import new_id, to_address
from lms.core.refusal import NotFound
from lms.people import actions, queries
from lms.people.models import Person, Post, PostKind
from lms.people.queries import Wanted
from lms.units.queries import by_code
from tests.page import Html, Page

TEST = System("test")


def _xuan_du() -> str:
    return to_address(demo.place(demo.XUAN_DU).id)


def _fields(**changes: str) -> dict[str, str]:
    typed = {"name": "Lò Thị Mẩy", "birth_year": "1990", "sex": "female", "ethnic_group": "thai", "phone": "",
             "unit": _xuan_du(), "village": "Đồng Tâm", "kind": "other", "title": "", "seen": ""}  # fmt: skip
    return typed | changes


def _named(name: str) -> list[Person]:
    db.expire_all()
    return list(db.scalars(select(Person).where(Person.name == name).order_by(Person.id)))


def _fresh(person_id: UUID) -> Person:
    """The person as stored now."""
    db.remove()
    return db.get(Person, person_id)  # type: ignore[no-any-return]


def _count(html: Html) -> int:
    (held,) = [element for element in html.all("ul", data_count="") if element.get("class") == "list"]
    items = html.all("li", data_item="")
    assert int(held.get("data-count", "0")) == len(items)
    return len(items)


# Questions


def test_a_list_holds_each_human_once_by_given_name(app: Flask) -> None:
    unit = demo.place(demo.XUAN_DU)
    lines = queries.persons_within([unit.id])
    assert len(lines) == len({line.person.id for line in lines}) == queries.count_within([unit.id]) == 40
    assert [line.person.name_sort for line in lines] == sorted(line.person.name_sort for line in lines)
    assert {line.unit_title for line in lines} == {"xã Xuân Du"}


def test_linked_persons_are_one_line(app: Flask) -> None:
    unit = demo.place(demo.XUAN_DU)
    first, second = _named("Quách Thị Hiền")
    second.canonical_id = first.id
    db.commit()
    lines = queries.persons_within([unit.id])
    assert len(lines) == 39 and [line.person.id for line in lines if line.person.name == "Quách Thị Hiền"] == [first.id]


def test_a_list_is_narrowed(app: Flask) -> None:
    unit = demo.place(demo.XUAN_DU)

    def found(**wanted: object) -> set[str]:
        return {line.person.name for line in queries.persons_within([unit.id], Wanted(**wanted))}  # type: ignore[arg-type]

    assert found(typed="hble nie") == set() and found(typed="hbla nie") == {"H'Blă Niê Kdăm"}
    assert found(typed=demo.member("cadre").code) == {"Lường Thị Ngọc Ánh"}
    assert "Quách Văn Thiện" in found(kind=PostKind.VILLAGE_HEAD, has_account=True)
    assert len(found(has_account=True)) == 5 and not found(has_account=True) & found(has_account=False)


def test_persons_of_a_province_hold_those_of_its_communes(app: Flask) -> None:
    province = demo.place(demo.THANH_HOA).id
    everyone = {line.person.id for line in queries.persons_within([province])}
    for code in (demo.XUAN_DU, demo.YEN_THO):
        assert {line.person.id for line in queries.persons_within([demo.place(code).id])} < everyone
    assert len(queries.persons_within([province], most=7)) == 7


def test_who_has_left_is_listed_no_more_but_found(app: Flask) -> None:
    person = demo.member("newcomer").person
    actor = queries.actor_of(demo.member("coordinator"))
    post = queries.post_on(person.id)
    assert post is not None
    post.ends = clock.today()
    db.commit()
    assert person.id not in {line.person.id for line in queries.persons_within([demo.place(demo.XUAN_DU).id])}
    assert queries.person_for(actor, person.id) is person


def test_the_neighbour_and_the_learner_find_nobody_but_themselves(app: Flask) -> None:
    cadre = demo.member("cadre")
    for key in ("neighbour", "head"):
        with pytest.raises(NotFound):
            queries.person_for(queries.actor_of(demo.member(key)), cadre.person_id)
    assert queries.person_for(queries.actor_of(cadre), cadre.person_id) is cadre.person
    with pytest.raises(NotFound):
        queries.person_for(queries.actor_of(cadre), new_id())


def test_who_moved_away_belongs_to_the_new_unit(app: Flask) -> None:
    person = demo.member("newcomer").person
    actions.change_post(
        person, demo.place(demo.YEN_THO), by=TEST, kind=PostKind.OTHER, title="", village="", begins=clock.today()
    )
    assert queries.person_for(queries.actor_of(demo.member("neighbour")), person.id)
    with pytest.raises(NotFound):
        queries.person_for(queries.actor_of(demo.member("coordinator")), person.id)


def test_namesakes_are_of_one_fold_one_year_and_one_lineage(app: Flask) -> None:
    unit = demo.place(demo.XUAN_DU).id
    assert len(queries.namesakes("Quách Thị Hiền", 1985, unit)) == 2
    assert (
        len(queries.namesakes("QUÁCH  THỊ HIỀN", 1986, unit))
        == len(queries.namesakes("Quách Thị Hiền", None, unit))
        == 2
    )
    assert not queries.namesakes("Quách Thị Hiền", 1987, unit) and not queries.namesakes("Quách Thị Hiển", 1985, unit)
    assert not queries.namesakes("Quách Thị Hiền", 1985, demo.place(demo.YEN_THO).id)
    old = by_code("16231", date(2025, 6, 30))
    assert old is not None
    assert len(queries.namesakes("Bùi Thị Hòa", 1982, old.id)) == len(queries.namesakes("Bùi Thị Hoà", 1982, unit)) == 1


def test_a_number_finds_all_who_gave_it(app: Flask) -> None:
    assert [person.name for person in queries.persons_with_phone("+84 912 000 006")] == ["Lường Thị Ngọc Ánh"]
    assert queries.account_with_code("?") is None


# Pages


def test_only_those_with_a_role_come_to_the_list(page: Page) -> None:
    assert page.raw("GET", "/con-nguoi").status_code == 303
    for key in ("cadre", "head", "newcomer", "official"):
        page.as_(key).get("/con-nguoi", 404)
    for key in ("coordinator", "administrator", "auditor", "planner", "trainer"):
        page.as_(key).get("/con-nguoi")


def test_each_number_opens_to_as_many_persons(page: Page) -> None:
    html = page.as_("coordinator").get("/con-nguoi")
    figures = [(int(link.get("data-figure", "")), link.get("href", "")) for link in html.all("a", class_="opens")]
    assert len(figures) == 2 and figures[0][0] == _count(html) == 40
    for number, address in figures:
        assert _count(page.get(address)) == number
    html = page.get("/con-nguoi?loai=village_head&taikhoan=chua")
    for link in html.all("a", class_="opens"):
        assert _count(page.get(link.get("href", ""))) == int(link.get("data-figure", ""))


def test_the_coordinator_sees_her_commune_only(page: Page) -> None:
    words = page.as_("coordinator").get("/con-nguoi").words
    assert "Giàng Thị Dợ" in words and "Trương Thị Hồng" not in words
    assert "Trương Thị Hồng" in page.as_("planner").get("/con-nguoi").words
    words = page.as_("neighbour").get("/con-nguoi").words
    assert "Trương Thị Hồng" in words and "Giàng Thị Dợ" not in words


def test_a_unit_may_be_asked_for(page: Page) -> None:
    yen_tho = to_address(demo.place(demo.YEN_THO).id)
    html = page.as_("planner").get(f"/con-nguoi?donvi={yen_tho}")
    assert _count(html) == 7 and "Giàng Thị Dợ" not in html.words
    for wrong in (yen_tho, to_address(new_id()), "x"):
        page.as_("coordinator").get(f"/con-nguoi?donvi={wrong}", 404)


def test_search_without_marks(page: Page) -> None:
    page.as_("coordinator")
    assert "Lường Thị Ngọc Ánh" in page.get("/con-nguoi?tim=luong+ngoc+anh").words
    assert _count(page.get("/con-nguoi?tim=HBla")) == 1
    assert "Không có ai khớp" in page.get("/con-nguoi?tim=khong+co+ai").words


def test_a_list_goes_out_as_it_is_shown_without_what_is_sensitive(page: Page) -> None:
    answer = page.as_("coordinator").raw("GET", "/con-nguoi?tim=quach&tep=csv")
    assert int(answer.headers["X-Rows"]) == _count(page.get("/con-nguoi?tim=quach"))
    assert "Mường" not in answer.text and "0912" not in answer.text and "Quách Thị Hiền" in answer.text


def test_a_person_page(page: Page) -> None:
    key = to_address(demo.member("cadre").person_id)
    html = page.as_("coordinator").get(f"/con-nguoi/{key}")
    for shown in (
        "Lường Thị Ngọc Ánh",
        "1985",
        "•••••••006",
        "Chi hội trưởng phụ nữ",
        "Đồng Tâm, xã Xuân Du",
        "01/07/2025",
    ):
        assert shown in html.words
    assert "0912000006" not in html.text and "Thái" not in html.words


def test_readers_read_and_may_not_write(page: Page) -> None:
    key = to_address(demo.member("cadre").person_id)
    for role in ("planner", "trainer", "auditor"):
        assert "Sửa chỗ sai" not in page.as_(role).get(f"/con-nguoi/{key}").words
        for address in (f"/con-nguoi/{key}/sua", f"/con-nguoi/{key}/chuc-danh"):
            page.get(address, 403)
        page.get("/con-nguoi/them", 404)
        page.post(f"/con-nguoi/{key}/sua", 403, name="X", reason="y")
        page.post(f"/con-nguoi/{key}/ma", 403, met="y")
        page.post(f"/con-nguoi/{key}/tai-khoan", 403)
    assert _named("Lường Thị Ngọc Ánh")


@pytest.mark.parametrize("role", ["neighbour", "cadre"])
def test_who_may_not_see_gets_the_bytes_of_an_unknown_key(page: Page, role: str) -> None:
    known, unknown = to_address(demo.member("head").person_id), to_address(new_id())
    page.as_(role)
    body = {"csrf_token": page._token(), "name": "X", "reason": "y", "met": "y"}
    for ending in ("", "/sua", "/chuc-danh", "/quyen"):
        answers = [page.raw("GET", f"/con-nguoi/{key}{ending}") for key in (known, unknown)]
        assert {answer.status_code for answer in answers} == {404} and answers[0].data == answers[1].data, ending
    for ending in ("/sua", "/chuc-danh", "/tai-khoan", "/ma", "/quyen", f"/quyen/{to_address(new_id())}"):
        answers = [page.raw("POST", f"/con-nguoi/{key}{ending}", data=body) for key in (known, unknown)]
        assert {answer.status_code for answer in answers} == {404} and answers[0].data == answers[1].data, ending
    page.post(f"/con-nguoi/{known}", 405)


def test_a_person_is_added(page: Page) -> None:
    page.as_("coordinator").get("/con-nguoi/them")
    page.post("/con-nguoi/them", **_fields(phone="0912 777 001", title="Chi hội phó", kind="branch_head"))
    html = page.follow()
    assert "Đã thêm Lò Thị Mẩy" in html.words and "Chi hội phó" in html.words
    (person,) = _named("Lò Thị Mẩy")
    assert (person.birth_year, person.ethnic_group, person.sex) == (1990, "thai", "female")
    assert queries.phone_of(person) == "0912777001"


def test_faults_keep_everything_typed(page: Page) -> None:
    page.as_("coordinator")
    html = page.post("/con-nguoi/them", 422, **_fields(birth_year="1895", phone="12", title="Chi hội phó"))
    assert "Năm sinh 1895 quá xa. Có phải 1995 không?" in html.words and "10 chữ số" in html.words
    assert html.one("input", name="name").get("value") == "Lò Thị Mẩy"
    assert html.one("input", name="birth_year").get("value") == "1895"
    assert html.one("input", name="title").get("value") == "Chi hội phó"
    assert html.one("option", value="thai", selected="").text == "Thái"
    assert not _named("Lò Thị Mẩy")


def test_children_are_not_named_here(page: Page) -> None:
    html = page.as_("coordinator").post("/con-nguoi/them", 422, **_fields(birth_year="2012"))
    assert "Chỉ ghi người từ 18 tuổi" in html.words and not _named("Lò Thị Mẩy")


def test_a_namesake_is_shown_first_and_nothing_typed_is_lost(page: Page) -> None:
    page.as_("coordinator")
    typed = _fields(name="Quách Thị Hiền", birth_year="1985", title="Chi hội phó", phone="0912777002")
    html = page.post("/con-nguoi/them", 409, **typed)
    assert "Người khác, vẫn thêm" in html.words and len(html.all("li", data_item="")) == 2
    assert html.one("input", name="title").get("value") == "Chi hội phó"
    assert html.one("input", name="phone").get("value") == "0912777002"
    assert len(_named("Quách Thị Hiền")) == 2
    seen = html.one("input", name="seen").get("value", "")
    page.post("/con-nguoi/them", **(typed | {"seen": seen}))
    persons = _named("Quách Thị Hiền")
    assert len(persons) == 3 and len({person.canonical_id for person in persons}) == 3
    page.post("/con-nguoi/them", 409, **(typed | {"seen": seen}))
    assert len(_named("Quách Thị Hiền")) == 3


def test_two_women_of_one_name_and_year_stay_two(page: Page) -> None:
    first, second = _named("Quách Thị Hiền")
    assert first.name_fold == second.name_fold and first.birth_year == second.birth_year
    html = page.as_("coordinator").get("/con-nguoi?tim=quach thi hien")
    keys = [person.id for person in _named("Quách Thị Hiền")]
    links = {link.get("href") for link in html.all("a", class_="row")}
    assert links >= {f"/con-nguoi/{to_address(key)}" for key in keys}
    page.post(f"/con-nguoi/{to_address(keys[0])}/sua", **_correction(_fresh(keys[0]), name="Quách Thị Hiên"))
    assert [_fresh(key).name for key in keys] == ["Quách Thị Hiên", "Quách Thị Hiền"]


def test_nobody_is_added_to_a_unit_of_others(page: Page) -> None:
    page.as_("neighbour").post("/con-nguoi/them", 422, **_fields())
    page.get(f"/con-nguoi/them?donvi={_xuan_du()}", 404)
    assert not _named("Lò Thị Mẩy")


def test_an_administrator_adds_below_her(page: Page) -> None:
    html = page.as_("administrator").get(f"/con-nguoi/them?donvi={_xuan_du()}")
    assert html.one("option", value=_xuan_du(), selected="").text == "xã Xuân Du"
    page.post("/con-nguoi/them", **_fields())
    assert len(_named("Lò Thị Mẩy")) == 1


def _correction(person: Person, **changes: str) -> dict[str, str]:
    typed = {"name": person.name, "birth_year": str(person.birth_year or ""), "sex": person.sex.value,
             "ethnic_group": person.ethnic_group or "", "phone": "", "reason": "Gõ nhầm"}  # fmt: skip
    return typed | changes


def test_a_correction_is_kept_in_the_history_without_the_values(page: Page) -> None:
    key = demo.member("cadre").person_id
    address = f"/con-nguoi/{to_address(key)}/sua"
    html = page.as_("coordinator").get(address)
    assert html.one("option", value="thai", selected="") is not None
    page.post(address, **_correction(_fresh(key), name="Lương Thị Ngọc Ánh", birth_year="1986"))
    person = _fresh(key)
    assert (person.name, person.birth_year, queries.phone_of(person)) == ("Lương Thị Ngọc Ánh", 1986, "0912000006")
    entry = db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "people.correct_person")).one()
    assert entry.details == {"changed": ["name", "birth_year"]} and entry.reason == "Gõ nhầm"
    assert entry.actor == "Bùi Thị Nhung"
    page.post(address, 422, **_correction(person, reason=""))


def test_a_number_is_changed_or_dropped(page: Page) -> None:
    key = demo.member("cadre").person_id
    address = f"/con-nguoi/{to_address(key)}/sua"
    page.as_("coordinator").post(address, **_correction(_fresh(key), phone="0912777003"))
    assert queries.phone_of(_fresh(key)) == "0912777003"
    page.post(address, **_correction(_fresh(key), drop_phone="y"))
    assert _fresh(key).phone_sealed is None


def test_a_change_of_post_closes_the_one_before(page: Page) -> None:
    key = demo.member("newcomer").person_id
    address, day = f"/con-nguoi/{to_address(key)}/chuc-danh", clock.today() - timedelta(days=3)
    assert page.as_("coordinator").get(address).one("input", name="village").get("value") == "Đồng Mọc"
    typed = {"unit": _xuan_du(), "village": "Rọc Năn", "kind": "branch_head", "title": "Chi hội trưởng"}
    page.post(address, begins=f"{day:%d/%m/%Y}", **typed)
    new, old = queries.posts_of(key)
    assert (new.begins, new.ends, new.village) == (day, None, "Rọc Năn") and old.ends == day
    assert queries.post_on(key, day - timedelta(days=1)).id == old.id  # type: ignore[union-attr]
    html = page.post(address, 409, begins="01/01/2025", **typed)
    assert "Ngày bắt đầu phải sau" in html.words and html.one("input", name="begins").get("value") == "01/01/2025"
    assert len(queries.posts_of(key)) == 2
    page.post(address, 422, begins="32/13/2026", **typed)
    page.post(address, 422, begins=f"{day:%d/%m/%Y}", **(typed | {"unit": to_address(demo.place(demo.YEN_THO).id)}))
    assert db.scalars(select(Post).where(Post.person_id == key, Post.ends.is_(None))).one().id == new.id
