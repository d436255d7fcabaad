"""Texts: every sentence of the interface is in the English catalogue, with its places."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask

from lms.core import words

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "lms" / "translations" / "en" / "messages.po"
# Kept in Vietnamese by design: official forms and certificates.
OFFICIAL = {"credentials/_paper.html"}


@cache
def sentences() -> frozenset[str]:
    """All sentences of templates and code."""
    found: set[str] = set()
    keywords = {"_": None, "gettext": None, "text": None, "ngettext": (1, 2)}
    for folder, method in ((ROOT / "templates", [("**.html", "jinja2")]), (ROOT / "lms", [("**.py", "python")])):
        options = {"**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
        for _, _, message, _, _ in extract_from_dir(str(folder), method, options, keywords=keywords):
            found.update([message] if isinstance(message, str) else list(message))
    return frozenset(found)


def test_every_sentence_has_its_english() -> None:
    catalogue = read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="en")
    missing = [s for s in sorted(sentences()) if not (catalogue.get(s) and catalogue.get(s).string)]
    assert not missing, f"{len(missing)} without English: {missing[:5]}"


def test_translations_keep_their_places() -> None:
    places = re.compile(r"%\(\w+\)s|{\w+}")
    for message in read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="en"):
        if message.id and isinstance(message.string, str):
            assert sorted(places.findall(str(message.id))) == sorted(places.findall(message.string)), message.id


def test_templates_hold_no_sentence_outside_the_catalogue() -> None:
    """A Vietnamese letter outside a tag, an expression and a translation is a sentence that cannot be translated."""
    vietnamese = re.compile(r"[ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ]", re.I)
    for path in (ROOT / "templates").rglob("*.html"):
        if path.relative_to(ROOT / "templates").as_posix() in OFFICIAL:
            continue
        plain = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not vietnamese.search(plain), f"{path.name}: {vietnamese.search(plain)}"


def test_english_comes_out_in_english(app: Flask) -> None:
    with words.speaking("en"):
        assert str(words.text("Có mặt")) == "Present"
    assert str(words.text("Có mặt")) == "Có mặt"
