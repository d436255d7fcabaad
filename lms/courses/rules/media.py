"""Pictures, video and sound of a text: their files are there, described, subtitled; and their HTML."""

from __future__ import annotations

import html
import posixpath
import re

from lms.core.words import number, text
from lms.courses.rules.course import PICTURES, SOUNDS, VIDEOS, suffix_of
from lms.courses.rules.fragment import Fragment
from lms.courses.rules.sizes import picture_size

_NO_ALT = (
    text("Tranh, phim hoặc âm thanh này chưa có lời mô tả."),
    text("Viết lời mô tả vào giữa hai ngoặc vuông: ![Trong bếp, nồi cơm đang sôi](tranh.svg)"),
)
_NO_MEDIA = (
    text("Tệp này không phải tranh, phim hay âm thanh."),
    text("Dùng tệp .svg, .png, .jpg, .gif, .webp, .mp4, .webm, .ogg, .opus, .mp3 hoặc .m4a."),
)
_NOT_ALONE = (
    text("Phim và âm thanh phải đứng riêng một đoạn."),
    text("Thêm một dòng trống ở trên và ở dưới dòng này."),
)


def path_of(address: str, line: int, fragment: Fragment) -> str | None:
    """The path in the folder that a relative address means; None (and a fault) if there is no such file."""
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/|\\", address):
        fragment.fault(
            line,
            text("“{address}” không phải tệp trong thư mục khóa học.", address=address),
            text("Chép tệp vào thư mục khóa học và ghi tên tệp, không ghi địa chỉ mạng."),
        )
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(fragment.file), address))
    if address and path in fragment.shelf.files:
        return path
    fragment.fault(
        line,
        text("Không có tệp “{address}”.", address=address),
        text("Đặt tệp vào đúng thư mục, hoặc sửa lại tên tệp ở dòng này."),
    )
    return None


def media_html(address: str, alt: str, is_alone: bool, line: int, fragment: Fragment) -> str:
    """HTML of `![alt](address)`; empty where there is a fault. `is_alone`: nothing else stands in its paragraph."""
    path = path_of(address, line, fragment)
    if not alt.strip():
        fragment.fault(line, *_NO_ALT)
    if path is None:
        return ""
    kind = suffix_of(path)
    if kind in PICTURES:
        return _picture(path, alt, is_alone, line, fragment)
    if kind not in VIDEOS and kind not in SOUNDS:
        fragment.fault(line, *_NO_MEDIA)
        return ""
    if not is_alone:
        fragment.fault(line, *_NOT_ALONE)
    return _video(path, alt, line, fragment) if kind in VIDEOS else _sound(path, alt, line, fragment)


def _picture(path: str, alt: str, is_alone: bool, line: int, fragment: Fragment) -> str:
    size = picture_size(fragment.shelf.files[path])
    if size is None:
        fragment.fault(
            line,
            text("Không đọc được kích thước của tranh “{path}”.", path=path),
            text('Lưu lại tranh; tranh .svg cần có viewBox, thí dụ viewBox="0 0 720 400".'),
        )
        return ""
    image = (
        f'<img src="%file:{path}%" alt="{html.escape(alt)}" width="{size[0]}" height="{size[1]}" '
        'loading="lazy" decoding="async">'
    )
    return f'<figure class="lesson__art">{image}</figure>' if is_alone else image


def _video(path: str, alt: str, line: int, fragment: Fragment) -> str:
    stem = path.rsplit(".", 1)[0]
    subtitles, transcript = f"{stem}.vtt", _transcript(path, line, fragment)
    if not fragment.shelf.texts.get(subtitles, "").startswith("WEBVTT"):
        fragment.fault(
            line,
            text("Phim “{path}” chưa có phụ đề.", path=path),
            text("Đặt tệp phụ đề “{file}” cạnh phim; dòng đầu của tệp là WEBVTT.", file=subtitles),
        )
    return (
        f'<figure class="lesson__video"><video controls preload="none" playsinline aria-label="{html.escape(alt)}">'
        f'<source src="%file:{path}%" type="{VIDEOS[suffix_of(path)]}">'
        f'<track kind="subtitles" src="%file:{subtitles}%" srclang="vi" label="Tiếng Việt" default></video>'
        f"{_caption(path, alt, fragment)}{_unfolding('Lời trong phim', transcript)}</figure>"
    )


def _sound(path: str, alt: str, line: int, fragment: Fragment) -> str:
    return (
        f'<figure class="lesson__audio"><audio controls preload="none" aria-label="{html.escape(alt)}">'
        f'<source src="%file:{path}%" type="{SOUNDS[suffix_of(path)]}"></audio>'
        f"{_caption(path, alt, fragment)}{_unfolding('Lời trong bài nghe', _transcript(path, line, fragment))}</figure>"
    )


def _transcript(path: str, line: int, fragment: Fragment) -> str:
    file = path.rsplit(".", 1)[0] + ".txt"
    words = fragment.shelf.texts.get(file, "").strip()
    if not words:
        fragment.fault(
            line,
            text("“{path}” chưa có bản ghi lời.", path=path),
            text("Chép lại lời nói vào tệp “{file}”, đặt cạnh tệp này.", file=file),
        )
    return words


def _caption(path: str, alt: str, fragment: Fragment) -> str:
    weight = size_text(len(fragment.shelf.files[path]))
    return f'<figcaption class="small soft">{html.escape(alt)} · {weight}</figcaption>'


def size_text(size: int) -> str:
    """3,2 MB; below a tenth of a megabyte in KB, at least 1."""
    megabytes = size / 1024 / 1024
    return f"{number(megabytes, 1)} MB" if megabytes >= 0.1 else f"{number(max(1, size / 1024))} KB"


def _unfolding(title: str, words: str) -> str:
    paragraphs = [" ".join(block.split()) for block in re.split(r"\n\s*\n", words)]
    body = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
    return f'<details class="transcript"><summary>{title}</summary>{body}</details>'
