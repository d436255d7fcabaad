"""The forms of before and after, for a class without phones: sheets to print, and their key for the trainer."""

from __future__ import annotations

from string import ascii_uppercase

from flask.typing import ResponseReturnValue

from lms.core.refusal import NotFound
from lms.courses import queries as courses
from lms.learning import access
from lms.learning.rules.paper import on_paper
from lms.learning.views.blueprint import bp
from lms.learning.views.lessons import filler
from lms.web.gate import allow
from lms.web.pages import page


@bp.get("/hoc/<slug:course>/de-giay")
@allow(*access.GIVERS)
def paper_forms(course: str) -> ResponseReturnValue:
    """Both forms with lines to write on, then the key on a page of its own."""
    edition = courses.edition_of(course)
    forms = courses.forms_of(edition)
    if forms is None:
        raise NotFound
    questions = courses.questions_of(edition.id)
    sheets = {name: [on_paper(questions[key]) for key in keys] for name, keys in (("A", forms.a), ("B", forms.b))}
    return page("learning/paper_forms.html", edition=edition, sheets=sheets, letters=ascii_uppercase, fill=filler())
