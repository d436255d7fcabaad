"""Set files: ours is whole, faults are named, a day has one set; periods are calendar years and parts of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from lms.core.refusal import NotFound
from lms.core.settings import settings
from lms.indicators import queries
from lms.indicators.rules.periods import Part, period_of
from lms.indicators.rules.sets import Attribution, Counts, SetHasFaults, Threshold, in_force, read_set

OURS = (Path(queries.__file__).parent.parent / "sets" / "2026.toml").read_text(encoding="utf-8")


def test_our_set_has_working_titles_and_no_invented_official_ones() -> None:
    found = read_set(OURS)
    officials, lgg = found.indicator("D8.3.4"), found.indicator("D8.4.2")
    assert officials is not None and lgg is not None and found.indicator("D8.9.9") is None
    assert officials.title == "Cán bộ nữ DTTS được tập huấn nâng cao năng lực"
    assert lgg.title == "Cán bộ, già làng, trưởng bản, chức sắc tôn giáo, người có uy tín được tập huấn LGG"
    assert {one.official_no + one.official_text for one in found.indicators} == {""}
    assert {one.target for one in found.indicators} == {None}
    assert (officials.register, officials.sex, officials.minority, officials.component) == (True, "female", True, 3)
    assert officials.fields == ("lanh-dao",) and officials.counts == (Counts.PERSONS,)
    assert lgg.sources == ("class", "online") and lgg.counts == tuple(Counts)
    assert (lgg.threshold, lgg.attribution, lgg.register) == (Threshold.COMPLETED, Attribution.HOME, False)


def _faults(content: str) -> list[str]:
    with pytest.raises(SetHasFaults) as refused:
        read_set(content)
    return [str(fault) for fault in refused.value.faults]


def test_every_fault_is_named_at_once() -> None:
    broken = OURS.replace('threshold = "completed"', 'threshold = "passed"').replace('fields = ["lgg"]', "fields = []")
    found = _faults(broken.replace("2026-01-01", "2026-05-01").replace("component = 3", "component = true"))
    assert len([fault for fault in found if "threshold" in fault]) == 2
    assert any("D8.4.2" in fault and "fields" in fault for fault in found)
    assert any("component" in fault for fault in found) and any("begins" in fault for fault in found)


def test_missing_unknown_and_repeated_words_are_faults() -> None:
    assert any("code" in fault for fault in _faults(OURS.replace('code = "D8.3.4"', "")))
    assert any("colour" in fault for fault in _faults(OURS.replace("register = true", 'colour = "red"')))
    assert any("D8.4.2" in fault for fault in _faults(OURS.replace("D8.3.4", "D8.4.2")))
    assert _faults('name = "x"') and _faults("name = ")


def test_a_day_has_the_last_set_that_had_begun() -> None:
    ours = read_set(OURS)
    next_one = replace(ours, name="2031", begins=date(2031, 1, 1))
    assert in_force([next_one, ours], date(2030, 12, 31)) is ours
    assert in_force([next_one, ours], date(2031, 1, 1)) is next_one
    assert in_force([next_one, ours], date(2022, 5, 1)) is ours


def test_an_operator_may_enter_official_words(app: Flask) -> None:
    folder = settings().folder / "chi-tieu"
    folder.mkdir()
    try:
        entered = OURS.replace('official_no = ""', 'official_no = "7"')
        (folder / "2026.toml").write_text(entered, encoding="utf-8")
        queries.sets.__globals__["_read"].cache_clear()
        assert queries.indicator_on("D8.4.2", date(2026, 1, 1)).official_no == "7"
    finally:
        (folder / "2026.toml").unlink()
        folder.rmdir()
        queries.sets.__globals__["_read"].cache_clear()
    assert queries.indicator_on("D8.4.2", date(2026, 1, 1)).official_no == ""
    with pytest.raises(NotFound):
        queries.indicator_on("D8.9.9", date(2026, 1, 1))


def test_parts_tile_the_year() -> None:
    year = period_of(2026)
    assert (year.start, year.end, str(year.label)) == (date(2026, 1, 1), date(2026, 12, 31), "Năm 2026")
    for parts in ([p for p in Part if "nua" in p], [p for p in Part if "quy" in p]):
        periods = [period_of(2026, part) for part in parts]
        assert periods[0].start == year.start and periods[-1].end == year.end
        assert all(a.end + timedelta(days=1) == b.start for a, b in zip(periods, periods[1:], strict=False))
    assert str(period_of(2026, Part.FIRST_QUARTER).label) == "Quý 1 năm 2026"
