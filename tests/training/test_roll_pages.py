"""The roll page: taps, filters, one line, everyone present, walk-ins, closing, paper; light and without script."""

from __future__ import annotations

import gzip

from sqlalchemy import func, select

from lms import demo
from lms.core import clock
from lms.core.db import db
from lms.people.models import Person
from lms.training import actions, queries
from lms.training.models import RollMark, RollState, Session
from tests.page import Html, Page, words_of
from tests.training import make

PRESENT, LATE = RollState.PRESENT, RollState.LATE


def _forty() -> tuple[Session, list[Person]]:
    held = make.training_class()
    persons = [
        *make.villagers(35),
        *(demo.member(key).person for key in ("cadre", "head", "official", "newcomer", "coordinator")),
    ]
    actions.invite(held, persons, by=make.BY)
    make.taught_by(held)
    (one, *_) = make.sessions(held, 2)
    return one, persons


def _tap(page: Page, session: Session, person: Person, state: str = "", **extra: str) -> None:
    page.post(f"/buoi/{make.at(session)}/diem-danh", nguoi=make.at(person) + (f".{state}" if state else ""), **extra)


def _live(page: Page, session: Session, value: str) -> tuple[int, str]:
    fields = {"csrf_token": "csrf-of-test", "nguoi": value}
    answer = page.raw("POST", f"/buoi/{make.at(session)}/diem-danh", data=fields, headers={"HX-Request": "true"})
    return answer.status_code, answer.text


def _items(html: Html) -> int:
    return len(html.all("*", data_item=""))


def test_forty_lines_are_light_in_bytes_and_statements(page: Page) -> None:
    one, persons = _forty()
    for person in persons[::3]:
        actions.mark(one, person.id, LATE, by=make.BY)
    for who in ("trainer", "coordinator"):
        html = page.as_(who).get(f"/buoi/{make.at(one)}")
        assert page.last is not None and len(gzip.compress(page.last.data)) < 8_000 and page.statements <= 12
        assert _items(html) == 40 == len(html.all("button", name="nguoi"))


def test_lines_stand_in_the_order_of_given_names_with_village_and_namesakes_with_year(page: Page) -> None:
    one, _ = _forty()
    html = page.as_("trainer").get(f"/buoi/{make.at(one)}")
    names = [words_of(e) for e in html.all("span", class_="roll__name")]
    assert names[0] == "Lường Thị Ngọc Ánh" and names[-1] == "Bùi Thị Yến" and "H'Blă Niê Kdăm" in names
    places = [words_of(e) for e in html.all("span", class_="roll__place")]
    same = [place for name, place in zip(names, places, strict=True) if name == "Quách Thị Hiền"]
    assert sorted(same) == ["Bái Gạo · sinh 1985", "Đồng Tâm · sinh 1985"]
    assert sum("sinh" in place for place in places) == 2


def test_a_tap_goes_on_from_what_the_page_showed(page: Page) -> None:
    _, (one, _), persons = make.running(1)
    page.as_("coordinator")
    for state, tap in ((None, "present"), (PRESENT, "late"), (LATE, "present")):
        html = page.get(f"/buoi/{make.at(one)}")
        button = html.one("button", name="nguoi")
        assert button.get("value") == f"{make.at(persons[0])}.{tap}"
        assert words_of(button) in (button.get("aria-label") or "") and persons[0].name in (
            button.get("aria-label") or ""
        )
        line = queries.line_of(one, persons[0].id)
        assert line is not None and line.state == state
        _tap(page, one, persons[0], tap)
        assert page.last is not None
        assert page.last.headers["Location"] == f"/buoi/{make.at(one)}#n-{make.at(persons[0])}"
        html.one("li", id=f"n-{make.at(persons[0])}")


def test_a_double_tap_is_one_state(page: Page) -> None:
    _, (one, _), persons = make.running(1)
    page.as_("coordinator")
    for _ in range(3):
        _tap(page, one, persons[0], "present")
    tally = queries.tally_of(one)
    assert (tally.came, tally.of(queries.Shown.PRESENT), tally.of(queries.Shown.LATE)) == (1, 1, 0)


def test_a_tap_without_a_state_takes_the_next(page: Page) -> None:
    _, (one, _), persons = make.running(1)
    page.as_("coordinator")
    for state in (PRESENT, LATE, PRESENT):
        _tap(page, one, persons[0])
        line = queries.line_of(one, persons[0].id)
        assert line is not None and line.state == state


def test_a_tap_costs_few_statements(page: Page) -> None:
    one, persons = _forty()
    page.as_("trainer")
    _tap(page, one, persons[0], "present")  # the first of a class also freezes its roster
    for person, state in ((persons[1], "present"), (persons[1], "late"), (persons[2], "present")):
        _tap(page, one, person, state)
        assert page.statements <= 15, page.statements


def test_a_live_tap_gets_the_button_and_the_tally(page: Page) -> None:
    _, (one, _), persons = make.running(3)
    page.as_("coordinator").get(f"/buoi/{make.at(one)}")
    status, text = _live(page, one, f"{make.at(persons[0])}.present")
    piece = Html(text, whole=False)
    assert status == 200 and not piece.faults
    assert piece.one("button").get("id") == f"d-{make.at(persons[0])}" and words_of(piece.one("button")) == "Có mặt"
    assert words_of(piece.one("a", class_="tally__all")) == "1trong 3 người đã đến"
    assert all(e.get("hx-swap-oob") == "true" for e in (piece.one("button"), piece.one("nav"), piece.one("div")))


def test_a_live_tap_on_a_closed_session_says_why(page: Page) -> None:
    _, (one, _), persons = make.running(1)
    actions.close_session(one, by=make.BY)
    page.as_("coordinator").get("/lop")
    status, text = _live(page, one, f"{make.at(persons[0])}.present")
    assert status == 409 and "đã chốt" in text and 'hx-swap-oob="true"' in text
    assert "đã chốt" in page.post(f"/buoi/{make.at(one)}/diem-danh", 409, nguoi=make.at(persons[0])).words
    assert db.scalar(select(func.count()).select_from(RollMark)) == 0


def test_taps_that_make_no_sense(page: Page) -> None:
    _, (one, _), persons = make.running(1)
    page.as_("coordinator").get("/lop")
    for value in ("", "x", f"{make.at(persons[0])}.asleep"):
        answer = page.raw(
            "POST", f"/buoi/{make.at(one)}/diem-danh", data={"csrf_token": "csrf-of-test", "nguoi": value}
        )
        assert answer.status_code == 404
    html = page.post(f"/buoi/{make.at(one)}/diem-danh", 409, nguoi=make.at(make.villagers(9)[8]))
    assert "không có trong danh sách lớp" in html.words
    assert page.raw("POST", f"/buoi/{make.at(one)}/diem-danh", data={"nguoi": make.at(persons[0])}).status_code == 400


def test_each_number_of_the_tally_opens_its_part(page: Page) -> None:
    _, (one, _), persons = make.running(12)
    states = [PRESENT] * 4 + [LATE] * 2 + [RollState.LEFT_EARLY, RollState.EXCUSED, RollState.ABSENT]
    for person, state in zip(persons, states, strict=False):
        actions.mark(one, person.id, state, by=make.BY)
    page.as_("coordinator")
    html = page.get(f"/buoi/{make.at(one)}")
    figures = {a.get("href", ""): int(a.get("data-figure", "")) for a in html.all("a", data_figure="")}
    assert sorted(figures.values()) == [1, 1, 1, 2, 3, 4, 7]
    for href, value in figures.items():
        shown = page.get(href)
        assert _items(shown) == value and int(page.raw("GET", f"{href}&tep=csv").headers["X-Rows"]) == value
    assert _items(page.get(f"/buoi/{make.at(one)}?tim=HIEN")) == sum("hien" in p.name_loose for p in persons)
    _tap(page, one, persons[11], "present", loc="chua")
    assert page.last is not None and "?loc=chua#n-" in page.last.headers["Location"]
    assert _items(page.follow()) == 2


def test_one_line_tells_who_said_what_when_and_how(page: Page) -> None:
    _, (one, _), persons = make.running(1)
    address = f"/buoi/{make.at(one)}/nguoi/{make.at(persons[0])}"
    page.as_("coordinator")
    page.post(address, state="left_early", missing="60", reason="xe về sớm")
    html = page.get(address)
    for words in (
        "Về sớm",
        "150 phút trong 210 phút",
        "vắng 60 phút",
        "xe về sớm",
        "Bùi Thị Nhung",
        "chạm trên danh sách",
    ):
        assert words in html.words
    page.post(address, state="excused", missing="60")
    assert "0 phút trong 210 phút" in page.get(address).words
    assert "Ghi một số từ 0 đến 1440" in page.post(address, 422, state="late", missing="nhiều").words
    assert "từ 0 đến hết thời gian" in page.post(address, 409, state="late", missing="500").words
    page.post(address, 422)


def test_striking_out_on_the_line(page: Page) -> None:
    _, (one, _), persons = make.running(2)
    mark = actions.mark(one, persons[0].id, PRESENT, by=make.BY)
    address = f"/buoi/{make.at(one)}/nguoi/{make.at(persons[0])}"
    page.as_("coordinator")
    assert "Ô này còn trống" in page.post(f"{address}/gach", 422, dau=make.at(mark)).words
    page.post(f"{address}/gach", dau=make.at(mark), reason="nhầm người")
    shown = page.follow()
    assert "nhầm người" in shown.words and len(shown.all("s")) == 1 and "Chưa ai ghi gì" in shown.words
    other = f"/buoi/{make.at(one)}/nguoi/{make.at(persons[1])}/gach"
    fields = {"csrf_token": "csrf-of-test", "dau": make.at(mark), "reason": "x"}
    assert page.raw("POST", other, data=fields).status_code == 404


def test_everyone_present_asks_once(page: Page) -> None:
    _, (one, _), persons = make.running(4)
    actions.mark(one, persons[0].id, LATE, by=make.BY)
    page.as_("coordinator")
    asked = page.get(f"/buoi/{make.at(one)}/tat-ca-co-mat")
    assert "3 người chưa ghi" in asked.words and persons[0].name not in words_of(asked.one("main"))
    page.post(f"/buoi/{make.at(one)}/tat-ca-co-mat")
    assert queries.tally_of(one).states == {LATE: 1, PRESENT: 3}
    page.post(f"/buoi/{make.at(one)}/tat-ca-co-mat")
    assert "Đã ghi 0 người có mặt" in page.follow().words


def test_closing_names_who_is_left_blank(page: Page) -> None:
    _, (one, _), persons = make.running(15)
    actions.mark(one, persons[0].id, PRESENT, by=make.BY)
    page.as_("coordinator")
    html = page.get(f"/buoi/{make.at(one)}/chot")
    assert "Chốt, 14 người để trống" in html.words and persons[9].name in html.words
    page.post(f"/buoi/{make.at(one)}/chot")
    page.post(f"/buoi/{make.at(one)}/chot")
    assert queries.tally_of(one).of(queries.Shown.ABSENT) == 0
    shown = page.get(f"/buoi/{make.at(one)}")
    assert "Buổi đã chốt" in shown.words and not shown.all("button", name="nguoi")
    page.post(f"/buoi/{make.at(one)}/mo-lai", 422)
    page.post(f"/buoi/{make.at(one)}/mo-lai", reason="thiếu hai người")
    assert page.follow().all("button", name="nguoi")


def test_a_known_walk_in_is_found_and_added(page: Page) -> None:
    _, (one, _), persons = make.running(2)
    address = f"/buoi/{make.at(one)}/them-nguoi"
    page.as_("coordinator")
    html = page.get(f"{address}?tim=oanh")
    (button,) = [b for b in html.all("button", name="nguoi") if "Oanh" in (b.get("aria-label") or "")]
    page.post(address, nguoi=button.get("value"))
    assert "Quách Thị Oanh" in page.follow().words and queries.tally_of(one).came == 1
    far = make.villagers(1, demo.YEN_THO)[0]
    assert page.raw("POST", address, data={"csrf_token": "csrf-of-test", "nguoi": make.at(far)}).status_code == 404
    assert "đã có tên" in page.get(f"{address}?tim={persons[0].name}").words


def test_a_new_walk_in_shows_namesakes_first(page: Page) -> None:
    _, (one, _), _ = make.running(1)
    address = f"/buoi/{make.at(one)}/nguoi-moi"
    unit = make.at(demo.place(demo.XUAN_DU))
    page.as_("coordinator").get(f"/buoi/{make.at(one)}/them-nguoi")
    fields = {"name": "Quách Thị Oanh", "birth_year": "1995", "sex": "female", "unit": unit, "village": ""}
    html = page.post(address, 409, **fields)
    assert "Có phải người này không" in html.words and "Đúng là người này" in html.words
    seen = html.one("input", name="seen").get("value") or ""
    page.post(address, **fields, seen=seen)
    assert queries.tally_of(one).came == 1
    assert len(list(db.scalars(select(Person).where(Person.name == "Quách Thị Oanh")))) == 2
    assert "Có phải 1985" in page.post(address, 422, **{**fields, "birth_year": "1885"}).words
    page.post(address, 422, **{**fields, "unit": make.at(demo.place(demo.YEN_THO))})


def test_the_roll_on_paper(page: Page) -> None:
    one, persons = _forty()
    html = page.as_("trainer").get(f"/buoi/{make.at(one)}/in")
    assert _items(html) == 40 and "Ký tên" in html.words and "Quách Thị Vân" in html.words
    assert "1985" in html.words and "Chi hội trưởng phụ nữ" in html.words


def test_a_coming_session_says_so_and_an_empty_class_too(page: Page) -> None:
    held = make.training_class(first=clock.today().replace(year=clock.today().year + 1))
    (one,) = make.sessions(held, 1)
    html = page.as_("coordinator").get(f"/buoi/{make.at(one)}")
    assert "chưa tới ngày" in html.words and "Lớp chưa mời ai" in html.words and _items(html) == 0
