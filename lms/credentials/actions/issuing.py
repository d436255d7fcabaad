"""Issuing: what was earned, its number without gap, its words frozen, its PDF made by a job."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from lms.core import clock, history, jobs
from lms.core.actor import Actor, System
from lms.core.db import action, announce, db, lock
from lms.core.files import store
from lms.core.ids import new_id
from lms.core.names import loose
from lms.core.refusal import Refusal
from lms.core.words import text
from lms.courses.models import Course, Edition
from lms.credentials import documents, events, queries, rules
from lms.credentials.models import (
    Cause,
    Certificate,
    CertificateEvent,
    CertificateEventKind,
    CertificateKind,
    NumberSeries,
)
from lms.learning.models import Study
from lms.people.models import Person
from lms.people.queries import canonical
from lms.training.models import Participation, Session, TrainingClass
from lms.units.models import Level, Organisation

PRINT = "credentials.print"
SYSTEM = System("credentials")
_CAPITAL = "Hà Nội"  # where the bodies of the whole country sit and sign


class NotCompleted(Refusal):
    """A certificate needs a completion."""

    sentence = text("Chưa hoàn thành khóa học nên chưa cấp được giấy chứng nhận.")


class NobodyIssues(Refusal):
    """An online course without an owner, in a database without the Hội LHPN Việt Nam."""

    sentence = text("Khóa học này chưa có tổ chức chủ quản để cấp giấy chứng nhận.")


@dataclass(frozen=True)
class Earned:
    """What a certificate is issued for, before it has a number."""

    person: Person
    course: Course
    edition: Edition | None
    kind: CertificateKind
    earned_by: str
    issuer: Organisation
    days: int | None
    hours: float
    begins_on: date
    ends_on: date


@action
def issue_for_class(training_class: TrainingClass, *, by: Actor = SYSTEM) -> list[Certificate]:
    """New certificates for completed participations that never had one, numbered by name; those given before stay.

    One that was revoked is not given again here: `issue_again` does that, with a reason.
    """
    query = select(Participation.id).where(
        Participation.class_id == training_class.id, Participation.completed_at.is_not(None)
    )
    completed = lock(Participation, list(db.scalars(query)))
    given = queries.given_for(queries.by_class(training_class.id))
    canonical_ids = select(Person.canonical_id).where(Person.id.in_([p.person_id for p in completed]))
    persons = db.scalars(select(Person).where(Person.id.in_(canonical_ids)).order_by(Person.name_sort, Person.id))
    held = _held(training_class)
    new = [person for person in persons if person.id not in given]
    return [issue(_earned_in_class(training_class, held, person), by=by) for person in new]


@action
def issue_for_participation(participation: Participation, *, by: Actor = SYSTEM) -> Certificate:
    """The certificate of a completed participation; the one already given, if there is one. NotCompleted."""
    lock(Participation, [participation.id])
    if participation.completed_at is None:
        raise NotCompleted
    given = queries.given_for(queries.by_class(participation.class_id)).get(canonical(participation.person_id))
    return given or issue(earned_by_participation(participation), by=by)


@action
def issue_for_study(study: Study, *, by: Actor = SYSTEM) -> Certificate:
    """The certificate of a completed online study; the one already given, if there is one. NotCompleted."""
    lock(Study, [study.id])
    if study.completed_at is None:
        raise NotCompleted
    given = queries.given_for(queries.by_study(study.id)).get(canonical(study.person_id))
    return given or issue(earned_by_study(study), by=by)


def earned_by_participation(participation: Participation) -> Earned:
    """What a completed participation earns."""
    training_class = participation.training_class
    return _earned_in_class(training_class, _held(training_class), participation.person)


@dataclass(frozen=True)
class _Held:
    """When a class was really held."""

    days: int | None
    hours: float
    begins_on: date
    ends_on: date


def _held(training_class: TrainingClass) -> _Held:
    sessions = list(db.scalars(select(Session).where(Session.class_id == training_class.id)))
    days = sorted({session.day for session in sessions}) or [training_class.starts_on, training_class.ends_on]
    hours = round(sum(session.minutes for session in sessions) / 60, 2)
    return _Held(len(days) if sessions else None, hours, days[0], days[-1])


def _earned_in_class(training_class: TrainingClass, held: _Held, person: Person) -> Earned:
    return Earned(
        person=_canonical_person(person),
        course=training_class.course,
        edition=training_class.edition,
        kind=CertificateKind.CLASS,
        earned_by=queries.by_class(training_class.id),
        issuer=training_class.organiser,
        days=held.days,
        hours=held.hours,
        begins_on=held.begins_on,
        ends_on=held.ends_on,
    )


def earned_by_study(study: Study) -> Earned:
    """What a completed study earns; issued by the course's owner, else by the Hội LHPN Việt Nam. NobodyIssues."""
    assert study.completed_at is not None
    edition = db.get(Edition, study.completed_edition_id or study.edition_id)
    issuer = study.course.owner or queries.country_union()
    if issuer is None:
        raise NobodyIssues
    return Earned(
        person=_canonical_person(study.person),
        course=study.course,
        edition=edition,
        kind=CertificateKind.ONLINE,
        earned_by=queries.by_study(study.id),
        issuer=issuer,
        days=None,
        hours=edition.hours if edition is not None else 0.0,
        begins_on=clock.local(study.began_at).date(),
        ends_on=clock.local(study.completed_at).date(),
    )


def _canonical_person(person: Person) -> Person:
    if person.canonical_id == person.id:
        return person
    return db.get(Person, person.canonical_id) or person


def issue(earned: Earned, *, by: Actor, reason: str = "") -> Certificate:
    """Freeze the words of a new certificate and enter it. That there is no live one is the caller's duty."""
    issuer, person = earned.issuer, earned.person
    title = (earned.edition.certificate_title if earned.edition else "") or earned.course.title
    certificate = Certificate(
        issuer=issuer,
        kind=earned.kind,
        person=person,
        course=earned.course,
        edition_id=earned.edition.id if earned.edition else None,
        earned_by=earned.earned_by,
        name=person.name,
        birth_year=person.birth_year,
        course_title=title,
        days=earned.days,
        hours=earned.hours,
        begins_on=earned.begins_on,
        ends_on=earned.ends_on,
        issuer_name=issuer.name,
        issuer_superior=issuer.superior,
        place=_CAPITAL if issuer.unit.level is Level.COUNTRY else issuer.unit.name,
    )
    return enter(certificate, by=by, reason=reason)


def enter(certificate: Certificate, *, by: Actor, reason: str) -> Certificate:
    """Number, code, day; then what follows from every issue: event, history, announcement, printing."""
    certificate.issued_on = clock.today()
    certificate.year = certificate.issued_on.year
    certificate.number = _next_number(certificate.issuer.id, certificate.year)
    certificate.code = "".join(secrets.choice(rules.LETTERS) for _ in range(rules.CODE_LENGTH))
    certificate.found_by = loose(f"{certificate.name} {certificate.course_title} {certificate.number_text}")
    db.add(certificate)
    db.flush()
    note(certificate, CertificateEventKind.ISSUED, by=by, reason=reason)
    history.write("credentials.issue", certificate, by=by, unit_id=certificate.issuer.unit_id, reason=reason)
    announce(events.certificate_issued, certificate)
    jobs.enqueue(PRINT, {"certificate_id": str(certificate.id)})
    return certificate


def _next_number(issuer_id: UUID, year: int) -> int:
    """The series is locked until the transaction ends, and an undone issue undoes its step: no gap, no double."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(NumberSeries).values(id=new_id(), issuer_id=issuer_id, year=year, last=0)
    db.execute(first.on_conflict_do_nothing(index_elements=["issuer_id", "year"]))
    query = select(NumberSeries).where(NumberSeries.issuer_id == issuer_id, NumberSeries.year == year)
    series: NumberSeries = db.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    series.last += 1
    db.flush()
    return series.last


def note(
    certificate: Certificate, kind: CertificateEventKind, *, by: Actor, reason: str = "", cause: Cause | None = None
) -> None:
    """A line in the life of a certificate."""
    account_id, now = by.account_id, clock.now()
    db.add(
        CertificateEvent(
            certificate_id=certificate.id, kind=kind, at=now, account_id=account_id, reason=reason, cause=cause
        )
    )


@action
def print_pdf(payload: dict[str, Any]) -> None:
    """Job "credentials.print" {certificate_id}: the PDF into the file store; safe to run twice."""
    query = select(Certificate).where(Certificate.id == UUID(payload["certificate_id"]))
    certificate: Certificate | None = db.scalar(query.options(joinedload(Certificate.issuer)))
    if certificate is None or certificate.pdf_digest:
        return
    certificate.pdf_digest = store().put(documents.render(certificate))
    note(certificate, CertificateEventKind.PRINTED, by=SYSTEM)
