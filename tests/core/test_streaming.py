"""Long lists leave while they are read: whole or broken, never short and well; little memory; a real server sends them."""

from __future__ import annotations

import contextlib
import csv
import gzip
import hashlib
import http.client
import importlib
import io
import threading
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
import waitress
from flask import Flask
from openpyxl import load_workbook

from lms import demo
from lms.core import clock, sheets
from lms.core.db import db, transaction
from lms.learning.models import Progress, Study
from lms.people import actions as people
from lms.people.actions import begin_sign_in
from tests.learning import course

queries: Any = importlib.import_module("lms.learning.queries.followed")  # the function hides the module
BATCH, CROWD = 20, 50
ADDRESS = f"/tien-do?khoa={course.SLUG}&tep="


def numbers(count: int, batch: int = 100) -> Iterator[list[tuple[int, str]]]:
    for start in range(0, count, batch):
        yield [(number, "Ánh") for number in range(start, min(start + batch, count))]


def test_the_pieces_together_are_the_list_written_at_once() -> None:
    rows = [row for batch in numbers(250) for row in batch]
    assert b"".join(sheets.csv_pieces(["Số", "Tên"], numbers(250))) == sheets.write_csv(["Số", "Tên"], rows)
    assert b"".join(sheets.csv_pieces(["Số"], [])).decode("utf-8-sig").splitlines()[0] == "Số"


def test_a_long_workbook_is_whole_and_holds_no_formula() -> None:
    out = io.BytesIO()
    count, size = sheets.excel_to(out, "Danh sách", ["Số", "Tên"], [[(1, "=1+1")], [(2, "")]])
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(out.getvalue())).active.iter_rows()]  # type: ignore[union-attr]
    assert (count, size) == (2, len(out.getvalue()))
    assert rows == [["Số", "Tên"], [1, "=1+1"], [2, None], ["Tổng số dòng: 2", None]]


def test_memory_does_not_grow_with_the_list() -> None:
    peaks = []
    for count in (20_000, 200_000):
        tracemalloc.start()
        assert sum(1 for _ in sheets.csv_pieces(["Số", "Tên"], numbers(count))) == count // 100 + 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


class Served:
    """The app behind the production server, in a thread; `ask` as the coordinator."""

    def __init__(self, app: Flask) -> None:
        self.server: Any = waitress.create_server(app, host="127.0.0.1", port=0, threads=1)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        token = begin_sign_in(demo.member("coordinator"), device="thử")
        self.cookie = f"phien={signer.dumps({'_user_id': token, '_fresh': True, 'csrf': 'x'})}"
        db.remove()

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # its sockets are closed while it waits for them
            self.server.run()

    def ask(self, address: str, **heads: str) -> http.client.HTTPResponse:
        """A new connection for each."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.effective_port, timeout=30)
        connection.request("GET", address, headers={"Cookie": self.cookie, **heads})
        return connection.getresponse()

    def close(self) -> None:
        """No more."""
        self.server.close()
        self.thread.join(10)


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server with a crowd of learners, read in batches of twenty."""
    edition, now, unit = course.publish(), clock.now(), demo.place(demo.XUAN_DU)
    with transaction():
        for number in range(CROWD):
            person = people.add_person(f"Người Thứ {number:02}", unit, by=demo.DEMO, birth_year=1980)
            study = Study(person_id=person.id, course_id=edition.course_id, edition_id=edition.id, began_at=now,
                          last_at=now, last_lesson_key="k-bai-mot")  # fmt: skip
            db.add(study)
            db.flush()
            db.add(Progress(study_id=study.id, lesson_key="k-bai-mot", opened_at=now, finished_at=now, answers={}))
    monkeypatch.setattr(queries, "BATCH", BATCH)
    found = Served(app)
    yield found
    found.close()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_long_csv_arrives_whole_with_its_last_line(served: Served) -> None:
    answer = served.ask(f"{ADDRESS}csv")
    content = answer.read()
    assert answer.status == 200 and answer.getheader("Content-Length") is None
    assert answer.getheader("Transfer-Encoding") == "chunked" and answer.getheader("X-Rows") == str(CROWD)
    _, *rows, last = rows_of(content)
    body = content.decode("utf-8-sig").rpartition("#rows=")[0]
    assert len(rows) == CROWD and all(row[-3:] == ["xong", "", ""] for row in rows)
    assert ",".join(last) == f"#rows={CROWD},sha256={hashlib.sha256(body.encode()).hexdigest()}"
    packed = served.ask(f"{ADDRESS}csv", **{"Accept-Encoding": "gzip"})
    assert packed.getheader("Content-Encoding") == "gzip" and gzip.decompress(packed.read()) == content


def test_a_long_excel_arrives_whole_and_leaves_no_file(served: Served, app: Flask) -> None:
    answer = served.ask(f"{ADDRESS}xlsx")
    content = answer.read()
    assert answer.status == 200 and int(answer.getheader("Content-Length") or 0) == len(content)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None and sheet.max_row == CROWD + 2


def break_after(monkeypatch: pytest.MonkeyPatch, good: int) -> None:
    """The database fails once so many batches were read."""
    real, done = queries._steps, []

    def steps(*names: Any) -> Any:
        if len(done) >= good:
            raise RuntimeError("the database went away")
        done.append(1)
        return real(*names)

    monkeypatch.setattr(queries, "_steps", steps)


@pytest.mark.parametrize("packing", ["identity", "gzip"])
def test_a_broken_stream_is_a_failed_download(served: Served, monkeypatch: pytest.MonkeyPatch, packing: str) -> None:
    break_after(monkeypatch, 1)
    answer = served.ask(f"{ADDRESS}csv", **{"Accept-Encoding": packing})
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead) as broken:
        answer.read()
    assert b"#rows=" not in broken.value.partial
    monkeypatch.undo()
    assert served.ask("/suc-khoe").status == 200
    assert served.ask(f"{ADDRESS}csv").read().count(b"\r\n") == CROWD + 2, "the connection was given back"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_fails_at_the_start_is_an_error_page(served: Served, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    break_after(monkeypatch, 0)
    answer = served.ask(f"{ADDRESS}{ending}")
    assert answer.status == 500 and "text/html" in (answer.getheader("Content-Type") or "")
