"""Verbs on courses: a read folder becomes an immutable edition; a course taught in classes only is announced."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from functools import partial
from pathlib import Path, PurePosixPath

from sqlalchemy import func, select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.files import store
from lms.core.names import loose
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.courses import rules
from lms.courses.models import Course, Edition, EditionFile, Lesson, Question
from lms.courses.queries import current_edition, dropped_ids
from lms.units.models import Organisation

ICONS = "%icons%"
_TYPES = {".vtt": "text/vtt", ".opus": "audio/ogg", ".ogg": "audio/ogg", ".m4a": "audio/mp4", ".md": "text/markdown"}


class IdsWereDropped(Refusal):
    """A new edition leaves out, or gives another type to, ids on which progress hangs."""

    def __init__(self, dropped: Iterable[str]) -> None:
        self.dropped = sorted(dropped)
        listed = ", ".join(self.dropped)
        super().__init__(
            text(
                "Bản mới bỏ hoặc đổi loại những mã đang dùng: {listed}. Đánh dấu đồng ý nếu thật sự muốn vậy.",
                listed=listed,
            )
        )


def digest_of(read: rules.Course) -> str:
    """SHA-256 over every file of the folder, in order of path: the same folder gives the same digest."""
    whole = hashlib.sha256()
    for path in sorted(read.files):
        content = read.files[path]
        whole.update(f"{path}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


@action
def publish_folder(path: Path, *, owner: Organisation | None, by: Actor, confirmed: bool = False) -> Edition:
    """Read a folder (CourseHasFaults) and publish it."""
    return publish(rules.read_folder(path), owner=owner, by=by, confirmed=confirmed)


@action
def publish(read: rules.Course, *, owner: Organisation | None, by: Actor, confirmed: bool = False) -> Edition:
    """The course as a new edition in force; the same folder gives back the edition it already is."""
    course = _course(read, owner)
    current = current_edition(course.id)
    digest = digest_of(read)
    if current is not None and current.digest == digest:
        return current
    dropped = dropped_ids(read, current)
    if dropped and not confirmed:
        raise IdsWereDropped(dropped)
    edition = _edition(read, course, digest, by)
    files = _keep_files(read, edition)
    _keep_lessons(read, edition, files)
    if current is not None:
        current.superseded_at = edition.published_at
    history.write("courses.publish", edition, by=by, course=course.slug, number=edition.number, dropped=sorted(dropped))
    db.flush()
    return edition


@action
def announce_course(
    slug: str, title: str, component: int, field: str, level: str, owner: Organisation | None, *, by: Actor
) -> Course:
    """A course that is taught in classes only, as long as it has no edition."""
    found: Course | None = db.scalar(select(Course).where(Course.slug == slug))
    if found is not None:
        return found
    course = Course(
        slug=slug, title=title, title_loose=loose(title), component=component, field=field, level=level,
        owner_id=owner.id if owner else None, created_at=clock.now(),
    )  # fmt: skip
    db.add(course)
    db.flush()
    history.write("courses.announce_course", course, by=by, slug=slug)
    return course


def _course(read: rules.Course, owner: Organisation | None) -> Course:
    """The course's row, locked and brought up to date; made when new."""
    found = db.scalar(select(Course.id).where(Course.slug == read.id))
    if found is None:
        course = Course(
            slug=read.id, title=read.title, title_loose=loose(read.title), component=read.component, field=read.field,
            level=read.level, owner_id=owner.id if owner else None, created_at=clock.now(),
        )  # fmt: skip
        db.add(course)
        db.flush()
        return course
    [course] = lock(Course, [found])
    course.title, course.title_loose = read.title, loose(read.title)
    course.component, course.field, course.level = read.component, read.field, read.level
    return course


def _edition(read: rules.Course, course: Course, digest: str, by: Actor) -> Edition:
    last = db.scalar(select(func.max(Edition.number)).where(Edition.course_id == course.id)) or 0
    edition = Edition(
        course_id=course.id, number=last + 1, digest=digest, title=read.title, summary=read.summary,
        audience=list(read.audience), audience_text=read.audience_text, languages=list(read.languages), hours=read.hours,
        minutes=sum(lesson.minutes for lesson in read.lessons), lesson_count=len(read.lessons), open=read.open,
        licence=read.licence, proposal=read.proposal,
        completion={"lessons": read.completion.lessons, "test": read.completion.test},
        certificate_title=read.certificate_title, goals=dict(read.goals),
        sources=[{"key": source.key, "text": source.text} for source in read.sources],
        test=read.test.to_json() if read.test else None, published_at=clock.now(), published_by_id=by.account_id,
    )  # fmt: skip
    edition.course = course
    db.add(edition)
    db.flush()
    return edition


def _keep_files(read: rules.Course, edition: Edition) -> dict[str, str]:
    """Every file by its sha256; gives path -> address of the files that pages point to."""
    addresses = {}
    for path, content in sorted(read.files.items()):
        digest = store().put(content)
        name = PurePosixPath(path).name
        kind = _TYPES.get(PurePosixPath(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        db.add(EditionFile(edition_id=edition.id, path=path, digest=digest, media_type=kind, size=len(content)))
        if path in read.media:
            addresses[path] = f"/tep/{digest}/{name}"
    return addresses


def _fill(read: rules.Course, files: dict[str, str], rendered: str) -> str:
    """Addresses of this edition's files and pages; the sprite's is filled in when a page is served."""
    return rules.fill_in(
        rendered,
        icons=ICONS,
        file=files.__getitem__,
        lesson=lambda slug: f"/hoc/{read.id}/{slug}",
        handout=lambda slug: f"/khoa-hoc/{read.id}/tai-lieu/{slug}",
    )


def _filled(value: object, fill: partial[str]) -> object:
    """A JSON value with every text filled in."""
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, dict):
        return {key: _filled(inner, fill) for key, inner in value.items()}
    return [_filled(inner, fill) for inner in value] if isinstance(value, list) else value


def _keep_lessons(read: rules.Course, edition: Edition, files: dict[str, str]) -> None:
    fill = partial(_fill, read, files)
    edition.handouts = [{"slug": h.slug, "title": h.title, "html": fill(h.html)} for h in read.handouts]
    place = 0
    for number, module in enumerate(read.modules, 1):
        for lesson in module.lessons:
            place += 1
            db.add(
                _lesson(lesson, edition, place, number, module.title, _filled(rules.parts_to_json(lesson.parts), fill))
            )
    _keep_questions(read, edition, fill)


def _lesson(lesson: rules.Lesson, edition: Edition, place: int, number: int, module: str, parts: object) -> Lesson:
    return Lesson(
        edition_id=edition.id, key=lesson.id, slug=lesson.slug, place=place, module_number=number, module_title=module,
        title=lesson.title, minutes=lesson.minutes, words=lesson.words, sensitive=lesson.sensitive, goals=list(lesson.goals),
        parts=parts,
    )  # fmt: skip


def _keep_questions(read: rules.Course, edition: Edition, fill: partial[str]) -> None:
    homes = {question.id: lesson.id for lesson in read.lessons for question in lesson.questions}
    for place, question in enumerate(read.questions, 1):
        db.add(
            Question(
                edition_id=edition.id,
                key=question.id,
                lesson_key=homes.get(question.id),
                place=place,
                kind=question.kind,
                goal=question.goal,
                use=question.use,
                content=_filled(question.to_json(), fill),
            )  # fmt: skip
        )
