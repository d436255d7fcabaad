"""What several rooms know, put together: tasks, records, search. Every number is the length of a list kept here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from lms.core import clock
from lms.core.actor import Actor, Role
from lms.core.db import db
from lms.core.ids import to_address
from lms.core.names import loose
from lms.core.search import found_in
from lms.core.sheets import Cell
from lms.core.words import Text, day, text
from lms.courses.models import Course, Edition, Lesson
from lms.credentials.models import Certificate
from lms.learning.models import Study
from lms.learning.queries import overdue
from lms.people.models import Person, Post
from lms.training.models import ClassTrainer, Participation, TrainingClass
from lms.training.queries import unclosed_sessions
from lms.units.models import Organisation, Unit
from lms.units.queries import valid_on, within

STAFF = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.REPORTER, Role.AUDITOR, Role.PLANNER)
PEOPLE_READERS = (*STAFF, Role.TRAINER)
FOUND_AT_MOST = 20


@dataclass(frozen=True)
class Row:
    """One line of a list: its cells, and the page it leads to."""

    cells: tuple[Cell, ...]
    href: str = ""

    @property
    def details(self) -> str:
        """All but the first cell, as one text."""
        shown = (day(cell) if isinstance(cell, date) else str(cell) for cell in self.cells[1:] if cell)
        return " · ".join(shown)


@dataclass(frozen=True)
class Listing:
    """A list that a number on the home page opens."""

    title: Text
    label: Text
    heads: tuple[Text, ...]
    icon: str
    rows: Callable[[Actor], list[Row]]
    is_task: bool = False


def _classes_in_reach(actor: Actor) -> Select[Any]:
    """Classes organised in her units, or taught by her."""
    taught = select(ClassTrainer.class_id).where(ClassTrainer.person_id == actor.person_id)
    mine = TrainingClass.organiser_unit_id.in_(within(actor.units_as(*STAFF)))
    return select(TrainingClass.id).where(or_(mine, TrainingClass.id.in_(taught)), TrainingClass.cancelled_at.is_(None))


def open_sessions(actor: Actor) -> list[Row]:
    """Sessions of today or before that nobody has closed."""
    query = unclosed_sessions(clock.today()).where(TrainingClass.id.in_(_classes_in_reach(actor)))
    return [
        Row((held.title, session.number, session.day, held.venue), f"/buoi/{to_address(session.id)}")
        for session, held in db.execute(query)
    ]


def unclosed_classes(actor: Actor) -> list[Row]:
    """Classes whose last day is over and which nobody has closed."""
    query = select(TrainingClass).where(
        TrainingClass.id.in_(_classes_in_reach(actor)),
        TrainingClass.closed_at.is_(None),
        TrainingClass.ends_on < clock.today(),
    )
    return [_class_row(held) for held in db.scalars(query.order_by(TrainingClass.ends_on))]


def _class_row(held: TrainingClass) -> Row:
    return Row((held.number, held.title, held.starts_on, held.ends_on, held.venue), f"/lop/{to_address(held.id)}")


def late_assignments(actor: Actor) -> list[Row]:
    """Courses given to persons of her units and not finished by their day."""
    query = overdue(clock.today()).where(Person.id.in_(_persons_in(actor.units_as(*STAFF))))
    return [
        Row((person.name, course.title, given.due), f"/ho-so/{to_address(person.id)}")
        for given, person, course in db.execute(query)
    ]


def _persons_in(unit_ids: frozenset[UUID]) -> Select[Any]:
    today = valid_on(Post, clock.today())
    return select(Post.person_id).where(Post.unit_id.in_(within(unit_ids)), today)


def persons(actor: Actor) -> list[Row]:
    """Persons whose post today lies in her units."""
    query = (
        select(Person, Post, Unit)
        .join(Post, Post.person_id == Person.id)
        .join(Unit, Post.unit_id == Unit.id)
        .where(Post.unit_id.in_(within(actor.units_as(*STAFF))), valid_on(Post, clock.today()))
        .order_by(Person.name_sort, Person.birth_year)
    )
    return [
        Row(
            (person.name, person.birth_year, post.title or str(post.kind.label), unit.title),
            f"/ho-so/{to_address(person.id)}",
        )
        for person, post, unit in db.execute(query)
    ]


def classes_this_year(actor: Actor) -> list[Row]:
    """Classes in her reach that end this year."""
    first, last = _year()
    query = select(TrainingClass).where(
        TrainingClass.id.in_(_classes_in_reach(actor)), TrainingClass.ends_on >= first, TrainingClass.ends_on <= last
    )
    return [_class_row(held) for held in db.scalars(query.order_by(TrainingClass.starts_on.desc()))]


def _year() -> tuple[date, date]:
    year = clock.today().year
    return date(year, 1, 1), date(year, 12, 31)


def completions(actor: Actor) -> list[Row]:
    """Participations completed in classes of this year in her reach: one line for each person and class (lượt)."""
    first, last = _year()
    query = (
        select(Person, TrainingClass, Participation.completed_at)
        .join(Participation, Participation.person_id == Person.id)
        .join(TrainingClass, Participation.class_id == TrainingClass.id)
        .where(TrainingClass.id.in_(_classes_in_reach(actor)), Participation.completed_at.is_not(None))
        .where(TrainingClass.ends_on >= first, TrainingClass.ends_on <= last)
        .order_by(Person.name_sort, TrainingClass.number)
    )
    return [
        Row((person.name, person.birth_year, held.title, at), f"/ho-so/{to_address(person.id)}")
        for person, held, at in db.execute(query)
    ]


def learners(actor: Actor) -> list[Row]:
    """Persons of her units who have begun a course online and not finished it."""
    query = (
        select(Person, Course.title, Study.last_at)
        .join(Study, Study.person_id == Person.id)
        .join(Course, Study.course_id == Course.id)
        .where(Person.id.in_(_persons_in(actor.units_as(*STAFF))), Study.completed_at.is_(None))
        .order_by(Person.name_sort, Course.title)
    )
    return [
        Row((person.name, person.birth_year, title, at), f"/ho-so/{to_address(person.id)}")
        for person, title, at in db.execute(query)
    ]


_NAME, _YEAR, _TITLE = text("Họ và tên"), text("Năm sinh"), text("Lớp")
_CLASS_HEADS = (text("Số"), _TITLE, text("Từ ngày"), text("Đến ngày"), text("Nơi học"))
LISTINGS: dict[str, Listing] = {
    "buoi-chua-chot": Listing(
        text("Buổi chưa chốt điểm danh"),
        text("buổi chưa chốt điểm danh"),
        (_TITLE, text("Buổi"), text("Ngày"), text("Nơi học")),
        "class",
        open_sessions,
        is_task=True,
    ),
    "lop-chua-chot": Listing(
        text("Lớp đã hết ngày, chưa chốt"),
        text("lớp đã hết ngày, chưa chốt"),
        _CLASS_HEADS,
        "class",
        unclosed_classes,
        is_task=True,
    ),
    "hoc-qua-han": Listing(
        text("Khóa học đã giao, quá ngày chưa xong"),
        text("lượt học quá ngày chưa xong"),
        (_NAME, text("Khóa học"), text("Hạn")),
        "learn",
        late_assignments,
        is_task=True,
    ),
    "nguoi": Listing(
        text("Người trong đơn vị"), text("Người"), (_NAME, _YEAR, text("Chức danh"), text("Đơn vị")), "person", persons
    ),
    "lop-nam-nay": Listing(text("Lớp trong năm"), text("Lớp trong năm"), _CLASS_HEADS, "class", classes_this_year),
    "hoan-thanh": Listing(
        text("Lượt hoàn thành lớp trong năm"),
        text("Lượt hoàn thành"),
        (_NAME, _YEAR, _TITLE, text("Ngày hoàn thành")),
        "paper",
        completions,
    ),
    "dang-hoc": Listing(
        text("Lượt đang học trực tuyến"),
        text("Lượt đang học"),
        (_NAME, _YEAR, text("Khóa học"), text("Lần cuối")),
        "learn",
        learners,
    ),
}


@dataclass(frozen=True)
class Counted:
    """A listing with how many lines it has for this actor."""

    slug: str
    listing: Listing
    count: int


def counted(actor: Actor, tasks: bool) -> list[Counted]:
    """The tasks that wait (none = left out), or the four numbers."""
    chosen = [(slug, listing) for slug, listing in LISTINGS.items() if listing.is_task is tasks]
    lines = [Counted(slug, listing, len(listing.rows(actor))) for slug, listing in chosen]
    return [line for line in lines if line.count or not tasks]


@dataclass(frozen=True)
class Found:
    """What a search found of one kind."""

    title: Text
    icon: str
    rows: Sequence[Row]

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self.rows)


def search(actor: Actor, typed: str) -> list[Found]:
    """Courses and lessons for everyone; persons, classes and papers within reach. Without marks, at most 20 a kind."""
    found = [
        Found(text("Người"), "person", _find_persons(actor, typed)),
        Found(text("Lớp"), "class", _find_classes(actor, typed)),
        Found(text("Khóa học và bài"), "learn", _find_lessons(typed)),
        Found(text("Giấy chứng nhận"), "paper", _find_papers(actor, typed)),
    ]
    return [kind for kind in found if kind.rows]


def _find_persons(actor: Actor, typed: str) -> list[Row]:
    query = (
        select(Person, Post, Unit)
        .join(Post, Post.person_id == Person.id)
        .join(Unit, Post.unit_id == Unit.id)
        .where(Post.unit_id.in_(within(actor.units_as(*PEOPLE_READERS))), valid_on(Post, clock.today()))
        .where(found_in(Person.name_loose, typed))
        .order_by(Person.name_sort)
        .limit(FOUND_AT_MOST)
    )
    return [
        Row((person.name, person.birth_year, post.village, unit.title), f"/ho-so/{to_address(person.id)}")
        for person, post, unit in db.execute(query)
    ]


def _find_classes(actor: Actor, typed: str) -> list[Row]:
    query = select(TrainingClass).join(Course, TrainingClass.course_id == Course.id)
    query = query.where(TrainingClass.id.in_(_classes_in_reach(actor)))
    query = query.where(or_(found_in(Course.title_loose, typed), TrainingClass.number == typed.strip().upper()))
    return [
        _class_row(held) for held in db.scalars(query.order_by(TrainingClass.starts_on.desc()).limit(FOUND_AT_MOST))
    ]


def _find_lessons(typed: str) -> list[Row]:
    editions = select(Edition.id, Course.slug, Course.title, Edition.open).join(Course, Edition.course_id == Course.id)
    current = editions.where(Edition.superseded_at.is_(None), Edition.open.is_(True))
    courses = current.where(found_in(Course.title_loose, typed)).limit(FOUND_AT_MOST)
    rows = [Row((title,), f"/khoa-hoc/{slug}") for _, slug, title, _ in db.execute(courses)]
    open_ones = current.subquery()
    lessons = select(Lesson.slug, Lesson.title, open_ones.c.slug, open_ones.c.title)
    lessons = lessons.join(open_ones, Lesson.edition_id == open_ones.c.id).order_by(Lesson.place)
    found = [row for row in db.execute(lessons) if _matches(row[1], typed)]
    return [
        *rows,
        *(Row((title, course), f"/hoc/{slug}/{lesson}") for lesson, title, slug, course in found[:FOUND_AT_MOST]),
    ]


def _matches(title: str, typed: str) -> bool:
    folded, words = loose(title), loose(typed).split()
    return bool(words) and all(word in folded for word in words)


def _find_papers(actor: Actor, typed: str) -> list[Row]:
    reach = Certificate.issuer_id.in_(_organisations(actor.units_as(*STAFF)))
    query = select(Certificate).join(Person, Certificate.person_id == Person.id)
    query = query.where(or_(reach, Certificate.person_id == actor.person_id), found_in(Person.name_loose, typed))
    return [
        Row((paper.name, paper.course_title, day(paper.issued_on)), f"/giay-chung-nhan/{to_address(paper.id)}")
        for paper in db.scalars(query.order_by(Certificate.issued_on.desc()).limit(FOUND_AT_MOST))
    ]


def _organisations(unit_ids: frozenset[UUID]) -> Select[Any]:
    return select(Organisation.id).where(Organisation.unit_id.in_(within(unit_ids)))


def record_rows(
    studies: Sequence[Study], taken: Sequence[Participation], papers: Sequence[Certificate]
) -> tuple[tuple[Text, ...], list[tuple[Cell, ...]]]:
    """Heads and rows of a person's record as a file."""
    heads = (text("Loại"), text("Tên"), text("Từ ngày"), text("Đến ngày"), text("Kết quả"))
    done, not_yet = text("hoàn thành"), text("chưa hoàn thành")
    rows: list[tuple[Cell, ...]] = [
        (
            text("Khóa học trực tuyến"),
            s.course.title,
            s.began_at.date(),
            s.completed_at and day(s.completed_at),
            done if s.completed_at else not_yet,
        )
        for s in studies
    ]
    for part in taken:
        held = part.training_class
        rows.append(
            (text("Lớp tập huấn"), held.title, held.starts_on, held.ends_on, done if part.completed_at else not_yet)
        )
    rows += [(text("Giấy chứng nhận"), p.course_title, p.begins_on, p.ends_on, p.issued_on) for p in papers]
    return heads, rows


def participations_of(person_id: UUID) -> list[Participation]:
    """A human's takings part in classes, newest first, with their classes."""
    same = select(Person.canonical_id).where(Person.id == person_id).scalar_subquery()
    query = (
        select(Participation).join(Participation.training_class).options(contains_eager(Participation.training_class))
    )
    return list(db.scalars(query.where(Participation.person_id == same).order_by(TrainingClass.starts_on.desc())))
