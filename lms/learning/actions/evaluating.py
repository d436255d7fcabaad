"""What a learner says of a course at its end."""

from __future__ import annotations

from sqlalchemy import select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, db, lock
from lms.core.names import neat
from lms.core.refusal import NotFound, Refusal
from lms.core.words import text
from lms.courses.models import Edition
from lms.learning.models import Evaluation, Study
from lms.learning.queries.insight import may_evaluate
from lms.learning.queries.studying import standing_of

STEPS = range(1, 5)
LONGEST_COMMENT = 500


class LessonsAreLeft(Refusal):
    """An evaluation comes at the end."""

    sentence = text("Học xong các bài rồi mới đánh giá được khóa học.")


class StepIsMissing(Refusal):
    """One of the three questions has no answer."""

    sentence = text("Chọn một mức cho mỗi câu hỏi rồi gửi lại.")


@action
def evaluate(edition: Edition, useful: int, clear: int, will_use: int, comment: str = "", *, by: Actor) -> Evaluation:
    """Three steps from 1 to 4 and a line of her own; said again, the latest counts. LessonsAreLeft, StepIsMissing."""
    if by.person_id is None:
        raise NotFound
    if not all(step in STEPS for step in (useful, clear, will_use)):
        raise StepIsMissing()
    standing = standing_of(by.person_id, edition.course_id)
    if not may_evaluate(edition, standing):
        raise LessonsAreLeft()
    own = [study for study in standing.studies if study.person_id == by.person_id]
    evaluation = _kept([study for study in (*own, *standing.studies)])
    evaluation.edition_id, evaluation.given_at = edition.id, clock.now()
    evaluation.useful, evaluation.clear, evaluation.will_use = useful, clear, will_use
    evaluation.comment = neat(comment)[:LONGEST_COMMENT]
    db.flush()
    history.write("learning.evaluate", evaluation, by=by, edition=edition.number)
    return evaluation


def _kept(studies: list[Study]) -> Evaluation:
    """The evaluation of this human, of whichever of her records; a new one belongs to the first of these studies."""
    lock(Study, [study.id for study in studies])
    query = select(Evaluation).where(Evaluation.study_id.in_([study.id for study in studies]))
    found: Evaluation | None = db.scalar(query.order_by(Evaluation.given_at.desc()).limit(1))
    if found is None:
        found = Evaluation(study_id=studies[0].id)
        db.add(found)
    return found
