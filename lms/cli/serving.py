"""`lms dev`, `lms serve`, `lms work`: the same server, with more or less around it."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import click

from lms import demo
from lms.app import create_app
from lms.cli import courses
from lms.core import worker
from lms.core.settings import Settings, from_environment, use
from lms.migrations import run as migrations
from lms.web import server


def dev(fresh: bool) -> None:
    """Everything from nothing: tables, cast, courses, server with the worker beside it."""
    chosen = use(replace(from_environment(), dev="1"))
    if fresh:
        shutil.rmtree(chosen.folder)
    _prepare(chosen, with_cast=True)
    _serve(chosen, processes=2)


def serve() -> None:
    """Tables and courses brought up to date, then as many processes as the settings say."""
    chosen = use(from_environment())
    _prepare(chosen, with_cast=False)
    _serve(chosen, processes=max(1, int(chosen.processes)))


def work() -> None:
    """The worker alone."""
    app = create_app()
    worker.serve(app.app_context)


def _prepare(chosen: Settings, with_cast: bool) -> None:
    """In a process of its own, so that no database connection crosses the fork."""
    child = os.fork()
    if child == 0:
        try:
            app = create_app(chosen)
            migrations.upgrade()
            with app.app_context():
                if with_cast:
                    fill_if_empty()
                else:
                    courses.publish((), confirmed=False)
            os._exit(0)
        except BaseException:
            logging.exception("could not prepare")
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(1)


def fill_if_empty() -> bool:
    """The cast and the courses into an empty database; otherwise only new editions of the courses."""
    empty = demo.is_empty()
    if empty:
        demo.fill()
    courses.publish((), confirmed=False)
    if empty:
        demo.tell()
    return empty


def _serve(chosen: Settings, processes: int) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("huey", "waitress"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        bound = server.listen(chosen.host, int(chosen.port))
    except OSError as fault:
        raise click.ClickException(f"Cổng {chosen.port} đang bận. Đặt biến PORT thành số khác rồi chạy lại.") from fault
    web = partial(server.answer, bound, partial(_app, chosen))
    first = partial(_first, web, chosen)
    raise SystemExit(server.keep([first, *[web] * (processes - 1), partial(_work, chosen)]))


def _app(chosen: Settings) -> object:
    app = create_app(chosen)
    worker.ring_after_commit()
    return app


def _first(web: Callable[[], None], chosen: Settings) -> None:
    """The first process says where we are, once it can answer."""
    app = _app(chosen)
    with app.test_client() as client:  # type: ignore[attr-defined]
        client.get("/suc-khoe")
    click.echo(f"{chosen.name}: http://{chosen.host}:{chosen.port}")
    web()


def _work(chosen: Settings) -> None:
    app = create_app(chosen)
    worker.serve(app.app_context)
