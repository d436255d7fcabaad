"""Question banks: what goes out comes in the same, in every form that can carry it."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from decimal import Decimal
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.sheets import write_csv
from lms.courses.rules import exchange, markdown, read_files
from lms.courses.rules.exchange import BankCriterion, BankDraw, BankOption, BankQuestion
from lms.courses.rules.exchange.sheet import HEADS
from lms.courses.rules.faults import Faults
from lms.courses.rules.fragment import Shelf
from lms.courses.rules.markdown import Renderer
from tests.courses import sample

PLAIN = BankQuestion(
    "q-gioi", "single", "Giới là gì?", options=(BankOption("Do xã hội dạy", True), BankOption("Sinh ra"))
)
EVERY = (
    BankQuestion(
        "q-chon", "single", "Câu nào **đúng**?", "Đọc kỹ:\n\n- việc nhà\n- việc thôn",
        (BankOption("Đúng: 100% ~ = # {x}", True, "Khéo lắm.\n\nĐọc thêm nhé."), BankOption("Sai \\ bét", feedback="Nghĩ lại")),
        "Vì *thế*.\n\nThế thôi.", "phan-biet", "test", ("de", "moi"),
    ),
    BankQuestion(
        "q-dung", "truefalse", "Nấu cơm là do giới tính?",
        options=(BankOption("Đúng", feedback="Nghĩ lại"), BankOption("Sai", True, "Phải")), goal="phan-biet",
    ),
    BankQuestion("q-phai", "truefalse", "Phải không?", options=(BankOption("Phải", True), BankOption("Không")), goal="phan-biet"),
    BankQuestion(
        "q-nhieu", "multiple", "Việc nào ai cũng làm được?", goal="phan-biet", use="both",
        options=(BankOption("Nấu cơm", True), BankOption("Họp thôn", True, "Phải"), BankOption("Mang thai", feedback="Không")),
    ),
    BankQuestion(
        "q-noi", "match", "Nối", "Kẻ một đường.", goal="phan-biet",
        options=(BankOption("Một", partner="1"), BankOption("Hai", partner="2 => hai", feedback="Hai")),
    ),
    BankQuestion("q-xep", "order", "Xếp", options=tuple(BankOption(one) for one in ("Trước", "1. Sau", "Cuối"))),
    BankQuestion("q-so", "number", "Nữ từ đủ?", value=Decimal("18.25"), tolerance=Decimal("0.5"), feedback="Luật"),
    BankQuestion(
        "q-gop", "number", "Bốn chị góp {gop} đồng, {thang} tháng?", "Tức là {= lamtron(gop / 2, 1)}.", goal="tao-hon",
        draws=(BankDraw("gop", "20000..50000 buoc 5000"), BankDraw("thang", "3 | 6 | 12")),
        answer="4 * gop * thang", feedback="4 × {gop} × {thang} = {= 4 * gop * thang} đồng.",
    ),
    BankQuestion("q-ngan", "short", "Gọi là gì?", accepted=("tảo hôn", "cưới sớm", "a=b*c\\d"), goal="tao-hon"),
    BankQuestion("q-cho", "cloze", "Nữ từ đủ {{18|mười tám}} tuổi.", goal="tao-hon", feedback="Luật ghi."),
    BankQuestion("q-hai-cho", "cloze", "Điền", "Nam {{20|hai # mươi}} tuổi, nữ {{18}} tuổi.", goal="tao-hon"),
    BankQuestion(
        "q-dai", "long", "Kể một việc", "Viết ngắn.", tags=("nop",), accepts=("text", "photo"), needed=Decimal("1.5"),
        criteria=(
            BankCriterion("Nêu được (rõ) việc", Decimal(2)),
            BankCriterion("Có số", Decimal("0.5"), ("Không có", "Có một", "Có hai", "Đủ")),
        ),
        chips=("Thiếu số liệu", "Viết rõ hơn"), feedback="Cảm ơn.",
    ),
)  # fmt: skip
WHOLE = ("xml", "xlsx", "md")
ENDING = {"xml": "a.xml", "xlsx": "a.xlsx", "md": "a.md", "gift": "a.gift", "aiken": "a.txt"}


def _back(questions: list[BankQuestion], form: str) -> list[BankQuestion]:
    return exchange.read_bank(exchange.write_bank(questions, form).content, ENDING[form])


@pytest.mark.parametrize("form", WHOLE)
@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.id)
def test_every_kind_comes_back_the_same(form: str, question: BankQuestion) -> None:
    assert _back([question], form) == [exchange.shaped(question)]
    assert not exchange.write_bank([question], form).left_out


@pytest.mark.parametrize("form", WHOLE)
def test_a_whole_bank_comes_back_in_its_order(form: str) -> None:
    again = _back(list(EVERY), form)
    assert again == [exchange.shaped(question) for question in EVERY]
    assert exchange.write_bank(again, "md") == exchange.write_bank(EVERY, "md")


def test_gift_carries_what_it_can_and_names_the_rest() -> None:
    written = exchange.write_bank(EVERY, "gift")
    assert written.left_out == ("q-xep", "q-gop", "q-hai-cho", "q-dai")
    carried = [exchange.shaped(question) for question in EVERY if question.id not in written.left_out]
    assert exchange.read_bank(written.content, "a.gift") == carried


def test_aiken_carries_choices_only() -> None:
    written = exchange.write_bank([*EVERY, PLAIN], "aiken")
    assert set(written.left_out) == {question.id for question in EVERY}
    [read] = exchange.read_bank(written.content, "bank.txt")
    assert (read.stem, read.options, read.kind) == (PLAIN.stem, PLAIN.options, "single")


SIGNS = st.text(st.sampled_from("abđư 1#*_[](){}=~%:\\|<>&\"'`?.-+!\n/;^$@,"), max_size=24)
WORDS = st.builds(lambda words, tail: f"{words} chữ{tail}", SIGNS, SIGNS)
REMARKS = st.one_of(st.just(""), WORDS)
NUMBERS = st.decimals(-(10**6), 10**6, places=3)
POINTS = st.decimals(Decimal("0.25"), 100, places=2)


@st.composite
def _options(draw: st.DrawFn, kind: str) -> tuple[BankOption, ...]:
    count = 2 if kind == "truefalse" else draw(st.integers(2, 5))
    right = draw(st.integers(0, count - 1))
    partner = WORDS if kind == "match" else st.just("")
    return tuple(
        BankOption(
            f"{draw(WORDS)} {ascii_lowercase[place]}", place == right and kind in ("single", "truefalse", "multiple"),
            draw(REMARKS), draw(partner),
        )
        for place in range(count)
    )  # fmt: skip


@st.composite
def questions(draw: st.DrawFn) -> BankQuestion:
    kind = draw(
        st.sampled_from(
            ("single", "multiple", "truefalse", "match", "order", "number", "drawn", "short", "cloze", "long")
        )
    )
    made = BankQuestion(
        f"q-{draw(st.integers(1, 999))}", "number" if kind == "drawn" else kind, draw(WORDS), draw(REMARKS),
        feedback=draw(REMARKS), goal=draw(st.sampled_from(["", "phan-biet"])), use=draw(st.sampled_from(["", "test", "form"])),
        tags=draw(st.sampled_from([(), ("a", "b-c")])),
    )  # fmt: skip
    if kind in ("single", "multiple", "truefalse", "match", "order"):
        return replace(made, options=draw(_options(kind)))
    if kind == "number":
        return replace(made, value=draw(NUMBERS), tolerance=abs(draw(NUMBERS)))
    if kind == "drawn":
        draws = (BankDraw("a", "1..9 buoc 2"), BankDraw("b_2", "3 | 4,5"))
        return replace(made, stem="Với {a} và {b_2}: {= a + lamtron(b_2, 1)}", draws=draws, answer="a * (b_2 - 1)")
    if kind == "short":
        return replace(made, accepted=tuple(draw(st.lists(WORDS, min_size=1, max_size=3))))
    if kind == "cloze":
        words = re.sub(r"[{}\n]", "", draw(WORDS))
        return replace(made, stem=f"Điền {{{{{words}|x}}}} vào")
    criteria = draw(st.lists(st.builds(BankCriterion, WORDS, POINTS), min_size=1, max_size=3))
    return replace(made, criteria=tuple(criteria), chips=tuple(draw(st.lists(WORDS, max_size=2))), needed=Decimal(1))


@given(questions())
def test_any_question_comes_back_the_same(question: BankQuestion) -> None:
    shape = exchange.shaped(question)
    assert exchange.shaped(shape) == shape
    for form in WHOLE:
        assert _back([question], form) == [shape], form


@given(st.lists(questions(), min_size=2, max_size=5, unique_by=lambda question: question.id))
def test_no_question_breaks_into_its_neighbour(bank: list[BankQuestion]) -> None:
    for form in WHOLE:
        assert _back(bank, form) == [exchange.shaped(question) for question in bank], form


GIFT = """\ufeff// Kho câu hỏi của huyện
$CATEGORY: $course$/Tảo hôn

::Câu 1:: Nữ được kết hôn từ đủ bao nhiêu tuổi? {
  =18 #Đúng rồi
  ~16 # Chưa đủ
  ~%-50%20
  ####Luật ghi vậy.
}

// [id:q-hai] [tag:use:test] [tag:moi]
Cưới sớm là trái luật.{T#Xem lại Điều 8#Phải}

Đàn ông nấu cơm là lạ.{FALSE}

Việc nào ai cũng làm được? {
~%50%Nấu cơm
~%50%Họp thôn
~%-100%Mang thai
}

Nối {=Một -> 1 =Hai -> 2 =Ba -> 3}

Cưới khi chưa đủ tuổi gọi là {=tảo hôn =cưới sớm}.

Gọi là gì? {=tảo hôn =%50%cưới sớm}

Bao nhiêu tuổi? {#18:0.5}

Từ mấy đến mấy?{#17..19}

[html]Chọn <b>một</b> câu:<br>dưới đây {=a\\=b\\~c ~\\{x\\}}

Kể một việc ở thôn {}

Hai cộng hai là {~3 =4} phải không?
"""


def test_gift_as_people_have_it() -> None:
    read = exchange.read_gift(GIFT)
    assert [question.kind for question in read] == [
        "single", "truefalse", "truefalse", "multiple", "match", "cloze", "short", "number", "number", "single", "long", "single",
    ]  # fmt: skip
    first, second = read[0], read[1]
    assert first.options == (BankOption("18", True, "Đúng rồi"), BankOption("16", False, "Chưa đủ"), BankOption("20"))
    assert (first.feedback, first.goal, first.line) == ("Luật ghi vậy.", "tao-hon", 4)
    assert first.id == "q-nu-duoc-ket-hon-tu-du-bao-nhieu-tuoi" and not first.is_named
    assert (second.id, second.use, second.tags, second.is_named) == ("q-hai", "test", ("moi",), True)
    assert second.options == (BankOption("Đúng", True, "Phải"), BankOption("Sai", False, "Xem lại Điều 8"))
    assert [option.right for option in read[3].options] == [True, True, False]
    assert read[4].options[1] == BankOption("Hai", partner="2")
    assert read[5].stem == "Cưới khi chưa đủ tuổi gọi là {{tảo hôn|cưới sớm}}."
    assert read[6].accepted == ("tảo hôn",)
    assert (read[7].value, read[7].tolerance) == (18, Decimal("0.5")) and (read[8].value, read[8].tolerance) == (18, 1)
    assert (read[9].stem, read[9].more) == ("Chọn **một** câu:", "dưới đây") and read[9].options[0].text == "a=b~c"
    assert read[11].stem == "Hai cộng hai là \\_\\_\\_\\_\\_ phải không?" or "____" in read[11].stem


AIKEN = "\ufeffGiới là gì?\r\nA. Sinh ra đã có\r\nB) Do xã hội dạy\r\nANSWER: B\r\n\r\nHai?\r\nA. 1\r\nB. 2\r\nAnswer: a\r\n"


def test_aiken_as_people_have_it() -> None:
    first, second = exchange.read_bank(AIKEN.encode(), "kho.txt")
    assert first.stem == "Giới là gì?" and [option.right for option in first.options] == [False, True]
    assert second.options[0].right and second.line == 6


MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/Phân biệt</text></category></question>
<question type="multichoice"><name><text>Câu 1</text></name>
<questiontext format="html"><text><![CDATA[<p>Giới là <b>gì</b>?</p><ul><li>đọc</li><li>nghĩ</li></ul>]]></text></questiontext>
<generalfeedback format="html"><text>&lt;p&gt;Vì thế.&lt;/p&gt;</text></generalfeedback>
<idnumber>12</idnumber><single>true</single>
<answer fraction="0" format="html"><text><![CDATA[<p>Sinh ra</p>]]></text>
<feedback format="html"><text>Nghĩ lại</text></feedback></answer>
<answer fraction="100" format="html"><text><![CDATA[<p>Do xã hội &amp; nhà 5*5</p>]]></text></answer></question>
<question type="numerical"><questiontext format="html"><text>Bao nhiêu?</text></questiontext>
<answer fraction="100"><text>1.5</text><tolerance>0.01</tolerance></answer>
<answer fraction="50"><text>2</text></answer></question>
<question type="cloze"><questiontext format="html"><text><![CDATA[<p>Nữ {1:SHORTANSWER:=18~%50%19#gần}, nam
{2:NUMERICAL:=20:0}, gọi là {1:MULTICHOICE:~cưới~=tảo hôn}.</p>]]></text></questiontext></question>
<question type="essay"><questiontext format="html"><text>Kể</text></questiontext>
<graderinfo format="html"><text></text></graderinfo></question>
<question type="calculated"><questiontext format="html"><text>Tính {a} + {={a}*2}</text></questiontext>
<answer fraction="100"><text>round({a},1)+1</text><tolerance>0</tolerance><tolerancetype>1</tolerancetype></answer>
<dataset_definitions><dataset_definition><name><text>a</text></name><dataset_items>
<dataset_item><number>1</number><value>2.0</value></dataset_item><dataset_item><number>2</number><value>3.5</value></dataset_item>
</dataset_items></dataset_definition></dataset_definitions></question>
</quiz>"""


def test_moodle_xml_as_people_have_it() -> None:
    choice, number, cloze, essay, drawn = exchange.read_moodle(MOODLE.encode())
    assert (choice.stem, choice.more, choice.feedback) == ("Giới là **gì**?", "- đọc\n- nghĩ", "Vì thế.")
    assert choice.options == (BankOption("Sinh ra", feedback="Nghĩ lại"), BankOption("Do xã hội & nhà 5\\*5", True))
    assert choice.goal == "phan-biet" and choice.id == "q-gioi-la-gi" and choice.line == 4
    assert (number.value, number.tolerance) == (Decimal("1.5"), Decimal("0.01"))
    assert cloze.stem == "Nữ {{18}}, nam {{20}}, gọi là {{tảo hôn}}."
    assert essay.kind == "long" and len(essay.criteria) == 1
    assert (drawn.stem, drawn.answer) == ("Tính {a} + {=a*2}", "lamtron(a,1)+1")
    assert drawn.draws == (BankDraw("a", "2,0 | 3,5"),)


def _sheet(*rows: tuple[str, ...]) -> bytes:
    return write_csv(HEADS, rows)


def test_a_sheet_as_people_fill_it() -> None:
    read = exchange.read_sheet(
        _sheet(
            ("Giới là gì?", "Chọn một", "Sinh ra\n*Do xã hội dạy\n> Phải rồi", "phan-biet", "", "Vì thế"),
            ("Nối\n\nKẻ đường", "nối", "Một => 1\n- Hai => 2", "phan-biet use=test tags=a,b", "q-noi", ""),
            ("Xếp", "order", "1. Trước\n2. Sau", "", "", ""),
            ("Tuổi?", "điền số", "18", "", "", ""),
            ("Gọi là?", "trả lời ngắn", "= tảo hôn | cưới sớm", "", "", ""),
        )
    )
    assert [question.line for question in read] == [2, 3, 4, 5, 6]
    assert read[0].options == (BankOption("Sinh ra"), BankOption("Do xã hội dạy", True, "Phải rồi"))
    noi = read[1]
    assert (noi.id, noi.goal, noi.use, noi.tags, noi.more) == (
        "q-noi",
        "phan-biet",
        "test",
        ("a", "b"),
        "Kẻ đường",
    )
    assert read[3].value == 18 and read[4].accepted == ("tảo hôn", "cưới sớm")


def test_the_form_is_found_in_the_file() -> None:
    for name in ENDING.values():
        form = next(form for form, ending in ENDING.items() if ending == name)
        content = exchange.write_bank([PLAIN], form).content
        assert exchange.form_of(content, name) == form
        assert exchange.form_of(content, "khong-duoi") == ("md" if form == "md" else form)


def test_ids_are_made_from_the_stem_and_given_once() -> None:
    three = exchange.read_gift("Đủ tuổi? {T}\n\nĐủ tuổi? {F}\n\n::q-du-tuoi-2:: Khác {T}")
    assert [question.id for question in three] == ["q-du-tuoi", "q-du-tuoi-3", "q-du-tuoi-2"]
    fitted = exchange.fitted(three, {"q-du-tuoi"}, {"tao-hon"}, "tao-hon", "test")
    assert [question.id for question in fitted] == ["q-du-tuoi-4", "q-du-tuoi-3", "q-du-tuoi-2"] or len(
        {question.id for question in fitted} | {"q-du-tuoi"}
    ) == 4
    assert {(question.goal, question.use) for question in fitted} == {("tao-hon", "test")}
    with pytest.raises(exchange.BankHasFaults, match="đã dùng"):
        exchange.fitted(three, {"q-du-tuoi-2"}, {"tao-hon"}, "tao-hon")


def test_the_reader_of_courses_takes_every_kind() -> None:
    files = sample.files()
    written = exchange.write_markdown([replace(question, use="check", goal="phan-biet") for question in EVERY])
    files["01-gioi/02-viec-nha.cau-hoi.md"] += b"\n" + written.encode()
    read = read_files(files)
    assert {question.id for question in EVERY} <= {question.id for question in read.questions}


def test_five_hundred_questions_take_less_than_three_seconds() -> None:
    bank = "\n\n".join(
        f"::Câu {n}:: Trong thôn, việc số {n} nào ai làm cũng được, không kể nam hay nữ? {{\n=Nấu cơm lúc {n} giờ #Đúng\n"
        f"~Mang thai lần {n} #Do sinh ra đã có\n~Cho con bú ngày {n}\n~Không việc nào trong {n} việc\n####Do xã hội chia.\n}}"
        for n in range(500)
    ).encode()
    began = time.process_time()
    read = exchange.read_bank(bank, "kho.gift")
    wanted = exchange.Wanted("01-gioi/02-viec-nha.cau-hoi.md", "phan-biet", "both")
    joined = exchange.joined(sample.files(), read, wanted, "kho.gift")
    assert time.process_time() - began < 3
    assert len(joined.course.questions) == 506 == len({question.id for question in joined.course.questions})
    assert read_files(joined.files).questions == joined.course.questions


@given(st.text(st.sampled_from("abĐ1 ,.;:?!“”()/–…'\"-\n"), max_size=20))
def test_plain_words_are_rendered_as_markdown_would(words: str) -> None:
    machine = Renderer(Shelf({}, {}), Faults())
    quick = machine.line(words, "", 1), machine.blocks(words, "", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "_PLAIN", re.compile("(?!)"))
        assert quick == (machine.line(words, "", 1), machine.blocks(words, "", 1))
