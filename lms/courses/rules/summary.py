"""What a course holds, counted: for `lms courses check` and for authors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lms.courses.rules.claims import claims_without_footnote
from lms.courses.rules.course import Check, Course, suffix_of
from lms.courses.rules.faults import Fault, Faults, in_order
from lms.courses.rules.fields import read_front
from lms.courses.rules.tidy import neat_text


@dataclass(frozen=True)
class Summary:
    """Numbers of a course. `media`: path -> bytes. `unplaced`: questions only for checks that no lesson shows."""

    lessons: int
    words: int
    minutes: int
    questions: int
    by_kind: dict[str, int]
    by_goal: dict[str, int]
    media: dict[str, int]
    unplaced: tuple[str, ...]
    claims: tuple[Fault, ...]

    @property
    def media_size(self) -> int:
        """Bytes of all media."""
        return sum(self.media.values())


def summary_of(course: Course) -> Summary:
    """The counts of a course that was read; `claims` are warnings with file and line."""
    questions = course.questions
    placed = {part.question_id for lesson in course.lessons for part in lesson.parts if isinstance(part, Check)}
    return Summary(
        lessons=len(course.lessons),
        words=sum(lesson.words for lesson in course.lessons),
        minutes=sum(lesson.minutes for lesson in course.lessons),
        questions=len(questions),
        by_kind=dict(Counter(question.kind for question in questions)),
        by_goal={goal: sum(question.goal == goal for question in questions) for goal in course.goals},
        media={path: len(content) for path, content in sorted(course.media.items()) if suffix_of(path) != ".vtt"},
        unplaced=tuple(q.id for q in questions if q.use == "check" and q.id not in placed),
        claims=_claims(course),
    )


def _claims(course: Course) -> tuple[Fault, ...]:
    found: list[Fault] = []
    for lesson in course.lessons:
        written = neat_text(course.files[lesson.file].decode("utf-8-sig"))
        front = read_front(written, lesson.file, Faults())
        found += claims_without_footnote(front.body, lesson.file, front.body_line)
    return in_order(found)
