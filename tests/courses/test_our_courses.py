"""The courses of this repository hold the bars of issue 4: each lesson, each bank, each guide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from lms.core.settings import data_folder
from lms.courses.rules import Course, Lesson, read_folder, summary_of
from lms.courses.rules.course import Check, Question

FOLDERS = sorted(path.parent for path in data_folder("courses").glob("*/course.toml"))
WORDS, WORDS_A_MINUTE, MINUTES = 350, 90, 4
PICTURE = 4 * 1024
QUESTIONS, FORM = 60, 10
CHOSEN = frozenset({"single", "multiple", "truefalse"})
GUIDE = "tai-lieu/huong-dan-giang-vien.md"
ACTIVITY = re.compile(r"^## (HĐ \d+)[:.] ", re.MULTILINE)
PARTS = ("Mục đích", "Thời gian", "Vật liệu", "Các bước", "Lắng nghe")
ROW = re.compile(r"^\| *(\d{1,2}):(\d\d) *\| *(\d{1,2}):(\d\d) *\| *(\d+) *\| *(.+?) *\|$")


@cache
def read(folder: Path) -> Course:
    """The course, read once."""
    return read_folder(folder)


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def course(request: pytest.FixtureRequest) -> Course:
    return read(request.param)


def _source(course: Course, lesson: Lesson) -> str:
    return course.files[lesson.file].decode("utf-8-sig")


def test_nothing_is_left_to_look_at(course: Course) -> None:
    """No claim without a footnote, no footnote without a source of the list, no two questions alike."""
    found = summary_of(course).warnings
    assert not found, "\n".join(f"{one.file}:{one.line}: {one.sentence}" for one in found)


def test_each_lesson_is_one_short_idea(course: Course) -> None:
    faults = []
    for lesson in course.lessons:
        written = _source(course, lesson)
        if lesson.words > WORDS or lesson.words / WORDS_A_MINUTE > MINUTES:
            faults.append(f"{lesson.file}: {lesson.words} words")
        if "/// tinh-huong" not in written:
            faults.append(f"{lesson.file}: no story")
        if not any(isinstance(part, Check) for part in lesson.parts):
            faults.append(f"{lesson.file}: no question in the lesson")
        if not lesson.questions:
            faults.append(f"{lesson.file}: no questions")
        if not re.search(r"!\[[^\]]{20,}\]\([^)]+\)", written):
            faults.append(f"{lesson.file}: no picture with words")
    assert not faults, "\n".join(faults)


def test_each_picture_is_its_own_and_light(course: Course) -> None:
    """One drawing is used in one lesson, 9:5, at most 4 KB; every drawing in the folder is used."""
    faults, seen = [], {}
    for lesson in course.lessons:
        folder = Path(lesson.file).parent
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+\.svg)\)", _source(course, lesson)):
            path = (folder / name).as_posix()
            if path in seen:
                faults.append(f"{path}: in {seen[path]} and in {lesson.file}")
            seen[path] = lesson.file
    for path, content in course.files.items():
        if not path.endswith(".svg"):
            continue
        view = re.search(rb'viewBox="0 0 (\d+) (\d+)"', content)
        if len(content) > PICTURE:
            faults.append(f"{path}: {len(content)} bytes")
        if not view or int(view[1]) * 5 != int(view[2]) * 9:
            faults.append(f"{path}: not 9:5")
        if path not in seen and not path.startswith("tai-lieu/"):
            faults.append(f"{path}: used nowhere")
    assert not faults, "\n".join(faults)


def test_each_wrong_answer_is_answered(course: Course) -> None:
    faults = []
    for question in course.questions:
        if question.kind in CHOSEN:
            faults += [
                f"{question.id}.{one.key}" for one in question.options if not one.right and not one.feedback_html
            ]
        if question.kind != "long" and not question.feedback_html:
            faults.append(f"{question.id}: no words for all")
    assert not faults, "no feedback: " + ", ".join(faults)


def test_the_right_answer_has_no_place_of_its_own(course: Course) -> None:
    """Of the single-choice questions with three answers or more, no place is right more often than half of the time."""
    places = [
        next(place for place, option in enumerate(question.options) if option.right)
        for question in course.questions
        if question.kind == "single" and len(question.options) > 2
    ]
    for place in set(places):
        assert places.count(place) <= len(places) / 2, f"place {place}: {places.count(place)} of {len(places)}"


def test_there_is_a_bank_a_test_two_forms_and_a_handout(course: Course) -> None:
    assert len(course.questions) >= QUESTIONS
    assert course.test
    assert course.forms
    assert len(course.forms.a) == len(course.forms.b) == FORM
    goals = {question.goal for question in course.questions}
    assert goals == set(course.goals), "goals nobody asks about"
    assert any(f"tai-lieu/{one.slug}.md" != GUIDE for one in course.handouts), "no handout"
    assert len({question.kind for question in course.questions}) >= 4


def test_questions_have_their_own_words(course: Course) -> None:
    stems: dict[str, Question] = {}
    for question in course.questions:
        plain = re.sub(r"<[^>]+>|\W+", " ", question.stem_html).casefold().strip()
        assert plain not in stems, f"{question.id} asks like {stems[plain].id}"
        stems[plain] = question


def _guide(course: Course) -> str:
    assert GUIDE in course.files, f"{course.id}: no {GUIDE}"
    return course.files[GUIDE].decode("utf-8-sig")


def _days(guide: str) -> Iterator[list[tuple[int, int, int, str]]]:
    """The rows of each timetable: (from, to, minutes, what), in minutes of the day."""
    rows: list[tuple[int, int, int, str]] = []
    for line in [*guide.splitlines(), ""]:
        if found := ROW.match(line):
            first_hour, first, last_hour, last, minutes = map(int, found.groups()[:5])
            rows.append((60 * first_hour + first, 60 * last_hour + last, minutes, found[6]))
        elif rows and not line.startswith("|"):
            yield rows
            rows = []


def test_the_timetable_adds_up(course: Course) -> None:
    """Two days without a hole; each activity has its own words, and the minutes that its rows have."""
    guide = _guide(course)
    days = list(_days(guide))
    assert len(days) >= 2, "fewer than two days"
    minutes: dict[str, int] = {}
    for rows in days:
        for start, end, length, what in rows:
            assert end - start == length > 0, f"{what}: {length} minutes"
            for key in re.findall(r"HĐ \d+", what):
                minutes[key] = minutes.get(key, 0) + length
        for (_, end, _, what), (start, *_more) in pairwise(rows):
            assert end == start, f"a hole after {what}"
        learnt = sum(length for _, _, length, what in rows if "Nghỉ" not in what)
        assert 5 * 60 <= learnt <= 7 * 60, f"a day of {learnt} minutes"
    sections = dict(zip(ACTIVITY.findall(guide), ACTIVITY.split(guide)[2::2], strict=True))
    assert sections.keys() == minutes.keys(), f"{sorted(sections.keys() ^ minutes.keys())} on one side only"
    for key, section in sections.items():
        body = section.split("\n## ")[0]
        for part in PARTS:
            assert f"**{part}" in body, f"{key}: no {part}"
        said = re.search(r"\*\*Thời gian\.?\*\*\.? *(\d+) phút", body)
        assert said, f"{key}: **Thời gian.** … phút"
        assert int(said[1]) == minutes[key], f"{key}: {said[1]} minutes, the timetable has {minutes[key]}"
