"""Verbs on courses: a read folder becomes an immutable edition; a course taught in classes only is announced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import Model, action, db, lock
from lms.core.files import store
from lms.core.names import loose
from lms.core.refusal import Refusal
from lms.core.search import syllables
from lms.core.words import text
from lms.courses import rules
from lms.courses.documents import FORMAT, Filler, digest_of, media_type_of
from lms.courses.models import Course, Edition, EditionFile, Lesson, LessonBlock, Question
from lms.courses.queries import current_edition, dropped_ids, returned_ids
from lms.units.models import Organisation

_SHOWN = 20
_LONGEST_ANCHOR, _LONGEST_HEADING = 200, 300


class IdsWereDropped(Refusal):
    """A new edition leaves out, or gives another type to, ids on which progress hangs, or takes up ids once retired."""

    def __init__(self, dropped: Iterable[str], returned: Iterable[str] = ()) -> None:
        self.dropped, self.returned = sorted(dropped), sorted(returned)
        if not self.returned:
            sentence = text(
                "Bản mới bỏ hoặc đổi loại những mã đang dùng: {listed}. Đánh dấu đồng ý nếu thật sự muốn vậy.",
                listed=_listed(self.dropped),
            )
        elif not self.dropped:
            sentence = text(
                "Bản mới dùng lại những mã đã bỏ: {returned}. Mã đã bỏ, không dùng lại: đặt mã mới, "
                "hoặc đánh dấu đồng ý nếu vẫn là bài, câu hỏi cũ.",
                returned=_listed(self.returned),
            )
        else:
            sentence = text(
                "Bản mới bỏ hoặc đổi loại những mã đang dùng: {listed}; và dùng lại những mã đã bỏ: {returned}. "
                "Đánh dấu đồng ý nếu thật sự muốn vậy.",
                listed=_listed(self.dropped),
                returned=_listed(self.returned),
            )
        super().__init__(sentence, "confirmed")


def _listed(ids: list[str]) -> str:
    """The first ids, and how many more there are."""
    more = [f"(+{len(ids) - _SHOWN})"] if len(ids) > _SHOWN else []
    return ", ".join([*ids[:_SHOWN], *more])


class TextIsTooLong(Refusal):
    """A title, a name or a path is longer than what can be kept of it."""

    def __init__(self, written: str, most: int) -> None:
        super().__init__(
            text("“{start}…” dài quá {most} chữ cái. Viết ngắn lại rồi gửi lại.", start=written[:60], most=most)
        )


@action
def publish_folder(path: Path, *, owner: Organisation | None, by: Actor, confirmed: bool = False) -> Edition:
    """Read a folder (CourseHasFaults) and publish it."""
    return publish(rules.read_folder(path), owner=owner, by=by, confirmed=confirmed)


@action
def publish(read: rules.Course, *, owner: Organisation | None, by: Actor, confirmed: bool = False) -> Edition:
    """The course as a new edition in force; the same folder, read by the same reader, is the edition it already is."""
    course, _ = _course(read.id, _facts(read.title, read.component, read.field, read.level), owner)
    course.owner = course.owner or owner
    current = current_edition(course.id)
    digest = digest_of(read)
    if current is not None and current.digest == digest and current.reader >= FORMAT:
        return current
    dropped, returned = dropped_ids(read, current), returned_ids(read, current)
    if (dropped or returned) and not confirmed:
        raise IdsWereDropped(dropped, returned)
    edition = _edition(read, course, digest, by)
    _keep_files(read, edition)
    _keep_texts(read, edition)
    if current is not None:
        current.superseded_at = edition.published_at
    db.flush()
    history.write(
        "courses.publish", edition, by=by, unit_id=course.owner.unit_id if course.owner else None,
        course=course.slug, number=edition.number, dropped=sorted(dropped), returned=sorted(returned),
    )  # fmt: skip
    return edition


@action
def announce_course(
    slug: str, title: str, component: int, field: str, level: str, owner: Organisation | None, *, by: Actor
) -> Course:
    """A course that is taught in classes only, as long as it has no edition; announcing it twice is once."""
    course, is_new = _course(slug, _facts(title, component, field, level), owner)
    if is_new:
        history.write("courses.announce_course", course, by=by, unit_id=owner.unit_id if owner else None, slug=slug)
    return course


def _facts(title: str, component: int, field: str, level: str) -> dict[str, Any]:
    """What the catalogue says of a course."""
    return {"title": title, "title_loose": loose(title), "component": component, "field": field, "level": level}


def _course(slug: str, facts: dict[str, Any], owner: Organisation | None) -> tuple[Course, bool]:
    """The course's row, locked, and whether it was made now. Of two who make it at once, one finds the other's."""
    found = db.scalar(select(Course.id).where(Course.slug == slug))
    if found is None:
        course = Course(slug=slug, owner=owner, created_at=clock.now(), **facts)
        try:
            with db.begin_nested():
                _add(course)
        except IntegrityError:
            found = db.scalars(select(Course.id).where(Course.slug == slug)).one()
        else:
            return course, True
    [course] = lock(Course, [found])
    return course, False


def _add(row: Model) -> None:
    """To be stored, unless a text is too long for its column: SQLite would not mind, PostgreSQL would."""
    for column in row.__table__.columns:
        most, value = getattr(column.type, "length", None), getattr(row, column.key)
        if most and isinstance(value, str) and len(value) > most:
            raise TextIsTooLong(value, most)
    db.add(row)


def _edition(read: rules.Course, course: Course, digest: str, by: Actor) -> Edition:
    last = db.scalar(select(func.max(Edition.number)).where(Edition.course_id == course.id)) or 0
    for name, fact in _facts(read.title, read.component, read.field, read.level).items():
        setattr(course, name, fact)
    edition = Edition(
        course_id=course.id, number=last + 1, digest=digest, title=read.title, summary=read.summary,
        audience=list(read.audience), audience_text=read.audience_text, languages=list(read.languages), hours=read.hours,
        minutes=sum(lesson.minutes for lesson in read.way), lesson_count=len(read.way), open=read.open,
        licence=read.licence, proposal=read.proposal,
        completion=read.completion.to_json(),
        certificate_title=read.certificate_title, goals=dict(read.goals),
        sources=[{"key": source.key, "text": source.text} for source in read.sources],
        test=read.test.to_json() if read.test else None, forms=read.forms.to_json() if read.forms else None,
        reader=FORMAT, published_at=clock.now(), published_by_id=by.account_id,
    )  # fmt: skip
    edition.course = course
    _add(edition)
    db.flush()
    return edition


def _keep_files(read: rules.Course, edition: Edition) -> None:
    """Every file of the folder by its sha256, the sources too: the folder can be had again from them."""
    for path, content in sorted(read.files.items()):
        digest = store().put(content)
        kind = media_type_of(path)
        _add(EditionFile(edition_id=edition.id, path=path, digest=digest, media_type=kind, size=len(content)))


def _keep_texts(read: rules.Course, edition: Edition) -> None:
    """Handouts, hard words, modules, lessons and questions as they will be shown."""
    filler = Filler(read)
    edition.glossary = [{**term.to_json(), "html": filler.text(term.html)} for term in read.glossary]
    edition.modules = [
        {"slug": m.slug, "title": m.title, "goals": list(m.goals), "html": filler.text(m.intro_html)}
        for m in read.modules
    ]
    edition.handouts = [{"slug": h.slug, "title": h.title, "html": filler.text(h.html)} for h in read.handouts]
    place = 0
    for number, module in enumerate(read.modules, 1):
        for lesson in module.lessons:
            place += 1
            row = _lesson(lesson, filler)
            row.edition_id, row.place, row.module_number, row.module_title = edition.id, place, number, module.title
            row.branch = module.branch
            _add(row)
            _keep_passages(lesson, edition)
    _keep_questions(read, edition, filler)


def _lesson(lesson: rules.Lesson, filler: Filler) -> Lesson:
    return Lesson(
        key=lesson.id, slug=lesson.slug, title=lesson.title, minutes=lesson.minutes, words=lesson.words,
        sensitive=lesson.sensitive, goals=list(lesson.goals), parts=filler.json(rules.parts_to_json(lesson.parts)),
        audio=filler.sound(lesson.audio), minutes_form=filler.text(lesson.minutes_form),
        variants={
            language: {
                "title": one.title, "parts": filler.json(rules.parts_to_json(one.parts)), "words": one.words,
                "audio": filler.sound(one.audio),
            }
            for language, one in lesson.variants.items()
        },
    )  # fmt: skip


def _keep_passages(lesson: rules.Lesson, edition: Edition) -> None:
    """Its words under each heading, for the search."""
    for place, one in enumerate(rules.passages_of(lesson.parts, lesson.title)):
        anchor = one.anchor if len(one.anchor) <= _LONGEST_ANCHOR else ""
        db.add(
            LessonBlock(
                edition_id=edition.id, lesson_key=lesson.id, place=place, anchor=anchor,
                heading=one.heading[:_LONGEST_HEADING], text=one.text, loose=syllables(f"{one.heading} {one.text}"),
            )
        )  # fmt: skip


def _keep_questions(read: rules.Course, edition: Edition, filler: Filler) -> None:
    homes = {question.id: lesson.id for lesson in read.lessons for question in lesson.questions}
    for place, question in enumerate(read.questions, 1):
        _add(
            Question(
                edition_id=edition.id, key=question.id, lesson_key=homes.get(question.id), place=place,
                kind=question.kind, goal=question.goal, use=question.use, content=filler.json(question.to_json()),
            )
        )  # fmt: skip
