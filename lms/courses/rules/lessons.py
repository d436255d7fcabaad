"""Modules and lessons: front matter, text, questions, variants, and what must be true among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lms.core.words import text
from lms.courses.rules.course import SOUNDS, Lesson, Module, Question, Term, Variant
from lms.courses.rules.faults import Faults
from lms.courses.rules.fields import SENTENCE, SENTENCES, WHOLE, YES_NO, Front, Keys, check_keys, read_front
from lms.courses.rules.glossary import with_words
from lms.courses.rules.markdown import LessonText, Renderer
from lms.courses.rules.question_reader import QuestionReader
from lms.courses.rules.tidy import COVER, INTRO, LESSON_NAME, MODULE_NAME

_LESSON = Keys(
    {"id": SENTENCE, "title": SENTENCE, "minutes": WHOLE, "goals": SENTENCES, "sensitive": YES_NO},
    frozenset({"sensitive"}),
)
_VARIANT = Keys(_LESSON.kinds, frozenset({"id", "minutes", "goals", "sensitive"}))
_MODULE = Keys({"title": SENTENCE, "goals": SENTENCES, "branch": SENTENCE}, frozenset({"branch"}))
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 60
TAKEN = frozenset({"danh-gia", "de-giay", "kiem-tra", "luyen-tap", "sau", "truoc", "tu-dien"})
"""Slugs that pages of a course have, beside its lessons."""
_MOST_MINUTES = 600
_MEND_CHECK = text("Sửa lại mã, hoặc viết câu hỏi vào tệp câu hỏi của bài.")
_DROP_CHECK = text("Bỏ một khung, hoặc dùng câu hỏi khác.")
_FREE_CHECK = text("Đổi use của câu thành both hoặc check, hoặc dùng câu hỏi khác.")
_LONG_PRODUCT = text("Dùng một câu type=long, có tiêu chí chấm.")
_SAME_CHECKS = text("Chỉ đặt những câu hỏi, sản phẩm mà bài tiếng Việt có đặt.")


class LessonReader:
    """Reads all modules of a course; keeps which ids and slugs were seen and which questions the lessons have."""

    def __init__(
        self,
        texts: Mapping[str, str],
        renderer: Renderer,
        questions: QuestionReader,
        faults: Faults,
        glossary: Iterable[Term] = (),
    ) -> None:
        self.texts, self.renderer, self.questions, self.faults = texts, renderer, questions, faults
        self.glossary = tuple(glossary)
        self.read_questions: list[Question] = []
        self._ids: dict[str, str] = {}
        self._slugs: dict[str, str] = {}

    def modules(self) -> tuple[Module, ...]:
        """The modules in the order of their folders."""
        folders = sorted({path.split("/")[0] for path in self.texts if path.count("/") == 1 and path.endswith(".md")})
        modules = [
            self._module(folder, match["slug"]) for folder in folders if (match := MODULE_NAME.fullmatch(folder))
        ]
        if not modules:
            self.faults.add(
                COVER,
                0,
                text("Khóa học chưa có chuyên đề nào."),
                text("Thêm một thư mục chuyên đề có bài học, thí dụ 01-gioi-va-gioi-tinh/01-hai-tu.md."),
            )
        return tuple(modules)

    def _module(self, folder: str, slug: str) -> Module:
        names = {path.split("/")[1]: path for path in self.texts if path.startswith(f"{folder}/")}
        title, goals, branch, intro = self._intro(folder)
        matches = {name: match for name in sorted(names) if (match := LESSON_NAME.fullmatch(name))}
        lessons = [
            self._lesson(names[name], match["slug"], match["stem"])
            for name, match in matches.items()
            if not match["extra"]
        ]
        self._check_company(folder, [match for match in matches.values() if match["extra"]])
        if not lessons:
            self.faults.add(
                f"{folder}/{INTRO}",
                0,
                text("Chuyên đề này chưa có bài học nào."),
                text("Thêm bài học, thí dụ 01-ten-bai.md, hoặc bỏ thư mục."),
            )
        return Module(slug, title, goals, intro, tuple(lessons), branch)

    def _intro(self, folder: str) -> tuple[str, tuple[str, ...], str, str]:
        """(title, goals, branch, intro HTML) from chuyen-de.md."""
        path = f"{folder}/{INTRO}"
        if path not in self.texts:
            self.faults.add(
                path,
                0,
                text("Chuyên đề chưa có tệp chuyen-de.md, hoặc tệp không đọc được."),
                text("Thêm tệp có phần đầu: title và goals."),
            )
            return "", (), "", ""
        front = read_front(self.texts[path], path, self.faults)
        if not front.sound or not check_keys(front.values, _MODULE, path, front.lines, self.faults):
            return "", (), "", ""
        self._check_goals(front, path)
        branch = front.values.get("branch", "")
        if branch and not (_ID.fullmatch(branch) and len(branch) <= _LONGEST_ID):
            self.faults.add(
                path,
                front.lines["branch"],
                text("Mã nhánh “{branch}” không dùng được.", branch=branch),
                text("Viết chữ thường không dấu, chữ số và gạch ngang, thí dụ branch: ke-hoach."),
            )
        body = self.renderer.blocks(front.body, path, front.body_line) if front.body.strip() else ""
        return front.values["title"], tuple(front.values["goals"]), branch, body

    def _check_goals(self, front: Front, path: str) -> None:
        for goal in front.values.get("goals", ()):
            if self.questions.goals is not None and goal not in self.questions.goals:
                self.faults.add(
                    path,
                    front.lines["goals"],
                    text("Mục tiêu “{goal}” không có trong course.toml.", goal=goal),
                    text("Dùng mã trong bảng [goals] của course.toml, hoặc thêm mục tiêu vào đó."),
                )

    def _check_company(self, folder: str, matches: Iterable[re.Match[str]]) -> None:
        """Questions and variants stand beside a lesson of the same name."""
        for match in matches:
            if f"{folder}/{match['stem']}.md" not in self.texts:
                self.faults.add(
                    f"{folder}/{match[0]}",
                    0,
                    text("Không có bài học “{name}.md” đi cùng tệp này.", name=match["stem"]),
                    text("Đổi tên tệp cho giống tên bài học."),
                )

    def _lesson(self, path: str, slug: str, stem: str) -> Lesson:
        front = read_front(self.texts[path], path, self.faults)
        values = self._values(front, path)
        lesson = self._text(front, path)
        asked = path.removesuffix(".md") + ".cau-hoi.md"
        questions = self.questions.read(self.texts.get(asked, ""), asked, 1, "both")
        self.read_questions.extend(questions)
        self._check_slug(slug, path)
        self._check_placed(lesson, questions, path, asked)
        return Lesson(
            slug=slug,
            parts=with_words(lesson.parts, self.glossary),
            words=lesson.words,
            questions=questions,
            variants=self._variants(path, values["id"], lesson),
            file=path,
            audio=self._audio(path),
            minutes_form=lesson.minutes_form[1],
            **values,
        )

    def _audio(self, path: str) -> str:
        """The sound file of the same name, or ""."""
        named = (path.removesuffix(".md") + kind for kind in SOUNDS)
        return next((sound for sound in named if sound in self.renderer.shelf.files), "")

    def _text(self, front: Front, path: str) -> LessonText:
        lesson = self.renderer.lesson(front.body, path, front.body_line)
        if not lesson.words:
            self.faults.add(path, front.body_line, text("Bài học còn trống."), text("Viết nội dung bài dưới dòng ---."))
        return lesson

    def _values(self, front: Front, path: str) -> dict[str, Any]:
        """The front matter, checked; stand-ins where it is faulty, for a lesson that nobody will get."""
        if not front.sound or not check_keys(front.values, _LESSON, path, front.lines, self.faults):
            return {"id": "", "title": "", "minutes": 0, "goals": (), "sensitive": False}
        self._check_goals(front, path)
        self._check_id(front, path)
        if not 1 <= front.values["minutes"] <= _MOST_MINUTES:
            self.faults.add(
                path, front.lines["minutes"], text("Số phút chưa đúng."), text("Viết số phút học bài này, từ 1.")
            )
        return {"sensitive": False, **front.values, "goals": tuple(front.values["goals"])}

    def _check_id(self, front: Front, path: str) -> None:
        key, line = front.values["id"], front.lines["id"]
        if not _ID.fullmatch(key) or len(key) > _LONGEST_ID:
            self.faults.add(
                path,
                line,
                text("Mã bài học “{key}” chưa đúng.", key=key),
                text("Chỉ dùng chữ thường không dấu, chữ số và gạch ngang."),
            )
        if key in self._ids:
            self.faults.add(
                path,
                line,
                text("Mã bài học “{key}” đã có ở {place}.", key=key, place=self._ids[key]),
                text("Đặt cho bài này một mã khác, chưa dùng trong khóa học."),
            )
        self._ids.setdefault(key, path)

    def _check_slug(self, slug: str, path: str) -> None:
        if slug in TAKEN:
            self.faults.add(
                path,
                0,
                text("Địa chỉ “{slug}” đã dành cho trang khác của khóa học.", slug=slug),
                text("Đổi tên tệp, thí dụ 01-{slug}-bai.md.", slug=slug),
            )
        if slug in self._slugs:
            self.faults.add(
                path,
                0,
                text("Tên tệp sau số thứ tự trùng với {place}.", place=self._slugs[slug]),
                text("Đổi tên tệp: hai bài trong một khóa không cùng tên."),
            )
        self._slugs.setdefault(slug, path)

    def _check_placed(self, lesson: LessonText, questions: Iterable[Question], path: str, asked: str) -> None:
        """Each check and product names a question of this lesson, once, that is not kept for a test."""
        kept = {question.id: question.use for question in questions if question.use in {"test", "form"}}
        short = {question.id for question in questions if question.kind != "long"}
        placed: set[str] = set()
        for key, line in sorted((*lesson.checks, *lesson.products), key=lambda one: one[1]):
            if not self.questions.seen.get(key, "").startswith(f"{asked}:"):
                sentence = text("Không có câu hỏi “{key}” trong {file}.", key=key, file=asked)
                self.faults.add(path, line, sentence, _MEND_CHECK)
            elif key in placed:
                sentence = text("Câu hỏi “{key}” đặt hai lần trong bài.", key=key)
                self.faults.add(path, line, sentence, _DROP_CHECK)
            elif key in kept:
                sentence = text("Câu hỏi “{key}” chỉ dành cho bài kiểm tra (use={use}).", key=key, use=kept[key])
                self.faults.add(path, line, sentence, _FREE_CHECK)
            elif key in short and (key, line) in lesson.products:
                sentence = text("Câu hỏi “{key}” không phải câu trả lời dài nên không nhận sản phẩm được.", key=key)
                self.faults.add(path, line, sentence, _LONG_PRODUCT)
            placed.add(key)

    def _variants(self, path: str, key: str, lesson: LessonText) -> dict[str, Variant]:
        start = path.removesuffix("md")
        found = {
            other.removeprefix(start).removesuffix(".md"): other for other in self.texts if other.startswith(start)
        }
        return {
            language: self._variant(language, other, key, lesson)
            for language, other in sorted(found.items())
            if other != path and language != "cau-hoi"
        }

    def _variant(self, language: str, path: str, key: str, of_lesson: LessonText) -> Variant:
        front = read_front(self.texts[path], path, self.faults)
        is_sound = front.sound and check_keys(front.values, _VARIANT, path, front.lines, self.faults)
        if is_sound and front.values.get("id", key) != key:
            self.faults.add(
                path,
                front.lines["id"],
                text("Bản dịch có mã khác mã của bài (“{key}”).", key=key),
                text("Viết cùng một mã, hoặc bỏ dòng id."),
            )
        lesson = self._text(front, path)
        placed = {key for key, _ in (*of_lesson.checks, *of_lesson.products)}
        for asked, line in (*lesson.checks, *lesson.products):
            if asked not in placed:
                sentence = text("Bản dịch đặt câu hỏi “{key}” mà bài tiếng Việt không đặt.", key=asked)
                self.faults.add(path, line, sentence, _SAME_CHECKS)
        title = front.values.get("title", "") if is_sound else ""
        return Variant(language, title, lesson.parts, lesson.words, self._audio(path))
