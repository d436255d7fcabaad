"""Names: one form, keys that match, search, and the order of the Vietnamese alphabet."""

from __future__ import annotations

import unicodedata

from hypothesis import given as each
from hypothesis import strategies as st

from lms.core import names

LETTERS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậ' ’", min_size=1, max_size=30)


def test_tone_mark_placement_case_and_apostrophe_do_not_count() -> None:
    assert names.fold("Hòa Bình") == names.fold("Hoà bình")
    assert names.fold("H’Blă Niê Kdăm") == names.fold("h'blă niê kdăm")
    assert names.fold("Hòa") != names.fold("Hoa") != names.fold("Hoá")


def test_search_forgets_all_marks() -> None:
    assert names.loose("Đặng Thị Ường") == "dang thi uong"
    assert names.loose("H'Blă") == "hbla"


def test_lists_sort_by_given_name_in_vietnamese_order() -> None:
    ordered = ["Hà An", "Lê Ân", "Bùi Bích", "Vũ Dũng", "Lò Đào", "Ksor H'Nhă", "Quách Văn Thiện", "Bùi Thị Yến"]
    assert sorted(reversed(ordered), key=names.sort_key) == ordered


def test_tones_order_ngang_huyen_hoi_nga_sac_nang() -> None:
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(reversed(tones), key=names.sort_key) == tones


def test_given_name() -> None:
    assert names.given("Lường Thị Ngọc Ánh") == "Ánh"
    assert names.given("Thơ") == "Thơ"


@each(LETTERS)
def test_composed_and_decomposed_are_the_same(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)
    assert names.neat(name) == names.neat(decomposed)
    for key in (names.fold, names.loose, names.sort_key):
        assert key(name) == key(decomposed)


@each(LETTERS)
def test_equal_folds_give_equal_search_keys(name: str) -> None:
    assert names.loose(name.upper()) == names.loose(name)
    assert names.fold(names.neat(name)) == names.fold(name)
