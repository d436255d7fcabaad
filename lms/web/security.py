"""Headers, cookies, compression: the same for every answer."""

from __future__ import annotations

import gzip
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, abort, current_app, request

from lms.core.settings import Settings
from lms.web.gate import policy_of, signed_in

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; manifest-src 'self'"
)


def connect(app: Flask, settings: Settings) -> None:
    """Cookies and headers."""
    app.config.update(
        SESSION_COOKIE_NAME="phien",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=bool(settings.secure),
        MAX_CONTENT_LENGTH=50 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    app.before_request(_refuse_nul)
    app.after_request(_headers)
    app.after_request(_compress)


def _refuse_nul() -> None:
    """No page has an address with a NUL, and no database can look for one."""
    if "\0" in request.path or "\0" in unquote_to_bytes(request.query_string).decode("latin-1"):
        abort(404)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store" if _is_private() else "no-cache"
    return response


def _is_private() -> bool:
    """Pages of a signed-in account and sealed ones are never stored by browsers or by what stands between."""
    view = request.url_rule and _view()
    policy = policy_of(view) if view else None
    return bool(policy and policy.sealed) or signed_in() is not None


def _view() -> object:
    return current_app.view_functions[request.url_rule.endpoint] if request.url_rule else None


def _compress(response: Response) -> Response:
    """HTML, CSV and JSON by gzip; static files bring their own."""
    fits = response.mimetype in {"text/html", "text/csv", "application/json"} and not response.is_streamed
    if fits and "gzip" in request.headers.get("Accept-Encoding", "") and "Content-Encoding" not in response.headers:
        body = response.get_data()
        if len(body) > 700:
            response.set_data(gzip.compress(body, 5, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response
