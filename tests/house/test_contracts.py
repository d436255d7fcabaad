"""The import contracts hold, and each catches its crime (contracts.toml: kept on the house as it stands)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).parent / "lint-imports"

# contract (words of its name), file, what the culprit writes into it
CRIMES = {
    "a room imports a higher one": ("stand in one order", "units/queries.py", "import lms.people.models"),
    "the same inside a function": (
        "stand in one order",
        "people/queries.py",
        "def _x() -> None:\n    import lms.training.models",
    ),
    "the same for types only": (
        "stand in one order",
        "courses/queries.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lms.learning.models",
    ),
    "core imports a room": ("stand in one order", "core/clock.py", "import lms.units.models"),
    "a neighbour on the same step": ("stand in one order", "courses/access.py", "import lms.groups"),
    "an undeclared room": ("stand in one order", "parking/__init__.py", '"""A new room."""'),
    "a drawer in a room": ("nine words", "training/utils.py", '"""A drawer."""'),
    "queries import actions of the room": ("nine words", "people/queries.py", "import lms.people.actions"),
    "queries import actions of another room": (
        "Words keep their order",
        "training/queries.py",
        "import lms.people.actions",
    ),
    "a table imports a question": ("A table knows only tables", "training/models.py", "import lms.people.queries"),
    "rules ask the database": ("Rules are pure", "training/rules/roll.py", "import sqlalchemy"),
    "a room imports a page": ("Only app.py knows the views", "home/actions.py", "import lms.people.views"),
    "a question knows Flask": ("does not know the web", "training/queries.py", "import flask"),
    "an action knows the web": ("does not know the web", "people/actions.py", "import lms.web.pages"),
    "core knows Flask": ("does not know the web", "core/db.py", "import flask"),
    "training opens the register": (
        "register of officials is sealed",
        "training/access.py",
        "import lms.officials.models",
    ),
    "training opens coverage": ("Coverage is sealed", "credentials/queries.py", "import lms.coverage.models"),
    "a migration knows today's models": (
        "Migrations do not know",
        "migrations/versions/0001_first_tables.py",
        "import lms.core.db",
    ),
    "two rooms in a loop": ("No loops", "units/access.py", "import lms.people.models"),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """The linter on a house that lies in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    order = [str(LINTER), "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    return subprocess.run(order, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "lms", folder / "lms", ignore=shutil.ignore_patterns("__pycache__", "_data"))
    return folder


def test_the_contracts_hold(copy: Path) -> None:
    answer = _lint(copy)
    assert answer.returncode == 0, answer.stdout[-3000:]
    assert "11 kept, 0 broken" in answer.stdout


@pytest.mark.parametrize("crime", CRIMES)
def test_each_contract_catches_its_crime(copy: Path, crime: str) -> None:
    contract, place, written = CRIMES[crime]
    path = copy / "lms" / place
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{written}\n", encoding="utf-8")
    try:
        answer = _lint(copy)
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
        shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)
    broken = [line for line in answer.stdout.splitlines() if line.rstrip().endswith("BROKEN")]
    assert answer.returncode == 1, answer.stdout[-1500:] + answer.stderr[-500:]
    assert [line for line in broken if contract in line], broken
