"""Page of a class: how far its people are in the course online."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from lms.core.words import text
from lms.learning import forms
from lms.learning import queries as learning
from lms.training import queries
from lms.training.views.blueprint import bp
from lms.web.gate import allow, me
from lms.web.pages import page, sheet, streamed_sheet, wanted_sheet


@bp.get("/lop/<key:class_id>/tien-do")
@allow("signed in")
def following(class_id: UUID) -> ResponseReturnValue:
    """The roster of a class with the lessons of its course; for who may read the roster."""
    training_class, _ = queries.seen_class(me(), class_id, reads=True)
    edition = queries.edition_followed(training_class)
    if edition is None:
        if wanted_sheet():
            return sheet(text("Tiến độ"), [text("Họ và tên")], [])
        return page("training/following.html", training_class=training_class, shown=None, wanted=None)
    wanted, course = forms.following(request.args), learning.outlined(edition)
    learners = learning.followed_among(course, queries.humans_of(class_id), wanted.typed)
    if wanted_sheet():
        found = learning.narrowed(learners, wanted.state)
        batches = (learning.rows_of(course, lines) for lines in learning.batches_of(course, found))
        title = text("Tiến độ lớp {number}", number=training_class.number)
        return streamed_sheet(title, learning.heads_of(course), batches, len(found))
    shown = learning.show(me(), course, learners, wanted.state, wanted.number)
    return page("training/following.html", training_class=training_class, shown=shown, wanted=wanted)
