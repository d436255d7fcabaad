"""`lms check`: all rules, both databases, the browser; runs all, then tells all."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

DEFAULT_POSTGRES = "postgresql://postgres@127.0.0.1:5432/test"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Tests that ask no database: run once.
SAME_ON_BOTH = tuple(
    word
    for file in (
        "house/test_contracts.py", "house/test_wheel.py", "house/test_templates.py", "house/test_texts.py",
        "courses/test_faults.py", "courses/test_exchange.py", "courses/test_exchange_faults.py", "courses/test_forms.py",
        "courses/test_lessons.py",
        "courses/test_questions.py", "courses/test_reader.py", "courses/test_rendering.py", "courses/test_rubric.py",
        "courses/test_values.py", "learning/test_items.py", "learning/test_rules.py", "core/test_names.py",
        "core/test_sheets.py",
    )
    for word in ("--ignore", f"tests/{file}")
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One check: how it is called, and what it needs that may be missing."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    lacks: str = ""


@dataclass(frozen=True)
class Ended:
    """How a step ended: passed, failed, or not run (with the reason)."""

    name: str
    state: str
    seconds: float
    reason: str = ""


def check(long_: bool, only: Sequence[str], as_json: bool) -> int:
    """0 when all passed; what could not run is named, and fails under CI=true."""
    if not Path("pyproject.toml").is_file() or not Path("tests").is_dir():
        raise click.ClickException("Chạy lms check trong thư mục nguồn của dự án (nơi có pyproject.toml và tests/).")
    ended = [_run(step) for step in steps(long_) if not only or step.name in only]
    for line in ended:
        click.echo(
            json.dumps(asdict(line))
            if as_json
            else f"{line.state:8} {line.name:12} {line.seconds:6.1f} s {line.reason}"
        )
    left_out = [line for line in ended if line.state == "not run"]
    if left_out:
        click.echo(f"Không chạy được: {', '.join(f'{line.name} ({line.reason})' for line in left_out)}", err=True)
    if long_:
        _write_long(ended)
    failed = any(line.state == "failed" for line in ended) or (bool(left_out) and os.environ.get("CI") == "true")
    return int(failed)


def steps(long_: bool) -> list[Step]:
    """Formatting, rules of code, types, contracts, tests on both databases, journeys."""
    postgres = os.environ.get("TEST_DATABASE_URL") or DEFAULT_POSTGRES
    examples = {"LMS_LONG": "1"} if long_ else {}
    tests = ("pytest", "-n", "2", "--dist", "loadgroup", "tests", "--ignore", "tests/browser")
    return [
        Step("format", ("ruff", "format", "--check", "lms", "tests"), {}),
        Step("lint", ("ruff", "check", "lms", "tests"), {}),
        Step("types", ("mypy",), {}),
        Step("contracts", ("lint-imports", "--no-cache"), {}),
        Step("sqlite", tests, {"TEST_DATABASE_URL": "", **examples}),
        Step(
            "postgresql",
            (*tests, *SAME_ON_BOTH),
            {"TEST_DATABASE_URL": postgres, **examples},
            _lacks_postgres(postgres),
        ),
        Step(
            "browser",
            ("pytest", "-n", "2", "--dist", "loadfile", "tests/browser"),
            {"TEST_DATABASE_URL": "", "CHROMIUM": chromium(), **examples},
            _lacks_chromium(),
        ),
    ]


def chromium() -> str:
    """Path of a browser, or nothing."""
    return os.environ.get("CHROMIUM") or next((path for name in CHROMIUM if (path := shutil.which(name))), "")


def _lacks_chromium() -> str:
    return "" if chromium() else "không có Chromium"


def _lacks_postgres(address: str) -> str:
    asks = "import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=3).close()"
    answer = subprocess.run([sys.executable, "-c", asks, address], capture_output=True, check=False)
    return "không có PostgreSQL" if answer.returncode else ""


def _run(step: Step) -> Ended:
    if step.lacks:
        return Ended(step.name, "not run", 0.0, step.lacks)
    click.echo(f"— {step.name}", err=True)
    program = Path(sys.executable).parent / step.command[0]
    command = [str(program), *step.command[1:]] if program.exists() else [sys.executable, "-m", *step.command]
    began = time.monotonic()
    code = subprocess.run(command, env={**os.environ, **step.environment}, check=False).returncode
    return Ended(step.name, "failed" if code else "passed", round(time.monotonic() - began, 1))


def _write_long(ended: Sequence[Ended]) -> None:
    """`tests/long.json`: commit, machine, durations."""
    git = shutil.which("git") or "git"
    told: Callable[..., str] = lambda *words: subprocess.run(  # noqa: E731
        [git, *words], capture_output=True, text=True, check=False
    ).stdout.strip()
    content = {
        "commit": told("rev-parse", "HEAD"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "steps": [asdict(line) for line in ended],
    }
    Path("tests/long.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
