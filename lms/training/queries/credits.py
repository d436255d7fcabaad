"""Earlier trainings put forward: the queue of those who decide, one credit, what a learner has put forward."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db, exists
from lms.core.refusal import NotFound
from lms.people.models import Account, Person
from lms.training import access
from lms.training.models import Credit, CreditState, PathStep
from lms.training.queries.places import Place, places_of, recorded


@dataclass(frozen=True)
class CreditLine:
    """A credit in a list: whose, of which step, and whether the actor may decide it."""

    credit: Credit
    person: Person
    place: Place
    decides: bool

    @property
    def step(self) -> PathStep:
        """The step it is put forward for."""
        return self.credit.step


def _with_step(query: Select[Credit, Person]) -> Select[Credit, Person]:
    return query.options(joinedload(Credit.step).joinedload(PathStep.path))


def _lines(actor: Actor, query: Select[Credit, Person]) -> list[CreditLine]:
    rows = db.execute(_with_step(query)).all()
    places = places_of([person.id for _, person in rows], clock.today())
    open_ids = [credit.id for credit, _ in rows if credit.state == CreditState.ASKED]
    decided = set(db.scalars(_decidable(actor).where(Credit.id.in_(open_ids)))) if open_ids else set()
    return [CreditLine(credit, person, places[person.id], credit.id in decided) for credit, person in rows]


def _decidable(actor: Actor) -> Select[UUID]:
    """Asked ones in her reach that are not her own and that she did not put forward, under whichever of her accounts."""
    mine = access.same_human(actor.person_id)
    accounts = select(Account.id).where(Account.person_id.in_(mine))
    query = select(Credit.id).where(Credit.state == CreditState.ASKED, access.sees_credit(actor))
    query = query.where(Credit.person_id.not_in(mine))
    return query.where(or_(Credit.asked_by_id.is_(None), Credit.asked_by_id.not_in(accounts)))


def _in_reach(actor: Actor) -> Select[Credit, Person]:
    person = recorded()
    query = select(Credit, Person).join(person, Credit.person_id == person.id)
    query = query.join(Person, Person.id == person.canonical_id)
    return query.where(access.sees_credit(actor))


def asked_credits(actor: Actor) -> list[CreditLine]:
    """All that were put forward by people of her units and not decided, the oldest first."""
    query = _in_reach(actor).where(Credit.state == CreditState.ASKED)
    return _lines(actor, query.order_by(Credit.asked_at, Credit.id))


def waiting_credits(actor: Actor) -> list[CreditLine]:
    """Those among them that she may decide."""
    return [line for line in asked_credits(actor) if line.decides]


def credit_for(actor: Actor, credit_id: UUID) -> CreditLine:
    """A credit of someone in her units, decided or not; NotFound."""
    lines = _lines(actor, _in_reach(actor).where(Credit.id == credit_id))
    if not lines:
        raise NotFound
    return lines[0]


def may_decide(actor: Actor, credit_id: UUID) -> bool:
    """May she decide it now?"""
    return exists(_decidable(actor).where(Credit.id == credit_id))


def scan_for(actor: Actor, credit_id: UUID) -> Credit:
    """A credit with a scan, for the learner herself and for those who decide; NotFound."""
    hers = or_(Credit.person_id.in_(access.same_human(actor.person_id)), access.sees_credit(actor))
    found: Credit | None = db.scalar(select(Credit).where(Credit.id == credit_id, Credit.digest != "", hers))
    if found is None:
        raise NotFound
    return found


def holds_scan(digest: str) -> bool:
    """Is this content the scan of a credit?"""
    return exists(select(Credit.id).where(Credit.digest == digest))


def credits_on(path_id: UUID, person_id: UUID) -> dict[UUID, list[Credit]]:
    """All that a human put forward for a path, by step, the newest first."""
    query = select(Credit).join(PathStep, Credit.step_id == PathStep.id).where(PathStep.path_id == path_id)
    query = query.where(Credit.person_id.in_(access.same_human(person_id)))
    found: dict[UUID, list[Credit]] = defaultdict(list)
    for credit in db.scalars(query.order_by(Credit.asked_at.desc(), Credit.id.desc())):
        found[credit.step_id].append(credit)
    return dict(found)


def granted_before(credit: Credit) -> Credit | None:
    """What stands for the same human and step now: the latest decision, if it granted."""
    query = select(Credit).where(Credit.step_id == credit.step_id, Credit.decided_at.is_not(None))
    query = query.where(Credit.person_id.in_(access.same_human(credit.person_id)), Credit.id != credit.id)
    latest: Credit | None = db.scalar(query.order_by(Credit.decided_at.desc(), Credit.id.desc()).limit(1))
    return latest if latest is not None and latest.state == CreditState.GRANTED else None
