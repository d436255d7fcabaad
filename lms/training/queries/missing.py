"""What is missing next on a path, in one plain sentence with its link (anchors A12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.db import db
from lms.core.ids import to_address
from lms.core.words import Text, day, text
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.learning.queries import products_of, standing_of
from lms.people.models import Post
from lms.training import access
from lms.training.models import Enrolment, Path, PathStep, StepKind, TrainingClass
from lms.training.rules import Begun, Marked
from lms.units.queries import valid_on


@dataclass(frozen=True)
class Missing:
    """The first step that is not done: what is missing, and where one goes on (`href` "" = nowhere to click)."""

    step: PathStep
    sentence: Text
    act: Text | str = ""
    href: str = ""


def address_of(path: Path) -> str:
    """The page of a path."""
    return f"/lo-trinh/{path.slug}"


def missing_of(person_id: UUID, path: Path, step: PathStep, mark: Marked) -> Missing:
    """The sentence for a step of this path that a person has not done."""
    if mark.begun == Begun.ASKED:
        return Missing(step, text("Đề nghị công nhận bước “{title}” đang chờ duyệt.", title=step.title))
    return _BY_KIND[step.kind](person_id, path, step, mark)


def _course(person_id: UUID, path: Path, step: PathStep, mark: Marked) -> Missing:
    course = step.course
    edition = courses.current_edition(course.id) if course is not None else None
    if course is None or edition is None:
        return Missing(step, text("Khóa “{title}” chưa mở học trực tuyến.", title=step.title))
    lessons = courses.outline(edition.id)
    left = len(standing_of(person_id, course.id).way(lessons).left)
    act = text("Học tiếp") if mark.begun else text("Bắt đầu học")
    if left:
        sentence = text("Còn {count} bài của khóa “{title}”.", count=left, title=course.title)
    else:
        sentence = text("Đã học hết bài của khóa “{title}”, còn phần kiểm tra hoặc thực hành.", title=course.title)
    return Missing(step, sentence, act, f"/hoc/{course.slug}")


def _class(person_id: UUID, path: Path, step: PathStep, mark: Marked) -> Missing:
    title = step.course.title if step.course is not None else step.title
    if mark.begun == Begun.EXPECTED:
        held = _coming(person_id, step.course, expected=True)
        if held is not None:
            sentence = text("Đã có tên trong lớp “{title}”, mở ngày {day} ở {place}.", title=held.title,
                            day=day(held.starts_on), place=_place(held))  # fmt: skip
            return Missing(step, sentence, text("Xem lớp"), f"/lop/{to_address(held.id)}")
    held = _coming(person_id, step.course, expected=False)
    if held is None:
        return Missing(step, text("Chưa dự lớp “{title}”. Chưa có lớp nào sắp mở, hỏi Hội xã.", title=title))
    sentence = text("Chưa dự lớp “{title}”: lớp gần nhất mở ngày {day} ở {place}. Nhờ Hội xã ghi tên.", title=title,
                    day=day(held.starts_on), place=_place(held))  # fmt: skip
    return Missing(step, sentence)


def _place(held: TrainingClass) -> str:
    return f"{held.venue}, {held.venue_unit.title}"


def _coming(person_id: UUID, course: Course | None, *, expected: bool) -> TrainingClass | None:
    """The next class of a course: one she is expected in, or one of her units or those above that is still to begin."""
    if course is None:
        return None
    query = select(TrainingClass).options(joinedload(TrainingClass.venue_unit))
    query = query.where(TrainingClass.course_id == course.id, TrainingClass.cancelled_at.is_(None))
    query = query.where(TrainingClass.closed_at.is_(None)).order_by(TrainingClass.starts_on, TrainingClass.id).limit(1)
    mine = access.same_human(person_id)
    if expected:
        roster = select(Enrolment.class_id).where(Enrolment.withdrawn_at.is_(None), Enrolment.person_id.in_(mine))
        return db.scalar(query.where(TrainingClass.id.in_(roster)))
    posts = select(Post.unit_id).where(Post.person_id.in_(mine), valid_on(Post, clock.today()))
    near = TrainingClass.organiser_unit_id.in_(access.above(posts))
    return db.scalar(query.where(TrainingClass.starts_on >= clock.today(), near))


_WORKS = {
    Begun.HANDED_IN: text("Bài “{title}” đã nộp, đang chờ chấm."),
    Begun.AGAIN: text("Bài “{title}” cần làm lại."),
    Begun.DRAFTED: text("Bài “{title}” đang viết dở, chưa nộp."),
    None: text("Chưa nộp “{title}”."),
}


def _task(person_id: UUID, path: Path, step: PathStep, mark: Marked) -> Missing:
    sentence = text(_WORKS[mark.begun if mark.begun in _WORKS else None].message, title=step.title)
    href = _work_page(step)
    act = text("Xem bài") if mark.begun == Begun.HANDED_IN else text("Nộp bài")
    return Missing(step, sentence, act if href else "", href)


def _work_page(step: PathStep) -> str:
    """Where the product is handed in; "" if the edition in force asks for it no more."""
    edition = courses.current_edition(step.course_id) if step.course_id is not None else None
    if edition is None or step.course is None:
        return ""
    is_asked = any(product.question.id == step.question_key for product in products_of(edition))
    return f"/nop-bai/{step.course.slug}/{step.question_key}" if is_asked else ""


def _visit(person_id: UUID, path: Path, step: PathStep, mark: Marked) -> Missing:
    if mark.begun == Begun.EXPECTED:
        return _class(person_id, path, step, mark)
    sentence = text("Chưa có chuyến học tập “{title}”: nhờ Hội xã ghi nhận.", title=step.title)
    href = f"{address_of(path)}/cong-nhan?buoc={to_address(step.id)}"
    return Missing(step, sentence, text("Gửi minh chứng"), href)


_BY_KIND: dict[StepKind, Callable[[UUID, Path, PathStep, Marked], Missing]] = {
    StepKind.COURSE: _course,
    StepKind.CLASS: _class,
    StepKind.TASK: _task,
    StepKind.VISIT: _visit,
}

_SHORT = {
    StepKind.COURSE: text("Chưa học xong khóa"),
    StepKind.CLASS: text("Chưa dự lớp"),
    StepKind.TASK: text("Chưa nộp bài"),
    StepKind.VISIT: text("Chưa có chuyến học tập"),
}
_SHORT_BEGUN = {
    Begun.EXPECTED: text("Đã có tên trong lớp"),
    Begun.DRAFTED: text("Bài đang viết dở"),
    Begun.AGAIN: text("Bài cần làm lại"),
    Begun.HANDED_IN: text("Bài chờ chấm"),
    Begun.ASKED: text("Chờ công nhận"),
}


def short_of(step: PathStep, mark: Marked, left: int | None) -> Text:
    """The same in a few words, for lists; `left` lessons of an online course, where that is known."""
    if mark.begun in _SHORT_BEGUN:
        return _SHORT_BEGUN[mark.begun]
    if step.kind == StepKind.COURSE and left:
        return text("Còn {count} bài", count=left)
    return _SHORT[step.kind]
