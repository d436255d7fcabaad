"""Signing in and out; until she has her own PIN, every page leads to `/toi/ma`."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from lms.core import clock, ids
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.people import actions, queries, rules
from lms.people.forms import SignInForm
from lms.people.models import Account, SignedIn
from lms.people.views.room import account_here, bp
from lms.web.gate import SAFE, Visitor, allow, csrf_token, safe_onward, signed_in
from lms.web.pages import done, page

YEAR = 365 * 24 * 3600
BEFORE_OWN_PIN = {"people.own_secret", "people.set_secret", "people.sign_out"}


def own_secret_first(actor: Actor) -> ResponseReturnValue | None:
    """Whoever still has a first PIN sets her own before anything else; the gate asks at every door but public ones."""
    if request.endpoint in BEFORE_OWN_PIN or not (isinstance(actor, SignedIn) and actor.must_change):
        return None
    onward = request.full_path.rstrip("?") if request.method in SAFE else "/"
    return done(url_for("people.own_secret", tiep=onward))


@bp.get("/dang-nhap")
@allow("anyone")
def sign_in() -> ResponseReturnValue:
    """The door."""
    form = SignInForm(tiep=request.args.get("tiep", ""))
    return _door(form)


def _door(form: SignInForm, status: int = 200, sentence: object = "", locked: bool = False) -> Response:
    cast = queries.cast() if current_app.config["DEV"] else []
    letters = request.args.get("kieu") == "chu"
    return page("people/sign_in.html", status, form=form, sentence=sentence, locked=locked, cast=cast, letters=letters)


@bp.post("/dang-nhap")
@allow("anyone")
def enter() -> ResponseReturnValue:
    """Try the door. A wrong PIN is stored, so the answer is no refusal."""
    form = SignInForm.posted()
    assert isinstance(form, SignInForm)
    if not form.validate():
        return _door(form, 422)
    knock = actions.knock(form.login.data or "", form.secret.data or "")
    if knock.account is None:
        return _stay_outside(form, knock)
    return _let_in(knock.account, safe_onward(form.tiep.data or "", "/"), form.keep.data)


def _stay_outside(form: SignInForm, knock: actions.Knock) -> Response:
    if knock.locked_until is None:
        form.secret.errors = [*form.secret.errors, str(knock.sentence)]
        return _door(form, 422)
    response = _door(form, 429, knock.sentence, locked=True)
    response.headers["Retry-After"] = str(max(1, int((knock.locked_until - clock.now()).total_seconds())))
    return response


def _let_in(account: Account, onward: str, keep: bool = False) -> Response:
    """A new browser session with a new token; nothing of the old one stays (fixation)."""
    before = signed_in()
    if isinstance(before, SignedIn) and before.sign_in_id is not None:
        actions.end_sign_in(before.sign_in_id, by=before)
    token = actions.begin_sign_in(account, device=rules.device_name(request.user_agent.string))
    session.clear()
    session.permanent = keep
    login_user(Visitor(queries.actor_of(account), token))
    csrf_token()
    response = done(url_for("people.own_secret", tiep=onward) if account.must_change else onward)
    remember_language(response, account.language)
    return response


def remember_language(response: Response, language: str) -> None:
    """The language of the next pages on this device."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie("tieng", language, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)


@bp.post("/dang-nhap/vai")
@allow("anyone")
def enter_as() -> ResponseReturnValue:
    """Development only: in with one click as one of the story."""
    if not current_app.config["DEV"]:
        raise NotFound
    account = db.get(Account, _key(request.form.get("vai", "")))
    if account is None or account.closed_at is not None:
        raise NotFound
    return _let_in(account, safe_onward(request.form.get("tiep", ""), "/"))


def _key(letters: str) -> UUID:
    try:
        return ids.from_address(letters)
    except ValueError as fault:
        raise NotFound from fault


@bp.post("/dang-xuat")
@allow("signed in")
def sign_out() -> ResponseReturnValue:
    """This device is signed out; nothing of her stays in the browser."""
    actor = account_here()
    if actor.sign_in_id is not None:
        actions.end_sign_in(actor.sign_in_id, by=actor)
    logout_user()
    session.clear()
    return done(url_for("people.sign_in"))
