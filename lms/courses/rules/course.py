"""A course as it was read: frozen, complete, without faults. Lesson parts and questions go to JSON and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

PICTURES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"})
VIDEOS = {".mp4": "video/mp4", ".webm": "video/webm"}
SOUNDS = {".ogg": "audio/ogg", ".opus": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4"}
ATTACHED = frozenset({".vtt", ".pdf"})
KINDS = ("single", "multiple", "truefalse", "match", "order", "number", "short", "cloze", "long")
USES = ("check", "test", "both")


@dataclass(frozen=True)
class Html:
    """A stretch of a lesson, clean; `%icons%` and `%file:PATH%` in it wait for addresses (see addresses.py)."""

    html: str

    def to_json(self) -> dict[str, str]:
        """{"html": …}"""
        return {"html": self.html}


@dataclass(frozen=True)
class Check:
    """The place of a self-check in a lesson."""

    question_id: str

    def to_json(self) -> dict[str, str]:
        """{"check": question id}"""
        return {"check": self.question_id}


Part = Html | Check


def part_from_json(plain: dict[str, str]) -> Part:
    """What `to_json` of a part gave; KeyError for anything else."""
    return Check(plain["check"]) if "check" in plain else Html(plain["html"])


def parts_to_json(parts: Iterable[Part]) -> list[dict[str, str]]:
    """A lesson's parts for a JSON column."""
    return [part.to_json() for part in parts]


def parts_from_json(plain: Iterable[dict[str, str]]) -> tuple[Part, ...]:
    """A lesson's parts from a JSON column."""
    return tuple(part_from_json(part) for part in plain)


@dataclass(frozen=True)
class Option:
    """A choice, a thing to put in order, or a pair (`html` left, `partner_html` right); keys are a, b, c … in order."""

    key: str
    html: str
    right: bool = False
    feedback_html: str = ""
    partner_html: str = ""


@dataclass(frozen=True)
class Criterion:
    """What a trainer looks at in a long answer, and the points for it."""

    html: str
    points: Decimal


@dataclass(frozen=True)
class Question:
    """A question of any kind; what is right stands in the fields of its kind, the others are empty.

    single, multiple, truefalse: `right` of the options. match: `partner_html` of each option. order: the options stand
    in the right order. number: `value`, `tolerance`. short: `accepted`. cloze: `gaps` (texts accepted in each), shown
    as `%gap:1%`, `%gap:2%` … in the stem. long: `criteria`.
    `stem_html` is inline (fit for a legend); `more_html` are the blocks under it.
    """

    id: str
    kind: str
    goal: str
    use: str
    stem_html: str
    more_html: str = ""
    options: tuple[Option, ...] = ()
    feedback_html: str = ""
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    accepted: tuple[str, ...] = ()
    gaps: tuple[tuple[str, ...], ...] = ()
    criteria: tuple[Criterion, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def is_drawable(self) -> bool:
        """May a test draw it?"""
        return self.use != "check" and self.kind != "long"

    def to_json(self) -> dict[str, Any]:
        """Plain dicts and lists; decimals as text."""
        plain = asdict(self)
        plain["value"] = None if self.value is None else str(self.value)
        plain["tolerance"] = str(self.tolerance)
        plain["options"] = [asdict(option) for option in self.options]
        plain["criteria"] = [{"html": c.html, "points": str(c.points)} for c in self.criteria]
        plain["accepted"] = list(self.accepted)
        plain["gaps"] = [list(gap) for gap in self.gaps]
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Question:
        """What `to_json` gave; TypeError or KeyError for anything else."""
        made = dict(plain)
        made["value"] = None if plain["value"] is None else Decimal(plain["value"])
        made["tolerance"] = Decimal(plain["tolerance"])
        made["options"] = tuple(Option(**option) for option in plain["options"])
        made["criteria"] = tuple(Criterion(c["html"], Decimal(c["points"])) for c in plain["criteria"])
        made["accepted"] = tuple(plain["accepted"])
        made["gaps"] = tuple(tuple(gap) for gap in plain["gaps"])
        return cls(**made)


@dataclass(frozen=True)
class Variant:
    """The lesson in another language; its checks are the lesson's."""

    language: str
    title: str
    parts: tuple[Part, ...]
    words: int


@dataclass(frozen=True)
class Lesson:
    """`slug` comes from the file name without its number; `words` counts what is read."""

    id: str
    slug: str
    title: str
    minutes: int
    goals: tuple[str, ...]
    sensitive: bool
    parts: tuple[Part, ...]
    words: int
    questions: tuple[Question, ...] = ()
    variants: dict[str, Variant] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True)
class Module:
    """A chuyên đề; `slug` comes from the folder name without its number."""

    slug: str
    title: str
    goals: tuple[str, ...]
    intro_html: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class FinalTest:
    """`attempts` 0 = without limit; `by_goal`: at least so many of each goal."""

    title: str
    draw: int
    pass_mark: int
    attempts: int
    by_goal: dict[str, int]
    questions: tuple[Question, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The rule of the test as a plain dict; its questions are kept as questions."""
        return {key: value for key, value in asdict(self).items() if key != "questions"}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> FinalTest:
        """What `to_json` gave, without questions; TypeError for anything else."""
        return cls(**plain)


@dataclass(frozen=True)
class Handout:
    """A page to print."""

    slug: str
    title: str
    html: str


@dataclass(frozen=True)
class Source:
    """A line of the course's list of sources."""

    key: str
    text: str


@dataclass(frozen=True)
class Completion:
    """What completes the course."""

    lessons: str
    test: bool


@dataclass(frozen=True)
class Course:
    """A whole course; `files` holds every file of the folder, by path relative to it."""

    id: str
    title: str
    summary: str
    component: int
    field: str
    level: str
    audience: tuple[str, ...]
    audience_text: str
    languages: tuple[str, ...]
    hours: float
    open: bool
    licence: str
    proposal: str
    completion: Completion
    certificate_title: str
    goals: dict[str, str]
    sources: tuple[Source, ...]
    modules: tuple[Module, ...]
    test: FinalTest | None
    handouts: tuple[Handout, ...]
    files: dict[str, bytes]

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons, in order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions: those of the lessons, then those of the final test."""
        of_lessons = tuple(question for lesson in self.lessons for question in lesson.questions)
        return of_lessons + (self.test.questions if self.test else ())

    @property
    def pool(self) -> tuple[Question, ...]:
        """What the final test draws from."""
        return tuple(question for question in self.questions if question.is_drawable)

    @property
    def media(self) -> dict[str, bytes]:
        """The files that pages point to: pictures, video, sound, subtitles, PDF."""
        kinds = PICTURES | VIDEOS.keys() | SOUNDS.keys() | ATTACHED
        return {path: content for path, content in self.files.items() if suffix_of(path) in kinds}


def suffix_of(path: str) -> str:
    """The ending of a file name with its dot, lower case; empty where there is none."""
    name = path.rsplit("/", 1)[-1].lower()
    return "." + name.rsplit(".", 1)[1] if "." in name else ""
