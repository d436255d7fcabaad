"""What a course holds, counted: for `lms courses check` and for authors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.core.words import text
from lms.courses.rules.claims import claims_without_footnote
from lms.courses.rules.course import Check, Course, Lesson, Product, Question, suffix_of
from lms.courses.rules.faults import Fault, Faults, in_order
from lms.courses.rules.fields import read_front
from lms.courses.rules.similar import similar_questions
from lms.courses.rules.tidy import neat_text

FIRST_LANGUAGE = "vi"


@dataclass(frozen=True)
class Summary:
    """Numbers of a course. `media`: path -> bytes. `unplaced`: questions that are asked nowhere.

    `forms`: questions in each of the two forms, 0 without forms. `terms`: hard words explained. `read_aloud`: lessons
    with sound, by language; `translated`: lessons, by each further language of the course. `warnings`: everything an
    author may want to look at, `claims` among it.
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
    unplaced, claims = tuple(_unplaced(course)), _claims(course)
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
        read_aloud={one: sum(map(bool, _sounds(course, one))) for one in (FIRST_LANGUAGE, *others)},
        translated={one: sum(one in lesson.variants for lesson in course.lessons) for one in others},
        warnings=in_order([*claims, *_never_asked(unplaced), *_missing(course, others), *_alike(questions)]),
    )


def _claims(course: Course) -> tuple[Fault, ...]:
    found: list[Fault] = []
    for lesson in course.lessons:
        written = neat_text(course.files[lesson.file].decode("utf-8-sig"))
        front = read_front(written, lesson.file, Faults())
        found += claims_without_footnote(front.body, lesson.file, front.body_line)
    return in_order(found)


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
