"""`lms courses`: folders read, shown, published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from lms.core.actor import System
from lms.core.refusal import Refusal
from lms.core.settings import data_folder
from lms.courses import actions
from lms.courses.rules import CourseHasFaults, read_folder, summary_of
from lms.units.queries import national_union

LMS = System("lms courses publish")


def folders_of(given: Sequence[Path]) -> list[Path]:
    """The given folders, or all in `courses/`."""
    return list(given) or sorted(p.parent for p in data_folder("courses").glob("*/course.toml"))


def check(given: Sequence[Path], as_json: bool) -> int:
    """Faults by file and line, or a summary, of each folder; 1 if any has a fault."""
    bad = 0
    for folder in folders_of(given):
        try:
            found = summary_of(read_folder(folder))
        except CourseHasFaults as faults:
            bad = 1
            for fault in faults.faults:
                click.echo(f"{folder.name}/{fault.file}:{fault.line}: {fault.sentence} {fault.remedy}", err=True)
            continue
        line = {"course": folder.name, **asdict(found)}
        click.echo(json.dumps(line, ensure_ascii=False, default=str) if as_json else _shown(line))
    return bad


def _shown(line: dict[str, object]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in line.items())


def publish(given: Sequence[Path], confirmed: bool) -> int:
    """Each folder as an edition; a folder with faults is told and left out."""
    bad = 0
    for folder in folders_of(given):
        try:
            edition = actions.publish_folder(folder, owner=national_union(), by=LMS, confirmed=confirmed)
            click.echo(f"{folder.name}: bản {edition.number}")
        except CourseHasFaults as faults:
            bad = 1
            for fault in faults.faults:
                click.echo(f"{folder.name}/{fault.file}:{fault.line}: {fault.sentence} {fault.remedy}", err=True)
        except Refusal as refusal:
            bad = 1
            click.echo(f"{folder.name}: {refusal.sentence}", err=True)
    return bad
