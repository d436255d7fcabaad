"""Progress of many learners of one course, from plain tuples: who they are, then their lessons a batch at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.types import NullType

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.search import found_in
from lms.core.sheets import Cell
from lms.core.words import Text, day, text
from lms.courses import queries as courses
from lms.courses.models import Edition, Lesson
from lms.courses.rules import FinalTest
from lms.learning import access
from lms.learning.models import Assignment, HandIn, MarkOutcome, Progress, Purpose, Study, TestAttempt
from lms.learning.rules import following as rules
from lms.learning.rules.branches import COMMON, taken_branch
from lms.people.models import Person, Post
from lms.units.models import Unit
from lms.units.queries import valid_on, within

BATCH, PAGE = 500, 100


class State(StrEnum):
    """Where a learner is in a course; the values are words of addresses. Slow ones are also in another state."""

    NONE = "chua-hoc"
    NOW = "dang-hoc"
    DONE = "hoc-xong"
    SLOW = "cham"

    @property
    def label(self) -> Text:
        """For people."""
        return _STATES[self]


_STATES = {
    State.NONE: text("Chưa học"),
    State.NOW: text("Đang học"),
    State.DONE: text("Học xong"),
    State.SLOW: text("Chậm"),
}
_LATELY = {0: text("hôm nay"), 1: text("hôm qua")}
LATELY = 30


class Learner(NamedTuple):
    """A human and a course: who she is, since when and until when; the lessons are read for those shown only.

    `key` stands for her in statements of this module. `unit` is "" where she has no post today.
    """

    key: Any
    name: str
    birth_year: int | None
    unit: str
    last_at: datetime | None
    completed_at: datetime | None
    due: date | None
    given_at: datetime | None
    is_slow: bool

    @property
    def person_id(self) -> UUID:
        """Her canonical key."""
        return self.key if isinstance(self.key, UUID) else UUID(self.key)

    @property
    def last(self) -> Text | str:
        """When she was last there, for people: today, yesterday, 5 days ago, a day."""
        if self.last_at is None:
            return ""
        days = (clock.today() - clock.local(self.last_at).date()).days
        if days > LATELY:
            return day(self.last_at)
        return _LATELY.get(days) or text("{days} ngày trước", days=days)

    @property
    def state(self) -> State:
        """Not begun, under way, completed."""
        if self.completed_at is not None:
            return State.DONE
        return State.NOW if self.last_at is not None else State.NONE

    def is_in(self, wanted: State | None) -> bool:
        """Is she among those a chip shows?"""
        return wanted is None or (self.is_slow if wanted == State.SLOW else self.state == wanted)


class Line(NamedTuple):
    """A learner with her lessons: `states` by place (done, half, none); right answers of her best test, products.

    `done`: lessons finished, of those that count for her.
    """

    learner: Learner
    states: tuple[str, ...]
    done: int
    right: int | None = None
    passed: bool = False
    accepted: int = 0
    waiting: int = 0

    @property
    def segments(self) -> list[str]:
        """Her thread, at most 24 segments."""
        return rules.segments(self.states)

    def spans(self, state: str) -> str:
        """Places of lessons in this state: "1–8, 10"."""
        return rules.spans(self.states, state)

    def strokes(self, state: str) -> str:
        """The segments in this state as an SVG path."""
        return rules.strokes(self.segments, state)


@dataclass(frozen=True)
class Outline:
    """What of an edition progress is measured by."""

    edition: Edition
    lessons: tuple[Lesson, ...]
    products: tuple[str, ...] = field(default=())

    @cached_property
    def test(self) -> FinalTest | None:
        """The final test, if the course has one."""
        return FinalTest.from_json(self.edition.test) if self.edition.test is not None else None

    @property
    def total(self) -> int:
        """Lessons that one learner takes."""
        return self.edition.lesson_count

    @property
    def modules(self) -> list[tuple[str, int]]:
        """Titles of modules, each with its number of lessons."""
        counted: dict[tuple[int, str], int] = {}
        for lesson in self.lessons:
            module = lesson.module_number, lesson.module_title
            counted[module] = counted.get(module, 0) + 1
        return [(title, count) for (_, title), count in counted.items()]


def outlined(edition: Edition) -> Outline:
    """Lessons and products of an edition."""
    lessons = courses.outline(edition.id)
    products = [part["product"] for lesson in lessons for part in lesson.parts if "product" in part]
    return Outline(edition, tuple(lessons), tuple(products))


def followed(actor: Actor, course: Outline, unit_id: UUID | None = None, typed: str = "") -> list[Learner]:
    """Humans with a post today in the actor's units (or in one of them) who began the course or were given it, by name.

    The caller has made sure that the actor reaches `unit_id`.
    """
    return followed_in(course, [unit_id] if unit_id is not None else access.follows_in(actor), typed)


def followed_in(course: Outline, unit_ids: Iterable[UUID], typed: str = "") -> list[Learner]:
    """The same for whole units."""
    units = list(unit_ids)
    here = and_(valid_on(Post, clock.today()), Post.unit_id.in_(within(units)))
    return _learners(course.edition.course_id, None, here, typed=typed)


def followed_among(course: Outline, humans: Select[UUID], typed: str = "") -> list[Learner]:
    """These humans (canonical keys), also those who have not begun, by name."""
    return _learners(course.edition.course_id, humans, valid_on(Post, clock.today()), typed=typed)


_Recorded = aliased(Person)  # a record; `Person` is the human it stands for
_PLAIN = NullType()


def _plain(column: Any) -> Any:
    """A key as the driver gives it: it is only compared and sent back (making a UUID of each costs more than reading)."""
    return type_coerce(column, _PLAIN)


def _learners(course_id: UUID, humans: Select[UUID] | None, here: ColumnElement[bool], *, typed: str) -> list[Learner]:
    """Each record of each human with its study and what was given; `humans` None = those who have one of the two here."""
    outer = humans is not None
    other = aliased(Person)
    studied = and_(Study.person_id == other.id, Study.course_id == course_id, _is_begun())
    given = and_(Assignment.person_id == other.id, Assignment.course_id == course_id, Assignment.withdrawn_at.is_(None))
    query = (
        select(
            _plain(Person.id), Person.name, Person.birth_year, Unit.kind, Unit.name, Study.last_lesson_key,
            Study.last_at, Study.completed_at, Assignment.due, Assignment.given_at,
        )
        .select_from(Person)
        .join(_Recorded, _Recorded.canonical_id == Person.id)
        .join(Post, and_(Post.person_id == _Recorded.id, here), isouter=outer)
        .join(Unit, Unit.id == Post.unit_id, isouter=outer)
        .join(other, other.canonical_id == Person.id)
        .outerjoin(Study, studied)
        .outerjoin(Assignment, given)
        .order_by(Person.name_sort, Person.birth_year, Person.id, Post.begins.desc(), Post.id)
    )  # fmt: skip
    if humans is not None:
        query = query.where(Person.id.in_(humans.correlate(None)))
    else:
        query = query.where(or_(Study.id.is_not(None), Assignment.id.is_not(None)))
    if typed.strip():
        query = query.where(found_in(Person.name_loose, typed))
    now, today, places = clock.now(), clock.today(), _Places()
    return [_learner(list(rows), now, today, places) for _, rows in groupby(_rows(query), key=itemgetter(0))]


def _is_begun() -> ColumnElement[bool]:
    """A study that a pre-test made has no lesson yet and is none."""
    return or_(Study.last_lesson_key != "", Study.completed_at.is_not(None))


class _Places(dict[tuple[str, str], str]):
    """Titles of units, each kept once."""

    def __missing__(self, names: tuple[str, str]) -> str:
        self[names] = f"{names[0]} {names[1]}".strip() if names[1] else ""
        return self[names]


def _learner(rows: list[Any], now: datetime, today: date, places: _Places) -> Learner:
    """One human from her rows (records by posts), the newest post first."""
    key, name, year, kind, unit, lesson, last_at, completed_at, due, given_at = rows[0]
    last_at = last_at if lesson else None
    if len(rows) > 1:
        last_at = max((row.last_at for row in rows if row.last_lesson_key), default=None)
        completed_at, due, given_at = (_first(row[place] for row in rows) for place in (7, 8, 9))
    slow = completed_at is None and rules.is_slow(now, today, last_at, due, given_at)
    return Learner(key, name, year, places[kind, unit], last_at, completed_at, due, given_at, slow)


def _first(values: Iterable[Any]) -> Any:
    return min((value for value in values if value is not None), default=None)


def count_states(learners: Sequence[Learner]) -> dict[State, int]:
    """How many learners each chip shows."""
    counted = Counter(learner.state for learner in learners)
    return {**{state: counted[state] for state in State}, State.SLOW: sum(learner.is_slow for learner in learners)}


def lines_of(course: Outline, learners: Sequence[Learner]) -> list[Line]:
    """These learners with their lessons, tests and products: at most three statements, whatever their number."""
    if not learners:
        return []
    keys = [learner.key for learner in learners]
    steps = _steps(course, keys)
    tests = _tests(course, keys) if course.test is not None else {}
    products = _products(course, keys) if course.products else {}
    nothing = (rules.NONE,) * len(course.lessons), 0
    return [
        Line(
            learner,
            *steps.get(learner.key, nothing),
            *tests.get(learner.key, (None, False)),
            *products.get(learner.key, (0, 0)),
        )
        for learner in learners
    ]


def batches_of(course: Outline, learners: Sequence[Learner]) -> Iterator[list[Line]]:
    """The same for any number of learners, a batch at a time."""
    left = iter(learners)
    while batch := list(islice(left, BATCH)):
        yield lines_of(course, batch)


def _of_humans(query: Select[Any], course: Outline, keys: list[Any]) -> Select[Any]:
    """A query of studies, for these humans, a row each."""
    return _studies(query, course, keys).group_by(_Recorded.canonical_id)


def _studies(query: Select[Any], course: Outline, keys: list[Any]) -> Select[Any]:
    """A query of studies, for these humans: found by person and course, not by reading all of the course."""
    records = select(Person.id).where(_plain(Person.canonical_id).in_(keys))
    query = query.join(_Recorded, Study.person_id == _Recorded.id)
    return query.where(Study.course_id == course.edition.course_id, Study.person_id.in_(records))


def _steps(course: Outline, keys: list[Any]) -> dict[Any, tuple[tuple[str, ...], int]]:
    """Lessons by human, and how many of those that count are finished.

    A study's lessons come as one text, "first+ second" (+ = finished): one row, not one a lesson.
    """
    sign = Progress.lesson_key + case((Progress.finished_at.is_not(None), "+"), else_="")
    lessons = select(func.aggregate_strings(sign, " ")).where(Progress.study_id == Study.id).scalar_subquery()
    query = select(_plain(_Recorded.canonical_id), lessons).select_from(Study)
    query = _studies(query, course, keys)
    found: dict[Any, str] = {}
    for key, begun in _rows(query):
        found[key] = f"{found[key]} {begun or ''}" if key in found else begun or ""
    places = [(lesson.key, f"{lesson.key}+") for lesson in course.lessons]
    branches = [lesson.branch for lesson in course.lessons]
    states = {begun: _states(set(begun.split()), places) for begun in set(found.values())}  # many are equally far
    seen = {begun: (row, _finished(row, branches)) for begun, row in states.items()}
    return {key: seen[begun] for key, begun in found.items()}


def _states(begun: set[str], places: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(
        rules.DONE if done in begun else rules.HALF if place in begun else rules.NONE for place, done in places
    )


def _finished(states: tuple[str, ...], branches: list[str]) -> int:
    """Lessons finished: the common ones and those of the branch she takes."""
    flags = [(state == rules.DONE, state != rules.NONE) for state in states]
    taken = taken_branch(zip(branches, flags, strict=True))
    return sum(done for branch, (done, _) in zip(branches, flags, strict=True) if branch in {COMMON, taken})


def _rows(query: Select[Any]) -> Iterable[Any]:
    """Plain tuples: these lists make no objects, and long ones are not held twice."""
    return chain.from_iterable(db.connection().execute(query).partitions(BATCH))


def _tests(course: Outline, keys: list[Any]) -> dict[Any, tuple[int | None, bool]]:
    """Right answers of the best final test, and whether one was passed."""
    passed = func.max(case((TestAttempt.passed.is_(True), 1), else_=0))
    query = select(_plain(_Recorded.canonical_id), func.max(TestAttempt.right), passed).select_from(TestAttempt)
    query = query.join(Study, TestAttempt.study_id == Study.id)
    query = query.where(TestAttempt.purpose == Purpose.FINAL, TestAttempt.submitted_at.is_not(None))
    return {key: (right, bool(good)) for key, right, good in _rows(_of_humans(query, course, keys))}


def _products(course: Outline, keys: list[Any]) -> dict[Any, tuple[int, int]]:
    """Products accepted, and products that wait to be marked."""
    accepted = case((HandIn.outcome == MarkOutcome.ACCEPTED, HandIn.question_key))
    waiting = case((HandIn.outcome.is_(None), HandIn.question_key))
    query = select(
        _plain(_Recorded.canonical_id), func.count(accepted.distinct()), func.count(waiting.distinct())
    ).select_from(HandIn)
    query = query.join(Study, HandIn.study_id == Study.id)
    query = query.where(HandIn.handed_in_at.is_not(None), HandIn.question_key.in_(course.products))
    return {key: (good, late) for key, good, late in _rows(_of_humans(query, course, keys))}


def heads_of(course: Outline) -> list[Text | str]:
    """Heads of the whole list as a file: a column for each lesson at the end."""
    heads: list[Text | str] = [text("Họ và tên"), text("Năm sinh"), text("Đơn vị"), text("Tình trạng"),
             text("Số bài đã học"), text("Tổng số bài"), text("Lần học cuối"), text("Hạn"), text("Ngày học xong")]  # fmt: skip
    if course.test is not None:
        heads += [text("Kiểm tra: số câu đúng"), text("Kiểm tra: kết quả")]
    if course.products:
        heads += [text("Sản phẩm đã nhận"), text("Sản phẩm chờ chấm")]
    return heads + [f"{lesson.place}. {lesson.title}" for lesson in course.lessons]


def rows_of(course: Outline, lines: Iterable[Line]) -> Iterator[list[Cell]]:
    """Rows under these heads."""
    states = {state: str(state.label) for state in State}
    steps = {rules.DONE: str(text("xong")), rules.HALF: str(text("đang học")), rules.NONE: ""}
    passed, failed, total = str(text("đạt")), str(text("chưa đạt")), course.total
    for line in lines:
        who = line.learner
        last = clock.local(who.last_at).date() if who.last_at else None
        row: list[Cell] = [who.name, who.birth_year, who.unit, states[who.state], line.done, total, last, who.due,
                           who.completed_at]  # fmt: skip
        if course.test is not None:
            row += [line.right, "" if line.right is None else passed if line.passed else failed]
        if course.products:
            row += [line.accepted, line.waiting]
        row += [steps[state] for state in line.states]
        yield row


@dataclass(frozen=True)
class Shown:
    """A page of learners: how many each chip shows, those of this page, whose records the reader may open."""

    course: Outline
    counts: dict[State, int]
    state: State | None
    whole: int
    count: int
    lines: Sequence[Line]
    number: int
    opens: frozenset[Any]

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.count // PAGE))


def narrowed(learners: Sequence[Learner], state: State | None) -> list[Learner]:
    """Those that a chip shows."""
    return [learner for learner in learners if learner.is_in(state)]


def show(actor: Actor, course: Outline, learners: Sequence[Learner], state: State | None, number: int) -> Shown:
    """A page of these learners, a hundred at most, narrowed to a state."""
    found = narrowed(learners, state)
    page = min(max(number, 1), max(1, -(-len(found) // PAGE)))
    chosen = found[(page - 1) * PAGE : page * PAGE]
    lines = lines_of(course, chosen)
    return Shown(course, count_states(learners), state, len(learners), len(found), lines, page, _opened(actor, chosen))


def _opened(actor: Actor, learners: Sequence[Learner]) -> frozenset[Any]:
    """Keys of those whose records the actor may open: their own post of today lies in her units."""
    units = access.follows_in(actor)
    if not units or not learners:
        return frozenset()
    query = select(_plain(Post.person_id)).where(_plain(Post.person_id).in_([learner.key for learner in learners]))
    query = query.where(valid_on(Post, clock.today()), Post.unit_id.in_(within(units)))
    return frozenset(key for (key,) in _rows(query))
