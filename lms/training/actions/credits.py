"""Credit for earlier training: put forward with its evidence, decided by another person."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, db, exists, lock
from lms.core.names import neat
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.people.models import Person
from lms.people.queries import unit_of
from lms.training import access, documents, queries
from lms.training.actions.roll import ReasonIsMissing
from lms.training.documents import Scan
from lms.training.models import Credit, CreditState, Path, PathStep

EARLIEST = date(1990, 1, 1)


class NotOnThePath(Refusal):
    """Credit is asked for a path one is on."""

    sentence = text("Chưa ở trong lộ trình này. Vào lộ trình trước, rồi đề nghị công nhận.")


class StepIsTakenOut(Refusal):
    """A step that is asked no more needs no credit."""

    sentence = text("Bước này không còn trong lộ trình.")


class CreditIsAsked(Refusal):
    """One request at a time for one step."""

    sentence = text("Bước này đã có một đề nghị đang chờ duyệt.")


class DayCannotBe(Refusal):
    """It was done between 1990 and today."""

    sentence = text("Ngày phải từ năm 1990 đến hôm nay.")


class EvidenceIsMissing(Refusal):
    """What shows it, in words."""

    sentence = text("Ghi minh chứng: giấy gì, số mấy, ai cấp, hoặc ai biết việc này.")


class CreditIsDecided(Refusal):
    """A decision is history; only a new request can change it."""

    sentence = text("Đề nghị này đã được quyết định. Muốn đổi thì gửi đề nghị mới.")


class CreditIsOwn(Refusal):
    """Nobody decides for herself, or what she put forward."""

    sentence = text("Không tự duyệt đề nghị của mình, hoặc do mình gửi. Nhờ người khác duyệt.")


@action
def ask_credit(
    step: PathStep, person: Person, done_on: date, evidence: str, scan: Scan | None = None, *, by: Actor
) -> Credit:
    """Put forward that a step was done earlier. NotOnThePath, StepIsTakenOut, CreditIsAsked, DayCannotBe, EvidenceIsMissing."""
    lock(Path, [step.path_id])
    _refuse_to_ask(step, person, done_on, evidence)
    asked = Credit(
        step_id=step.id, person_id=person.id, done_on=done_on, evidence=neat(evidence), unit_id=unit_of(person.id),
        asked_by_id=by.account_id, asked_at=clock.now(), digest=documents.keep(scan) if scan is not None else "",
        media_type=scan.media_type if scan is not None else "",
    )  # fmt: skip
    db.add(asked)
    db.flush()
    history.write("training.ask_credit", asked, by=by, unit_id=asked.unit_id, step=str(step.id))
    return asked


def _refuse_to_ask(step: PathStep, person: Person, done_on: date, evidence: str) -> None:
    row = queries.learner_row(step.path_id, person.id)
    if row is None or row.left_at is not None:
        raise NotOnThePath
    if step.removed_at is not None:
        raise StepIsTakenOut
    if not EARLIEST <= done_on <= clock.today():
        raise DayCannotBe(field="done_on")
    if not neat(evidence):
        raise EvidenceIsMissing(field="evidence")
    waiting = select(Credit.id).where(Credit.step_id == step.id, Credit.state == CreditState.ASKED)
    if exists(waiting.where(Credit.person_id.in_(access.same_human(person.id)))):
        raise CreditIsAsked


@action
def decide_credit(credit: Credit, granted: bool, reason: str = "", *, by: Actor) -> Credit:
    """Grant it, or refuse it with a reason. CreditIsDecided, CreditIsOwn, ReasonIsMissing."""
    (held,) = lock(Credit, [credit.id])
    if held.state != CreditState.ASKED:
        raise CreditIsDecided
    if not queries.may_decide(by, held.id):
        raise CreditIsOwn
    said = neat(reason)
    if not granted and not said:
        raise ReasonIsMissing(field="reason")
    held.state = CreditState.GRANTED if granted else CreditState.REFUSED
    held.reason, held.decided_by_id, held.decided_at = said, by.account_id, clock.now()
    history.write("training.decide_credit", held, by=by, unit_id=held.unit_id, state=held.state.value)
    return held
