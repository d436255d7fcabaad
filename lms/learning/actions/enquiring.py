"""Asking about a block of a lesson, answering, and pinning an answer into the lesson."""

from __future__ import annotations

from lms.core import clock, history, names
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses.models import Edition, Lesson
from lms.learning import queries
from lms.learning.models import Enquiry, EnquiryAnswer
from lms.people.models import Person
from lms.people.queries import unit_of

MOST_OPEN, LONGEST, LONGEST_ANSWER, LONGEST_PINNED = 10, 1000, 4000, 500


class EnquiryIsEmpty(Refusal):
    """Nothing was written."""

    sentence = text("Ô này còn trống. Viết vài chữ rồi gửi lại.")


class EnquiryIsTooLong(Refusal):
    """More than can be kept."""


class TooManyAreOpen(Refusal):
    """Ten questions of hers wait already."""

    sentence = text("Đang có 10 câu hỏi chờ trả lời. Chờ giảng viên trả lời, hoặc rút bớt một câu rồi hỏi tiếp.")


class EnquiryIsWithdrawn(Refusal):
    """She took it back meanwhile."""

    sentence = text("Người hỏi vừa rút câu hỏi này. Không cần trả lời nữa.")


class NobodyAnswered(Refusal):
    """There is no answer to pin."""

    sentence = text("Câu hỏi này chưa có trả lời. Trả lời trước, rồi mới ghim.")


class NameIsInWording(Refusal):
    """The pinned question tells who asked."""

    sentence = text("Câu này còn ghi tên người hỏi. Viết lại, không ghi tên ai.")


def _tidy(written: str, most: int, field: str) -> str:
    """Lines with single spaces; empty and too long ones are refused."""
    kept = "\n".join(names.neat(line) for line in written.splitlines()).strip()
    if not kept:
        raise EnquiryIsEmpty(field=field)
    if len(kept) > most:
        raise EnquiryIsTooLong(text("Viết ngắn lại, nhiều nhất {letters} chữ cái.", letters=most), field=field)
    return kept


@action
def ask(edition: Edition, lesson: Lesson, anchor: str, written: str, *, by: Actor) -> Enquiry:
    """Ask about a part of a lesson (`anchor` "" = the whole); at most ten questions of a person may wait. Twice is once."""
    if by.person_id is None:
        raise NotFound
    kept = _tidy(written, LONGEST, "text")
    lock(Person, [by.person_id])  # of two sent at once the second counts the first
    part = next((one for one in queries.headings_of(lesson) if one.anchor == anchor), None)
    same = queries.waiting_like(by.person_id, edition.course_id, lesson.key, part.anchor[:200] if part else "", kept)
    if same is not None:
        return same
    if queries.open_count(by.person_id) >= MOST_OPEN:
        raise TooManyAreOpen(field="text")
    enquiry = Enquiry(
        person_id=by.person_id,
        course_id=edition.course_id,
        edition_id=edition.id,
        lesson_key=lesson.key,
        anchor=part.anchor[:200] if part else "",
        heading=part.title[:300] if part else "",
        text=kept,
        unit_id=unit_of(by.person_id),
        asked_at=clock.now(),
    )
    db.add(enquiry)
    db.flush()
    history.write("learning.ask", enquiry, by=by, unit_id=enquiry.unit_id)
    return enquiry


@action
def withdraw_enquiry(enquiry: Enquiry, *, by: Actor) -> Enquiry:
    """Take an own question back: nobody answers it any more; a pinned wording, which is nameless, stays. Twice is once."""
    kept = lock(Enquiry, [enquiry.id])[0]
    if kept.withdrawn_at is None:
        kept.withdrawn_at = clock.now()
        history.write("learning.withdraw_enquiry", kept, by=by, unit_id=kept.unit_id)
        db.flush()
    return kept


@action
def answer_enquiry(enquiry: Enquiry, written: str, *, by: Actor) -> EnquiryAnswer:
    """Answer a question; another answer takes the place of the one before. A pin stays with the words it was made for."""
    reply = _tidy(written, LONGEST_ANSWER, "text")
    kept = lock(Enquiry, [enquiry.id])[0]
    if kept.withdrawn_at is not None:
        raise EnquiryIsWithdrawn()
    now = clock.now()
    kept.closed_at = kept.closed_at or now
    answer = EnquiryAnswer(enquiry_id=kept.id, account_id=by.account_id, text=reply, answered_at=now)
    before = queries.answers_to([kept.id]).get(kept.id)
    if before is not None:
        before.withdrawn_at = now
        answer.pinned_at, answer.pinned_question = before.pinned_at, before.pinned_question
    db.add(answer)
    db.flush()
    history.write("learning.answer_enquiry", kept, by=by, unit_id=kept.unit_id)
    return answer


@action
def pin(enquiry: Enquiry, wording: str, *, by: Actor) -> EnquiryAnswer:
    """Show the answer in the lesson to everybody, under a wording of the question that names nobody."""
    question = _tidy(wording, LONGEST_PINNED, "question")
    if f" {names.loose(enquiry.person.name)} " in f" {names.loose(question)} ":
        raise NameIsInWording(field="question")
    answer = _answer_of(enquiry)
    answer.pinned_at, answer.pinned_question = clock.now(), question
    history.write("learning.pin", enquiry, by=by, unit_id=enquiry.unit_id)
    db.flush()
    return answer


@action
def unpin(enquiry: Enquiry, *, by: Actor) -> EnquiryAnswer:
    """Take the answer out of the lesson. Twice is once."""
    answer = _answer_of(enquiry)
    if answer.pinned_at is not None:
        answer.pinned_at, answer.pinned_question = None, ""
        history.write("learning.unpin", enquiry, by=by, unit_id=enquiry.unit_id)
        db.flush()
    return answer


def _answer_of(enquiry: Enquiry) -> EnquiryAnswer:
    kept = lock(Enquiry, [enquiry.id])[0]
    answer = queries.answers_to([kept.id]).get(kept.id)
    if answer is None:
        raise NobodyAnswered()
    return answer
