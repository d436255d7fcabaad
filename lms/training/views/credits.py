"""Pages of credit for earlier training: putting it forward, the queue of those who decide, a decision, its scan."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.files import store
from lms.core.refusal import NotFound, Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.people.models import Person
from lms.people.queries import person_for
from lms.training import access, actions, documents, queries
from lms.training.documents import Scan
from lms.training.forms import CreditForm, DecisionForm, key_of, offer
from lms.training.models import Path
from lms.training.queries import CreditLine
from lms.training.views.blueprint import bp
from lms.web.gate import allow, me, require
from lms.web.pages import attachment, done, page, refused, sheet, wanted_sheet

HEADS = (text("Họ và tên"), text("Đơn vị"), text("Lộ trình"), text("Bước"), text("Ngày đã học"), text("Minh chứng"),
         text("Gửi ngày"))  # fmt: skip
SCAN_POLICY = "default-src 'none'; sandbox"


@bp.get("/lo-trinh/<slug:path>/cong-nhan")
@allow("signed in")
def new_credit(path: str) -> ResponseReturnValue:
    """To put forward what one did earlier."""
    return _credit_form(*_own(path), _offered(path, CreditForm(step=request.args.get("buoc", ""))))


def _own(slug: str) -> tuple[Path, Person]:
    """A path that the visitor herself is on; NotFound."""
    path, sight = queries.seen_path(me(), slug)
    own = me().person_id
    if not sight.is_on or own is None:
        raise NotFound
    return path, person_for(me(), own)


def _offered(slug: str, form: CreditForm) -> CreditForm:
    path, _ = queries.seen_path(me(), slug)
    lines = [(step.id, f"{number}. {step.title}") for number, step in enumerate(queries.steps_of(path.id), 1)]
    offer(form.step, lines, text("Chọn một bước"))
    return form


def _credit_form(
    path: Path, person: Person, form: CreditForm, status: int = 200, sentence: Text | None = None
) -> Response:
    is_own = person.id == me().person_id
    back = url_for(".path_page", path=path.slug) if is_own else _learner_page(path, person)
    return page(
        "training/path_credit.html",
        status,
        held=path,
        person=person,
        form=form,
        is_own=is_own,
        back_to=back,
        sentence=sentence,
    )


def _learner_page(path: Path, person: Person) -> str:
    return url_for(".path_learner", path=path.slug, person_id=person.id)


@bp.post("/lo-trinh/<slug:path>/cong-nhan")
@allow("signed in")
def ask_credit(path: str) -> ResponseReturnValue:
    """She puts forward her own."""
    found, person = _own(path)
    return _ask(found, person, url_for(".path_page", path=found.slug))


def _ask(path: Path, person: Person, onward: str) -> ResponseReturnValue:
    form = _offered(path.slug, cast(CreditForm, CreditForm.posted()))
    if not form.validate():
        return _credit_form(path, person, form, 422)
    step = queries.step_of(path, key_of(form.step.data) or path.id)
    try:
        actions.ask_credit(step, person, form.done_on.data, form.evidence.data or "", _scan(form), by=me())
    except Refusal as refusal:
        return _credit_form(path, person, form, 409, refused(refusal, form))
    return done(onward, said=text("Đã gửi đề nghị công nhận. Người có thẩm quyền sẽ duyệt."))


def _scan(form: CreditForm) -> Scan | None:
    file = form.scan.data
    if not getattr(file, "filename", ""):
        return None
    return documents.clean_scan(file.read(documents.MOST_BYTES + 1))


def _hers(slug: str, person_id: UUID) -> tuple[Path, Person]:
    """A path and one of the visitor's people on it; NotFound, Forbidden."""
    path, sight = queries.seen_path(me(), slug)
    if not sight.follows:
        raise NotFound
    person = queries.learner_for(me(), path, person_id)
    require(queries.reaches_learner(me(), person))
    return path, person


@bp.get("/lo-trinh/<slug:path>/nguoi-hoc/<key:person_id>/cong-nhan")
@allow(*access.ORGANISERS)
def new_credit_for(path: str, person_id: UUID) -> ResponseReturnValue:
    """To put forward what one of her people did earlier."""
    return _credit_form(*_hers(path, person_id), _offered(path, CreditForm(step=request.args.get("buoc", ""))))


@bp.post("/lo-trinh/<slug:path>/nguoi-hoc/<key:person_id>/cong-nhan")
@allow(*access.ORGANISERS)
def ask_credit_for(path: str, person_id: UUID) -> ResponseReturnValue:
    """A coordinator puts it forward for her."""
    found, person = _hers(path, person_id)
    return _ask(found, person, _learner_page(found, person))


@bp.get("/lo-trinh/cong-nhan")
@allow(*access.DECIDERS)
def credits() -> ResponseReturnValue:
    """What people of her units have put forward and nobody has decided."""
    lines = queries.asked_credits(me())
    if wanted_sheet():
        return sheet(text("Đề nghị công nhận"), HEADS, [_row(line) for line in lines])
    return page("training/path_credits.html", lines=lines)


def _row(line: CreditLine) -> list[Cell]:
    credit = line.credit
    return [line.person.name, line.place.unit_title, line.step.path.title, line.step.title, credit.done_on,
            credit.evidence, clock.local(credit.asked_at).date()]  # fmt: skip


@bp.get("/lo-trinh/cong-nhan/<key:credit_id>")
@allow(*access.DECIDERS)
def credit_page(credit_id: UUID) -> ResponseReturnValue:
    """One credit, to be decided or as it was decided."""
    return _credit_page(queries.credit_for(me(), credit_id), DecisionForm())


def _credit_page(line: CreditLine, form: DecisionForm, status: int = 200, sentence: Text | None = None) -> Response:
    before = queries.granted_before(line.credit)
    return page("training/path_decision.html", status, line=line, form=form, before=before, sentence=sentence)


@bp.post("/lo-trinh/cong-nhan/<key:credit_id>")
@allow(*access.DECIDERS)
def decide_credit(credit_id: UUID) -> ResponseReturnValue:
    """Granted, or refused with a reason."""
    line = queries.credit_for(me(), credit_id)
    form = cast(DecisionForm, DecisionForm.posted())
    if not form.validate() or form.granted.data not in ("co", "khong"):
        return _credit_page(line, form, 422, text("Chọn công nhận hoặc không công nhận."))
    try:
        actions.decide_credit(line.credit, form.granted.data == "co", form.reason.data or "", by=me())
    except Refusal as refusal:
        return _credit_page(queries.credit_for(me(), credit_id), form, 409, refused(refusal, form))
    said = text("Đã công nhận.") if form.granted.data == "co" else text("Đã ghi: không công nhận.")
    return done(url_for(".credits"), said=said)


@bp.get("/lo-trinh/cong-nhan/<key:credit_id>/tep")
@allow("signed in")
def credit_scan(credit_id: UUID) -> Response:
    """The scan, for the learner and for those who decide: never stored on the way, never run as a page."""
    credit = queries.scan_for(me(), credit_id)
    if not store().has(credit.digest):
        raise NotFound
    response = make_response(store().get(credit.digest))
    response.headers["Content-Type"] = credit.media_type
    ending = documents.ENDINGS.get(credit.media_type, "bin")
    how = "inline" if credit.media_type.startswith("image/") else "attachment"
    response.headers["Content-Disposition"] = attachment(f"minh-chung.{ending}", how)
    response.headers["Content-Security-Policy"] = SCAN_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
