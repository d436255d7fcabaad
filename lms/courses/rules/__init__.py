"""What a course folder means: reader, Markdown, questions, marking, drawing. Pure: no database, no web.

This is the front door; the files behind it may change.
"""

from lms.courses.rules.addresses import fill_in
from lms.courses.rules.claims import claims_without_footnote
from lms.courses.rules.course import (
    ACCEPTS,
    STEPS,
    Check,
    Completion,
    Course,
    Criterion,
    Draw,
    FinalTest,
    Forms,
    Handout,
    Html,
    Lesson,
    Module,
    Option,
    Part,
    Product,
    Question,
    Source,
    Term,
    Variant,
    half_of,
    part_from_json,
    parts_from_json,
    parts_to_json,
)
from lms.courses.rules.drawing import draw, draw_practice, form_order, shuffled_options
from lms.courses.rules.faults import CourseHasFaults, Fault
from lms.courses.rules.media import size_text
from lms.courses.rules.passages import Passage, passages_of, plain
from lms.courses.rules.questions import Marked, mark
from lms.courses.rules.reader import read_files, read_folder, read_zip
from lms.courses.rules.rubric import is_enough, needed_of, points_of
from lms.courses.rules.similar import Similar, similar_questions
from lms.courses.rules.summary import Summary, summary_of
from lms.courses.rules.tidy import slugify
from lms.courses.rules.values import drawn, spelled, told

__all__ = [
    "ACCEPTS",
    "STEPS",
    "Check",
    "Completion",
    "Course",
    "CourseHasFaults",
    "Criterion",
    "Draw",
    "Fault",
    "FinalTest",
    "Forms",
    "Handout",
    "Html",
    "Lesson",
    "Marked",
    "Module",
    "Option",
    "Part",
    "Passage",
    "Product",
    "Question",
    "Similar",
    "Source",
    "Summary",
    "Term",
    "Variant",
    "claims_without_footnote",
    "draw",
    "draw_practice",
    "drawn",
    "fill_in",
    "form_order",
    "half_of",
    "is_enough",
    "mark",
    "needed_of",
    "part_from_json",
    "parts_from_json",
    "parts_to_json",
    "passages_of",
    "plain",
    "points_of",
    "read_files",
    "read_folder",
    "read_zip",
    "shuffled_options",
    "similar_questions",
    "size_text",
    "slugify",
    "spelled",
    "summary_of",
    "told",
]
