"""Pure rules: ethnic groups, telephones, codes, PINs, lock-out, greetings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.actor import Role
from lms.people import rules

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
CODES = {f"{number:02}" for number in range(1, 55)}


def test_there_are_54_groups_with_a_code_in_each_list() -> None:
    groups = rules.ETHNIC_GROUPS.values()
    assert len(groups) == 54
    assert {group.code_2008 for group in groups} == {group.code_1979 for group in groups} == CODES
    assert all(re.fullmatch(r"[a-z]{2,12}", group.key) for group in groups)


def test_the_two_lists_differ_where_the_dossier_says() -> None:
    codes = {key: (group.code_1979, group.code_2008) for key, group in rules.ETHNIC_GROUPS.items()}
    assert codes["muong"] == ("06", "04") and codes["hoa"] == ("04", "06")
    assert codes["cham"] == ("17", "14") and codes["xodang"] == ("14", "16")
    assert rules.ETHNIC_GROUPS["mong"].name == "Mông"


def test_a_minority_is_every_group_but_the_kinh() -> None:
    assert sum(group.is_minority for group in rules.ETHNIC_GROUPS.values()) == 53
    assert rules.is_minority("thai") is True and rules.is_minority("kinh") is False
    assert rules.is_minority(None) is None and rules.is_minority("?") is None


@pytest.mark.parametrize("typed", ["0912000006", "0912 000 006", "+84 912 000 006", "84912000006", "0912.000.006"])
def test_a_number_is_the_same_however_typed(typed: str) -> None:
    assert rules.plain_phone(typed) == "0912000006" and rules.is_phone(typed)


@pytest.mark.parametrize("typed", ["", "12345", "1912000006", "091200000", "٠٩١٢٠٠٠٠٠٦"])
def test_what_is_no_number(typed: str) -> None:
    assert not rules.is_phone(typed)


@pytest.mark.parametrize("typed", ["NM482716", "nm 482 716", "Nm-482716", "482716", " 482.716 "])
def test_a_code_is_the_same_however_typed(typed: str) -> None:
    assert rules.plain_code(typed) == rules.plain_login(typed) == "NM482716"


@given(st.text())
def test_any_login_has_one_form(typed: str) -> None:
    assert rules.plain_login(typed) == rules.plain_login(rules.plain_login(typed))


def test_a_masked_number_shows_three_digits() -> None:
    assert rules.masked_phone("0912000006") == "•••••••006" and rules.masked_phone("") == ""


@pytest.mark.parametrize("secret", ["2468", "90713", "246810", "mưa rơi mãi", "12345678x"])
def test_a_pin_or_a_password_that_will_do(secret: str) -> None:
    assert rules.secret_fault(secret) is None


@pytest.mark.parametrize("secret", ["", "123", "1234", "4321", "777777", "123456", "1234567", "matkhau", "x" * 129])
def test_a_pin_or_a_password_that_will_not(secret: str) -> None:
    assert rules.secret_fault(secret) is not None


def test_the_year_of_birth_is_no_pin() -> None:
    assert rules.secret_fault("1985", 1985) is not None and rules.secret_fault("1985", 1979) is None


def test_the_door_shuts_after_five_and_longer_each_time() -> None:
    minutes = []
    for failures in range(15):
        until = rules.locked_until(failures, NOW)
        minutes.append(None if until is None else int((until - NOW).total_seconds()) // 60)
    assert minutes[:5] == [None] * 5
    assert minutes[5:] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert [rules.tries_left(failures) for failures in range(7)] == [5, 4, 3, 2, 1, 0, 0]


@given(st.integers(min_value=5, max_value=10**6))
def test_never_shut_for_more_than_an_hour(failures: int) -> None:
    until = rules.locked_until(failures, NOW)
    assert until is not None and timedelta(minutes=1) <= until - NOW <= timedelta(hours=1)


def test_the_sentences_of_the_look() -> None:
    assert str(rules.wrong_secret(3)) == "Mã chưa đúng. Còn 3 lần. Quên thì nhờ cán bộ Hội xã đặt lại."
    assert "sau 2 phút" in str(rules.shut_out(NOW + timedelta(seconds=61), NOW))
    assert "sau 1 phút" in str(rules.shut_out(NOW + timedelta(seconds=60), NOW))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36", "Android, Chrome"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1", "iPhone, Safari"),
        ("Mozilla/5.0 (Linux; Android 9) Chrome/100 Safari/537 Zalo android/1200", "Android, Zalo"),
        ("curl/8", "curl/8"),
        ("", ""),
    ],
)
def test_a_device_has_a_short_name(sent: str, shown: str) -> None:
    assert rules.device_name(sent) == shown


def test_a_greeting_uses_the_given_name() -> None:
    assert rules.called("Lường Thị Ngọc Ánh", "chị") == "chị Ánh" and rules.called("Lường Thị Ngọc Ánh", "") == "Ánh"


def test_children_are_not_named() -> None:
    assert rules.is_child(2009, 2026) and not rules.is_child(2008, 2026)


def test_every_role_but_the_learner_has_a_name() -> None:
    assert set(rules.ROLES) == set(Role) - {Role.LEARNER}
