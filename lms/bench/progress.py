"""Progress of many learners: what the page reads, the list as a file, the long list in little memory, each beside a floor.

The floor is what anybody would have to do: the same rows by plain sqlite3, and the list written by `csv`.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.bench import crowd
from lms.core import sheets
from lms.core.db import counting, db
from lms.core.settings import Settings
from lms.courses.queries import edition_of
from lms.learning import queries
from lms.learning.queries.followed import Learner, Outline
from lms.units.models import Unit

ROUNDS = 15
SMALL, LARGE = (1000, 10), (20_000, 60)
NAMES = ("progress", "progress csv", "progress stream")
PEOPLE = """SELECT person.id, person.name, person.birth_year, unit.kind, unit.name, study.last_at, study.completed_at
FROM study JOIN person ON study.person_id = person.id JOIN post ON post.person_id = person.id
JOIN unit ON post.unit_id = unit.id ORDER BY person.name_sort, person.birth_year, person.id"""
LESSONS = """SELECT study.person_id, progress.lesson_key, progress.finished_at
FROM progress JOIN study ON progress.study_id = study.id WHERE study.person_id IN"""
CELLS = """SELECT person.id, person.name, person.birth_year, unit.name, progress.lesson_key, progress.finished_at
FROM progress JOIN study ON progress.study_id = study.id JOIN person ON study.person_id = person.id
JOIN post ON post.person_id = person.id JOIN unit ON post.unit_id = unit.id ORDER BY person.name_sort, person.id"""


@dataclass(frozen=True)
class Result:
    """CPU in ms and statements; for the long list also seconds and the peak of memory in MB."""

    name: str
    cpu_ms: float
    floor_cpu_ms: float
    sql: int = 0
    seconds: float = 0
    peak_mb: float = 0
    floor_peak_mb: float = 0

    def __str__(self) -> str:
        ratio = self.cpu_ms / self.floor_cpu_ms if self.floor_cpu_ms else 0
        line = (
            f"{self.name:16} CPU {self.cpu_ms:8.2f} ms (x{ratio:.2f} of floor {self.floor_cpu_ms:.2f})  SQL {self.sql}"
        )
        if self.peak_mb:
            line += f"  {self.seconds:.1f} s  peak {self.peak_mb:.0f} MB (floor {self.floor_peak_mb:.0f})"
        return line


def wanted(only: Sequence[str]) -> list[str]:
    """Which of these cases were asked for: all of them, or those whose name begins so."""
    return [name for name in NAMES if not only or any(name.startswith(begin) for begin in only)]


def measure(names: Sequence[str], as_json: bool) -> None:
    """Each of these cases, printed."""
    with tempfile.TemporaryDirectory() as folder:
        results = []
        if set(names) & set(NAMES[:2]):
            app = crowd.gather(Path(folder) / "small", *SMALL)
            results += [result for result in _small(app, Path(folder) / "small") if result.name in names]
        if NAMES[2] in names:
            crowd.gather(Path(folder) / "large", *LARGE)
            results.append(_large(Path(folder) / "large"))
    for result in results:
        click.echo(json.dumps(asdict(result)) if as_json else str(result))


def _small(app: Flask, folder: Path) -> list[Result]:
    with app.app_context():
        page = _alternate(_page, lambda: _fetched(folder))
        file = _alternate(_file, lambda: _plain_file(folder, io.StringIO()))
        return [Result(NAMES[0], *page, _statements(_page)), Result(NAMES[1], *file, _statements(_file))]


def _statements(work: Callable[[], object]) -> int:
    with counting() as counter:
        work()
    return len(counter.statements)


def _alternate(work: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Medians of CPU in ms, in turn."""
    pairs = [(_cpu(work), _cpu(floor)) for _ in range(ROUNDS)]
    return round(statistics.median(p[0] for p in pairs), 2), round(statistics.median(p[1] for p in pairs), 2)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def _everybody() -> tuple[Outline, list[Learner]]:
    """All learners, as an actor of the whole commune finds them."""
    db.rollback()
    course = queries.outlined(edition_of("do"))
    return course, queries.followed_in(course, list(db.scalars(select(Unit.id))))


def _page() -> object:
    """All learners, how many stand where, and the lessons of the hundred that are shown."""
    course, learners = _everybody()
    return queries.count_states(learners), queries.lines_of(course, learners[: queries.PAGE])


def _file() -> int:
    return sum(len(piece) for piece in _pieces())


def _pieces() -> Iterable[bytes]:
    course, learners = _everybody()
    batches = (queries.rows_of(course, batch) for batch in queries.batches_of(course, learners))
    return sheets.csv_pieces([str(head) for head in queries.heads_of(course)], batches)


def _fetched(folder: Path) -> tuple[list[Any], list[Any]]:
    connection = sqlite3.connect(folder / "lms.sqlite")
    try:
        people = connection.execute(PEOPLE).fetchall()
        first = [key for key, *_ in people[: queries.PAGE]]
        places = ",".join("?" * len(first))
        return people, connection.execute(f"{LESSONS} ({places})", first).fetchall()
    finally:
        connection.close()


def _plain_file(folder: Path, out: Any) -> int:
    """One line a learner; the lessons in the order they come."""
    connection = sqlite3.connect(folder / "lms.sqlite")
    cells: list[Any] = []
    writer, last = csv.writer(out), None
    for key, *who, _, ended in connection.execute(CELLS):
        if key != last:
            writer.writerow(cells)
            last, cells = key, list(who)
        cells.append("x" if ended else "")
    writer.writerow(cells)
    connection.close()
    return int(out.tell())


def _large(folder: Path) -> Result:
    """In processes of their own, so that the peak of memory is theirs."""
    cpu, seconds, peak, sql = _child(f"stream({str(folder)!r})")
    floor_cpu, _, floor_peak, _ = _child(f"plain({str(folder)!r})")
    return Result(NAMES[2], cpu, floor_cpu, int(sql), seconds, peak, floor_peak)


def _child(order: str) -> list[float]:
    command = [sys.executable, "-c", f"from lms.bench import progress; progress.{order}"]
    found: list[float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def stream(folder: str) -> None:
    """The long list, piece by piece, to nowhere; prints CPU in ms, seconds, peak in MB, statements."""
    app = create_app(Settings(data=folder))
    with app.app_context(), counting() as counter:
        _report(lambda: sum(len(piece) for piece in _pieces()))
    click.echo(f"{len(counter.statements)}]")


def plain(folder: str) -> None:
    """The floor of the long list."""
    with Path("/dev/null").open("w") as nowhere:
        _report(lambda: _plain_file(Path(folder), nowhere))
    click.echo("1]")


def _report(work: Callable[[], object]) -> None:
    began, cpu = time.monotonic(), _cpu(work)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    click.echo(f"[{cpu:.2f}, {time.monotonic() - began:.2f}, {peak:.1f},")
