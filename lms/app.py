"""The app factory: the rooms, the first words of their addresses, the navigation."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, request
from sqlalchemy import MetaData
from werkzeug.middleware.proxy_fix import ProxyFix

import lms.authoring.models
import lms.authoring.views
import lms.core.history
import lms.core.inbox
import lms.core.jobs
import lms.courses.views
import lms.coverage.models
import lms.coverage.views
import lms.credentials.views
import lms.home.views
import lms.indicators.models
import lms.indicators.views
import lms.learning.views
import lms.officials.models
import lms.officials.views
import lms.people.views
import lms.training.views
import lms.units.views
from lms import reactions
from lms.core import keys, words
from lms.core.actor import Actor, Role
from lms.core.db import Model, alchemy
from lms.core.settings import Settings, data_folder, from_environment, use
from lms.core.words import text
from lms.people.models import SignedIn
from lms.people.queries import signed_in_by
from lms.web import addresses, assets, errors, gate, pages, security, sync, templating
from lms.web.pages import Tab

METADATA: MetaData = Model.metadata

# The one map: first words of an address -> blueprint. For ever, because printed: /c and /the.
ADDRESSES: dict[str, tuple[str, ...]] = {
    "home": ("", "tim", "ho-so", "quyen-du-lieu", "viec"),
    "people": ("dang-nhap", "dang-xuat", "toi", "con-nguoi"),
    "units": ("don-vi",),
    "courses": ("khoa-hoc", "tep"),
    "learning": ("hoc", "giao-hoc", "nop-bai", "cham-bai", "tien-do", "hoi-dap", "tai-len", "chu"),
    "training": ("lop", "buoi", "lo-trinh"),
    "authoring": ("soan",),
    "credentials": ("giay-to", "giay-chung-nhan", "c"),
    "officials": ("so-can-bo",),
    "coverage": ("do-phu",),
    "indicators": ("chi-tieu",),
    "sync": ("dong-bo", "suc-khoe"),
    "assets": ("static",),
}

BLUEPRINTS = (
    assets.bp,
    sync.bp,
    lms.units.views.bp,
    lms.people.views.bp,
    lms.courses.views.bp,
    lms.officials.views.bp,
    lms.learning.views.bp,
    lms.training.views.bp,
    lms.authoring.views.bp,
    lms.credentials.views.bp,
    lms.coverage.views.bp,
    lms.indicators.views.bp,
    lms.home.views.bp,
)


def create_app(settings: Settings | None = None) -> gate.GatedFlask:
    """The whole application under these settings (those of the environment by default)."""
    chosen = use(settings or from_environment())
    app = gate.GatedFlask("lms", static_folder=None, template_folder=str(data_folder("templates")))
    app.config.update(SECRET_KEY=keys.key("session"), SQLALCHEMY_DATABASE_URI=chosen.database, SIGN_IN="people.sign_in")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": 8,
        "max_overflow": 8,
        "pool_pre_ping": bool(chosen.database_url),
    }
    app.config["DEV"] = bool(chosen.dev)
    alchemy.init_app(app)
    _connect_visitors(app)
    app.url_map.converters.update(key=addresses.KeyConverter, slug=addresses.SlugConverter)
    templating.connect(app)
    security.connect(app, chosen)
    errors.connect(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.check_policies()
    gate.keep_door(lms.people.views.own_secret_first)
    pages.navigation(_tabs)
    reactions.connect()
    if chosen.proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _connect_visitors(app: Flask) -> None:
    gate.login.init_app(app)

    @gate.login.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> gate.Visitor | None:
        actor = signed_in_by(token)
        return gate.Visitor(actor, token) if actor is not None else None

    @app.before_request
    def choose_language() -> None:
        chosen = request.cookies.get("tieng", "vi")
        words._language.set(chosen if chosen in words.LANGUAGES else "vi")


def _tabs(actor: Actor | None) -> Sequence[Tab]:
    """At most four: what this actor does most."""
    if not isinstance(actor, SignedIn):
        return ()
    mine = Tab("credentials.mine", text("Giấy tờ"), "paper")
    me = Tab("people.me_page", text("Tôi"), "person")
    classes = Tab("training.classes", text("Lớp"), "class")
    if actor.units_as(Role.PLANNER):
        return (Tab("home.today", text("Hôm nay"), "learn"), Tab("coverage.overview", text("Độ phủ"), "person"), classes,
                Tab("indicators.figures", text("Chỉ tiêu"), "paper"))  # fmt: skip
    if actor.units_as(Role.COORDINATOR, Role.ADMINISTRATOR, Role.REPORTER, Role.AUDITOR):
        return (Tab("home.today", text("Hôm nay"), "learn"), classes, Tab("people.persons", text("Mọi người"), "person"),
                Tab("indicators.figures", text("Chỉ tiêu"), "paper"))  # fmt: skip
    if actor.units_as(Role.TRAINER):
        return (
            Tab("home.today", text("Hôm nay"), "learn"),
            classes,
            Tab("authoring.drafts", text("Soạn"), "edit"),
            mine,
        )
    return (Tab("home.today", text("Học"), "learn"), classes, mine, me)
