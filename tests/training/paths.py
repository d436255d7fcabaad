"""A path with its steps, people on it, and facts of every kind: what the tests of paths begin with."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.db import action, db
from lms.core.ids import to_address
from lms.courses.models import Course, Edition, Lesson
from lms.learning.models import HandIn, MarkOutcome, Progress, Study
from lms.people.models import Person
from lms.training import actions
from lms.training.models import Path, PathStep, RollState, StepKind
from lms.training.queries import steps_of
from tests.training import make

TITLE = "Lộ trình giảng viên nguồn"
SLUG = "lo-trinh-giang-vien-nguon"
QUESTION = "q-ke-hoach"
KINDS = (StepKind.COURSE, StepKind.CLASS, StepKind.TASK, StepKind.VISIT)


def path(unit: str = demo.THANH_HOA, title: str = TITLE) -> Path:
    """A path of a unit for source trainers."""
    made = actions.make_path(title, "source_trainer", "Đi hết thì đứng lớp được.", demo.place(unit), by=make.BY)
    make.keep([made])
    return made


def step(held: Path, kind: StepKind, course: Course | None = None, **names: Any) -> PathStep:
    """One more step, by default of the course of tests."""
    of = course if course is not None or kind == StepKind.VISIT else make.course()
    added = actions.add_step(held, kind, of, QUESTION if kind == StepKind.TASK else "", by=make.BY, **names)
    make.keep([added])
    return added


def whole() -> tuple[Path, list[PathStep]]:
    """A path with a step of each kind; the visit has no course."""
    held = path()
    titles = ("Học ở nhà", "Dự lớp", "Kế hoạch của tôi", "Đi xem thôn bạn")
    return held, [step(held, kind, title=title) for kind, title in zip(KINDS, titles, strict=True)]


def on(held: Path, *persons: Person) -> None:
    """These people are on it."""
    actions.put_on(held, persons, by=make.BY)


@action
def edition(course: Course | None = None, lessons: int = 0) -> Edition:
    """An edition in force, with so many lessons."""
    of = course or make.course()
    found: Edition | None = db.scalar(select(Edition).where(Edition.course_id == of.id))
    if found is not None:
        return found
    made = Edition(
        course_id=of.id, number=1, digest="0" * 64, title=of.title, summary="", audience=[], audience_text="", languages=["vi"],
        hours=1, minutes=10, lesson_count=lessons, open=True, licence="", completion={}, certificate_title="", goals={},
        sources=[], test=None, published_at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    for number in range(1, lessons + 1):
        db.add(Lesson(edition_id=made.id, key=f"bai-{number}", slug=f"bai-{number}", place=number, module_number=1,
                      module_title="", title=f"Bài {number}", minutes=10, words=100, sensitive=False, goals=[],
                      parts=[]))  # fmt: skip
    return made


@action
def studies(person: Person, course: Course | None = None, ended: date | None = None, lessons: int = 0) -> Study:
    """She studies a course: so many lessons done, completed on a day or not yet."""
    of = course or make.course()
    held = edition(of)
    ended_at = make.noon(ended) if ended is not None else None
    kept = Study(person_id=person.id, course_id=of.id, edition_id=held.id, began_at=clock.now(), last_at=clock.now(),
                 last_lesson_key="bai-1", completed_at=ended_at)  # fmt: skip
    db.add(kept)
    db.flush()
    for number in range(1, lessons + 1):
        db.add(Progress(study_id=kept.id, lesson_key=f"bai-{number}", opened_at=clock.now(), finished_at=clock.now()))
    return kept


@action
def hands_in(study: Study, outcome: MarkOutcome | None, marked: date | None = None, number: int = 1) -> HandIn:
    """A try at the product of the course."""
    at = make.noon(marked) if marked is not None else clock.now()
    work = HandIn(study_id=study.id, edition_id=study.edition_id, lesson_key="bai-1", question_key=QUESTION, number=number,
                  began_at=at, handed_in_at=at, outcome=outcome, marked_at=at if outcome else None)  # fmt: skip
    db.add(work)
    db.flush()
    return work


def attends(persons: list[Person], first: date, closes: bool = True, course: Course | None = None) -> None:
    """These people sit through a class of the course that begins on this day."""
    held = make.training_class(first=first)
    if course is not None:
        with_course(held, course)
    actions.invite(held, persons, by=make.BY)
    for session in make.sessions(held):
        for person in persons:
            actions.mark(session, person.id, RollState.PRESENT, by=make.BY)
        if closes:
            actions.close_session(session, by=make.BY)
    if closes:
        actions.close_class(held, by=make.BY)


@action
def with_course(held: Any, course: Course) -> None:
    """A class is of another course."""
    held.course_id = course.id


def again(held: Path) -> list[PathStep]:
    """The steps of a path, read anew."""
    return steps_of(held.id)


def ago(days: int) -> date:
    """A day before today."""
    return clock.today() - timedelta(days=days)


def picture(kind: str = "JPEG", secret: bytes = b"") -> bytes:
    """A small photograph; with a hidden word in its data."""
    out, exif = BytesIO(), Image.Exif()
    if secret:
        exif[0x010E] = secret.decode()
    Image.new("RGB", (40, 30), "#25388A").save(out, kind, exif=exif)
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def at(row: Any) -> str:
    """Its key in addresses."""
    return to_address(row.id)
