"""Rooms, tables, words of the README: the house keeps its own rules."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib
from pathlib import Path

from flask import Flask

from lms.app import METADATA
from lms.core.settings import Settings
from lms.migrations import run

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
STAIRS = [step for layer in CONTRACTS[0]["layers"] for step in [[room.strip() for room in layer.split("|")]]]
HEIGHT = {room: -place for place, rooms in enumerate(STAIRS) for room in rooms}
ROOMS = [name.removeprefix("lms.") for name in CONTRACTS[1]["containers"]]


def _tables() -> dict[str, str]:
    """Table name -> the room whose models define it."""
    found = {}
    for room in [*ROOMS, "core"]:
        for path in [
            *(ROOT / "lms" / room).glob("models.py"),
            *((ROOT / "lms" / "core").glob("*.py") if room == "core" else []),
        ]:
            for name in re.findall(r'__tablename__ = "(\w+)"', path.read_text(encoding="utf-8")):
                found[name] = room
    return found


def test_every_table_has_its_room() -> None:
    assert set(METADATA.tables) == set(_tables())


def test_no_column_points_up_the_staircase_or_into_the_register() -> None:
    rooms = _tables()
    for name, table in METADATA.tables.items():
        for key in table.foreign_keys:
            target = rooms[key.column.table.name]
            assert HEIGHT[target] <= HEIGHT[rooms[name]], f"{name}.{key.parent.name} points up to {target}"
            assert target != "officials" or rooms[name] == "officials", (
                f"{name}.{key.parent.name} points into the register"
            )


def test_relationships_go_one_way() -> None:
    for path in (ROOT / "lms").rglob("models.py"):
        source = path.read_text(encoding="utf-8")
        assert "back_populates" not in source and "backref" not in source and "cascade" not in source, path


def test_every_person_column_is_told_and_forgotten(app: Flask) -> None:
    """`about` and `forget` of each room cover each of its tables that names a person."""
    rooms = _tables()
    naming = {
        name
        for name, table in METADATA.tables.items()
        for key in table.foreign_keys
        if key.column.table.name == "person" and name != "person"
    } | {"person"}
    from lms import demo  # noqa: PLC0415
    from lms.core.actor import System  # noqa: PLC0415

    who = demo.member("cadre").person_id
    for room in sorted({rooms[name] for name in naming}):
        mine = {name for name in naming if rooms[name] == room}
        told = set(importlib.import_module(f"lms.{room}.queries").about(who))
        forgotten = set(importlib.import_module(f"lms.{room}.actions").forget(who, by=System("test")))
        assert mine <= told, f"{room}.about leaves out {mine - told}"
        assert mine <= forgotten, f"{room}.forget leaves out {mine - forgotten}"


def test_a_room_is_a_plaque_first() -> None:
    for room in ROOMS:
        tree = ast.parse((ROOT / "lms" / room / "__init__.py").read_text(encoding="utf-8"))
        assert len(tree.body) == 1 and ast.get_docstring(tree), f"{room}/__init__.py holds more than its plaque"


def test_folders_bear_the_names_of_rooms() -> None:
    known = {*ROOMS, "web", "core", "house", "browser", "cli", "bench"}
    for tree in ("templates", "static", "tests"):
        for path in (ROOT / tree).iterdir():
            assert not path.is_dir() or path.name in known or path.name == "__pycache__", path


def test_every_public_function_has_its_line() -> None:
    for path in (ROOT / "lms").rglob("*.py"):
        if "migrations/versions" in path.as_posix():
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"


def test_banned_names() -> None:
    banned = re.compile(r"(^|_)(util|utils|helper|helpers|common|misc|manager|handler|service)(_|$)")
    for path in (ROOT / "lms").rglob("*.py"):
        assert not banned.search(path.stem), path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                assert not banned.search(node.name.lower()), f"{path}: {node.name}"


def test_models_and_migrations_agree(app: Flask) -> None:
    assert run.differences() == []


def test_migrations_go_back_and_forth(app: Flask) -> None:
    from lms.core.db import alchemy, db  # noqa: PLC0415

    db.remove()
    alchemy.engine.dispose()
    run.downgrade()
    run.upgrade()
    assert run.differences() == []


def test_the_readme_knows_rooms_commands_and_settings() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for room in ROOMS:
        plaque = inspect.cleandoc(importlib.import_module(f"lms.{room}").__doc__ or "")
        plaque = plaque.split("\n\n")[0].split(". ")[0].rstrip(".")
        assert f"| `{room}` | {plaque}" in readme, f"{room}: {plaque}"
    from lms.cli import main  # noqa: PLC0415

    for command in main.commands:
        assert f"`lms {command}" in readme, command
    for field in Settings.__dataclass_fields__.values():
        assert f"| `{field.metadata['variable']}` |" in readme, field.name


def test_the_first_two_blocks_of_the_readme_are_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)\n```", readme, re.S)
    assert len(blocks[0].splitlines()) == 1 and "lms dev" in blocks[0]
    assert len(blocks[1].splitlines()) == 1 and "lms check" in blocks[1]


def test_the_top_level_is_as_the_user_fixed_it() -> None:
    import subprocess  # noqa: PLC0415

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    top = {line.split("/")[0] for line in listed if line}
    fixed = {"pyproject.toml", "lms", "courses", "templates", "static", "tests", "README.md", "requirements.lock"}
    assert {name for name in top if not name.startswith(".")} <= fixed


def test_no_registry_or_machine_is_named() -> None:
    import subprocess  # noqa: PLC0415

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    forbidden = ["pypi" + ".org", "npmjs" + ".org", "files.python" + "hosted", "/work/" + "main", "/root/" + "."]
    for name in listed:
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".html", ".js", ".css", ".lock", ".json", ""}:
            source = path.read_text(encoding="utf-8", errors="ignore")
            assert not [word for word in forbidden if word in source], name
