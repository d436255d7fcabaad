"""Figures of units and periods: the database counts as the rules do, and every figure is the length of its list."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms import demo
from lms.core.db import counting, db, transaction
from lms.core.ids import new_id
from lms.indicators import queries
from lms.indicators.models import Contribution, Occasion
from lms.indicators.rules import counting as rules
from lms.indicators.rules.counting import Minority
from lms.indicators.rules.periods import Part, Period, period_of
from lms.indicators.rules.sets import Counts
from lms.officials.models import Category
from lms.people.models import Person, PostKind, Sex
from lms.units.models import Unit
from lms.units.queries import within
from tests.indicators.make import course, entry, held, person, someone

YEAR = period_of(2026)
ALL = [(sex, minority) for sex, minority in product((None, *Sex), (None, *Minority))]


def lists_agree(code: str, unit_id: UUID, period: Period, category: Category | None = None) -> None:
    """Every figure of this unit and period is as long as its list."""
    for kind, (sex, minority) in product(Counts, ALL):
        number = queries.figure(code, unit_id, period, kind, sex, minority, category).value
        assert number == len(queries.names_behind(code, unit_id, period, kind, sex, minority, category=category))


def test_a_person_counts_in_the_unit_of_her_first_class_only(app: Flask) -> None:
    with transaction():
        mover = someone()
    first = held([mover], ends=date(2026, 2, 2))
    held([mover], ends=date(2026, 3, 3))
    with transaction():
        row = db.scalars(select(Contribution).where(Contribution.occasion_id != first.id)).one()
        row.unit_id = demo.place(demo.YEN_THO).id
    old, new, both = (demo.place(code).id for code in (demo.XUAN_DU, demo.YEN_THO, demo.THANH_HOA))
    seen = {unit: [queries.figure("D8.4.2", unit, YEAR, kind).value for kind in Counts] for unit in (old, new, both)}
    assert seen == {old: [1, 1], new: [0, 1], both: [1, 2]}
    march = period_of(2026, Part.FIRST_QUARTER)
    assert queries.figure("D8.4.2", new, march, Counts.PERSONS).value == 0
    later = Period(date(2026, 3, 1), date(2026, 3, 31), "")
    assert queries.figure("D8.4.2", new, later, Counts.PERSONS).value == 1
    for unit in (old, new, both):
        lists_agree("D8.4.2", unit, YEAR)


def test_old_communes_count_to_their_successor_and_nobody_is_lost_above(app: Flask) -> None:
    with transaction():
        people = [someone(f"Bùi Thị {letter}") for letter in "ABCD"]
    held(people, ends=date(2025, 5, 5))
    before = {u.name: u for u in db.scalars(select(Unit).where(Unit.ends == date(2025, 7, 1)))}
    old = [before["Cán Khê"], before["Phượng Nghi"], before["Thanh Tân"], before["Như Thanh"]]
    with transaction():
        for row, unit in zip(db.scalars(select(Contribution)), old, strict=True):
            row.unit_id = unit.id
    period = period_of(2025)
    assert queries.figure("D8.4.2", demo.place(demo.XUAN_DU).id, period, Counts.PERSONS).value == 2
    assert queries.figure("D8.4.2", demo.place(demo.THANH_HOA).id, period, Counts.PERSONS).value == 4
    table = queries.children_table(queries.indicator_on("D8.4.2", period.start), demo.place(demo.THANH_HOA), period)
    assert table[-1].unit is None and table[-1].line.persons.total == 2
    assert sum(row.line.persons.total for row in table) == 4
    lists_agree("D8.4.2", demo.place(demo.THANH_HOA).id, period)
    place = demo.place(demo.THANH_HOA).id
    own = queries.names_behind("D8.4.2", place, period, Counts.PERSONS, own=True)
    assert len(own) == 2
    reach = set(db.scalars(queries.scope(place)))
    assert set(db.scalars(within([place]))) <= reach


def test_the_number_of_statements_does_not_depend_on_the_units(app: Flask) -> None:
    held([person("cadre"), person("head")])
    seen = []
    for code in (demo.XUAN_DU, demo.THANH_HOA):
        place, chosen = demo.place(code), queries.set_on(YEAR.start)
        with counting() as counter:
            queries.figures_of(chosen, place.id, YEAR)
        seen.append(len(counter.statements))
    assert seen == [1, 1]
    country = db.scalars(select(Unit).where(Unit.level == "country")).one()
    with counting() as counter:
        table = queries.children_table(queries.indicator_on("D8.4.2", YEAR.start), country, YEAR)
    assert len(table) == 34 and len(counter.statements) <= 4


def test_tables_by_post_kind_and_course_add_up(app: Flask) -> None:
    with transaction():
        nobody_knows = someone(kind=PostKind.OTHER)
    held([person("cadre"), person("head"), nobody_knows])
    held([person("head")])
    with transaction():
        for row in db.scalars(select(Contribution).where(Contribution.person_id == nobody_knows.id)):
            row.post_kind = None
    place, line = demo.place(demo.XUAN_DU).id, queries.indicator_on("D8.4.2", YEAR.start)
    kinds, courses = queries.by_post_kind(line, place, YEAR), queries.by_course(line, place, YEAR)
    assert [(k.key, k.persons, k.participations) for k in kinds] == [
        ("village_head", 1, 2), ("branch_head", 1, 1), ("none", 1, 1),
    ]  # fmt: skip
    for groups, name in ((kinds, "post_kind"), (courses, "course")):
        assert sum(group.persons for group in groups) == 3 and sum(group.participations for group in groups) == 4
        for group in groups:
            for kind, number in zip(Counts, (group.persons, group.participations), strict=True):
                assert len(queries.names_behind("D8.4.2", place, YEAR, kind, **{name: group.key})) == number


def test_officials_are_asked_of_the_register_on_the_first_day(app: Flask) -> None:
    taught, (first, second) = course("lanh-dao"), (date(2026, 4, 15), date(2026, 8, 15))
    with transaction():
        planned, appointed, other, unknown, late = (someone(f"Lò Thị {n}") for n in ("An", "Bé", "Cúc", "Dịu", "Én"))
        man, kinh = someone("Hà Văn Gấm", sex=Sex.MALE), someone("Lê Thị Hoa", group="kinh")
    entry(planned, Category.PLANNED, date(2024, 1, 1), date(2026, 6, 1))
    entry(planned, Category.FIRST_ELECTED, date(2026, 6, 1))
    entry(appointed, Category.NEWLY_APPOINTED)
    entry(appointed, Category.OTHER)
    entry(other, Category.OTHER)
    entry(late, Category.PLANNED, first)  # the day after the class began
    entry(man, Category.PLANNED)
    entry(kinh, Category.PLANNED)
    held([planned, appointed, other, unknown, late, man, kinh], taught, first)
    held([planned], taught, second)
    place, line = demo.place(demo.XUAN_DU).id, queries.indicator_on("D8.3.4", YEAR.start)
    found = queries.line_of(line, place, YEAR)
    assert (found.persons.total, found.participations.total) == (2, 3)
    assert found.persons.of(Sex.FEMALE, Minority.YES) == 2
    assert {g.key: (g.persons, g.participations) for g in queries.by_category(line, place, YEAR)} == {
        "planned": (1, 1), "newly_appointed": (1, 1), "first_elected": (0, 1), "other": (1, 1),
    }  # fmt: skip
    for category in (None, *Category):
        lists_agree("D8.3.4", place, YEAR, category)
    assert [n.name for n in queries.names_behind("D8.3.4", place, YEAR, Counts.PERSONS)] == ["Lò Thị An", "Lò Thị Bé"]
    assert "D8.3.4" not in {one.indicator.code for one in queries.figures_of(queries.set_on(YEAR.start), place, YEAR)}


ROW = st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 3), st.sampled_from(Sex),
                st.sampled_from(["kinh", "muong", None]))  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ROW, max_size=20, unique_by=lambda row: row[:2]), st.booleans())
def test_the_database_counts_as_the_rules_do(app: Flask, given_rows: list[tuple], link: bool) -> None:
    who = list(db.scalars(select(Person).order_by(Person.id).limit(5)))
    places = list(db.scalars(select(Unit.id).where(Unit.name.in_(["Xuân Du", "Yên Thọ", "Thanh Kỳ", "Cán Khê"]),
                                                   Unit.level == "commune").order_by(Unit.id)))  # fmt: skip
    occasions = [new_id() for _ in range(6)]
    with transaction():
        db.execute(Contribution.__table__.delete())
        for one in who:
            one.canonical_id = who[0].id if link and one is who[1] else one.id
        for person_no, occasion_no, unit_no, sex, group in given_rows:
            db.add(Contribution(
                indicator="D8.4.2", occasion=Occasion.CLASS, occasion_id=occasions[occasion_no],
                order=f"2026-{occasion_no % 2}", person_id=who[person_no].id, unit_id=places[unit_no % len(places)],
                starts_on=YEAR.start, day=YEAR.start + timedelta(days=occasion_no % 3), sex=sex, ethnic_group=group,
            ))  # fmt: skip
    canonical = {one.id: one.canonical_id for one in who}
    counted = [
        rules.Counted(canonical[c.person_id], c.occasion_id, c.day, c.order, c.unit_id, c.sex,
                      rules.minority_of(c.ethnic_group))
        for c in db.scalars(select(Contribution))
    ]  # fmt: skip
    chosen = queries.set_on(YEAR.start)
    for top in (demo.THANH_HOA, demo.XUAN_DU, demo.YEN_THO):
        inside = set(db.scalars(queries.scope(demo.place(top).id)))
        [line] = queries.figures_of(chosen, demo.place(top).id, YEAR)
        for count, fold in ((line.persons, rules.persons), (line.participations, rules.participations)):
            expected = rules.cells([one for one in fold(counted) if one.unit in inside])
            assert {cell: n for cell, n in count.cells.items() if n} == dict(expected)
    table = queries.children_table(chosen.indicators[1], demo.place(demo.THANH_HOA), YEAR)
    whole = queries.line_of(chosen.indicators[1], demo.place(demo.THANH_HOA).id, YEAR)
    for kind in Counts:
        assert sum(row.line.counts[kind].total for row in table) == whole.counts[kind].total
