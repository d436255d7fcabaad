"""Every sum of the savings-group manual is worked out a second time, from the numbers a learner reads."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from fractions import Fraction
from math import prod

import pytest

from lms.core.settings import data_folder
from lms.courses.rules import Course, Question, drawn, read_folder

FOLDER = data_folder("courses") / "tkvvtb"
SEEDS = range(60)
NUMBER = r"\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?"
SUM = re.compile(rf"(?:{NUMBER})%?(?:\s*[×+−:]\s*(?:{NUMBER})%?)+\s*=\s*(?:{NUMBER})")
Sums = Callable[..., Fraction | int]

# From the numbers of the question as it is read, in their order, to the answer (domain.md 3.5 and 3.7).
RIGHT: dict[str, Sums] = {
    "q-tkt-gop-thang": lambda gop, thang: gop * 2 * thang,
    "q-tkt-dem-hom": lambda people, each: people * each,
    "q-nl-vuot-nguoi": lambda people, most: people - most,
    "q-hbk-con-nguoi": lambda people: people - 5,
    "q-mg-mot-buoi": lambda price, shares: price * shares,
    "q-mg-ba-buoi": lambda one, two, three, price: (one + two + three) * price,
    "q-qxh-dat-muc": lambda people, meetings, wanted: wanted / meetings / people,
    "q-qxh-con-lai": lambda held, given: held - given,
    "q-vlp-tran": lambda loan, price: loan / 3 / price,
    "q-vlp-hai-muc": lambda one, two, loan, months: loan * (two - one) / 100 * months,
    "q-ts-a-mua-phan": lambda shares, price, meetings: shares * price * meetings,
    "q-ts-b-mua-phan": lambda price, shares, meetings: shares * price * meetings,
    "q-ts-a-tran": lambda shares, price: 3 * shares * price,
    "q-ts-b-tran": lambda saved: 3 * saved,
    "q-ts-a-lai": lambda loan, months, rate: loan * rate / 100 * months,
    "q-ts-b-lai": lambda rate, loan, months: loan * rate / 100 * months,
    "q-ts-a-gia-moi": lambda shares, fund: fund / shares,
    "q-ts-b-gia-moi": lambda shares, fund: fund / shares,
    "q-bdt-quy-xa-hoi": lambda people, each, meetings: people * each * meetings,
    "q-bdt-hai-bat": lambda shares, price, people, each: shares * price + people * each,
    "q-gs-so-du": lambda held, shares, price, fines: held + shares * price + fines,
    "q-gs-dem-dau": lambda marks, price: marks * price,
    "q-tmd-chenh": lambda marks, price, counted: marks * price - counted,
    "q-bcv-tran-vay": lambda shares, price: 3 * shares * price,
    "q-bcv-qua-tran": lambda shares, price, asked: asked - 3 * shares * price,
    "q-bcv-du-moi": lambda fund, *loans: fund - sum(loans),
    "q-tlg-lai-ca-ky": lambda loan, rate, months: loan * rate / 100 * months,
    "q-tlg-goc-va-lai": lambda loan, rate, months: loan + loan * rate / 100 * months,
    "q-btn-moi-thang": lambda loan, months, rate: loan / months + loan * rate / 100,
    "q-btn-cuoi-buoi": lambda held, principal, interest, lent: held + principal + interest - lent,
    "q-gcp-gia-moi": lambda shares, price, interest: (shares * price + interest) / shares,
    "q-gcp-nhan-ve": lambda worth, shares: worth * shares,
    "q-gcp-loi-ra": lambda price, worth, shares: (worth - price) * shares,
    "q-bcq-tien-le": lambda worth, shares, fund: fund - worth * shares,
    "q-bcq-nguoc": lambda received, worth: received / worth,
    "q-cdm-may-co-phan": lambda needed, price, meetings: needed / price / meetings,
    "q-ccb-gio": lambda wife, husband, moved: (wife - moved) - (husband + moved),
    "q-thi-tien-phat": lambda late, absent, many, few: late * many + absent * few,
    "q-thi-quy-loc": lambda held, people, each, given: held + people * each - given,
    "q-thi-tran-lai": lambda shares, price, rate, months: 3 * shares * price * rate / 100 * months,
    "q-thi-phan-tram": lambda loan, interest: interest / loan * 100,
    "q-thi-nhan-ca": lambda shares, price, interest, own: (shares * price + interest) / shares * own,
    "q-thi-bo-tui": lambda fund, _social, shares: fund / shares,
}


@pytest.fixture(scope="module")
def course() -> Course:
    return read_folder(FOLDER)


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def _value(written: str) -> Fraction:
    return Fraction(written.replace(".", "").replace(",", ".").rstrip("%"))


def _numbers(question: Question) -> list[Fraction]:
    return [_value(found) for found in re.findall(NUMBER, _plain(f"{question.stem_html} {question.more_html}"))]


def _asked(course: Course) -> list[Question]:
    return [question for question in course.questions if question.kind == "number" and question.draws]


def test_every_question_with_drawn_numbers_is_known_here(course: Course) -> None:
    assert {question.id for question in _asked(course)} == RIGHT.keys()
    assert len(RIGHT) >= 12


def test_answers_follow_from_the_numbers_that_are_read(course: Course) -> None:
    for question in _asked(course):
        for seed in SEEDS:
            shown = drawn(question, seed)
            right = Fraction(RIGHT[question.id](*_numbers(shown)))
            assert shown.value is not None and Fraction(shown.value) == right, (question.id, seed, _numbers(shown))
            assert right > 0, (question.id, seed)
            assert right.denominator == 1 or question.id == "q-thi-phan-tram", (question.id, seed)


def _holds(written: str) -> bool:
    """Is a sum as people write it (× before +, : as division) right?"""
    left, right = written.rsplit("=", 1)
    total = Fraction(0)
    for sign, term in re.findall(r"(^|[+−])([^+−]+)", left):
        factors = [(mark, _value(number)) for mark, number in re.findall(rf"([×:]?)\s*({NUMBER})", term)]
        value = prod((1 / number if mark == ":" else number) for mark, number in factors)
        share = value / 100 if term.count("%") else value
        total += -share if sign == "−" else share
    return total == _value(right.strip())


def test_every_sum_that_is_written_out_is_right(course: Course) -> None:
    """In lessons and handouts as they stand; in answers with numbers drawn."""
    texts = [content.decode() for path, content in course.files.items() if path.endswith(".md")]
    for question in _asked(course):
        texts += [_plain(drawn(question, seed).feedback_html) for seed in SEEDS]
    sums = [found for text in texts for found in SUM.findall(text)]
    assert len(sums) > 200
    assert not [found for found in sums if not _holds(found)]
    assert not _holds("2 × 3 = 7") and _holds("1.000 × 1,5% + 4 : 2 = 17")


def test_the_worked_example_of_the_dossier(course: Course) -> None:
    """Share-out, interest, social fund and loan cap, as domain.md 3.5 and 3.7 work them out."""
    shares, price, gains, own = 1200, 50_000, 4_800_000, 45
    fund = shares * price + gains
    worth = fund // shares
    said = "\n".join(content.decode() for path, content in course.files.items() if path.endswith(".md"))
    for number in (
        shares * price, gains, fund, worth, own * worth, own * price, own * (worth - price),
        7_000_000 * 15 // 1000, 7_000_000 * 15 // 1000 * 6, 7_000_000 + 7_000_000 * 15 // 1000 * 6,
        25 * 2_000 * 24, 3 * 40 * price,
    ):  # fmt: skip
        assert f"{number:,}".replace(",", ".") in said, number
    assert (fund, worth, own * worth, own * (worth - price)) == (64_800_000, 54_000, 2_430_000, 180_000)
