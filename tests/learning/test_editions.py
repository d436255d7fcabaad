"""Whatever three further editions bring, what a learner earned stays; what would be lost is asked for first."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.core.actor import System
from lms.core.db import db
from lms.courses import actions as courses
from lms.courses import queries as read
from lms.courses import rules
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.models import Progress, Purpose, Study, TestAttempt
from tests.learning import course

NUMBERS = count(1)
KINDS = ("single", "multiple", "short")
LEARNER = "cadre"
CHANGES = (
    *("add", "bring back", "drop", "move", "retitle", "minutes", "drop question", "retype question", "drop option"),
    *("add option", "drop test question", "retype test question", "add test question"),
)
DRAWN = 3


@dataclass
class Asked:
    """A question; it has its kind and so many options."""

    key: str
    kind: str = "single"
    options: int = 3

    def text(self, use: str) -> str:
        lines = (
            ["= một"] if self.kind == "short" else ["- [x] Nên", *(f"- [ ] Không {n}" for n in range(1, self.options))]
        )
        return f"## Câu {self.key}?   {{#{self.key} type={self.kind} goal=mot use={use}}}\n" + "\n".join(lines) + "\n\n"

    @property
    def ids(self) -> set[str]:
        """Its id and those of its options."""
        letters = "" if self.kind == "short" else "abcdefghij"[: self.options]
        return {self.key, *(f"{self.key}.{letter}" for letter in letters)}

    @property
    def right(self) -> Any:
        """A right answer."""
        return "một" if self.kind == "short" else ["a"]


@dataclass
class Taught:
    """A lesson with at most one question."""

    key: str
    title: str
    minutes: int
    asked: Asked | None


@dataclass
class Folder:
    """A course that changes from edition to edition."""

    slug: str
    lessons: list[Taught] = field(default_factory=list)
    test: list[Asked] = field(default_factory=list)
    gone: list[Taught] = field(default_factory=list)
    made: int = 0

    def files(self) -> dict[str, bytes]:
        """As it lies on disk."""
        cover = course.COVER.replace('id = "khoa-thu"', f'id = "{self.slug}"')
        texts = {
            "course.toml": cover.replace("{open}", "true").replace("{test}", "true"),
            "01-dau/chuyen-de.md": "---\ntitle: Chuyên đề\ngoals: [mot]\n---\n",
            "thi-cuoi-khoa.md": f"---\ntitle: Kiểm tra\ndraw: {DRAWN}\npass: 2\nattempts: 0\n---\n"
            + "".join(one.text("test") for one in self.test),
        }
        for place, lesson in enumerate(self.lessons, 10):
            stem = f"01-dau/{place}-{lesson.key}"
            check = f"\n/// tu-kiem-tra\n{lesson.asked.key}\n///\n" if lesson.asked else ""
            texts[f"{stem}.md"] = (
                f"---\nid: {lesson.key}\ntitle: {lesson.title}\nminutes: {lesson.minutes}\ngoals: [mot]\n---\nHọc.\n{check}"
            )
            if lesson.asked:
                texts[f"{stem}.cau-hoi.md"] = lesson.asked.text("check")
        return {path: text.encode() for path, text in texts.items()}

    def questions(self) -> dict[str, Asked]:
        """All questions by id."""
        return {one.key: one for one in [*(lesson.asked for lesson in self.lessons), *self.test] if one}

    def ids(self) -> set[str]:
        """Ids of lessons, questions and options."""
        return {lesson.key for lesson in self.lessons}.union(*(one.ids for one in self.questions().values()))

    def dropped_by(self, other: Folder) -> set[str]:
        """What the other one no longer has, or has as another kind."""
        dropped = {lesson.key for lesson in self.lessons} - {lesson.key for lesson in other.lessons}
        now = other.questions()
        for key, asked in self.questions().items():
            is_same = key in now and now[key].kind == asked.kind
            dropped |= asked.ids - now[key].ids if is_same else {key}
        return dropped

    def new_lesson(self) -> Taught:
        """A lesson with a key that was never used."""
        self.made += 1
        return Taught(f"bai-{self.made}", f"Bài {self.made}", 5, Asked(f"q-bai-{self.made}"))

    def change(self, kind: str, place: int) -> None:
        """One change, where it can be made."""
        lesson = self.lessons[place % len(self.lessons)]
        tested = self.test[place % len(self.test)]
        if kind == "add":
            self.lessons.insert(place % (len(self.lessons) + 1), self.new_lesson())
        elif kind == "bring back" and self.gone:
            self.lessons.append(self.gone.pop(place % len(self.gone)))
        elif kind == "drop" and len(self.lessons) > 1:
            self.lessons.remove(lesson)
            self.gone.append(deepcopy(lesson))
        elif kind == "move":
            self.lessons.remove(lesson)
            self.lessons.insert(place // 3 % (len(self.lessons) + 1), lesson)
        elif kind == "retitle":
            lesson.title += " mới"
        elif kind == "minutes":
            lesson.minutes = 1 + place
        elif kind == "drop question":
            lesson.asked = None
        elif kind == "drop test question" and len(self.test) > DRAWN:
            self.test.remove(tested)
        elif kind == "add test question":
            self.made += 1
            self.test.append(Asked(f"q-thi-{self.made}"))
        elif kind in {"retype question", "drop option", "add option"} and lesson.asked:
            _alter(lesson.asked, kind, place)
        elif kind == "retype test question":
            _alter(tested, kind, place)


def _alter(asked: Asked, kind: str, place: int) -> None:
    if kind.startswith("retype"):
        asked.kind = KINDS[place % len(KINDS)]
    else:
        asked.options = max(2, asked.options - 1) if kind == "drop option" else min(8, asked.options + 1)


def begun() -> Folder:
    """Three lessons and five questions for the test, under a slug of its own."""
    folder = Folder(f"khoa-{next(NUMBERS)}")
    folder.lessons = [folder.new_lesson() for _ in range(3)]
    folder.test = [Asked(f"q-thi-{letter}", kind) for letter, kind in zip("abcde", [*KINDS, *KINDS], strict=False)]
    return folder


def publish(folder: Folder, confirmed: bool = False) -> Edition:
    made = rules.read_files(folder.files(), folder.slug)
    return courses.publish(made, owner=None, by=System("test"), confirmed=confirmed)


def learn(folder: Folder, edition: Edition, lessons: int, takes_test: bool) -> None:
    """She answers and finishes the first so many lessons and, if they are all, passes the test."""
    me = course.actor(LEARNER)
    for lesson in folder.lessons[:lessons]:
        if lesson.asked:
            actions.answer(edition, lesson.key, lesson.asked.key, lesson.asked.right, by=me)
        actions.finish_lesson(edition, lesson.key, by=me)
    state = queries.test_state(edition, course.person_id(LEARNER))
    if takes_test and not state.missing and state.passed is None:
        attempt = actions.start_attempt(edition, course.person_id(LEARNER), Purpose.FINAL, by=me)
        asked = folder.questions()
        actions.keep_answers(attempt, {key: asked[key].right for key in attempt.question_keys}, by=me)
        actions.submit(attempt, by=me)


def earned(edition: Edition) -> dict[str, Any]:
    """Everything she has to show, each under a name of its own; read anew."""
    db.expire_all()
    study = db.scalars(
        select(Study).where(Study.course_id == edition.course_id, Study.person_id == course.person_id(LEARNER))
    ).one_or_none()
    if study is None:
        return {}
    found: dict[str, Any] = {}
    if study.completed_at:
        found["completed"] = (study.completed_at, study.completed_edition_id, study.frozen_unit_id)
    for line in db.scalars(select(Progress).where(Progress.study_id == study.id, Progress.finished_at.is_not(None))):
        found[f"lesson {line.lesson_key}"] = line.finished_at
        for key, answer in line.answers.items():
            found[f"answer {key}"] = (answer["answer"], answer["right"])
    for attempt in db.scalars(select(TestAttempt).where(TestAttempt.study_id == study.id)):
        result = queries.result_of(attempt, edition)
        marks = {key: (one.right, one.score) for key, one in result.marked.items()}
        assert sum(one.right for one in result.marked.values()) == attempt.right
        found[f"attempt {attempt.number}"] = (
            *(attempt.submitted_at, attempt.right, attempt.passed, attempt.question_keys, attempt.answers, marks),
            *(result.needed, [(one.id, one.kind, one.stem_html) for one in result.questions]),
        )
    return found


def published(edition: Edition) -> tuple[Any, ...]:
    """What is in force of this course, and how many editions it has."""
    editions = select(func.count(Edition.id)).where(Edition.course_id == edition.course_id)
    current = read.current_edition(edition.course_id)
    assert current is not None
    return current.id, current.number, db.scalar(editions)


# Each example is a course of its own in the same database: the slug is new each time.
CHANGING = st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 30)), max_size=5)
LATER = st.tuples(CHANGING, st.integers(0, 4), st.booleans())


@settings(
    max_examples=max(50, settings.default.max_examples // 4),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, 3), st.booleans(), st.lists(LATER, min_size=3, max_size=3))
def test_what_was_earned_outlives_three_editions(
    app: Flask, lessons: int, takes_test: bool, later: list[tuple[list[tuple[str, int]], int, bool]]
) -> None:
    folder = begun()
    ever = folder.ids()
    edition = publish(folder)
    learn(folder, edition, lessons, takes_test)
    for changes, more, tests in later:
        before = earned(edition)
        changed = deepcopy(folder)
        for kind, place in changes:
            changed.change(kind, place)
        dropped, returned = folder.dropped_by(changed), (changed.ids() - folder.ids()) & ever
        if dropped or returned:
            in_force = published(edition)
            try:
                publish(changed)
            except courses.IdsWereDropped as refused:
                assert (set(refused.dropped), set(refused.returned)) == (dropped, returned)
            else:
                raise AssertionError((dropped, returned))
            db.expire_all()
            assert published(edition) == in_force and earned(edition) == before
        edition = publish(changed, confirmed=bool(dropped or returned))
        folder, ever = changed, ever | changed.ids()
        assert earned(edition) == before
        learn(folder, edition, more, tests)
        now = earned(edition)
        kept = {name: now[name] for name in before if not name.startswith("answer")}
        assert kept == {name: value for name, value in before.items() if not name.startswith("answer")}
