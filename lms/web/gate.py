"""Who may knock (`allow`), who knocks (`me`), who may enter (`require`); and one transaction for each unsafe request."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import DBAPIError

from lms.core.actor import Actor, Role
from lms.core.db import transaction
from lms.core.refusal import Forbidden, NotFound

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
SAFE = {"GET", "HEAD", "OPTIONS"}
_REPEATED = {"40P01", "40001"}  # PostgreSQL: deadlock, serialization failure


@dataclass(frozen=True)
class Policy:
    """Who may knock at an address. `roles` empty = any signed-in account. `sealed`: never stored, each visit logged."""

    public: bool = False
    roles: tuple[Role, ...] = ()
    sealed: bool = False
    token: bool = True


def allow(*who: str | Role, sealed: bool = False, token: bool = True) -> Callable[[View], View]:
    """Declare a view's policy: "anyone", "signed in", or roles; who holds none of the roles finds nothing there (404)."""

    def declare(view: View) -> View:
        roles = tuple(role for role in who if isinstance(role, Role))
        if not roles and who not in (("anyone",), ("signed in",)):
            raise TypeError(f"who may see {view.__name__}?")
        view.policy = Policy(who == ("anyone",), roles, sealed, token)  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(view: object) -> Policy | None:
    """The declared policy, if any."""
    return getattr(view, "policy", None)


class Visitor(UserMixin):  # type: ignore[misc]
    """What flask-login keeps of a signed-in actor."""

    def __init__(self, actor: Actor, token: str) -> None:
        self.actor, self.token = actor, token

    def get_id(self) -> str:
        """The token in the cookie."""
        return self.token


login = LoginManager()
login.session_protection = None


def signed_in() -> Actor | None:
    """The actor of this request, or None."""
    return cast(Actor, current_user.actor) if current_user.is_authenticated else None


def me() -> Actor:
    """The actor of this request; only behind a policy that asks to sign in."""
    actor = signed_in()
    if actor is None:
        raise NotFound
    return actor


def require(permitted: bool) -> None:
    """She may see this page but not do this: 403."""
    if not permitted:
        raise Forbidden


Keeper = Callable[[Actor], ResponseReturnValue | None]
_keepers: list[Keeper] = []


def keep_door(keeper: Keeper) -> None:
    """Connect a rule that may answer instead of any page behind a sign-in (a first PIN must be changed)."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def csrf_token() -> str:
    """The token of this browser session, made when a form first needs it."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return cast(str, session["csrf"])


def _token_is_right() -> bool:
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    held = session.get("csrf", "")
    return bool(held) and hmac.compare_digest(held.encode(), given.encode())


class GatedFlask(Flask):
    """Flask with a gate: every address has a policy, every unsafe request a token and one transaction."""

    def check_policies(self) -> None:
        """Refuse to start with an address that does not say who may see it."""
        naked = [
            rule.endpoint for rule in self.url_map.iter_rules() if policy_of(self.view_functions[rule.endpoint]) is None
        ]
        if naked:
            raise RuntimeError(f"no policy: {', '.join(sorted(set(naked)))}")

    def dispatch_request(self) -> ResponseReturnValue:
        """Policy, token, transaction, view."""
        if request.routing_exception is not None or request.url_rule is None:
            return super().dispatch_request()
        policy = policy_of(self.view_functions[request.url_rule.endpoint]) or Policy()
        if request.method in SAFE and not policy.sealed:
            return self._enter(policy)
        if request.method not in SAFE and policy.token and not _token_is_right():
            abort(400, "csrf")
        return self._write(policy)

    def _write(self, policy: Policy) -> ResponseReturnValue:
        """In one transaction; a deadlock repeats the whole request once."""
        try:
            with transaction():
                return self._enter(policy)
        except DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", None) not in _REPEATED:
                raise
        with transaction():
            return self._enter(policy)

    def _enter(self, policy: Policy) -> ResponseReturnValue:
        """Stop who may not knock; else the view answers."""
        if not policy.public:
            actor = signed_in()
            if actor is None:
                return _to_sign_in()
            if policy.roles and not actor.units_as(*policy.roles):
                raise NotFound
            for keeper in _keepers:
                stopped = keeper(actor)
                if stopped is not None:
                    return stopped
        return super().dispatch_request()


def _to_sign_in() -> ResponseReturnValue:
    """To the sign-in page, and back afterwards."""
    onward = request.full_path.rstrip("?") if request.method in SAFE else request.referrer or "/"
    if request.headers.get("HX-Request") or request.is_json:
        abort(401)
    return redirect(url_for(current_app.config["SIGN_IN"], tiep=onward), 303)


def safe_onward(target: str, default: str) -> str:
    """A path of this site, else the default (no open redirects)."""
    inside = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target and "\n" not in target
    )
    return target if inside and not any(ord(letter) < 32 for letter in target) else default


def context() -> dict[str, Any]:
    """What every template knows of the visitor."""
    return {"actor": signed_in()}
