"""`lms courses`: folders read, shown, published, taken out again and begun."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from lms.authoring.documents import STARTER
from lms.core.actor import System
from lms.core.files import store
from lms.core.refusal import NotFound, Refusal
from lms.core.settings import data_folder
from lms.core.words import number
from lms.courses import actions, queries
from lms.courses.documents import packed
from lms.courses.rules import Course, CourseHasFaults, Fault, Summary, read_files, read_folder, size_text, summary_of
from lms.units.queries import national_union

LMS = System("lms courses publish")
KINDS = {
    "single": "chọn một", "multiple": "chọn nhiều", "truefalse": "đúng sai", "match": "nối", "order": "xếp thứ tự",
    "number": "điền số", "short": "trả lời ngắn", "cloze": "điền chỗ trống", "long": "trả lời dài",
}  # fmt: skip
PRODUCTS = {"none": "không bắt buộc", "all": "phải được nhận tất cả", "any": "phải được nhận ít nhất một"}


def folders_of(given: Sequence[Path]) -> list[Path]:
    """The given folders, or all in `courses/`."""
    return list(given) or sorted(p.parent for p in data_folder("courses").glob("*/course.toml"))


def check(given: Sequence[Path], as_json: bool) -> int:
    """Faults by file and line, or a summary, of each folder; 1 if any has a fault."""
    bad = 0
    for folder in folders_of(given):
        try:
            read = read_folder(folder)
        except CourseHasFaults as faults:
            bad = 1
            _tell(folder.name, faults.faults)
            continue
        found = summary_of(read)
        line = {"course": folder.name, **asdict(found)}
        click.echo(json.dumps(line, ensure_ascii=False, default=str) if as_json else "\n".join(_shown(read, found)))
    return bad


def _tell(course: str, faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(_line(course, fault), err=True)


def _line(course: str, fault: Fault) -> str:
    return f"{course}/{fault.file}:{fault.line}: {fault.sentence} {fault.remedy}"


def _shown(read: Course, found: Summary) -> Iterator[str]:
    """The summary for people: what the course holds, then what an author may want to look at."""
    yield f"{read.id}: {read.title}"
    yield f"  {len(read.modules)} chuyên đề, {found.lessons} bài, {number(found.words)} chữ, {found.minutes} phút"
    kinds = ", ".join(f"{count} {KINDS[kind]}" for kind, count in found.by_kind.items())
    yield f"  {found.questions} câu hỏi" + (f": {kinds}" if kinds else "")
    for goal, count in found.by_goal.items():
        yield f"    {goal}: {count} câu · {read.goals[goal]}"
    if read.test:
        yield f"  Thi cuối khóa: rút {read.test.draw} trong {len(read.pool)} câu, đúng {read.test.pass_mark} thì đạt"
    if read.forms:
        yield f"  Trước và sau khóa: 2 bộ câu hỏi, mỗi bộ {found.forms} câu"
    if found.products:
        yield f"  Sản phẩm ({PRODUCTS[read.completion.products]}): {', '.join(found.products)}"
    yield f"  Từ khó có giải thích: {found.terms}"
    yield f"  Đoạn có chú thích nguồn: {len(found.sourced)}, từ {len(read.sources)} nguồn"
    for language, count in found.translated.items():
        yield f"  Bản dịch {language}: {count}/{found.lessons} bài"
    aloud = ", ".join(f"{language} {count}/{found.lessons}" for language, count in found.read_aloud.items())
    yield f"  Bài có bản đọc: {aloud}"
    yield f"  Tranh, phim, âm thanh: {len(found.media)} tệp, {size_text(found.media_size)}"
    yield f"  Nên xem lại: {len(found.warnings)} chỗ" if found.warnings else "  Không có chỗ nào cần xem lại."
    yield from (f"    {_line(read.id, warning)}" for warning in found.warnings)


def claims(given: Sequence[Path]) -> int:
    """Everything that names a source, a line each, to be read against the sources: place, words, source, note.

    1 if a folder has a fault.
    """
    bad = 0
    for folder in folders_of(given):
        try:
            found = summary_of(read_folder(folder)).sourced
        except CourseHasFaults as faults:
            bad = 1
            _tell(folder.name, faults.faults)
            continue
        for claim in found:
            for label, note in claim.notes:
                click.echo("\t".join((f"{folder.name}/{claim.file}:{claim.line}", claim.words, label, note)))
    return bad


def publish(given: Sequence[Path], confirmed: bool) -> int:
    """Each folder as an edition; a folder with faults is told and left out."""
    bad = 0
    for folder in folders_of(given):
        try:
            edition = actions.publish_folder(folder, owner=national_union(), by=LMS, confirmed=confirmed)
            click.echo(f"{folder.name}: bản {edition.number}")
        except CourseHasFaults as faults:
            bad = 1
            _tell(folder.name, faults.faults)
        except Refusal as refusal:
            bad = 1
            click.echo(f"{folder.name}: {refusal.sentence}", err=True)
    return bad


def export(slug: str, to: Path, zipped: Path | None) -> int:
    """The folder of the edition in force, byte for byte, as `to`/slug or as a zip."""
    try:
        edition = queries.edition_of(slug)
    except NotFound:
        click.echo(f"{slug}: không có khóa học này, hoặc khóa chưa phát hành.", err=True)
        return 1
    files = {path: store().get(digest) for path, digest in queries.files_of(edition.id).items()}
    if zipped:
        zipped.write_bytes(packed(files, slug))
        click.echo(f"{slug}: bản {edition.number}, {len(files)} tệp, trong {zipped}")
        return 0
    if not _write(files, to / slug):
        return 1
    click.echo(f"{slug}: bản {edition.number}, {len(files)} tệp, trong {to / slug}")
    return 0


def new(slug: str, title: str, to: Path | None) -> int:
    """A new folder to start from, with this slug and title; nothing is written over."""
    files = {
        path.relative_to(STARTER).as_posix(): path.read_bytes() for path in sorted(STARTER.rglob("*")) if path.is_file()
    }
    files["course.toml"] = _named(files["course.toml"].decode(), slug, title).encode()
    try:
        read_files(files, slug)
    except CourseHasFaults as faults:
        _tell(slug, faults.faults)
        return 1
    folder = (to or data_folder("courses")) / slug
    if not _write(files, folder):
        return 1
    click.echo(f"{folder}: {len(files)} tệp. Sửa rồi chạy: lms courses check {folder}")
    return 0


def _named(cover: str, slug: str, title: str) -> str:
    """course.toml of the starter with another id and title."""
    old = read_folder(STARTER)
    quoted = json.dumps(title, ensure_ascii=False)
    return cover.replace(f'id = "{old.id}"', f"id = {json.dumps(slug)}").replace(
        f'title = "{old.title}"', f"title = {quoted}"
    )


def _write(files: Mapping[str, bytes], folder: Path) -> bool:
    """The files into a folder that is not there yet; False (and a line) where it is."""
    if folder.exists():
        click.echo(f"{folder}: thư mục này đã có; không ghi đè.", err=True)
        return False
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return True
