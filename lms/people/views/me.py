"""A person's own page: how she is addressed, her PIN, her devices, what is stored about her."""

from __future__ import annotations

from uuid import UUID

from flask import request, session, url_for
from flask.typing import ResponseReturnValue

from lms.core.refusal import Refusal
from lms.core.words import text
from lms.people import actions, queries, rules
from lms.people.forms import MeForm, SecretForm
from lms.people.models import SignedIn
from lms.people.views.door import remember_language
from lms.people.views.room import account_here, bp
from lms.web.gate import allow, safe_onward
from lms.web.pages import done, page, refused


@bp.get("/toi")
@allow("signed in")
def me_page() -> ResponseReturnValue:
    """Her own page."""
    actor = account_here()
    form = MeForm(address_form=actor.person.address_form, language=actor.account.language)
    return _me_page(actor, form)


def _me_page(actor: SignedIn, form: MeForm, status: int = 200) -> ResponseReturnValue:
    stored = queries.about(actor.person_id)
    return page(
        "people/me_page.html",
        status,
        form=form,
        stored=stored,
        person=actor.person,
        account=actor.account,
        sign_in_id=actor.sign_in_id,
        devices=queries.sign_ins_of(actor.account_id),
        phone=queries.phone_of(actor.person),
        posts=queries.posts_of(actor.person_id),
        grants=actor.grants,
        roles=rules.ROLES,
        group=rules.ETHNIC_GROUPS.get(actor.person.ethnic_group or ""),
        greeting=rules.called(actor.name, actor.person.address_form),
    )


@bp.post("/toi")
@allow("signed in")
def change_me() -> ResponseReturnValue:
    """Form of address and language."""
    actor, form = account_here(), MeForm.posted()
    assert isinstance(form, MeForm)
    if not form.validate():
        return _me_page(actor, form, 422)
    actions.choose(actor.account, by=actor, address_form=form.address_form.data or "", language=form.language.data)
    response = done(url_for("people.me_page"), said=text("Đã lưu."))
    remember_language(response, form.language.data)
    return response


@bp.get("/toi/ma")
@allow("signed in")
def own_secret() -> ResponseReturnValue:
    """To set her own PIN."""
    actor = account_here()
    return _own_secret(actor, _secret_form(actor, tiep=request.args.get("tiep", "")))


def _secret_form(actor: SignedIn, **names: str) -> SecretForm:
    form = SecretForm.posted(**names)
    assert isinstance(form, SecretForm)
    if actor.account.must_change:
        del form["old"]
    return form


def _own_secret(actor: SignedIn, form: SecretForm, status: int = 200, sentence: object = "") -> ResponseReturnValue:
    return page("people/own_secret.html", status, form=form, sentence=sentence, first=actor.account.must_change)


@bp.post("/toi/ma")
@allow("signed in")
def set_secret() -> ResponseReturnValue:
    """Her own PIN from now on. A wrong old one counts as at the door."""
    actor = account_here()
    form = _secret_form(actor)
    if not form.validate():
        return _own_secret(actor, form, 422)
    if not actor.account.must_change:
        knock = actions.knock_again(actor.account, form.old.data or "")
        if knock.account is None:
            form.old.errors = [*form.old.errors, str(knock.sentence)]
            return _own_secret(actor, form, 422 if knock.locked_until is None else 429)
    try:
        actions.change_secret(actor.account, form.new.data or "", by=actor, keep=actor.sign_in_id)
    except Refusal as refusal:
        sentence = refused(refusal, form)
        return _own_secret(actor, form, 409, sentence)
    onward = safe_onward(form.tiep.data or "", url_for("people.me_page"))
    return done(onward, said=text("Đã đổi mã. Các máy khác đã được thoát."))


@bp.post("/toi/may/<key:sign_in_id>")
@allow("signed in")
def end_sign_in(sign_in_id: UUID) -> ResponseReturnValue:
    """One of her devices is signed out."""
    actor = account_here()
    device = queries.sign_in_for(actor, sign_in_id)
    actions.end_sign_in(device.id, by=actor)
    if device.id == actor.sign_in_id:
        session.clear()
        return done(url_for("people.sign_in"))
    return done(url_for("people.me_page"), said=text("Máy đó đã được thoát."))


@bp.post("/toi/may")
@allow("signed in")
def end_other_sign_ins() -> ResponseReturnValue:
    """Every device but this one is signed out."""
    actor = account_here()
    count = actions.end_other_sign_ins(actor.account, by=actor, but=actor.sign_in_id)
    return done(url_for("people.me_page"), said=text("Đã thoát {count} máy khác.", count=count))
