"""course.toml: what the course is, for whom, when it is completed, its goals and sources."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from lms.core.words import Text, text
from lms.courses.rules.audiences import LEVELS
from lms.courses.rules.course import Completion, Source
from lms.courses.rules.faults import Faults
from lms.courses.rules.fields import (
    NUMBER,
    SENTENCE,
    SOME_SENTENCES,
    TABLE,
    TABLES,
    WHOLE,
    YES_NO,
    Keys,
    check_keys,
    lines_of_toml,
)
from lms.courses.rules.tidy import COVER

FIELDS = ("lgg", "lanh-dao", "tkvv", "clb", "khac")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 60
_MOST_HOURS = 1_000
_TOP = Keys(
    {
        "id": SENTENCE,
        "title": SENTENCE,
        "summary": SENTENCE,
        "component": WHOLE,
        "field": SENTENCE,
        "level": SENTENCE,
        "audience": SOME_SENTENCES,
        "audience_text": SENTENCE,
        "languages": SOME_SENTENCES,
        "hours": NUMBER,
        "open": YES_NO,
        "licence": SENTENCE,
        "proposal": SENTENCE,
        "completion": TABLE,
        "certificate": TABLE,
        "goals": TABLE,
        "sources": TABLES,
    },
    frozenset({"proposal"}),
)
PRODUCTS = ("none", "all", "any")
_COMPLETION = Keys({"lessons": SENTENCE, "test": YES_NO, "products": SENTENCE}, frozenset({"products"}))
_CERTIFICATE = Keys({"title": SENTENCE})
_SOURCE = Keys({"key": SENTENCE, "text": SENTENCE})
_BAD_ID = (
    text("Mã khóa học chưa đúng."),
    text("Chỉ dùng chữ thường không dấu, chữ số, gạch ngang; dài nhất {limit} chữ.", limit=_LONGEST_ID),
)
_BAD_HOURS = (text("Số giờ học chưa đúng."), text("Viết số giờ lớn hơn 0, thí dụ 3.0."))
_BAD_COMPLETION = (text("Cách tính học xong chưa đúng."), text('Viết lessons = "all": mở hết mọi bài.'))
_BAD_PRODUCTS = (
    text("Cách tính sản phẩm chưa đúng."),
    text('Viết products = "all" (mọi sản phẩm), "any" (một sản phẩm) hoặc "none".'),
)
_BAD_GOALS = (
    text("Mục tiêu chưa có, hoặc mã mục tiêu chưa đúng."),
    text('Viết mỗi mục tiêu một dòng, mã không dấu, thí dụ: phan-biet = "Phân biệt được …"'),
)

Cover = dict[str, Any]


def read_cover(files: Mapping[str, bytes], texts: Mapping[str, str], name: str, faults: Faults) -> Cover | None:
    """The fields of `Course` that course.toml gives; None where there is a fault in it. `name` "" = no folder name."""
    if COVER not in files:
        faults.add(COVER, 0, text("Thư mục không có course.toml."), text("Thêm tệp course.toml theo mẫu."))
    written = texts.get(COVER)
    if written is None:
        return None
    try:
        values = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        _faulty(written, str(error), faults)
        return None
    lines = lines_of_toml(written)
    before = len(faults.found)
    if check_keys(values, _TOP, COVER, lines, faults):
        _check_tables(values, lines, faults)
        _check_values(values, name, lines, faults)
    return _cover(values) if len(faults.found) == before else None


def _faulty(written: str, message: str, faults: Faults) -> None:
    place = re.search(r"at line (\d+)", message)
    line = int(place[1]) if place else len(written.rstrip("\n").split("\n"))
    faults.add(
        COVER,
        line,
        text("course.toml viết chưa đúng ở dòng này."),
        text('Mỗi dòng dạng tên = "giá trị"; mỗi tên chỉ có một lần; chữ đặt trong ngoặc kép.'),
    )


def goals_of(texts: Mapping[str, str]) -> frozenset[str] | None:
    """Ids of the goals, also where something else in course.toml is faulty; None if they cannot be read."""
    try:
        goals = tomllib.loads(texts.get(COVER, "")).get("goals")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None
    return frozenset(goals) if isinstance(goals, dict) else None


def _check_tables(values: Cover, lines: Mapping[str, int], faults: Faults) -> None:
    check_keys(values["completion"], _COMPLETION, COVER, lines, faults, "completion.")
    check_keys(values["certificate"], _CERTIFICATE, COVER, lines, faults, "certificate.")
    check_keys(values["goals"], Keys(dict.fromkeys(values["goals"], SENTENCE)), COVER, lines, faults, "goals.")
    seen: set[str] = set()
    for place, source in enumerate(values["sources"]):
        check_keys(source, _SOURCE, COVER, lines, faults, f"sources.{place}.")
        key = str(source.get("key"))
        if key in seen:
            sentence = text("Nguồn “{key}” ghi hai lần.", key=key)
            faults.add(COVER, lines.get(f"sources.{place}", 0), sentence, text("Giữ một dòng cho mỗi nguồn."))
        seen.add(key)


def _check_values(values: Cover, name: str, lines: Mapping[str, int], faults: Faults) -> None:
    key, goals = values["id"], values["goals"]
    checks: dict[str, tuple[bool, Text, Text]] = {
        "id": (bool(_SLUG.fullmatch(key)) and len(key) <= _LONGEST_ID, *_BAD_ID),
        "hours": (0 < values["hours"] <= _MOST_HOURS, *_BAD_HOURS),
        "completion.lessons": (values["completion"].get("lessons") == "all", *_BAD_COMPLETION),
        "completion.products": (values["completion"].get("products", "none") in PRODUCTS, *_BAD_PRODUCTS),
        "goals": (bool(goals) and all(map(_SLUG.fullmatch, goals)), *_BAD_GOALS),
    }
    for place, (is_met, sentence, remedy) in checks.items():
        if not is_met:
            faults.add(COVER, lines.get(place, 0), sentence, remedy)
    if name not in {"", key}:
        sentence = text("Mã khóa học “{key}” khác tên thư mục “{name}”.", key=key, name=name)
        faults.add(COVER, lines.get("id", 0), sentence, text("Đổi id hoặc đổi tên thư mục cho giống nhau."))
    _demand_one_of(values, "component", (1, 2, 3, 4), lines, faults)
    _demand_one_of(values, "field", FIELDS, lines, faults)
    _demand_one_of(values, "level", tuple(LEVELS), lines, faults)


def _demand_one_of(
    values: Cover, key: str, allowed: tuple[object, ...], lines: Mapping[str, int], faults: Faults
) -> None:
    if values[key] not in allowed:
        faults.add(
            COVER,
            lines.get(key, 0),
            text("Giá trị “{value}” của “{key}” không có trong danh mục.", value=values[key], key=key),
            text("Dùng một trong: {allowed}.", allowed=", ".join(map(str, allowed))),
        )


def _cover(values: Cover) -> Cover:
    made = {key: value for key, value in values.items() if key != "certificate"}
    made["proposal"] = values.get("proposal", "")
    made["hours"] = float(values["hours"])
    made["audience"], made["languages"] = tuple(values["audience"]), tuple(values["languages"])
    made["completion"] = Completion(**values["completion"])
    made["certificate_title"] = values["certificate"]["title"]
    made["sources"] = tuple(Source(source["key"], source["text"]) for source in values["sources"])
    return made
