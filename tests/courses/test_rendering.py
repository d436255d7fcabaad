"""Markdown to HTML in the shapes of the look; what is clean, what waits for an address."""

from __future__ import annotations

import struct
from itertools import pairwise

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.courses.rules.addresses import fill_in
from lms.courses.rules.claims import claims_without_footnote
from lms.courses.rules.course import Check, Html
from lms.courses.rules.faults import Faults
from lms.courses.rules.fragment import Shelf
from lms.courses.rules.markdown import LessonText, Renderer
from lms.courses.rules.sizes import picture_size
from lms.courses.rules.tidy import slugify

FILES = {
    "m/tranh.svg": b'<svg viewBox="0 0 720 400"></svg>',
    "m/phim.mp4": b"x" * 3_400_000,
    "m/phim.vtt": b"WEBVTT\n",
    "m/phim.txt": "Lời thứ nhất.\n\nLời < thứ hai.".encode(),
    "m/nghe.opus": b"x" * 2_000,
    "m/nghe.txt": "Nghe rồi.".encode(),
    "m/02-bai-sau.md": b"",
    "tai-lieu/phieu.md": b"",
}


def rendered(markdown: str) -> tuple[LessonText, Faults]:
    """The lesson and its faults."""
    faults = Faults()
    shelf = Shelf(FILES, {path: content.decode() for path, content in FILES.items() if path.endswith(("vtt", "txt"))})
    return Renderer(shelf, faults).lesson(markdown, "m/01-bai.md", 1), faults


def html_of(markdown: str) -> str:
    """The HTML of a text without faults and checks; it parses strictly."""
    lesson, faults = rendered(markdown)
    assert not [str(fault) for fault in faults.found]
    html = "\n".join(part.html for part in lesson.parts if isinstance(part, Html))
    html5lib.HTMLParser(strict=True).parseFragment(html)
    return html


STORY = (
    '<section class="callout callout--story"><p class="callout__kind">'
    '<svg class="icon" aria-hidden="true"><use href="%icons%#story"/></svg>Tình huống · Bữa cơm chiều</p>\n'
)


def test_the_frames_are_those_of_the_look() -> None:
    html = html_of("Học xong.\n\n/// tinh-huong | Bữa cơm chiều\nChị đi họp.\n///\n\n/// the-buoc | 3\nĐọc to.\n///\n")
    assert html.startswith('<p class="lesson__goal">Học xong.</p>\n' + STORY + "<p>Chị đi họp.</p>\n</section>")
    assert (
        '<section class="callout callout--step"><p class="callout__kind"><span>Bước</span><b>3</b></p>'
        '<div class="callout__body">\n<p>Đọc to.</p>\n</div></section>'
    ) in html
    activity = html_of("/// hoat-dong | Xếp thẻ <5 phút\n- a\n- b\n///\n")
    assert '<use href="%icons%#edit"/></svg>Hoạt động · Xếp thẻ &lt;5 phút</p>' in activity
    assert "lesson__goal" not in activity


def test_a_check_divides_the_lesson_into_parts() -> None:
    lesson, faults = rendered("Trước.\n\n/// tu-kiem-tra\nq-a\n///\n/// tu-kiem-tra\nq-b\n///\n\nSau.")
    assert not faults.found
    assert [type(part) for part in lesson.parts] == [Html, Check, Check, Html]
    assert lesson.checks == (("q-a", 4), ("q-b", 7))
    assert lesson.words == 2


def test_a_frame_after_a_list_or_a_note_stands_outside_it() -> None:
    html = html_of("- một\n- hai[^1]\n/// tinh-huong\nChuyện.\n///\n[^1]: Nguồn.\n/// hoat-dong\nLàm.\n///\n")
    assert html.index("</ul>") < html.index("<section") < html.index("callout--activity") < html.index("footnotes")


def test_a_frame_inside_code_is_text() -> None:
    assert "/// tinh-huong" in html_of("```\n/// tinh-huong\n<b>\n```\n")


def test_a_picture_alone_is_a_figure_with_its_size() -> None:
    assert html_of("![Nồi “cơm”](tranh.svg)") == (
        '<figure class="lesson__art"><img src="%file:m/tranh.svg%" alt="Nồi “cơm”" width="720" height="400" '
        'loading="lazy" decoding="async"></figure>'
    )
    assert "figure" not in html_of("Xem ![nồi](tranh.svg) này")
    assert html_of("![a](tranh.svg)\n![b](../m/tranh.svg)").count("<figure") == 2


def test_video_and_sound_never_start_alone_and_say_what_they_weigh() -> None:
    html = html_of("![Cách báo tin](phim.mp4)\n\n![Nghe bài](nghe.opus)")
    assert "autoplay" not in html
    assert html.count('preload="none"') == 2
    assert '<track kind="subtitles" src="%file:m/phim.vtt%" srclang="vi" label="Tiếng Việt" default>' in html
    assert "Cách báo tin · 3,2 MB" in html
    assert "Nghe bài · 2 KB" in html
    assert "<summary>Lời trong phim</summary><p>Lời thứ nhất.</p><p>Lời &lt; thứ hai.</p></details>" in html
    assert "<summary>Lời trong bài nghe</summary><p>Nghe rồi.</p></details>" in html


def test_links_outside_are_safe_and_links_inside_wait_for_addresses() -> None:
    html = html_of("[báo](https://x.vn/a) [bài](02-bai-sau.md) [phiếu](../tai-lieu/phieu.md) [thư](mailto:a@b.vn)")
    assert '<a href="https://x.vn/a" rel="noopener">báo</a>' in html
    assert '<a href="%lesson:bai-sau%">' in html
    assert '<a href="%handout:phieu%">' in html
    assert '<a href="mailto:a@b.vn">' in html


def test_sources_stand_under_their_own_heading_and_ids_are_unique() -> None:
    html = html_of("Một.[^1] Hai.[^b] Lại một.[^1]\n\n[^1]: Luật.\n[^b]: Báo.\n")
    assert '<section class="footnotes small">\n<h2 class="small">Nguồn</h2><ol>' in html
    ids = [piece.split('"', 1)[0] for piece in html.split('id="')[1:]]
    assert len(ids) == len(set(ids)) == 5
    assert html.count("<sup") == 3


def test_tables_unfold_on_small_screens() -> None:
    html = html_of("| Xã | Người |\n|---|--:|\n| Mậu Lâm | 76 |\n")
    assert '<table class="table">' in html
    assert '<th scope="col">Xã</th>' in html
    assert '<td data-label="Người" class="num">76</td>' in html.replace(
        'class="num" data-label="Người"', 'data-label="Người" class="num"'
    )


def test_two_terms_may_be_a_pair() -> None:
    html = html_of("Giới tính {.pair}\n:   Sinh ra đã có. **Mang thai**{.pair__say}\n\nGiới\n:   Do dạy.\n")
    assert html.startswith('<dl class="pair">\n<div><dt>Giới tính</dt>')
    assert '<strong class="pair__say">Mang thai</strong>' in html
    assert html.count("<div>") == 2
    assert "pair" not in html_of("A {.pair}\n:   a\n\nB\n:   b\n\nC\n:   c\n")


def test_an_admonition_is_a_notice() -> None:
    html = html_of('!!! note "Nhớ"\n    Gọi trước.\n')
    assert html.startswith('<div class="notice">\n<svg class="icon"')
    assert "<p><b>Nhớ</b></p>" in html
    bad = html_of("!!! warning\n    Nguy.\n")
    assert 'class="notice notice--bad"' in bad
    assert "<b>Cẩn thận</b>" in bad


def test_headings_have_slugs_with_d() -> None:
    assert html_of("## Đánh giá, đúng hạn") == '<h2 id="muc-danh-gia-dung-han">Đánh giá, đúng hạn</h2>'
    assert slugify("Đường về nhà ĐẸP") == "duong-ve-nha-dep"


def test_what_looks_like_a_place_is_shown_as_written() -> None:
    html = html_of("Viết %icons% và %file:m/tranh.svg% và %gap:1%")
    assert fill_in(html, icons="/i.svg", file=lambda _: "BAD") == html
    assert "&#37;icons%" in html


def test_addresses_are_filled_in() -> None:
    html = html_of("/// tinh-huong\n![a](tranh.svg)\n///\n[b](02-bai-sau.md)")
    page = fill_in(html, icons="/i.svg?v=1&x", file=lambda path: f"/tep/{path}", lesson=lambda slug: f"/bai/{slug}")
    assert 'href="/i.svg?v=1&amp;x#story"' in page
    assert 'src="/tep/m/tranh.svg"' in page
    assert 'href="/bai/bai-sau"' in page


@given(st.text(alphabet=st.sampled_from("<>/=\"'()[]!`*_{}:%\\ \n&#;ajx\ue000\ue0010"), max_size=60))
def test_no_text_makes_live_script_or_foreign_tags(written: str) -> None:
    lesson, _ = rendered(written.replace("\ue000", "").replace("\ue001", ""))
    html = "".join(part.html for part in lesson.parts if isinstance(part, Html))
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    allowed = set(
        [
            "a",
            "p",
            "em",
            "strong",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "code",
            "pre",
            "div",
            "span",
            "blockquote",
            "hr",
            "br",
            "section",
            "svg",
            "use",
            "ul",
            "ol",
            "li",
            "sup",
        ]
    )
    for element in tree.iter():
        assert not isinstance(element.tag, str) or element.tag in {*allowed, "DOCUMENT_FRAGMENT"}, (element.tag, html)
        assert not [name for name in element.attrib if str(name).startswith("on") or name == "style"]
        assert not str(element.attrib.get("href", "")).lower().strip().startswith(("javascript", "data"))


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 30, 20), (30, 20)),
        (b"GIF89a" + struct.pack("<HH", 30, 20), (30, 20)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 20, 30), (30, 20)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\x00" * 8 + b"\x1d\x00\x00\x13\x00\x00", (30, 20)),
        (b"<svg viewBox='0,0,30.2,19.9'>", (30, 20)),
        (b"<svg width='3'>", None),
        (b"\xff\xd8\xff", None),
        (b"", None),
    ],
)
def test_sizes_of_pictures(content: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(content) == size


CLAIMS = [
    ("Có 68 người.", True),
    ("Có 5 người.", False),
    ("Tăng 5%.", True),
    ("Theo Điều 5.", True),
    ("Theo Luật Bình đẳng giới số 73/2006/QH11.", True),
    ("Ngày 8/3 họp.", True),
    ("Gọi 1800 1567 ngay.", True),
    ("Gọi 111.", True),
    ("Có 68 người.[^1]\n\n[^1]: Báo 2023.", False),
    ("## 12 việc", False),
    ("12. Việc nhà", False),
    ("```\n2023\n```", False),
    ("[xem](https://x.vn/2023)", False),
    ("/// tinh-huong\nCô dâu 16 tuổi.\n///", False),
    ("/// hoat-dong\nLàm trong 20 phút.\n///", False),
    ("/// tinh-huong\nLuật số 13/2022/QH15 nói.\n///", True),
    ("/// hoat-dong\nGọi 02373 123 456.\n///", True),
    ("/// tinh-huong\nCả huyện có 12.000 người.\n///", True),
]


@pytest.mark.parametrize(("written", "is_claim"), CLAIMS)
def test_claims_without_a_footnote(written: str, is_claim: bool) -> None:
    assert bool(claims_without_footnote(written)) is is_claim


def test_each_item_of_a_list_makes_its_own_claim_and_a_table_makes_one() -> None:
    written = (
        "Mở đầu\nhai dòng.\n\n- có 20 tuổi\n- có 18 tuổi[^1]\n\n| a | b |\n|---|---|\n| 12 | 34 |\n\n[^1]: Luật 2014\n"
    )
    lines = [warning.line for warning in claims_without_footnote(written, "x.md", 10)]
    assert lines == [13, 16]
    assert all(first < second for first, second in pairwise(lines))
