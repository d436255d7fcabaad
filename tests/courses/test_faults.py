"""Every fault a folder may have, with its file, its line and what to do."""

from __future__ import annotations

import io
import re
import stat
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest

from lms.courses.rules import unpacking
from lms.courses.rules.faults import CourseHasFaults, Fault
from lms.courses.rules.reader import read_folder, read_zip
from tests.courses.test_reader import ASKED, COVER, LESSON, PICTURE, TEST, laid_out, small_course, zipped

LESSON_FILE = "01-gioi/01-hai-tu.md"
ASKED_FILE = "01-gioi/01-hai-tu.cau-hoi.md"
TEST_FILE = "thi-cuoi-khoa.md"
VIDEO: dict[str, str | bytes] = {"01-gioi/phim.mp4": b"x", "01-gioi/phim.vtt": "WEBVTT\n", "01-gioi/phim.txt": "Lời."}


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """All faults of a folder; none where it is read."""
    try:
        read_folder(folder)
    except CourseHasFaults as refused:
        return refused.faults
    return ()


def places(tmp_path: Path, **changes: str | bytes | None) -> list[tuple[str, int]]:
    """File and line of each fault of the changed course, written to disk; each has a sentence and a remedy."""
    found = faults_of(laid_out(tmp_path, small_course(**changes)))
    for fault in found:
        assert len(str(fault.sentence)) > 8
        assert len(str(fault.remedy)) > 8
        assert "{" not in re.sub(r"\{\{.*?\}\}|\{#.*?\}|\{[a-z-]+: \d\}", "", str(fault))
        assert unicodedata.is_normalized("NFC", str(fault))
    return [(fault.file, fault.line) for fault in found]


def lesson_with(line: str, files: dict[str, str | bytes] | None = None) -> dict[str, str | bytes]:
    """A lesson whose line 19 is this one."""
    return {"lesson": LESSON.replace("Hết bài.[^S1]", f"{line}\n\nHết bài.[^S1]"), **(files or {})}


LINE = 19


def test_a_course_without_faults_has_none(tmp_path: Path) -> None:
    assert LESSON.split("\n").index("Hết bài.[^S1]") + 1 == LINE
    assert places(tmp_path) == []


def test_missing_course_toml(tmp_path: Path) -> None:
    assert places(tmp_path, course=None) == [("course.toml", 0)]


def test_no_folder(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "khong-co")
    assert (fault.file, fault.line) == ("khong-co", 0)


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "khoa-nho").mkdir()
    assert ("course.toml", 0) in [(fault.file, fault.line) for fault in faults_of(tmp_path / "khoa-nho")]


TOML = [
    (COVER.replace('title = "Khóa nhỏ"\nsummary', "title = Khóa nhỏ\nsummary"), 2),
    (COVER.replace('field = "lgg"', 'field = "lgg"\nfield = "lgg"'), 6),
    (COVER + "[loi", 24),
    (COVER.replace("hours = 1", "hours = 1\nprice = 2"), 11),
    (COVER.replace("[certificate]\n", "[certificate]\nname = 'x'\n"), 17),
    (COVER.replace("hours = 1", 'hours = "ba"'), 10),
    (COVER.replace("hours = 1", "hours = -1"), 10),
    (COVER.replace("hours = 1", "hours = nan"), 10),
    (COVER.replace("hours = 1", "hours = 1" + "0" * 400), 10),
    (COVER.replace("component = 4", "component = true"), 4),
    (COVER.replace("component = 4", "component = 7"), 4),
    (COVER.replace('level = "village"', 'level = "thon"'), 6),
    (COVER.replace('field = "lgg"', 'field = "x"'), 5),
    (COVER.replace('audience = ["village_head"]', "audience = [1]"), 7),
    (COVER.replace("test = true", 'test = "co"'), 15),
    (COVER.replace('lessons = "all"', 'lessons = "some"'), 14),
    (COVER.replace('tao-hon = "Nói đúng tuổi"', "tao-hon = 3"), 20),
    (COVER.replace('key = "S1"', 'khoa = "S1"'), 21),
    (COVER + '[[sources]]\nkey = "S1"\ntext = "Hai"\n', 24),
    (COVER.replace('id = "khoa-nho"', 'id = "Khóa"'), 1),
    (COVER.replace('id = "khoa-nho"', 'id = "khoa-khac"'), 1),
    (COVER.replace('licence = "CC BY-SA 4.0"\n', ""), 0),
]


@pytest.mark.parametrize(("course", "line"), TOML)
def test_course_toml(tmp_path: Path, course: str, line: int) -> None:
    found = places(tmp_path, course=course)
    assert found[0] == ("course.toml", line)
    assert {file for file, _ in found} == {"course.toml"}


def test_unknown_and_missing_keys_are_named_each(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, small_course(course=COVER.replace("licence", "license")))
    sentences = [str(fault.sentence) for fault in faults_of(folder)]
    assert sentences == ["Thiếu mục “licence”.", "Không có mục nào tên “license”."]


FRONT = [
    (LESSON.removeprefix("---\n"), 1),
    (LESSON.replace("---\n", "", 2), 1),
    (LESSON.replace("minutes: 5", "minutes: [5"), 4),
    (LESSON.replace("title: Hai từ, hai nghĩa", "title: Bài: hai từ"), 3),
    (LESSON.replace("minutes: 5", "minutes: 5\nminutes: 6"), 1),
    (LESSON.replace("minutes: 5", "minutes: năm"), 4),
    (LESSON.replace("minutes: 5", "minutes: !!bool x"), 1),
    (LESSON.replace("minutes: 5", "minutes: 2024-13-45"), 1),
    (LESSON.replace("minutes: 5", "minutes: 0"), 4),
    (LESSON.replace("minutes: 5", "minutes: 5\nphut: 3"), 5),
    (LESSON.replace("minutes: 5\n", ""), 0),
    (LESSON.replace("goals: [phan-biet]", "goals: phan-biet"), 5),
    (LESSON.replace("goals: [phan-biet]", "goals: [khac]"), 5),
    (LESSON.replace("goals: [phan-biet]", "goals: " + "[" * 1200), 5),
    (LESSON.replace("id: hai-tu", "id: Hai từ"), 2),
    (LESSON.replace("minutes: 5", "minutes: 5\nsensitive: co"), 5),
]


@pytest.mark.parametrize(("lesson", "line"), FRONT)
def test_front_matter_of_a_lesson(tmp_path: Path, lesson: str, line: int) -> None:
    found = places(tmp_path, lesson=lesson)
    assert found[0] == (LESSON_FILE, line)


def test_modules_have_a_front_matter_and_lessons(tmp_path: Path) -> None:
    assert places(tmp_path / "a", intro=None) == [("01-gioi/chuyen-de.md", 0)]
    assert places(tmp_path / "b", intro="Lời") == [("01-gioi/chuyen-de.md", 1)]
    assert places(tmp_path / "c", intro="---\ntitle: G\ngoals: [la]\n---\n") == [("01-gioi/chuyen-de.md", 3)]
    empty = {"02-sau/chuyen-de.md": "---\ntitle: S\ngoals: []\n---\n"}
    assert places(tmp_path / "d", **empty) == [("02-sau/chuyen-de.md", 0)]
    assert ("course.toml", 0) in places(tmp_path / "e", intro=None, lesson=None, asked=None, picture=None)


def test_duplicate_lesson_id_and_name(tmp_path: Path) -> None:
    plain = LESSON.split("/// tinh-huong")[0]
    assert places(tmp_path / "a", **{"01-gioi/02-bai-sau.md": plain}) == [("01-gioi/02-bai-sau.md", 2)]
    other = plain.replace("id: hai-tu", "id: khac")
    assert places(tmp_path / "b", **{"01-gioi/02-hai-tu.md": other}) == [("01-gioi/02-hai-tu.md", 0)]


def test_an_empty_lesson(tmp_path: Path) -> None:
    head = LESSON.split("Học xong")[0]
    assert places(tmp_path, lesson=head + "\n\n") == [(LESSON_FILE, 7)]


QUESTIONS = [
    ("duplicate id", ASKED.replace("#q-co-dau", "#q-nau-com"), 7),
    ("no right answer", ASKED.replace("- [x] Sai", "- [ ] Sai"), 1),
    ("two right answers", ASKED.replace("- [ ] Không", "- [x] Không"), 7),
    ("three options of truefalse", ASKED.replace("- [x] Sai", "- [x] Sai\n- [ ] Chưa rõ"), 1),
    ("one option", ASKED.replace("- [ ] Không\n", ""), 7),
    ("empty option", ASKED.replace("- [ ] Không", "- [ ]"), 9),
    ("unknown kind", ASKED.replace("type=single", "type=doan"), 7),
    ("no kind", ASKED.replace("type=single ", ""), 7),
    ("unknown goal", ASKED.replace("goal=tao-hon", "goal=khac"), 7),
    ("no goal", ASKED.replace(" goal=tao-hon", ""), 7),
    ("unknown use", ASKED.replace("goal=tao-hon", "goal=tao-hon use=thi"), 7),
    ("unknown attribute", ASKED.replace("goal=tao-hon", "goal=tao-hon diem=2"), 7),
    ("id without q-", ASKED.replace("#q-co-dau", "#co-dau"), 7),
    ("no attributes", re.sub(r" +\{#q-co-dau.*\}", "", ASKED), 7),
    ("text before", "Lời đầu.\n" + ASKED, 1),
    ("no box", ASKED.replace("- [ ] Không", "- Không"), 9),
    ("no number", ASKED.replace("type=single", "type=number"), 7),
    ("match without pairs", ASKED.replace("type=single", "type=match"), 7),
    ("order without numbers", ASKED.replace("type=single", "type=order"), 7),
    ("short without answer", ASKED.replace("type=single", "type=short"), 7),
    ("cloze without gap", ASKED.replace("type=single", "type=cloze"), 7),
    ("long without points", ASKED.replace("type=single", "type=long"), 8),
    ("wrong number", ASKED + "\n## Mấy?  {#q-may type=number goal=tao-hon}\n= mười\n", 12),
    ("picture of an option", ASKED.replace("- [ ] Không", "- [ ] ![](tranh.svg) Không"), 9),
    ("raw html in feedback", ASKED.replace("  > Nghĩ lại.", "  > Nghĩ <b>lại</b>."), 3),
    ("script in the stem", ASKED.replace("## Cô dâu", "## <script>x</script> Cô dâu"), 7),
]


@pytest.mark.parametrize(("asked", "line"), [case[1:] for case in QUESTIONS], ids=[case[0] for case in QUESTIONS])
def test_questions(tmp_path: Path, asked: str, line: int) -> None:
    found = places(tmp_path, asked=asked)
    assert (ASKED_FILE, line) in found
    assert {file for file, _ in found} == {ASKED_FILE}


LINES = [
    ("picture without alt", "![](tranh.svg)"),
    ("missing picture", "![Nồi](khong-co.svg)"),
    ("picture outside", "![Nồi](../../khac/tranh.svg)"),
    ("picture of the network", "![Nồi](https://x.vn/tranh.svg)"),
    ("picture of another kind", "![Nồi](chuyen-de.md)"),
    ("raw html", "Một <b>hai</b>"),
    ("comment", "<!-- ghi chú -->"),
    ("script", "<script>alert(1)</script>"),
    ("image tag", "<img src=x onerror=alert(1)>"),
    ("javascript link", "[x](javascript:alert(1))"),
    ("javascript link, hidden", "[x](JaVa&#115;cript:alert(1))"),
    ("data link", "[x](data:text/html,1)"),
    ("link without scheme", "[x](//x.vn/a)"),
    ("missing link", "[x](khong-co.md)"),
    ("link to questions", "[x](01-hai-tu.cau-hoi.md)"),
    ("heading of a page", "# Bài"),
    ("unknown block", "/// chuyen\nChuyện.\n///"),
    ("unclosed block", "/// tinh-huong | Dở"),
    ("block opened in a block", "/// tinh-huong\n/// hoat-dong\nLàm.\n///"),
    ("close without open", "///"),
    ("step without number", "/// the-buoc\nLàm.\n///"),
    ("note without words", "Một.[^9]"),
]


@pytest.mark.parametrize("line", [case[1] for case in LINES], ids=[case[0] for case in LINES])
def test_lines_of_a_lesson(tmp_path: Path, line: str) -> None:
    assert (LESSON_FILE, LINE) in places(tmp_path, **lesson_with(line))


def test_code_may_show_html_and_addresses_may_stand_in_angles(tmp_path: Path) -> None:
    fine = "Viết `<b>` hay &lt;b> hoặc 5 < 6, xem <https://x.vn/a> và <a@b.vn>\n\n```\n<script>\n```"
    assert places(tmp_path, **lesson_with(fine)) == []


def test_the_line_is_that_of_the_faulty_one_of_two(tmp_path: Path) -> None:
    assert places(tmp_path, **lesson_with("![có](tranh.svg)\n\n`<b>`\n\n![](tranh.svg)\n\n<b>")) == [
        (LESSON_FILE, LINE + 4),
        (LESSON_FILE, LINE + 6),
    ]


def test_a_note_written_twice(tmp_path: Path) -> None:
    assert places(tmp_path, lesson=LESSON + "[^S1]: Lần nữa.\n") == [(LESSON_FILE, 22)]


def test_video_without_subtitles_or_transcript(tmp_path: Path) -> None:
    video = lesson_with("![Báo tin](phim.mp4)", VIDEO)
    assert places(tmp_path / "a", **video) == []
    for number, missing in enumerate(("01-gioi/phim.vtt", "01-gioi/phim.txt")):
        less = {name: content for name, content in video.items() if name != missing}
        assert places(tmp_path / f"b{number}", **less) == [(LESSON_FILE, LINE)]
    assert places(tmp_path / "c", **{**video, "01-gioi/phim.vtt": "phụ đề"}) == [(LESSON_FILE, LINE)]
    assert places(tmp_path / "d", **lesson_with("Xem ![Báo tin](phim.mp4) nhé", VIDEO)) == [(LESSON_FILE, LINE)]


def test_sound_without_transcript(tmp_path: Path) -> None:
    assert places(tmp_path, **lesson_with("![Nghe](nghe.mp3)", {"01-gioi/nghe.mp3": b"x"})) == [(LESSON_FILE, LINE)]


def test_pictures_that_cannot_be_measured_or_hold_script(tmp_path: Path) -> None:
    assert places(tmp_path / "a", picture="<svg width='3'></svg>") == [(LESSON_FILE, 12)]
    for number, bad in enumerate(
        (
            "<script>",
            "<path onload='x'/>",
            "<a href='https://x.vn'/>",
            "<a href='java&#115;cript:x'/>",
            "<foreignObject/>",
        )
    ):
        svg = PICTURE.replace("<path", f"\n{bad}\n<path")
        assert places(tmp_path / f"b{number}", picture=svg) == [("01-gioi/tranh.svg", 2)]


CHECKS = [
    ("unknown question", LESSON.replace("q-nau-com", "q-khac"), 16),
    ("question of the test", LESSON.replace("q-nau-com", "q-tuoi-nu"), 16),
    ("two questions", LESSON.replace("q-nau-com", "q-nau-com\nq-co-dau"), 15),
    ("no question", LESSON.replace("q-nau-com\n", ""), 15),
    ("placed twice", LESSON.replace("Hết bài.[^S1]", "/// tu-kiem-tra\nq-nau-com\n///\n\nHết bài.[^S1]"), 20),
]


@pytest.mark.parametrize(("lesson", "line"), [case[1:] for case in CHECKS], ids=[case[0] for case in CHECKS])
def test_checks(tmp_path: Path, lesson: str, line: int) -> None:
    assert places(tmp_path, lesson=lesson) == [(LESSON_FILE, line)]


def test_a_check_shows_no_question_kept_for_the_test(tmp_path: Path) -> None:
    kept = ASKED.replace("goal=phan-biet", "goal=phan-biet use=test")
    assert places(tmp_path, asked=kept) == [(LESSON_FILE, 16)]


TESTS = [
    ("draws more than there are", TEST.replace("draw: 2", "draw: 4"), 3),
    ("draws more of a goal", TEST.replace("phan-biet: 1", "phan-biet: 2").replace("draw: 2", "draw: 3"), 6),
    ("goals more than drawn", TEST.replace("tao-hon: 1", "tao-hon: 2"), 6),
    ("pass more than drawn", TEST.replace("pass: 1", "pass: 3"), 4),
    ("pass of none", TEST.replace("pass: 1", "pass: 0"), 4),
    ("unknown goal", TEST.replace("tao-hon: 1}", "khac: 1}"), 6),
    ("no number of a goal", TEST.replace("tao-hon: 1}", "tao-hon: x}"), 6),
    ("attempts below none", TEST.replace("attempts: 5", "attempts: -1"), 5),
    ("draws none", TEST.replace("draw: 2", "draw: 0"), 3),
    ("unknown key", TEST.replace("attempts: 5", "attempts: 5\nphut: 3"), 6),
    ("no front matter", TEST.split("---\n", 2)[2], 1),
    ("id of a lesson's question", TEST.replace("#q-tuoi-nu", "#q-nau-com"), 8),
]


@pytest.mark.parametrize(("test", "line"), [case[1:] for case in TESTS], ids=[case[0] for case in TESTS])
def test_the_final_test(tmp_path: Path, test: str, line: int) -> None:
    found = places(tmp_path, test=test)
    assert (TEST_FILE, line) in found
    assert {file for file, _ in found} == {TEST_FILE}


def test_long_questions_and_checks_do_not_fill_the_pool(tmp_path: Path) -> None:
    asked = ASKED.replace("goal=tao-hon", "goal=tao-hon use=check")
    assert places(tmp_path, asked=asked, test=TEST.replace("draw: 2", "draw: 3")) == [(TEST_FILE, 3)]


def test_completion_by_a_test_that_is_not_there(tmp_path: Path) -> None:
    assert places(tmp_path, test=None) == [("course.toml", 0)]


NAMES = [
    "01-gioi/Bài hai.md",
    "01-gioi/bai-hai.md",
    "01-gioi/02_bai.md",
    "gioi/01-bai.md",
    "01-gioi/sau/01-bai.md",
    "01-gioi/02-la.cau-hoi.md",
    "01-gioi/02-la.hmn.md",
    "ghi-chu.md",
    "01-gioi/tep.exe",
    "01-gioi/course.toml",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_and_places_of_files(tmp_path: Path, name: str) -> None:
    content = ASKED.replace("#q-", "#q-la-") if "cau-hoi" in name else LESSON.split("/// tinh")[0]
    assert {file for file, _ in places(tmp_path, **{name: content})} == {name}


def test_text_that_is_not_utf_8(tmp_path: Path) -> None:
    content = LESSON.replace("Hết bài", "H\udc83t bài").encode("utf-8", "surrogateescape")
    assert places(tmp_path / "a", lesson=content)[0] == (LESSON_FILE, LINE)
    assert places(tmp_path / "b", course=COVER.encode("utf-16"))[0] == ("course.toml", 1)


@pytest.mark.parametrize("flood", ["[" * 20_000, "[^a" * 20_000, "<a " * 20_000, "chữ " * 60_000])
def test_a_text_that_floods_the_reader_is_refused_at_once(tmp_path: Path, flood: str) -> None:
    start = time.process_time()
    assert places(tmp_path, lesson=LESSON + flood)[0] == (LESSON_FILE, 0)
    assert time.process_time() - start < 2


def test_handouts_have_a_title_and_no_checks(tmp_path: Path) -> None:
    assert places(tmp_path / "a", handout="Không tên\n") == [("tai-lieu/phieu.md", 1)]
    assert places(tmp_path / "b", handout="# Phiếu\n\n/// tu-kiem-tra\nq-x\n///\n") == [("tai-lieu/phieu.md", 4)]
    assert places(tmp_path / "c", handout="---\nten: x\n---\nIn.\n")[0] == ("tai-lieu/phieu.md", 0)


def test_a_link_in_the_folder_is_refused_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "ngoai.txt"
    secret.write_text("bí mật")
    folder = laid_out(tmp_path, small_course())
    (folder / "01-gioi" / "lien-ket.txt").symlink_to(secret)
    (folder / "lien-ket").symlink_to(tmp_path)
    assert [(fault.file, fault.line) for fault in faults_of(folder)] == [("01-gioi/lien-ket.txt", 0), ("lien-ket", 0)]


def test_all_faults_come_at_once_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    lesson = LESSON.replace("goals: [phan-biet]", "goals: [khac]").replace("q-nau-com", "q-khac")
    found = places(tmp_path, course=COVER.replace("hours = 1", "hours = 0"), lesson=lesson, handout="x")
    assert found == [(LESSON_FILE, 5), (LESSON_FILE, 16), ("course.toml", 10), ("tai-lieu/phieu.md", 1)]


def refused_zip(content: bytes) -> list[tuple[str, int]]:
    """File and line of each fault of a zip."""
    with pytest.raises(CourseHasFaults) as refused:
        read_zip(content)
    return [(fault.file, fault.line) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "name", ["../ngoai.md", "/etc/ngoai.md", "a/../../b.md", "..\\ngoai.md", "C:/ngoai.md", "a\\b.md"]
)
def test_a_zip_entry_outside_the_folder(name: str) -> None:
    assert (name, 0) in refused_zip(zipped({**small_course(), name: b"x"}))


def test_a_link_in_a_zip() -> None:
    packed = io.BytesIO(zipped(small_course()))
    with zipfile.ZipFile(packed, "a") as archive:
        link = zipfile.ZipInfo("01-gioi/lien-ket.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert ("01-gioi/lien-ket.md", 0) in refused_zip(packed.getvalue())


def test_a_zip_that_swells_over_the_limit() -> None:
    bomb = zipped({**small_course(), "01-gioi/to.pdf": b"\0" * (unpacking.LIMIT + 1)})
    assert len(bomb) < 200_000
    assert refused_zip(bomb) == [("01-gioi/to.pdf", 0)]


def test_a_zip_that_swells_in_many_files() -> None:
    half = b"\0" * (unpacking.LIMIT // 2)
    assert refused_zip(zipped({"01-gioi/mot.pdf": half, "01-gioi/hai.pdf": half, **small_course()}))


def test_a_header_that_lies_about_the_size() -> None:
    packed = zipped({"01-gioi/to.pdf": b"\0" * (unpacking.LIMIT + 1), **small_course()})
    true_size = (unpacking.LIMIT + 1).to_bytes(4, "little")
    assert packed.count(true_size) == 2
    assert refused_zip(packed.replace(true_size, (10).to_bytes(4, "little"))) == [(unpacking.ZIP, 0)]


def test_a_zip_with_too_many_files() -> None:
    assert refused_zip(zipped({f"01-gioi/{number}.txt": b"" for number in range(unpacking.MOST_FILES + 1)}))


def test_a_file_twice_in_a_zip() -> None:
    packed = io.BytesIO(zipped(small_course()))
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(LESSON_FILE, "khác")
    assert (LESSON_FILE, 0) in refused_zip(packed.getvalue())


def test_what_is_no_zip_or_packed_strangely() -> None:
    assert refused_zip(b"khong phai zip") == [(unpacking.ZIP, 0)]
    assert refused_zip(zipped({})) != []
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("course.toml", COVER)
    assert refused_zip(packed.getvalue())[0] == ("course.toml", 0)


def test_an_entry_without_a_name() -> None:
    assert refused_zip(zipped(small_course()).replace(b"tai-lieu/phieu.md", b"\0ai-lieu/phieu.md")) == [
        (unpacking.ZIP, 0)
    ]
