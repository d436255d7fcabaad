"""What is measured: each case makes a client that asks once per call."""

from __future__ import annotations

import gzip
import http.client
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from lms import demo
from lms.app import create_app
from lms.core.db import counting, db
from lms.core.ids import to_address
from lms.core.settings import from_environment
from lms.courses.models import Lesson
from lms.credentials.models import Certificate
from lms.people.actions import begin_sign_in
from lms.training.models import Enrolment, Session

COURSE = "lgg-3-thon-ban"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Target:
    """A server with the demo's story, and the app on the same data for counting statements."""

    port: int
    app: Flask
    addresses: dict[str, str]
    tokens: dict[str, str]


@dataclass(frozen=True)
class Case:
    """A name, an address, and as whom of the cast ("" = a stranger) it is asked."""

    name: str
    who: str
    sign_in: bool = False

    def start(self, target: Target) -> Callable[[], None]:
        """A client of its own connection."""
        return _signing_in(target) if self.sign_in else _reading(target, self)


CASES = (
    Case("lesson", "cadre"),
    Case("catalogue", ""),
    Case("sign-in", "", sign_in=True),
    Case("roll", "coordinator"),
    Case("certificate", "head"),
)


def prepare(port: int, folder: Path) -> Target:
    """Addresses and tokens on the data of a running server."""
    app = create_app(replace(from_environment(), data=str(folder), database_url=""))
    with app.app_context():
        lesson = db.scalars(select(Lesson.slug).order_by(Lesson.place)).first()
        largest = select(Enrolment.class_id).group_by(Enrolment.class_id).order_by(func.count().desc()).limit(1)
        session = db.scalars(select(Session).where(Session.class_id.in_(largest)).order_by(Session.number)).first()
        paper = db.scalars(select(Certificate).where(Certificate.person_id == demo.member("head").person_id)).first()
        assert session is not None and paper is not None
        addresses = {
            "lesson": f"/hoc/{COURSE}/{lesson}",
            "catalogue": "/khoa-hoc",
            "sign-in": "/dang-nhap",
            "roll": f"/buoi/{to_address(session.id)}",
            "certificate": f"/giay-chung-nhan/{to_address(paper.id)}/pdf",
        }
        tokens = {case.who: begin_sign_in(demo.member(case.who), device="bench") for case in CASES if case.who}
        cookies = {who: _cookie(app, token) for who, token in tokens.items()}
    return Target(port, app, addresses, cookies)


def _cookie(app: Flask, token: str) -> str:
    """The signed cookie of a signed-in browser."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"phien={signer.dumps({'_user_id': token, '_fresh': True, 'csrf': 'bench'})}"


def _reading(target: Target, case: Case) -> Callable[[], None]:
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    heads = {"Accept-Encoding": "gzip", "Cookie": target.tokens.get(case.who, "")}

    def ask() -> None:
        connection.request("GET", target.addresses[case.name], headers=heads)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, f"{case.name}: {answer.status}"

    return ask


def _signing_in(target: Target) -> Callable[[], None]:
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    connection.request("GET", "/dang-nhap", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    html = gzip.decompress(answer.read()).decode()
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found is not None
    heads = {**FORM, "Cookie": (answer.getheader("Set-Cookie") or "").split(";")[0]}
    body = urlencode({"csrf_token": found[1], "login": demo.CAST[5].phone, "secret": demo.PIN})

    def ask() -> None:
        connection.request("POST", "/dang-nhap", body, heads)
        done = connection.getresponse()
        done.read()
        assert done.status == 303, done.status

    return ask


def statements(case: Case, target: Target) -> int:
    """SQL statements of one request, counted in this process on the same data."""
    client = target.app.test_client()
    with client.session_transaction() as cookie:
        cookie["csrf"] = "bench"
    heads = {"Cookie": target.tokens[case.who]} if case.who else {}
    form = {"csrf_token": "bench", "login": demo.CAST[5].phone, "secret": demo.PIN}
    with counting() as counter:
        if case.sign_in:
            client.post(target.addresses[case.name], data=form)
        else:
            target.app.test_client(use_cookies=False).get(target.addresses[case.name], headers=heads)
    return len(counter.statements)
