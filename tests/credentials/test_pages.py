import gzip
import io
from datetime import UTC, datetime

import openpyxl
import pypdf
import pytest

from lms.core import clock, ids, jobs
from lms.core.db import db
from lms.credentials import actions, documents
from lms.credentials.models import Certificate, CertificateState
from tests.credentials import make
from tests.page import words_of


@pytest.fixture
def given(app):
    """The cadre and the head completed a class of the province, the official one of Xuân Du."""
    held, _ = make.held_class([make.person("cadre"), make.person("head")])
    near, _ = make.held_class(
        [make.person("official")], organiser=make.union("16234"), of=make.course("Bình đẳng giới", "b"), number="2"
    )
    with clock.stopped(datetime(2026, 6, 25, 3, tzinfo=UTC)):
        issued = [*actions.issue_for_class(held), *actions.issue_for_class(near)]
    for record in (held, near, *issued):
        db.refresh(record)
    db.expunge_all()
    return held, near, issued


def address(certificate: Certificate, after: str = "") -> str:
    return f"/giay-chung-nhan/{ids.to_address(certificate.id)}{after}"


def fresh(certificate: Certificate) -> Certificate:
    found = db.get(Certificate, certificate.id)
    db.refresh(found)
    return found


# My papers


def test_the_holder_sees_her_own(page, given):
    html = page.as_("cadre").get("/giay-to")
    (item,) = html.all("li", data_item="")
    assert "Tổ tiết kiệm vay vốn thôn bản" in words_of(item) and "0001/2026/GCN" in words_of(item)
    own = page.get(html.href("Tổ tiết kiệm"))
    assert "Lường Thị Ngọc Ánh" in own.words and "sinh năm 1985, đã hoàn thành khóa tập huấn" in own.words
    assert not own.forms("/thu-hoi") and "Giấy đã qua" not in own.words
    assert page.as_("newcomer").get("/giay-to").words.count("GCN") == 0


def test_a_stranger_finds_nothing(page, given):
    _, _, (cadre, _, near) = given
    nowhere = f"/giay-chung-nhan/{ids.to_address(ids.new_id())}"
    for key in ("newcomer", "neighbour", "head"):
        page.as_(key)
        unknown = page.raw("GET", nowhere)
        assert unknown.status_code == 404
        for one in (cadre, near):
            for after in ("", "/pdf"):
                assert page.raw("GET", address(one, after)).data == unknown.data
    page.as_("coordinator")
    assert page.raw("GET", address(near)).status_code == 200
    assert page.raw("GET", address(cadre)).status_code == 404  # issued by the province


def test_without_signing_in_the_page_asks_to(page, given):
    assert page.raw("GET", "/giay-to").status_code == 303


# The list


def test_the_list_shows_what_her_units_issued(page, given):
    html = page.as_("planner").get("/giay-chung-nhan")
    assert len(html.all("tr", data_item="")) == 3
    assert [
        words_of(r.find("th")) for r in page.as_("coordinator").get("/giay-chung-nhan").all("tr", data_item="")
    ] == ["Vi Thị Thơm"]
    assert page.as_("neighbour").get("/giay-chung-nhan").all("tr", data_item="") == []
    for key in ("administrator", "auditor"):
        assert len(page.as_(key).get("/giay-chung-nhan").all("tr", data_item="")) == 3
    assert page.as_("cadre").raw("GET", "/giay-chung-nhan").status_code == 404


def test_a_trainer_sees_the_classes_she_taught(page, given):
    held, _, (cadre, head, near) = given
    assert page.as_("trainer").get("/giay-chung-nhan").all("tr", data_item="") == []
    make.teaches(held, make.person("trainer"))
    assert len(page.get("/giay-chung-nhan").all("tr", data_item="")) == 2
    html = page.get(address(head))
    assert not html.forms("/thu-hoi")
    assert page.raw("GET", address(near)).status_code == 404
    assert page.raw("POST", address(cadre, "/thu-hoi"), data={"csrf_token": "csrf-of-test"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("tim=luong+anh", 1), ("tim=to+tiet+kiem", 2), ("tim=0002/2026", 1), ("tim=xyz", 0), ("tinh-trang=live", 3),
        ("tinh-trang=revoked", 0), ("tim=vi+thom&tinh-trang=live", 1), ("trang=2", 0), ("trang=x", 3), ("tinh-trang=x", 3),
    ],
)  # fmt: skip
def test_search_without_marks_and_by_state(page, given, query, count):
    html = page.as_("planner").get(f"/giay-chung-nhan?{query}")
    assert len(html.all("tr", data_item="")) == count


def test_the_list_of_one_class(page, given):
    held, _, _ = given
    page.as_("planner")
    assert len(page.get(f"/giay-chung-nhan?lop={ids.to_address(held.id)}").all("tr", data_item="")) == 2
    assert page.raw("GET", "/giay-chung-nhan?lop=x").status_code == 404


def test_the_list_goes_out_as_shown(page, given):
    answer = page.as_("planner").raw("GET", "/giay-chung-nhan?tim=luong&tep=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert answer.headers["X-Rows"] == "1"
    assert rows[1][:6] == ("0001/2026/GCN", "Lường Thị Ngọc Ánh", 1985, "Tổ tiết kiệm vay vốn thôn bản", 2, 14)


# One certificate


def test_the_preview_says_what_the_pdf_says(page, given):
    _, _, (cadre, _, _) = given
    html = page.as_("administrator").get(address(cadre))
    text = " ".join(pypdf.PdfReader(io.BytesIO(documents.render(fresh(cadre)))).pages[0].extract_text().split())
    paper = words_of(html.one("article"))
    for word in text.split():
        assert word in paper, word
    assert len(html.all("form")) == 2 and "Giấy đã qua" in html.words


def test_the_pdf_is_made_on_the_spot_then_kept(page, given):
    jobs.work(actions.PRINT, actions.print_pdf)
    _, _, (cadre, _, _) = given
    page.as_("cadre")
    first = page.raw("GET", address(cadre, "/pdf"))
    assert first.data[:5] == b"%PDF-" and fresh(cadre).pdf_digest == ""
    jobs.run_due()
    assert fresh(cadre).pdf_digest
    kept = page.raw("GET", address(cadre, "/pdf"))
    assert kept.data == first.data and kept.headers["Cache-Control"] == "no-store"
    assert kept.mimetype == "application/pdf" and "Gi%E1%BA%A5y" in kept.headers["Content-Disposition"]


def test_revoking_needs_a_reason(page, given):
    _, _, (_, _, near) = given
    page.as_("coordinator")
    html = page.post(address(near, "/thu-hoi"), 422, cause="wrong_person", reason=" ")
    assert "Ô này còn trống" in html.words
    assert fresh(near).state is CertificateState.LIVE
    page.post(address(near, "/thu-hoi"), cause="wrong_person", reason="Nhầm với chị Thơm thôn bên")
    assert "không còn giá trị" in page.follow().words
    assert fresh(near).state is CertificateState.REVOKED
    again = page.post(address(near, "/thu-hoi"), 409, cause="other", reason="nữa")
    assert "đã thu hồi hoặc thay thế từ trước" in again.words


def test_those_who_only_read_may_not_end(page, given):
    _, _, (cadre, _, near) = given
    for key, one in (("planner", cadre), ("auditor", cadre), ("cadre", cadre), ("official", near)):
        page.as_(key)
        assert page.get(address(one)).forms("/thu-hoi") == []
        for verb in ("/thu-hoi", "/thay-the", "/cap-lai"):
            answer = page.raw("POST", address(one, verb), data={"csrf_token": "csrf-of-test", "reason": "x"})
            assert answer.status_code == 403
    page.as_("neighbour")
    assert page.raw("POST", address(near, "/thu-hoi"), data={"csrf_token": "csrf-of-test"}).status_code == 404
    assert db.query(Certificate).filter(Certificate.ended_at.is_not(None)).count() == 0


def test_a_corrected_name(page, given):
    _, _, (_, _, near) = given
    page.as_("coordinator")
    same = page.post(address(near, "/thay-the"), 409, name=near.name, birth_year="1990", why="x")
    assert "giống hệt giấy cũ" in same.words
    wrong = page.post(address(near, "/thay-the"), 422, name="Vi Thị Thơ", birth_year="1890", why="x")
    assert "Có phải 1990 không" in wrong.words and 'value="Vi Thị Thơ"' in wrong.text
    page.post(address(near, "/thay-the"), name="Vi Thị Thơ", birth_year="1990", why="Thừa chữ")
    new = page.follow()
    paper = words_of(new.one("article"))
    assert "Vi Thị Thơ" in paper and "Vi Thị Thơm" not in paper and "Số: 0002/" in paper
    old = page.get(address(near))
    assert "đã được thay bằng giấy số" in old.words and old.forms("/thu-hoi") == []


def test_issued_again_after_a_wrong_revocation(page, given):
    _, _, (_, _, near) = given
    page.as_("coordinator").post(address(near, "/thu-hoi"), cause="other", reason="nhầm")
    assert page.follow().forms("/cap-lai")
    page.post(address(near, "/cap-lai"), reason="Thu hồi nhầm")
    assert "Hiệu lực" not in page.follow().words and page.last.status_code == 200
    page.post(address(near, "/cap-lai"), 409, reason="nữa")


# The public check


def test_the_check_page_confirms_what_is_printed(page, given):
    _, _, (cadre, _, _) = given
    html = page.get(f"/c/{cadre.code}")
    assert words_of(html.one("h1")) == "HỢP LỆ"
    for part in ("Lường Thị Ngọc Ánh", "1985", "Tổ tiết kiệm vay vốn thôn bản", "02 ngày (14 giờ)",
                 "từ ngày 18/6 đến ngày 19/6/2026", "Hội LHPN tỉnh Thanh Hóa", "0001/2026/GCN", "25/06/2026",
                 "không phải chữ ký số"):  # fmt: skip
        assert part in html.words, part
    for secret in ("Đồng Tâm", "Chi hội", "Xuân Du", "0912"):
        assert secret not in html.text
    assert page.last.headers["Cache-Control"] == "no-store" and "noindex" in page.last.headers["X-Robots-Tag"]


def test_a_code_is_read_as_people_type_it(page, given):
    _, _, (cadre, _, _) = given
    grouped = "-".join(cadre.code[i : i + 4].upper() for i in range(0, 20, 4))
    for typed in (grouped, grouped.replace("-", " "), cadre.code.upper()):
        answer = page.raw("GET", "/c", query_string={"ma": typed})
        assert answer.headers["Location"] == f"/c/{cadre.code}"
        assert page.raw("GET", f"/c/{typed}").data == page.raw("GET", f"/c/{cadre.code}").data


def test_unknown_and_malformed_codes_look_the_same(page, given):
    _, _, (cadre, _, _) = given
    page.get(f"/c/{'a' * 20}", 404)
    unknown = page.last
    for code in ("x", "a/b/c", cadre.code[:19], cadre.code + "a", "%27%22%3Cb%3E", "0" * 20, "đ" * 20, "-"):
        answer = page.raw("GET", f"/c/{code}")
        assert (answer.status_code, answer.data) == (404, unknown.data), code
        assert dict(answer.headers) == dict(unknown.headers)
    for typed in ("x/y", "%%%", "a" * 300):
        onward = page.raw("GET", "/c", query_string={"ma": typed}).headers["Location"]
        assert page.raw("GET", onward).data == unknown.data


def test_the_form_to_type_a_code(page, app):
    assert page.get("/c").one("input", name="ma") is not None
    assert "Ô này còn trống" in page.get("/c?ma=+").words
    assert "Ô này còn trống" not in page.get("/c").words


def test_revoked_shows_as_revoked_with_kind_of_reason_only(page, given):
    _, _, (_, _, near) = given
    page.as_("coordinator").post(address(near, "/thu-hoi"), cause="wrong_person", reason="Chuyện riêng của chị Thơm")
    html = page.get(f"/c/{near.code}")
    assert words_of(html.one("h1")) == "ĐÃ THU HỒI"
    assert "Lý do: ghi nhầm người học" in html.words and "Chuyện riêng" not in html.text
    assert clock.today().strftime("%d/%m/%Y") in html.words and "Vi Thị Thơm" in html.words


def test_replaced_shows_the_number_and_both_verify(page, given):
    _, _, (_, _, near) = given
    page.as_("coordinator").post(address(near, "/thay-the"), name="Vi Thị Thơ", birth_year="1990", why="Thừa chữ")
    new = db.query(Certificate).filter_by(name="Vi Thị Thơ").one()
    old = page.get(f"/c/{near.code}")
    assert words_of(old.one("h1")) == "ĐÃ THAY THẾ" and new.number_text in old.words
    assert new.code not in old.text and "Vi Thị Thơm" in old.words
    assert words_of(page.get(f"/c/{new.code}").one("h1")) == "HỢP LỆ"


def test_the_check_page_asks_for_two_things_of_15_kilobytes(page, given):
    _, _, (cadre, _, _) = given
    html = page.get(f"/c/{cadre.code}")
    sheets = [link.get("href") for link in html.all("link") if link.get("rel") == "stylesheet"]
    assert len(sheets) == 1 and not html.all("script") and not html.all("img") and "<use" not in html.text
    packed = {"headers": {"Accept-Encoding": "gzip"}}
    whole = page.raw("GET", f"/c/{cadre.code}", **packed), page.raw("GET", sheets[0], **packed)
    assert all(answer.headers["Content-Encoding"] == "gzip" for answer in whole)
    assert sum(len(answer.data) for answer in whole) <= 15_000
    assert gzip.decompress(whole[1].data)
