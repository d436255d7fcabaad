"""Questions ↔ a plain sheet of six columns, for Excel and CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.core.names import loose
from lms.core.sheets import Row, SheetIsUnreadable, read, write_excel
from lms.core.words import text
from lms.courses.rules.exchange.bank import BankHasFaults, BankQuestion
from lms.courses.rules.exchange.checks import finish, is_id
from lms.courses.rules.exchange.lines import answer_lines, answer_of, body_of, more_of, note_strange
from lms.courses.rules.exchange.markdown import check_attributes, points_in
from lms.courses.rules.exchange.shape import CHOICES, plain_text, shaped, written_number
from lms.courses.rules.faults import Fault, Faults

TITLE = "Câu hỏi"
HEADS = ("Câu hỏi", "Loại", "Phương án", "Mục tiêu", "Mã", "Giải thích")
_KEYS = tuple(loose(head) for head in HEADS)
KINDS = {
    "single": "chọn một",
    "multiple": "chọn nhiều",
    "truefalse": "đúng, sai",
    "match": "nối",
    "order": "xếp thứ tự",
    "number": "điền số",
    "short": "trả lời ngắn",
    "cloze": "điền chỗ trống",
    "long": "trả lời dài",
}
_BY_NAME = {**{kind: kind for kind in KINDS}, **{loose(name).replace(",", ""): kind for kind, name in KINDS.items()}}
_QUOTED = re.compile(r"^'(?=[=+\-@\t＝＋＠])")
_RIGHT = re.compile(r"\*(?:\s+|(?=[^\s*][^*]*$))(.*)")
_COUNT = re.compile(r"[^:?]{3,40}: [0-9]+")
_ITEM = re.compile(r"[-•]\s+(.*)")
_NOT_ALL_HEADS = text("Thêm đủ sáu cột: {heads}.", heads=", ".join(HEADS))


def read_sheet(content: bytes) -> list[BankQuestion]:
    """The questions of a sheet, one a row; their line is the number of the row. BankHasFaults."""
    faults = Faults()
    try:
        rows = [_unquoted(row, content) for row in read(content, lines=True)]
    except SheetIsUnreadable as refused:
        raise BankHasFaults([Fault("", 0, refused.sentence, text("Chọn lại tệp rồi gửi."))]) from refused
    columns = _columns(rows)
    found = [_question(row, columns, faults) for row in rows[1:] if not _is_foot(row)]
    return finish([question for question in found if question], faults)


def _unquoted(row: Row, content: bytes) -> Row:
    """Without the sign that keeps a cell of a CSV file from being a formula."""
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return row
    return Row(row.number, tuple(_QUOTED.sub("", cell) for cell in row.cells))


def _columns(rows: list[Row]) -> dict[str, int]:
    """Where each column stands, by its head."""
    heads = [loose(cell) for cell in rows[0].cells] if rows else []
    missing = [head for head, key in zip(HEADS, _KEYS, strict=True) if key not in heads]
    if missing:
        sentence = text("Bảng thiếu cột: {heads}.", heads=", ".join(missing))
        raise BankHasFaults([Fault("", rows[0].number if rows else 1, sentence, _NOT_ALL_HEADS)])
    return {head: heads.index(key) for head, key in zip(HEADS, _KEYS, strict=True)}


def _is_foot(row: Row) -> bool:
    """The line of our own lists that tells how many rows there are."""
    first, *others = [cell for cell in row.cells if cell.strip()] or [""]
    return first.startswith("#rows=") or (not others and bool(_COUNT.fullmatch(first.strip())))


def _question(row: Row, columns: dict[str, int], faults: Faults) -> BankQuestion | None:
    cells = {head: _cell(row, place) for head, place in columns.items()}
    kind = _BY_NAME.get(loose(cells["Loại"]).replace(",", ""), "")
    if not kind:
        sentence = text("Không có loại câu hỏi “{kind}”.", kind=cells["Loại"])
        faults.add("", row.number, sentence, text("Dùng một trong các loại: {kinds}.", kinds=", ".join(KINDS.values())))
        return None
    before = len(faults.found)
    goal, attributes = _attributes(cells["Mục tiêu"])
    check_attributes(attributes, row.number, faults)
    body = body_of(kind, [(row.number, line) for line in _answers(kind, cells["Phương án"])])
    body.strange += [row.number] * bool(more_of(body).strip() or body.feedback)
    note_strange(body, faults)
    answer = answer_of(body, row.number, faults)
    if len(faults.found) > before:
        return None
    stem, _, more = cells["Câu hỏi"].strip("\n ").partition("\n")
    return BankQuestion(
        id=cells["Mã"] if is_id(cells["Mã"]) else "",
        kind=kind,
        stem=stem,
        more=more,
        feedback=cells["Giải thích"],
        goal=goal,
        use=attributes.get("use", ""),
        tags=tuple(attributes.get("tags", "").split(",")),
        accepts=tuple(attributes.get("accept", "").split(",")),
        needed=points_in(attributes.get("pass", "")),
        line=row.number,
        **answer,
    )


def _cell(row: Row, place: int) -> str:
    return plain_text(row.cells[place]).strip() if place < len(row.cells) else ""


def _attributes(written: str) -> tuple[str, dict[str, str]]:
    """The goal, and what else is said behind it: `phan-biet use=test tags=a,b`."""
    words = written.split()
    said = dict(word.partition("=")[::2] for word in words if "=" in word)
    return "-".join(word for word in words if "=" not in word), said


def _answers(kind: str, written: str) -> list[str]:
    """The lines of the answers as authors of Markdown write them."""
    return [_line(kind, line.strip()) for line in written.split("\n") if line.strip()]


def _line(kind: str, line: str) -> str:
    if line.startswith(">"):
        return f"  {line}"
    item = _ITEM.fullmatch(line)
    bare = item[1] if item else line
    right = None if item else _RIGHT.fullmatch(line)
    if kind in CHOICES:
        return f"- [x] {right[1]}" if right else f"- [ ] {bare}"
    if kind == "match":
        return f"- {bare}"
    if kind == "long":
        return line if line.startswith("+") else f"- [ ] {bare}"
    return line if kind == "order" or line[:1] in {"=", "?"} else f"= {line}"


def write_sheet(questions: Sequence[BankQuestion]) -> bytes:
    """An Excel file."""
    return write_excel(TITLE, HEADS, [_row(question) for question in map(shaped, questions)])


def _row(question: BankQuestion) -> list[str]:
    lines = [_written(question.kind, line) for line in answer_lines(question)]
    said = {
        "use": question.use,
        "tags": ",".join(question.tags),
        "accept": ",".join(question.accepts),
        "pass": "" if question.needed is None else written_number(question.needed),
    }
    goal = " ".join([question.goal, *(f"{name}={value}" for name, value in said.items() if value)]).strip()
    stem = "\n".join(part for part in (question.stem, question.more) if part)
    return [stem, KINDS[question.kind], "\n".join(lines), goal, question.id, question.feedback]


def _written(kind: str, line: str) -> str:
    if kind in CHOICES and line.startswith("- [x] "):
        return "* " + line.removeprefix("- [x] ")
    is_boxed = (kind in CHOICES or kind == "long") and line.startswith("- [ ] ")
    return "- " + line.removeprefix("- [ ] ") if is_boxed else line
