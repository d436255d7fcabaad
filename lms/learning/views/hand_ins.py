"""Pages of products: the task, the draft, handing in, its files; and uploads in pieces, spoken by the page's script."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Response, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from lms.core import ids
from lms.core.files import store
from lms.core.ids import to_address
from lms.core.refusal import NotFound, Refusal
from lms.core.words import Text, text
from lms.courses import queries as courses
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.actions import Arrived
from lms.learning.documents import MOST_BYTES
from lms.learning.forms import HandInForm
from lms.learning.models import HandIn, Work, WorkKind
from lms.learning.queries import Product
from lms.learning.rules import marking as rules
from lms.learning.views.blueprint import bp, unstored
from lms.learning.views.lessons import filler
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused

MOST_FORM = (
    110 * 1024 * 1024
)  # six files of 15 MB and the text: nobody loses what she typed to a form that is too large


@bp.before_request
def _room_for_files() -> None:
    if request.method == "POST" and request.path.startswith("/nop-bai/"):
        request.max_content_length = MOST_FORM


@bp.get("/nop-bai/<slug:course>/<slug:question>")
@allow("signed in")
def product(course: str, question: str) -> ResponseReturnValue:
    """The task, what is asked of it, and her tries."""
    edition = courses.edition_of(course)
    return _product_page(edition, queries.product_of(edition, question))


def _product_page(
    edition: Edition,
    asked: Product,
    form: HandInForm | None = None,
    faults: list[tuple[str, Text]] | None = None,
    status: int = 200,
) -> Response:
    person_id = me().person_id
    hand_ins = queries.hand_ins_of(person_id, edition.course_id, asked.question.id) if person_id else []
    current, latest = queries.current_of(hand_ins), hand_ins[-1] if hand_ins else None
    state = queries.state_of(current)
    is_open = state in {"none", "draft"} or (state == "again" and len(hand_ins) < queries.MOST_TRIES)
    draft = latest if latest is not None and latest.handed_in_at is None else None
    shown = page(
        "learning/hand_in.html",
        status,
        edition=edition,
        product=asked,
        form=form or HandInForm(text=latest.text if latest else ""),
        draft=draft,
        works=queries.works_of([draft.id]) if draft else [],
        tries=queries.tries_of([one for one in reversed(hand_ins) if one.handed_in_at is not None]),
        state=state,
        is_open=is_open,
        number=draft.number if draft else len(hand_ins) + 1,
        faults=faults or [],
        most_tries=queries.MOST_TRIES,
        most_files=queries.MOST_FILES,
        most_bytes=MOST_BYTES,
        shown=rules.shown,
        fill=filler(),
        leave=any(one.sensitive for one in courses.outline(edition.id) if one.key == asked.lesson_key),
    )
    return unstored(shown)


@bp.post("/nop-bai/<slug:course>/<slug:question>")
@allow("signed in")
def keep_draft(course: str, question: str) -> ResponseReturnValue:
    """Keep what was written and the files; to the script the key of the draft."""
    return _keep(course, question)


@bp.post("/nop-bai/<slug:course>/<slug:question>/nop")
@allow("signed in")
def hand_in(course: str, question: str) -> ResponseReturnValue:
    """Keep all and hand it in."""
    return _keep(course, question, hands_in=True)


@bp.post("/nop-bai/<slug:course>/<slug:question>/bo/<key:work_id>")
@allow("signed in")
def drop_work(course: str, question: str, work_id: UUID) -> ResponseReturnValue:
    """Take a file out of the draft; what was typed beside it is kept."""
    return _keep(course, question, dropped=work_id)


def _keep(course: str, question: str, hands_in: bool = False, dropped: UUID | None = None) -> ResponseReturnValue:
    edition = courses.edition_of(course)
    asked = queries.product_of(edition, question)
    form = cast(HandInForm, HandInForm.posted())
    if not form.validate():
        return _product_page(edition, asked, form, status=422)
    typed = form.text.data if "text" in request.form else None
    try:
        draft = actions.keep_draft(edition, asked, typed, by=me())
    except Refusal as refusal:
        return _not_kept(edition, asked, form, refused(refusal, form))
    if dropped is not None:
        actions.drop_work(draft, queries.work_of(draft, dropped), by=me())
    faults = _add_files(draft)
    if _is_script():
        return jsonify({"hand_in": to_address(draft.id), "sentences": [str(sentence) for _, sentence in faults]})
    return _kept(edition, asked, draft, faults, hands_in)


def _kept(
    edition: Edition, asked: Product, draft: HandIn, faults: list[tuple[str, Text]], hands_in: bool
) -> ResponseReturnValue:
    """What is kept stays kept, also where a file was not taken or nothing can be handed in yet."""
    if hands_in and not faults:
        try:
            actions.hand_in(draft, by=me())
        except Refusal as refusal:
            faults = [("", refusal.sentence)]
    if faults:
        return _product_page(edition, asked, None, faults, 422)
    here = url_for(".product", course=edition.course.slug, question=asked.question.id)
    said = text("Đã nộp bài. Chấm xong sẽ thấy kết quả ở đây.") if hands_in else text("Đã lưu bài làm.")
    return done(here, said=said)


def _not_kept(edition: Edition, asked: Product, form: HandInForm, sentence: Text) -> ResponseReturnValue:
    if _is_script():
        return _told(sentence)
    return _product_page(edition, asked, form, [("", sentence)], 409)


def _add_files(draft: HandIn) -> list[tuple[str, Text]]:
    """Keep the files of the form; name and reason of each that was not taken."""
    faults = []
    for given in [*request.files.getlist("photos"), *request.files.getlist("voice")]:
        fault = _add_file(draft, given)
        if fault is not None:
            faults.append((given.filename or "", fault))
    return faults


def _add_file(draft: HandIn, given: FileStorage) -> Text | None:
    if not given.filename:
        return None
    try:
        actions.add_file(draft, given.stream.read(MOST_BYTES + 1), by=me())
    except Refusal as refusal:
        return refusal.sentence
    return None


def _is_script() -> bool:
    return request.headers.get("Accept") == "application/json"


@bp.get("/nop-bai/tep/<key:work_id>")
@allow("signed in")
def work_file(work_id: UUID) -> ResponseReturnValue:
    """A photograph or a voice, to her who made it and to those who mark it."""
    found = queries.work_for(me(), work_id)
    return _sent(found)


def _sent(work: Work) -> Response:
    if not store().has(work.digest):
        raise NotFound
    content = store().get(work.digest)
    response = make_response(content)
    response.headers["Content-Type"] = work.media_type
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, no-store"
    if work.kind is WorkKind.VOICE:
        response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


@bp.post("/tai-len")
@allow("signed in")
def begin_upload() -> ResponseReturnValue:
    """Announce a file: `bai` (key of the draft), `ma` (key of the upload, made there), `co` (bytes), `sha256`."""
    form = request.form
    draft = queries.own_hand_in(me(), _key(form.get("bai", "")))
    size = form.get("co", "")
    try:
        if not (size.isascii() and size.isdigit() and len(size) < 12):
            raise actions.UploadIsUnlike()
        arrived = actions.begin_upload(draft, _key(form.get("ma", "")), int(size), form.get("sha256", ""), by=me())
    except Refusal as refusal:
        return _told(refused(refusal))
    return _arrived(arrived)


def _key(letters: str) -> UUID:
    try:
        return ids.from_address(letters)
    except ValueError as fault:
        raise NotFound from fault


@bp.get("/tai-len/<key:upload_id>")
@allow("signed in")
def upload(upload_id: UUID) -> ResponseReturnValue:
    """How much of a file is here."""
    found = queries.own_upload(me(), upload_id)
    return _arrived(Arrived(found.id, found.received, found.work_id))


@bp.put("/tai-len/<key:upload_id>")
@allow("signed in")
def receive_piece(upload_id: UUID) -> ResponseReturnValue:
    """The piece that begins at `tu`; 409 with the true place where it does not fit."""
    found = queries.own_upload(me(), upload_id)
    offset = request.args.get("tu", "")
    piece = request.get_data() if (request.content_length or 0) <= actions.MOST_PIECE else b""
    place = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 12 else -1
    return _arrived(actions.receive_piece(found, place, piece, by=me()))


def _arrived(arrived: Arrived) -> Response:
    """{"id", "received", "work"} and, where something is wrong, "sentence": 409 = go on from `received`, 422 = give up."""
    plain: dict[str, Any] = {"id": to_address(arrived.upload_id), "received": arrived.received}
    plain["work"] = to_address(arrived.work_id) if arrived.work_id else None
    if arrived.fault is not None:
        plain["sentence"] = str(arrived.fault)
    answer = jsonify(plain)
    answer.status_code = (422 if arrived.is_over else 409) if arrived.fault is not None else 200
    return answer


def _told(sentence: Text) -> Response:
    """A refusal to the script."""
    answer = jsonify({"sentence": str(sentence)})
    answer.status_code = 422
    return answer
