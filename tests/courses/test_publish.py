"""Publishing: once for the same folder, numbered, superseding, with files by hash; dropped ids ask first."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import demo
from lms.core.db import counting, db
from lms.core.files import store
from lms.core.history import HistoryEntry
from lms.core.refusal import NotFound
from lms.courses import actions, queries, rules
from lms.courses.documents import ICONS, digest_of
from lms.courses.models import Course, Edition, EditionFile, Lesson, Question
from tests.courses import sample

LESSON, ASKED = "01-gioi/02-viec-nha.md", "01-gioi/02-viec-nha.cau-hoi.md"


def _count(model: type) -> int:
    return int(db.scalar(select(func.count()).select_from(model)) or 0)


def _changed(path: str, old: str, new: str) -> dict[str, bytes]:
    files = sample.files()
    assert old in files[path].decode()
    files[path] = files[path].decode().replace(old, new).encode()
    return files


def _without_second() -> dict[str, bytes]:
    files = sample.files()
    del files[LESSON], files[ASKED]
    return files


def test_an_edition_holds_what_the_folder_says(app: Flask) -> None:
    edition = sample.publish(owner=sample.union())
    assert (edition.number, edition.title, edition.lesson_count, edition.minutes, edition.open) == (
        1,
        sample.TITLE,
        3,
        15,
        True,
    )
    assert edition.test == {
        "title": "Kiểm tra cuối khóa", "draw": 3, "pass_mark": 2, "attempts": 2, "by_goal": {"phan-biet": 1, "tao-hon": 1},
    }  # fmt: skip
    assert edition.completion == {"lessons": "all", "test": True}
    lessons = queries.outline(edition.id)
    assert [(one.place, one.key, one.slug, one.module_number, one.sensitive) for one in lessons] == [
        (1, "hai-tu", "hai-tu", 1, False), (2, "viec-nha", "viec-nha", 1, False), (3, "tu-du", "tu-du", 2, True),
    ]  # fmt: skip
    asked = queries.questions_of(edition.id)
    assert list(asked) == ["q-nau-com", "q-viec-nha", "q-tuoi-nu", "q-gioi", "q-tuoi-nam", "q-goi-la"]
    assert all(rules.mark(asked[key], right).right for key, right in sample.RIGHT.items())
    assert list(queries.questions_of(edition.id, "hai-tu")) == ["q-nau-com"]
    assert len(queries.test_pool(edition.id)) == 6
    entry = db.scalars(select(HistoryEntry).where(HistoryEntry.verb == "courses.publish")).one()
    assert (entry.subject_id, entry.details["number"]) == (edition.id, 1)


def test_addresses_stand_in_kept_texts(app: Flask) -> None:
    edition = sample.publish()
    digest = hashlib.sha256(sample.PICTURE.encode()).hexdigest()
    first = queries.lesson_of(edition.id, "hai-tu")
    html = first.parts[0]["html"]
    assert f'src="/tep/{digest}/tranh.svg"' in html and f"{ICONS}#story" in html and "%file:" not in html
    assert first.parts[1] == {"check": "q-nau-com"}
    second = queries.lesson_of(edition.id, "viec-nha")
    assert 'href="/khoa-hoc/thu-nghiem/tai-lieu/phieu"' in second.parts[0]["html"]


def test_publishing_twice_is_once(app: Flask) -> None:
    first = sample.publish()
    counts = [_count(model) for model in (Edition, Lesson, Question, EditionFile)]
    assert sample.publish().id == first.id
    assert [_count(model) for model in (Edition, Lesson, Question, EditionFile)] == counts
    assert first.superseded_at is None


def test_a_second_edition_keeps_the_keys_and_supersedes(app: Flask) -> None:
    first = sample.publish()
    second = sample.publish(_changed(LESSON, "Việc nhà là việc chung", "Việc nhà của cả nhà"))
    assert (second.number, second.course_id) == (2, first.course_id)
    assert first.superseded_at == second.published_at and second.superseded_at is None
    assert {one.key for one in queries.outline(first.id)} == {one.key for one in queries.outline(second.id)}
    assert queries.edition_of(sample.SLUG).id == second.id
    assert queries.lesson_of(first.id, "viec-nha").title == "Việc nhà là việc chung"
    back = sample.publish()
    assert (back.number, back.digest) == (3, first.digest)


def test_files_lie_under_their_hash_once(app: Flask) -> None:
    edition = sample.publish()
    rows = {row.path: row for row in db.scalars(select(EditionFile).where(EditionFile.edition_id == edition.id))}
    assert set(rows) == set(sample.files())
    for path, content in sample.files().items():
        assert store().get(rows[path].digest) == content and rows[path].size == len(content)
    assert rows["01-gioi/tranh.svg"].media_type == "image/svg+xml"
    second = sample.publish(_changed(LESSON, "Việc nhà là việc chung", "Việc nhà của cả nhà"))
    again = {row.path: row for row in db.scalars(select(EditionFile).where(EditionFile.edition_id == second.id))}
    assert again["01-gioi/tranh.svg"].digest == rows["01-gioi/tranh.svg"].digest


def test_dropped_ids_ask_first(app: Flask) -> None:
    first = sample.publish()
    with pytest.raises(actions.IdsWereDropped) as refused:
        sample.publish(_without_second())
    assert refused.value.dropped == ["q-viec-nha", "viec-nha"] and "viec-nha" in str(refused.value.sentence)
    db.expire_all()
    assert queries.edition_of(sample.SLUG).id == first.id and _count(Edition) == 1
    second = sample.publish(_without_second(), confirmed=True)
    assert second.number == 2
    entry = db.scalars(select(HistoryEntry).where(HistoryEntry.subject_id == second.id)).one()
    assert entry.details["dropped"] == ["q-viec-nha", "viec-nha"]


def test_a_retyped_question_asks_too(app: Flask) -> None:
    sample.publish()
    single = _changed("01-gioi/01-hai-tu.cau-hoi.md", "type=truefalse", "type=single")
    with pytest.raises(actions.IdsWereDropped) as refused:
        sample.publish(single)
    assert refused.value.dropped == ["q-nau-com"]
    assert sample.publish(single, confirmed=True).number == 2


def test_a_folder_and_its_zip_are_the_same_edition(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / sample.SLUG
    for path, content in sample.files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / ".DS_Store").write_bytes(b"x")
    edition = actions.publish_folder(folder, owner=None, by=demo.DEMO)
    packed = rules.read_zip(sample.zipped(dict(reversed(sample.files().items())), top="bat-ky"))
    assert digest_of(packed) == edition.digest
    assert actions.publish(packed, owner=None, by=demo.DEMO).id == edition.id


def test_a_title_that_is_too_long_is_refused_whole(app: Flask) -> None:
    files = _changed(LESSON, "Việc nhà là việc chung", "dài " * 60)
    with pytest.raises(actions.TextIsTooLong):
        sample.publish(files)
    db.expire_all()
    assert (_count(Course), _count(Edition), _count(Lesson)) == (0, 0, 0)


def test_an_announced_course_gets_its_first_edition(app: Flask) -> None:
    owner = sample.union()
    course = actions.announce_course(sample.SLUG, "Tên cũ", 1, "khac", "all", owner, by=demo.DEMO)
    again = actions.announce_course(sample.SLUG, "Tên khác", 2, "lgg", "all", None, by=demo.DEMO)
    assert again.id == course.id and again.title == "Tên cũ"
    assert queries.current_edition(course.id) is None
    with pytest.raises(NotFound):
        queries.edition_of(sample.SLUG)
    edition = sample.publish()
    assert edition.course_id == course.id and edition.course.owner_id == owner.id
    assert (edition.course.title, edition.course.component) == (sample.TITLE, 4)
    assert queries.course(course.id).id == queries.course_of(sample.SLUG).id


def test_reading_a_lesson_again_costs_one_statement(app: Flask) -> None:
    sample.publish()
    for statements in (4, 1):
        db.remove()
        with counting() as counter:
            edition = queries.edition_of(sample.SLUG)
            assert (edition.course.slug, len(queries.outline(edition.id))) == (sample.SLUG, 3)
            assert len(queries.lesson_of(edition.id, "tu-du").parts) == 3
            assert list(queries.questions_of(edition.id, "tu-du")) == ["q-tuoi-nu"]
        assert len([one for one in counter.statements if one.startswith("SELECT")]) == statements
    with pytest.raises(NotFound):
        queries.lesson_of(edition.id, "khong-co")


def test_two_publishes_at_once_get_consecutive_numbers(app: Flask) -> None:
    versions = [_changed(LESSON, "Việc nhà là việc chung", f"Việc nhà, lần {number}") for number in range(4)]
    found: list[int] = []
    start = threading.Barrier(len(versions))

    def publish(files: dict[str, bytes]) -> None:
        with app.app_context():
            start.wait(10)
            found.append(sample.publish(files).number)
            db.remove()

    threads = [threading.Thread(target=publish, args=(files,)) for files in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [1, 2, 3, 4]
    db.rollback()
    assert _count(Course) == 1
    in_force = db.scalars(select(Edition.number).where(Edition.superseded_at.is_(None))).all()
    assert in_force == [4]
