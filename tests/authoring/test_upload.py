"""Uploading: every fault is shown with its place and remedy and nothing is published; drafts are one's own."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import demo
from lms.authoring import actions, documents, queries
from lms.authoring.models import Draft
from lms.core import words
from lms.core.actor import System
from lms.core.db import db
from lms.core.ids import new_id, to_address
from lms.core.refusal import Forbidden
from lms.courses.models import Course, Edition
from lms.courses.rules import read_folder, read_zip, summary_of
from lms.people.queries import actor_of
from tests.courses import sample
from tests.page import Html, Page, words_of

LESSON, ASKED = "01-gioi/01-hai-tu.md", "01-gioi/01-hai-tu.cau-hoi.md"


def _sent(content: bytes, name: str = "khoa.zip") -> dict[str, Any]:
    return {"package": (io.BytesIO(content), name)}


def _upload(page: Page, content: bytes, name: str = "khoa.zip") -> Html:
    page.post("/soan", **_sent(content, name))
    return page.follow()


def _with(path: str, old: str, new: str) -> bytes:
    files = sample.files()
    assert old in files[path].decode()
    files[path] = files[path].decode().replace(old, new).encode()
    return sample.zipped(files)


def _linked() -> bytes:
    out = io.BytesIO(sample.zipped(sample.files()))
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("01-gioi/khac.svg")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"01-gioi/tranh-{number}.svg", bytes(25 * 1024 * 1024))
    assert len(out.getvalue()) < 200_000
    return out.getvalue()


FAULTY = {
    "unknown key": (_with("course.toml", "hours = 0.5", 'hours = 0.5\nmau = "xanh"'), "course.toml", 11, "Sửa lại tên mục"),
    "script": (_with(LESSON, "## Hai từ", "<script>alert(1)</script>"), LESSON, 15, "Viết bằng Markdown"),
    "no alt": (_with(LESSON, "![Nồi cơm đang sôi trên kiềng]", "![]"), LESSON, 12, "Viết lời mô tả"),
    "lost picture": (_with(LESSON, "(tranh.svg)", "(mat.svg)"), LESSON, 12, "sửa lại tên tệp"),
    "two right": (_with(ASKED, "- [ ] Đúng", "- [x] Đúng"), ASKED, 1, "Để lại một dấu [x]"),
    "pool too small": (_with("thi-cuoi-khoa.md", "draw: 3", "draw: 30"), "thi-cuoi-khoa.md", 3, "Giảm draw"),
    "not a zip": (b"khong phai zip", "tệp zip", 0, "Nén lại thư mục"),
    "empty": (b"", "tệp zip", 0, "Nén lại thư mục"),
    "path escape": (sample.zipped({**sample.files(), "../../ngoai.md": b"x"}), "../../ngoai.md", 0, "Nén lại từ chính"),
    "link": (_linked(), "01-gioi/khac.svg", 0, "bỏ liên kết"),
    "bomb": (_bomb(), "01-gioi/tranh-2.svg", 0, "Thu nhỏ tranh"),
    "nothing in it": (sample.zipped({}), "course.toml", 0, "Thêm tệp course.toml"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
def test_a_faulty_zip_is_refused_whole(app: Flask, page: Page, case: str) -> None:
    content, file, line, remedy = FAULTY[case]
    html = _upload(page.as_("trainer"), content)
    found = [" ".join(words_of(line) for line in item) for item in html.all("li", data_item="")]
    place = f"{file} · dòng {line} " if line else f"{file} "
    mine = [words for words in found if words.startswith(place)]
    assert mine and any(remedy in words for words in mine), found
    assert "Chưa phát hành gì cả" in html.words and not html.forms("phat-hanh")
    for model in (Course, Edition):
        assert db.scalar(select(func.count()).select_from(model)) == 0
    draft = db.scalars(select(Draft)).one()
    assert len(draft.faults) == len(found) and draft.edition_id is None
    page.post(f"/soan/{to_address(draft.id)}/phat-hanh", 404)
    assert f"{len(found)} chỗ cần sửa" in page.get("/soan").words


def test_faults_are_kept_and_speak_both_languages(app: Flask) -> None:
    actor = actor_of(demo.member("trainer"))
    draft = actions.upload("khoa.zip", FAULTY["unknown key"][0], by=actor)
    db.expire_all()
    [fault] = documents.faults_from_json(queries.draft_for(actor, draft.id).faults)
    assert (fault.file, fault.line) == ("course.toml", 11) and "“mau”" in str(fault.sentence)
    with words.speaking("en"):
        assert str(fault.sentence) != "" and fault.sentence.values == {"key": "mau"}


def test_nothing_chosen_is_said_at_the_field(app: Flask, page: Page) -> None:
    html = page.as_("trainer").post("/soan", 422)
    assert "Chưa chọn tệp" in html.words and html.one("input", name="package").get("aria-invalid") == "true"
    html = page.post("/soan", 422, **_sent(b"", ""))
    assert "Chưa chọn tệp" in html.words


def test_too_large_is_refused_before_reading(app: Flask, page: Page) -> None:
    answer = page.as_("trainer").raw(
        "POST", "/soan", data={"csrf_token": "csrf-of-test", **_sent(bytes(51 * 1024 * 1024))}
    )
    assert answer.status_code == 413 and "50 MB" in answer.text


def test_the_same_zip_sent_twice_is_one_draft(app: Flask, page: Page) -> None:
    package = sample.zipped(sample.files())
    page.as_("trainer").post("/soan", **_sent(package))
    first = page.last.headers["Location"]  # type: ignore[union-attr]
    page.post("/soan", **_sent(package, "lan-hai.zip"))
    assert page.last.headers["Location"] == first  # type: ignore[union-attr]
    assert "lan-hai.zip" in page.get("/soan").words


def test_only_authors_find_the_room(app: Flask, page: Page) -> None:
    nothing = page.as_("cadre").raw("GET", "/khong-co").data
    for key in ("cadre", "coordinator", "planner", "auditor"):
        assert page.as_(key).raw("GET", "/soan").data == nothing, key
        page.post("/soan", 404, **_sent(b"x"))
    page.as_("administrator").get("/soan")
    assert Page(app).raw("GET", "/soan").status_code == 303


def test_a_draft_is_its_uploaders_own(app: Flask, page: Page) -> None:
    _upload(page.as_("trainer"), sample.zipped(sample.files()))
    draft = to_address(db.scalars(select(Draft.id)).one())
    page.as_("administrator")
    for address in ("", "/xem/hai-tu", "/xem/hai-tu?khung=1", "/tep/01-gioi/tranh.svg"):
        theirs = page.raw("GET", f"/soan/{draft}{address}")
        unknown = page.raw("GET", f"/soan/{to_address(new_id())}{address}")
        assert theirs.status_code == unknown.status_code == 404 and theirs.data == unknown.data, address
    page.post(f"/soan/{draft}/phat-hanh", 404)
    assert db.scalar(select(func.count()).select_from(Edition)) == 0
    assert "khoa.zip" not in page.get("/soan").words


def test_the_system_uploads_nothing(app: Flask) -> None:
    with pytest.raises(Forbidden):
        actions.upload("khoa.zip", b"x", by=System("thử"))


def test_the_starter_has_no_faults(app: Flask, page: Page) -> None:
    answer = page.as_("trainer").raw("GET", "/soan/mau")
    assert answer.mimetype == "application/zip" and "khoa-hoc-mau.zip" in answer.headers["Content-Disposition"]
    read = read_zip(answer.data)
    assert read.id == "khoa-hoc-mau" and summary_of(read).claims == () and summary_of(read).unplaced == ()
    assert read.files == read_folder(documents.STARTER).files
    assert answer.data == page.raw("GET", "/soan/mau").data
    html = _upload(page, answer.data)
    assert words_of(html.one("h1")) == "Khóa học mẫu"


def test_the_list_as_a_file(app: Flask, page: Page) -> None:
    sample.publish(owner=sample.union())
    answer = page.as_("trainer").raw("GET", "/soan?tep=csv")
    assert answer.headers["X-Rows"] == "1" and sample.union().name in answer.text
