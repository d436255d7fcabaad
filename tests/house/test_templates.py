"""Templates: pages bear the names of views, partials are used, every url_for leads somewhere, all forms have their token."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SOURCES = {p: p.read_text(encoding="utf-8") for p in TEMPLATES.rglob("*.html")}
CODE = {p: p.read_text(encoding="utf-8") for p in (ROOT / "lms").rglob("*.py")}


def test_each_page_is_shown_by_a_view_of_its_room() -> None:
    for path in SOURCES:
        room, name = path.parent.name, path.relative_to(TEMPLATES).as_posix()
        if room == "web" or path.name.startswith("_"):
            continue
        views = [code for p, code in CODE.items() if p.parent.name == room or p.parent.parent.name == room]
        assert any(f'"{name}"' in code for code in views), name


def test_each_partial_is_used() -> None:
    everything = "\n".join([*SOURCES.values(), *CODE.values()])
    for path in SOURCES:
        if path.name.startswith("_"):
            assert path.relative_to(TEMPLATES).as_posix() in everything, path


def test_each_url_for_leads_somewhere(app: Flask) -> None:
    endpoints = set(app.view_functions)
    for path, source in {**SOURCES, **CODE}.items():
        for endpoint in re.findall(r"""url_for\(\s*["']([a-z_.]+)["']""", source):
            room = path.relative_to(ROOT).parts[1] if endpoint.startswith(".") else ""
            assert (room + endpoint) in endpoints, f"{path}: {endpoint}"


def test_each_form_that_changes_carries_its_token() -> None:
    for path, source in SOURCES.items():
        for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", source, re.S | re.I):
            assert "csrf()" in form or "csrf_token" in form, f"{path}: {form[:120]}"


def test_no_inline_style_or_script() -> None:
    for path, source in SOURCES.items():
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script>", source), path
        assert "http://" not in source.replace("http://www.w3.org", ""), path


def test_each_component_is_used() -> None:
    macros = re.findall(r"{% macro (\w+)", SOURCES[TEMPLATES / "web" / "components.html"])
    everything = "\n".join(SOURCES.values())
    for macro in macros:
        assert re.search(rf"\b(ui\.)?{macro}\(", everything.replace(f"macro {macro}(", "")), macro
