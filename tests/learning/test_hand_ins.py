"""Handing in: drafts keep all that was typed, files lose what they told, one try waits at a time."""

from __future__ import annotations

import io

import av
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from lms import demo
from lms.core.actor import System
from lms.core.db import db, transaction
from lms.core.files import store
from lms.core.ids import new_id, to_address
from lms.courses.models import Edition
from lms.learning import actions, documents, queries
from lms.learning.models import HandIn, MarkOutcome, Study, Work, WorkKind
from tests.learning import course, works
from tests.learning.works import PLAN, SLUG, VOICE
from tests.page import Page

HERE = f"/nop-bai/{SLUG}/{PLAN}"


@pytest.fixture
def edition(app: Flask) -> Edition:
    return works.publish()


def _files(*files: tuple[str, bytes]) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(content), name) for name, content in files]


def _hand_ins() -> list[HandIn]:
    return list(db.scalars(select(HandIn).order_by(HandIn.number)))


# Documents


def test_a_photo_loses_place_camera_and_comment_and_stands_upright() -> None:
    raw = works.photo(320, 200)
    assert b"HANG MAY ANH" in raw and b"NHA CHI ANH" in raw
    made, kind = documents.clean_photo(raw)
    with Image.open(io.BytesIO(made)) as seen:
        assert kind == "image/jpeg" and seen.format == "JPEG"
        assert not seen.getexif() and "comment" not in seen.info and "icc_profile" not in seen.info
        assert seen.size == (200, 320)
    assert b"HANG MAY ANH" not in made and b"NHA CHI ANH" not in made and b"Exif" not in made


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_become_jpeg_too(kind: str) -> None:
    made, media_type = documents.clean_photo(works.photo(kind=kind))
    assert media_type == "image/jpeg" and b"HANG MAY ANH" not in made
    with Image.open(io.BytesIO(made)) as seen:
        assert seen.size == (200, 320) and not seen.getexif()


def test_a_wide_photo_is_made_smaller() -> None:
    made, _ = documents.clean_photo(works.photo(4000, 3000))
    with Image.open(io.BytesIO(made)) as seen:
        assert max(seen.size) == 1600


def test_a_picture_with_nothing_behind_it_gets_white_paper() -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(drawn, "PNG")
    made, _ = documents.clean_photo(drawn.getvalue())
    with Image.open(io.BytesIO(made)) as seen:
        assert seen.getpixel((5, 5)) == (255, 255, 255)


def test_a_bomb_of_pixels_is_refused_before_it_is_opened() -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    with pytest.raises(documents.PhotoIsTooLarge):
        documents.clean_photo(bomb.getvalue())


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (works.photo()[:300], documents.PhotoIsDamaged),
        (b"\xff\xd8\xff" + b"nothing" * 20, documents.PhotoIsDamaged),
        (b"<html>", documents.FileIsUnknown),
        (b"", documents.FileIsEmpty),
        (b"#EXTM3U\nfile:///etc/passwd\n", documents.FileIsUnknown),
        (b"OggS" + b"nothing" * 20, documents.VoiceIsDamaged),
        (b"\x00\x00\x00\x18ftypheic" + b"\0" * 40, documents.FileIsUnknown),
    ],
)
def test_what_is_no_photo_and_no_voice_is_refused_in_plain_words(content: bytes, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        documents.clean(content)


@pytest.mark.parametrize(
    ("box", "codec", "rate", "kept"),
    [
        ("webm", "libopus", 48_000, "audio/ogg"),
        ("ogg", "libopus", 48_000, "audio/ogg"),
        ("mp4", "aac", 44_100, "audio/mp4"),
        ("mp3", "libmp3lame", 44_100, "audio/mpeg"),
        ("wav", "pcm_s16le", 16_000, "audio/ogg"),
        ("3gp", "libopencore_amrnb", 8_000, "audio/ogg"),
    ],
)
def test_a_voice_loses_title_place_and_name(box: str, codec: str, rate: int, kept: str) -> None:
    raw = works.voice(box, codec, rate=rate)
    assert b"CHI ANH" in raw
    made, media_type = documents.clean_voice(raw)
    assert media_type == kept and b"CHI ANH" not in made and b"19.62" not in made and b"BI MAT" not in made
    with av.open(io.BytesIO(made)) as sound:
        assert not {"title", "location", "comment", "artist"} & {key.lower() for key in sound.metadata}
        assert len(sound.streams) == 1 and not sound.streams[0].metadata.get("title")
        assert 1.5 < (sound.duration or 0) / 1_000_000 < 2.5


def test_a_voice_over_ten_minutes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents.voices, "LONGEST", 1)
    for raw in (works.voice(), works.voice("wav", "pcm_s16le", rate=16_000)):
        with pytest.raises(documents.VoiceIsTooLong):
            documents.clean_voice(raw)


# The learner's page


def test_the_task_shows_beforehand_how_it_will_be_marked(edition: Edition, page: Page) -> None:
    shown = page.as_("cadre").get(HERE)
    for words in ("Kể một tuần chia lại việc nhà", "Có việc, chưa có người", "2 điểm", "Làm được một phần"):
        assert words in shown.words
    assert shown.one("textarea").get("name") == "text"
    assert {i.get("name") for i in shown.all("input", type="file")} == {"photos", "voice"}
    assert not _hand_ins()  # looking writes nothing
    only_voice = page.get(f"/nop-bai/{SLUG}/{VOICE}")
    assert not only_voice.all("textarea") and len(only_voice.all("input", type="file")) == 1


def test_only_products_of_the_course_have_a_page(edition: Edition, page: Page) -> None:
    page.as_("cadre")
    for question in ("q-long", "q-single", "q-khong-co"):
        page.get(f"/nop-bai/{SLUG}/{question}", 404)
    stranger = Page(page.app)
    assert stranger.raw("GET", HERE).status_code == 303


def test_a_draft_is_kept_and_handed_in_without_a_script(edition: Edition, page: Page) -> None:
    page.as_("cadre").post(HERE, text="Anh nấu cơm.\r\nTôi đi họp.", photos=_files(("a.jpg", works.photo())))
    (made,) = _hand_ins()
    assert made.text == "Anh nấu cơm.\nTôi đi họp." and made.handed_in_at is None
    shown = page.follow()
    assert "Anh nấu cơm." in shown.one("textarea").text and len(shown.all("img")) == 1  # type: ignore[operator]
    page.post(f"{HERE}/nop", text="Anh nấu cơm. Tôi đi họp.", voice=_files(("b.webm", works.voice())))
    (made,) = _hand_ins()
    assert made.handed_in_at is not None and made.unit_id == demo.place(demo.XUAN_DU).id
    assert [work.kind for work in queries.works_of([made.id])] == [WorkKind.PHOTO, WorkKind.VOICE]
    assert "Đang chờ chấm" in page.follow().words


def test_a_wrong_file_keeps_the_text_and_the_good_files(edition: Edition, page: Page) -> None:
    given = _files(
        ("tot.jpg", works.photo()), ("xau.pdf", b"%PDF-1.7"), ("lon.jpg", b"\xff\xd8\xff" + b"0" * 15_728_640)
    )
    shown = page.as_("cadre").post(f"{HERE}/nop", 422, text="Không được mất.", photos=given)
    assert "xau.pdf" in shown.words and "lon.jpg" in shown.words and "15 MB" in shown.words
    assert shown.one("textarea").text.strip() == "Không được mất."  # type: ignore[union-attr]
    (made,) = _hand_ins()
    assert made.text == "Không được mất." and made.handed_in_at is None
    assert len(queries.works_of([made.id])) == 1


def test_text_that_is_too_long_stays_in_the_page(edition: Edition, page: Page) -> None:
    shown = page.as_("cadre").post(HERE, 422, text="dài " * 6000)
    assert len(shown.one("textarea").text or "") > 20_000 and "20.000" in shown.words.replace("20000", "20.000")


def test_nothing_cannot_be_handed_in(edition: Edition, page: Page) -> None:
    assert "chưa có gì" in page.as_("cadre").post(f"{HERE}/nop", 422, text="  ").words


def test_a_kind_that_is_not_asked_for_is_refused(edition: Edition, page: Page) -> None:
    shown = page.as_("cadre").post(f"/nop-bai/{SLUG}/{VOICE}", 422, voice=_files(("a.jpg", works.photo())))
    assert "không nhận loại tệp ấy" in shown.words


def test_six_files_and_no_more_and_one_can_be_taken_out(edition: Edition, page: Page) -> None:
    photos = [(f"{n}.jpg", works.photo(40 + n, 30)) for n in range(7)]
    page.as_("cadre").post(HERE, text="Năm ảnh", photos=_files(*photos[:5]))
    shown = page.post(HERE, 422, text="Bảy ảnh", photos=_files(*photos[5:]))
    assert "nhiều nhất 6 tệp" in shown.words and len(shown.all("img")) == 6
    (made,) = _hand_ins()
    first = queries.works_of([made.id])[0]
    page.post(f"{HERE}/bo/{to_address(first.id)}", text="Sáu ảnh")
    left = queries.works_of([made.id])
    assert len(left) == 5 and first.id not in {work.id for work in left} and not store().has(first.digest)
    assert db.get_one(HandIn, made.id).text == "Sáu ảnh"


def test_the_same_picture_in_two_tries_is_not_lost_with_one(edition: Edition, page: Page) -> None:
    picture = works.photo()
    with transaction():
        for who in ("cadre", "head"):
            actions.add_file(works.draft(edition, who), picture, by=course.actor(who))
    (hers, his) = db.scalars(select(Work).order_by(Work.id))
    key, digest, hand_in_id = to_address(hers.id), his.digest, hers.hand_in_id
    assert hers.digest == digest
    page.as_("cadre").post(f"{HERE}/bo/{key}")
    assert store().has(digest) and not queries.works_of([hand_in_id])


def test_one_try_waits_at_a_time_and_the_second_begins_with_the_first_text(edition: Edition, page: Page) -> None:
    made = works.hand_in(edition)
    shown = page.as_("cadre").get(HERE)
    assert "Đang chờ chấm" in shown.words and not shown.all("textarea")
    assert "chờ chấm" in page.post(HERE, 409, text="Lại nữa").words
    works.mark(made, 0, 1, 0)
    again = page.get(HERE)
    assert "Cần làm lại" in again.words and again.one("textarea").text.strip() == "Tuần này anh nấu cơm."  # type: ignore[union-attr]
    assert "Có việc" not in again.words.split("Lần 1")[1] and "Chưa nói" in again.words.split("Lần 1")[1]
    page.post(f"{HERE}/nop", text="Lần này rõ hơn.")
    assert [one.number for one in _hand_ins()] == [1, 2]
    works.mark(_hand_ins()[1], 2, 2, 2)
    accepted = page.get(HERE)
    assert "Bài đã đạt" in accepted.words and not accepted.all("textarea")
    assert "đã đạt" in page.post(HERE, 409, text="Thêm").words


def test_five_tries_and_no_more(edition: Edition, page: Page) -> None:
    for number in range(5):
        works.mark(works.hand_in(edition, typed=f"Lần {number}"), 0, 0, 0)
    shown = page.as_("cadre").get(HERE)
    assert "đã nộp đủ 5 lần" in shown.words and not shown.all("textarea")
    assert "5 lần" in page.post(HERE, 409, text="Lần sáu").words


def test_a_file_goes_to_its_maker_and_to_those_who_mark_it(edition: Edition, page: Page) -> None:
    with transaction():
        made = works.draft(edition)
        picture = actions.add_file(made, works.photo(), by=course.actor("cadre"))
        sound = actions.add_file(made, works.voice(), by=course.actor("cadre"))
    here, heard = f"/nop-bai/tep/{works.address_of(picture)}", f"/nop-bai/tep/{works.address_of(sound)}"
    assert page.as_("trainer").raw("GET", here).status_code == 404  # not handed in
    works.hand_in(edition)
    unknown = f"/nop-bai/tep/{to_address(new_id())}"
    for who in ("head", "neighbour", "coordinator", "auditor", "planner"):
        real, none = page.as_(who).raw("GET", here), page.raw("GET", unknown)
        assert (real.status_code, real.data) == (404, none.data), who
    for who in ("cadre", "trainer", "administrator"):
        answer = page.as_(who).raw("GET", here)
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/jpeg"
        assert "no-store" in answer.headers["Cache-Control"] and answer.headers["X-Content-Type-Options"] == "nosniff"
    part = page.raw("GET", heard, headers={"Range": "bytes=0-99"})
    assert part.status_code == 206 and len(part.data) == 100 and part.headers["Accept-Ranges"] == "bytes"


def test_the_card_says_how_far_a_product_is(edition: Edition, page: Page) -> None:
    who = course.person_id("cadre")

    def card() -> str:
        return next(one.state for one in queries.products_state(edition, who) if one.question.id == PLAN)

    assert {one.state for one in queries.products_state(edition, None)} == {card()} == {"none"}
    works.draft(edition)
    assert card() == "draft"
    made = works.hand_in(edition)
    assert card() == "waiting"
    works.mark(made, 0, 0, 0)
    assert card() == "again"
    works.draft(edition, typed="Lại")
    assert card() == "draft"
    works.mark(works.hand_in(edition), 3, 3, 3)
    assert card() == "accepted"
    assert [one.state for one in queries.products_state(edition, who)] == ["accepted", "none"]
    assert queries.products_state(edition, who)[0].href == HERE


# Completion


@pytest.mark.parametrize(("products", "needed"), [("none", 0), ("any", 1), ("all", 2)])
def test_a_course_is_completed_when_its_products_are_accepted(app: Flask, products: str, needed: int) -> None:
    edition = works.publish(products)
    works.finish_lessons(edition)
    done: list[bool] = [_completed("cadre")]
    works.mark(works.hand_in(edition), 2, 2, 2)
    done.append(_completed("cadre"))
    works.mark(works.hand_in(edition, question=VOICE, typed=""), 3)
    done.append(_completed("cadre"))
    assert done == [count >= needed for count in range(3)]


def test_lessons_after_the_products_complete_it_too_and_the_day_is_that_of_the_last_fact(app: Flask) -> None:
    edition = works.publish("any")
    marking = works.mark(works.hand_in(edition), 2, 2, 2)
    assert not _completed("cadre")
    works.finish_lessons(edition)
    study = _study("cadre")
    assert study.completed_at is not None and study.completed_at >= marking.marked_at


def test_what_was_accepted_once_is_not_taken_away(app: Flask) -> None:
    edition = works.publish("any")
    made = works.hand_in(edition)
    works.mark(made, 2, 2, 2)
    works.mark(made, 0, 0, 0)
    assert db.get_one(HandIn, made.id).outcome is MarkOutcome.AGAIN
    assert queries.accepted_products(edition, course.person_id("cadre"))[0] is not None
    works.finish_lessons(edition)
    assert _completed("cadre")


def _study(who: str) -> Study:
    db.expire_all()
    return db.scalars(select(Study).where(Study.person_id == course.person_id(who))).one()  # type: ignore[no-any-return]


def _completed(who: str) -> bool:
    return _study(who).completed_at is not None


# What is kept of a person


def test_a_person_is_told_all_and_forgotten_whole(edition: Edition) -> None:
    picture = works.photo()
    with transaction():
        for who in ("cadre", "head"):
            actions.add_file(works.draft(edition, who), picture, by=course.actor(who))
    with transaction():
        mine = works.draft(edition)
        own = actions.add_file(mine, works.voice(), by=course.actor("cadre"))
        digests = own.digest, queries.works_of([mine.id])[0].digest
        actions.begin_upload(mine, new_id(), 4, "0" * 64, by=course.actor("cadre"))
    works.finish_lessons(edition)
    works.mark(works.hand_in(edition), 2, 2, 2)
    works.mark(works.hand_in(edition, question=VOICE, typed=""), 3)
    told = queries.about(course.person_id("cadre"))
    assert [len(told[table]) for table in ("hand_in", "work", "marking")] == [2, 3, 2]
    assert {"upload", "comment_chip", "enquiry", "enquiry_answer", "evaluation"} <= set(told)
    assert _completed("cadre")
    actions.forget(course.person_id("cadre"), by=System("test"))
    gone = queries.about(course.person_id("cadre"))
    assert not any(gone[table] for table in ("hand_in", "work", "upload", "marking"))
    assert _completed("cadre")
    assert not store().has(digests[0]) and store().has(digests[1])
    assert db.scalar(select(func.count()).select_from(Work)) == 1
