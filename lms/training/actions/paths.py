"""Making a path and its steps; putting people on it and taking them off."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.names import neat
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.courses.models import Course
from lms.people.models import Person
from lms.training import queries, rules
from lms.training.models import Path, PathLearner, PathStep, StepKind
from lms.units.models import Unit


class PathIsRetired(Refusal):
    """A retired path takes no more steps and no more people."""

    sentence = text("Lộ trình này đã ngừng, không thêm được nữa.")


class AudienceIsUnknown(Refusal):
    """A path is for one of the audiences that courses name."""

    sentence = text("Chọn một nhóm người học.")


class StepNeedsCourse(Refusal):
    """An online course and a class are of a course."""

    sentence = text("Bước này cần một khóa học. Chọn khóa học.")


class StepNeedsProduct(Refusal):
    """A practice task is a product of a course."""

    sentence = text("Bài thực hành lấy từ một khóa học. Chọn bài.")


@action
def make_path(title: str, audience: str, summary: str, unit: Unit, *, by: Actor) -> Path:
    """A new path of a unit, without steps. AudienceIsUnknown."""
    _refuse_unknown(audience)
    plain = neat(title)
    slug = rules.slug_of(plain, queries.path_slugs(rules.slug_of(plain, ())))
    made = Path(slug=slug, title=plain, audience=audience, summary=neat(summary), unit_id=unit.id,
                created_at=clock.now())  # fmt: skip
    db.add(made)
    db.flush()
    history.write("training.make_path", made, by=by, unit_id=unit.id, slug=slug)
    return made


def _refuse_unknown(audience: str) -> None:
    if audience not in rules.AUDIENCES:
        raise AudienceIsUnknown(field="audience")


@action
def change_path(path: Path, title: str, audience: str, summary: str, *, by: Actor) -> Path:
    """Other words; its address stays. AudienceIsUnknown, PathIsRetired."""
    _refuse_unknown(audience)
    held = _hold(path)
    before = held.title
    held.title, held.audience, held.summary = neat(title), audience, neat(summary)
    history.write("training.change_path", held, by=by, unit_id=held.unit_id, title=[before, held.title])
    return held


@action
def retire_path(path: Path, *, by: Actor) -> Path:
    """Nobody new comes on it; who is on it goes on. PathIsRetired."""
    held = _hold(path)
    held.retired_at = clock.now()
    history.write("training.retire_path", held, by=by, unit_id=held.unit_id)
    return held


def _hold(path: Path) -> Path:
    """The path under its lock, if it is still open."""
    (held,) = lock(Path, [path.id])
    if held.retired_at is not None:
        raise PathIsRetired
    return held


@action
def add_step(
    path: Path,
    kind: StepKind,
    course: Course | None = None,
    question_key: str = "",
    title: str = "",
    note: str = "",
    *,
    by: Actor,
) -> PathStep:
    """One more step at the end. Without a title it bears the course's. StepNeedsCourse, StepNeedsProduct, PathIsRetired."""
    held = _hold(path)
    _refuse_incomplete(kind, course, question_key)
    last = db.scalar(select(func.max(PathStep.place)).where(PathStep.path_id == held.id))
    named = neat(title) or (course.title if course is not None else str(kind.label))
    added = PathStep(
        path_id=held.id, place=(last or 0) + 1, kind=kind, title=named, note=neat(note),
        course_id=course.id if course is not None else None, question_key=question_key if kind == StepKind.TASK else "",
    )  # fmt: skip
    db.add(added)
    db.flush()
    history.write("training.add_step", added, by=by, unit_id=held.unit_id, path=held.slug, kind=kind.value)
    return added


def _refuse_incomplete(kind: StepKind, course: Course | None, question_key: str) -> None:
    if kind == StepKind.TASK and (course is None or not question_key):
        raise StepNeedsProduct(field="product")
    if kind in (StepKind.COURSE, StepKind.CLASS) and course is None:
        raise StepNeedsCourse(field="course")


@action
def change_step(step: PathStep, title: str, note: str, *, by: Actor) -> PathStep:
    """Other words; what it asks for stays. PathIsRetired."""
    held = _hold(step.path)
    before = step.title
    step.title, step.note = neat(title), neat(note)
    history.write("training.change_step", step, by=by, unit_id=held.unit_id, title=[before, step.title])
    return step


@action
def move_step(step: PathStep, up: bool, *, by: Actor) -> None:
    """One place up or down; at the end of the row nothing happens. PathIsRetired."""
    held = _hold(step.path)
    steps = queries.steps_of(held.id)
    place = next((n for n, one in enumerate(steps) if one.id == step.id), None)
    if place is None:
        return
    other = place + (-1 if up else 1)
    if 0 <= other < len(steps):
        steps[place], steps[other] = steps[other], steps[place]
        for number, one in enumerate(steps, 1):
            one.place = number
        history.write("training.move_step", step, by=by, unit_id=held.unit_id, place=other + 1)


@action
def remove_step(step: PathStep, *, by: Actor) -> None:
    """It is asked no more; its row and what was credited for it stay. PathIsRetired."""
    held = _hold(step.path)
    if step.removed_at is None:
        step.removed_at = clock.now()
        history.write("training.remove_step", step, by=by, unit_id=held.unit_id, path=held.slug)


@action
def put_on(path: Path, persons: Iterable[Person], *, by: Actor) -> int:
    """These people are on the path; who is on it already stays as she is. Gives how many came new. PathIsRetired."""
    held = _hold(path)
    on, came = queries.on_path(held.id), 0
    for person in persons:
        if person.canonical_id not in on:
            on.add(person.canonical_id)
            _enter(held.id, person.id)
            came += 1
    db.flush()
    if came:
        history.write("training.put_on", held, by=by, unit_id=held.unit_id, count=came)
    return came


def _enter(path_id: UUID, person_id: UUID) -> None:
    """A new row, or the one she left."""
    row = queries.learner_row(path_id, person_id)
    if row is None:
        db.add(PathLearner(path_id=path_id, person_id=person_id, since=clock.now()))
    else:
        row.since, row.left_at = clock.now(), None


@action
def join(path: Path, person: Person, *, by: Actor) -> None:
    """She puts herself on it. PathIsRetired."""
    put_on(path, [person], by=by)


@action
def leave(path: Path, person: Person, *, by: Actor) -> None:
    """She is on it no more, under none of her records; what she did counts again should she come back."""
    lock(Path, [path.id])
    for row in db.scalars(queries.open_rows(path.id, person.id)):
        row.left_at = clock.now()
        history.write("training.leave", row, by=by, unit_id=path.unit_id, path=path.slug)
