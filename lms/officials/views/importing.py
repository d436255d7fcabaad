"""A list as people have it: sent, shown in four piles, written as one transaction or dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from lms.core import clock
from lms.core.actor import Role
from lms.core.ids import from_address
from lms.core.refusal import Refusal
from lms.core.words import Text, text
from lms.officials import access, actions, documents, queries
from lms.officials.actions import Sorted
from lms.officials.documents import Upload
from lms.officials.forms import ImportForm, ask_reason, unit_asked, visit_here
from lms.officials.models import Category, SealedVisit
from lms.officials.rules import NEW
from lms.officials.views.room import bp, import_into, register_of
from lms.units.models import Unit
from lms.units.queries import titles
from lms.web.gate import allow, me, require
from lms.web.pages import done, page, refused


@bp.get("/so-can-bo/nhap")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def import_page() -> ResponseReturnValue:
    """To send a list."""
    unit = unit_asked()
    require(access.can_write(me(), unit.id))
    visit = visit_here(unit)
    if visit is None:
        return ask_reason(unit)
    return _import_page(unit, visit, ImportForm(begins=clock.today()))


def _import_page(
    unit: Unit, visit: SealedVisit, form: ImportForm, status: int = 200, faults: Sequence[Text] = ()
) -> ResponseReturnValue:
    actions.look(visit, unit.id, "import", 0, by=me())
    return page("officials/import_page.html", status, unit=unit, visit=visit, form=form, faults=faults)


@bp.post("/so-can-bo/nhap")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def preview() -> ResponseReturnValue:
    """What the list would do; nothing is written but the sealed file that waits for the decision."""
    unit = unit_asked()
    require(access.can_write(me(), unit.id))
    visit, form = visit_here(unit), ImportForm(CombinedMultiDict([request.files, request.form]))
    if visit is None:
        return ask_reason(unit)
    if not form.validate():
        return _import_page(unit, visit, form, 422)
    group = Category(form.category.data) if form.category.data else None
    upload = Upload(form.file.data.read(), me().account_id, unit.id, group, form.begins.data)
    try:
        found = actions.sort_upload(upload, unit, {}, {})
    except Refusal as refusal:
        return _refused_list(unit, visit, form, refusal)
    digest = actions.keep_upload(upload, by=me())
    return _preview(unit, visit, digest, found)


def _refused_list(unit: Unit, visit: SealedVisit, form: ImportForm, refusal: Refusal) -> ResponseReturnValue:
    """Each kind of fault has its sentence."""
    first = refused(refusal)
    return _import_page(unit, visit, form, 409, [first, *getattr(refusal, "others", ())])


def _preview(
    unit: Unit, visit: SealedVisit, digest: str, found: Sorted, status: int = 200, sentence: Text | None = None
) -> ResponseReturnValue:
    piles = found.piles
    persons = {item.person_id for item in piles.settled if item.person_id}
    persons |= {person for row in piles.unclear for person in row.persons}
    places = {item.unit_id for item in (*piles.settled, *piles.same)}
    places |= {guess for row in piles.unclear for guess in (*row.guesses, row.unit_id) if guess}
    count = len(piles.new) + len(piles.same) + len(piles.changed) + len(piles.unclear)
    actions.look(visit, unit.id, "preview", count, by=me())
    return page(
        "officials/preview.html",
        status,
        unit=unit,
        visit=visit,
        digest=digest,
        mark=found.mark,
        piles=piles,
        persons=queries.choices_of(persons),
        titles=titles(places),
        places=queries.places_in(unit) if any(not row.unit_id for row in piles.unclear) else [],
        picked=request.form,
        carried=_carried(found),
        sentence=sentence,
    )


def _carried(found: Sorted) -> list[tuple[str, str]]:
    """What was chosen for rows that are settled by it and no longer ask."""
    asked = {f"{'place' if row.unit_id is None else 'pick'}-{row.line.number}" for row in found.piles.unclear}
    given = [(name, value) for name, value in request.form.items() if re.fullmatch(r"(pick|place)-\d{1,6}", name)]
    return [(name, value) for name, value in given if name not in asked]


@bp.post("/so-can-bo/nhap/luu")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def take_in() -> ResponseReturnValue:
    """The list as shown, whole or not at all."""
    unit = unit_asked()
    require(access.can_write(me(), unit.id))
    visit, digest = visit_here(unit), request.form.get("digest", "")
    if visit is None:
        return ask_reason(unit)
    try:
        upload = _kept(digest, unit)
    except Refusal as refusal:
        form = ImportForm(begins=clock.today())
        return _refused_list(unit, visit, form, refusal)
    picks, places = _picks(), _places()
    try:
        made = actions.take_in(upload, unit, picks, places, request.form.get("mark", ""), by=me())
    except Refusal as refusal:
        sentence, found = refused(refusal), actions.sort_upload(upload, unit, picks, places)
        return _preview(unit, visit, digest, found, 409, sentence)
    actions.discard(digest)
    said = text("Đã lưu: {new} dòng mới, {changed} thay đổi.", new=made.new, changed=made.changed)
    return done(register_of(unit), said=said if made.total else text("0 thay đổi."))


def _kept(digest: str, unit: Unit) -> Upload:
    """Her own upload for this unit; UploadIsGone."""
    upload = documents.kept(digest, me().account_id)
    if upload.unit_id != unit.id:
        raise documents.UploadIsGone()
    return upload


def _picks() -> dict[int, str]:
    """Row number -> "moi", "dong-7" or a person's key, as chosen on the page."""
    return {int(name[5:]): _pick(value) for name, value in request.form.items() if re.fullmatch(r"pick-\d{1,6}", name)}


def _pick(value: str) -> str:
    if value == NEW or value.startswith("dong-"):
        return value
    try:
        key: UUID = from_address(value)
    except ValueError:
        return ""
    return str(key)


def _places() -> dict[int, str]:
    """Row number -> the unit typed for it."""
    return {
        int(name[6:]): value[:160]
        for name, value in request.form.items()
        if re.fullmatch(r"place-\d{1,6}", name) and value.strip()
    }


@bp.post("/so-can-bo/nhap/bo")
@allow(Role.PLANNER, Role.AUDITOR, sealed=True)
def drop_list() -> ResponseReturnValue:
    """Nothing is written and the file is forgotten."""
    unit = unit_asked()
    require(access.can_write(me(), unit.id))
    digest = request.form.get("digest", "")
    try:
        _kept(digest, unit)
    except documents.UploadIsGone:
        pass
    else:
        actions.discard(digest)
    return done(import_into(unit), said=text("Đã bỏ tệp. Chưa lưu gì vào sổ."))
