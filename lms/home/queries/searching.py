"""One search over everything an actor may see, without marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Select, or_, select

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.ids import to_address
from lms.core.names import loose
from lms.core.search import found_in
from lms.core.words import Text, day, text
from lms.courses.models import Course, Edition, Lesson
from lms.courses.queries import Found as Passage
from lms.courses.queries import found_blocks
from lms.credentials.models import Certificate
from lms.home.queries.rows import FOUND_AT_MOST, PEOPLE_READERS, STAFF, Row, class_row, classes_in_reach
from lms.home.rules import Piece, snippet
from lms.people.models import Person, Post
from lms.training.models import TrainingClass
from lms.units.models import Organisation, Unit
from lms.units.queries import valid_on, within


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


def search(actor: Actor | None, typed: str) -> list[Found]:
    """Open courses, their lessons and what stands in them for everyone, closed ones for whoever is signed in; persons,
    classes and papers within reach. Without marks, at most 20 a kind."""
    closed = actor is not None
    taught = [
        Found(text("Khóa học và bài"), "learn", _find_lessons(typed, closed)),
        Found(text("Trong các bài"), "learn", _find_blocks(typed, closed)),
    ]
    if actor is None:
        return [kind for kind in taught if kind.rows]
    found = [
        Found(text("Người"), "person", _find_persons(actor, typed)),
        Found(text("Lớp"), "class", _find_classes(actor, typed)),
        *taught,
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
    query = query.where(TrainingClass.id.in_(classes_in_reach(actor)))
    titles = found_in(Course.title_loose, typed), found_in(TrainingClass.title_loose, typed)
    query = query.where(or_(*titles, TrainingClass.number == typed.strip().upper()))
    return [class_row(held) for held in db.scalars(query.order_by(TrainingClass.starts_on.desc()).limit(FOUND_AT_MOST))]


def _find_lessons(typed: str, closed: bool) -> list[Row]:
    editions = select(Edition.id, Course.slug, Course.title, Edition.open).join(Course, Edition.course_id == Course.id)
    current = editions.where(Edition.superseded_at.is_(None))
    current = current if closed else current.where(Edition.open.is_(True))
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


def _find_blocks(typed: str, closed: bool) -> list[Row]:
    """Passages of lessons; of a sensitive lesson its title only."""
    found = found_blocks(typed, closed=closed, limit=FOUND_AT_MOST)
    places = _places(found)
    return [_block_row(block, places.get((block.course, block.lesson), 0), typed) for block in found]


def _places(found: Sequence[Passage]) -> dict[tuple[str, str], int]:
    """The number of each lesson found, by course and lesson."""
    query = select(Course.slug, Lesson.slug, Lesson.place).join(Edition, Lesson.edition_id == Edition.id)
    query = query.join(Course, Edition.course_id == Course.id).where(
        Edition.superseded_at.is_(None),
        Course.slug.in_({block.course for block in found}),
        Lesson.slug.in_({block.lesson for block in found}),
    )
    return {(course, lesson): place for course, lesson, place in db.execute(query)} if found else {}


def _block_row(block: Passage, place: int, typed: str) -> Row:
    title = text("Bài {place} · {title}", place=place, title=block.title)
    heading = block.heading if block.heading != block.title else ""
    address = f"/hoc/{block.course}/{block.lesson}{'#' if block.anchor else ''}{quote(block.anchor)}"
    under = (Piece(f"{heading} — "),) if heading and block.text else ()
    return Row((title, block.course_title), address, (*under, *snippet(block.text, typed)))


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
