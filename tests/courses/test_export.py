"""`lms courses export` gives the folder back byte for byte; `lms courses new` begins one; `check` speaks Vietnamese."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from lms.authoring.documents import STARTER
from lms.cli import courses
from lms.core.files import store
from lms.courses import queries, rules
from lms.courses.documents import digest_of, packed
from tests.courses import sample

SOUND = bytes(range(256)) * 40 + b"\r\n\x00"


def _files() -> dict[str, bytes]:
    """The sample with sound, marks of Windows and a file without a last line end."""
    files = sample.files()
    files["01-gioi/01-hai-tu.m4a"] = SOUND
    files["tai-lieu/phieu.md"] = b"\xef\xbb\xbf" + sample.HANDOUT.replace("\n", "\r\n").encode()
    files["tu-dien.md"] = "Bếp\n:   Nơi nấu.".encode()
    return files


def _on_disk(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_exported_folder_is_the_one_that_was_published(app: Flask, tmp_path: Path) -> None:
    edition = sample.publish(_files())
    assert courses.export(sample.SLUG, tmp_path, None) == 0
    assert _on_disk(tmp_path / sample.SLUG) == _files()
    read = rules.read_folder(tmp_path / sample.SLUG)
    assert digest_of(read) == edition.digest
    assert courses.publish([tmp_path / sample.SLUG], confirmed=False) == 0
    assert queries.edition_of(sample.SLUG).id == edition.id


def test_an_exported_zip_is_the_one_that_was_published(app: Flask, tmp_path: Path) -> None:
    edition = sample.publish(_files())
    for name in ("mot.zip", "hai.zip"):
        assert courses.export(sample.SLUG, tmp_path, tmp_path / name) == 0
    content = (tmp_path / "mot.zip").read_bytes()
    assert content == (tmp_path / "hai.zip").read_bytes() == packed(_files(), sample.SLUG)
    read = rules.read_zip(content)
    assert read.files == _files() and digest_of(read) == edition.digest


def test_the_edition_in_force_is_exported_and_earlier_ones_can_be_rebuilt(app: Flask, tmp_path: Path) -> None:
    first, second = sample.publish(), sample.publish(_files())
    assert {path: store().get(digest) for path, digest in queries.files_of(first.id).items()} == sample.files()
    courses.export(sample.SLUG, tmp_path, None)
    assert digest_of(rules.read_folder(tmp_path / sample.SLUG)) == second.digest


def test_nothing_is_written_over_and_an_unknown_course_is_told(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample.publish()
    (tmp_path / sample.SLUG).mkdir()
    assert courses.export(sample.SLUG, tmp_path, None) == 1
    assert courses.export("khong-co", tmp_path, None) == 1
    assert _on_disk(tmp_path) == {}
    told = capsys.readouterr().err.splitlines()
    assert "không ghi đè" in told[0] and told[1].startswith("khong-co: không có")


@pytest.mark.parametrize("title", ["Khóa của tôi", 'Ngoặc "kép" \\ và gạch'])
def test_a_new_course_is_without_faults_at_once(tmp_path: Path, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert courses.new("khoa-cua-toi", title, tmp_path) == 0
    read = rules.read_folder(tmp_path / "khoa-cua-toi")
    assert (read.id, read.title, read.certificate_title) == ("khoa-cua-toi", title, title)
    assert set(read.files) == set(_on_disk(STARTER))
    assert rules.summary_of(read).warnings == ()
    assert courses.check([tmp_path / "khoa-cua-toi"], as_json=False) == 0
    assert "Không có chỗ nào cần xem lại." in capsys.readouterr().out
    assert courses.new("khoa-cua-toi", title, tmp_path) == 1


def test_a_bad_slug_is_told_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for slug in ("../ngoai", "Khóa", ""):
        assert courses.new(slug, "Tên", tmp_path / "trong") == 1
    assert list(tmp_path.iterdir()) == []
    assert "Mã khóa học chưa đúng." in capsys.readouterr().err


def test_the_starter_shows_what_the_format_can_do() -> None:
    read = rules.read_folder(STARTER)
    assert read.glossary and any(lesson.products for lesson in read.lessons)
    assert any(question.draws for question in read.questions) and any(lesson.minutes_form for lesson in read.lessons)


def test_check_tells_every_warning_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sample.files()
    files["01-gioi/02-viec-nha.md"] = files["01-gioi/02-viec-nha.md"] + "\nCó 68% người.\n".encode()
    folder = tmp_path / sample.SLUG
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    assert courses.check([folder], as_json=False) == 0
    told = capsys.readouterr().out
    assert f"    {sample.SLUG}/01-gioi/02-viec-nha.md:17: Đoạn này có “68%”" in told
    assert f"    {sample.SLUG}/thi-cuoi-khoa.md:12: Câu “q-tuoi-nam” gần giống câu “q-tuoi-nu”" in told
    assert "  2 chuyên đề, 3 bài, " in told and "phan-biet: 3 câu · Phân biệt được giới và giới tính" in told
    assert courses.check([folder], as_json=True) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["course"], plain["lessons"], len(plain["warnings"]), len(plain["claims"])) == (sample.SLUG, 3, 2, 1)
    (folder / "course.toml").unlink()
    assert courses.check([folder], as_json=True) == 1
