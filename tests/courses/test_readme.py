"""What the README shows is what the reader reads: its examples together are a course that can be published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from lms import courses, demo
from lms.courses import actions, queries, rules
from lms.courses.rules.blocks import NAMES
from lms.courses.rules.course import KINDS
from tests.courses import sample

README = (Path(courses.__file__).parent / "README.md").read_text()
FENCED = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
QUESTIONS = [text for kind, text in FENCED if kind == "markdown" and "{#q-" in text and not text.startswith("---")]
TEXTS = [text for kind, text in FENCED if kind == "markdown" and "{#q-" not in text and not text.startswith("---")]


def headed(line: str) -> str:
    """The one example with this line in its front matter."""
    (found,) = [text for _, text in FENCED if text.startswith("---") and re.search(line, text, re.MULTILINE)]
    return found


def written() -> dict[str, bytes]:
    """The course of the examples."""
    (words,) = [text for text in TEXTS if text.startswith("Định kiến giới\n:")]
    (cover,) = [text for kind, text in FENCED if kind == "toml"]
    texts = {
        "course.toml": cover,
        "tu-dien.md": words,
        "truoc-sau.md": headed("^a: "),
        "thi-cuoi-khoa.md": headed("^draw: "),
        "01-gioi/chuyen-de.md": headed("^title: Giới và giới tính"),
        "01-gioi/01-hai-tu.md": "\n".join([headed("^id: hai-tu"), *(text for text in TEXTS if text != words)]),
        "01-gioi/01-hai-tu.cau-hoi.md": "\n".join(QUESTIONS),
        "01-gioi/tranh-hai-tu.svg": sample.PICTURE,
    }
    return {path: text.encode() for path, text in texts.items()}


@pytest.mark.parametrize("example", QUESTIONS)
def test_every_example_of_a_question_is_read_without_faults(example: str) -> None:
    files = written()
    files["01-gioi/01-hai-tu.md"] = b"---\nid: hai-tu\ntitle: A\nminutes: 5\ngoals: []\n---\nA.\n"
    files["01-gioi/01-hai-tu.cau-hoi.md"] = example.encode()
    files["course.toml"] = files["course.toml"].replace(b"test = true", b"test = false")
    del files["thi-cuoi-khoa.md"]
    assert rules.read_files(files).lessons[0].questions


def test_all_examples_together_can_be_published(app: Flask) -> None:
    read = rules.read_files(written())
    edition = actions.publish(read, owner=None, by=demo.DEMO)
    (lesson,) = queries.outline(edition.id)
    assert lesson.minutes_form.startswith("<h2>Biên bản buổi sinh hoạt</h2>")
    assert {"product": "q-mot-tuan"} in lesson.parts
    assert len(queries.glossary_of(edition.id)) == 2 and queries.forms_of(edition)
    assert {question.kind for question in queries.questions_of(edition.id).values()} == {*KINDS}


def test_every_frame_kind_file_and_attribute_is_told_of() -> None:
    for word in [*(f"/// {name}" for name in NAMES), *(f"`{kind}`" for kind in KINDS)]:
        assert word in README, word
    for word in (
        "tags=",
        "accept=",
        "pass=",
        "use=form",
        "truoc-sau.md",
        "tu-dien.md",
        "products",
        "minutes:",
        ".hmn.m4a",
    ):
        assert word in README, word
