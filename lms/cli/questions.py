"""`lms questions`: question banks into a course folder and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from lms.app import create_app
from lms.authoring.documents import folder_of
from lms.core.refusal import NotFound
from lms.courses.queries import edition_of
from lms.courses.rules.exchange import (
    FORMS,
    BankHasFaults,
    Wanted,
    is_asked,
    joined,
    questions_in,
    read_bank,
    write_bank,
)
from lms.courses.rules.faults import Faults
from lms.courses.rules.tidy import COVER
from lms.courses.rules.unpacking import files_of_folder


@dataclass(frozen=True)
class Home:
    """The course folder a question file stands in, and the file's path inside it."""

    folder: Path
    path: str


@click.group("questions")
def questions_group() -> None:
    """Câu hỏi: nhập từ tệp khác, xuất ra tệp khác."""


@questions_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="Tệp .cau-hoi.md của một bài, hoặc thi-cuoi-khoa.md.")  # fmt: skip
@click.option("--goal", required=True, help="Mục tiêu của những câu chưa ghi mục tiêu.")
@click.option("--use", default="", type=click.Choice(["", "check", "test", "both", "form"]), help="Cách dùng.")
def questions_import(file: Path, target: Path, goal: str, use: str) -> None:
    """Thêm câu hỏi của FILE vào cuối một tệp câu hỏi. Còn một lỗi thì không ghi gì."""
    raise SystemExit(bring_in(file, target, goal, use))


@questions_group.command("export")
@click.argument("course")
@click.option("--as", "form", required=True, type=click.Choice(FORMS), help="Khuôn dạng.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Tệp sẽ ghi; bỏ đi thì ghi ra màn hình.")
def questions_export(course: str, form: str, out: Path | None) -> None:
    """Xuất câu hỏi của một thư mục khóa học, hoặc của bản đang dùng theo mã."""
    raise SystemExit(take_out(course, form, out))


def home_of(target: Path) -> Home | None:
    """The folder above with a course.toml; None where there is none."""
    whole = target.resolve()
    folder = next((above for above in whole.parents if (above / COVER).is_file()), None)
    return Home(folder, whole.relative_to(folder).as_posix()) if folder else None


def bring_in(file: Path, target: Path, goal: str, use: str) -> int:
    """Questions of a bank at the end of a question file; 1 and nothing written where anything is wrong."""
    home = home_of(target)
    if home is None or not is_asked(home.path):
        raise click.ClickException("--to phải là tệp .cau-hoi.md hoặc thi-cuoi-khoa.md trong một thư mục khóa học.")
    try:
        questions = read_bank(file.read_bytes(), file.name)
        joint = joined(_files_of(home.folder), questions, Wanted(home.path, goal, use), file.name)
    except BankHasFaults as refused:
        return _tell(refused)
    target.write_bytes(joint.files[home.path])
    click.echo(f"{home.path}: thêm {len(joint.questions)} câu.")
    return 0


def _files_of(folder: Path) -> dict[str, bytes]:
    faults = Faults()
    files = files_of_folder(folder, faults)
    if faults.found:
        raise BankHasFaults(faults.found)
    return files


def _tell(refused: BankHasFaults) -> int:
    for fault in refused.faults:
        click.echo(str(fault), err=True)
    click.echo(f"{len(refused.faults)} chỗ cần sửa; chưa ghi gì.", err=True)
    return 1


def take_out(course: str, form: str, out: Path | None) -> int:
    """The questions of a course as a file; those the form cannot carry are named."""
    try:
        files = _files_of(Path(course)) if (Path(course) / COVER).is_file() else _published(course)
        written = write_bank([question for _, question in questions_in(files)], form)
    except BankHasFaults as refused:
        return _tell(refused)
    if written.left_out:
        click.echo(f"{form} không mang theo được {len(written.left_out)} câu: {', '.join(written.left_out)}", err=True)
    if out is None:
        click.echo(written.content, nl=False)
    else:
        out.write_bytes(written.content)
        click.echo(f"{out}: {len(written.content)} byte.", err=True)
    return 0


def _published(slug: str) -> dict[str, bytes]:
    with create_app().app_context():
        try:
            return folder_of(edition_of(slug))
        except NotFound as missing:
            raise click.ClickException(f"Không có thư mục khóa học hay khóa đã phát hành tên “{slug}”.") from missing
