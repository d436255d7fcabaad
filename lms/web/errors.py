"""One page for every error: what is safe, what happened, what to do, and a number to quote (look 6)."""

from __future__ import annotations

import logging

from flask import Flask, Response, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from lms.core import db as database
from lms.core.ids import new_id, to_address
from lms.core.refusal import Forbidden, NotFound, Refusal
from lms.core.words import Text, text

log = logging.getLogger(__name__)

SENTENCES: dict[int, tuple[Text, Text]] = {
    400: (
        text("Trang gửi lên thiếu hoặc đã cũ"),
        text("Chưa lưu gì cả. Quay lại trang trước, tải lại trang rồi gửi lần nữa."),
    ),
    401: (text("Cần đăng nhập"), text("Những gì vừa nhập còn nguyên ở trang trước. Đăng nhập rồi gửi lại.")),
    403: (
        text("Tài khoản này xem được nhưng không làm được việc này"),
        text("Nhờ người phụ trách đơn vị làm, hoặc xin cấp quyền."),
    ),
    404: (
        text("Không có trang này, hoặc trang không dành cho tài khoản này"),
        text("Kiểm tra lại đường dẫn, hoặc về trang đầu."),
    ),
    405: (text("Trang này không nhận thao tác đó"), text("Quay lại trang trước và dùng nút trên trang.")),
    409: (text("Việc này chưa làm được"), text("Chưa lưu gì cả. Tải lại trang trước để xem tình trạng mới nhất.")),
    410: (text("Trang này đã được thay bằng bản mới"), text("Về trang đầu và mở lại từ đó.")),
    413: (text("Tệp gửi lên quá lớn"), text("Chưa lưu gì cả. Gửi tệp nhỏ hơn 50 MB.")),
    429: (text("Thử quá nhiều lần"), text("Nghỉ ít phút rồi thử lại. Quên mã thì nhờ cán bộ Hội xã đặt lại.")),
    500: (
        text("Máy chủ gặp trục trặc"),
        text("Những gì đã gửi trước đó vẫn an toàn. Thử lại sau ít phút; nếu vẫn vậy, báo số dưới đây."),
    ),
    503: (text("Máy chủ đang bận"), text("Những gì vừa nhập còn nguyên ở trang trước. Thử lại sau ít phút.")),
}


def error_page(code: int, sentence: Text | None = None, number: str = "") -> Response:
    """The page of an error; the same bytes for the same code and language, whoever asks."""
    shown = code if code in SENTENCES else (500 if code >= 500 else 400)
    title, advice = SENTENCES[shown]
    html = render_template("web/error.html", code=code, title=sentence or title, advice=advice, number=number)
    response = make_response(html, code)
    response.headers["Cache-Control"] = "no-store"
    return response


def connect(app: Flask) -> None:
    """Answer every error with our page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda fault: error_page(404))
    app.register_error_handler(Forbidden, lambda fault: error_page(403))
    app.register_error_handler(Refusal, lambda fault: error_page(409, fault.sentence))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _unexpected)


def _http(fault: HTTPException) -> Response:
    code = fault.code or 500
    if code < 400:
        return make_response(fault.get_response())
    response = error_page(code)
    if code == 405 and getattr(fault, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(fault.valid_methods))  # type: ignore[attr-defined]
    return response


def _database(fault: OperationalError) -> Response:
    database.db.rollback()
    if "locked" in str(fault.orig):
        response = error_page(503)
        response.headers["Retry-After"] = "30"
        return response
    return _unexpected(fault)


def _unexpected(fault: Exception) -> Response:
    number = to_address(new_id())[:10]
    log.exception("error %s at %s", number, request.path)
    database.db.rollback()
    return error_page(500, number=number)
