"""Front matter and tables of keys: which keys may stand there, of which type, on which line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from lms.core.words import Text, text
from lms.courses.rules.faults import Faults


@dataclass(frozen=True)
class Kind:
    """A type a value may have, and its name for people."""

    fits: Callable[[object], bool]
    name: Text


@dataclass(frozen=True)
class Front:
    """What stands at the head of a Markdown file, and the text under it, which starts on line `body_line`."""

    values: dict[str, Any]
    lines: dict[str, int]
    body: str
    body_line: int
    sound: bool = True


@dataclass(frozen=True)
class Keys:
    """The keys of one table; `optional` names those that may be absent."""

    kinds: Mapping[str, Kind]
    optional: frozenset[str] = field(default_factory=frozenset)


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_sentences(value: object) -> bool:
    return isinstance(value, list) and all(_is_sentence(one) for one in value)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


# What PyYAML raises for texts like `!!bool x` besides its own errors.
_UNREADABLE = (yaml.YAMLError, RecursionError, ValueError, LookupError, AttributeError, TypeError)

SENTENCE = Kind(_is_sentence, text("một dòng chữ"))
WHOLE = Kind(_is_whole, text("một số nguyên"))
NUMBER = Kind(_is_number, text("một số"))
YES_NO = Kind(lambda value: isinstance(value, bool), text("true hoặc false"))
SENTENCES = Kind(_are_sentences, text("một danh sách chữ, thí dụ [mot, hai]"))
SOME_SENTENCES = Kind(lambda value: _are_sentences(value) and bool(value), text("một danh sách không trống"))
TABLE = Kind(_is_table, text("một bảng khóa và giá trị"))
TABLES = Kind(lambda value: isinstance(value, list) and all(map(_is_table, value)), text("một danh sách bảng [[…]]"))


def check_keys(
    values: Mapping[str, Any], keys: Keys, file: str, lines: Mapping[str, int], faults: Faults, inside: str = ""
) -> bool:
    """Are all keys known, present and of their type? Each that is not is a fault; `inside` = `table.` for its lines."""
    before = len(faults.found)
    here = lines.get(inside.rstrip("."), 0)
    for key in keys.kinds.keys() - keys.optional - values.keys():
        faults.add(file, here, text("Thiếu mục “{key}”.", key=inside + key), text("Thêm mục này theo mẫu."))
    for key, value in values.items():
        line = lines.get(inside + key, here)
        if key not in keys.kinds:
            sentence = text("Không có mục nào tên “{key}”.", key=inside + key)
            faults.add(file, line, sentence, text("Sửa lại tên mục, hoặc bỏ dòng này."))
        elif not keys.kinds[key].fits(value):
            sentence = text("Mục “{key}” phải là {kind}.", key=inside + key, kind=keys.kinds[key].name)
            faults.add(file, line, sentence, text("Sửa lại giá trị của mục này."))
    return len(faults.found) == before


def read_front(written: str, file: str, faults: Faults) -> Front:
    """Front matter between two lines `---`; a missing or faulty one is a fault and gives `sound` = False."""
    lines = written.split("\n")
    ends = [place for place, line in enumerate(lines) if line.rstrip() == "---"]
    if lines[0].rstrip() != "---" or len(ends) < 2:
        faults.add(
            file,
            1,
            text("Thiếu phần đầu tệp, giữa hai dòng ---."),
            text("Thêm vào đầu tệp: một dòng ---, các mục như title: …, rồi một dòng --- nữa."),
        )
        return Front({}, {}, written, 1, sound=False)
    head, body = "\n".join(lines[1 : ends[1]]), "\n".join(lines[ends[1] + 1 :])
    try:
        values, places = _mapping(head)
    except _UNREADABLE as error:
        _faulty_front(file, error, ends[1], faults)
        return Front({}, {}, body, ends[1] + 2, sound=False)
    return Front(values, places, body, ends[1] + 2)


def _mapping(head: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Values and line numbers of the keys; ValueError if it is no table of keys, or a key stands twice."""
    loader = yaml.CSafeLoader(head)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ValueError("no table")
        lines = {str(key.value): key.start_mark.line + 2 for key, _ in node.value}
        if len(lines) != len(node.value):
            raise ValueError("a key stands twice")
        values: dict[str, Any] = loader.construct_document(node)
    finally:
        loader.dispose()
    return {str(key): value for key, value in values.items()}, lines


def _faulty_front(file: str, error: Exception, last: int, faults: Faults) -> None:
    is_list = "flow" in str(getattr(error, "context", ""))
    mark = getattr(error, "context_mark" if is_list else "problem_mark", None)
    faults.add(
        file,
        min(mark.line + 2, last) if mark else 1,
        text("Phần đầu tệp viết chưa đúng."),
        text(
            "Mỗi dòng một mục, mỗi mục một lần, dạng “tên: giá trị”; giá trị có dấu hai chấm thì đặt trong ngoặc kép."
        ),
    )


_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\")\s*=")


def lines_of_toml(written: str) -> dict[str, int]:
    """Line of each key, `table.key`; the tables of a list are numbered: `sources.0.key`."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    inside = ""
    for number, line in enumerate(written.split("\n"), start=1):
        if header := _HEADER.match(line):
            name = header[2]
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                lines.setdefault(name, number)
                name = f"{name}.{counts[name]}"
            lines.setdefault(name, number)
            inside = name + "."
        elif key := _KEY.match(line):
            lines.setdefault(inside + key[1].strip('"'), number)
    return lines
