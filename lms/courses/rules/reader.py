"""From a folder, a zip or a set of files to a course. All faults are collected first; never half a course."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from lms.core.words import text
from lms.courses.rules.course import Course, FinalTest, Forms, Handout, Module, Question, suffix_of
from lms.courses.rules.cover import Cover, goals_of, read_cover
from lms.courses.rules.faults import Faults
from lms.courses.rules.fields import SENTENCE, Keys, check_keys, read_front
from lms.courses.rules.final_test import read_test
from lms.courses.rules.forms import read_forms
from lms.courses.rules.fragment import Shelf
from lms.courses.rules.glossary import read_glossary
from lms.courses.rules.lessons import LessonReader
from lms.courses.rules.markdown import Renderer
from lms.courses.rules.question_reader import QuestionReader
from lms.courses.rules.sizes import unsafe_place
from lms.courses.rules.tidy import COVER, FORMS, GLOSSARY, HANDOUTS, TEST, check_names, texts_of
from lms.courses.rules.unpacking import files_of_folder, files_of_zip

_HANDOUT = Keys({"title": SENTENCE})
_TITLE = re.compile(r"#\s+(.+?)\s*")


def read_folder(path: Path) -> Course:
    """The course in a folder; its id is the folder's name. CourseHasFaults with all faults."""
    faults = Faults()
    files = files_of_folder(path, faults)
    return _read(files, path.resolve().name, faults) if files else _nothing(faults, files)


def read_zip(content: bytes) -> Course:
    """The course in a zip of at most 50 MB unpacked; nothing is written to disk. CourseHasFaults with all faults."""
    faults = Faults()
    files = files_of_zip(content, faults)
    return _read(files, "", faults) if files else _nothing(faults, files)


def read_files(files: Mapping[str, bytes], name: str = "") -> Course:
    """The course in these files (path with slashes -> content); `name` "" = no folder name to compare the id with."""
    return _read(dict(files), name, Faults())


def _nothing(faults: Faults, files: dict[str, bytes]) -> Course:
    """Nothing could be read; what is wrong is said, at least that there is no course.toml."""
    return _read(files, "", faults) if not faults.found else _refuse(faults)


def _refuse(faults: Faults) -> Course:
    faults.refuse()
    raise AssertionError("nothing to refuse")


def _read(files: dict[str, bytes], name: str, faults: Faults) -> Course:
    check_names(files, faults)
    _check_drawings(files, faults)
    texts = texts_of(files, faults)
    cover = read_cover(files, texts, name, faults)
    renderer = Renderer(Shelf(files, texts), faults)
    questions = QuestionReader(renderer, faults, goals_of(texts))
    glossary = read_glossary(texts.get(GLOSSARY, ""), renderer, faults)
    reader = LessonReader(texts, renderer, questions, faults, glossary)
    modules = reader.modules()
    test = _test(texts, reader, faults)
    forms, form_questions = _forms(texts, reader, test, faults)
    handouts = tuple(_handouts(texts, renderer, faults))
    _check_completion(cover, TEST in files, faults)
    _check_products(cover, modules, faults)
    _check_branches(modules, faults)
    faults.refuse()
    if cover is None:
        raise AssertionError("course.toml was refused without a fault")
    return Course(
        **cover, modules=modules, test=test, handouts=handouts, files=files, glossary=glossary,
        forms=forms, form_questions=form_questions,
    )  # fmt: skip


def _check_drawings(files: Mapping[str, bytes], faults: Faults) -> None:
    for path, content in files.items():
        line = unsafe_place(content) if suffix_of(path) == ".svg" else 0
        if line:
            faults.add(
                path,
                line,
                text("Tranh .svg có script, sự kiện, liên kết ra ngoài, hoặc không ở dạng UTF-8."),
                text("Lưu lại tranh dạng SVG thường (plain SVG), chỉ có hình vẽ."),
            )


def _test(texts: Mapping[str, str], reader: LessonReader, faults: Faults) -> FinalTest | None:
    if TEST not in texts:
        return None
    return read_test(texts[TEST], reader.read_questions, reader.questions, faults)


def _forms(
    texts: Mapping[str, str], reader: LessonReader, test: FinalTest | None, faults: Faults
) -> tuple[Forms | None, tuple[Question, ...]]:
    """The parallel forms and the questions written with them."""
    if FORMS not in texts:
        return None, ()
    asked = [*reader.read_questions, *(test.questions if test else ())]
    return read_forms(texts[FORMS], asked, reader.questions, faults)


def _check_completion(cover: Cover | None, has_test: bool, faults: Faults) -> None:
    if cover and cover["completion"].test and not has_test:
        faults.add(
            COVER,
            0,
            text("Khóa học đòi đạt bài kiểm tra mà không có thi-cuoi-khoa.md."),
            text("Thêm tệp thi-cuoi-khoa.md, hoặc viết test = false trong [completion]."),
        )


def _check_products(cover: Cover | None, modules: tuple[Module, ...], faults: Faults) -> None:
    has_products = any(lesson.products for module in modules for lesson in module.lessons)
    if cover and cover["completion"].products != "none" and not has_products:
        faults.add(
            COVER,
            0,
            text("Khóa học đòi sản phẩm mà không bài nào có khung san-pham."),
            text('Thêm khung /// san-pham vào một bài, hoặc viết products = "none" trong [completion].'),
        )


def _check_branches(modules: tuple[Module, ...], faults: Faults) -> None:
    """Branches are equally long, so that a learner has the same way before her, whichever she takes."""
    counts: dict[str, int] = {}
    for module in modules:
        if module.branch:
            counts[module.branch] = counts.get(module.branch, 0) + len(module.lessons)
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{branch}: {count}" for branch, count in counts.items())
        faults.add(
            COVER,
            0,
            text("Các nhánh có số bài khác nhau ({told}).", told=told),
            text("Thêm hoặc bớt bài để nhánh nào cũng có số bài bằng nhau."),
        )


def _handouts(texts: Mapping[str, str], renderer: Renderer, faults: Faults) -> Iterable[Handout]:
    """Handouts in the order of their names; the title stands in front matter or in a first line `# …`."""
    for path in sorted(texts):
        if posixpath.dirname(path) == HANDOUTS and path.endswith(".md"):
            title, body, line = _handout_title(texts[path], path, faults)
            slug = posixpath.basename(path).removesuffix(".md")
            yield Handout(slug, title, renderer.page(body, path, line))


def _handout_title(written: str, path: str, faults: Faults) -> tuple[str, str, int]:
    """(title, the text under it, its first line)."""
    if written.startswith("---"):
        front = read_front(written, path, faults)
        if front.sound:
            check_keys(front.values, _HANDOUT, path, front.lines, faults)
        return str(front.values.get("title", "")), front.body, front.body_line
    first, _, rest = written.partition("\n")
    title = _TITLE.fullmatch(first)
    if not title:
        faults.add(
            path,
            1,
            text("Tài liệu in chưa có tên."),
            text("Viết tên ở dòng đầu sau dấu #, thí dụ: # Phiếu thẻ việc"),
        )
    return (title[1] if title else "", rest, 2)
