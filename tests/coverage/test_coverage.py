"""The register of a unit against classes and studies, as of a day."""

from __future__ import annotations

from datetime import date

from flask import Flask

from lms import demo
from lms.core.db import counting, db
from lms.coverage import queries
from lms.coverage.models import Source, Threshold
from lms.coverage.queries import Coverage
from lms.coverage.rules import Part
from lms.officials.models import Category
from lms.people.models import Person
from lms.units.queries import search_units
from tests.coverage import make
from tests.officials.make import entry, person

DAY = date(2026, 10, 1)


def cover(code: str = demo.THANH_HOA, on: date = DAY) -> Coverage:
    db.expire_all()
    return queries.coverage_of(demo.place(code).id, on)


def names(found: Coverage, part: Part) -> list[str]:
    lines = queries.names_of(found, part)
    assert len(lines) == len(found.whole.of(part))
    return [line.person.name for line in lines]


def four(found: Coverage) -> tuple[int, int, int, int]:
    whole = found.whole
    return len(whole.register), len(whole.trained), len(whole.now), len(whole.missing)


def test_trained_now_and_missing(app: Flask) -> None:
    for name in ("Vi Thị Phương", "Lương Thị Sen", "Quách Thị Hà"):
        entry(name)
    entry("Lò Thị Hương", Category.FIRST_ELECTED, demo.YEN_THO)
    entry("Bùi Thị Yến", Category.OTHER)
    course = make.course()
    done, coming = (
        make.training_class(course, date(2026, 5, 4), closed=date(2026, 5, 6)).id,
        make.training_class(course, date(2026, 12, 8)).id,
    )
    make.trained_by(course)
    make.part(done, person("Vi Thị Phương"), completed=date(2026, 5, 6))
    make.part(done, person("Lương Thị Sen"))
    make.seat(coming, person("Vi Thị Phương"))
    make.seat(coming, person("Lò Thị Hương", demo.YEN_THO))
    found = cover()
    assert four(found) == (4, 1, 1, 2)
    assert names(found, Part.TRAINED) == ["Vi Thị Phương"] and names(found, Part.NOW) == ["Lò Thị Hương"]
    assert names(found, Part.MISSING) == ["Quách Thị Hà", "Lương Thị Sen"] and names(found, Part.OTHER) == [
        "Bùi Thị Yến"
    ]
    assert [(line.unit.title, len(line.parts.register)) for line in found.lines] == [
        ("xã Xuân Du", 3),
        ("xã Yên Thọ", 1),
    ]
    (line,) = queries.names_of(found, Part.TRAINED)
    assert (
        line.occasion is not None
        and line.occasion.title == "Lớp cho cán bộ nữ"
        and line.occasion.day == date(2026, 5, 4)
    )


def test_a_childs_own_page_says_what_its_line_says(app: Flask) -> None:
    entry("Vi Thị Phương")
    entry("Vi Thị Phương", Category.FIRST_ELECTED, demo.YEN_THO, who=person("Vi Thị Phương"), begins=date(2026, 3, 15))
    entry("Lương Thị Sen")
    entry("Lương Thị Sen", Category.NEWLY_APPOINTED)
    found = cover()
    assert four(found)[0] == 2 == sum(len(line.parts.register) for line in found.lines)
    for line in found.lines:
        assert queries.coverage_of(line.unit.id, DAY).whole == line.parts
    assert names(cover(demo.YEN_THO), Part.REGISTER) == ["Vi Thị Phương"]
    assert cover(on=date(2026, 1, 1)).lines[0].parts.register == cover(on=date(2026, 1, 1)).whole.register


def test_the_units_own_body_has_its_line(app: Flask) -> None:
    entry("Hà Thị Tuyết", code=demo.THANH_HOA)
    entry("Vi Thị Phương")
    found = cover()
    assert [(line.unit.title, line.is_own) for line in found.lines] == [("xã Xuân Du", False), ("tỉnh Thanh Hóa", True)]
    assert "xã Yên Thọ" in [unit.title for unit in found.empty]


def test_entries_of_a_merged_commune_count_where_it_went(app: Flask) -> None:
    from lms.officials import actions  # noqa: PLC0415

    old = next(unit for unit in search_units("Cán Khê") if unit.ends)
    actions.enter(person("Vi Thị Phương"), Category.PLANNED, old.level, old, "", "", "", date(2024, 6, 1), by=make.DEMO)
    assert [line.unit.title for line in cover().lines] == ["xã Xuân Du"]
    assert four(cover(demo.XUAN_DU))[0] == 1 == four(cover())[0]


def test_which_occasions_count_is_data(app: Flask) -> None:
    entry("Vi Thị Phương")
    who, course, other = person("Vi Thị Phương"), make.course(), make.course("khac", "Khóa khác")
    held = make.training_class(course, date(2026, 5, 4), closed=date(2026, 5, 6)).id
    make.part(held, who)
    make.study(other, who, date(2026, 6, 1))
    assert four(cover()) == (1, 0, 0, 1)
    make.trained_by(course)
    assert four(cover()) == (1, 0, 0, 1), "she came but did not complete"
    make.trained_by(other, Source.ONLINE, begins=date(2026, 7, 1))
    assert four(cover()) == (1, 0, 0, 1), "before the rule began"
    make.trained_by(other, Source.ONLINE, ends=date(2026, 7, 1))
    assert four(cover()) == (1, 1, 0, 0) and four(cover(on=date(2026, 5, 31))) == (1, 0, 0, 1)
    make.trained_by(course, threshold=Threshold.CAME)
    assert four(cover(on=date(2026, 5, 31))) == (1, 1, 0, 0)


def test_a_rule_said_twice_is_one(app: Flask) -> None:
    course = make.course()
    assert make.trained_by(course) == make.trained_by(course, ends=date(2027, 1, 1))
    (rule,) = queries.trained_rules()
    assert rule.ends == date(2027, 1, 1)


def test_as_of_each_day(app: Flask) -> None:
    entry("Vi Thị Phương", begins=date(2026, 2, 1))
    who, course = person("Vi Thị Phương"), make.course()
    make.trained_by(course)
    held = make.training_class(course, date(2026, 5, 4), date(2026, 5, 5), closed=date(2026, 5, 6)).id
    make.seat(held, who, invited=date(2026, 4, 10))
    make.part(held, who, completed=date(2026, 5, 6))
    days = [
        date(2026, 1, 31),
        date(2026, 2, 1),
        date(2026, 4, 9),
        date(2026, 4, 10),
        date(2026, 5, 5),
        date(2026, 5, 6),
    ]
    assert [four(cover(on=day)) for day in days] == [
        (0, 0, 0, 0), (1, 0, 0, 1), (1, 0, 0, 1), (1, 0, 1, 0), (1, 0, 1, 0), (1, 1, 0, 0)
    ]  # fmt: skip


def test_withdrawn_cancelled_and_other_courses_seat_nobody(app: Flask) -> None:
    entry("Vi Thị Phương")
    who, course, other = person("Vi Thị Phương"), make.course(), make.course("khac", "Khóa khác")
    make.trained_by(course)
    coming, cancelled = (
        make.training_class(course, date(2026, 12, 8)).id,
        make.training_class(course, date(2026, 12, 9), cancelled=date(2026, 9, 9)).id,
    )
    foreign = make.training_class(other, date(2026, 12, 8)).id
    make.seat(coming, who, withdrawn=date(2026, 9, 15))
    make.seat(cancelled, who)
    make.seat(foreign, who)
    assert four(cover()) == (1, 0, 0, 1) and four(cover(on=date(2026, 9, 8))) == (1, 0, 1, 0)


def test_a_linked_woman_counts_once(app: Flask) -> None:
    first, second = person("Quách Thị Hiền"), person("Quách Thị Hiền", place=1)
    first_id, second_id = first.id, second.id
    entry("", who=first)
    entry("", who=person("Quách Thị Hiền", place=1))
    course = make.course()
    make.trained_by(course)
    held = make.training_class(course, date(2026, 5, 4), closed=date(2026, 5, 6)).id
    make.part(held, db.get_one(Person, second_id), completed=date(2026, 5, 6))
    assert four(cover()) == (2, 1, 0, 1)
    db.get_one(Person, second_id).canonical_id = first_id
    db.commit()
    assert four(cover()) == (1, 1, 0, 0) and names(cover(), Part.TRAINED) == ["Quách Thị Hiền"]


def test_the_number_of_statements_does_not_grow(app: Flask) -> None:
    entry("Vi Thị Phương")
    make.trained_by(make.course())
    with counting() as few:
        cover()
    for name in ("Lương Thị Sen", "Quách Thị Hà", "Bùi Thị Yến", "Hà Thị Lan"):
        entry(name)
    entry("Lò Thị Hương", code=demo.YEN_THO)
    with counting() as many:
        cover()
    assert len(many.statements) <= len(few.statements) <= 10
