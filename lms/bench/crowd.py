"""A crowd for measuring: so many learners of one course in one commune, by core inserts into an empty data folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import insert

from lms.app import create_app
from lms.core import clock, names
from lms.core.db import db, transaction
from lms.core.ids import new_id
from lms.core.settings import Settings
from lms.courses.models import Course, Edition, Lesson
from lms.learning.models import Progress, Study
from lms.migrations import run as migrations
from lms.people.models import Person, Post, PostKind, Sex
from lms.units.models import Level, Unit

FAMILY, MIDDLE = ("Quách", "Bùi", "Lường", "Hà", "Phạm", "Vi"), ("Thị", "Văn", "Thị Ngọc", "Thị Bích")
GIVEN = ("Ánh", "Bảo", "Chung", "Diệp", "Giang", "Hiền", "Lan", "Mai", "Oanh", "Thơm", "Xuân", "Yến")
STEP = 5000


def gather(folder: Path, learners: int, lessons: int) -> Flask:
    """An app on a folder of its own, filled; every learner has done some of the lessons."""
    app = create_app(Settings(data=str(folder)))
    migrations.upgrade()
    with app.app_context(), transaction():
        unit_id, edition = _place(), _course(lessons)
        people = _people(learners, unit_id)
        studies = [new_id() for _ in people]
        _insert(Study, (_study(key, person, edition) for key, person in zip(studies, people, strict=True)))
        _insert(Progress, _progress(studies, lessons))
    return app


def _insert(model: Any, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, STEP)):
        db.execute(insert(model.__table__), batch)


def _place() -> UUID:
    key = new_id()
    unit = {"id": key, "level": Level.COMMUNE, "kind": "xã", "name": "Đo", "name_loose": "do", "name_sort": "do"}
    _insert(Unit, iter([{**unit, "begins": None, "ends": None}]))
    return key


def _course(lessons: int) -> Edition:
    now = clock.now()
    course = Course(slug="do", title="Khóa để đo", title_loose="khoa de do", component=4, field="lgg", level="village",
                    created_at=now)  # fmt: skip
    db.add(course)
    db.flush()
    edition = Edition(
        course_id=course.id, number=1, digest="0" * 64, title=course.title, summary="", audience=[], audience_text="",
        languages=["vi"], hours=1.0, minutes=lessons * 5, lesson_count=lessons, open=True, licence="",
        completion={"lessons": "all", "test": False}, certificate_title=course.title, goals={}, sources=[], test=None,
        published_at=now,
    )  # fmt: skip
    db.add(edition)
    db.flush()
    for place in range(1, lessons + 1):
        db.add(Lesson(edition_id=edition.id, key=_key(place), slug=f"bai-{place}", place=place, module_number=place // 6,
                      module_title=f"Chuyên đề {place // 6}", title=f"Bài số {place} của khóa", minutes=5, words=300,
                      sensitive=False, goals=[], parts=[]))  # fmt: skip
    db.flush()
    return edition


def _key(place: int) -> str:
    return f"k-bai-so-{place}"


def _people(count: int, unit_id: UUID) -> list[UUID]:
    chance, now, keys = Random(1), clock.now(), [new_id() for _ in range(count)]

    def person(key: UUID) -> dict[str, Any]:
        name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
        folds = {"name_fold": names.fold(name), "name_loose": names.loose(name), "name_sort": names.sort_key(name)}
        plain = {"birth_year": chance.randint(1960, 2002), "sex": Sex.FEMALE, "created_at": now}
        return {"id": key, "canonical_id": key, "name": name, **folds, **plain}

    _insert(Person, (person(key) for key in keys))
    post = {"unit_id": unit_id, "village": "", "kind": PostKind.OTHER, "title": "", "begins": date(2025, 7, 1)}
    _insert(Post, ({"id": new_id(), "person_id": key, "ends": None, **post} for key in keys))
    return keys


def _study(key: UUID, person_id: UUID, edition: Edition) -> dict[str, Any]:
    now = clock.now()
    return {"id": key, "person_id": person_id, "course_id": edition.course_id, "edition_id": edition.id,
            "began_at": now - timedelta(days=30), "last_at": now - timedelta(days=key.int % 30),
            "last_lesson_key": _key(1)}  # fmt: skip


def _progress(studies: list[UUID], lessons: int) -> Iterator[dict[str, Any]]:
    """Every lesson of every learner was opened, four of five were finished."""
    now = clock.now()
    for number, study in enumerate(studies):
        for place in range(1, lessons + 1):
            ended = now if (number + place) % 5 else None
            yield {"id": new_id(), "study_id": study, "lesson_key": _key(place), "opened_at": now, "finished_at": ended,
                   "answers": {}}  # fmt: skip
