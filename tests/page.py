"""The page client: asks as one of the cast, parses strictly, and checks each page against the rules of the house."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask, g
from werkzeug.test import TestResponse

from lms import demo
from lms.core.db import counting, db
from lms.people.actions import begin_sign_in

MOST_BYTES, MOST_STATEMENTS = 100_000, 30
_HARMLESS = {"unknown-doctype", "expected-doctype-but-got-chars"}


class Html:
    """A parsed page."""

    def __init__(self, text: str, whole: bool = True) -> None:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.text = text
        self.root: Element = parser.parse(text) if whole else parser.parseFragment(text)
        self.faults = [(place, code) for place, code, _ in parser.errors if code not in _HARMLESS]

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag whose attributes (class_ for class, data_x for data-x) hold these words."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        found = self.root.iter() if tag == "*" else self.root.iter(tag)
        return [e for e in found if all(_holds(e, name, value) for name, value in wanted.items())]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} {tag} {attributes}"
        return found[0]

    @property
    def words(self) -> str:
        """The text a reader sees, single spaces."""
        return " ".join("".join(self.root.itertext()).split())

    def href(self, label: str) -> str:
        """Address of the first link whose text holds these words."""
        return next(a.get("href", "") for a in self.all("a") if label in words_of(a))

    def forms(self, action: str = "") -> list[Element]:
        """Forms whose action holds these letters."""
        return [form for form in self.all("form") if action in form.get("action", "")]


def _holds(element: Element, name: str, value: str) -> bool:
    given = element.get(name)
    return given is not None and (value == "" or value == given or value in given.split())


def words_of(element: Element) -> str:
    """Text of an element, single spaces."""
    return " ".join("".join(element.itertext()).split())


class Page:
    """A browser without JavaScript, for tests."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.statements = 0
        self.last: TestResponse | None = None

    def as_(self, key: str) -> Page:
        """Signed in as one of the cast (`demo.CAST`)."""
        token = begin_sign_in(demo.member(key), device="thử")
        return self.with_token(token)

    def with_token(self, token: str) -> Page:
        """Signed in by a token."""
        with self.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"], cookie["csrf"] = token, True, "csrf-of-test"
        return self

    def get(self, address: str, status: int = 200, **names: Any) -> Html:
        """GET and check the page."""
        return self._check(self.raw("GET", address, **names), status, address)

    def post(self, address: str, status: int = 303, **fields: Any) -> Html:
        """POST a form with its token. A redirect (303) is not followed; `self.last` holds the answer."""
        answer = self.raw("POST", address, data={"csrf_token": self._token(), **fields})
        if status in (204, 303):
            assert answer.status_code == status, f"{address}: {answer.status_code} {_plain(answer.text)}"
            return Html("", whole=False)
        return self._check(answer, status, address)

    def follow(self) -> Html:
        """The page a redirect leads to."""
        assert self.last is not None
        return self.get(self.last.headers["Location"])

    def raw(self, method: str, address: str, **names: Any) -> TestResponse:
        """Any request, unchecked; counts statements."""
        db.remove()
        g.pop("_login_user", None)  # the test's own context outlives a request
        with counting() as counter:
            self.last = self.client.open(address, method=method, **names)
        self.statements = len(counter.statements)
        db.remove()
        return self.last

    def _token(self) -> str:
        with self.client.session_transaction() as cookie:
            cookie.setdefault("csrf", "csrf-of-test")
            return str(cookie["csrf"])

    def _check(self, answer: TestResponse, status: int, address: str) -> Html:
        assert answer.status_code == status, f"{address}: {answer.status_code} {_plain(answer.text)}"
        html = Html(answer.text)
        check(html, address)
        assert len(answer.data) < MOST_BYTES, f"{address}: {len(answer.data)} bytes"
        assert self.statements <= MOST_STATEMENTS, f"{address}: {self.statements} statements"
        return html


def _plain(text: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", text)[:600]


def check(html: Html, address: str) -> None:
    """The rules every page keeps."""
    assert not html.faults, f"{address}: {html.faults[:5]}"
    assert html.root.get("lang") in {"vi", "en"}, address
    assert len(html.all("h1")) == 1, f"{address}: {len(html.all('h1'))} h1"
    assert words_of(html.one("title")), address
    ids = [element.get("id") for element in html.root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"{address}: twice {sorted({i for i in ids if ids.count(i) > 1})}"
    assert not [e for e in html.root.iter() if e.get("style") or any(name.startswith("on") for name in e.attrib)], (
        address
    )
    assert not [s for s in html.all("script") if not s.get("src")], f"{address}: inline script"
    _check_forms(html, address)


def _check_forms(html: Html, address: str) -> None:
    labelled = {label.get("for") for label in html.all("label")} | {
        e.get("id") for la in html.all("label") for e in la.iter()
    }
    inside = {id(e) for label in html.all("label") for e in label.iter()}
    for field in [*html.all("input"), *html.all("select"), *html.all("textarea")]:
        if field.get("type") not in {"hidden", "submit"}:
            named = (
                field.get("id") in labelled
                or id(field) in inside
                or field.get("aria-label")
                or field.get("aria-labelledby")
            )
            assert named, f"{address}: no label for {field.get('name')}"
    for form in html.all("form"):
        if form.get("method", "get").lower() == "post":
            assert [i for i in form.iter("input") if i.get("name") == "csrf_token"], f"{address}: form without token"
