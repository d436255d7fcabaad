"""Progress of a class: its roster with the lessons of its course, for who may read the roster."""

from __future__ import annotations

import csv
import io

from lms.core import clock
from lms.core.db import db, transaction
from lms.learning.models import Progress, Study
from lms.training.models import TrainingClass
from tests.learning import course
from tests.page import Page
from tests.training import make


def _held(people: int = 3) -> tuple[TrainingClass, str]:
    """A class of the small course, of which the first of the roster has done a lesson."""
    edition = course.publish()
    held, _, persons = make.running(people)
    now = clock.now()
    with transaction():
        db.get_one(TrainingClass, held.id).course_id = edition.course_id
        study = Study(person_id=persons[0].id, course_id=edition.course_id, edition_id=edition.id, began_at=now,
                      last_at=now, last_lesson_key="k-bai-mot")  # fmt: skip
        db.add(study)
        db.flush()
        db.add(Progress(study_id=study.id, lesson_key="k-bai-mot", opened_at=now, finished_at=now, answers={}))
    return held, f"/lop/{make.at(held)}/tien-do"


def test_everybody_of_the_roster_is_there_also_who_has_not_begun(page: Page) -> None:
    _, address = _held()
    shown = page.as_("coordinator").get(address)
    assert len(shown.all("li", data_item="")) == 3 and "1/3 bài · hôm nay" in shown.words
    assert "Chưa học 2" in shown.words and "Đang học 1" in shown.words
    assert len(page.get(f"{address}?dang=bang").all("tr", data_item="")) == 3
    rows = list(csv.reader(io.StringIO(page.raw("GET", f"{address}?tep=csv").data.decode("utf-8-sig"))))
    assert len(rows) == 5 and [row[4] for row in rows[1:4]].count("1") == 1 and rows[4][0] == "#rows=3"


def test_her_trainer_reads_it_and_may_open_only_whom_she_may_see(page: Page) -> None:
    held, address = _held()
    make.taught_by(held, "neighbour")
    shown = page.as_("neighbour").get(address)
    assert len(shown.all("li", data_item="")) == 3
    assert not [a for a in shown.all("a") if "/ho-so/" in a.get("href", "")]
    opened = page.as_("administrator").get(address)
    assert len([a for a in opened.all("a") if "/ho-so/" in a.get("href", "")]) == 3


def test_who_may_not_read_the_roster_finds_nothing(page: Page) -> None:
    _, address = _held()
    for who in ("neighbour", "cadre", "newcomer"):
        page.as_(who).get(address, 404)


def test_a_course_without_lessons_says_so(page: Page) -> None:
    held, _, _ = make.running(2)
    shown = page.as_("coordinator").get(f"/lop/{make.at(held)}/tien-do")
    assert "chưa có bài học trực tuyến" in shown.words
