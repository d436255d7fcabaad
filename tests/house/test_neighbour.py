"""The neighbouring commune's coordinator gets, for everything that is not hers, the same bytes as for an unknown id."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from lms import demo
from lms.authoring.models import Draft
from lms.core import clock
from lms.core.db import db, transaction
from lms.core.ids import new_id, to_address
from lms.credentials.models import Certificate
from lms.learning.models import Assignment, Enquiry, HandIn, Study, TestAttempt, Upload, Work, WorkKind
from lms.officials.models import RegisterEntry
from lms.people.models import Grant, Person, Post, SignIn
from lms.training.models import ClassTrainer, Credit, PathStep, Session, TrainingClass
from tests.page import Page

# argument of an address -> what it is a key of; units are public facts and open to all
TABLES = {
    "class_id": TrainingClass, "session_id": Session, "person_id": Person, "certificate_id": Certificate,
    "attempt_id": TestAttempt, "assignment_id": Assignment, "draft_id": Draft, "entry_id": RegisterEntry,
    "grant_id": Grant, "sign_in_id": SignIn, "trainer_id": ClassTrainer,
    "step_id": PathStep, "credit_id": Credit, "enquiry_id": Enquiry,
    "hand_in_id": HandIn, "work_id": Work, "upload_id": Upload,
}  # fmt: skip
PUBLIC = {"units.unit_page"}


def _theirs() -> dict[str, UUID]:
    """One row of each kind that belongs to Xuân Du."""
    xuan_du = demo.place(demo.XUAN_DU).id
    persons = select(Post.person_id).where(Post.unit_id == xuan_du)
    classes = select(TrainingClass.id).where(TrainingClass.organiser_unit_id == xuan_du)
    queries = {
        "class_id": classes,
        "session_id": select(Session.id).where(Session.class_id.in_(classes)),
        "person_id": persons,
        "certificate_id": select(Certificate.id).where(Certificate.person_id.in_(persons)),
        "attempt_id": select(TestAttempt.id),
        "assignment_id": select(Assignment.id).where(Assignment.person_id.in_(persons)),
        "entry_id": select(RegisterEntry.id).where(RegisterEntry.person_id.in_(persons)),
        "grant_id": select(Grant.id).where(Grant.unit_id == xuan_du),
        "sign_in_id": select(SignIn.id),
        "trainer_id": select(ClassTrainer.id).where(ClassTrainer.class_id.in_(classes)),
        "draft_id": select(Draft.id),
        "hand_in_id": select(HandIn.id),
        "work_id": select(Work.id),
        "upload_id": select(Upload.id),
        "enquiry_id": select(Enquiry.id).where(Enquiry.unit_id == xuan_du),
        "step_id": select(PathStep.id),
        "credit_id": select(Credit.id).where(Credit.person_id.in_(persons)),
    }
    return {name: db.scalars(query.limit(1)).one() for name, query in queries.items()}


@pytest.fixture
def theirs(story: Page) -> dict[str, UUID]:
    with transaction():
        trainer = demo.member("trainer")
        db.add(Draft(account_id=trainer.id, name="x.zip", digest="0" * 64, uploaded_at=clock.now()))
        _hand_in()
    story.as_("coordinator")
    return _theirs()


def _hand_in() -> None:
    """A product of the cadre with a file, and one on its way."""
    study = db.scalars(select(Study).where(Study.person_id == demo.member("cadre").person_id)).first()
    made = HandIn(study_id=study.id, edition_id=study.edition_id, lesson_key="k", question_key="q-viec", number=1)
    made.began_at = made.handed_in_at = clock.now()
    made.unit_id = demo.place(demo.XUAN_DU).id
    db.add(made)
    db.flush()
    work = Work(hand_in_id=made.id, place=1, kind=WorkKind.PHOTO, digest="0" * 64, media_type="image/jpeg", size=1)
    upload = Upload(hand_in_id=made.id, size=1, digest="0" * 64, received=0, pieces=[], began_at=clock.now())
    work.added_at = clock.now()
    db.add_all([work, upload])


def _rules(app: Flask) -> list[Rule]:
    keyed = [rule for rule in app.url_map.iter_rules() if "<key:" in rule.rule and rule.endpoint not in PUBLIC]
    return sorted(keyed, key=lambda rule: rule.rule)


def _address(rule: Rule, keys: dict[str, UUID]) -> str:
    address = rule.rule
    for name in rule.arguments:
        value = to_address(keys[name]) if name in keys else {"course": demo.VILLAGE_COURSE}.get(name, "hai-tu")
        for converter in ("key", "slug", "string", "path"):
            address = address.replace(f"<{converter}:{name}>", value)
    return address


def test_each_key_of_an_address_is_known_to_this_test(app: Flask) -> None:
    named = {name for rule in _rules(app) for name in rule.arguments if f"<key:{name}>" in rule.rule}
    assert named - {"unit_id"} <= set(TABLES), named


@pytest.mark.parametrize("who", ["neighbour", "newcomer"])
def test_what_is_not_hers_is_as_if_it_were_not(story: Page, theirs: dict[str, UUID], who: str) -> None:
    """Every address with a key, every method: the same status and the same bytes as for a key that nobody made."""
    story.as_(who)
    own = demo.member("newcomer").person_id
    known = dict(theirs)
    if who == "newcomer":
        known["person_id"] = theirs["person_id"] if theirs["person_id"] != own else demo.member("head").person_id
    checked = 0
    for rule in _rules(story.app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if who == "newcomer" and rule.endpoint in {"training.class_page"}:
                continue  # she is on the roster of a class of Xuân Du and sees her own ticket
            sent = {"data": {"csrf_token": "csrf-of-test"}} if method != "GET" else {}
            real = story.raw(method, _address(rule, known), **sent)
            unknown = story.raw(method, _address(rule, {name: new_id() for name in known}), **sent)
            assert (real.status_code, real.data) == (unknown.status_code, unknown.data), f"{method} {rule.rule}"
            assert real.status_code == 404, f"{method} {rule.rule}: {real.status_code}"
            checked += 1
    assert checked >= 30


def test_lists_counts_search_and_exports_hold_nothing_of_the_neighbour(story: Page) -> None:
    """Names that live in Xuân Du only appear nowhere in what the neighbour's coordinator can open."""
    theirs_only = ["Lường Thị Ngọc Ánh", "Quách Văn Thiện", "Giàng Thị Dợ", "Bùi Thị Bích", "đợt 2"]
    story.as_("neighbour")
    for address in ("/", "/lop", "/con-nguoi", "/giao-hoc", "/giay-chung-nhan", "/chi-tieu", "/viec/nguoi", "/viec/hoan-thanh",
                    "/viec/dang-hoc", "/viec/lop-nam-nay", "/tim?tim=ngoc anh", "/tim?tim=thien", "/tim?tim=dot 2"):  # fmt: skip
        for ending in ("", "tep=csv"):
            asked = f"{address}{'&' if '?' in address else '?'}{ending}" if ending else address
            answer = story.raw("GET", asked)
            assert answer.status_code == 200, asked
            assert not [
                name
                for name in theirs_only
                if name in answer.get_data(as_text=True).replace("<b>", "").replace("</b>", "")
            ]
