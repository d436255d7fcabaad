"""Marking hand-ins: markings are only added, the latest counts; what was accepted once completes for ever."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.names import neat
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses.rules import points_of
from lms.learning import queries
from lms.learning.actions.completing import complete_if_earned
from lms.learning.models import CommentChip, HandIn, Marking, MarkOutcome, Study
from lms.learning.rules import marking as rules

MOST_CHIPS = 30


class StepIsMissing(Refusal):
    """A criterion without a step."""

    sentence = text("Còn tiêu chí chưa chọn mức. Chọn đủ rồi lưu lại.")


class ReasonIsMissing(Refusal):
    """Against the points, without a word."""

    sentence = text("Kết quả khác với số điểm. Ghi nhận xét vì sao rồi lưu lại.")


class MarkedMeanwhile(Refusal):
    """Somebody else was quicker."""

    sentence = text("Bài này vừa được người khác chấm. Phần đang chấm còn nguyên: xem kết quả mới rồi chọn.")


@dataclass(frozen=True)
class Judgement:
    """What a trainer filled in; `outcome` None = as the points propose; `seen`: the latest marking she saw."""

    steps: Sequence[int]
    outcome: MarkOutcome | None = None
    chips: Sequence[str] = ()
    comment: str = ""
    new_chip: str = field(default="")
    seen: UUID | None = None


@action
def mark(hand_in: HandIn, judgement: Judgement, *, by: Actor) -> Marking:
    """Add a marking; the learner's course is completed at once where this was the last thing it took."""
    study = lock(Study, [hand_in.study_id])[0]
    kept = lock(HandIn, [hand_in.id])[0]
    if kept.handed_in_at is None:
        raise NotFound
    question = queries.question_as_asked(kept)
    if not rules.are_steps(question, judgement.steps):
        raise StepIsMissing()
    _check_seen(kept, judgement.seen)
    proposed = MarkOutcome(rules.proposed(question, judgement.steps))
    comment = unicodedata.normalize("NFC", judgement.comment).replace("\0", "").strip()
    outcome = judgement.outcome or proposed
    if outcome is not proposed and not comment:
        raise ReasonIsMissing(field="comment")
    marking = Marking(hand_in_id=kept.id, steps=list(judgement.steps), outcome=outcome, comment=comment)
    marking.points = str(points_of(question, judgement.steps))
    marking.chips = list(dict.fromkeys([*judgement.chips, *_keep_chip(kept, study, judgement.new_chip, by)]))
    marking.marked_by_id, marking.marked_at = by.account_id, clock.now()
    db.add(marking)
    db.flush()
    _refold(kept)
    history.write("learning.mark", kept, by=by, unit_id=kept.unit_id, outcome=outcome.value, points=marking.points)
    complete_if_earned(study, by=by)
    return marking


def _check_seen(hand_in: HandIn, seen: UUID | None) -> None:
    latest = queries.latest_markings([hand_in.id]).get(hand_in.id)
    if latest is not None and latest.id != seen:
        raise MarkedMeanwhile()


def _refold(hand_in: HandIn) -> None:
    """Outcome and moment, from all its markings."""
    rows = db.scalars(select(Marking).where(Marking.hand_in_id == hand_in.id))
    verdict = rules.fold(rules.Mark(row.id, row.marked_at, row.outcome.value) for row in rows)
    assert verdict is not None
    hand_in.outcome, hand_in.marked_at = MarkOutcome(verdict.outcome), verdict.marked_at
    db.flush()


def _keep_chip(hand_in: HandIn, study: Study, words: str, by: Actor) -> list[str]:
    """A new comment of her own, kept for the next work of this question."""
    plain = neat(words)[:120].strip()
    if not plain or by.account_id is None:
        return []
    kept = queries.chips_of(by, study.course_id, hand_in.question_key)
    if plain not in {chip.text for chip in kept} and len(kept) < MOST_CHIPS:
        chip = CommentChip(account_id=by.account_id, course_id=study.course_id, question_key=hand_in.question_key)
        chip.text, chip.kept_at = plain, clock.now()
        db.add(chip)
        db.flush()
        history.write("learning.keep_chip", chip, by=by)
    return [plain]


@action
def drop_chip(chip: CommentChip, *, by: Actor) -> None:
    """Keep a comment no longer; what was marked with it stays."""
    history.write("learning.drop_chip", chip, by=by)
    db.delete(chip)
    db.flush()
