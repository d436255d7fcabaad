"""What a course holds, counted: for `lms courses check` and for authors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lms.core.words import text
from lms.courses.rules.claims import Claim, claims_with_footnotes, claims_without_footnote, notes_of
from lms.courses.rules.course import Check, Course, Lesson, Product, Question, suffix_of
from lms.courses.rules.faults import Fault, Faults, in_order
from lms.courses.rules.fields import read_front
from lms.courses.rules.similar import similar_questions
from lms.courses.rules.tidy import COVER, HANDOUTS, neat_text

FIRST_LANGUAGE = "vi"


@dataclass(frozen=True)
class Summary:
    """Numbers of a course. `media`: path -> bytes. `unplaced`: questions that are asked nowhere.

    `forms`: questions in each of the two forms, 0 without forms. `terms`: hard words explained. `read_aloud`: lessons
    with sound, by language; `translated`: lessons, by each further language of the course. `warnings`: everything an
    author may want to look at, `claims` among it.
    `sourced`: what names a source, in lessons and handouts.
    """

    lessons: int
    words: int
    minutes: int
    questions: int
    by_kind: dict[str, int]
    by_goal: dict[str, int]
    media: dict[str, int]
    unplaced: tuple[str, ...]
    claims: tuple[Fault, ...]
    products: tuple[str, ...]
    forms: int
    terms: int
    sourced: tuple[Claim, ...]
    read_aloud: dict[str, int]
    translated: dict[str, int]
    warnings: tuple[Fault, ...]

    @property
    def media_size(self) -> int:
        """Bytes of all media."""
        return sum(self.media.values())


def summary_of(course: Course) -> Summary:
    """The counts of a course that was read; warnings have a file and a line."""
    questions = course.questions
    texts = list(_texts(course))
    unplaced, claims = tuple(_unplaced(course)), _claims(texts)
    sourced = [claim for one in texts for claim in claims_with_footnotes(one.body, one.file, one.line)]
    others = [language for language in course.languages if language != FIRST_LANGUAGE]
    return Summary(
        lessons=len(course.lessons),
        words=sum(lesson.words for lesson in course.lessons),
        minutes=sum(lesson.minutes for lesson in course.lessons),
        questions=len(questions),
        by_kind=dict(Counter(question.kind for question in questions)),
        by_goal={goal: sum(question.goal == goal for question in questions) for goal in course.goals},
        media={path: len(content) for path, content in sorted(course.media.items()) if suffix_of(path) != ".vtt"},
        unplaced=tuple(question.id for question in unplaced),
        claims=claims,
        products=tuple(key for lesson in course.lessons for key in lesson.products),
        forms=len(course.forms.a) if course.forms else 0,
        terms=len(course.glossary),
        sourced=tuple(sourced),
        read_aloud={one: sum(map(bool, _sounds(course, one))) for one in (FIRST_LANGUAGE, *others)},
        translated={one: sum(one in lesson.variants for lesson in course.lessons) for one in others},
        warnings=in_order(
            [*claims, *_unlisted(course, texts), *_never_asked(unplaced), *_missing(course, others), *_alike(questions)]
        ),
    )


class _Written(NamedTuple):
    """What stands in a file under its front matter."""

    file: str
    body: str
    line: int
    is_lesson: bool


def _texts(course: Course) -> Iterator[_Written]:
    """Lessons and handouts."""
    lessons = [lesson.file for lesson in course.lessons]
    handouts = [f"{HANDOUTS}/{handout.slug}.md" for handout in course.handouts]
    for path in (*lessons, *handouts):
        front = read_front(neat_text(course.files[path].decode("utf-8-sig")), path, Faults())
        yield _Written(path, front.body, front.body_line, path in lessons)


def _claims(texts: Iterable[_Written]) -> tuple[Fault, ...]:
    found: list[Fault] = []
    for written in texts:
        found += claims_without_footnote(written.body, written.file, written.line, is_easy=not written.is_lesson)
    return in_order(found)


def _unlisted(course: Course, texts: Iterable[_Written]) -> Iterator[Fault]:
    """Footnotes that name no source of the course's list, and sources that no footnote names."""
    listed, named = {source.key for source in course.sources}, set()
    for written in texts:
        for number, line in enumerate(written.body.splitlines(), written.line):
            for label, _ in notes_of(line):
                key = label if label in listed else label.rsplit("-", 1)[0]
                named.add(key)
                if key not in listed:
                    yield Fault(
                        written.file,
                        number,
                        text("Chú thích [^{label}] chưa nói là nguồn nào.", label=label),
                        text(
                            "Đặt tên chú thích theo mã nguồn trong course.toml, thí dụ [^S27], chú thích thứ hai [^S27-2]."
                        ),
                    )
    for source in course.sources:
        if source.key not in named:
            sentence = text("Nguồn “{key}” chưa có chú thích nào dùng.", key=source.key)
            yield Fault(COVER, 0, sentence, text("Thêm chú thích, hoặc bỏ nguồn này."))


def _unplaced(course: Course) -> Iterator[Question]:
    """Questions that no test draws, no lesson shows and no form asks."""
    placed = {
        part.question_id for lesson in course.lessons for part in lesson.parts if isinstance(part, Check | Product)
    }
    placed |= {*course.forms.a, *course.forms.b} if course.forms else set()
    for question in course.questions:
        if question.id not in placed and (question.kind == "long" or question.use in {"check", "form"}):
            yield question


def _never_asked(questions: Iterable[Question]) -> Iterator[Fault]:
    for question in questions:
        yield Fault(
            question.file,
            question.line,
            text("Câu hỏi “{key}” chưa được hỏi ở đâu.", key=question.id),
            text("Đặt câu này vào bài (tu-kiem-tra, san-pham), vào truoc-sau.md, hoặc đổi use."),
        )


def _sounds(course: Course, language: str) -> list[str]:
    """The sound file of each lesson in this language, "" where there is none."""
    return [_sound(lesson, language) for lesson in course.lessons]


def _sound(lesson: Lesson, language: str) -> str:
    if language == FIRST_LANGUAGE:
        return lesson.audio
    return lesson.variants[language].audio if language in lesson.variants else ""


def _missing(course: Course, others: Iterable[str]) -> Iterator[Fault]:
    """Lessons without a text in a language of the course; without sound, where other lessons have it; checks left out."""
    for language in (FIRST_LANGUAGE, *others):
        sounds = _sounds(course, language)
        for lesson, sound in zip(course.lessons, sounds, strict=True):
            if language != FIRST_LANGUAGE and language not in lesson.variants:
                yield _lacking_text(lesson, language)
            elif any(sounds) and not sound:
                yield _lacking_sound(lesson, language)
    for lesson in course.lessons:
        yield from _left_out(lesson)


def _lacking_text(lesson: Lesson, language: str) -> Fault:
    file = lesson.file.removesuffix("md") + f"{language}.md"
    sentence = text("Bài chưa có bản tiếng “{language}”.", language=language)
    return Fault(lesson.file, 0, sentence, text("Viết bản dịch vào tệp “{file}”.", file=file))


def _lacking_sound(lesson: Lesson, language: str) -> Fault:
    stem = lesson.file.removesuffix(".md") + ("" if language == FIRST_LANGUAGE else f".{language}")
    sentence = text("Bài chưa có bản đọc tiếng “{language}”.", language=language)
    return Fault(lesson.file, 0, sentence, text("Đặt tệp âm thanh “{file}” cạnh bài.", file=f"{stem}.m4a"))


def _left_out(lesson: Lesson) -> Iterator[Fault]:
    """Checks and products that a translation does not show."""
    placed = [part.question_id for part in lesson.parts if isinstance(part, Check | Product)]
    for language, variant in lesson.variants.items():
        shown = {part.question_id for part in variant.parts if isinstance(part, Check | Product)}
        for key in placed:
            if key not in shown:
                file = lesson.file.removesuffix("md") + f"{language}.md"
                sentence = text("Bản dịch chưa đặt câu hỏi “{key}” của bài.", key=key)
                yield Fault(file, 0, sentence, text("Thêm khung của câu này vào bản dịch."))


def _alike(questions: Iterable[Question]) -> Iterator[Fault]:
    for pair in similar_questions(questions):
        first, second = sorted((pair.one, pair.other), key=lambda question: (question.file, question.line))
        yield Fault(
            second.file,
            second.line,
            text(
                "Câu “{key}” gần giống câu “{other}” ở {place} (chung {share}% số chữ).",
                key=second.id,
                other=first.id,
                place=f"{first.file}:{first.line}",
                share=int(100 * pair.share),
            ),
            text("Bỏ một câu, hoặc viết cho khác nhau."),
        )
