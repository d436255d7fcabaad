"""The forms of before and after on paper: the same for everybody, and a key that is marked right."""

from __future__ import annotations

from lms.core.settings import data_folder
from lms.courses.rules import drawn, mark, read_folder
from lms.learning.rules.paper import SEED, on_paper, right_answer
from tests.learning import course, whole
from tests.page import Page


def test_the_key_is_what_marking_calls_right() -> None:
    for folder in sorted(data_folder("courses").glob("*/course.toml")):
        for question in read_folder(folder.parent).questions:
            if question.kind != "long":
                assert mark(drawn(question, SEED), right_answer(question, SEED)).right, question.id
                assert on_paper(question).key, question.id


def test_sheets_show_no_key_and_the_last_page_does(page: Page) -> None:
    edition = whole.publish()
    seen = page.as_("trainer").get(f"/hoc/{edition.course.slug}/de-giay")
    first, second, key = seen.all("section", class_="paper__sheet")
    assert len(first.findall("ol/li")) == len(second.findall("ol/li")) == len(key.findall("table/tbody/tr"))
    assert "Đề A" in "".join(first.itertext()) and "Đề B" in "".join(second.itertext())


def test_only_who_holds_classes_prints_them(page: Page) -> None:
    edition = whole.publish()
    address = f"/hoc/{edition.course.slug}/de-giay"
    page.as_("cadre").get(address, 404)
    page.as_("coordinator").get(address)


def test_a_course_without_forms_has_no_sheets(page: Page) -> None:
    course.publish()
    page.as_("trainer").get(f"/hoc/{course.SLUG}/de-giay", 404)
