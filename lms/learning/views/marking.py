"""Pages of marking: the queue of works that wait, and one work beside its rubric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import ids
from lms.core.actor import Role
from lms.core.refusal import NotFound, Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.courses.rules import Question, needed_of, points_of
from lms.learning import actions, queries
from lms.learning.forms import MarkingForm
from lms.learning.models import MarkOutcome
from lms.learning.queries import Pile, WaitingLine, WorkToMark
from lms.learning.rules import marking as rules
from lms.learning.views.blueprint import bp
from lms.learning.views.lessons import filler
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused, sheet, wanted_sheet

HEADS = (
    text("Họ và tên"),
    text("Năm sinh"),
    text("Đơn vị"),
    text("Khóa học"),
    text("Bài"),
    text("Lần nộp"),
    text("Ngày nộp"),
    text("Kết quả"),
)
OUTCOMES = {MarkOutcome.ACCEPTED: text("Đạt"), MarkOutcome.AGAIN: text("Cần làm lại"), None: text("Đang chờ chấm")}


def _asked_pile() -> Pile:
    """The filters of the address (or of the form that carries them on)."""
    unit = request.values.get("don-vi", "")
    try:
        unit_id = ids.from_address(unit) if unit else None
    except ValueError:
        unit_id = None
    marked = request.values.get("xem", "") == "da-cham"
    return Pile(request.values.get("khoa", ""), unit_id, marked)


def _filters(pile: Pile) -> dict[str, str]:
    """The same for an address."""
    unit = {"don-vi": ids.to_address(pile.unit_id)} if pile.unit_id else {}
    return unit | ({"khoa": pile.course} if pile.course else {})


@bp.get("/cham-bai")
@allow(Role.TRAINER, Role.ADMINISTRATOR)
def marking_queue() -> ResponseReturnValue:
    """What waits to be marked in my units, oldest first; `xem=da-cham`: what is marked."""
    pile = _asked_pile()
    if wanted_sheet():
        return sheet(text("Chấm bài"), HEADS, [_row(line) for line in queries.pile_of(me(), pile)])
    lines = queries.pile_of(me(), pile, queries.MOST_LINES)
    return page(
        "learning/marking_queue.html",
        lines=lines,
        count=len(lines) if len(lines) < queries.MOST_LINES else queries.count_of(me(), pile),
        pile=pile,
        filters=_filters(pile),
        courses=queries.courses_in(me()),
        units=queries.units_in(me()),
        outcomes=OUTCOMES,
    )


def _row(line: WaitingLine) -> list[Cell]:
    return [
        line.person.name,
        line.person.birth_year,
        line.unit_title,
        line.course.title,
        line.title,
        line.hand_in.number,
        line.hand_in.handed_in_at,
        str(OUTCOMES[line.hand_in.outcome]),
    ]


@bp.get("/cham-bai/<key:hand_in_id>")
@allow(Role.TRAINER, Role.ADMINISTRATOR)
def mark_page(hand_in_id: UUID) -> ResponseReturnValue:
    """One work and its rubric."""
    found = queries.hand_in_to_mark(me(), hand_in_id)
    latest = found.latest.marking if found.latest else None
    form = MarkingForm(chips=latest.chips, comment=latest.comment) if latest else MarkingForm()
    return _mark_page(found, form, latest.steps if latest else [])


def _mark_page(
    found: WorkToMark, form: MarkingForm, steps: Sequence[int | None], sentence: Text | None = None, status: int = 200
) -> Response:
    hand_in, question, pile = found.line.hand_in, found.line.question, _asked_pile()
    kept = queries.chips_of(me(), found.line.course.id, hand_in.question_key)
    given = list(form.chips.data or ())
    chips = dict.fromkeys([*question.chips, *(chip.text for chip in kept), *given])
    full = [step for step in steps if step is not None]
    return page(
        "learning/marking.html",
        status,
        found=found,
        form=form,
        steps=[*steps, *[None] * len(question.criteria)][: len(question.criteria)],
        points=points_of(question, full) if rules.are_steps(question, full) else None,
        by_step=[rules.points_by_step(criterion.points) for criterion in question.criteria],
        whole=sum(criterion.points for criterion in question.criteria),
        needed=needed_of(question),
        shared_steps=_shared_steps(question),
        shown=rules.shown,
        chips=list(chips),
        given=given,
        kept=kept,
        sentence=sentence,
        place=queries.place_of(me(), pile, hand_in),
        done=_done_before(),
        filters=_filters(pile),
        outcomes=OUTCOMES,
        fill=filler(),
    )


def _shared_steps(question: Question) -> tuple[str, ...]:
    """The words of the four steps, where all criteria have the same."""
    words = {criterion.steps for criterion in question.criteria}
    return next(iter(words)) if len(words) == 1 else ()


def _done_before() -> int:
    """How many she marked in this run; only for the count on the page."""
    told = request.values.get("da", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 5 else 0


@bp.post("/cham-bai/<key:hand_in_id>")
@allow(Role.TRAINER, Role.ADMINISTRATOR)
def mark(hand_in_id: UUID) -> ResponseReturnValue:
    """Keep the marking and go to the next that waits. `tat-ca` only fills in all rows; `bo` forgets a kept comment."""
    found = queries.hand_in_to_mark(me(), hand_in_id)
    form = cast(MarkingForm, MarkingForm.posted())
    steps = _posted_steps(len(found.line.question.criteria))
    if "bo" in request.form:
        _drop_chip(found)
        return _mark_page(found, form, steps)
    if "tat-ca" in request.form:
        return _mark_page(found, form, [_step(request.form["tat-ca"])] * len(steps))
    if not form.validate():
        return _mark_page(found, form, steps, status=422)
    try:
        actions.mark(found.line.hand_in, _judgement(form, steps), by=me())
    except Refusal as refusal:
        return _not_marked(hand_in_id, form, steps, refusal)
    return _onward(found)


def _posted_steps(count: int) -> list[int | None]:
    return [_step(request.form.get(f"b-{number}", "")) for number in range(1, count + 1)]


def _step(told: str) -> int | None:
    return int(told) if told in {"0", "1", "2", "3"} else None


def _judgement(form: MarkingForm, steps: Sequence[int | None]) -> actions.Judgement:
    chosen = {outcome.value: outcome for outcome in MarkOutcome}.get(form.outcome.data or "")
    full = [step for step in steps if step is not None]
    chips = [chip[:120] for chip in form.chips.data or ()][:20]
    comment, new_chip = form.comment.data or "", form.new_chip.data or ""
    return actions.Judgement(full, chosen, chips, comment, new_chip, _seen())


def _seen() -> UUID | None:
    try:
        return ids.from_address(request.form.get("thay", ""))
    except ValueError:
        return None


def _not_marked(
    hand_in_id: UUID, form: MarkingForm, steps: Sequence[int | None], refusal: Refusal
) -> ResponseReturnValue:
    """With all that was filled in, beside the work as it is now."""
    sentence = refused(refusal, form)
    status = 409 if isinstance(refusal, actions.MarkedMeanwhile) else 422
    return _mark_page(queries.hand_in_to_mark(me(), hand_in_id), form, steps, sentence, status)


def _onward(found: WorkToMark) -> ResponseReturnValue:
    """To the next that waits, else to the queue."""
    pile = _asked_pile()
    onward = queries.next_to_mark(me(), pile, found.line.hand_in)
    if onward is None:
        return done(url_for(".marking_queue", **cast(dict[str, Any], _filters(pile))), said=text("Đã chấm hết."))
    names: dict[str, Any] = {**_filters(pile), "da": _done_before() + 1}
    return done(url_for(".mark_page", hand_in_id=onward, **names))


def _drop_chip(found: WorkToMark) -> None:
    hand_in, words = found.line.hand_in, request.form["bo"]
    kept = queries.chips_of(me(), found.line.course.id, hand_in.question_key)
    chip = next((one for one in kept if one.text == words), None)
    if chip is None:
        raise NotFound
    actions.drop_chip(chip, by=me())
