"""Pages of the room `learning`: lessons, tests, giving courses."""

from __future__ import annotations

from lms.learning.views.assignments import assign, assignments, new_assignment, withdraw
from lms.learning.views.blueprint import bp
from lms.learning.views.enquiries import answer_enquiry, ask, enquiries, enquiry, pin, unpin, withdraw_enquiry
from lms.learning.views.evaluating import evaluation, give_evaluation
from lms.learning.views.following import progress
from lms.learning.views.hand_ins import (
    begin_upload,
    drop_work,
    hand_in,
    keep_draft,
    product,
    receive_piece,
    upload,
    work_file,
)
from lms.learning.views.lessons import answer, finish_lesson, lesson, study
from lms.learning.views.marking import mark, mark_page, marking_queue
from lms.learning.views.paper import paper_forms
from lms.learning.views.practice import (
    loose_practice,
    loose_practise,
    practice,
    practise,
    practised,
    start_practice,
)
from lms.learning.views.reading import glossary, meeting, minutes, text_size
from lms.learning.views.tests import (
    after,
    attempt,
    before,
    confirm,
    keep_answers,
    result,
    start_after,
    start_attempt,
    start_before,
    submit,
    test,
)

__all__ = [
    "after",
    "answer",
    "answer_enquiry",
    "ask",
    "assign",
    "assignments",
    "attempt",
    "before",
    "begin_upload",
    "bp",
    "confirm",
    "drop_work",
    "enquiries",
    "enquiry",
    "evaluation",
    "finish_lesson",
    "give_evaluation",
    "glossary",
    "hand_in",
    "keep_answers",
    "keep_draft",
    "lesson",
    "loose_practice",
    "loose_practise",
    "mark",
    "mark_page",
    "marking_queue",
    "meeting",
    "minutes",
    "new_assignment",
    "pin",
    "paper_forms",
    "practice",
    "practise",
    "practised",
    "product",
    "progress",
    "receive_piece",
    "result",
    "start_after",
    "start_attempt",
    "start_before",
    "start_practice",
    "study",
    "submit",
    "test",
    "text_size",
    "unpin",
    "upload",
    "withdraw",
    "withdraw_enquiry",
    "work_file",
]
