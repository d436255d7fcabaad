"""Markdown of a course to clean HTML in the shapes of the look; raw HTML and script are faults, never output."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from re import Match
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from lms.core.words import text
from lms.courses.rules.addresses import icon
from lms.courses.rules.blocks import ACTIVITY, CHECK, MINUTES, PRODUCT, STEP, STORY, Stretch, outside_fences, split
from lms.courses.rules.course import Check, Html, Part, Product
from lms.courses.rules.faults import Faults
from lms.courses.rules.fragment import Fragment, Shelf
from lms.courses.rules.notes import Notes, check_notes
from lms.courses.rules.tidy import slugify
from lms.courses.rules.tree import TICK, tidy

_RAW = r"<(?=[A-Za-z/!?])[^\s<>\x02]{0,30}"
_ASKED = re.compile("<p>\ue002(tu-kiem-tra|san-pham):([a-z0-9-]+)\ue003</p>")
_BOX = re.compile(r"(\s*[-*+]\s+)\[[ xX]?\]\s+(?=\S)")
_LINE_TO_FILL = re.compile(r"_{4,}")
_BLANK, _LINE_OF_PAPER = "\ue007", '<span class="blank"></span>'
_LINE = re.compile(r"<h6[^>]*>(.*)</h6>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_TRANSCRIPT = re.compile(r'<details class="transcript">.*?</details>', re.DOTALL)
_PLAIN = re.compile(r"[^\W_](?:[^\W_]|[ ,.;:?!“”‘’()/–—…'\"-])*")
"""Words in which Markdown finds nothing to do: most lines of questions. They are not put through it."""
_NUMBERED = re.compile(r"[0-9]+[.)]")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "div", "section", "a", "span"),
    *("strong", "em", "b", "i", "del", "sup", "sub", "code", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "*": {"class", "lang"},
        "a": {"href", "title", "rel", "id"},
        "ol": {"start"},
        "th": {"scope"},
        "td": {"data-label"},
        **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "sup", "li")},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


@dataclass(frozen=True)
class LessonText:
    """A lesson's parts, the checks and products placed in it as (question id, line), and how many words are read.

    `minutes_form`: the minutes to print, (line of its frame, HTML), if the lesson has any.
    """

    parts: tuple[Part, ...]
    checks: tuple[tuple[str, int], ...]
    words: int
    products: tuple[tuple[str, int], ...] = ()
    minutes_form: tuple[int, str] = (0, "")


class Renderer:
    """Turns texts of one folder into HTML; keeps one Markdown machine, so it belongs to one thread."""

    def __init__(self, shelf: Shelf, faults: Faults) -> None:
        self.shelf, self.faults = shelf, faults
        self.notes = Notes(SEPARATOR="-", BACKLINK_TITLE="Về chỗ dẫn nguồn {}", USE_DEFINITION_ORDER=False)
        self.machine = _machine(self.notes)
        self.tree = _Tidying(self.machine)
        self.raw = _RawHtml(_RAW, self.machine)
        self.machine.treeprocessors.register(self.tree, "tidying", -1)
        self.machine.inlinePatterns.register(self.raw, "raw_html_fault", 90)

    def lesson(self, markdown: str, file: str, first_line: int, opens: bool = True) -> LessonText:
        """The parts of a lesson; `opens`: its first paragraph is the goal. Faults are collected."""
        stretches = split(markdown, file, first_line, self.faults)
        minutes_form = self._minutes_form([one for one in stretches if one.name == MINUTES], file)
        shown = [stretch for stretch in stretches if stretch.name != MINUTES]
        fragment = Fragment(_only(shown, markdown, first_line), file, first_line, self.shelf, self.faults)
        asked: dict[str, list[tuple[str, int]]] = {CHECK: [], PRODUCT: []}
        pieces = [_woven(stretch, fragment, asked) for stretch in shown]
        rendered = self._convert("\n\n".join(pieces), fragment, opens=opens)
        parts = tuple(_parts(rendered))
        words = sum(words_of(part.html) for part in parts if isinstance(part, Html))
        return LessonText(parts, tuple(asked[CHECK]), words, tuple(asked[PRODUCT]), minutes_form)

    def _minutes_form(self, stretches: list[Stretch], file: str) -> tuple[int, str]:
        """The minutes to print, of the first such frame; each further one is a fault."""
        for stretch in stretches[1:]:
            self.faults.add(
                file,
                stretch.line - 1,
                text("Một bài chỉ có một khung biên bản."),
                text("Gộp vào khung biên bản đầu tiên."),
            )
        if not stretches:
            return 0, ""
        first = stretches[0]
        lines = [
            _LINE_TO_FILL.sub(_BLANK, line) if is_text else line for _, line, is_text in outside_fences([*first.lines])
        ]
        body = self.blocks("\n".join(lines), file, first.line, MINUTES)
        title = html.escape(first.argument or "Biên bản", quote=False)
        return first.line - 1, f"<h2>{title}</h2>\n{body.replace(_BLANK, _LINE_OF_PAPER)}"

    def page(self, markdown: str, file: str, first_line: int) -> str:
        """A page to print, with frames; self-checks, products and minutes have no place there and are faults."""
        page = self.lesson(markdown, file, first_line, opens=False)
        wrong = [line for _, line in (*page.checks, *page.products)]
        for line in [*wrong, *([page.minutes_form[0]] if page.minutes_form[0] else [])]:
            self.faults.add(
                file,
                line,
                text("Tài liệu in không có khung tự kiểm tra, sản phẩm, biên bản."),
                text("Bỏ khung này, hoặc chuyển nó vào bài học."),
            )
        return "\n".join(part.html for part in page.parts if isinstance(part, Html))

    def blocks(self, markdown: str, file: str, first_line: int, notes: str = "") -> str:
        """Paragraphs, lists, pictures …; `notes` keeps the ids of its footnotes apart from others on the page."""
        words = markdown.strip("\n")
        if _PLAIN.fullmatch(words) and words == words.strip() and not _NUMBERED.match(words):
            return f"<p>{words}</p>"
        fragment = Fragment(markdown, file, first_line, self.shelf, self.faults)
        return self._convert(markdown, fragment, notes)

    def line(self, markdown: str, file: str, first_line: int) -> str:
        """One line without blocks: a stem, an option."""
        words = " ".join(markdown.split())
        if _PLAIN.fullmatch(words):
            return words
        joined = re.sub(r"#+$", lambda m: "\\#" * len(m[0]), words)
        fragment = Fragment(markdown, file, first_line, self.shelf, self.faults)
        match = _LINE.search(self._convert(f"###### {joined}", fragment))
        return match[1].strip() if match else ""

    def _convert(self, markdown: str, fragment: Fragment, notes: str = "", opens: bool = False) -> str:
        check_notes(fragment)
        self.tree.fragment = self.raw.fragment = fragment
        self.tree.opens, self.notes.page = opens, notes
        try:
            made = self.machine.reset().convert(markdown)
        except RecursionError:
            fragment.fault(
                fragment.first_line, text("Đoạn này lồng quá nhiều lớp."), text("Viết lại cho đơn giản hơn.")
            )
            return ""
        return fragment.fill(_CLEANER.clean(made)).strip()


def words_of(rendered: str) -> int:
    """How many words are read in this HTML; the list of sources and what is said in a film or recording are not counted."""
    read = _TRANSCRIPT.sub(" ", rendered.split('<section class="footnotes', 1)[0])
    return len(_TAG.sub(" ", read).split())


def _machine(notes: Notes) -> Markdown:
    machine = Markdown(
        extensions=[
            notes, "tables", "def_list", "attr_list", "admonition", "toc", "sane_lists",
            "pymdownx.betterem", "pymdownx.highlight", "pymdownx.superfences",
        ],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "toc": {"slugify": lambda title, separator: "muc-" + slugify(title, separator)},
            "pymdownx.highlight": {"use_pygments": False},
        },
    )  # fmt: skip
    machine.preprocessors.deregister("html_block")
    machine.inlinePatterns.deregister("html")
    return machine


class _RawHtml(InlineProcessor):
    """Finds what would be raw HTML, where Markdown itself would see it: never in code, never in `<https://…>`."""

    fragment: Fragment

    def handleMatch(  # type: ignore[override]  # noqa: N802 - named by Markdown
        self, m: Match[str], written: str
    ) -> tuple[None, int, int]:
        """Note a fault and leave the text as it is."""
        self.fragment.fault(
            self.fragment.line_of(m[0]),
            text("HTML và script không được dùng trong bài: {tag}", tag=m[0]),
            text("Viết bằng Markdown; muốn hiện dấu < thì viết &lt; hoặc đặt đoạn mã giữa hai dấu `."),
        )
        return None, m.start(0), m.end(0)


class _Tidying(Treeprocessor):
    """Hands the finished tree to `tidy`; the first paragraph of a lesson says what one can do afterwards."""

    fragment: Fragment
    opens = False

    def run(self, root: Element) -> None:
        first = next(iter(root), None)
        if self.opens and first is not None and first.tag == "p" and (first.text or "")[:1] not in {"\ue000", "\ue002"}:
            first.set("class", "lesson__goal")
        tidy(root, self.fragment)


def _only(stretches: list[Stretch], markdown: str, first_line: int) -> str:
    """The text with every line blank that stands in none of these stretches or at their edges; lines keep their places."""
    lines = markdown.split("\n")
    kept = {stretch.line - first_line + place for stretch in stretches for place in range(len(stretch.lines))}
    return "\n".join(line if place in kept else "" for place, line in enumerate(lines))


def _woven(stretch: Stretch, fragment: Fragment, asked: dict[str, list[tuple[str, int]]]) -> str:
    """A stretch as Markdown, its frame as marks."""
    if stretch.name in asked:
        return _asked_mark(stretch, fragment, asked[stretch.name])
    if stretch.name not in _FRAMES:
        return stretch.markdown
    opening, closing = _FRAMES[stretch.name]
    words = html.escape(stretch.argument, quote=False)
    number, minutes = stretch.step
    shown = f'<span data-minutes="{minutes}">{minutes} phút</span>' if minutes else ""
    start = opening.format(title=f" · {words}" if words else "", number=html.escape(number, quote=False), minutes=shown)
    body = _ticked(stretch) if stretch.name == STEP else stretch.markdown
    return f"{fragment.insert(start)}\n\n{body}\n\n{fragment.insert(closing)}"


def _ticked(stretch: Stretch) -> str:
    """The lines of a step card; `[ ]` at the head of an item is a mark for a tick."""
    lines = outside_fences(list(stretch.lines))
    return "\n".join(_BOX.sub(rf"\1{TICK}", line, count=1) if is_text else line for _, line, is_text in lines)


_FRAMES = {
    STORY: (
        f'<section class="callout callout--story"><p class="callout__kind">{icon("story")}Tình huống{{title}}</p>',
        "</section>",
    ),
    ACTIVITY: (
        f'<section class="callout callout--activity"><p class="callout__kind">{icon("edit")}Hoạt động{{title}}</p>',
        "</section>",
    ),
    STEP: (
        '<section class="callout callout--step"><p class="callout__kind"><span>Bước</span><b>{number}</b>{minutes}</p>'
        '<div class="callout__body">',
        "</div></section>",
    ),
}


def _asked_mark(stretch: Stretch, fragment: Fragment, asked: list[tuple[str, int]]) -> str:
    """The place of a self-check or a product; the id is noted in `asked`."""
    named = [(line.strip(), stretch.line + place) for place, line in enumerate(stretch.lines) if line.strip()]
    if len(named) != 1 or not re.fullmatch(r"[a-z0-9-]+", named[0][0]):
        fragment.faults.add(
            fragment.file,
            stretch.line - 1,
            text("Khung “{name}” phải có đúng một mã câu hỏi.", name=stretch.name),
            text("Để một dòng duy nhất trong khung, thí dụ: q-nau-com"),
        )
        return ""
    asked.append(named[0])
    return f"\ue002{stretch.name}:{named[0][0]}\ue003"


def _parts(rendered: str) -> Iterator[Part]:
    start = 0
    for match in _ASKED.finditer(rendered):
        yield from _stretch_of_html(rendered[start : match.start()])
        yield Check(match[2]) if match[1] == CHECK else Product(match[2])
        start = match.end()
    yield from _stretch_of_html(rendered[start:])


def _stretch_of_html(rendered: str) -> Iterator[Html]:
    if rendered.strip():
        yield Html(rendered.strip())
