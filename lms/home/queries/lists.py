"""Lists behind the numbers and tasks of the first page. Every number is the length of a list kept here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.ids import to_address
from lms.core.words import Text, text
from lms.courses.models import Course
from lms.home.queries.rows import STAFF, Row, class_row, classes_in_reach
from lms.learning.models import Study
from lms.learning.queries import Pile, enquiries_for, overdue, pile_of
from lms.people.models import Person, Post
from lms.training.models import Participation, TrainingClass
from lms.training.queries import unclosed_sessions, waiting_credits
from lms.units.models import Unit
from lms.units.queries import valid_on, within


@dataclass(frozen=True)
class Listing:
    """A list that a number on the home page opens."""

    title: Text
    label: Text
    heads: tuple[Text, ...]
    icon: str
    rows: Callable[[Actor], list[Row]]
    is_task: bool = False


def open_sessions(actor: Actor) -> list[Row]:
    """Sessions of today or before that nobody has closed."""
    query = unclosed_sessions(clock.today()).where(TrainingClass.id.in_(classes_in_reach(actor)))
    return [
        Row((held.title, session.number, session.day, held.venue), f"/buoi/{to_address(session.id)}")
        for session, held in db.execute(query)
    ]


def unclosed_classes(actor: Actor) -> list[Row]:
    """Classes whose last day is over and which nobody has closed."""
    query = select(TrainingClass).where(
        TrainingClass.id.in_(classes_in_reach(actor)),
        TrainingClass.closed_at.is_(None),
        TrainingClass.ends_on < clock.today(),
    )
    return [class_row(held) for held in db.scalars(query.order_by(TrainingClass.ends_on))]


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
        TrainingClass.id.in_(classes_in_reach(actor)), TrainingClass.ends_on >= first, TrainingClass.ends_on <= last
    )
    return [class_row(held) for held in db.scalars(query.order_by(TrainingClass.starts_on.desc()))]


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
        .where(TrainingClass.id.in_(classes_in_reach(actor)), Participation.completed_at.is_not(None))
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


def works_to_mark(actor: Actor) -> list[Row]:
    """Works handed in by learners of the units where she marks, which wait."""
    return [
        Row(
            (line.person.name, line.title, line.course.title, clock.local(line.hand_in.handed_in_at).date()),
            f"/cham-bai/{to_address(line.hand_in.id)}",
        )
        for line in pile_of(actor, Pile())
        if line.hand_in.handed_in_at is not None
    ]


def questions_to_answer(actor: Actor) -> list[Row]:
    """Questions on lessons from learners of the units where she answers, which wait."""
    return [
        Row(
            (
                line.enquiry.person.name,
                line.enquiry.course.title,
                line.lesson.title if line.lesson and not line.is_sensitive else "",
                clock.local(line.enquiry.asked_at).date(),
            ),
            f"/hoi-dap/{to_address(line.enquiry.id)}",
        )
        for line in enquiries_for(actor, most=None)
    ]


def credits_to_decide(actor: Actor) -> list[Row]:
    """Earlier trainings put forward, which she may decide."""
    return [
        Row(
            (line.person.name, line.step.path.title, line.step.title, line.credit.done_on),
            f"/lo-trinh/cong-nhan/{to_address(line.credit.id)}",
        )
        for line in waiting_credits(actor)
    ]


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
    "cham-bai": Listing(
        text("Bài chờ chấm"),
        text("bài chờ chấm"),
        (_NAME, text("Đề bài"), text("Khóa học"), text("Ngày nộp")),
        "edit",
        works_to_mark,
        is_task=True,
    ),
    "hoi-dap": Listing(
        text("Câu hỏi chờ trả lời"),
        text("câu hỏi chờ trả lời"),
        (_NAME, text("Khóa học"), text("Bài"), text("Ngày hỏi")),
        "info",
        questions_to_answer,
        is_task=True,
    ),
    "cong-nhan": Listing(
        text("Đề nghị công nhận chờ quyết định"),
        text("đề nghị công nhận chờ quyết định"),
        (_NAME, text("Lộ trình"), text("Bước"), text("Ngày học")),
        "paper",
        credits_to_decide,
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
