"""The page on which a learner says what she thinks of a course."""

from __future__ import annotations

from typing import Any, cast

from flask import url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import Refusal
from lms.core.words import text
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.learning.actions.evaluating import evaluate
from lms.learning.forms import EvaluationForm
from lms.learning.queries.insight import evaluation_of, may_evaluate
from lms.learning.queries.studying import standing_of
from lms.learning.views.blueprint import bp
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused


@bp.get("/hoc/<slug:course>/danh-gia")
@allow("signed in")
def evaluation(course: str) -> ResponseReturnValue:
    """Three questions and a line, with what was said before; before the end only when it opens."""
    edition = courses.edition_of(course)
    given = evaluation_of(me().person_id, edition.course_id)
    return _form_page(edition, EvaluationForm(obj=given), given=given)


def _form_page(edition: Edition, form: EvaluationForm, status: int = 200, **names: Any) -> ResponseReturnValue:
    is_open = may_evaluate(edition, standing_of(me().person_id, edition.course_id))
    shown = {"given": None, "sentence": None, **names}
    return page("learning/evaluate.html", status, edition=edition, form=form, is_open=is_open, **shown)


@bp.post("/hoc/<slug:course>/danh-gia")
@allow("signed in")
def give_evaluation(course: str) -> ResponseReturnValue:
    """Keep what she says; said again, the latest counts."""
    edition = courses.edition_of(course)
    form = cast(EvaluationForm, EvaluationForm.posted())
    if not form.validate():
        return _form_page(edition, form, 422)
    try:
        evaluate(edition, form.useful.data, form.clear.data, form.will_use.data, form.comment.data or "", by=me())
    except Refusal as refusal:
        return _form_page(edition, form, 409, sentence=refused(refusal, form))
    return done(url_for(".study", course=course), said=text("Đã nhận ý kiến. Người soạn bài sẽ đọc để sửa khóa học."))
