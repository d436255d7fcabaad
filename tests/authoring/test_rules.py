"""What an author is told: differences by id, weights, right answers."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.rules import HEAVY, Piece, answers_of, compare, plain, weigh
from lms.courses.rules import read_files
from tests.courses import sample
from tests.learning import course as every

PIECES = st.lists(
    st.builds(Piece, st.sampled_from("abcdefgh"), st.just("t"), st.sampled_from(["x", "y"]), st.integers(0, 2)),
    unique_by=lambda piece: piece.key,
)


@given(PIECES, PIECES)
def test_each_id_stands_in_one_place(before: list[Piece], now: list[Piece]) -> None:
    found = compare(before, now)
    old, new = {piece.key: piece for piece in before}, {piece.key: piece for piece in now}
    assert {piece.key for piece in found.new} == new.keys() - old.keys()
    assert {piece.key for piece in found.dropped} == old.keys() - new.keys()
    both = old.keys() & new.keys()
    assert {piece.key for piece in found.retyped} == {key for key in both if old[key].kind != new[key].kind}
    same = {key for key in both if old[key] == new[key]}
    assert {piece.key for piece in found.changed + found.retyped} == both - same
    assert found.is_empty == (before == now or {**old} == {**new})
    assert found.needs_confirming == bool(found.dropped or found.retyped)


@given(PIECES)
def test_nothing_differs_from_itself(pieces: list[Piece]) -> None:
    assert compare(pieces, list(reversed(pieces))).is_empty


def test_a_lesson_weighs_its_page_and_pictures_packed() -> None:
    read = sample.read()
    weight = weigh(b"x" * 5000, read.lessons[0], read.files, shared=1000)
    picture = len(gzip.compress(sample.PICTURE.encode(), 6, mtime=0))
    assert weight.pictures == {"01-gioi/tranh.svg": picture}
    assert weight.total == 1000 + len(gzip.compress(b"x" * 5000, 6, mtime=0)) + picture
    assert weight.seconds == weight.total * 8 / 400_000 and not weight.is_heavy
    assert weigh(b"", read.lessons[1], read.files, shared=0).pictures == {}
    assert weigh(b"", read.lessons[1], read.files, shared=HEAVY).is_heavy


def test_right_answers_of_every_kind() -> None:
    read = read_files(every.files())
    answers = {question.id: [plain(line) for line in answers_of(question)] for question in read.questions}
    assert answers["q-single"] == ["Câu nên chọn"] and answers["q-multiple"] == ["Câu này", "Cả câu này"]
    assert answers["q-match"][0] == "Một → số 1" and answers["q-order"][0] == "1. Trước hết"
    assert answers["q-number"] == ["630.000"] and answers["q-short"] == ["mật ong | mat ong"]
    assert answers["q-cloze"] == ["20 | hai mươi", "18"] and answers["q-long"] == ["Nêu được một việc (2,0)"]
