import threading
from datetime import UTC, date, datetime

import pytest

from lms.core import clock, jobs
from lms.core.db import db, transaction
from lms.core.history import HistoryEntry
from lms.core.jobs import Job
from lms.credentials import actions, events, queries
from lms.credentials.models import Certificate, CertificateEvent, CertificateEventKind, CertificateKind, NumberSeries
from lms.training.models import Participation
from tests.credentials import make

JUNE = datetime(2026, 6, 25, 3, tzinfo=UTC)


def test_a_class_earns_certificates_once_numbered_by_name(app):
    held, _ = make.held_class([make.person("official"), make.person("cadre"), make.person("head")])
    with clock.stopped(JUNE):
        given = actions.issue_for_class(held)
        assert actions.issue_for_class(held) == []
    assert [c.name for c in given] == ["Lường Thị Ngọc Ánh", "Quách Văn Thiện", "Vi Thị Thơm"]
    assert [c.number_text for c in given] == ["0001/2026/GCN", "0002/2026/GCN", "0003/2026/GCN"]
    assert len({c.code for c in given}) == 3 and all(len(c.code) == 20 for c in given)


def test_words_are_frozen(app):
    held, (took,) = make.held_class([make.person("cadre")])
    with clock.stopped(JUNE):
        one = actions.issue_for_participation(took)
    took.person.name = "Tên Khác"
    held.course.title = "Tên khóa khác"
    db.flush()
    assert (one.name, one.birth_year, one.course_title) == ("Lường Thị Ngọc Ánh", 1985, "Tổ tiết kiệm vay vốn thôn bản")
    assert (one.days, one.hours) == (2, 14.0)
    assert (one.begins_on, one.ends_on, one.issued_on) == (date(2026, 6, 18), date(2026, 6, 19), date(2026, 6, 25))
    assert (one.issuer_name, one.issuer_superior) == ("Hội LHPN tỉnh Thanh Hóa", "Hội LHPN Việt Nam")
    assert (one.place, one.kind, one.earned_by) == ("Thanh Hóa", CertificateKind.CLASS, f"class:{held.id}")


def test_an_issue_leaves_event_history_announcement_and_job(app):
    heard = []
    events.certificate_issued.listen(heard.append)
    try:
        _, (took,) = make.held_class([make.person("cadre")])
        one = actions.issue_for_participation(took)
        assert actions.issue_for_participation(took) is one
    finally:
        events.certificate_issued.listeners.remove(heard.append)
    assert heard == [one]
    assert [h.event.kind for h in queries.events_of(one)] == [CertificateEventKind.ISSUED]
    assert db.query(HistoryEntry).filter_by(subject_id=one.id).one().verb == "credentials.issue"
    (job,) = db.query(Job).all()
    assert (job.kind, job.payload) == (actions.PRINT, {"certificate_id": str(one.id)})


def test_printing_twice_is_once(app):
    jobs.work(actions.PRINT, actions.print_pdf)
    _, (took,) = make.held_class([make.person("cadre")])
    one = actions.issue_for_participation(took)
    assert jobs.run_due() == 1
    db.refresh(one)
    assert len(one.pdf_digest) == 64
    actions.print_pdf({"certificate_id": str(one.id)})
    kinds = [h.event.kind for h in queries.events_of(one)]
    assert kinds == [CertificateEventKind.ISSUED, CertificateEventKind.PRINTED]


def test_what_is_not_completed_earns_nothing(app):
    held, (took,) = make.held_class([make.person("cadre")])
    with transaction():
        took.completed_at = None
    with pytest.raises(actions.NotCompleted):
        actions.issue_for_participation(took)
    assert actions.issue_for_class(held) == []
    with pytest.raises(actions.NotCompleted):
        actions.issue_for_study(make.study(make.course(slug="b"), make.person("cadre"), completed=False))
    assert db.query(Certificate).count() == 0


def test_an_online_study_is_issued_by_the_owner_or_the_country(app):
    owned = make.course("Giới ở thôn bản", "gioi", make.union("16234"))
    free = make.course("Lãnh đạo", "lanh-dao")
    first = actions.issue_for_study(make.study(owned, make.person("cadre")))
    second = actions.issue_for_study(make.study(free, make.person("cadre")))
    assert (first.issuer_name, first.place) == ("Hội LHPN xã Xuân Du", "Xuân Du")
    assert (second.issuer_name, second.issuer_superior, second.place) == ("Hội LHPN Việt Nam", "", "Hà Nội")
    assert (first.course_title, first.days, first.hours) == ("Bình đẳng giới ở thôn bản", None, 6.5)
    assert (first.begins_on, first.ends_on) == (date(2026, 9, 1), date(2026, 9, 5))
    assert first.number == second.number == 1  # a series for each organisation


def test_a_series_for_each_year(app):
    _, took = make.held_class([make.person("cadre"), make.person("head")])
    with clock.stopped(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)):
        first = actions.issue_for_participation(took[0])
    with clock.stopped(datetime(2026, 12, 31, 17, 1, tzinfo=UTC)):
        second = actions.issue_for_participation(took[1])
    assert (first.number_text, second.number_text) == ("0001/2026/GCN", "0001/2027/GCN")


def test_an_undone_issue_leaves_no_gap(app):
    _, took = make.held_class([make.person("cadre"), make.person("head"), make.person("official")])
    actions.issue_for_participation(took[0])
    with pytest.raises(ZeroDivisionError), transaction():
        actions.issue_for_participation(took[1])
        raise ZeroDivisionError
    last = actions.issue_for_participation(took[2])
    assert last.number == 2
    assert [c.number for c in db.query(Certificate).order_by(Certificate.number)] == [1, 2]
    assert db.query(NumberSeries).one().last == 2


def _at_once(app, verbs):
    """Run each verb in a thread of its own, all at the same moment."""
    faults, gate = [], threading.Barrier(len(verbs))

    def run(verb):
        with app.app_context():
            try:
                gate.wait()
                verb()
            except Exception as fault:
                faults.append(fault)
            finally:
                db.remove()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    db.remove()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


def test_20_parallel_completions_have_the_numbers_1_to_20(app):
    persons = make.people(20)
    _, took = make.held_class(persons)
    keys = [t.id for t in took]
    _at_once(app, [lambda key=key: actions.issue_for_participation(db.get(Participation, key)) for key in keys])
    assert [c.number for c in db.query(Certificate).order_by(Certificate.number)] == list(range(1, 21))


def test_50_parallel_issues_of_one_are_one(app):
    _, (took,) = make.held_class([make.person("cadre")])
    key = took.id
    _at_once(app, [lambda: actions.issue_for_participation(db.get(Participation, key))] * 50)
    assert db.query(Certificate).one().number == 1
    assert db.query(CertificateEvent).count() == db.query(Job).count() == 1


def test_linked_persons_have_one_certificate(app):
    cadre, head = make.person("cadre"), make.person("head")
    held, took = make.held_class([cadre, head])
    first = actions.issue_for_participation(took[0])
    with transaction():
        head.canonical_id = cadre.id
    assert actions.issue_for_class(held) == []
    assert actions.issue_for_participation(took[1]).id == first.id
    assert queries.certificates_of([head.id]) == [first]


def test_a_class_of_144_is_quick(app):
    persons = make.people(144)
    held, _ = make.held_class(persons)
    assert [c.number for c in actions.issue_for_class(held)] == list(range(1, 145))
