"""Starts the real server and the floor, loads them in turn, prints requests/s, CPU, latencies, SQL, and the ratios."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import click

from lms.bench import floor, progress
from lms.bench.cases import CASES, Case, Target, prepare, statements
from lms.web import server

ROUNDS, CLIENTS, PROCESSES = 5, 4, 2
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """One loaded stretch: requests a second, server CPU a request in ms, latencies in ms."""

    rps: float
    cpu_ms: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True)
class Result:
    """One case beside the floor: medians of the rounds; ratios are medians of the ratios round by round."""

    name: str
    cpu_ms: float
    cpu_ratio: float
    rps: float
    rps_ratio: float
    p50: float
    p95: float
    p99: float
    sql: int
    floor_cpu_ms: float
    floor_rps: float


def bench(as_json: bool, only: Sequence[str], seconds: float) -> None:
    """Measure each case and print it."""
    chosen = [case for case in CASES if not only or case.name in only]
    if chosen:
        _bench_pages(chosen, as_json, seconds)
    progress.measure(progress.wanted(only), as_json)


def _bench_pages(chosen: Sequence[Case], as_json: bool, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder, _floor(Path(folder)) as low, _house(Path(folder)) as house:
        target = prepare(house.port, Path(folder) / "data")
        for case in chosen:
            result = _measure(case, target, house, low, seconds)
            click.echo(json.dumps(asdict(result)) if as_json else _shown(result))


def _shown(r: Result) -> str:
    return (
        f"{r.name:12} {r.rps:7.1f} req/s (x{r.rps_ratio:.2f} of floor {r.floor_rps:.0f})  CPU {r.cpu_ms:6.2f} ms "
        f"(x{r.cpu_ratio:.2f} of floor {r.floor_cpu_ms:.2f})  p50 {r.p50:.1f}  p95 {r.p95:.1f}  p99 {r.p99:.1f} ms  SQL {r.sql}"
    )


@dataclass(frozen=True)
class Running:
    """A server under test."""

    port: int
    process: int


def _measure(case: Case, target: Target, house: Running, low: Running, seconds: float) -> Result:
    ask_floor = partial(_ask_floor, low.port)
    _load(ask_floor, low, 0.3)
    _load(partial(case.start, target), house, 0.5)
    pairs = [
        (_load(ask_floor, low, seconds), _load(partial(case.start, target), house, seconds)) for _ in range(ROUNDS)
    ]
    middle: Callable[[Callable[[tuple[Load, Load]], float]], float] = lambda of: round(  # noqa: E731
        statistics.median(of(pair) for pair in pairs), 2
    )
    return Result(
        name=case.name,
        cpu_ms=middle(lambda pair: pair[1].cpu_ms),
        cpu_ratio=middle(lambda pair: pair[1].cpu_ms / pair[0].cpu_ms),
        rps=middle(lambda pair: pair[1].rps),
        rps_ratio=middle(lambda pair: pair[1].rps / pair[0].rps),
        p50=middle(lambda pair: pair[1].p50),
        p95=middle(lambda pair: pair[1].p95),
        p99=middle(lambda pair: pair[1].p99),
        sql=statements(case, target),
        floor_cpu_ms=middle(lambda pair: pair[0].cpu_ms),
        floor_rps=middle(lambda pair: pair[0].rps),
    )


def _ask_floor(port: int) -> Callable[[], None]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask() -> None:
        connection.request("GET", "/?n=7")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status

    return ask


def _load(start: Callable[[], Callable[[], None]], running: Running, seconds: float) -> Load:
    """Some clients ask as fast as they are answered; `start` gives each its own connection."""
    times: list[float] = []
    faults: list[BaseException] = []
    end = time.monotonic() + seconds

    def client() -> None:
        try:
            ask = start()
            while time.monotonic() < end:
                began = time.perf_counter()
                ask()
                times.append(time.perf_counter() - began)
        except BaseException as fault:
            faults.append(fault)

    before, began = _cpu(running.process), time.monotonic()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    took, used = time.monotonic() - began, _cpu(running.process) - before
    marks = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
    return Load(len(times) / took, 1000 * used / len(times), *(1000 * marks[n] for n in (49, 94, 98)))


def _cpu(process: int) -> float:
    """CPU seconds of a process and all below it."""
    total = 0.0
    for each in _family(process):
        try:
            fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def _family(process: int) -> list[int]:
    found = [process]
    for each in found:
        children = Path(f"/proc/{each}/task/{each}/children")
        if children.exists():
            found.extend(int(child) for child in children.read_text(encoding="ascii").split())
    return found


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve_floor(path: str, port: int) -> None:
    """The floor behind the same server and settings."""
    bound = server.listen("127.0.0.1", port)
    server.keep([partial(server.answer, bound, partial(floor.create_floor, path))] * PROCESSES)


@contextmanager
def _floor(folder: Path) -> Iterator[Running]:
    path, port = folder / "floor.sqlite", free_port()
    floor.fill(path)
    order = f"from lms.bench.run import serve_floor; serve_floor({str(path)!r}, {port})"
    with _running([sys.executable, "-c", order], port, "/", {}) as running:
        yield running


@contextmanager
def _house(folder: Path) -> Iterator[Running]:
    port = free_port()
    environment = {
        "LMS_DATA": str(folder / "data"),
        "DATABASE_URL": "",
        "LMS_PROCESSES": str(PROCESSES),
        "PORT": str(port),
    }
    environment["HOST"] = "127.0.0.1"
    for order in ("demo", "serve"):
        command = [sys.executable, "-m", "lms", order]
        if order == "demo":
            subprocess.run(
                command,
                env={**os.environ, **environment},
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            continue
        with _running(command, port, "/suc-khoe", environment) as running:
            yield running


@contextmanager
def _running(command: list[str], port: int, path: str, environment: dict[str, str]) -> Iterator[Running]:
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, path)
        yield Running(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait(port: int, path: str) -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise click.ClickException(f"Máy chủ ở cổng {port} không trả lời.")
