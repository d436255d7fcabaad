"""Pages of the room `credentials`: my papers, the list, one certificate and its PDF, and the public check."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from lms.core import ids, qr
from lms.core.actor import Role
from lms.core.files import store
from lms.core.refusal import NotFound, Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.credentials import access, actions, documents, queries, rules
from lms.credentials.forms import AgainForm, ReplaceForm, RevokeForm
from lms.credentials.models import Cause, Certificate, CertificateState
from lms.credentials.queries import PAGE, Wanted
from lms.web.forms import PlainForm
from lms.web.gate import allow, me, require
from lms.web.pages import attachment, done, page, refused, sheet, wanted_sheet

bp = Blueprint("credentials", __name__)

_HEADS = (
    text("Số"), text("Họ và tên"), text("Năm sinh"), text("Khóa tập huấn"), text("Số ngày"), text("Số giờ"),
    text("Từ ngày"), text("Đến ngày"), text("Nơi cấp"), text("Ngày cấp"), text("Tình trạng"), text("Mã"),
)  # fmt: skip


@bp.get("/giay-to")
@allow("signed in")
def mine() -> Response:
    """The papers of the one who is signed in."""
    actor = me()
    found = queries.certificates_of([actor.person_id]) if actor.person_id is not None else []
    if wanted_sheet():
        heads = (
            text("Số"),
            text("Khóa tập huấn"),
            text("Từ ngày"),
            text("Đến ngày"),
            text("Ngày cấp"),
            text("Nơi cấp"),
        )
        rows = [(c.number_text, c.course_title, c.begins_on, c.ends_on, c.issued_on, c.issuer_name) for c in found]
        return sheet(text("Giấy tờ"), heads, rows)
    return page("credentials/mine.html", certificates=found)


@bp.get("/giay-chung-nhan")
@allow(*access.READERS, Role.TRAINER)
def certificates() -> Response:
    """The certificates she may see: of her units, of the classes she teaches."""
    wanted = _wanted()
    if wanted_sheet():
        return sheet(text("Giấy chứng nhận"), _HEADS, [_line(c) for c in queries.certificates_for(me(), wanted)])
    count, number = queries.count_for(me(), wanted), _page_number()
    return page(
        "credentials/certificates.html",
        certificates=queries.certificates_for(me(), wanted, number),
        wanted=wanted,
        count=count,
        number=number,
        pages=max(1, -(-count // PAGE)),
        states=CertificateState,
    )


def _wanted() -> Wanted:
    state, class_letters = request.args.get("tinh-trang", ""), request.args.get("lop", "")
    try:
        class_id = ids.from_address(class_letters) if class_letters else None
    except ValueError as fault:
        raise NotFound from fault
    known = {member.value: member for member in CertificateState}
    return Wanted(request.args.get("tim", "").strip()[:100], known.get(state), class_id)


def _page_number() -> int:
    typed = request.args.get("trang", "1")
    return int(typed) if typed.isdecimal() and 0 < len(typed) < 5 and int(typed) else 1


def _line(c: Certificate) -> tuple[Cell, ...]:
    return (
        c.number_text, c.name, c.birth_year, c.course_title, c.days, c.hours, c.begins_on, c.ends_on,
        c.issuer_name, c.issued_on, c.state.label, rules.grouped(c.code),
    )  # fmt: skip


@bp.get("/giay-chung-nhan/<key:certificate_id>")
@allow("signed in")
def certificate(certificate_id: UUID) -> Response:
    """One certificate as it is printed, what may be done with it, and to staff what happened to it."""
    return _shown(queries.certificate_for(me(), certificate_id), Forms())


@dataclass
class Forms:
    """The forms on a certificate's page: the one that was posted, and fresh ones."""

    revoke: PlainForm | None = None
    replace: PlainForm | None = None
    again: PlainForm | None = None
    refusal: Text | None = None


def _shown(found: Certificate, forms: Forms, status: int = 200) -> Response:
    can_end = access.can_end(me(), found)
    words = documents.paper(found)
    return page(
        "credentials/certificate.html",
        status,
        certificate=found,
        paper=words,
        code=qr.svg(words.address, str(text("Mã QR: địa chỉ trang kiểm tra giấy này"))),
        can_end=can_end,
        happened=queries.events_of(found) if access.can_read(me(), found) else [],
        successor=queries.successor_of(found),
        forms=forms,
        revoke_form=forms.revoke or RevokeForm(),
        replace_form=forms.replace or ReplaceForm(data={"name": found.name, "birth_year": found.birth_year}),
        again_form=forms.again or AgainForm(),
    )


@bp.get("/giay-chung-nhan/<key:certificate_id>/pdf")
@allow("signed in")
def pdf(certificate_id: UUID) -> Response:
    """The PDF to print: the kept one, or made on the spot while its job has not run."""
    found = queries.certificate_for(me(), certificate_id)
    kept = found.pdf_digest and store().has(found.pdf_digest)
    response = make_response(store().get(found.pdf_digest) if kept else documents.render(found))
    response.headers["Content-Type"] = documents.MEDIA_TYPE
    response.headers["Content-Disposition"] = attachment(documents.file_name(found), "inline")
    response.headers["Cache-Control"] = "no-store"
    return response


def _to_end(certificate_id: UUID) -> Certificate:
    found = queries.certificate_for(me(), certificate_id)
    require(access.can_end(me(), found))
    return found


@bp.post("/giay-chung-nhan/<key:certificate_id>/thu-hoi")
@allow("signed in")
def revoke(certificate_id: UUID) -> Response:
    """End it, with a reason."""
    found = _to_end(certificate_id)
    form = RevokeForm.posted()
    if not form.validate():
        return _shown(found, Forms(revoke=form), 422)
    try:
        actions.revoke(found, reason=form.reason.data, cause=Cause(form.cause.data), by=me())  # type: ignore[attr-defined]
    except Refusal as refusal:
        return _shown(found, Forms(revoke=form, refusal=refused(refusal, form)), 409)
    return done(_address(found), said=text("Đã thu hồi giấy số {number}.", number=found.number_text))


@bp.post("/giay-chung-nhan/<key:certificate_id>/thay-the")
@allow("signed in")
def replace(certificate_id: UUID) -> Response:
    """A new number for a corrected name; on to the new certificate."""
    found = _to_end(certificate_id)
    form = ReplaceForm.posted()
    if not form.validate():
        return _shown(found, Forms(replace=form), 422)
    try:
        new = actions.replace(
            found,
            form.name.data,  # type: ignore[attr-defined]
            birth_year=form.birth_year.data,  # type: ignore[attr-defined]
            reason=form.why.data,  # type: ignore[attr-defined]
            by=me(),
        )
    except Refusal as refusal:
        return _shown(found, Forms(replace=form, refusal=refused(refusal, form)), 409)
    return done(_address(new), said=text("Đã cấp giấy số {number} thay giấy cũ.", number=new.number_text))


@bp.post("/giay-chung-nhan/<key:certificate_id>/cap-lai")
@allow("signed in")
def issue_again(certificate_id: UUID) -> Response:
    """A new certificate where one was revoked by mistake; on to it."""
    found = _to_end(certificate_id)
    form = AgainForm.posted()
    if not form.validate():
        return _shown(found, Forms(again=form), 422)
    try:
        new = actions.issue_again(found, reason=form.reason.data, by=me())  # type: ignore[attr-defined]
    except Refusal as refusal:
        return _shown(found, Forms(again=form, refusal=refused(refusal, form)), 409)
    return done(_address(new), said=text("Đã cấp lại, giấy mới số {number}.", number=new.number_text))


def _address(found: Certificate) -> str:
    return url_for("credentials.certificate", certificate_id=found.id)


@bp.get("/c")
@allow("anyone")
def check() -> Response:
    """Type the code of a paper; on to its page."""
    typed = request.args.get("ma")
    if typed is None or not typed.strip():
        return _public(page("credentials/check.html", missing=typed is not None))
    code = "".join(letter for letter in typed if letter.isalnum())[:60] or "-"
    return _public(make_response(redirect(url_for("credentials.check_code", code=rules.plain_code(code) or code), 303)))


@bp.get("/c/<path:code>")
@allow("anyone")
def check_code(code: str) -> Response:
    """What the paper with this code says, and whether it is worth anything; unknown and malformed look the same."""
    found = queries.certificate_by_code(code)
    if found is None:
        return _public(page("credentials/check.html", 404, missing=False, unknown=True))
    return _public(
        page(
            "credentials/check_code.html",
            certificate=found,
            length=rules.length(found.days, found.hours),
            span=rules.span(found.begins_on, found.ends_on),
            code=rules.grouped(found.code),
            end=queries.end_of(found),
            successor=queries.successor_of(found),
            states=CertificateState,
        )
    )


def _public(response: Response) -> Response:
    """Never stored, never listed."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
