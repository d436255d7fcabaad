"""Publishing: once for the same folder, numbered, superseding, with files by hash; dropped ids ask first."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, null, select, update

from lms import demo
from lms.core.db import counting, db
from lms.core.files import store
from lms.core.history import HistoryEntry
from lms.core.refusal import NotFound
from lms.courses import actions, queries, rules
from lms.courses.documents import FORMAT, ICONS, digest_of
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
        "minutes": 0,
    }  # fmt: skip
    assert edition.completion == {"lessons": "all", "test": True, "products": "none"}
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


def test_a_dropped_option_asks_and_one_more_does_not(app: Flask) -> None:
    sample.publish(_changed(ASKED, "- [ ] Mang thai\n", "- [ ] Mang thai\n- [ ] Cho con bú\n"))
    with pytest.raises(actions.IdsWereDropped) as refused:
        sample.publish()
    assert (refused.value.dropped, refused.value.returned) == (["q-viec-nha.d"], [])
    assert sample.publish(confirmed=True).number == 2


def test_an_id_that_was_retired_asks_before_it_comes_back(app: Flask) -> None:
    sample.publish(_changed(ASKED, "- [ ] Mang thai\n", "- [ ] Mang thai\n- [ ] Cho con bú\n"))
    sample.publish(confirmed=True)
    third = sample.publish(_without_second(), confirmed=True)
    with pytest.raises(actions.IdsWereDropped) as refused:
        sample.publish()
    assert refused.value.dropped == [] and "đã bỏ, không dùng lại" in str(refused.value.sentence)
    assert refused.value.returned == ["q-viec-nha", "q-viec-nha.a", "q-viec-nha.b", "q-viec-nha.c", "viec-nha"]
    db.expire_all()
    assert queries.edition_of(sample.SLUG).id == third.id
    fourth = sample.publish(confirmed=True)
    entry = db.scalars(select(HistoryEntry).where(HistoryEntry.subject_id == fourth.id)).one()
    assert "viec-nha" in entry.details["returned"]
    with pytest.raises(actions.IdsWereDropped) as refused:
        sample.publish(_changed(ASKED, "- [ ] Mang thai\n", "- [ ] Mang thai\n- [ ] Cho con bú\n"))
    assert refused.value.returned == ["q-viec-nha.d"]


def test_what_an_older_reader_made_is_read_again(app: Flask) -> None:
    first = sample.publish()
    first.reader = FORMAT - 1
    db.execute(update(Edition).values(glossary=null(), modules=null()))
    db.execute(update(Lesson).values(variants=null(), minutes_form=null(), audio=null()))
    db.commit()
    assert (queries.glossary_of(first.id), queries.modules_of(first.id)) == ((), [])
    assert not queries.lesson_of(first.id, "hai-tu").variants
    second = sample.publish()
    assert (second.number, second.digest, second.reader) == (2, first.digest, FORMAT)
    assert sample.publish().id == second.id


def _rich() -> dict[str, bytes]:
    """The sample with everything a lesson may have."""
    files = _changed("01-gioi/01-hai-tu.md", "Ở nhà, anh nhóm bếp.", "Ở nhà, anh nhóm bếp thờ.")
    files["01-gioi/01-hai-tu.md"] += b"\n/// bien-ban | B\n____\n\n![Tranh](tranh.svg)\n///\n"
    files["01-gioi/01-hai-tu.m4a"] = b"vi"
    files["01-gioi/01-hai-tu.hmn.mp3"] = bytes(range(256))
    files["01-gioi/01-hai-tu.hmn.md"] = b"---\ntitle: Ob lo lus\n---\nKawm.\n\n![A](tranh.svg)\n"
    files["01-gioi/chuyen-de.md"] += b"\n![A](tranh.svg)\n"
    files["tu-dien.md"] = "Bếp\n:   Nơi nấu. ![A](01-gioi/tranh.svg)\n".encode()
    files["truoc-sau.md"] = (
        b"---\ntitle: Hai\na: [q-tuoi-nam]\nb: [q-de]\n---\n## N?   {#q-de type=number goal=tao-hon}\n= 1\n"
    )
    return files


def test_sound_languages_words_modules_and_forms_are_kept(app: Flask) -> None:
    edition = sample.publish(_rich())
    lesson = queries.lesson_of(edition.id, "hai-tu")
    picture = f"/tep/{hashlib.sha256(sample.PICTURE.encode()).hexdigest()}/tranh.svg"
    assert lesson.audio == {
        "address": f"/tep/{hashlib.sha256(b'vi').hexdigest()}/01-hai-tu.m4a", "type": "audio/mp4", "size": 2,
    }  # fmt: skip
    variant = lesson.variants["hmn"]
    assert (variant["title"], variant["audio"]["type"], variant["audio"]["size"]) == (
        "Ob lo lus", "audio/mpeg", 256,
    )  # fmt: skip
    assert picture in variant["parts"][0]["html"] and picture in lesson.minutes_form
    assert set(lesson.variants) == {"hmn"}
    (term,) = queries.glossary_of(edition.id)
    assert (term.key, term.term) == ("bep", "Bếp") and picture in term.html
    assert 'popovertarget="tu-bep"' in lesson.parts[0]["html"]
    assert [(one["slug"], one["goals"]) for one in queries.modules_of(edition.id)] == [
        ("gioi", ["phan-biet"]), ("tao-hon", ["tao-hon"]),
    ]  # fmt: skip
    assert picture in queries.modules_of(edition.id)[0]["html"]
    forms = queries.forms_of(edition)
    assert forms and (forms.title, forms.a, forms.b) == ("Hai", ("q-tuoi-nam",), ("q-de",))
    assert "q-de" not in [question.id for question in queries.test_pool(edition.id)]
    assert queries.forms_of(sample.publish(sample.files("khac"))) is None


def test_words_are_found_inside_lessons_and_lead_to_their_heading(app: Flask) -> None:
    sample.publish()
    sample.publish(sample.files("khoa-kin", is_open=False))
    (found,) = queries.found_blocks("sinh ra DA co", closed=False)
    assert (found.course, found.lesson, found.title, found.anchor, found.heading) == (
        sample.SLUG, "hai-tu", "Hai từ, hai nghĩa", "muc-hai-tu", "Hai từ",
    )  # fmt: skip
    assert found.text.startswith("Giới tính sinh ra đã có") and "Luật" not in found.text
    assert {one.course for one in queries.found_blocks("sinh ra đã có", closed=True)} == {"khoa-kin", sample.SLUG}
    assert [one.title for one in queries.found_blocks("viec nha", closed=False)] == ["Việc nhà là việc chung"]
    assert queries.found_blocks("", closed=True) == [] == queries.found_blocks("%", closed=True)
    assert len(queries.found_blocks("bài này", closed=True, limit=2)) == 2


def test_of_a_sensitive_lesson_only_the_title_is_told(app: Flask) -> None:
    sample.publish(_changed("02-tao-hon/01-tu-du.md", "Nữ từ đủ", "## Điều 8\n\nNữ từ đủ"))
    (found,) = queries.found_blocks("nu tu du 18", closed=False)
    assert found == queries.Found(sample.SLUG, sample.TITLE, "tu-du", "Đủ tuổi mới cưới", True)


def test_passages_of_an_earlier_edition_are_not_found(app: Flask) -> None:
    sample.publish(_changed(LESSON, "chia được việc", "chia được nghìn việc"))
    assert len(queries.found_blocks("nghìn việc", closed=False)) == 1
    sample.publish()
    assert queries.found_blocks("nghìn việc", closed=False) == []
