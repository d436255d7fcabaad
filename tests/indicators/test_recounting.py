"""Contributions follow the facts at once; a rebuild finds nothing to change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms import demo
from lms.core import clock
from lms.core.db import db, transaction
from lms.indicators import actions, queries
from lms.indicators.models import Contribution
from lms.indicators.rules.periods import period_of
from lms.indicators.rules.sets import Counts
from lms.learning.models import Study
from lms.people.models import Person, PostKind, Sex
from lms.training.models import Enrolment, Participation, TrainingClass
from tests.indicators.make import TEST, course, enrol, held, person, someone, studied

YEAR = period_of(2026)


def rows() -> list[tuple[object, ...]]:
    """Every contribution without its key."""
    columns = [c for c in Contribution.__table__.columns if c.name != "id"]
    return sorted(map(tuple, db.execute(select(*columns))), key=str)


def two(code: str = "D8.4.2", unit: str = demo.XUAN_DU) -> tuple[int, int]:
    """(người, lượt) of a year."""
    place = demo.place(unit).id
    return tuple(queries.figure(code, place, YEAR, kind).value for kind in Counts)  # type: ignore[return-value]


def test_a_class_counts_once_however_often_it_is_recounted(app: Flask) -> None:
    made = held([person("cadre"), person("head")])
    assert two() == (2, 2)
    assert actions.recount_class(made) == 0
    assert two() == (2, 2)
    kept = db.scalars(select(Contribution).where(Contribution.person_id == person("head").id)).one()
    assert (kept.order, kept.starts_on, kept.day) == (made.number, made.starts_on, made.ends_on)
    assert (kept.sex, kept.ethnic_group, kept.post_kind) == (Sex.MALE, "muong", PostKind.VILLAGE_HEAD)


def test_one_person_in_two_classes_of_a_year_is_one_person_and_two_participations(app: Flask) -> None:
    held([person("cadre")], ends=date(2026, 2, 2))
    held([person("cadre")], ends=date(2026, 9, 9))
    assert two() == (1, 2)


def test_who_only_came_does_not_count(app: Flask) -> None:
    made = held([person("cadre")], completed=False)
    assert two() == (0, 0)
    with transaction():
        part = db.scalars(select(Participation).where(Participation.class_id == made.id)).one()
        part.completed_at = clock.now()
        actions.recount_class(part.training_class)
    assert two() == (1, 1)


def test_an_edit_of_a_class_changes_figures_at_once(app: Flask) -> None:
    made = held([person("cadre"), person("head")])
    with transaction():
        made = db.merge(made)
        made.starts_on, made.ends_on = date(2025, 12, 30), date(2025, 12, 31)
        actions.recount_class(made)
    assert two() == (0, 0)
    with transaction():
        made.ends_on = date(2026, 1, 1)
        db.execute(Participation.__table__.delete().where(Participation.person_id == person("head").id))
        actions.recount_class(made)
    assert two() == (1, 1)
    with transaction():
        made.cancelled_at = clock.now()
        actions.recount_class(made)
    assert two() == (0, 0) and rows() == []


def test_a_course_of_another_field_does_not_count(app: Flask) -> None:
    held([person("cadre")], course("tkvv"))
    assert two() == (0, 0)


def test_frozen_attributes_stay_when_the_person_changes(app: Flask) -> None:
    made = held([person("cadre")])
    with transaction():
        db.get(Person, person("cadre").id).ethnic_group = "kinh"
        actions.recount_class(made)
    assert [row.ethnic_group for row in db.scalars(select(Contribution))] == ["thai"]


def test_before_the_roster_is_frozen_or_without_one_the_person_herself_is_asked(app: Flask) -> None:
    made = held([person("cadre"), person("head")])
    with transaction():
        one = db.scalars(select(Enrolment).where(Enrolment.person_id == person("cadre").id)).one()
        one.frozen_unit_id = one.frozen_sex = one.frozen_ethnic_group = one.frozen_post_kind = None
        db.delete(db.scalars(select(Enrolment).where(Enrolment.person_id == person("head").id)).one())
        assert actions.recount_class(made) == 0
    assert two() == (2, 2)


def test_who_has_no_unit_counts_at_the_organiser(app: Flask) -> None:
    made = held([person("cadre")])
    with transaction():
        db.scalars(select(Enrolment)).one().frozen_unit_id = None
        actions.recount_class(made)
    assert two() == (0, 0) and two(unit=demo.THANH_HOA) == (1, 1)


def test_online_the_first_completion_counts_on_its_day(app: Flask) -> None:
    study = studied(person("cadre"), at=datetime(2025, 12, 31, 18, tzinfo=UTC))  # already 2026 in Việt Nam
    kept = db.scalars(select(Contribution)).one()
    assert (kept.day, kept.order, kept.occasion_id) == (date(2026, 1, 1), "", study.id)
    assert two() == (1, 1)
    with transaction():
        db.get(Study, study.id).completed_at = None
        actions.recount_study(study)
    assert two() == (0, 0)


def test_linked_persons_count_once(app: Flask) -> None:
    with transaction():
        other = someone()
    taught = course()
    held([person("cadre"), other])
    held([other])
    studied(person("cadre"), taught)
    studied(other, taught, at=datetime(2026, 7, 1, tzinfo=UTC))
    assert two() == (2, 5)
    with transaction():
        db.get(Person, other.id).canonical_id = person("cadre").id
    assert two()[0] == 1
    with transaction():
        actions.recount_person(db.get(Person, other.id))
    assert two() == (1, 3)
    assert actions.rebuild_all() == 0
    with transaction():
        db.get(Person, other.id).canonical_id = other.id
        actions.recount_person(db.get(Person, other.id))
    assert two() == (2, 5)


def test_forgetting_a_person_leaves_the_figures(app: Flask) -> None:
    held([person("cadre")])
    told = queries.about(person("cadre").id)["contribution"]
    assert len(told) == 1 and told[0]["indicator"] == "D8.4.2"
    assert actions.forget(person("cadre").id, by=TEST) == {"contribution"}
    assert two() == (1, 1)


def test_a_rebuild_drops_what_has_no_occasion(app: Flask) -> None:
    made = held([person("cadre")])
    with transaction():
        for model in (Participation, Enrolment):
            db.execute(model.__table__.delete())
        db.execute(TrainingClass.__table__.delete().where(TrainingClass.id == made.id))
    assert two() == (0, 0) or actions.rebuild_all()
    actions.rebuild_all()
    assert rows() == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_a_rebuild_equals_the_incremental_state(app: Flask, chance: Random) -> None:
    who = [person(key) for key in ("cadre", "head", "official", "newcomer")]
    taught = [course("lgg"), course("lanh-dao"), course("tkvv")]
    classes = [held([], chance.choice(taught)) for _ in range(3)]
    for _ in range(8):
        with transaction():
            made, one = chance.choice(classes), chance.choice(who)
            mine = Participation.class_id == made.id, Participation.person_id == one.id
            part = db.scalars(select(Participation).where(*mine)).one_or_none()
            if part is None:
                enrol(made, one, chance.random() < 0.7)
            else:
                part.completed_at = None if part.completed_at else clock.now()
            made = db.get(TrainingClass, made.id)
            made.ends_on = max(made.starts_on, date(chance.choice([2025, 2026]), chance.randint(1, 12), 20))
            actions.recount_class(made)
    before = rows()
    with transaction():
        db.execute(Contribution.__table__.delete())
        actions.rebuild_all()
    assert rows() == before
    assert actions.rebuild_all() == 0
