"""The production server: slow clients stop nobody, and a process that dies is begun again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.bench.run import _family, free_port

ORDER = "from lms.bench.run import serve_floor; serve_floor({path!r}, {port})"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Port and process of the server, with the smallest app behind it."""
    from lms.bench import floor  # noqa: PLC0415

    path, port = tmp_path / "floor.sqlite", free_port()
    floor.fill(path)
    process = subprocess.Popen([sys.executable, "-c", ORDER.format(path=str(path), port=port)])
    for _ in range(200):
        if _answers(port):
            break
        time.sleep(0.1)
    yield port, process.pid
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def _answers(port: int, timeout: float = 5) -> bool:
    try:
        return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=timeout).status == 200)
    except OSError:
        return False


def test_forty_slow_uploads_stop_nobody(served: tuple[int, int]) -> None:
    port, _ = served
    slow = []
    for _ in range(40):
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nhalf a pho")
        slow.append(one)
    began = time.monotonic()
    assert all(_answers(port) for _ in range(5))
    assert time.monotonic() - began < 5
    for one in slow:
        one.close()


def test_a_process_that_dies_is_begun_again(served: tuple[int, int]) -> None:
    port, parent = served
    children = [child for child in _family(parent) if child != parent]
    assert len(children) == 2
    for child in children:
        os.kill(child, signal.SIGKILL)
    for _ in range(100):
        if _answers(port):
            break
        time.sleep(0.1)
    assert _answers(port)
    assert not set(children) & set(_family(parent))
