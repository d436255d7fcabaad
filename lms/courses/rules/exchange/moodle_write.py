"""Questions → Moodle XML: all nine kinds, numbers that are drawn, criteria of essays in the grader's information."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from random import Random
from xml.sax.saxutils import escape

from lms.courses.rules.exchange.bank import BankDraw, BankOption, BankQuestion
from lms.courses.rules.exchange.formulas import text_to_moodle, to_moodle
from lms.courses.rules.exchange.lines import answer_lines
from lms.courses.rules.exchange.plain import to_plain
from lms.courses.rules.exchange.shape import GAP, shaped, written_number
from lms.courses.rules.exchange.tags import with_tags
from lms.courses.rules.numbers import read_number

_SPECIAL = re.compile(r"([\\}#~/\"])")
_RANGE = re.compile(r"(.+?)\.\.(.+?)(?:\s+buoc\s+(.+))?")
_ITEMS = 20
_TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "match": "matching",
    "order": "ordering",
    "number": "numerical",
    "short": "shortanswer",
    "cloze": "cloze",
    "long": "essay",
}


def write_moodle(questions: Sequence[BankQuestion]) -> str:
    """A Moodle XML file."""
    body = "\n".join(_question(question) for question in map(shaped, questions))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{body}\n</quiz>\n'


def _question(question: BankQuestion) -> str:
    names = frozenset(draw.name for draw in question.draws)
    whole = "\n\n".join(part for part in (question.stem, question.more) if part)
    if question.kind == "cloze":
        whole = GAP.sub(lambda gap: _gap(gap[1]), whole)
    pieces = [
        f"<name><text>{_cdata(to_plain(question.stem)[:200])}</text></name>",
        _rich("questiontext", text_to_moodle(whole, names)),
        _rich("generalfeedback", text_to_moodle(question.feedback, names)),
        "<defaultgrade>1</defaultgrade>",
        f"<idnumber>{escape(question.id)}</idnumber>",
        *_WRITERS[_type_of(question)](question),
        f"<tags>{''.join(f'<tag><text>{_cdata(tag)}</text></tag>' for tag in with_tags(question))}</tags>",
    ]
    return "\n".join([f'<question type="{_type_of(question)}">', *pieces, "</question>"])


def _type_of(question: BankQuestion) -> str:
    if question.kind == "truefalse" and [option.text for option in question.options] != ["Đúng", "Sai"]:
        return "multichoice"
    return "calculated" if question.answer else _TYPES[question.kind]


def _cdata(written: str) -> str:
    return f"<![CDATA[{written.replace(']]>', ']]]]><![CDATA[>')}]]>" if written else ""


def _rich(tag: str, written: str) -> str:
    return f'<{tag} format="markdown"><text>{_cdata(written)}</text></{tag}>'


def _remark(written: str) -> str:
    return _rich("feedback", written) if written else ""


def _gap(written: str) -> str:
    answers = (_SPECIAL.sub(r"\\\1", _literal(one)) for one in written.split("|"))
    return "{1:SHORTANSWER:" + "~".join(f"={one}" for one in answers) + "}"


def _answers(options: Iterable[BankOption], right: str, wrong: str) -> list[str]:
    return [
        f'<answer fraction="{right if option.right else wrong}" format="markdown"><text>{_cdata(option.text)}</text>'
        f"{_remark(option.feedback)}</answer>"
        for option in options
    ]


def _choices(question: BankQuestion) -> list[str]:
    is_multiple = question.kind == "multiple"
    rights = sum(option.right for option in question.options)
    share = f"{100 / max(rights, 1):.5f}" if is_multiple else "100"
    return [
        f"<single>{'false' if is_multiple else 'true'}</single>",
        "<shuffleanswers>true</shuffleanswers>",
        *_answers(question.options, share, "-100" if is_multiple else "0"),
    ]


def _truefalse(question: BankQuestion) -> list[str]:
    return [
        f'<answer fraction="{100 if option.right else 0}" format="moodle_auto_format"><text>{name}</text>'
        f"{_remark(option.feedback)}</answer>"
        for name, option in zip(("true", "false"), question.options, strict=True)
    ]


def _matching(question: BankQuestion) -> list[str]:
    pairs = (
        f'<subquestion format="markdown"><text>{_cdata(option.text)}</text>'
        f"<answer><text>{_cdata(option.partner)}</text></answer>{_remark(option.feedback)}</subquestion>"
        for option in question.options
    )
    return ["<shuffleanswers>true</shuffleanswers>", *pairs]


def _ordering(question: BankQuestion) -> list[str]:
    lines = (
        f'<answer fraction="{place}" format="markdown"><text>{_cdata(option.text)}</text>'
        f"{_remark(option.feedback)}</answer>"
        for place, option in enumerate(question.options, 1)
    )
    return ["<layouttype>VERTICAL</layouttype>", "<selecttype>ALL</selecttype>", *lines]


def _numerical(question: BankQuestion) -> list[str]:
    value = f"{question.value:f}" if question.value is not None else ""
    return [f'<answer fraction="100"><text>{value}</text><tolerance>{question.tolerance:f}</tolerance></answer>']


def _shortanswer(question: BankQuestion) -> list[str]:
    answers = (f'<answer fraction="100"><text>{_cdata(_literal(one))}</text></answer>' for one in question.accepted)
    return ["<usecase>0</usecase>", *answers]


def _literal(accepted: str) -> str:
    """A star means any text in Moodle, unless escaped."""
    return accepted.replace("\\", "\\\\").replace("*", "\\*")


def _essay(question: BankQuestion) -> list[str]:
    said = []
    if question.accepts:
        said.append(f"accept={','.join(question.accepts)}")
    if question.needed is not None:
        said.append(f"pass={written_number(question.needed)}")
    return [
        "<responseformat>editor</responseformat>",
        _rich("graderinfo", "\n".join([*([" ".join(said)] if said else []), *answer_lines(question)])),
    ]


def _calculated(question: BankQuestion) -> list[str]:
    names = frozenset(draw.name for draw in question.draws)
    return [
        f'<answer fraction="100"><text>{_cdata(to_moodle(question.answer, names))}</text>'
        f"<tolerance>{question.tolerance:f}</tolerance><tolerancetype>2</tolerancetype>"
        "<correctanswerformat>1</correctanswerformat><correctanswerlength>2</correctanswerlength></answer>",
        "<dataset_definitions>",
        *(_dataset(question.id, draw) for draw in question.draws),
        "</dataset_definitions>",
    ]


def _dataset(key: str, draw: BankDraw) -> str:
    """Our own range or list in `values`, and numbers drawn from it for Moodle."""
    every = _values(draw.values)
    chance = Random(f"{key}:{draw.name}")
    items = [chance.choice(every) for _ in range(_ITEMS)] if every else []
    places = max((-int(one.as_tuple().exponent) for one in items), default=0)
    lines = "".join(
        f"<dataset_item><number>{number}</number><value>{value:f}</value></dataset_item>"
        for number, value in enumerate(items, 1)
    )
    return (
        f"<dataset_definition><status><text>private</text></status><name><text>{escape(draw.name)}</text></name>"
        "<type>calculated</type><distribution><text>uniform</text></distribution>"
        f"<minimum><text>{min(every, default=0):f}</text></minimum>"
        f"<maximum><text>{max(every, default=0):f}</text></maximum>"
        f"<decimals><text>{max(places, 0)}</text></decimals><values><text>{_cdata(draw.values)}</text></values>"
        f"<itemcount>{len(items)}</itemcount><dataset_items>{lines}</dataset_items>"
        f"<number_of_items>{len(items)}</number_of_items></dataset_definition>"
    )


def _values(written: str) -> list[Decimal]:
    """Some of the numbers a draw can give, for Moodle's list; none where it cannot be read."""
    between = _RANGE.fullmatch(written)
    if not between:
        found = [read_number(one) for one in written.split("|")]
        return [one for one in found if one is not None]
    low, high, step = (read_number(one or "1") for one in between.groups())
    if low is None or high is None or not step or step < 0 or high < low:
        return []
    count = int((high - low) / step) + 1
    places = range(count) if count <= 1000 else Random(written).sample(range(count), 1000)
    return [low + step * place for place in places]


_WRITERS: dict[str, Callable[[BankQuestion], list[str]]] = {
    "multichoice": _choices,
    "truefalse": _truefalse,
    "matching": _matching,
    "ordering": _ordering,
    "numerical": _numerical,
    "shortanswer": _shortanswer,
    "cloze": lambda question: [],
    "essay": _essay,
    "calculated": _calculated,
}
