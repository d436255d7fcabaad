"""From a wheel in an empty environment and an empty folder, the same story is served."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.browser.conftest import _free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    order = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    answer = subprocess.run(order, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_templates_static_files_courses_and_texts(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    course = "_data/courses/lgg-3-thon-ban/course.toml"
    for wanted in ("_data/templates/web/layout.html", "_data/static/web/tokens.css", course, "units/start.json",
                   "credentials/giay.typ", "translations/en/messages.po", "migrations/script.py.mako"):  # fmt: skip
        assert f"lms/{wanted}" in names, wanted
    assert not [name for name in names if ".data/" in name or name.startswith("tests")]


def test_the_wheel_serves_the_story_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Its own files from the wheel, the libraries from this environment; start to first answer within 30 s."""
    place, port = tmp_path / "site", _free_port()
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(place), "PORT": str(port), "HOST": "127.0.0.1"}
    for variable in ("LMS_DATA", "DATABASE_URL", "TEST_DATABASE_URL"):
        environment.pop(variable, None)
    began = time.monotonic()
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen([sys.executable, "-m", "lms", "dev"], cwd=empty, env=environment, stdout=log, stderr=log)
    try:
        page = _first_answer(f"http://127.0.0.1:{port}/khoa-hoc/lgg-3-thon-ban", began)
        took = time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert "Hai từ, hai nghĩa" in page, (tmp_path / "log").read_text()
    assert took < 30, took
    assert [path.name for path in empty.iterdir()] == [".data"]
    origin = subprocess.run([sys.executable, "-c", "import lms; print(lms.__file__)"], cwd=empty, env=environment,
                            capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert str(place) in origin


def _first_answer(address: str, began: float) -> str:
    while time.monotonic() - began < 60:
        try:
            return str(urllib.request.urlopen(address, timeout=5).read().decode())
        except OSError:
            time.sleep(0.1)
    return ""
