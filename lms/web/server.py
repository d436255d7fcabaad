"""The production server: one socket, pre-forked waitress processes, and the worker beside them (libraries 7)."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress

log = logging.getLogger(__name__)
THREADS = 1  # one Python thread a process: more only wait for each other (libraries 7; decisions 9)
Start = Callable[[], None]


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; OSError if the port is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    bound.listen(1024)
    bound.setblocking(False)
    return bound


def answer(bound: socket.socket, make_app: Callable[[], Any], threads: int = THREADS) -> None:
    """Serve in this process until told to stop. The app is made here, after the fork."""
    waitress.serve(
        make_app(), sockets=[bound], threads=threads, ident=None, clear_untrusted_proxy_headers=True, _quiet=True
    )


def keep(starts: list[Start]) -> int:
    """Fork one process for each start, begin again any that dies, stop all on SIGTERM or SIGINT."""
    children = {_fork(start): start for start in starts}
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for child in list(children):
            _signal(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while children:
        try:
            child, status = os.wait()
        except InterruptedError:
            continue
        start = children.pop(child, None)
        if start is not None and not stopping:
            log.warning("process %s ended with %s; starting it again", child, status)
            children[_fork(start)] = start
    return 0


def _signal(child: int, number: int) -> None:
    try:
        os.kill(child, number)
    except ProcessLookupError:
        return


def _fork(start: Start) -> int:
    """A child that does `start`; a signal that comes while it is made waits until the child has its own answer to it."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        return child
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    signal.pthread_sigmask(signal.SIG_SETMASK, held)
    try:
        start()
    except SystemExit:
        pass
    except BaseException:
        log.exception("process failed")
        os._exit(1)
    os._exit(0)
