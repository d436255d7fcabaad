"""Moodle XML → questions: what Moodle writes, and what our own writer put in for us."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.core.words import Text, text
from lms.courses.rules.exchange.bank import BankDraw, BankHasFaults, BankOption, BankQuestion
from lms.courses.rules.exchange.checks import finish, is_id
from lms.courses.rules.exchange.formulas import from_moodle, text_from_moodle
from lms.courses.rules.exchange.gift import NO_RUBRIC, decimal_in
from lms.courses.rules.exchange.lines import answer_of, body_of, note_strange
from lms.courses.rules.exchange.markdown import check_attributes, points_in
from lms.courses.rules.exchange.plain import from_any, from_html, from_plain
from lms.courses.rules.exchange.shape import plain_text, written_number
from lms.courses.rules.exchange.tags import Tagged, tags_of
from lms.courses.rules.exchange.xml_tree import Element, tree_of
from lms.courses.rules.faults import Fault, Faults
from lms.courses.rules.tidy import slugify

_FORMATS: dict[str, Callable[[str], str]] = {"html": from_html, "markdown": str, "plain_text": from_plain}
_IMAGE = re.compile(r"<img\b|@@PLUGINFILE@@", re.IGNORECASE)
_GAP = re.compile(r"\{[0-9]*:([A-Z_]+):((?:\\.|[^\\}])*)\}", re.DOTALL)
_ANSWER = re.compile(r"(?:\\.|[^\\~])+", re.DOTALL)
_SAID = re.compile(r"\s*(=|%(-?[0-9.]+)%)?((?:\\.|[^\\#])*)", re.DOTALL)
_ESCAPED = re.compile(r'\\([\\}#~/"])')
_ANY = re.compile(r"(?<!\\)(?:\\\\)*\*")
_ATTRIBUTES = re.compile(r"(?:(?:accept|pass)=\S+\s*)+")
_TYPED = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})
_NUMERIC = frozenset({"NUMERICAL", "NM"})
_PICTURE = (
    text("Câu hỏi có tranh nằm trong tệp; tranh chưa nhập được."),
    text("Bỏ tranh trong hệ thống kia rồi xuất lại; sau khi nhập, đặt tranh vào thư mục khóa học."),
)
_BAD_NUMBER = (
    text("Đáp án số của câu này chưa đọc được."),
    text("Để đúng một đáp án 100% là một số, sai số tuyệt đối."),
)
_STAR = (
    text("Đáp án có dấu * thay cho chữ bất kỳ."),
    text("Viết rõ từng cách trả lời đúng, không dùng dấu *."),
)
_NO_XML = (
    text("Đây không phải tệp Moodle XML."),
    text("Trong Moodle chọn Ngân hàng câu hỏi, Xuất, Moodle XML, rồi gửi tệp ấy."),
)


class _Refused(Exception):
    def __init__(self, said: tuple[Text, Text]) -> None:
        super().__init__()
        self.said = said


@dataclass(frozen=True)
class Kept:
    """An element and what its tags say."""

    element: Element
    tagged: Tagged


def read_moodle(content: bytes) -> list[BankQuestion]:
    """The questions of a Moodle XML file; BankHasFaults."""
    faults = Faults()
    root = tree_of(content.lstrip()).first("quiz")
    if root is None:
        raise BankHasFaults([Fault("", 1, *_NO_XML)])
    return finish(list(_questions(root, faults)), faults)


def _questions(root: Element, faults: Faults) -> Iterator[BankQuestion]:
    category = ""
    for element in root.all("question"):
        if element.attributes.get("type") == "category":
            category = slugify(element.say("category/text").rpartition("/")[2])
            continue
        try:
            question = _question(element, category, faults)
        except _Refused as refused:
            faults.add("", element.line, *refused.said)
        else:
            yield question


def _question(element: Element, category: str, faults: Faults) -> BankQuestion:
    kind = element.attributes.get("type", "")
    reader = _READERS.get(kind)
    if reader is None:
        raise _Refused(
            (
                text("Chưa nhập được loại câu “{kind}” của Moodle.", kind=kind),
                text("Bỏ câu này khỏi tệp, hoặc đổi sang loại câu khác rồi xuất lại."),
            )
        )
    _refuse_pictures(element)
    tagged = tags_of(_said(tag) for tags in element.all("tags") for tag in tags.all("tag"))
    answer = reader(Kept(element, tagged), faults)
    stem, _, more = answer.pop("text", _rich(element.first("questiontext"))).strip("\n ").partition("\n")
    key = element.say("idnumber")
    made = BankQuestion(
        id=key if is_id(key) else "",
        stem=stem,
        more=more.strip("\n"),
        feedback=answer.pop("feedback", _rich(element.first("generalfeedback"))),
        goal=tagged.goal or category,
        use=tagged.use,
        tags=tagged.tags,
        line=element.line,
        **answer,
    )
    is_truth = made.kind == "single" and tagged.kind == "truefalse" and len(made.options) == 2
    return replace(made, kind="truefalse") if is_truth else made


def _refuse_pictures(element: Element) -> None:
    for one in element.walk():
        if one.tag == "file" or _IMAGE.search(one.text):
            raise _Refused(_PICTURE)


def _said(element: Element | None) -> str:
    """The words of an element: its `text`, or its own."""
    if element is None:
        return ""
    inner = element.first("text")
    return plain_text(inner.text if inner else element.text).strip()


def _rich(element: Element | None) -> str:
    """The words as Markdown, by the format the element names."""
    return _reader_of(element)(_said(element)) if element else ""


def _reader_of(element: Element | None) -> Callable[[str], str]:
    return _FORMATS.get(element.attributes.get("format", "") if element else "", from_any)


def _fraction(answer: Element) -> Decimal:
    try:
        return Decimal(answer.attributes.get("fraction", "0"))
    except InvalidOperation:
        return Decimal(0)


def _multichoice(kept: Kept, _faults: Faults) -> dict[str, Any]:
    is_multiple = kept.element.say("single").lower() in {"false", "0"}
    least = Decimal("0.0001") if is_multiple else Decimal(100)
    options = tuple(
        BankOption(_rich(answer), _fraction(answer) >= least, _rich(answer.first("feedback")))
        for answer in kept.element.all("answer")
    )
    return {"kind": "multiple" if is_multiple else "single", "options": options}


def _truefalse(kept: Kept, _faults: Faults) -> dict[str, Any]:
    given = {_said(answer).lower(): answer for answer in kept.element.all("answer")}
    options = tuple(
        BankOption(name, _fraction(given[key]) > 0, _rich(given[key].first("feedback")))
        for key, name in (("true", "Đúng"), ("false", "Sai"))
        if key in given
    )
    return {"kind": "truefalse", "options": options}


def _matching(kept: Kept, _faults: Faults) -> dict[str, Any]:
    pairs = []
    for sub in kept.element.all("subquestion"):
        read = _reader_of(sub)
        said = _said(sub.first("answer"))
        pairs.append(BankOption(_rich(sub), feedback=_rich(sub.first("feedback")), partner=read(said)))
    return {"kind": "match", "options": tuple(pairs)}


def _ordering(kept: Kept, _faults: Faults) -> dict[str, Any]:
    options = tuple(BankOption(_rich(a), feedback=_rich(a.first("feedback"))) for a in kept.element.all("answer"))
    return {"kind": "order", "options": options}


def _numerical(kept: Kept, _faults: Faults) -> dict[str, Any]:
    right = [answer for answer in kept.element.all("answer") if _fraction(answer) >= 100]
    try:
        [answer] = right
        value, tolerance = decimal_in(_said(answer)), decimal_in(answer.say("tolerance") or "0")
    except (ValueError, InvalidOperation):
        raise _Refused(_BAD_NUMBER) from None
    return {"kind": "number", "value": value, "tolerance": tolerance}


def _shortanswer(kept: Kept, _faults: Faults) -> dict[str, Any]:
    right = [_said(answer) for answer in kept.element.all("answer") if _fraction(answer) >= 100]
    return {"kind": "short", "accepted": tuple(_literal(answer) for answer in right)}


def _literal(answer: str) -> str:
    """An answer letter by letter; a star that stands for any text is refused."""
    if _ANY.search(answer):
        raise _Refused(_STAR)
    return re.sub(r"\\([\\*])", r"\1", answer)


def _cloze(kept: Kept, _faults: Faults) -> dict[str, Any]:
    element = kept.element.first("questiontext")
    gaps: list[str] = []

    def taken(found: re.Match[str]) -> str:
        gaps.append("{{" + "|".join(_accepted(found[1], found[2])) + "}}")
        return f"\ue00f{len(gaps) - 1}\ue00f"

    marked = _reader_of(element)(_GAP.sub(taken, _said(element)))
    return {"kind": "cloze", "text": re.sub("\ue00f([0-9]+)\ue00f", lambda found: gaps[int(found[1])], marked)}


def _accepted(kind: str, written: str) -> list[str]:
    """What a gap accepts: the answers that give all points; of several choices the right ones."""
    right = []
    for sign, weight, answer in (_parts(found[0]) for found in _ANSWER.finditer(written)):
        words = _ESCAPED.sub(r"\1", answer).strip()
        if sign == "=" or (weight and decimal_in(weight) >= 100):
            right.append(_number_of(words) if kind in _NUMERIC else _literal(words) if kind in _TYPED else words)
    return right


def _parts(written: str) -> tuple[str, str, str]:
    """The sign of an answer, its weight, its words; feedback is left out."""
    found = _SAID.match(written)
    return (found[1] or "", found[2] or "", found[3]) if found else ("", "", "")


def _number_of(written: str) -> str:
    value, _, tolerance = written.partition(":")
    try:
        if tolerance and decimal_in(tolerance):
            raise InvalidOperation
        return written_number(decimal_in(value))
    except InvalidOperation:
        raise _Refused(_BAD_NUMBER) from None


def _essay(kept: Kept, faults: Faults) -> dict[str, Any]:
    """Our own lines in the grader's information; an essay of another kind gets one plain criterion."""
    lines = list(enumerate(_said(kept.element.first("graderinfo")).split("\n"), kept.element.line))
    attributes: dict[str, str] = {}
    if _ATTRIBUTES.fullmatch(lines[0][1]):
        attributes = dict(pair.partition("=")[::2] for pair in lines.pop(0)[1].split())
        check_attributes(attributes, kept.element.line, faults)
    body = body_of("long", lines)
    if not body.options:
        return {"kind": "long", "criteria": (NO_RUBRIC,)}
    note_strange(body, faults)
    return {
        "kind": "long",
        "accepts": tuple(attributes.get("accept", "").split(",")),
        "needed": points_in(attributes.get("pass", "")),
        **answer_of(body, kept.element.line, faults),
    }


def _calculated(kept: Kept, _faults: Faults) -> dict[str, Any]:
    right = [answer for answer in kept.element.all("answer") if _fraction(answer) >= 100]
    try:
        [answer] = right
        tolerance = decimal_in(answer.say("tolerance") or "0")
    except (ValueError, InvalidOperation):
        raise _Refused(_BAD_NUMBER) from None
    if tolerance and answer.say("tolerancetype") not in {"2", "nominal"}:
        raise _Refused(_BAD_NUMBER)
    sets = [one for group in kept.element.all("dataset_definitions") for one in group.all("dataset_definition")]
    return {
        "kind": "number",
        "text": _with_places(kept.element.first("questiontext")),
        "feedback": _with_places(kept.element.first("generalfeedback")),
        "answer": from_moodle(_said(answer)),
        "tolerance": tolerance,
        "draws": tuple(BankDraw(one.say("name/text"), _values(one)) for one in sets),
    }


def _with_places(element: Element | None) -> str:
    """Its words, the places of numbers as we write them."""
    is_escaped = element is not None and element.attributes.get("format") != "markdown"
    return text_from_moodle(_rich(element), is_escaped)


def _values(definition: Element) -> str:
    """Our own range or list; of other makers the numbers Moodle drew."""
    ours = definition.say("values/text")
    if ours:
        return ours
    try:
        drawn = [decimal_in(i.say("value")) for group in definition.all("dataset_items") for i in group.inside]
    except InvalidOperation:
        raise _Refused(_BAD_NUMBER) from None
    return " | ".join(written_number(value) for value in sorted(set(drawn)))


_READERS: dict[str, Callable[[Kept, Faults], dict[str, Any]]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "numerical": _numerical,
    "shortanswer": _shortanswer,
    "cloze": _cloze,
    "multianswer": _cloze,
    "essay": _essay,
    "calculated": _calculated,
    "calculatedsimple": _calculated,
}
