"""Questions on a block: asking, the waiting list of trainers, answering, pinning without a name, withdrawing."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import pytest

from lms.core.db import counting, db
from lms.core.ids import new_id, to_address
from lms.core.refusal import NotFound
from lms.courses.models import Edition
from lms.courses.queries import edition_of, lesson_of
from lms.learning import actions, queries
from lms.learning.models import Enquiry
from tests.learning import course
from tests.page import Page, words_of

LIST, MINE = "/hoi-dap", "/hoi-dap?loc=cua-toi"
ASK = f"/hoi-dap/{course.SLUG}/bai-mot"
WORDS = "Nấu cơm là việc của ai?\nChồng tôi bảo là của tôi."


def asked(words: str = WORDS, lesson: str = "bai-mot", who: str = "cadre", anchor: str = "") -> UUID:
    edition = edition_of(course.SLUG)
    return actions.ask(edition, lesson_of(edition.id, lesson), anchor, words, by=course.actor(who)).id


def answered(key: UUID, words: str = "Việc chung của cả nhà.", pinned: str = "") -> None:
    found = db.get_one(Enquiry, key)
    actions.answer_enquiry(found, words, by=course.actor("trainer"))
    if pinned:
        actions.pin(db.get_one(Enquiry, key), pinned, by=course.actor("trainer"))


def at(key: UUID, word: str = "") -> str:
    return f"{LIST}/{to_address(key)}{'/' if word else ''}{word}"


def test_what_is_asked_waits_for_the_trainer_of_her_unit_and_for_nobody_else(page: Page, edition: Edition) -> None:
    page.as_("cadre").post(ASK, text=WORDS, phan="")
    assert page.last is not None and page.last.headers["Location"] == f"/hoc/{course.SLUG}/bai-mot#hoi-dap"
    assert "Chờ trả lời" in page.get(LIST).words and "Chồng tôi" in page.get(LIST).words
    for who in ("trainer", "administrator"):
        shown = page.as_(who).get(LIST)
        assert shown.one("ul", data_count="1") is not None and "Lường Thị Ngọc Ánh · xã Xuân Du" in shown.words
        assert len(queries.enquiries_for(course.actor(who))) == 1
    for who in ("coordinator", "neighbour", "head", "auditor"):
        assert "Chồng tôi" not in page.as_(who).get(LIST).words
        assert "Chồng tôi" not in page.raw("GET", f"{LIST}?loc=cho&tep=csv").get_data(as_text=True)
        assert not queries.enquiries_for(course.actor(who))


def test_an_answer_reaches_her_and_the_question_waits_no_more(page: Page, edition: Edition) -> None:
    key = asked()
    page.as_("trainer").post(at(key, "tra-loi"), text="Việc chung\ncủa cả nhà.")
    assert "Đã gửi câu trả lời" in page.follow().words
    assert page.get(LIST).one("div", data_count="0") is not None
    assert page.get(f"{LIST}?loc=da-tra-loi").one("ul", data_count="1") is not None
    assert "của cả nhà." in page.as_("cadre").get(LIST).words
    page.as_("trainer").post(at(key, "tra-loi"), text="Việc của mọi người.")
    hers = page.as_("cadre").get(LIST).words
    assert "Việc của mọi người." in hers and "của cả nhà." not in hers


def test_others_find_neither_the_question_nor_its_verbs(page: Page, edition: Edition) -> None:
    key = asked()
    for who in ("neighbour", "coordinator", "head", "cadre"):
        page.as_(who)
        for word in ("", "tra-loi", "ghim", "bo-ghim", "rut"):
            if (who, word) == ("cadre", "rut"):
                continue
            sent: dict[str, Any] = {"data": {"csrf_token": "csrf-of-test", "text": "x"}} if word else {}
            real, other = (page.raw("POST" if word else "GET", at(one, word), **sent) for one in (key, new_id()))
            assert (real.status_code, real.data) == (other.status_code, other.data)
            assert real.status_code == 404, (who, word)
    page.as_("trainer").post(at(key, "rut"), 404)
    assert len(queries.enquiries_for(course.actor("trainer"))) == 1


def test_a_pinned_answer_is_in_the_lesson_without_her_name(page: Page, edition: Edition) -> None:
    key = asked()
    assert queries.pinned(edition.course_id, "k-bai-mot") == ()
    page.as_("trainer").get(at(key))
    page.post(at(key, "ghim"), 422, question="Nấu cơm là việc của ai?")
    page.post(at(key, "tra-loi"), text="Việc chung.")
    refused = page.post(at(key, "ghim"), 422, question="Chị Lường Thị Ngọc Ánh hỏi việc nấu cơm.")
    assert "còn ghi tên người hỏi" in refused.words and "Chị Lường Thị Ngọc Ánh hỏi" in refused.words
    page.post(at(key, "ghim"), question="Nấu cơm là việc của ai?")
    course_id = edition_of(course.SLUG).course_id
    with counting() as counter:
        (found,) = queries.pinned(course_id, "k-bai-mot")
    assert (found.question, found.answer) == ("Nấu cơm là việc của ai?", "Việc chung.")
    assert len([one for one in counter.statements if one.startswith("SELECT")]) == 1
    assert queries.pinned(course_id, "k-bai-hai") == ()
    page.post(at(key, "tra-loi"), text="Việc của mọi người.")
    assert [one.answer for one in queries.pinned(course_id, "k-bai-mot")] == ["Việc của mọi người."]
    page.post(at(key, "bo-ghim"))
    assert queries.pinned(course_id, "k-bai-mot") == ()


def test_the_partial_of_the_lesson_shows_pins_to_all_and_the_form_to_who_is_signed_in(
    page: Page, edition: Edition
) -> None:
    answered(asked(), pinned="Ai nấu cơm?")
    current = edition_of(course.SLUG)
    lesson = lesson_of(current.id, "bai-mot")
    part = page.app.jinja_env.get_template("learning/_enquiries.html")
    names = {
        "pinned": queries.pinned(current.course_id, lesson.key),
        "edition": current,
        "lesson": lesson,
        "headings": [queries.Heading("phan-hai", "Phần hai")],
    }
    with page.app.test_request_context():
        shown = part.render(**names, actor=None)
        assert "Ai nấu cơm?" in shown and "<form" not in shown and "Lường" not in shown
        assert 'value="phan-hai"' in part.render(**names, actor=course.actor("cadre"))
        assert "<section" not in part.render(**{**names, "pinned": ()}, actor=None)


def test_a_question_names_its_part_and_an_unknown_part_is_the_whole_lesson(edition: Edition) -> None:
    current = edition_of(course.SLUG)
    lesson = lesson_of(current.id, "bai-mot")
    headings = queries.headings_of(lesson)
    first = db.get_one(Enquiry, asked(anchor="khong-co"))
    assert (first.anchor, first.heading) == ("", "")
    for heading in headings[:1]:
        found = db.get_one(Enquiry, asked(anchor=heading.anchor))
        assert (found.anchor, found.heading) == heading


def test_headings_are_read_from_the_text_of_the_lesson() -> None:
    class Shown:
        parts = [{"html": '<h2 id="mot">Một &amp; <em>hai</em></h2><p>x</p>'}, {"check": "q"},
                 {"html": '<h3 class="a" id="ba">Ba</h3><h2>không tên</h2>'}]  # fmt: skip

    assert [tuple(one) for one in queries.headings_of(Shown())] == [("mot", "Một & hai"), ("ba", "Ba")]  # type: ignore[arg-type]


def test_empty_and_long_questions_are_refused_and_nothing_typed_is_lost(page: Page, edition: Edition) -> None:
    page.as_("cadre")
    assert "Ô này còn trống" in page.post(ASK, 422, text="  \n ").words
    long = page.post(ASK, 422, text="dài " * 300)
    assert "nhiều nhất 1000 chữ cái" in long.words and len(words_of(long.one("textarea"))) > 1000
    assert queries.enquiries_of(course.person_id("cadre")) == []
    page.post(f"/hoi-dap/{course.SLUG}/khong-co", 404, text="x")


def test_ten_questions_may_wait_and_withdrawing_makes_room(page: Page, edition: Edition) -> None:
    keys = [asked(f"Câu thứ {n}?") for n in range(10)]
    with pytest.raises(actions.TooManyAreOpen):
        asked("Câu nữa?")
    page.as_("cadre")
    assert "Đang có 10 câu hỏi" in page.post(ASK, 422, text="Câu nữa?").words
    page.post(at(keys[0], "rut"))
    assert "Đã rút câu hỏi" in page.follow().words
    page.post(ASK, text="Câu nữa?")
    assert len(queries.enquiries_for(course.actor("trainer"))) == 10
    page.as_("trainer").get(at(keys[0]), 404)


def test_a_withdrawn_question_is_not_answered(edition: Edition) -> None:
    found = db.get_one(Enquiry, asked())
    actions.withdraw_enquiry(found, by=course.actor("cadre"))
    with pytest.raises(actions.EnquiryIsWithdrawn):
        actions.answer_enquiry(db.get_one(Enquiry, found.id), "Muộn", by=course.actor("trainer"))
    with pytest.raises(NotFound):
        queries.own_enquiry(course.actor("cadre"), found.id)


def test_lists_say_nothing_of_a_sensitive_lesson(page: Page, edition: Edition) -> None:
    key = asked("Chuyện nhà tôi.", lesson="bai-ba")
    for who in ("trainer", "cadre"):
        shown = page.as_(who).get(LIST)
        titles = " ".join(words_of(one) for one in shown.all("*", class_="row__title"))
        assert titles == "Câu hỏi về một bài cần giữ kín"
        assert "Bài thứ ba" not in shown.words
        sent = page.raw("GET", f"{LIST}?tep=csv").get_data(as_text=True)
        assert "Chuyện nhà tôi" not in sent and "Lường" not in sent
    waiting = page.as_("trainer").get(LIST).words
    assert "Chuyện nhà tôi" not in waiting and "Ngọc Ánh" not in waiting
    opened = page.get(at(key)).words
    assert "Chuyện nhà tôi." in opened and "Ngọc Ánh" not in opened
    form = page.as_("cadre").post(f"/hoi-dap/{course.SLUG}/bai-ba", 422, text="")
    assert "không ghi tên ai" in form.words


def test_the_waiting_list_is_oldest_first_by_course_and_comes_as_a_file(page: Page, edition: Edition) -> None:
    asked("Câu trước?")
    asked("Câu sau?", who="head")
    page.as_("trainer")
    shown = page.get(f"{LIST}?khoa={course.SLUG}")
    assert [words_of(one) for one in shown.all("span", class_="row__title")] == ["Câu trước?", "Câu sau?"]
    assert page.statements <= 12
    assert page.get(f"{LIST}?khoa=khoa-khac").one("div", data_count="0") is not None
    rows = list(csv.reader(io.StringIO(page.raw("GET", f"{LIST}?tep=csv").data.decode("utf-8-sig"))))
    assert [row[6] for row in rows[1:3]] == ["Câu trước?", "Câu sau?"] and rows[3][0] == "#rows=2"
