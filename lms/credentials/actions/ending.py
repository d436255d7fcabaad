"""Ending: revoke, replace for a corrected name, issue again after a revocation by mistake. Nothing is deleted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lms.core import clock, history
from lms.core.actor import Actor
from lms.core.db import action, announce, db, lock
from lms.core.names import neat
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.credentials import events, queries
from lms.credentials.actions import issuing
from lms.credentials.actions.issuing import NotCompleted
from lms.credentials.models import Cause, Certificate, CertificateEventKind
from lms.learning.models import Study
from lms.people.models import Person
from lms.training.models import Participation


class CertificateHasEnded(Refusal):
    """Revoked or replaced already."""

    sentence = text("Giấy này đã thu hồi hoặc thay thế từ trước. Tải lại trang để xem.")


class CertificateIsLive(Refusal):
    """Nothing to issue again."""

    sentence = text("Người này đang có giấy chứng nhận còn hiệu lực cho khóa này.")


class ReasonIsMissing(Refusal):
    """Ending a certificate needs a reason."""

    sentence = text("Ghi lý do: sau này người xem lại cần biết vì sao.")


class NothingIsCorrected(Refusal):
    """A replacement prints something else than the old one."""

    sentence = text("Họ tên và năm sinh giống hệt giấy cũ nên không cần thay.")


@action
def revoke(certificate: Certificate, *, reason: str, by: Actor, cause: Cause = Cause.OTHER) -> Certificate:
    """End a live certificate for good; `cause` is shown to the public, `reason` is not."""
    why = _reason(reason)
    _end(certificate)
    issuing.note(certificate, CertificateEventKind.REVOKED, by=by, reason=why, cause=cause)
    history.write(
        "credentials.revoke", certificate, by=by, unit_id=certificate.issuer.unit_id, reason=why, cause=cause.value
    )
    announce(events.certificate_ended, certificate)
    return certificate


@action
def replace(
    certificate: Certificate, name: str, *, reason: str, by: Actor, birth_year: int | None = None
) -> Certificate:
    """A new number and code for a corrected name (and year of birth); the old one says what replaced it. Gives the new."""
    why, name = _reason(reason), neat(name)
    born = birth_year or certificate.birth_year
    if not name or (name, born) == (certificate.name, certificate.birth_year):
        raise NothingIsCorrected(field="name")
    _end(certificate)
    new = issuing.enter(_copy(certificate, name, born), by=by, reason=why)
    certificate.successor_id = new.id
    issuing.note(certificate, CertificateEventKind.REPLACED, by=by, reason=why)
    history.write("credentials.replace", certificate, by=by, unit_id=certificate.issuer.unit_id, reason=why)
    announce(events.certificate_ended, certificate)
    db.flush()
    return new


_COPIED = ("kind", "person_id", "course_id", "edition_id", "earned_by", "course_title", "days", "hours", "begins_on",
           "ends_on", "issuer_name", "issuer_superior", "place")  # fmt: skip


def _copy(certificate: Certificate, name: str, birth_year: int | None) -> Certificate:
    frozen = {column: getattr(certificate, column) for column in _COPIED}
    return Certificate(issuer=certificate.issuer, name=name, birth_year=birth_year, **frozen)


def _reason(reason: str) -> str:
    why = neat(reason)[:300]
    if not why:
        raise ReasonIsMissing(field="reason")
    return why


def _end(certificate: Certificate) -> None:
    lock(Certificate, [certificate.id])
    if certificate.ended_at is not None:
        raise CertificateHasEnded
    certificate.ended_at = clock.now()
    db.flush()


@action
def issue_again(certificate: Certificate, *, reason: str, by: Actor) -> Certificate:
    """A new certificate where one was revoked by mistake and the completion still stands. Gives the new one."""
    why = _reason(reason)
    lock(Certificate, [certificate.id])
    last = queries.given_for(certificate.earned_by).get(certificate.person.canonical_id)
    if last is None or last.ended_at is None:
        raise CertificateIsLive
    return issuing.issue(_earned_again(certificate), by=by, reason=why)


def _earned_again(certificate: Certificate) -> issuing.Earned:
    source, _, key = certificate.earned_by.partition(":")
    if source == "study":
        study: Study | None = db.get(Study, UUID(key))
        if study is None or study.completed_at is None:
            raise NotCompleted
        return issuing.earned_by_study(study)
    query = select(Participation).join(Participation.person).where(
        Participation.class_id == UUID(key), Person.canonical_id == certificate.person.canonical_id
    )  # fmt: skip
    participation: Participation | None = db.scalar(query.where(Participation.completed_at.is_not(None)))
    if participation is None:
        raise NotCompleted
    return issuing.earned_by_participation(participation)


def forget(person_id: UUID, *, by: Actor) -> set[str]:
    """Erase nothing, and say which tables were looked at.

    A certificate is a document of record: whoever holds the paper must be able to have it confirmed for ever, and the
    page confirms only what the paper already shows. Name and year of birth were frozen at issue and stay; no other
    table of this room names a person, and no figure counts certificates.
    """
    return {"certificate", "certificate_event"}
