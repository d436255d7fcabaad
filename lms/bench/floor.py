"""The floor: what the smallest honest page costs here. Flask, sqlite3 without ORM, three indexed queries, an 8 kB page."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, g, request

LINES = "".join(
    f"<li class='row'><b>{{{{ rows[{n}][1] }}}}</b> <span>{{{{ rows[{n}][2] }}}}</span></li>\n" for n in range(40)
)
TEMPLATE = f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{{{ title }}}}</title></head><body>
<h1>{{{{ title }}}}</h1><p>{{{{ who }}}}</p><ul>{LINES}</ul>{"<p>Cơm ai nấu cũng chín, bác ạ.</p>" * 130}</body></html>"""


def fill(path: Path) -> None:
    """A table of persons, one of courses, one of lessons."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode=WAL")
        for table in ("person", "course", "lesson"):
            db.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, name TEXT, note TEXT, place INTEGER)")
            rows = ((n, f"{table} {n}", "xã Xuân Du", n % 50) for n in range(2000))
            db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", rows)  # noqa: S608
        db.execute("CREATE INDEX lesson_place ON lesson (place)")
    db.close()


def create_floor(path: str) -> Flask:
    """The app: one address."""
    app = Flask("floor")
    page: Any = app.jinja_env.from_string(TEMPLATE)

    def db() -> sqlite3.Connection:
        if "db" not in g:
            g.db = sqlite3.connect(path)
        return g.db  # type: ignore[no-any-return]

    @app.get("/")
    def floor() -> str:
        number = int(request.args.get("n", "7"))
        who = db().execute("SELECT name FROM person WHERE id = ?", (number,)).fetchone()[0]
        title = db().execute("SELECT name FROM course WHERE id = ?", (number,)).fetchone()[0]
        rows = db().execute("SELECT id, name, note FROM lesson WHERE place = ?", (number,)).fetchall()
        return page.render(title=title, who=who, rows=rows)  # type: ignore[no-any-return]

    @app.teardown_appcontext
    def close(fault: BaseException | None) -> None:
        if "db" in g:
            g.db.close()

    return app
