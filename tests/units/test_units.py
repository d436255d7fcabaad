"""Units through time: provinces, one parent at a time, what became of Như Thanh, codes with dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms import demo
from lms.core.db import db
from lms.core.refusal import NotFound
from lms.units import actions, queries, rules
from lms.units.models import Extent, Level, Organisation, Unit, UnitCode, UnitEdge, UnitParent

REFORM = date(2025, 7, 1)
CITY = date(2026, 4, 30)
BEFORE = REFORM - timedelta(days=1)


def _edges() -> dict[tuple[str, str], Extent]:
    """(old name, new name) of the reform of Như Thanh -> extent."""
    old, new = {}, {}
    for unit in db.scalars(select(Unit).where(Unit.level == Level.COMMUNE)):
        old[unit.id] = new[unit.id] = unit.name
    rows = db.scalars(select(UnitEdge))
    return {(old[row.old_id], new[row.new_id]): row.extent for row in rows if row.old_id in old}


def test_there_are_34_provinces_today(app: Flask) -> None:
    assert len(queries.units_within([queries.country().id], Level.PROVINCE, CITY)) == 34
    assert len(queries.children_of(queries.country().id, CITY)) == 34
    assert len(queries.children_of(queries.country().id, CITY - timedelta(days=1))) == 34


def _overlaps(rows: list[tuple[date | None, date | None]]) -> bool:
    ordered = sorted((begins or date.min, ends or date.max) for begins, ends in rows)
    return any(after[0] < before[1] for before, after in zip(ordered, ordered[1:], strict=False))


def test_a_unit_has_at_most_one_parent_on_every_day(app: Flask) -> None:
    spans: dict[object, list[tuple[date | None, date | None]]] = {}
    for row in db.scalars(select(UnitParent)):
        spans.setdefault(row.unit_id, []).append((row.begins, row.ends))
    assert len(spans) > 50
    assert not [unit_id for unit_id, rows in spans.items() if _overlaps(rows)]


def test_a_code_stands_for_one_unit_on_every_day(app: Flask) -> None:
    spans: dict[object, list[tuple[date | None, date | None]]] = {}
    for row in db.scalars(select(UnitCode)):
        spans.setdefault((row.scheme, row.code, len(row.code)), []).append((row.begins, row.ends))
    assert not [code for code, rows in spans.items() if _overlaps(rows)]


def test_no_unit_outlives_its_parent(app: Flask) -> None:
    units = {unit.id: unit for unit in db.scalars(select(Unit))}
    for row in db.scalars(select(UnitParent)):
        parent = units[row.parent_id]
        assert parent.ends is None or (row.ends is not None and row.ends <= parent.ends), parent.title


def test_the_communes_of_nhu_thanh_became_what_the_decree_says(app: Flask) -> None:
    edges = _edges()
    whole, part = Extent.WHOLE, Extent.PART
    assert edges["Cán Khê", "Xuân Du"] == edges["Phượng Nghi", "Xuân Du"] == edges["Xuân Du", "Xuân Du"] == whole
    assert edges["Xuân Khang", "Như Thanh"] == edges["Xuân Phúc", "Yên Thọ"] == edges["Thanh Kỳ", "Thanh Kỳ"] == whole
    assert edges["Thanh Tân", "Thanh Kỳ"] == edges["Thanh Tân", "Công Chính"] == part
    assert edges["Yên Thọ", "Yên Thọ"] == edges["Yên Thọ", "Như Thanh"] == part
    assert not [pair for pair in edges if pair[0] == "Xuân Thái"]
    assert len(edges) == 15


def test_a_unit_is_cut_into_parts_or_goes_whole_never_both(app: Flask) -> None:
    extents: dict[object, list[Extent]] = {}
    for row in db.scalars(select(UnitEdge)):
        extents.setdefault(row.old_id, []).append(row.extent)
    for found in extents.values():
        assert found == [Extent.WHOLE] or (len(found) > 1 and set(found) == {Extent.PART})


def test_a_unit_that_went_on_changes_only_its_parent(app: Flask) -> None:
    before, after = queries.by_code("16258", BEFORE), queries.by_code("16258", REFORM)
    assert before is not None and after is not None and before.id == after.id and after.name == "Xuân Thái"
    assert [parent.title for parent, _ in queries.parents_of(after.id)] == ["huyện Như Thanh", "tỉnh Thanh Hóa"]


def test_a_code_needs_its_date(app: Flask) -> None:
    assert queries.by_code("16249", BEFORE).name == "Phú Nhuận"  # type: ignore[union-attr]
    assert queries.by_code("16249", REFORM).name == "Mậu Lâm"  # type: ignore[union-attr]
    assert queries.by_code("16231", REFORM) is None
    assert queries.by_code("403", BEFORE).level == Level.DISTRICT  # type: ignore[union-attr]
    assert queries.by_code("403", REFORM) is None


def test_dong_nai_is_a_city_since_30_april_2026(app: Flask) -> None:
    before, after = queries.by_code("75", CITY - timedelta(days=1)), queries.by_code("75", CITY)
    assert before is not None and after is not None
    assert (before.kind, after.kind, after.name) == ("tỉnh", "thành phố", "Đồng Nai")
    assert before.id != after.id and before.ends == after.begins == CITY
    assert queries.within([after.id]) is not None and queries.reaches([after.id], before.id)


def test_within_gives_predecessors_over_whole_edges_only(app: Flask) -> None:
    xuan_du, yen_tho = demo.place(demo.XUAN_DU), demo.place(demo.YEN_THO)
    old = {unit.name: unit for unit in db.scalars(select(Unit).where(Unit.ends == REFORM, Unit.level == Level.COMMUNE))}
    for name in ("Cán Khê", "Phượng Nghi", "Xuân Du"):
        assert queries.reaches([xuan_du.id], old[name].id)
        assert not queries.reaches([yen_tho.id], old[name].id)
    assert queries.reaches([yen_tho.id], old["Xuân Phúc"].id)
    assert not queries.reaches([yen_tho.id], old["Yên Thọ"].id)
    assert not queries.reaches([old["Cán Khê"].id], xuan_du.id)


def test_a_province_reaches_its_communes_and_what_they_were(app: Flask) -> None:
    thanh_hoa, can_khe = demo.place(demo.THANH_HOA), queries.by_code("16231", BEFORE)
    assert can_khe is not None
    assert queries.reaches([thanh_hoa.id], demo.place(demo.XUAN_DU).id)
    assert queries.reaches([thanh_hoa.id], can_khe.id)
    assert not queries.reaches([queries.by_code("01").id], can_khe.id)  # type: ignore[union-attr]
    assert not queries.reaches([], can_khe.id)


def test_the_lineage_goes_back_and_forth_but_not_sideways(app: Flask) -> None:
    def names(code: str, on: date) -> set[str]:
        unit = queries.by_code(code, on)
        assert unit is not None
        return {found.name for found in db.scalars(select(Unit).where(Unit.id.in_(queries.lineage_of(unit.id))))}

    assert names(demo.XUAN_DU, REFORM) == {"Xuân Du", "Cán Khê", "Phượng Nghi"}
    assert names("16231", BEFORE) == {"Cán Khê", "Xuân Du"}
    assert names("16273", BEFORE) == {"Thanh Tân", "Thanh Kỳ", "Công Chính"}


def test_the_start_loads_once(app: Flask) -> None:
    tables = (Unit, UnitCode, UnitParent, UnitEdge, Organisation)
    before = [db.scalar(select(func.count()).select_from(table)) for table in tables]
    assert actions.load_start() is False
    assert [db.scalar(select(func.count()).select_from(table)) for table in tables] == before


def test_each_commune_of_today_has_its_hoi(app: Flask) -> None:
    for unit in queries.units_within([demo.place(demo.THANH_HOA).id], Level.COMMUNE):
        union = queries.womens_union_of(unit.id)
        assert union is not None and union.name == f"Hội LHPN {unit.title}"
        assert union.superior == "Hội LHPN tỉnh Thanh Hóa"
    assert queries.national_union().name == "Hội LHPN Việt Nam"  # type: ignore[union-attr]


def test_an_unknown_unit_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        queries.unit(demo.member("cadre").id)


def test_what_a_unit_was_made_of_in_plain_words(app: Flask) -> None:
    (turn,) = queries.made_of(demo.place(demo.XUAN_DU).id)
    assert turn.effective == REFORM and "QĐ 19/2025" in turn.decree
    assert str(rules.sentence_made_of(*turn.places)) == "gồm các xã cũ Cán Khê, Phượng Nghi, Xuân Du"
    (turn,) = queries.made_of(demo.place("16273").id)
    assert str(rules.sentence_made_of(*turn.places)) == "gồm xã cũ Thanh Kỳ và một phần xã Thanh Tân"
    cut = queries.by_code("16273", BEFORE)
    assert cut is not None
    (turn,) = queries.became(cut.id)
    assert str(rules.sentence_became(*turn.places)) == "chia vào xã Công Chính (một phần) và xã Thanh Kỳ (một phần)"


def test_a_rename_says_what_it_was() -> None:
    assert str(rules.sentence_made_of([("tỉnh", "Đồng Nai")], [])) == "trước là tỉnh Đồng Nai"
    assert str(rules.sentence_became([("thành phố", "Đồng Nai")], [])) == "thành thành phố Đồng Nai"


PLACES = st.lists(st.tuples(st.sampled_from(["xã", "phường", "thị trấn"]), st.sampled_from("ABCDEFGH")), unique=True)


@given(PLACES, PLACES)
def test_every_place_is_named_in_the_sentence(whole: list[rules.Place], part: list[rules.Place]) -> None:
    made, became = str(rules.sentence_made_of(whole, part)), str(rules.sentence_became(whole, part))
    for _, name in [*whole, *part]:
        assert name in made and name in became
    assert made.count("một phần") == len(part)


def test_search_knows_old_names_and_codes(app: Flask) -> None:
    assert [unit.title for unit in queries.search_units("can khe")] == ["xã Cán Khê"]
    found = queries.search_units("xuan du")
    assert [unit.ends for unit in found] == [None, REFORM]
    assert {unit.name for unit in queries.search_units("16249")} == {"Phú Nhuận", "Mậu Lâm"}
    assert queries.search_units("%") == []
