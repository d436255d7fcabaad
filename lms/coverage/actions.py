"""Verbs of coverage: say which occasions make a woman trained, invite from the gap."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from lms.core import history
from lms.core.actor import Actor
from lms.core.db import action, db
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses.models import Course
from lms.coverage import queries
from lms.coverage.models import Source, Threshold, TrainedRule
from lms.training import actions as training
from lms.training.models import Enrolment, TrainingClass
from lms.units.models import Unit


class NobodyIsTicked(Refusal):
    """An invitation needs names."""

    sentence = text("Chưa chọn ai. Đánh dấu những người cần mời rồi gửi lại.")


class NoClassIsChosen(Refusal):
    """An invitation needs a class that is open to her."""

    sentence = text("Chưa chọn lớp, hoặc lớp vừa đóng. Chưa mời ai cả. Chọn lớp khác rồi gửi lại.")


@action
def make_rule(
    course: Course,
    *,
    by: Actor,
    begins: date,
    ends: date | None = None,
    source: Source = Source.CLASS,
    threshold: Threshold = Threshold.COMPLETED,
) -> TrainedRule:
    """Occasions of a course make trained, on days in [begins, ends); saying it twice is once."""
    same = select(TrainedRule).where(
        TrainedRule.course_id == course.id,
        TrainedRule.source == source,
        TrainedRule.threshold == threshold,
        TrainedRule.begins == begins,
    )
    rule = db.scalar(same) or TrainedRule(course_id=course.id, source=source, threshold=threshold, begins=begins)
    rule.ends = ends
    db.add(rule)
    db.flush()
    history.write("coverage.make_rule", rule, by=by, course=course.slug)
    return rule


@action
def invite(
    unit: Unit, class_id: UUID | None, person_ids: Collection[UUID], *, by: Actor
) -> tuple[TrainingClass, list[Enrolment]]:
    """Women of a unit's register into a class, by the same verb as anyone; the class keeps no word of the register.

    NobodyIsTicked, NoClassIsChosen, and the refusals of `training.invite`; NotFound for a person who is not listed.
    """
    if not person_ids:
        raise NobodyIsTicked()
    offers = queries.offers_for(by, [])
    chosen = next((offer.training_class for offer in offers if offer.training_class.id == class_id), None)
    if chosen is None:
        raise NoClassIsChosen()
    found = queries.coverage_of(unit.id)
    if not set(person_ids) <= found.whole.register | found.whole.other:
        raise NotFound
    return chosen, training.invite(chosen, queries.persons_of(person_ids), by=by)
