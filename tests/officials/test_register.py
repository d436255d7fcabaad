"""Entries: entering, ending, what is in force on a day, what is told and forgotten."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from lms import demo
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.officials import actions, queries
from lms.officials.actions import AlreadyInGroup, EndsTooEarly, HasEnded, IsAMan, UnitHasEnded
from lms.officials.models import Category
from lms.officials.queries import Wanted
from lms.people.queries import actor_of
from lms.units.models import Level
from lms.units.queries import search_units
from tests.officials import make


def names(on: date, code: str = demo.THANH_HOA, **wanted: object) -> list[str]:
    found = queries.entries_on([demo.place(code).id], on, Wanted(**wanted))  # type: ignore[arg-type]
    return [entry.person.name for entry in found]


def test_an_entry_holds_from_its_first_day_to_the_day_before_its_last(app: Flask) -> None:
    made = make.entry("Vi Thị Phương", begins=date(2026, 1, 10))
    actions.end_entry(made, date(2026, 3, 1), reason="nghỉ hưu", by=make.DEMO)
    days = (date(2026, 1, 9), date(2026, 1, 10), date(2026, 2, 28), date(2026, 3, 1))
    assert [len(names(day)) for day in days] == [0, 1, 1, 0]


def test_ended_on_its_first_day_it_never_held(app: Flask) -> None:
    made = make.entry("Vi Thị Phương")
    actions.end_entry(made, made.begins, reason="ghi nhầm", by=make.DEMO)
    assert names(made.begins) == []
    make.entry("Vi Thị Phương")
    assert names(made.begins) == ["Vi Thị Phương"]


def test_an_entry_ends_once_and_not_before_it_begins(app: Flask) -> None:
    made = make.entry("Vi Thị Phương")
    with pytest.raises(EndsTooEarly):
        actions.end_entry(made, date(2025, 6, 30), reason="x", by=make.DEMO)
    actions.end_entry(made, date(2026, 6, 30), reason="x", by=make.DEMO)
    with pytest.raises(HasEnded):
        actions.end_entry(made, date(2026, 7, 30), reason="x", by=make.DEMO)


def test_one_open_entry_for_a_group_at_a_body(app: Flask) -> None:
    made = make.entry("Vi Thị Phương")
    with pytest.raises(AlreadyInGroup):
        make.entry("Vi Thị Phương", begins=date(2026, 1, 1))
    with pytest.raises(AlreadyInGroup):
        make.entry("Vi Thị Phương", begins=date(2024, 1, 1))
    make.entry("Vi Thị Phương", Category.NEWLY_APPOINTED)
    actions.end_entry(made, date(2026, 1, 1), reason="x", by=make.DEMO)
    make.entry("Vi Thị Phương", begins=date(2026, 1, 1))
    assert names(date(2026, 2, 1)) == ["Vi Thị Phương"] * 2


def test_only_women_and_only_bodies_that_exist(app: Flask) -> None:
    with pytest.raises(IsAMan):
        make.entry("Quách Văn Bảo")
    who, old = make.person("Vi Thị Phương"), next(unit for unit in search_units("Cán Khê") if unit.ends)
    facts = {"post": "", "term": "", "decision": ""}
    with pytest.raises(UnitHasEnded):
        actions.enter(who, Category.PLANNED, Level.COMMUNE, old, begins=date(2025, 7, 1), by=make.DEMO, **facts)
    actions.enter(who, Category.PLANNED, Level.COMMUNE, old, begins=date(2024, 7, 1), by=make.DEMO, **facts)
    assert names(date(2025, 12, 1), demo.XUAN_DU) == ["Vi Thị Phương"], "what became the commune counts there"


def test_lists_sort_by_given_name_and_narrow(app: Flask) -> None:
    make.entry("Vi Thị Phương", term="2026-2031")
    make.entry("Lò Thị Cúc", Category.OTHER)
    make.entry("Lò Thị Hương", code=demo.YEN_THO, term="2021-2026")
    day = date(2026, 1, 1)
    assert names(day) == ["Lò Thị Cúc", "Lò Thị Hương", "Vi Thị Phương"]
    assert names(day, demo.XUAN_DU) == ["Lò Thị Cúc", "Vi Thị Phương"]
    assert names(day, category=Category.OTHER) == ["Lò Thị Cúc"]
    assert names(day, term="2026-2031") == ["Vi Thị Phương"]
    assert names(day, typed="lo huong") == ["Lò Thị Hương"]
    assert queries.terms_on([demo.place(demo.THANH_HOA).id], day) == ["2026-2031", "2021-2026"]


def test_entries_and_persons_of_others_are_not_found(app: Flask) -> None:
    made = make.entry("Vi Thị Phương")
    planner, coordinator = actor_of(demo.member("planner")), actor_of(demo.member("coordinator"))
    assert queries.entry_for(planner, made.id) is made
    for actor, key in ((coordinator, made.id), (planner, made.person_id)):
        with pytest.raises(NotFound):
            queries.entry_for(actor, key)
    assert queries.visit_of(planner, made.unit_id) is None
    visit = actions.open_visit(demo.place(demo.THANH_HOA), make.REASON, by=planner)
    assert queries.visit_of(planner, made.unit_id) == visit


def test_a_linked_woman_has_one_history(app: Flask) -> None:
    first, second = make.person("Quách Thị Hiền"), make.person("Quách Thị Hiền", place=1)
    make.entry("", who=first)
    second.canonical_id = first.id
    db.commit()
    with pytest.raises(AlreadyInGroup):
        make.entry("", who=second)
    make.entry("", Category.FIRST_ELECTED, who=second, begins=date(2026, 3, 15))
    history = queries.history_of(actor_of(demo.member("planner")), first)
    assert [entry.category for entry in history] == [Category.FIRST_ELECTED, Category.PLANNED]


def test_what_is_told_and_what_erasure_leaves(app: Flask) -> None:
    made = make.entry("Vi Thị Phương", post="Phó Chủ tịch", decision="QĐ 12")
    told = queries.about(made.person_id)
    assert told["register_entry"][0]["post"] == "Phó Chủ tịch" and told["register_entry"][0]["unit"] == "xã Xuân Du"
    assert queries.about(make.person("Lò Thị Cúc").id) == {"register_entry": []}
    assert actions.forget(made.person_id, by=make.DEMO) == {"register_entry"}
    db.refresh(made)
    assert (made.post, made.decision, made.category, made.unit_id) == (
        "",
        "",
        Category.PLANNED,
        demo.place(demo.XUAN_DU).id,
    )
    assert len(names(date(2026, 1, 1))) == 1, "the figure stays"
