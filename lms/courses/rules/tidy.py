"""Files of a course by what they are: names, places, texts in UTF-8; slugs of Vietnamese titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from lms.core.names import loose
from lms.core.words import text
from lms.courses.rules.course import ATTACHED, PICTURES, SOUNDS, VIDEOS, suffix_of
from lms.courses.rules.faults import Faults

COVER = "course.toml"
TEST = "thi-cuoi-khoa.md"
INTRO = "chuyen-de.md"
GLOSSARY = "tu-dien.md"
FORMS = "truoc-sau.md"
HANDOUTS = "tai-lieu"
MODULE_NAME = re.compile(r"\d{2,3}-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)")
LESSON_NAME = re.compile(
    r"(?P<stem>\d{2,3}-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*))(?:\.(?P<extra>cau-hoi|[a-z]{2,3}))?\.md"
)
_PART = re.compile(r"[a-z0-9]+(?:[.-]+[a-z0-9]+)*")
_TEXTS = frozenset({".md", ".toml", ".vtt", ".txt"})
_KNOWN = _TEXTS | PICTURES | VIDEOS.keys() | SOUNDS.keys() | ATTACHED
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff]")

_BAD_NAME = (
    text("Tên tệp hoặc thư mục không đúng."),
    text("Chỉ dùng chữ thường không dấu, chữ số, dấu gạch ngang và dấu chấm, thí dụ 01-hai-tu.md."),
)
_BAD_KIND = (
    text("Khóa học không dùng loại tệp này."),
    text("Bỏ tệp ra, hoặc đổi sang .md, .svg, .png, .jpg, .gif, .webp, .mp4, .webm, .mp3, .m4a, .ogg, .opus, .pdf."),
)
_BAD_PLACE = (
    text("Tệp này không nằm đúng chỗ, hoặc tên không đúng mẫu."),
    text("Bài học theo mẫu 01-ten-chuyen-de/01-ten-bai.md; tài liệu in nằm trong tai-lieu/."),
)

_LONGEST = 200_000
_LONGEST_OF_QUESTIONS = 2_000_000
_MOST_BRACKETS = 1_500
_TOO_LONG = (
    text("Tệp dài quá, hoặc có quá nhiều dấu [ và <."),
    text("Chia thành nhiều tệp ngắn hơn; một bài học nên đọc xong trong vài phút."),
)
_NOT_UTF_8 = (
    text("Tệp không ở dạng UTF-8."),
    text("Mở tệp bằng trình soạn thảo, lưu lại với bảng mã UTF-8."),
)


def slugify(title: str, separator: str = "-") -> str:
    """`Đánh giá cuối khóa` -> `danh-gia-cuoi-khoa`; đ is a d."""
    return separator.join(re.findall(r"[a-z0-9]+", loose(title)))


def check_names(files: Mapping[str, bytes], faults: Faults) -> None:
    """A fault for each file whose name, kind or place does not fit."""
    for path in files:
        if not all(_PART.fullmatch(part) for part in path.split("/")):
            faults.add(path, 0, *_BAD_NAME)
        elif suffix_of(path) not in _KNOWN:
            faults.add(path, 0, *_BAD_KIND)
        elif suffix_of(path) in {".md", ".toml"} and not _has_place(path):
            faults.add(path, 0, *_BAD_PLACE)


def _has_place(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if not folder:
        return name in {COVER, TEST, GLOSSARY, FORMS}
    if folder == HANDOUTS:
        return name.endswith(".md")
    return bool(MODULE_NAME.fullmatch(folder) and (name == INTRO or LESSON_NAME.fullmatch(name)))


def texts_of(files: Mapping[str, bytes], faults: Faults) -> dict[str, str]:
    """The text files, in NFC with plain line ends.

    One that is not UTF-8 is a fault, but read on with gaps; one far too long is a fault, and as if it were empty.
    """
    texts: dict[str, str] = {}
    for path, content in files.items():
        if suffix_of(path) not in _TEXTS:
            continue
        if _is_too_long(path, content):
            faults.add(path, 0, *_TOO_LONG)
            texts[path] = ""
            continue
        try:
            texts[path] = neat_text(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            faults.add(path, content.count(b"\n", 0, error.start) + 1, *_NOT_UTF_8)
            if path != COVER:
                texts[path] = neat_text(content.decode(errors="replace"))
    return texts


def _is_too_long(path: str, content: bytes) -> bool:
    """Markdown slows down with the square of its brackets; no honest lesson comes near these numbers.

    In a file of questions each question is rendered, and counts, for itself.
    """
    asks = path.endswith(".cau-hoi.md") or path in {TEST, FORMS}
    pieces = content.split(b"\n## ") if asks else [content]
    return len(content) > _LONGEST_OF_QUESTIONS or any(
        len(piece) > _LONGEST or max(piece.count(b"["), piece.count(b"<")) > _MOST_BRACKETS for piece in pieces
    )


def neat_text(written: str) -> str:
    """NFC, line ends as \\n, no hidden control or private letters; lines keep their numbers."""
    plain = written.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _HIDDEN.sub("", plain))
