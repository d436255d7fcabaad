"""Persons of a unit: the list, adding, one person, what was typed wrong, her post, her account."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.actor import Actor, Role
from lms.core.ids import from_address, to_address
from lms.core.refusal import NotFound, Refusal
from lms.core.settings import settings
from lms.core.words import text
from lms.people import access, actions, queries, rules
from lms.people.forms import CorrectionForm, FilterForm, PersonForm, PostForm, ResetForm, offer_units
from lms.people.models import Account, Person, PostKind, Sex
from lms.people.queries import PersonLine, Wanted
from lms.people.views.room import bp
from lms.units import queries as units
from lms.units.models import Unit
from lms.web.forms import PlainForm
from lms.web.gate import allow, me, require
from lms.web.pages import done, page, refused, sheet, wanted_sheet

MOST_LINES = 150  # more are narrowed by unit or name, or taken as a file


@bp.get("/con-nguoi")
@allow(*access.READERS)
def persons() -> ResponseReturnValue:
    """Persons of her units, narrowed by unit, name, group and account."""
    actor, form = me(), FilterForm(request.args)
    here = _unit_asked(actor)
    places = [here.id] if here is not None else sorted(actor.units_as(*access.READERS))
    wanted = _wanted(form)
    if wanted_sheet():
        return _sheet(queries.persons_within(places, wanted))
    everyone = Wanted(wanted.typed, wanted.kind)
    return page(
        "people/persons.html",
        form=form,
        here=here,
        lines=queries.persons_within(places, wanted, MOST_LINES),
        count=queries.count_within(places, wanted),
        whole=queries.count_within(places, everyone),
        without=queries.count_within(places, Wanted(wanted.typed, wanted.kind, has_account=False)),
        narrowed=request.args.get("taikhoan", ""),
        most=MOST_LINES,
        writes=bool(actor.units_as(*access.WRITERS)),
        narrower=[] if queries.count_within(places) <= MOST_LINES else _below(places),
    )


def _below(places: list[UUID]) -> list[Unit]:
    return [child for place in places for child in units.children_of(place)]


def _wanted(form: PlainForm) -> Wanted:
    kind = form["loai"].data
    has_account = {"co": True, "chua": False}.get(request.args.get("taikhoan", ""))
    return Wanted((form["tim"].data or "")[:100], PostKind(kind) if kind in set(PostKind) else None, has_account)


def _unit_asked(actor: Actor, *roles: Role) -> Unit | None:
    """The unit of the address; NotFound outside her units, as for no unit at all."""
    letters = request.args.get("donvi", "")
    if not letters:
        return None
    try:
        unit = units.unit(from_address(letters))
    except ValueError as fault:
        raise NotFound from fault
    if not units.reaches(actor.units_as(*(roles or access.READERS)), unit.id):
        raise NotFound
    return unit


def _sheet(lines: list[PersonLine]) -> ResponseReturnValue:
    heads = (text("Họ và tên"), text("Năm sinh"), text("Giới"), text("Nhóm chức danh"), text("Chức danh"),
             text("Thôn, bản"), text("Đơn vị"), text("Mã tài khoản"))  # fmt: skip
    rows = [
        (line.person.name, line.person.birth_year, line.person.sex.label, line.post.kind.label, line.post.title,
         line.post.village, line.unit_title, line.account.code if line.account else "")
        for line in lines
    ]  # fmt: skip
    return sheet(text("Danh sách người"), heads, rows)


@bp.get("/con-nguoi/them")
@allow(*access.WRITERS)
def new_person() -> ResponseReturnValue:
    """To add a person."""
    unit = _unit_asked(me(), *access.WRITERS)
    return _new_person(PersonForm(unit=to_address(unit.id) if unit else None))


def unit_choices(tops: frozenset[UUID], chosen: UUID | None) -> list[tuple[str, Unit]]:
    """Units open today that may be chosen: hers, those right below, and the one asked for where hers reach it."""
    offered = {unit.id: unit for top in sorted(tops) for unit in (units.unit(top), *units.children_of(top))}
    if chosen is not None and chosen not in offered and units.reaches(tops, chosen):
        offered[chosen] = units.unit(chosen)
    open_today = [unit for unit in offered.values() if unit.ends is None or unit.ends > clock.today()]
    return [(to_address(unit.id), unit) for unit in open_today]


def _chosen(form: PlainForm) -> UUID | None:
    """The key typed into a form's unit, if it is one."""
    try:
        return from_address(form["unit"].data or "")
    except ValueError:
        return None


def _new_person(form: PersonForm, status: int = 200, namesakes: tuple[Person, ...] = ()) -> ResponseReturnValue:
    offer_units(form.unit, unit_choices(me().units_as(*access.WRITERS), _chosen(form)))
    posts = queries.posts_on(person.id for person in namesakes)
    places = units.titles(post.unit_id for post in posts.values())
    form.seen.data = " ".join(to_address(person.id) for person in namesakes)
    return page("people/new_person.html", status, form=form, namesakes=namesakes, posts=posts, places=places)


@bp.post("/con-nguoi/them")
@allow(*access.WRITERS)
def add_person() -> ResponseReturnValue:
    """A new person; namesakes are shown first, and she says that it is someone else."""
    actor, form = me(), PersonForm.posted()
    assert isinstance(form, PersonForm)
    offer_units(form.unit, unit_choices(actor.units_as(*access.WRITERS), _chosen(form)))
    if not form.validate():
        return _new_person(form, 422)
    unit = units.unit(from_address(form.unit.data))
    require(access.can_write_at(actor, unit.id))
    namesakes = queries.visible_to(actor, queries.namesakes(form.name.data or "", form.birth_year.data, unit.id))
    if not {to_address(person.id) for person in namesakes} <= set((form.seen.data or "").split()):
        return _new_person(form, 409, tuple(namesakes))
    person = actions.add_person(
        form.name.data or "", unit, by=actor, birth_year=form.birth_year.data, sex=Sex(form.sex.data),
        ethnic_group=form.ethnic_group.data or None, village=form.village.data or "",
        post_kind=PostKind(form.kind.data), post_title=form.title.data or "", phone=form.phone.data or "",
    )  # fmt: skip
    return done(url_for("people.person", person_id=person.id), said=text("Đã thêm {name}.", name=person.name))


@bp.get("/con-nguoi/<key:person_id>")
@allow(*access.READERS)
def person(person_id: UUID) -> ResponseReturnValue:
    """One person of her units: posts, account."""
    return _person(queries.person_for(me(), person_id), ResetForm())


def _person(found: Person, form: ResetForm, status: int = 200, sentence: object = "") -> ResponseReturnValue:
    actor, account = me(), queries.account_of(found.id)
    here = queries.unit_of(found.id)
    writes = access.can_write_at(actor, here)
    return page(
        "people/person.html",
        status,
        person=found,
        form=form,
        sentence=sentence,
        posts=queries.posts_of(found.id),
        account=account,
        phone=rules.masked_phone(queries.phone_of(found)),
        writes=writes,
        resets=account is not None and access.can_reset(actor, account, queries.grants_of(account.id), here),
        is_self=found.id == actor.person_id,
        grants=account is not None and bool(actor.units_as(Role.ADMINISTRATOR)),
    )


def _person_to_change(person_id: UUID) -> Person:
    """Found, or 404; hers to change, or 403."""
    found = queries.person_for(me(), person_id)
    require(access.can_write_at(me(), queries.unit_of(found.id)))
    return found


@bp.get("/con-nguoi/<key:person_id>/sua")
@allow(*access.READERS)
def particulars(person_id: UUID) -> ResponseReturnValue:
    """To put right what was typed wrong; the only page that shows the ethnic group."""
    found = _person_to_change(person_id)
    form = CorrectionForm(
        name=found.name, birth_year=found.birth_year, sex=found.sex.value, ethnic_group=found.ethnic_group or ""
    )
    return _particulars(found, form)


def _particulars(found: Person, form: CorrectionForm, status: int = 200) -> ResponseReturnValue:
    phone = rules.masked_phone(queries.phone_of(found))
    return page("people/particulars.html", status, person=found, form=form, phone=phone)


@bp.post("/con-nguoi/<key:person_id>/sua")
@allow(*access.READERS)
def correct_person(person_id: UUID) -> ResponseReturnValue:
    """Put right what was typed wrong; the history keeps who, when, why and which columns."""
    found = _person_to_change(person_id)
    form = CorrectionForm.posted()
    assert isinstance(form, CorrectionForm)
    if not form.validate():
        return _particulars(found, form, 422)
    phone = "" if form.drop_phone.data else (form.phone.data or None)
    actions.correct_person(
        found, by=me(), reason=form.reason.data or "", name=form.name.data or "", birth_year=form.birth_year.data,
        sex=Sex(form.sex.data), ethnic_group=form.ethnic_group.data or None, phone=phone,
    )  # fmt: skip
    return done(url_for("people.person", person_id=person_id), said=text("Đã sửa."))


@bp.get("/con-nguoi/<key:person_id>/chuc-danh")
@allow(*access.READERS)
def new_post(person_id: UUID) -> ResponseReturnValue:
    """To say that she is elsewhere or something else from a day on."""
    found = _person_to_change(person_id)
    post = queries.post_on(found.id)
    form = PostForm(
        begins=clock.today(),
        unit=to_address(post.unit_id) if post else None,
        kind=post.kind.value if post else None,
        village=post.village if post else "",
        title=post.title if post else "",
    )
    return _new_post(found, form)


def _new_post(found: Person, form: PostForm, status: int = 200) -> ResponseReturnValue:
    offer_units(form.unit, unit_choices(me().units_as(*access.WRITERS), _chosen(form)))
    return page("people/new_post.html", status, person=found, form=form)


@bp.post("/con-nguoi/<key:person_id>/chuc-danh")
@allow(*access.READERS)
def change_post(person_id: UUID) -> ResponseReturnValue:
    """From a day on elsewhere, or something else; the post before stays in the history."""
    found = _person_to_change(person_id)
    form = PostForm.posted()
    assert isinstance(form, PostForm)
    offer_units(form.unit, unit_choices(me().units_as(*access.WRITERS), _chosen(form)))
    if not form.validate():
        return _new_post(found, form, 422)
    unit = units.unit(from_address(form.unit.data))
    require(access.can_write_at(me(), unit.id))
    try:
        actions.change_post(
            found, unit, by=me(), kind=PostKind(form.kind.data), title=form.title.data or "",
            village=form.village.data or "", begins=form.begins.data,
        )  # fmt: skip
    except Refusal as refusal:
        refused(refusal, form)
        return _new_post(found, form, 409)
    return done(url_for("people.person", person_id=person_id), said=text("Đã ghi chức danh mới."))


@bp.post("/con-nguoi/<key:person_id>/tai-khoan")
@allow(*access.READERS)
def open_account(person_id: UUID) -> ResponseReturnValue:
    """An account; its code and first PIN are on the answer and nowhere else."""
    found = _person_to_change(person_id)
    try:
        account, pin = actions.open_account(found, by=me())
    except Refusal as refusal:
        return _person(found, ResetForm(), 409, refused(refusal))
    return _slip("people/open_account.html", account, pin)


def _slip(template: str, account: Account, pin: str) -> ResponseReturnValue:
    return page(template, account=account, person=account.person, pin=pin, address=settings().url)


@bp.post("/con-nguoi/<key:person_id>/ma")
@allow(*access.READERS)
def reset_pin(person_id: UUID) -> ResponseReturnValue:
    """A new first PIN, given in person; on the answer and nowhere else."""
    found, form = queries.person_for(me(), person_id), ResetForm.posted()
    assert isinstance(form, ResetForm)
    account = queries.account_of(found.id)
    if account is None:
        raise NotFound
    require(access.can_reset(me(), account, queries.grants_of(account.id), queries.unit_of(found.id)))
    if not form.validate():
        return _person(found, form, 422)
    return _slip("people/reset_pin.html", account, actions.reset_pin(account, by=me()))
