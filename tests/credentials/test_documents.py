import io
import subprocess
import time

import pypdf
import pytest

from lms.core import qr
from lms.credentials import actions, documents
from lms.credentials.models import Certificate
from tests.credentials import make

LONG_NAME = "Nguyễn Hoàng Thị Phương Thảo Ngọc Quỳnh Trường Nghiêm Huyền "[:60].strip()
LONG_TITLE = "Lồng ghép giới trong xây dựng và thực hiện chính sách ở vùng dân tộc thiểu số xã"


@pytest.fixture
def one(app) -> Certificate:
    _, (took,) = make.held_class([make.person("cadre")])
    return actions.issue_for_participation(took)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    return " ".join(read(pdf).pages[0].extract_text().split())


def test_the_text_holds_what_is_printed_and_nothing_else_about_the_holder(one):
    text = words(documents.render(one))
    for part in (
        "Lường Thị Ngọc Ánh", "sinh năm 1985, đã hoàn thành khóa tập huấn", "Tổ tiết kiệm vay vốn thôn bản",
        "02 ngày (14 giờ), từ ngày 18/6 đến ngày 19/6/2026", "HỘI LHPN VIỆT NAM", "HỘI LHPN TỈNH THANH HÓA",
        "Số: 0001/", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "GIẤY CHỨNG NHẬN",
        "TM. BAN THƯỜNG VỤ", "Thanh Hóa, ngày", one.code[:4].upper(), "không phải chữ ký số",
    ):  # fmt: skip
        assert part in text, part
    for secret in ("Đồng Tâm", "Chi hội", "Xuân Du", "Thái", "0912", "Nữ"):
        assert secret not in text


def test_the_same_bytes_every_time_small_and_quick(one):
    documents.render(one)
    begun = time.perf_counter()
    first = documents.render(one)
    assert time.perf_counter() - begun < 0.4
    documents._thread.__dict__.clear()
    assert documents.render(one) == first
    assert len(first) <= 200_000


def test_fonts_are_embedded_and_the_file_is_tagged(one):
    pdf = read(documents.render(one))
    fonts = pdf.pages[0]["/Resources"]["/Font"]
    assert fonts
    for font in fonts.values():
        below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(below)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"] and pdf.trailer["/Root"]["/Lang"] == "vi"
    meta = pdf.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in meta and "<pdfuaid:part>1</pdfuaid:part>" in meta
    width, height = (float(pdf.pages[0].mediabox[i]) for i in (2, 3))
    assert (round(width), round(height)) == (842, 595)


def _pixels(pdf: bytes, tmp_path, dpi: int):
    (tmp_path / "giay.pdf").write_bytes(pdf)
    order = ["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", str(tmp_path / "giay.pdf"), str(tmp_path / "giay")]
    subprocess.run(order, check=True)
    head, size, _, body = (tmp_path / "giay.pgm").read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    assert head == b"P5"
    return width, height, body


def test_the_printed_qr_is_the_matrix_of_the_public_address(one, tmp_path):
    dpi = 300
    width, height, body = _pixels(documents.render(one), tmp_path, dpi)
    rows = qr.matrix(documents.address(one))
    mm, side = dpi / 25.4, 35 * dpi / 25.4
    module, left, top = side / (len(rows) + 8), 29 * mm, (210 - 21 - 35) * mm
    assert module / mm >= 0.42

    def dark(column: float, row: float) -> bool:
        return body[int(top + (row + 4.5) * module) * width + int(left + (column + 4.5) * module)] < 128

    assert [[dark(x, y) for x in range(len(rows))] for y in range(len(rows))] == rows
    assert not any(dark(x, y) for x in range(-4, len(rows) + 4) for y in (-4, -1, len(rows), len(rows) + 3))


@pytest.mark.parametrize(
    ("name", "title", "issuer"),
    [
        (LONG_NAME, LONG_TITLE, "Hội LHPN tỉnh Thanh Hóa"),
        (f"{LONG_NAME} {LONG_NAME}"[:120], f"{LONG_TITLE} {LONG_TITLE} {LONG_TITLE}"[:200], "Trung tâm " + "Bồi dưỡng " * 18),
        ("H'Blă Niê Kdăm", "Tổ tiết kiệm vay vốn thôn bản", "Hội LHPN tỉnh Thanh Hóa"),
        ('Y #dollar $1 <b>&amp; *x* _y_ @z "q"', "Một, hai\\ba", "Hội LHPN xã Xuân Du"),
    ],
)  # fmt: skip
def test_long_and_strange_words_fit_on_one_page(one, tmp_path, name, title, issuer):
    one.name, one.course_title, one.issuer_name = name, title, issuer.strip()
    pdf = documents.render(one)
    assert len(read(pdf).pages) == 1
    assert name in words(pdf) and title in words(pdf)
    width, height, body = _pixels(pdf, tmp_path, 72)
    white = 25.4 / 72
    for x in (18.5, 297 - 18.5):  # a clear strip between the frame and the words
        column = [body[int(y / white) * width + int(x / white)] for y in range(20, 190)]
        assert min(column) > 200
    row = int((210 - 19) / white) * width
    assert min(body[row + int(20 / white) : row + int(277 / white)]) > 200
    assert len(pdf) <= 200_000


def test_a_letter_no_font_can_draw_still_prints(one):
    one.name = "阮 Thị Ánh"
    assert len(read(documents.render(one)).pages) == 1
