"""The questions of a course, in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.authoring import access, actions, documents, queries, rules
from lms.authoring.forms import BankForm
from lms.authoring.views.room import KINDS, MOST_SHOWN, bp
from lms.core.refusal import NotFound
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.courses.documents import ICONS
from lms.courses.models import Edition
from lms.courses.queries import edition_of, files_of, outline
from lms.courses.rules import Fault, spelled
from lms.courses.rules.exchange import FORMS, Wanted, write_bank
from lms.courses.rules.exchange.joining import ASKED
from lms.courses.rules.tidy import LESSON_NAME, TEST
from lms.learning.rules import asking
from lms.web.assets import shelf
from lms.web.gate import allow, me
from lms.web.pages import attachment, done, page, refused, sheet, wanted_sheet

USES = {
    "check": text("tự kiểm tra"),
    "test": text("bài kiểm tra"),
    "both": text("tự kiểm tra và bài kiểm tra"),
    "form": text("trước và sau khóa"),
}
FORM_NAMES = {
    "gift": "GIFT",
    "aiken": "Aiken",
    "xml": "Moodle XML",
    "xlsx": text("Excel sáu cột"),
    "md": text("Tệp .cau-hoi.md"),
}
BANK_HEADS = (text("Mã"), text("Câu hỏi"), text("Loại"), text("Mục tiêu"), text("Dùng cho"), text("Ở bài"))
_FINAL = text("Bài kiểm tra cuối khóa")
_ON_A_LEAF = 200


@bp.get("/soan/khoa/<slug:course>/cau-hoi")
@allow(*access.AUTHORS)
def bank(course: str) -> ResponseReturnValue:
    """The questions of the edition in force, as a table or as a file (`dang`)."""
    edition = edition_of(course)
    lines = [line for line in queries.bank_of(edition) if _is_wanted(line)]
    if request.args.get("dang"):
        return _bank_file(edition, lines, request.args["dang"])
    if wanted_sheet():
        return sheet(text("Câu hỏi của {title}", title=edition.title), BANK_HEADS, [_bank_row(one) for one in lines])
    return _bank(edition, lines, _bank_form(edition))


def _is_wanted(line: queries.BankLine) -> bool:
    asked = line.question
    facts = {
        "loai": asked.kind,
        "muc-tieu": asked.goal,
        "dung": asked.use,
        "bai": line.lesson.slug if line.lesson else "-",
    }
    return all(request.args.get(name) in {None, "", fact} for name, fact in facts.items())


def _bank_row(line: queries.BankLine) -> tuple[Cell, ...]:
    asked = line.question
    return (asked.id, line.title, KINDS[asked.kind], asked.goal, USES[asked.use], _home(line))


def _home(line: queries.BankLine) -> Text | str:
    if line.lesson:
        return line.lesson.title
    return USES["form"] if line.question.use == "form" else _FINAL


def _bank_file(edition: Edition, lines: Sequence[queries.BankLine], form: str) -> Response:
    if form not in FORMS:
        raise NotFound
    wanted = {line.question.id for line in lines}
    written = write_bank([one for one in documents.bank_of(edition) if one.id in wanted], form)
    response = make_response(written.content)
    response.headers["Content-Type"] = written.media_type
    response.headers["Content-Disposition"] = attachment(f"{edition.course.slug}-cau-hoi.{written.ending}")
    response.headers["X-Rows"] = str(len(wanted) - len(written.left_out))
    return response


def _bank_form(edition: Edition, posted: bool = False) -> BankForm:
    form = cast(BankForm, BankForm.posted() if posted else BankForm())
    titles = {lesson.slug: lesson.title for lesson in outline(edition.id)}
    form.target.choices = [(path, _target_name(path, titles)) for path in _targets(edition)]
    form.goal.choices = list(edition.goals.items())
    return form


def _targets(edition: Edition) -> list[str]:
    """Where questions may be put: the question file of each lesson, and the final test."""
    files = files_of(edition.id)
    lessons = [path for path in files if (name := LESSON_NAME.fullmatch(path.rpartition("/")[2])) and not name["extra"]]
    return [f"{path.removesuffix('.md')}{ASKED}" for path in lessons if "/" in path] + ([TEST] if TEST in files else [])


def _target_name(path: str, titles: dict[str, str]) -> str:
    name = LESSON_NAME.fullmatch(path.rpartition("/")[2])
    return str(_FINAL) if path == TEST or not name else titles.get(name["slug"], path)


def _bank(
    edition: Edition,
    lines: Sequence[queries.BankLine],
    form: BankForm,
    refusal: Text | None = None,
    faults: Sequence[Fault] = (),
    status: int = 200,
) -> Response:
    leaves, typed = max(1, -(-len(lines) // _ON_A_LEAF)), request.args.get("trang", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed[:4]) <= leaves else 1
    return page(
        "authoring/bank.html", status, edition=edition, lines=lines[(number - 1) * _ON_A_LEAF :][:_ON_A_LEAF],
        count=len(lines), number=number, leaves=leaves, form=form, kinds=KINDS, uses=USES, home=_home,
        forms=FORM_NAMES, left_out=documents.left_out(edition), lessons=outline(edition.id),
        refusal=refusal, faults=faults[:MOST_SHOWN], fault_count=len(faults),
    )  # fmt: skip


@bp.post("/soan/khoa/<slug:course>/cau-hoi")
@allow(*access.AUTHORS)
def add_bank(course: str) -> ResponseReturnValue:
    """A file of questions into a new draft; with a fault nothing is kept."""
    edition = edition_of(course)
    form = _bank_form(edition, posted=True)
    if not form.validate():
        return _bank(edition, queries.bank_of(edition), form, status=422)
    file, wanted = form.bank.data, Wanted(form.target.data, form.goal.data)
    try:
        made = actions.add_bank(edition, file.filename, file.read(), wanted, by=me())
    except actions.BankWasRefused as refusal:
        sentence = refused(refusal, form)
        return _bank(edition, queries.bank_of(edition), form, sentence, refusal.faults, 422)
    return done(
        url_for(".draft", draft_id=made.id), said=text("Đã thêm câu hỏi vào một bản nháp. Xem lại rồi phát hành.")
    )


@bp.get("/soan/khoa/<slug:course>/cau-hoi/<slug:question>")
@allow(*access.AUTHORS)
def bank_question(course: str, question: str) -> ResponseReturnValue:
    """One question as learners see it, with its right answer."""
    edition = edition_of(course)
    line = next((one for one in queries.bank_of(edition) if one.question.id == question), None)
    if line is None:
        raise NotFound
    return page(
        "authoring/bank_question.html", edition=edition, line=line, question=spelled(line.question), home=_home(line), uses=USES,
        kinds=KINDS, asked=asking.ask(line.question, line.question.id), answers=rules.answers_of(line.question),
        fill=_kept_filler,
    )  # fmt: skip


def _kept_filler(html: str) -> Markup:
    """Kept HTML has its addresses but for the sprite's."""
    return Markup(html.replace(ICONS, shelf().address("web/icons.svg")))  # noqa: S704 - cleaned when it was read
