"""A course as it was read: frozen, complete, without faults. Lesson parts and questions go to JSON and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

PICTURES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"})
VIDEOS = {".mp4": "video/mp4", ".webm": "video/webm"}
SOUNDS = {".ogg": "audio/ogg", ".opus": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4"}
ATTACHED = frozenset({".vtt", ".pdf"})
KINDS = ("single", "multiple", "truefalse", "match", "order", "number", "short", "cloze", "long")
USES = ("check", "test", "both", "form")
ACCEPTS = ("text", "photo", "voice")
STEPS = ("Chưa làm", "Làm được một phần", "Làm được", "Làm tốt")


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


@dataclass(frozen=True)
class Product:
    """The place in a lesson where a product of the learner's is handed in; its question is a `long` one."""

    question_id: str

    def to_json(self) -> dict[str, str]:
        """{"product": question id}"""
        return {"product": self.question_id}


Part = Html | Check | Product


def part_from_json(plain: dict[str, str]) -> Part:
    """What `to_json` of a part gave; KeyError for anything else."""
    if "product" in plain:
        return Product(plain["product"])
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
    """What a trainer looks at in a long answer, and the points for it; `steps`: the words for 0, 1, 2 and 3 (plain)."""

    html: str
    points: Decimal
    steps: tuple[str, str, str, str] = STEPS

    def to_json(self) -> dict[str, Any]:
        """Points as text."""
        return {"html": self.html, "points": str(self.points), "steps": list(self.steps)}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Criterion:
        """What `to_json` gave; without `steps` (an older edition) the usual ones."""
        none, some, done, well = plain.get("steps", STEPS)
        return cls(plain["html"], Decimal(plain["points"]), (none, some, done, well))


def half_of(criteria: Iterable[Criterion]) -> Decimal:
    """Half of all points, rounded up to a whole number, but never more than there are."""
    whole = sum((criterion.points for criterion in criteria), Decimal(0))
    return min(whole, (whole / 2).quantize(Decimal(1), ROUND_CEILING))


@dataclass(frozen=True)
class Draw:
    """A number of a question that chance draws: one of `values`, or one of `low`, `low + step` … up to `high`."""

    name: str
    values: tuple[Decimal, ...] = ()
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    step: Decimal = Decimal(1)

    def to_json(self) -> dict[str, Any]:
        """Numbers as text."""
        if self.values:
            return {"name": self.name, "values": [str(value) for value in self.values]}
        return {"name": self.name, "low": str(self.low), "high": str(self.high), "step": str(self.step)}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Draw:
        """What `to_json` gave."""
        if "values" in plain:
            return cls(plain["name"], tuple(Decimal(value) for value in plain["values"]))
        return cls(plain["name"], (), Decimal(plain["low"]), Decimal(plain["high"]), Decimal(plain["step"]))


@dataclass(frozen=True)
class Question:
    """A question of any kind; what is right stands in the fields of its kind, the others are empty.

    single, multiple, truefalse: `right` of the options. match: `partner_html` of each option. order: the options stand
    in the right order. number: `value`, `tolerance`; where chance draws its numbers: `draws`, `answer` (an expression)
    and `values_shown` (an expression for each place `%val:1%`, `%val:2%` …), see values.py. short: `accepted`.
    cloze: `gaps` (texts accepted in each), shown as `%gap:1%`, `%gap:2%` … in the stem. long: `criteria`, `accepts`
    (what may be handed in), `needed` points and `chips` (ready comments).
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
    tags: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    needed: Decimal | None = None
    chips: tuple[str, ...] = ()
    draws: tuple[Draw, ...] = ()
    answer: str = ""
    values_shown: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def is_drawable(self) -> bool:
        """May a test draw it?"""
        return self.use in ("test", "both") and self.kind != "long"

    @property
    def is_practised(self) -> bool:
        """May practice draw it?"""
        return self.use in ("check", "both") and self.kind != "long"

    def to_json(self) -> dict[str, Any]:
        """Plain dicts and lists; decimals as text."""
        plain = asdict(self)
        plain["value"] = _text_of(self.value)
        plain["needed"] = _text_of(self.needed)
        plain["tolerance"] = str(self.tolerance)
        plain["options"] = [asdict(option) for option in self.options]
        plain["criteria"] = [criterion.to_json() for criterion in self.criteria]
        plain["draws"] = [draw.to_json() for draw in self.draws]
        plain["gaps"] = [list(gap) for gap in self.gaps]
        for name in _LISTS:
            plain[name] = list(plain[name])
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Question:
        """What `to_json` gave, in this edition of the format or an older one; TypeError or KeyError for anything else."""
        made = dict(plain)
        made["value"] = _decimal_of(plain["value"])
        made["needed"] = _decimal_of(plain.get("needed"))
        made["tolerance"] = Decimal(plain["tolerance"])
        made["options"] = tuple(Option(**option) for option in plain["options"])
        made["criteria"] = tuple(Criterion.from_json(criterion) for criterion in plain["criteria"])
        made["draws"] = tuple(Draw.from_json(draw) for draw in plain.get("draws", ()))
        made["gaps"] = tuple(tuple(gap) for gap in plain["gaps"])
        for name in _LISTS:
            made[name] = tuple(plain.get(name, ()))
        if made["kind"] == "long":
            made["accepts"] = made["accepts"] or ("text",)
            made["needed"] = half_of(made["criteria"]) if made["needed"] is None else made["needed"]
        return cls(**made)


_LISTS = ("accepted", "tags", "accepts", "chips", "values_shown")


def _text_of(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal_of(plain: str | None) -> Decimal | None:
    return None if plain is None else Decimal(plain)


@dataclass(frozen=True)
class Variant:
    """The lesson in another language; its checks are the lesson's. `audio`: path of the file read aloud, or ""."""

    language: str
    title: str
    parts: tuple[Part, ...]
    words: int
    audio: str = ""


@dataclass(frozen=True)
class Lesson:
    """`slug` comes from the file name without its number; `words` counts what is read.

    `audio`: path of the sound file that reads the lesson aloud, or "". `minutes_form`: HTML of the minutes to print.
    """

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
    audio: str = ""
    minutes_form: str = ""

    @property
    def products(self) -> tuple[str, ...]:
        """Ids of the questions that ask for a product here."""
        return tuple(part.question_id for part in self.parts if isinstance(part, Product))


@dataclass(frozen=True)
class Module:
    """A chuyên đề; `slug` comes from the folder name without its number. Of the branches a learner takes one."""

    slug: str
    title: str
    goals: tuple[str, ...]
    intro_html: str
    lessons: tuple[Lesson, ...]
    branch: str = ""


@dataclass(frozen=True)
class FinalTest:
    """`attempts` 0 = without limit; `by_goal`: at least so many of each goal; `minutes` 0 = without limit."""

    title: str
    draw: int
    pass_mark: int
    attempts: int
    by_goal: dict[str, int]
    questions: tuple[Question, ...] = ()
    minutes: int = 0

    def to_json(self) -> dict[str, Any]:
        """The rule of the test as a plain dict; its questions are kept as questions."""
        return {key: value for key, value in asdict(self).items() if key != "questions"}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> FinalTest:
        """What `to_json` gave, without questions; TypeError for anything else."""
        return cls(**plain)


@dataclass(frozen=True)
class Forms:
    """Two parallel forms, question ids: one is asked before the course, the other after it."""

    title: str
    a: tuple[str, ...]
    b: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """{"title": …, "a": […], "b": […]}"""
        return {"title": self.title, "a": list(self.a), "b": list(self.b)}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Forms:
        """What `to_json` gave; KeyError for anything else."""
        return cls(plain["title"], tuple(plain["a"]), tuple(plain["b"]))


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
class Term:
    """A hard word and what it means; `key` is its slug."""

    key: str
    term: str
    html: str

    def to_json(self) -> dict[str, str]:
        """{"key": …, "term": …, "html": …}"""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, str]) -> Term:
        """What `to_json` gave; TypeError for anything else."""
        return cls(**plain)


@dataclass(frozen=True)
class Completion:
    """What completes the course; `products`: "none", "all" or "any" of those that its lessons ask for."""

    lessons: str
    test: bool
    products: str = "none"

    def to_json(self) -> dict[str, Any]:
        """A plain dict."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Completion:
        """What `to_json` gave, also before there were products; TypeError for anything else."""
        return cls(**plain)


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
    glossary: tuple[Term, ...] = ()
    forms: Forms | None = None
    form_questions: tuple[Question, ...] = ()

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons, in order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def way(self) -> tuple[Lesson, ...]:
        """The lessons that one learner takes: the common ones and those of one branch (all are equally long)."""
        first = next((module.branch for module in self.modules if module.branch), "")
        return tuple(one for module in self.modules if module.branch in {"", first} for one in module.lessons)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions: those of the lessons, then those of the final test and of the parallel forms."""
        of_lessons = tuple(question for lesson in self.lessons for question in lesson.questions)
        return of_lessons + (self.test.questions if self.test else ()) + self.form_questions

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
