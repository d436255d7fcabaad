"""Pages of paths: making, walking and following them; credit and its queue; nothing of the neighbour's people."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.db import db, transaction
from lms.core.ids import new_id, to_address
from lms.courses.models import Lesson, Question
from lms.courses.rules import Question as Asking
from lms.training import actions, queries
from lms.training.models import Credit, Path, PathStep, StepKind
from tests.page import Page, words_of
from tests.training import make, paths


def _put_forward(held: Path, step: PathStep, key: str = "cadre", **names: Any) -> Credit:
    credit = actions.ask_credit(step, make.who(key).person, paths.ago(900), "Giấy số 12", by=make.who(key), **names)
    make.keep([credit])
    return credit


def test_a_trainer_makes_a_path_step_by_step(page: Page) -> None:
    page.as_("trainer")
    assert "Nói học được gì" in page.get("/lo-trinh/them").words
    fields = {
        "title": paths.TITLE,
        "audience": "source_trainer",
        "summary": "",
        "unit": to_address(demo.place("38").id),
    }
    page.post("/lo-trinh/them", 422, **{**fields, "title": ""})
    page.post("/lo-trinh/them", **fields)
    assert "Lộ trình chưa có bước nào" in page.follow().words
    form = f"/lo-trinh/{paths.SLUG}/buoc/them"
    assert "Khóa học trực tuyến" in page.get(form).words
    html = page.post(form, 409, kind="course", course="", product="")
    assert "Bước này cần một khóa học" in html.words
    course = to_address(make.course().id)
    page.post(form, kind="class", course=course, product="", note="Hai ngày")
    page.post(form, kind="visit", course="", product="", title="Đi xem thôn bạn")
    shown = page.follow()
    assert [words_of(one) for one in shown.all("span", class_="row__title")] == ["Lớp thử", "Đi xem thôn bạn"]
    first, second = paths.again(queries.seen_path(make.who("trainer"), paths.SLUG)[0])
    page.post(f"/lo-trinh/{paths.SLUG}/buoc/{paths.at(second)}/len")
    assert words_of(page.follow().all("span", class_="row__title")[0]) == "Đi xem thôn bạn"
    page.post(f"/lo-trinh/{paths.SLUG}/buoc/{paths.at(second)}/xuong")
    page.post(f"/lo-trinh/{paths.SLUG}/buoc/{paths.at(first)}", title="Dự lớp", note="")
    page.post(f"/lo-trinh/{paths.SLUG}/buoc/{paths.at(second)}/bo")
    assert [words_of(one) for one in page.follow().all("span", class_="row__title")] == ["Dự lớp"]
    page.post(f"/lo-trinh/{paths.SLUG}/sua", title="Tên mới", audience="commune_cadre", summary="Học để dạy")
    assert "Học để dạy" in page.follow().words
    page.post(f"/lo-trinh/{paths.SLUG}/ngung")
    assert "Tên mới" not in page.follow().words
    page.get(f"/lo-trinh/{paths.SLUG}", 404)


def _with_product() -> None:
    """The course of tests has an edition whose lesson asks for a product."""
    held = paths.edition(lessons=1)
    asked = Asking(paths.QUESTION, "long", "", "both", "Viết <b>kế hoạch</b> của thôn")
    with transaction():
        db.add(Question(edition_id=held.id, key=asked.id, lesson_key="bai-1", place=1, kind="long", goal="", use="both",
                        content=asked.to_json()))  # fmt: skip
        lesson = db.scalars(select(Lesson).where(Lesson.edition_id == held.id)).one()
        lesson.parts = [{"product": paths.QUESTION}]


def test_a_task_is_a_product_of_a_course(page: Page) -> None:
    _with_product()
    held = paths.path()
    page.as_("administrator")
    html = page.get(f"/lo-trinh/{held.slug}/buoc/them")
    chosen = f"{to_address(make.course().id)}.{paths.QUESTION}"
    assert words_of(html.one("option", value=chosen)) == "Lớp thử: Viết kế hoạch của thôn"
    form = f"/lo-trinh/{held.slug}/buoc/them"
    assert "Bài thực hành lấy từ một khóa học" in page.post(form, 409, kind="task", product="", course="").words
    page.post(form, kind="task", product=chosen, course="")
    assert "Viết kế hoạch của thôn" in page.follow().words
    paths.on(held, make.who("cadre").person)
    hint = queries.path_hint(make.who("cadre").person.id)
    assert hint is not None and hint.href == f"/nop-bai/lop-thu/{paths.QUESTION}"
    assert str(hint.sentence) == "Chưa nộp “Viết kế hoạch của thôn”."
    assert page.as_("cadre").get(f"/lo-trinh/{held.slug}").href("Nộp bài") == hint.href


def test_a_learner_joins_sees_what_is_next_and_leaves(page: Page) -> None:
    paths.whole()
    paths.edition(lessons=4)
    page.as_("cadre")
    assert "Chưa theo lộ trình nào" in page.get("/lo-trinh/cua-toi").words
    assert paths.TITLE in page.get("/lo-trinh").words
    page.post(f"/lo-trinh/{paths.SLUG}/vao")
    shown = page.follow()
    assert "Còn 4 bài của khóa “Lớp thử”." in shown.words and shown.href("Bắt đầu học") == "/hoc/lop-thu"
    assert "0 / 4 bước" in shown.words and "Đã học nơi khác?" in shown.words
    assert "Còn 4 bài" in page.get("/lo-trinh").words
    assert "Còn 4 bài" in page.get("/lo-trinh/cua-toi").words
    assert "Sửa tên" not in shown.words and "Ai đang theo" not in shown.words
    page.post(f"/lo-trinh/{paths.SLUG}/roi")
    assert "Lộ trình của tôi" not in page.follow().words


def test_a_path_gone_to_its_end_says_so(page: Page) -> None:
    held = paths.path()
    step = paths.step(held, StepKind.VISIT)
    paths.on(held, make.who("cadre").person)
    actions.decide_credit(_put_forward(held, step), True, by=make.who("trainer"))
    html = page.as_("cadre").get(f"/lo-trinh/{held.slug}")
    assert "Đã đi hết lộ trình" in html.words and "Được công nhận" in html.words
    assert queries.path_hint(make.who("cadre").person.id) is None


def test_a_coordinator_puts_people_on_and_follows_them(page: Page) -> None:
    held, steps = paths.whole()
    page.as_("coordinator")
    chosen = make.villagers(3)
    page.post(f"/lo-trinh/{held.slug}/them-nguoi", 422)
    page.post(f"/lo-trinh/{held.slug}/them-nguoi", persons=[paths.at(one) for one in chosen])
    html = page.follow()
    assert len(html.all("tr", data_item="")) == 3 and "Chưa học xong khóa" in html.words
    paths.studies(chosen[0], ended=paths.ago(4))
    html = page.get(f"/lo-trinh/{held.slug}/nguoi-hoc?thieu={paths.at(steps[0])}")
    assert len(html.all("tr", data_item="")) == 2
    for ending in ("csv", "xlsx"):
        answer = page.raw("GET", f"/lo-trinh/{held.slug}/nguoi-hoc?tep={ending}")
        assert answer.headers["X-Rows"] == "3"
    told = page.raw("GET", f"/lo-trinh/{held.slug}/nguoi-hoc?tep=csv").text
    assert "1. Học ở nhà" in told and f"{paths.ago(4):%d/%m/%Y}" in told and "Chưa dự lớp" in told
    one = f"/lo-trinh/{held.slug}/nguoi-hoc/{paths.at(chosen[1])}"
    assert "Ghi nhận việc đã học trước đây" in page.get(one).words
    page.post(f"{one}/cong-nhan", step=paths.at(steps[1]), done_on="04/05/2021", evidence="Đi học ở tỉnh")
    assert "đang chờ duyệt" in page.follow().words
    page.post(f"{one}/bo")
    assert len(page.follow().all("tr", data_item="")) == 2


def test_credit_is_asked_with_a_scan_and_decided(page: Page) -> None:
    held, steps = paths.whole()
    paths.on(held, make.who("cadre").person)
    page.as_("cadre")
    form = f"/lo-trinh/{held.slug}/cong-nhan"
    assert (
        page.get(f"{form}?buoc={paths.at(steps[3])}").all("option", value=paths.at(steps[3]))[0].get("selected") == ""
    )
    typed = {"step": paths.at(steps[3]), "done_on": "04/05/2021", "evidence": "Đi Mộc Châu với Hội tỉnh"}
    ahead = clock.today().replace(year=clock.today().year + 1, day=1)
    assert "từ năm 1990 đến hôm nay" in page.post(form, 409, **{**typed, "done_on": f"{ahead:%d/%m/%Y}"}).words
    html = page.post(form, 409, **typed, scan=(BytesIO(b"MZ"), "anh.jpg"))
    assert "Không đọc được tệp này" in html.words and "Đi Mộc Châu" in html.words
    page.post(form, **typed, scan=(BytesIO(paths.picture(secret=b"nha-toi")), "anh.jpg"))
    assert "đang chờ duyệt" in page.follow().words
    (credit,) = queries.credits_on(held.id, make.who("cadre").person.id)[steps[3].id]
    scan = f"/lo-trinh/cong-nhan/{paths.at(credit)}/tep"
    answer = page.raw("GET", scan)
    assert answer.status_code == 200 and b"nha-toi" not in answer.data
    assert (
        answer.headers["Cache-Control"] == "private, no-store"
        and "sandbox" in answer.headers["Content-Security-Policy"]
    )
    assert page.as_("coordinator").raw("GET", scan).status_code == 404
    page.as_("trainer")
    assert "1 đề nghị công nhận đang chờ duyệt" in page.get("/lo-trinh").words
    assert len(page.get("/lo-trinh/cong-nhan").all("li", data_item="")) == 1
    assert page.raw("GET", "/lo-trinh/cong-nhan?tep=csv").headers["X-Rows"] == "1"
    decision = f"/lo-trinh/cong-nhan/{paths.at(credit)}"
    assert "Đi Mộc Châu" in page.get(decision).words and page.raw("GET", scan).status_code == 200
    assert "Ghi lý do" in page.post(decision, 409, granted="khong", reason="").words
    page.post(decision, 422, reason="")
    page.post(decision, granted="co", reason="")
    assert "Không có đề nghị nào" in page.follow().words
    assert "Công nhận, " in page.get(decision).words
    assert "đã được quyết định" in page.post(decision, 409, granted="khong", reason="Nhầm").words
    assert "Được công nhận, 04/05/2021" in page.as_("cadre").get(f"/lo-trinh/{held.slug}").words


def test_who_put_it_forward_sees_no_buttons(page: Page) -> None:
    held, steps = paths.whole()
    paths.on(held, make.who("trainer").person)
    credit = _put_forward(held, steps[0], "trainer")
    html = page.as_("trainer").get(f"/lo-trinh/cong-nhan/{paths.at(credit)}")
    assert "người khác duyệt" in html.words and not html.all("button", name="granted")
    assert "Không tự duyệt" in page.post(f"/lo-trinh/cong-nhan/{paths.at(credit)}", 409, granted="co", reason="").words


def _rules(app: Flask) -> list[tuple[str, str]]:
    """Every method and address of paths with a key."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/lo-trinh") and "<key:" in rule.rule]
    return [(m, rule.rule) for rule in rules for m in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})]


@pytest.mark.parametrize("who", ["neighbour", "head", "planner"])
def test_not_hers_is_byte_for_byte_unknown(page: Page, who: str) -> None:
    """People of Xuân Du on a path of the province, which the neighbour sees: they, their credits and scans do not exist."""
    held, steps = paths.whole()
    person = make.who("cadre").person
    paths.on(held, person)
    credit = _put_forward(held, steps[0])
    known = {"person_id": paths.at(person), "step_id": paths.at(steps[0]), "credit_id": paths.at(credit)}
    fields = {"csrf_token": "csrf-of-test", "title": "x", "granted": "co", "reason": "x"}
    page.as_(who)
    checked = 0
    for method, rule in _rules(page.app):
        if who == "planner" and method == "GET" and rule.endswith("<key:person_id>"):
            continue  # the province's planner reads her people's ways
        answers = []
        for keys in (known, {name: to_address(new_id()) for name in known}):
            address = re.sub(r"<key:(\w+)>", lambda found, keys=keys: keys[found[1]], rule)
            address = address.replace("<slug:path>", held.slug)
            answer = page.raw(method, address, data=fields if method == "POST" else None)
            answers.append((answer.status_code, answer.data, sorted(answer.headers)))
        assert answers[0][0] == 404 and answers[0] == answers[1], f"{method} {rule}"
        checked += 1
    assert checked >= 11
    assert queries.credits_on(held.id, make.who("cadre").person_id)[steps[0].id][0].decided_at is None


def test_a_path_of_the_neighbours_commune_is_as_if_it_were_not(page: Page) -> None:
    commune = paths.path(demo.XUAN_DU, "Lộ trình của xã")
    page.as_("neighbour")
    for ending in ("", "/nguoi-hoc", "/them-nguoi", "/cong-nhan"):
        real = page.raw("GET", f"/lo-trinh/{commune.slug}{ending}")
        unknown = page.raw("GET", f"/lo-trinh/khong-co{ending}")
        assert (real.status_code, real.data) == (unknown.status_code, unknown.data) and real.status_code == 404
    assert commune.title not in page.get("/lo-trinh").words


def test_lists_hold_nothing_of_the_neighbours_people(page: Page) -> None:
    held, _ = paths.whole()
    paths.on(held, make.who("cadre").person, *make.villagers(2))
    page.as_("neighbour")
    for address in (f"/lo-trinh/{held.slug}/nguoi-hoc", f"/lo-trinh/{held.slug}/them-nguoi", "/lo-trinh"):
        assert demo.member("cadre").person.name not in page.get(address).words
    assert "0 người theo" in page.get("/lo-trinh").words
    assert page.raw("GET", f"/lo-trinh/{held.slug}/nguoi-hoc?tep=csv").headers["X-Rows"] == "0"
    theirs = paths.at(make.villagers(1)[0])
    page.post(f"/lo-trinh/{held.slug}/them-nguoi", 404, persons=[theirs])


def test_who_only_follows_changes_nothing(page: Page) -> None:
    held, steps = paths.whole()
    paths.on(held, make.who("cadre").person)
    for who in ("planner", "auditor", "coordinator", "cadre"):
        page.as_(who)
        for address in ("/lo-trinh/them", f"/lo-trinh/{held.slug}/sua", f"/lo-trinh/{held.slug}/buoc/them"):
            assert page.raw("GET", address).status_code == 404
        html = page.get(f"/lo-trinh/{held.slug}")
        assert not html.forms("/buoc/") and "Thêm bước" not in html.words
    for who in ("planner", "auditor"):
        page.as_(who)
        html = page.get(f"/lo-trinh/{held.slug}/nguoi-hoc/{paths.at(make.who('cadre').person)}")
        assert not [form for form in html.all("form") if form.get("method") == "post"]
        assert page.raw("GET", f"/lo-trinh/{held.slug}/them-nguoi").status_code == 404


def test_a_trainer_below_does_not_change_the_path_above(page: Page) -> None:
    from lms.core.actor import Role  # noqa: PLC0415
    from lms.people import actions as people  # noqa: PLC0415

    held, steps = paths.whole()
    people.grant(demo.member("head"), Role.TRAINER, demo.place(demo.XUAN_DU), by=make.BY, begins=demo.SINCE)
    page.as_("head")
    assert page.raw("GET", f"/lo-trinh/{held.slug}/sua").status_code == 403
    assert page.raw("GET", f"/lo-trinh/{held.slug}/buoc/{paths.at(steps[0])}").status_code == 403
    assert page.raw("GET", f"/lo-trinh/{held.slug}/buoc/{to_address(new_id())}").status_code == 403


def test_a_stranger_is_asked_to_sign_in(page: Page) -> None:
    for address in ("/lo-trinh", "/lo-trinh/cua-toi", "/lo-trinh/x", "/lo-trinh/cong-nhan"):
        answer = page.raw("GET", address)
        assert answer.status_code == 303 and "/dang-nhap" in answer.headers["Location"]


def test_hundreds_of_learners_fit_on_a_page(page: Page) -> None:
    from lms.people import actions as people  # noqa: PLC0415

    held, _ = paths.whole()
    xuan_du = demo.place(demo.XUAN_DU)
    many = [people.add_person(f"Bùi Thị Số {n}", xuan_du, by=make.BY) for n in range(130)]
    paths.on(held, *many)
    html = page.as_("coordinator").get(f"/lo-trinh/{held.slug}/nguoi-hoc")
    assert len(html.all("tr", data_item="")) == 100 and "130 người" in html.words
    assert page.raw("GET", f"/lo-trinh/{held.slug}/nguoi-hoc?tep=xlsx").headers["X-Rows"] == "130"
