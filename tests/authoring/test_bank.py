"""The questions of a course for its authors: a table, files out, files in as a draft, and the command of the same name."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from lms.authoring import documents
from lms.authoring.models import Draft
from lms.cli import main
from lms.core.db import db
from lms.core.history import HistoryEntry
from lms.core.ids import to_address
from lms.courses.models import Edition
from lms.courses.queries import edition_of
from lms.courses.rules import exchange, read_files, read_folder
from tests.courses import sample
from tests.courses.test_exchange import EVERY
from tests.learning import course as every
from tests.page import Page, words_of

BANK = f"/soan/khoa/{sample.SLUG}/cau-hoi"
TARGET = "01-gioi/02-viec-nha.cau-hoi.md"
GIFT = "::q-moi:: Giặt áo là việc của ai? {=Của cả nhà ~Của vợ}\n\nNam từ đủ mấy tuổi? {#20}\n"
COURSE = Path(__file__).resolve().parents[2] / "courses" / "lgg-3-thon-ban"


def _sent(content: str | bytes, name: str = "kho.gift", **fields: str) -> dict[str, Any]:
    written = content.encode() if isinstance(content, str) else content
    return {"bank": (io.BytesIO(written), name), "target": TARGET, "goal": "phan-biet", **fields}


def _whole() -> dict[str, bytes]:
    """The sample with a question of every kind more."""
    files = sample.files()
    more = [replace(question, goal=question.goal or "phan-biet") for question in EVERY]
    files[TARGET] += b"\n" + exchange.write_markdown(more).encode()
    return files


def test_the_table_and_its_filters(app: Flask, page: Page) -> None:
    sample.publish(owner=sample.union())
    html = page.as_("trainer").get(BANK)
    assert len(html.all("table")[0].findall("tbody/tr")) == 6
    row = words_of(html.one("tr", id="q-tuoi-nu"))
    assert "Nữ được kết hôn" in row and "điền số" in row and "Đủ tuổi mới cưới" in row
    for asked, count in (
        ("loai=number", 2),
        ("muc-tieu=tao-hon", 3),
        ("dung=test", 3),
        ("bai=viec-nha", 1),
        ("bai=-", 3),
    ):
        assert len(page.get(f"{BANK}?{asked}").all("table")[0].findall("tbody/tr")) == count, asked
    assert "Không có câu hỏi nào" in page.get(f"{BANK}?loai=long").words
    assert page.raw("GET", f"{BANK}?tep=csv&loai=number").headers["X-Rows"] == "2"
    assert BANK in page.get("/soan").text


def test_a_question_with_its_right_answer(app: Flask, page: Page) -> None:
    sample.publish(_whole(), owner=sample.union())
    html = page.as_("trainer").get(f"{BANK}/q-nau-com")
    assert "Đáp án, người học không thấy" in html.words and "Nấu cơm do xã hội phân công" in html.words
    for key in edition_keys():
        page.get(f"{BANK}/{key}")
    page.raw("GET", f"{BANK}/q-khong-co")
    assert page.last is not None and page.last.status_code == 404


def edition_keys() -> list[str]:
    return [question.id for question in documents.bank_of(edition_of(sample.SLUG))]


@pytest.mark.parametrize("form", exchange.FORMS)
def test_downloads_hold_every_question_or_name_it(app: Flask, page: Page, form: str) -> None:
    sample.publish(_whole(), owner=sample.union())
    html = page.as_("trainer").get(BANK)
    answer = page.raw("GET", f"{BANK}?dang={form}")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    name = {"gift": "a.gift", "aiken": "a.txt"}.get(form, f"a.{form}")
    read = exchange.read_bank(answer.data, name)
    left_out = documents.left_out(edition_of(sample.SLUG)).get(form, ())
    assert len(read) + len(left_out) == len(edition_keys()) and answer.headers["X-Rows"] == str(len(read))
    assert all(key in html.words for key in left_out)
    if form != "aiken":
        assert {question.id for question in read} | set(left_out) == set(edition_keys())
    assert len(exchange.read_bank(page.raw("GET", f"{BANK}?dang=md&loai=number").data, "a.md")) == 4
    assert page.raw("GET", f"{BANK}?dang=doc").status_code == 404


def test_a_bank_becomes_a_draft_that_can_be_published(app: Flask, page: Page) -> None:
    sample.publish(owner=sample.union())
    page.as_("trainer").post(BANK, **_sent(GIFT))
    html = page.follow()
    assert words_of(html.one("h1")) == sample.TITLE and "mới" in html.words and "q-nam-tu-du-may-tuoi" in html.words
    draft = db.scalars(select(Draft)).one()
    assert draft.faults == [] and db.scalar(select(func.count()).select_from(Edition)) == 1
    assert len(documents.read_kept(draft.digest).questions) == 8
    entry = db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "authoring.add_bank")).one()
    assert entry.details["questions"] == 2
    page.post(f"/soan/{to_address(draft.id)}/phat-hanh")
    assert {"q-moi", "q-nam-tu-du-may-tuoi"} <= set(edition_keys())
    kept = {question.id: question for question in documents.bank_of(edition_of(sample.SLUG))}
    assert kept["q-moi"].goal == "phan-biet" and kept["q-moi"].use == "both"


def test_into_the_final_test(app: Flask, page: Page) -> None:
    sample.publish(owner=sample.union())
    page.as_("trainer").post(BANK, **_sent(GIFT, target="thi-cuoi-khoa.md", goal="tao-hon"))
    read = documents.read_kept(db.scalars(select(Draft)).one().digest)
    assert read.test is not None and [question.id for question in read.test.questions][-2:] == [
        "q-moi",
        "q-nam-tu-du-may-tuoi",
    ]


def test_twelve_faults_name_twelve_lines_and_keep_nothing(app: Flask, page: Page) -> None:
    sample.publish(owner=sample.union())
    bank = "\n\n".join([GIFT.strip(), *(f"Câu {n} {{=a =b ~c}}" for n in range(12))])
    html = page.as_("trainer").post(BANK, 422, **_sent(bank))
    places = [words_of(item.findall("p")[0]) for item in html.all("li", data_fault="")]
    assert places == [f"kho.gift · dòng {line}" for line in range(5, 29, 2)]
    assert "chưa nhập câu nào" in html.words
    for model in (Draft,):
        assert db.scalar(select(func.count()).select_from(model)) == 0


def test_what_is_missing_is_said_at_its_field(app: Flask, page: Page) -> None:
    sample.publish(owner=sample.union())
    html = page.as_("trainer").post(BANK, 422)
    assert "Chưa chọn tệp" in html.words
    page.post(BANK, 422, **_sent(GIFT, target="01-gioi/khac.cau-hoi.md"))
    page.post(BANK, 422, **_sent(GIFT, goal="khac"))
    html = page.post(BANK, 422, **_sent("::q-nau-com:: Mã đã có {T}"))
    assert "khóa học đã dùng" in html.words
    assert db.scalar(select(func.count()).select_from(Draft)) == 0


def test_only_authors_find_the_bank(app: Flask, page: Page) -> None:
    sample.publish(owner=sample.union())
    nothing = page.as_("cadre").raw("GET", "/khong-co").data
    for key in ("cadre", "coordinator", "planner", "auditor"):
        page.as_(key)
        for address in (BANK, f"{BANK}?dang=gift", f"{BANK}/q-nau-com"):
            assert page.raw("GET", address).data == nothing, (key, address)
        page.post(BANK, 404, **_sent(GIFT))
    assert page.as_("trainer").raw("GET", "/soan/khoa/khong-co/cau-hoi").status_code == 404


@pytest.mark.parametrize("form", ["xml", "xlsx", "md"])
def test_a_course_goes_out_and_comes_back_letter_by_letter(form: str) -> None:
    for read in (read_folder(COURSE), read_files(_whole()), read_files(every.files())):
        bank = [question for _, question in exchange.questions_in(read.files)]
        assert [question.id for question in bank] == [question.id for question in read.questions]
        content = exchange.write_bank(bank, form).content
        assert exchange.read_bank(content, f"a.{form}") == bank


def test_what_is_written_means_the_same_to_the_reader() -> None:
    files = dict(read_folder(COURSE).files)
    before = {question.id: question.to_json() for question in read_files(files).questions}
    for path in [path for path in files if path.endswith(".cau-hoi.md")]:
        files[path] = exchange.write_markdown(exchange.read_markdown(files[path].decode())).encode()
    after = {question.id: question.to_json() for question in read_files(files).questions}
    assert {key: {**one, "line": 0} for key, one in after.items()} == {
        key: {**one, "line": 0} for key, one in before.items()
    }


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / sample.SLUG
    for path, content in sample.files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_the_command_brings_questions_in(tmp_path: Path) -> None:
    folder, bank = _folder(tmp_path), tmp_path / "kho.txt"
    bank.write_text(GIFT, encoding="utf-8")
    call = ["questions", "import", str(bank), "--to", str(folder / TARGET), "--goal", "phan-biet", "--use", "test"]
    done = CliRunner().invoke(main, call)
    assert done.exit_code == 0 and "thêm 2 câu" in done.output
    read = {question.id: question for question in read_folder(folder).questions}
    assert read["q-moi"].use == "test" and len(read) == 8
    again, before = CliRunner().invoke(main, call), (folder / TARGET).read_bytes()
    assert again.exit_code == 1 and "kho.txt:1" in again.output and (folder / TARGET).read_bytes() == before


def test_the_command_writes_nothing_where_anything_is_wrong(tmp_path: Path) -> None:
    folder, bank = _folder(tmp_path), tmp_path / "kho.gift"
    before = (folder / TARGET).read_bytes()
    call = ["questions", "import", str(bank), "--to", str(folder / TARGET), "--goal", "phan-biet"]
    bank.write_text("Một {T}\n\nHai {=a}\n\nBa\n", encoding="utf-8")
    done = CliRunner().invoke(main, [*call[:-1], "la"])
    assert done.exit_code == 1 and "kho.gift:5" in done.output
    bank.write_text("Một {T}", encoding="utf-8")
    assert CliRunner().invoke(main, [*call[:-1], "la"]).exit_code == 1
    (folder / "course.toml").write_text("hỏng", encoding="utf-8")
    assert CliRunner().invoke(main, call).exit_code == 1
    assert (folder / TARGET).read_bytes() == before
    call[4] = str(tmp_path / "le.cau-hoi.md")
    assert CliRunner().invoke(main, call).exit_code == 1


def test_the_command_takes_questions_out(tmp_path: Path) -> None:
    folder, out = _folder(tmp_path), tmp_path / "ra.xml"
    done = CliRunner().invoke(main, ["questions", "export", str(folder), "--as", "xml", "--out", str(out)])
    assert done.exit_code == 0 and len(exchange.read_bank(out.read_bytes(), "ra.xml")) == 6
    told = CliRunner().invoke(main, ["questions", "export", str(folder), "--as", "aiken"])
    assert told.exit_code == 0 and "q-nau-com" in told.stderr and "ANSWER: B" in told.stdout
