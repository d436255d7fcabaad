"""The gate: policies, tokens, one transaction a request, errors that tell what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask
from sqlalchemy.exc import OperationalError

from lms import demo
from lms.app import create_app
from lms.core.db import db, transaction
from lms.core.history import HistoryEntry, write
from lms.core.refusal import Forbidden, NotFound, Refusal
from lms.core.settings import Settings
from lms.core.words import text
from lms.migrations import run
from lms.web import pages
from lms.web.errors import SENTENCES
from lms.web.gate import allow, csrf_token, me, safe_onward
from tests.page import Html, Page, check

tries: list[int] = []


class Deadlock(Exception):
    sqlstate = "40P01"


def _rooms() -> Blueprint:
    bp = Blueprint("try", __name__)

    @bp.post("/thu/<string:kind>")
    @allow("anyone")
    def change(kind: str) -> str:
        write("test.change", None, by=_by(), kind="gate")
        tries.append(1)
        if kind == "refused":
            pages.refused(Refusal(text("Không được.")))
        if kind == "deadlock" and len(tries) == 1:
            raise OperationalError("x", {}, Deadlock())
        faults: dict[str, Exception] = {
            "refusal": Refusal(text("Buổi này đã chốt.")),
            "nothing": NotFound(),
            "no": Forbidden(),
        }
        if kind == "broken":
            raise RuntimeError("secret detail")
        if kind in faults:
            raise faults[kind]
        return "ok"

    @bp.get("/thu/token")
    @allow("anyone")
    def token() -> str:
        return csrf_token()

    @bp.get("/thu/me")
    @allow("signed in")
    def who() -> str:
        return me().name

    return bp


def _by() -> object:
    from lms.core.actor import System  # noqa: PLC0415

    return System("test")


@pytest.fixture
def small(tmp_path: object, house: object) -> Iterator[Flask]:
    """An app of its own with a few addresses that misbehave."""
    settings = Settings(data=str(tmp_path))
    app = create_app(settings)
    app.register_blueprint(_rooms())
    run.upgrade()
    tries.clear()
    with app.app_context():
        yield app
        db.remove()
    from lms.core.settings import use  # noqa: PLC0415

    use(house.settings)  # type: ignore[attr-defined]


def _count() -> int:
    db.rollback()
    return db.query(HistoryEntry).filter_by(subject_kind="gate").count()


def _post(app: Flask, kind: str, token: bool = True) -> object:
    client = app.test_client()
    given = client.get("/thu/token").text
    db.remove()
    return client.post(f"/thu/{kind}", data={"csrf_token": given} if token else {})


@pytest.mark.parametrize(
    ("kind", "status", "kept"),
    [
        ("fine", 200, 1),
        ("refused", 200, 0),
        ("refusal", 409, 0),
        ("nothing", 404, 0),
        ("no", 403, 0),
        ("deadlock", 200, 1),
    ],
)
def test_a_request_is_kept_whole_or_not_at_all(small: Flask, kind: str, status: int, kept: int) -> None:
    answer = _post(small, kind)
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert _count() == kept


def test_without_its_token_nothing_happens(small: Flask) -> None:
    answer = _post(small, "fine", token=False)
    assert answer.status_code == 400 and not tries  # type: ignore[attr-defined]


def test_an_unexpected_fault_shows_a_number_and_no_secret(small: Flask, caplog: pytest.LogCaptureFixture) -> None:
    answer = _post(small, "broken")
    assert answer.status_code == 500 and "secret detail" not in answer.text  # type: ignore[attr-defined]
    number = Html(answer.text).words.split("Số để báo: ")[1][:10]  # type: ignore[attr-defined]
    assert number in caplog.text


def test_a_stranger_is_led_to_sign_in_and_back(small: Flask) -> None:
    answer = small.test_client().get("/thu/me")
    assert answer.status_code == 303 and answer.headers["Location"].endswith("?tiep=/thu/me")


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_error_has_its_page(app: Flask, code: int) -> None:
    from lms.web.errors import error_page  # noqa: PLC0415

    with app.test_request_context("/"):
        html = Html(error_page(code).get_data(as_text=True))
    check(html, str(code))
    assert "!" not in html.words and "lỗi" not in html.words.lower()


def test_the_wrong_method_is_405_and_says_which_are_right(page: Page) -> None:
    page.raw("DELETE", "/quyen-du-lieu")
    assert page.last is not None and page.last.status_code == 405 and "GET" in page.last.headers["Allow"]


def test_an_unknown_address_is_the_same_page_for_everybody(page: Page) -> None:
    stranger = page.raw("GET", "/khong-co-trang-nay").data
    assert page.as_("planner").raw("GET", "/cung-khong-co").data == stranger


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "", "/a\nb"]
)
def test_no_way_out_to_another_site(target: str) -> None:
    assert safe_onward(target, "/") == "/"


def test_headers_of_every_answer(page: Page) -> None:
    page.get("/quyen-du-lieu")
    assert page.last is not None
    heads = page.last.headers
    assert "default-src 'none'" in heads["Content-Security-Policy"] and heads["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in heads["Content-Security-Policy"]
    page.as_("cadre").get("/quyen-du-lieu")
    assert page.last.headers["Cache-Control"] == "no-store"


def test_static_files_are_fingerprinted_compressed_and_kept_a_year(page: Page) -> None:
    from lms.web.assets import shelf  # noqa: PLC0415

    address = shelf().address("shared.css")
    for encoding in ("br", "gzip", ""):
        answer = page.raw("GET", address, headers={"Accept-Encoding": encoding})
        assert answer.headers.get("Content-Encoding", "") == encoding
        assert "max-age=31536000, immutable" in answer.headers["Cache-Control"]
    assert page.raw("GET", "/static/000000000000/shared.css").status_code == 410
    assert page.raw("GET", "/static/000000000000/../../lms.sqlite").status_code == 404


def test_health_for_operators(page: Page) -> None:
    assert page.raw("GET", "/suc-khoe").get_json() == {"state": "ok"}


def test_a_line_too_long_gets_a_sentence(page: Page) -> None:
    page.as_("coordinator")
    html = page.post("/con-nguoi/them", 422, name="Á" * 200, sex="female", birth_year="1990", kind="other")
    assert "Viết ngắn lại" in html.words


def test_a_session_without_token_accepts_no_token(page: Page) -> None:
    for given in (" ", ""):
        answer = page.raw("POST", "/dang-nhap", data={"csrf_token": given, "login": "0912000006", "secret": "246810"})
        assert answer.status_code == 400


def test_a_first_pin_opens_nothing_but_the_page_for_her_own(page: Page) -> None:
    page.as_("cadre")
    with transaction():
        demo.member("cadre").must_change = True
    page.post("/toi", 303, address_form="chị", language="vi")
    assert page.last is not None and page.last.headers["Location"].startswith("/toi/ma")
