"""Questions about certificates: whose, which, and who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.core.search import found_in
from lms.credentials import access, rules
from lms.credentials.models import Certificate, CertificateEvent, CertificateEventKind, CertificateState
from lms.people.models import Account, Person
from lms.people.queries import canonical
from lms.training.models import ClassTrainer
from lms.units.models import Level, Organisation, Unit
from lms.units.queries import valid_on, within, womens_union_of

PAGE = 100
_ENDINGS = (CertificateEventKind.REVOKED, CertificateEventKind.REPLACED)


def by_class(class_id: UUID) -> str:
    """`earned_by` of a class."""
    return f"class:{class_id}"


def by_study(study_id: UUID) -> str:
    """`earned_by` of an online study."""
    return f"study:{study_id}"


def certificates_of(person_ids: Iterable[UUID]) -> list[Certificate]:
    """Every certificate of these persons and of those linked to them, ended ones too, newest first."""
    humans = select(Person.canonical_id).where(Person.id.in_(list(person_ids)))
    query = select(Certificate).join(Certificate.person).where(Person.canonical_id.in_(humans))
    query = query.options(joinedload(Certificate.issuer))
    return list(db.scalars(query.order_by(Certificate.issued_on.desc(), Certificate.id.desc())))


def certificate_by_code(typed: str) -> Certificate | None:
    """The certificate of a code as people type it; None for an unknown and for a malformed one alike."""
    code = rules.plain_code(typed)
    query = select(Certificate).where(Certificate.code == code).options(joinedload(Certificate.issuer))
    return db.scalar(query)


def certificate_for(actor: Actor, certificate_id: UUID) -> Certificate:
    """For its holder, a trainer of its class, and who may read the issuer's unit; NotFound."""
    query = select(Certificate).where(Certificate.id == certificate_id)
    found: Certificate | None = db.scalar(
        query.options(joinedload(Certificate.issuer), joinedload(Certificate.person), joinedload(Certificate.course))
    )
    if found is None or not (_is_holder(actor, found) or _taught(actor, found) or access.can_read(actor, found)):
        raise NotFound
    return found


def _is_holder(actor: Actor, certificate: Certificate) -> bool:
    return actor.person_id is not None and canonical(actor.person_id) == certificate.person.canonical_id


def _taught(actor: Actor, certificate: Certificate) -> bool:
    return certificate.earned_by in classes_taught(actor)


def classes_taught(actor: Actor) -> list[str]:
    """`earned_by` of the classes this actor teaches or taught."""
    if actor.person_id is None:
        return []
    same = select(Person.id).where(Person.canonical_id == canonical(actor.person_id))
    return [by_class(key) for key in db.scalars(select(ClassTrainer.class_id).where(ClassTrainer.person_id.in_(same)))]


@dataclass(frozen=True)
class Wanted:
    """What a list of certificates is narrowed to."""

    typed: str = ""
    state: CertificateState | None = None
    class_id: UUID | None = None


def certificates_for(actor: Actor, wanted: Wanted, page: int | None = None) -> list[Certificate]:
    """Those she may see, newest number first; a page of `PAGE` (from 1), or all for export."""
    query = _visible(select(Certificate), actor, wanted).options(joinedload(Certificate.issuer))
    query = query.order_by(Certificate.year.desc(), Certificate.issued_on.desc(), Certificate.number.desc())
    if page is not None:
        query = query.limit(PAGE).offset(PAGE * (page - 1))
    return list(db.scalars(query))


def count_for(actor: Actor, wanted: Wanted) -> int:
    """How many she may see."""
    return db.scalar(_visible(select(func.count()).select_from(Certificate), actor, wanted)) or 0


def _visible(query: Select[Any], actor: Actor, wanted: Wanted) -> Select[Any]:
    units = access.units_read(actor)
    scopes: list[ColumnElement[bool]] = [Certificate.earned_by.in_(classes_taught(actor))]
    if units:
        scopes.append(Certificate.issuer_id.in_(select(Organisation.id).where(Organisation.unit_id.in_(within(units)))))
    query = query.where(or_(*scopes))
    if wanted.typed:
        query = query.where(found_in(Certificate.found_by, wanted.typed))
    if wanted.state is not None:
        query = query.where(_in_state(wanted.state))
    if wanted.class_id is not None:
        query = query.where(Certificate.earned_by == by_class(wanted.class_id))
    return query


def _in_state(state: CertificateState) -> ColumnElement[bool]:
    if state is CertificateState.LIVE:
        return Certificate.ended_at.is_(None)
    followed = Certificate.successor_id.is_not(None) if state is CertificateState.REPLACED else None
    return Certificate.ended_at.is_not(None) & (Certificate.successor_id.is_(None) if followed is None else followed)


@dataclass(frozen=True)
class Happened:
    """One line of a certificate's life: what, and by whom ("" = the system)."""

    event: CertificateEvent
    by: str


def events_of(certificate: Certificate) -> list[Happened]:
    """What happened to a certificate, oldest first."""
    query = (
        select(CertificateEvent, Person.name)
        .outerjoin(Account, Account.id == CertificateEvent.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(CertificateEvent.certificate_id == certificate.id)
    )
    rows = db.execute(query.order_by(CertificateEvent.at, CertificateEvent.id))
    return [Happened(event, name or "") for event, name in rows]


def end_of(certificate: Certificate) -> CertificateEvent | None:
    """The event that ended a certificate."""
    query = select(CertificateEvent).where(
        CertificateEvent.certificate_id == certificate.id, CertificateEvent.kind.in_(_ENDINGS)
    )
    return db.scalar(query.order_by(CertificateEvent.at.desc()).limit(1))


def successor_of(certificate: Certificate) -> Certificate | None:
    """The certificate that replaced this one."""
    return db.get(Certificate, certificate.successor_id) if certificate.successor_id else None


def given_for(earned_by: str) -> dict[UUID, Certificate]:
    """The last certificate given for a class or a study, by canonical person; a live one goes before an ended one."""
    query = select(Certificate, Person.canonical_id).join(Certificate.person).where(Certificate.earned_by == earned_by)
    rows = db.execute(query.order_by(Certificate.ended_at.is_(None), Certificate.id))
    return {person_id: certificate for certificate, person_id in rows}


def country_union() -> Organisation | None:
    """The Hội LHPN Việt Nam: issues for courses without an owner."""
    country = db.scalar(select(Unit).where(Unit.level == Level.COUNTRY, valid_on(Unit, clock.today())))
    return womens_union_of(country.id) if country is not None else None


def about(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """Everything this room holds about a person: her certificates as printed, and what happened to them."""
    certificates = list(db.scalars(select(Certificate).where(Certificate.person_id == person_id)))
    events = select(CertificateEvent).where(CertificateEvent.certificate_id.in_([c.id for c in certificates]))
    return {
        "certificate": [_row(c, ("payload", "signature", "found_by")) for c in certificates],
        "certificate_event": [_row(event, ("account_id",)) for event in db.scalars(events)],
    }


def _row(record: Certificate | CertificateEvent, without: tuple[str, ...]) -> dict[str, object]:
    names = [column.name for column in record.__table__.columns if column.name not in without]
    return {name: getattr(record, name) for name in names}
