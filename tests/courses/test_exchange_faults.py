"""A bank with faults is refused whole, and each fault says where it is and what to do."""

from __future__ import annotations

import pytest

from lms.core.sheets import write_csv
from lms.courses.rules import exchange
from lms.courses.rules.exchange import BankHasFaults
from lms.courses.rules.exchange.sheet import HEADS
from tests.courses import sample

GIFT = """Không có đáp án

Chưa đóng {=a ~b

Đúng một câu {=a ~b}

Hai câu đúng {=a =b ~c}

Không câu nào {~a ~b}

Một phương án {=a ~}

Số sai {#mười tám}

Số trống {#}

Ngắn mà trống {=%50%a}

::q-mot:: Mã hai lần {T}

::q-mot:: Mã hai lần nữa {T}

Nối thiếu {=a -> 1 =b -> }

Chữ ngoài {a ~b}

Nhiều đáp án số {#=1 =2}

{=trống ~lời}
"""
LINES = [1, 3, 7, 9, 11, 13, 15, 17, 21, 23, 25, 27, 29]
TARGET = "01-gioi/02-viec-nha.cau-hoi.md"


def _refused(content: bytes, name: str) -> list[int]:
    with pytest.raises(BankHasFaults) as refused:
        exchange.read_bank(content, name)
    assert all(fault.file == name and str(fault.sentence) and str(fault.remedy) for fault in refused.value.faults)
    return [fault.line for fault in refused.value.faults]


def test_a_bank_with_twelve_faults_names_twelve_lines() -> None:
    assert _refused(GIFT.encode(), "kho.gift") == LINES


def test_each_row_of_a_sheet_is_named() -> None:
    rows = [
        ("Đúng", "chọn một", "* a\n- b", "", "", ""),
        ("Loại lạ", "vẽ tranh", "a", "", "", ""),
        ("Hai đúng", "chọn một", "* a\n* b", "", "", ""),
        ("", "chọn một", "* a\n- b", "", "", ""),
        ("Số", "điền số", "nhiều", "", "", ""),
        ("Dài", "trả lời dài", "- Nêu được", "", "", ""),
        ("Bốn mức", "trả lời dài", "- Nêu được (2 điểm)\n> một | hai", "", "", ""),
        ("Chỗ trống", "điền chỗ trống", "", "", "", ""),
        ("Mục lạ", "chọn một", "* a\n- b", "x mau=xanh", "", ""),
        ("Dùng lạ", "chọn một", "* a\n- b", "x use=choi", "", ""),
        ("Nhận gì", "trả lời dài", "- A (1 điểm)", "x accept=phim", "", ""),
        ("Một việc", "xếp thứ tự", "1. a", "", "", ""),
        ("Nối", "nối", "a - b", "", "", ""),
    ]
    assert sorted(set(_refused(write_csv(HEADS, rows), "kho.csv"))) == list(range(3, 15))


def test_a_sheet_without_our_columns_names_them() -> None:
    with pytest.raises(BankHasFaults, match="Loại, Phương án"):
        exchange.read_bank(write_csv(["Câu hỏi", "Mục tiêu", "Mã", "Giải thích"], [["a", "b", "c", "d"]]), "kho.csv")
    assert _refused(b"", "kho.csv") == [1]
    assert _refused(b"\x00\x01", "kho.csv") == [0]


MOODLE = """<quiz>
<question type="multichoice"><questiontext><text><![CDATA[Tranh <img src="a.png">]]></text></questiontext></question>
<question type="multichoice"><questiontext><text>Có tệp</text><file name="a.png">AA==</file></questiontext></question>
<question type="ddwtos"><questiontext><text>Kéo thả</text></questiontext></question>
<question type="shortanswer"><questiontext>A</questiontext><answer fraction="100"><text>*b*</text></answer></question>
<question type="numerical"><questiontext><text>Số</text></questiontext><answer fraction="100"><text>x</text></answer></question>
<question type="truefalse"><questiontext><text>Không ai đúng</text></questiontext></question>
<question type="cloze"><questiontext><text>Không có chỗ</text></questiontext></question>
<question type="calculated"><questiontext><text>Tính</text></questiontext></question>
</quiz>"""


def test_moodle_xml_names_pictures_and_kinds_it_cannot_take() -> None:
    assert sorted(set(_refused(MOODLE.encode(), "kho.xml"))) == list(range(2, 10))
    with pytest.raises(BankHasFaults, match="tranh chưa nhập được"):
        exchange.read_bank(MOODLE.encode(), "kho.xml")


BOMB = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>'
OUTSIDE = b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&a;</question></quiz>'


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, b"<quiz><question>", b"<khac/>", b"\xff\xfe<", b"<quiz/>", b""])
def test_no_xml_from_strangers_does_harm(content: bytes) -> None:
    assert _refused(content, "kho.xml")


def test_deep_or_endless_xml_is_refused() -> None:
    assert _refused(b"<quiz>" + b"<a>" * 5000, "kho.xml")


def test_aiken_names_its_lines() -> None:
    written = "Một?\nA. a\nB. b\nANSWER: C\n\nHai?\nA. a\nB. b\n\nBa?\nA. a\nB. b\nANSWER: A\n\nBốn\nANSWER:\n"
    assert _refused(written.encode(), "kho.txt") == [4, 6, 16]


def test_markdown_names_its_lines() -> None:
    written = (
        "Lời dẫn\n## Một? {#q-mot type=single goal=x}\n- [x] a\n- [x] b\n\n## Hai\n\n## Ba {#q-ba type=ve mau=xanh}\n"
    )
    assert sorted(set(_refused(written.encode(), "kho.md"))) == [1, 2, 6, 8]


def test_other_letters_are_told_by_line() -> None:
    assert _refused("Mot? {T}\n\nHai \xe9? {T}".encode("latin-1"), "kho.gift") == [3]


def test_what_the_course_refuses_is_told_by_the_line_of_the_bank() -> None:
    bank = exchange.read_bank(
        "Một? {T}\n\n[markdown]Hai <script>? {T}\n\n[markdown]![](x.png) {T}".encode(), "kho.gift"
    )
    files = sample.files()
    with pytest.raises(BankHasFaults) as refused:
        exchange.joined(files, bank, exchange.Wanted(TARGET, "phan-biet"), "kho.gift")
    assert {(fault.file, fault.line) for fault in refused.value.faults} == {("kho.gift", 3), ("kho.gift", 5)}
    assert files == sample.files()


def test_ids_of_the_course_are_not_given_again() -> None:
    bank = exchange.read_bank(b"::q-viec-nha:: Hai? {T}\n\nViec nha {T}", "kho.gift")
    with pytest.raises(BankHasFaults, match="q-viec-nha"):
        exchange.joined(sample.files(), bank, exchange.Wanted(TARGET, "phan-biet"), "kho.gift")
    joined = exchange.joined(sample.files(), bank[1:], exchange.Wanted(TARGET, "phan-biet"), "kho.gift")
    assert [question.id for question in joined.questions] == ["q-viec-nha-2"]


def test_an_open_code_block_swallows_nothing_in_silence() -> None:
    files = sample.files()
    files[TARGET] = files[TARGET] + b"\n## Hai?   {#q-hai type=long goal=phan-biet}\n```\n- [ ] a (1)\n"
    bank = exchange.read_bank(b"Ba? {T}", "kho.gift")
    with pytest.raises(BankHasFaults):
        exchange.joined(files, bank, exchange.Wanted(TARGET, "phan-biet"), "kho.gift")
