from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lms.credentials import rules


def test_numbers_have_four_digits_at_least():
    assert rules.number_text(127, 2026) == "0127/2026/GCN"
    assert rules.number_text(12345, 2026) == "12345/2026/GCN"


def test_days_are_written_as_decree_30_asks():
    assert rules.official_day(date(2026, 6, 25)) == "ngày 25 tháng 6 năm 2026"
    assert rules.official_day(date(2026, 2, 8)) == "ngày 08 tháng 02 năm 2026"
    assert rules.span(date(2026, 6, 18), date(2026, 6, 19)) == "từ ngày 18/6 đến ngày 19/6/2026"
    assert rules.span(date(2026, 2, 8), date(2026, 2, 8)) == "ngày 08/02/2026"
    assert rules.span(date(2025, 12, 30), date(2026, 1, 2)) == "từ ngày 30/12/2025 đến ngày 02/01/2026"


def test_length():
    assert rules.length(2, 14.0) == "02 ngày (14 giờ)"
    assert rules.length(1, 7.5) == "01 ngày (7,5 giờ)"
    assert rules.length(None, 6.5) == "6,5 giờ học trực tuyến"


@given(
    st.text(rules.LETTERS, min_size=20, max_size=20),
    st.lists(st.sampled_from([" ", "-", ".", ""]), min_size=20, max_size=20),
)
def test_a_code_is_read_however_it_is_typed(code, gaps):
    typed = "".join(letter + gap for letter, gap in zip(code, gaps, strict=True))
    assert rules.plain_code(typed) == rules.plain_code(typed.upper()) == code
    assert rules.plain_code(rules.grouped(code)) == code
    assert rules.plain_code(code.replace("o", "0").replace("b", "8")) == code


@given(st.text(max_size=40))
def test_what_is_no_code_is_nothing(typed):
    found = rules.plain_code(typed)
    assert found == "" or (len(found) == 20 and set(found) <= set(rules.LETTERS))


def test_long_layout_begins_over_30_and_50_letters():
    assert not rules.is_long("x" * 30, "y" * 50)
    assert rules.is_long("x" * 31, "y") and rules.is_long("x", "y" * 51)
