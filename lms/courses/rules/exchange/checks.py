"""What must be true of every question of a bank, before a course is touched; ids and goals it is given."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from lms.core.words import Text, text
from lms.courses.rules.course import KINDS, USES
from lms.courses.rules.exchange.bank import BankHasFaults, BankQuestion
from lms.courses.rules.exchange.shape import CHOICES, GAP, LISTED, shaped
from lms.courses.rules.faults import Faults
from lms.courses.rules.tidy import slugify

ID = re.compile(r"q-[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_QUESTIONS = 2_000
LONGEST_ID = 80
_LETTERS_OF_ID = 40
Said = tuple[Text, Text]


def finish(questions: Iterable[BankQuestion], faults: Faults) -> list[BankQuestion]:
    """The questions in one shape, each with an id; BankHasFaults with everything that is wrong in them."""
    whole = [shaped(question) for question in questions]
    for question in whole:
        for sentence, remedy in _wrong(question):
            faults.add("", question.line, sentence, remedy)
    _check_count(whole, faults)
    named = _named(whole, faults)
    if faults.found:
        raise BankHasFaults(faults.found)
    return named


def is_id(written: str) -> bool:
    """May it be the id of a question?"""
    return bool(ID.fullmatch(written)) and len(written) <= LONGEST_ID


def _check_count(questions: Sequence[BankQuestion], faults: Faults) -> None:
    if not questions and not faults.found:
        faults.add(
            "", 0, text("Tệp này không có câu hỏi nào."), text("Chọn tệp câu hỏi khác, hoặc xem lại khuôn dạng.")
        )
    if len(questions) > MOST_QUESTIONS:
        faults.add(
            "",
            questions[MOST_QUESTIONS].line,
            text("Tệp có {count} câu hỏi, nhiều hơn {most}.", count=len(questions), most=MOST_QUESTIONS),
            text("Chia thành nhiều tệp nhỏ hơn."),
        )


def _wrong(question: BankQuestion) -> Iterator[Said]:
    """Each thing that is wrong, and what to do about it."""
    if question.kind not in KINDS:
        yield (
            text("Không có loại câu hỏi “{kind}”.", kind=question.kind),
            text("Dùng một trong các loại: {kinds}.", kinds=", ".join(KINDS)),
        )
        return
    if not question.stem:
        yield text("Câu hỏi chưa có lời hỏi."), text("Viết lời hỏi trước các phương án.")
    if question.use and question.use not in USES:
        yield (
            text("Không có cách dùng “{use}”.", use=question.use),
            text("Dùng use= với một trong: {uses}.", uses=", ".join(USES)),
        )
    yield from _wrong_options(question) if question.kind in LISTED else _wrong_answer(question)


def _wrong_options(question: BankQuestion) -> Iterator[Said]:
    count = len(question.options)
    if not 2 <= count <= 26:
        yield (
            text("Câu hỏi có {count} phương án; cần từ {least} đến 26.", count=count, least=2),
            text("Thêm hoặc bớt phương án của câu này."),
        )
    if not all(option.text and (option.partner or question.kind != "match") for option in question.options):
        yield text("Câu hỏi có phương án còn trống."), text("Viết nội dung, hoặc bỏ phương án ấy.")
    if question.kind == "order" and len({option.text for option in question.options}) < count:
        yield text("Hai việc cần xếp giống hệt nhau."), text("Viết mỗi việc một khác.")
    if question.kind in CHOICES and count:
        yield from _wrong_choice(question)


def _wrong_choice(question: BankQuestion) -> Iterator[Said]:
    rights = sum(option.right for option in question.options)
    if not rights:
        yield text("Câu hỏi chưa có phương án đúng."), text("Đánh dấu phương án đúng theo khuôn dạng của tệp.")
    elif rights > 1 and question.kind != "multiple":
        yield (
            text("Câu hỏi chọn một mà có {count} phương án đúng.", count=rights),
            text("Để lại một phương án đúng, hoặc đổi sang loại chọn nhiều."),
        )
    if question.kind == "truefalse" and len(question.options) > 2:
        yield text("Câu đúng, sai chỉ có hai phương án."), text("Bớt phương án, hoặc đổi sang loại chọn một.")


def _wrong_answer(question: BankQuestion) -> Iterator[Said]:
    if question.kind == "number" and question.value is None and not question.answer:
        yield text("Câu hỏi số chưa có đáp án."), text("Viết một số là đáp án, kèm sai số nếu có.")
    if question.kind == "number" and question.tolerance < 0:
        yield text("Sai số không được âm."), text("Viết 0 nếu chỉ nhận đúng một số.")
    if question.kind == "short" and not question.accepted:
        yield text("Câu trả lời ngắn chưa có đáp án."), text("Viết ít nhất một câu trả lời đúng.")
    if question.kind == "cloze":
        gaps = GAP.findall("\n".join([question.stem, question.more]))
        if not gaps or not all(gaps):
            yield (
                text("Câu điền chỗ trống chưa có chỗ trống, hoặc chỗ trống chưa có đáp án."),
                text("Đặt đáp án vào từng chỗ trống trong câu."),
            )
    if question.kind == "long" and not question.criteria:
        yield (
            text("Câu trả lời dài chưa có tiêu chí chấm."),
            text("Thêm ít nhất một tiêu chí có điểm, thí dụ: - [ ] Nêu được hai việc (2 điểm)"),
        )


def _named(questions: Sequence[BankQuestion], faults: Faults) -> list[BankQuestion]:
    """Ids that were given stay; the others come from the stems. The same id given twice is a fault."""
    seen: dict[str, int] = {}
    for question in questions:
        if is_id(question.id) and question.id in seen:
            faults.add(
                "",
                question.line,
                text("Mã câu hỏi “{key}” đã có ở dòng {line}.", key=question.id, line=seen[question.id]),
                text("Đặt cho câu này một mã khác, hoặc bỏ mã để hệ thống tự đặt."),
            )
        seen.setdefault(question.id, question.line)
    taken = {question.id for question in questions if is_id(question.id)}
    return [question if is_id(question.id) else _with_id(question, taken) for question in questions]


def _with_id(question: BankQuestion, taken: set[str]) -> BankQuestion:
    words = slugify(GAP.sub(" ", question.stem))[: _LETTERS_OF_ID + 1]
    stem = f"q-{words.rpartition('-')[0] if len(words) > _LETTERS_OF_ID and '-' in words else words[:_LETTERS_OF_ID]}"
    stem = stem if is_id(stem) else "q-cau"
    number, made = 1, stem
    while made in taken:
        number += 1
        made = f"{stem}-{number}"
    taken.add(made)
    return replace(question, id=made, is_named=False)


def fitted(
    questions: Sequence[BankQuestion], taken: Collection[str], goals: Collection[str], goal: str, use: str = ""
) -> list[BankQuestion]:
    """The questions for one course: a goal it knows (else `goal`), `use` where none is said, ids that no other has.

    An id that stood in the file and that the course already has is a fault; an id made from a stem gives way.
    """
    faults, used = Faults(), {*taken, *(question.id for question in questions if question.is_named)}
    fitting = []
    for question in questions:
        if question.is_named and question.id in taken:
            faults.add(
                "",
                question.line,
                text("Mã câu hỏi “{key}” khóa học đã dùng.", key=question.id),
                text("Bỏ câu này khỏi tệp nếu khóa học đã có, hoặc đổi mã."),
            )
        named = question if question.is_named else _with_id(question, used)
        known = question.goal if question.goal in goals else goal
        fitting.append(replace(named, goal=known, use=question.use or use))
    if faults.found:
        raise BankHasFaults(faults.found)
    return fitting
