"""Texts, days, numbers, keys, files."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.core import clock, files, ids, keys, qr, words
from lms.core.settings import settings


def test_numbers_and_days_as_people_write_them() -> None:
    assert words.number(1234567.8, 1) == "1.234.567,8"
    assert words.number(1800) == "1.800"
    assert words.day(date(2026, 11, 2)) == "02/11/2026"
    assert words.moment(datetime(2026, 11, 22, 18, 30, tzinfo=UTC)) == "23/11/2026 01:30"


@pytest.mark.parametrize(("part", "whole", "shown"), [(68, 600, "11%"), (550, 1800, "31%"), (1, 8, "13%"), (0, 0, "")])
def test_percents_are_rounded_once_half_up(part: int, whole: int, shown: str) -> None:
    """68/600 and 550/1.800 as printed in seed 001 (design 5.9)."""
    assert words.percent(part, whole) == shown


def test_days_are_those_of_vietnam() -> None:
    with clock.stopped(datetime(2026, 9, 9, 16, 59, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 9, 9)
    with clock.stopped(datetime(2026, 9, 9, 17, tzinfo=UTC)):
        assert clock.today() == date(2026, 9, 10)


def test_keys_grow_and_go_through_addresses() -> None:
    made = [ids.new_id() for _ in range(5000)]
    assert made == sorted(made) and len(set(made)) == 5000 and {key.version for key in made} == {7}
    assert all(ids.from_address(ids.to_address(key)) == key for key in made[:50])


@given(st.text(max_size=40))
def test_what_is_no_key_is_refused(letters: str) -> None:
    with suppress(ValueError):
        assert ids.to_address(ids.from_address(letters)) == letters


def test_secrets_lie_in_files_of_their_owner_only(app: Flask) -> None:
    sealed = keys.seal("0912000006")
    assert b"0912" not in sealed and keys.unseal(sealed) == "0912000006" and keys.seal("0912000006") != sealed
    assert keys.index("a") == keys.index("a") != keys.index("b")
    for path in (settings().folder / "keys").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_files_lie_under_their_sum(app: Flask) -> None:
    shelf = files.store()
    digest = shelf.put("Nếp mới".encode())
    assert (
        shelf.put("Nếp mới".encode()) == digest and shelf.has(digest) and shelf.size(digest) == len("Nếp mới".encode())
    )
    with pytest.raises(FileNotFoundError):
        shelf.get("../../etc/passwd")
    shelf.drop(digest)
    assert not shelf.has(digest)


def test_a_qr_code_is_one_path() -> None:
    drawn = qr.svg("https://nepmoi.example/c/abc", 'Mã "QR"')
    assert drawn.count("<path") == 2 and "&quot;QR&quot;" in drawn
    assert len(qr.matrix("x")) == 21
