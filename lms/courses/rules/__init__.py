"""What a course folder means: reader, Markdown, questions, marking, drawing. Pure: no database, no web.

This is the front door; the files behind it may change.
"""

from lms.courses.rules.addresses import fill_in
from lms.courses.rules.claims import claims_without_footnote
from lms.courses.rules.course import (
    Check,
    Course,
    FinalTest,
    Handout,
    Html,
    Lesson,
    Module,
    Option,
    Part,
    Question,
    Source,
    Variant,
    part_from_json,
    parts_from_json,
    parts_to_json,
)
from lms.courses.rules.drawing import draw, shuffled_options
from lms.courses.rules.faults import CourseHasFaults, Fault
from lms.courses.rules.questions import Marked, mark
from lms.courses.rules.reader import read_files, read_folder, read_zip
from lms.courses.rules.summary import Summary, summary_of
from lms.courses.rules.tidy import slugify

__all__ = [
    "Check",
    "Course",
    "CourseHasFaults",
    "Fault",
    "FinalTest",
    "Handout",
    "Html",
    "Lesson",
    "Marked",
    "Module",
    "Option",
    "Part",
    "Question",
    "Source",
    "Summary",
    "Variant",
    "claims_without_footnote",
    "draw",
    "fill_in",
    "mark",
    "part_from_json",
    "parts_from_json",
    "parts_to_json",
    "read_files",
    "read_folder",
    "read_zip",
    "shuffled_options",
    "slugify",
    "summary_of",
]
