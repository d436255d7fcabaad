"""What is right in a question, read from its lines: one reader for each kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from string import ascii_lowercase
from typing import Any

from lms.core.words import Text, text
from lms.courses.rules.course import ACCEPTS, STEPS, Criterion, Option, half_of
from lms.courses.rules.draft import Draft, DraftOption
from lms.courses.rules.draws import read_drawn
from lms.courses.rules.faults import Faults
from lms.courses.rules.fragment import gap
from lms.courses.rules.markdown import Renderer
from lms.courses.rules.numbers import read_number

_BOXED = re.compile(r"[-*]\s+\[(?P<box>[ xX]?)\]\s*(?P<words>.*)")
_PAIRED = re.compile(r"[-*]\s+(?P<words>.*?)\s*=>\s*(?P<partner>.*)")
_NUMBERED = re.compile(r"[0-9]+[.)]\s+(?P<words>.*)")
_EQUAL = re.compile(r"=\s*(?P<words>.*)")
_NEVER = re.compile(r"(?P<words>(?!))")
_PATTERNS = {"match": _PAIRED, "order": _NUMBERED, "number": _EQUAL, "short": _EQUAL, "cloze": _NEVER}
_GAP = re.compile(r"\{\{(.*?)\}\}")
_POINTS = re.compile(r"(?P<words>.*?)\s*\((?P<points>[0-9]{1,4}(?:[.,][0-9]{1,2})?)\s*(?:điểm|đ)?\)")

Answer = dict[str, Any]


def option_pattern(kind: str) -> re.Pattern[str]:
    """How a line of an answer looks in this kind of question."""
    return _PATTERNS.get(kind, _BOXED)


def _wrong(draft: Draft, faults: Faults, sentence: Text, remedy: Text, line: int = 0) -> None:
    faults.add(draft.file, line or draft.line, sentence, remedy)


def _options(draft: Draft, renderer: Renderer, faults: Faults, least: int = 2) -> tuple[Option, ...]:
    """The options with their letters; too few, too many or an empty one is a fault."""
    if not least <= len(draft.options) <= len(ascii_lowercase):
        _wrong(
            draft,
            faults,
            text("Câu hỏi có {count} phương án; cần từ {least} đến 26.", count=len(draft.options), least=least),
            text("Thêm hoặc bớt các dòng phương án dưới câu hỏi, theo mẫu của loại câu này."),
        )
    for option in draft.options:
        if not option.words or option.match.groupdict().get("partner") == "":
            _wrong(draft, faults, text("Phương án này còn trống."), text("Viết nội dung hoặc bỏ dòng."), option.line)
    return tuple(
        _option(key, option, draft, renderer) for key, option in zip(ascii_lowercase, draft.options, strict=False)
    )


def _option(key: str, option: DraftOption, draft: Draft, renderer: Renderer) -> Option:
    found = option.match.groupdict()
    partner = found.get("partner")
    feedback = "\n".join(words for _, words in option.feedback)
    feedback_line = option.feedback[0][0] if option.feedback else option.line
    return Option(
        key,
        renderer.line(option.words, draft.file, option.line),
        right=(found.get("box") or "").lower() == "x",
        feedback_html=renderer.blocks(feedback, draft.file, feedback_line, f"{draft.key}-{key}") if feedback else "",
        partner_html=renderer.line(partner, draft.file, option.line) if partner else "",
    )


def _choice(draft: Draft, renderer: Renderer, faults: Faults) -> Answer:
    options = _options(draft, renderer, faults)
    rights = sum(option.right for option in options)
    if rights == 0:
        _wrong(draft, faults, text("Câu hỏi chưa có phương án đúng."), text("Đánh dấu phương án đúng bằng - [x]."))
    elif rights > 1 and draft.kind != "multiple":
        _wrong(
            draft,
            faults,
            text("Câu hỏi chọn một mà có {count} phương án đúng.", count=rights),
            text("Để lại một dấu [x], hoặc đổi sang type=multiple."),
        )
    if draft.kind == "truefalse" and len(options) > 2:
        _wrong(
            draft, faults, text("Câu đúng, sai chỉ có hai phương án."), text("Bớt phương án, hoặc dùng type=single.")
        )
    return {"options": options}


def _match(draft: Draft, renderer: Renderer, faults: Faults) -> Answer:
    return {"options": _options(draft, renderer, faults)}


def _order(draft: Draft, renderer: Renderer, faults: Faults) -> Answer:
    options = _options(draft, renderer, faults)
    if len({option.html for option in options}) < len(options):
        _wrong(draft, faults, text("Hai việc cần xếp giống hệt nhau."), text("Viết mỗi việc một khác."))
    return {"options": options}


def _number(draft: Draft, _renderer: Renderer, faults: Faults) -> Answer:
    if draft.draws:
        return read_drawn(draft, faults)
    written = draft.options[0].words if len(draft.options) == 1 else ""
    value_text, _, tolerance_text = written.replace("+/-", "±").partition("±")
    value, tolerance = read_number(value_text), read_number(tolerance_text) if tolerance_text else Decimal(0)
    if value is None or tolerance is None or tolerance < 0:
        _wrong(
            draft,
            faults,
            text("Câu hỏi số chưa có đáp án đúng mẫu."),
            text("Viết một dòng đáp án, thí dụ: = 630000 ± 0"),
            draft.options[0].line if draft.options else 0,
        )
        return {}
    return {"value": value, "tolerance": tolerance}


def _accepted(written: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in written.split("|") if one.strip())


def _short(draft: Draft, _renderer: Renderer, faults: Faults) -> Answer:
    accepted = tuple(one for option in draft.options for one in _accepted(option.words))
    if not accepted:
        _wrong(
            draft,
            faults,
            text("Câu trả lời ngắn chưa có đáp án."),
            text("Viết một dòng đáp án, các cách viết cách nhau bằng |, thí dụ: = hai | 2"),
        )
    return {"accepted": accepted}


def _cloze(draft: Draft, _renderer: Renderer, faults: Faults) -> Answer:
    """Reads the gaps out of the stem and leaves marks there."""
    gaps: list[tuple[str, ...]] = []

    def taken(match: re.Match[str]) -> str:
        gaps.append(_accepted(match[1]))
        return gap(len(gaps))

    draft.stem = _GAP.sub(taken, draft.stem)
    draft.more = [(number, _GAP.sub(taken, line)) for number, line in draft.more]
    if not gaps or not all(gaps):
        _wrong(
            draft,
            faults,
            text("Câu điền chỗ trống chưa có chỗ trống, hoặc chỗ trống chưa có đáp án."),
            text("Đặt đáp án giữa hai ngoặc nhọn ngay trong câu, thí dụ: {{hai|2}} nghĩa"),
        )
    return {"gaps": tuple(gaps)}


def _long(draft: Draft, renderer: Renderer, faults: Faults) -> Answer:
    if not draft.options:
        _wrong(
            draft,
            faults,
            text("Câu trả lời dài chưa có tiêu chí chấm."),
            text("Thêm các dòng tiêu chí, thí dụ: - [ ] Nêu được hai việc (2 điểm)"),
        )
    found = [_criterion(option, draft, renderer, faults) for option in draft.options]
    criteria = tuple(criterion for criterion in found if criterion)
    return {
        "criteria": criteria,
        "accepts": _accepts(draft, faults),
        "needed": _needed(draft, criteria, faults),
        "chips": tuple(dict.fromkeys(words for _, words in draft.chips)),
    }


def _accepts(draft: Draft, faults: Faults) -> tuple[str, ...]:
    """What may be handed in, in the usual order; a text where nothing is said."""
    named = draft.accepts.split(",") if draft.accepts else ["text"]
    for name in named:
        if name not in ACCEPTS:
            _wrong(
                draft,
                faults,
                text("Không có cách nộp “{name}”.", name=name),
                text(
                    "Dùng accept= với một hay nhiều trong: {names}, cách nhau bằng dấu phẩy.", names=", ".join(ACCEPTS)
                ),
            )
    return tuple(name for name in ACCEPTS if name in named)


def _needed(draft: Draft, criteria: tuple[Criterion, ...], faults: Faults) -> Decimal:
    """The points needed; half of all where nothing is said."""
    whole = sum((criterion.points for criterion in criteria), Decimal(0))
    needed = read_number(draft.needed) if draft.needed else half_of(criteria)
    if criteria and (needed is None or not 0 <= needed <= whole):
        _wrong(
            draft,
            faults,
            text(
                "Số điểm cần đạt “{needed}” chưa đúng; cộng các tiêu chí là {whole}.", needed=draft.needed, whole=whole
            ),
            text("Viết pass= với một số từ 0 đến tổng điểm, hoặc bỏ đi: khi đó cần một nửa số điểm."),
        )
    return needed or Decimal(0)


def _criterion(option: DraftOption, draft: Draft, renderer: Renderer, faults: Faults) -> Criterion | None:
    match = _POINTS.fullmatch(option.words)
    if match and match["words"]:
        words = renderer.line(match["words"], draft.file, option.line)
        return Criterion(words, Decimal(match["points"].replace(",", ".")), _steps(option, draft, faults))
    _wrong(
        draft,
        faults,
        text("Tiêu chí này chưa có điểm."),
        text("Viết điểm trong ngoặc ở cuối dòng, thí dụ: - [ ] Nêu được hai việc (2 điểm)"),
        option.line,
    )
    return None


def _steps(option: DraftOption, draft: Draft, faults: Faults) -> tuple[str, str, str, str]:
    """The words for the four steps of a criterion; the usual ones where none are written."""
    if not option.feedback:
        return STEPS
    words = [one.strip() for one in " ".join(line for _, line in option.feedback).split("|")]
    if len(words) != len(STEPS) or not all(words):
        _wrong(
            draft,
            faults,
            text("Tiêu chí này cần đúng bốn mức."),
            text("Viết bốn mức từ thấp đến cao, thí dụ: > Chưa có | Có một việc | Có hai việc | Đủ và rõ"),
            option.feedback[0][0],
        )
        return STEPS
    none, some, done, well = words
    return none, some, done, well


ANSWERS: dict[str, Callable[[Draft, Renderer, Faults], Answer]] = {
    "single": _choice,
    "multiple": _choice,
    "truefalse": _choice,
    "match": _match,
    "order": _order,
    "number": _number,
    "short": _short,
    "cloze": _cloze,
    "long": _long,
}
