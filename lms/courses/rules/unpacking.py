"""A folder or a zip becomes {path: content}; what would lie outside, link or swell is refused."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lms.core.words import text
from lms.courses.rules.faults import Faults

LIMIT = 50 * 1024 * 1024
MOST_FILES = 2_000
ZIP = "tệp zip"
_CHUNK = 64 * 1024
_JUNK = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".git"})
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile raises for damaged archives; an empty name, for one, is an IndexError.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError, LookupError, ArithmeticError),
)


def files_of_folder(folder: Path, faults: Faults) -> dict[str, bytes]:
    """Every file under `folder` by its path with slashes; a link is a fault and is not followed."""
    if folder.is_symlink() or not folder.is_dir():
        faults.add(folder.name, 0, text("Không có thư mục này."), text("Kiểm tra lại đường dẫn tới thư mục khóa học."))
        return {}
    files: dict[str, bytes] = {}
    for path in _walk(folder):
        name = _neat(path.relative_to(folder).as_posix())
        if path.is_symlink():
            _link(name, faults)
        elif path.is_file():
            files[name] = path.read_bytes()
    return files


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if _is_junk(path.name):
            continue
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)


def _is_junk(path: str) -> bool:
    return any(part in _JUNK or part.startswith("._") for part in path.split("/"))


def _neat(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _link(file: str, faults: Faults) -> None:
    faults.add(
        file, 0, text("Đây là một liên kết tới tệp khác."), text("Chép hẳn tệp vào thư mục khóa học, bỏ liên kết.")
    )


def files_of_zip(content: bytes, faults: Faults) -> dict[str, bytes]:
    """Every file of the zip, a single top folder stripped; at most LIMIT bytes are ever unpacked, in memory only."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = _unpack(archive, faults)
    except _BROKEN:
        _broken(ZIP, faults)
        return {}
    return _without_top(files)


def _broken(file: str, faults: Faults) -> None:
    faults.add(
        file,
        0,
        text("Không mở được: tệp hỏng, có mật khẩu hoặc không phải tệp zip."),
        text("Nén lại thư mục khóa học thành .zip thường, không đặt mật khẩu, rồi gửi lại."),
    )


def _unpack(archive: zipfile.ZipFile, faults: Faults) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_junk(entry.filename)]
    if len(entries) > MOST_FILES:
        sentence = text("Có {count} tệp, nhiều hơn {limit}.", count=len(entries), limit=MOST_FILES)
        faults.add(ZIP, 0, sentence, text("Chỉ để các tệp của một khóa học trong tệp zip."))
        return {}
    files: dict[str, bytes] = {}
    room = LIMIT
    for entry in entries:
        if not _is_safe(entry, files, faults):
            continue
        content = _content(archive, entry, room, faults)
        if content is None:
            break
        files[_neat(entry.filename)] = content
        room -= len(content)
    return files


def _is_safe(entry: zipfile.ZipInfo, files: dict[str, bytes], faults: Faults) -> bool:
    name = entry.orig_filename
    if name.startswith("/") or re.search(r"[\\:\x00-\x1f]", name) or ".." in name.split("/"):
        faults.add(
            name,
            0,
            text("Đường dẫn này đi ra ngoài thư mục khóa học."),
            text("Nén lại từ chính thư mục khóa học; tên tệp không có \\, :, .. và không bắt đầu bằng /."),
        )
        return False
    if stat.S_ISLNK(entry.external_attr >> 16):
        _link(_neat(name), faults)
        return False
    if _neat(name) in files:
        faults.add(_neat(name), 0, text("Tệp này có hai lần trong tệp zip."), text("Giữ một tệp, rồi nén lại."))
        return False
    return True


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int, faults: Faults) -> bytes | None:
    """The entry's bytes, counted while they come out; None where reading has to stop."""
    if entry.compress_type not in _PACKINGS:
        _broken(_neat(entry.filename), faults)
        return None
    pieces: list[bytes] = []
    with archive.open(entry) as packed:
        while piece := packed.read(_CHUNK):
            room -= len(piece)
            if room < 0:
                _too_large(_neat(entry.filename), faults)
                return None
            pieces.append(piece)
    return b"".join(pieces)


def _too_large(file: str, faults: Faults) -> None:
    faults.add(
        file,
        0,
        text("Mở ra thì tệp zip nặng hơn {limit} MB, dừng đọc ở tệp này.", limit=LIMIT // 1024 // 1024),
        text("Thu nhỏ tranh, âm thanh, video, rồi nén lại."),
    )


def _without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {path.split("/", 1)[0] for path in files}
    if len(tops) != 1 or any("/" not in path for path in files):
        return files
    return {path.split("/", 1)[1]: content for path, content in files.items()}
