import pytest

from lms import demo
from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.credentials import actions, events, queries
from lms.credentials.models import Cause, Certificate, CertificateEventKind, CertificateState
from lms.people.queries import actor_of
from tests.credentials import make


@pytest.fixture
def one(app):
    _, (took,) = make.held_class([make.person("cadre")])
    return actions.issue_for_participation(took)


@pytest.fixture
def boss(app):
    return actor_of(demo.member("administrator"))


def test_revoking_needs_a_reason(one, boss):
    with pytest.raises(actions.ReasonIsMissing):
        actions.revoke(one, reason="  ", by=boss)
    assert one.ended_at is None


def test_a_revoked_certificate_stays_and_says_so(one, boss):
    heard = []
    events.certificate_ended.listen(heard.append)
    try:
        actions.revoke(one, reason="Ghi nhầm chị Ánh ở thôn khác", cause=Cause.WRONG_PERSON, by=boss)
    finally:
        events.certificate_ended.listeners.remove(heard.append)
    assert heard == [one] and one.state is CertificateState.REVOKED
    end = queries.end_of(one)
    assert (end.kind, end.cause, end.account_id) == (CertificateEventKind.REVOKED, Cause.WRONG_PERSON, boss.account_id)
    line = db.query(HistoryEntry).filter_by(verb="credentials.revoke").one()
    assert line.reason == "Ghi nhầm chị Ánh ở thôn khác" and line.unit_id == one.issuer.unit_id
    with pytest.raises(actions.CertificateHasEnded):
        actions.revoke(one, reason="lần nữa", by=boss)
    with pytest.raises(actions.CertificateHasEnded):
        actions.replace(one, "Tên Khác", reason="x", by=boss)


def test_a_revoked_one_is_not_given_again_by_itself(one, boss):
    took = make.db.query(make.Participation).one()
    actions.revoke(one, reason="nhầm", by=boss)
    assert actions.issue_for_class(took.training_class) == []
    assert actions.issue_for_participation(took) is one
    new = actions.issue_again(one, reason="Thu hồi nhầm", by=boss)
    assert new.number == 2 and new.code != one.code and new.state is CertificateState.LIVE
    assert one.state is CertificateState.REVOKED
    with pytest.raises(actions.CertificateIsLive):
        actions.issue_again(one, reason="nữa", by=boss)
    assert actions.issue_for_participation(took) is new


def test_a_replacement_has_a_new_number_and_both_verify(one, boss):
    new = actions.replace(one, "  Lường Thị  Ngọc Anh ", reason="Sai dấu", by=boss, birth_year=1986)
    assert (new.name, new.birth_year, new.number) == ("Lường Thị Ngọc Anh", 1986, 2)
    assert (one.state, new.state) == (CertificateState.REPLACED, CertificateState.LIVE)
    assert queries.successor_of(one) is new
    for column in ("course_title", "days", "hours", "begins_on", "ends_on", "issuer_name", "place", "person_id"):
        assert getattr(one, column) == getattr(new, column)
    assert one.name == "Lường Thị Ngọc Ánh"
    assert queries.certificate_by_code(one.code) is one and queries.certificate_by_code(new.code) is new


def test_a_replacement_corrects_something(one, boss):
    with pytest.raises(actions.NothingIsCorrected):
        actions.replace(one, one.name, reason="x", by=boss)
    assert db.query(Certificate).count() == 1


def test_an_online_certificate_is_issued_again_too(app, boss):
    one = actions.issue_for_study(make.study(make.course(slug="b"), make.person("cadre")))
    actions.revoke(one, reason="nhầm", by=boss)
    assert actions.issue_again(one, reason="đúng ra còn", by=boss).earned_by == one.earned_by


def test_about_and_forget_name_the_same_tables(one):
    told = queries.about(one.person_id)
    assert set(told) == actions.forget(one.person_id, by=make.TEST)
    assert told["certificate"][0]["name"] == "Lường Thị Ngọc Ánh" and told["certificate_event"]
    assert db.get(Certificate, one.id).name == "Lường Thị Ngọc Ánh"
    assert set(queries.about(make.person("newcomer").id)) == set(told)
