"""Uploads in pieces: whatever the network does, a file arrives once and whole, or says why not."""

from __future__ import annotations

import hashlib
import random
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db, transaction
from lms.core.files import store
from lms.core.ids import new_id, to_address
from lms.core.jobs import Job
from lms.courses.models import Edition
from lms.learning import actions, queries
from lms.learning.models import HandIn, Upload, Work
from tests.learning import course, works
from tests.page import Page

PIECE = 128 * 1024


@pytest.fixture
def edition(app: Flask) -> Edition:
    return works.publish()


@pytest.fixture
def draft(edition: Edition) -> HandIn:
    return works.draft(edition)


def _noisy_photo(size: int = 420) -> bytes:
    """A picture of several pieces."""
    import io  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    made = io.BytesIO()
    Image.frombytes("RGB", (size, size), random.Random(1).randbytes(size * size * 3)).save(made, "PNG")
    return made.getvalue()


PHOTO = _noisy_photo()


def _all(page: Page, key: str, content: bytes, received: int = 0) -> dict[str, object]:
    told: dict[str, object] = {}
    for place in range(received, len(content), PIECE):
        answer = works.send(page, key, place, content[place : place + PIECE])
        assert answer.status_code == 200, answer.text
        told = answer.json
    return told


def _works() -> list[Work]:
    return list(db.scalars(select(Work)))


def test_a_file_in_pieces_becomes_one_work_and_its_pieces_go(draft: HandIn, page: Page) -> None:
    begun = works.announce(page.as_("cadre"), draft, PHOTO)
    assert begun.status_code == 200 and begun.json["received"] == 0
    key = begun.json["id"]
    first = works.send(page, key, 0, PHOTO[:PIECE])
    assert first.json["received"] == PIECE and first.json["work"] is None
    pieces = [digest for digest, _ in db.scalars(select(Upload)).one().pieces]
    assert page.raw("GET", f"/tai-len/{key}").json["received"] == PIECE
    told = _all(page, key, PHOTO, PIECE)
    (work,) = _works()
    assert told["work"] == to_address(work.id) and work.media_type == "image/jpeg"
    assert len(pieces) == 1 and not any(store().has(digest) for digest in pieces)
    assert page.raw("GET", f"/tai-len/{key}").json["work"] == told["work"]


def test_the_same_piece_twice_is_once_and_another_place_tells_the_true_one(draft: HandIn, page: Page) -> None:
    key = works.announce(page.as_("cadre"), draft, PHOTO).json["id"]
    for _ in range(2):
        assert works.send(page, key, 0, PHOTO[:PIECE]).json["received"] == PIECE
    for offset, piece in ((5, PHOTO[5:500]), (PIECE * 2, PHOTO[:9]), (0, b"other"), (PIECE, b""), (-1, b"x")):
        answer = works.send(page, key, offset, piece)
        assert (answer.status_code, answer.json["received"]) == (409, PIECE), offset
    assert works.send(page, key, PIECE, PHOTO[PIECE:] + b"more").status_code == 409
    _all(page, key, PHOTO, PIECE)
    last = len(PHOTO) - len(PHOTO) % PIECE
    assert works.send(page, key, last, PHOTO[last:]).json["work"]
    assert len(_works()) == 1


def test_announcing_again_goes_on_where_it_stopped(draft: HandIn, page: Page) -> None:
    key = works.announce(page.as_("cadre"), draft, PHOTO).json["id"]
    works.send(page, key, 0, PHOTO[:PIECE])
    assert works.announce(page, draft, PHOTO, key).json == {"id": key, "received": PIECE, "work": None}
    assert works.announce(page, draft, PHOTO).json["id"] == key  # the same file under another key
    _all(page, key, PHOTO, PIECE)
    assert works.announce(page, draft, PHOTO).json["work"] is not None
    assert len(_works()) == 1


def test_only_its_maker_may_use_an_upload(draft: HandIn, page: Page) -> None:
    key = works.announce(page.as_("cadre"), draft, PHOTO).json["id"]
    for who in ("head", "trainer", "coordinator"):
        page.as_(who)
        unknown = page.raw("GET", f"/tai-len/{to_address(new_id())}")
        assert page.raw("GET", f"/tai-len/{key}").data == unknown.data and unknown.status_code == 404
        assert works.send(page, key, 0, PHOTO[:PIECE]).status_code == 404
        assert works.announce(page, draft, PHOTO).status_code == 404
    theirs = works.draft(works.publish(), "head")
    assert works.announce(page.as_("head"), theirs, b"other", key).status_code == 404


def test_a_piece_needs_the_token_and_a_sign_in(draft: HandIn, page: Page) -> None:
    key = works.announce(page.as_("cadre"), draft, PHOTO).json["id"]
    assert page.raw("PUT", f"/tai-len/{key}?tu=0", data=b"x").status_code == 400
    stranger = Page(page.app)
    assert works.send(stranger, key, 0, b"x").status_code == 303


def test_a_damaged_file_and_one_that_is_no_picture_end_with_a_sentence(draft: HandIn, page: Page) -> None:
    page.as_("cadre")
    for content, digest in ((PHOTO, "0" * 64), (b"%PDF-1.7 and more", "")):
        key = works.announce(page, draft, content, digest=digest).json["id"]
        for place in range(0, len(content), PIECE):
            answer = works.send(page, key, place, content[place : place + PIECE])
        assert answer.status_code == 422 and answer.json["sentence"]
        assert page.raw("GET", f"/tai-len/{key}").status_code == 404
    assert not _works() and not db.scalars(select(Upload)).all()


@pytest.mark.parametrize("size", ["0", "15728641", "-1", "một", "9" * 30])
def test_sizes_that_cannot_be_are_refused(draft: HandIn, page: Page, size: str) -> None:
    fields = {"csrf_token": page.as_("cadre")._token(), "bai": works.address_of(draft), "ma": to_address(new_id())}
    answer = page.raw("POST", "/tai-len", data={**fields, "co": size, "sha256": "0" * 64})
    assert answer.status_code == 422 and answer.json["sentence"]


def test_six_files_and_sixty_megabytes_are_the_most(draft: HandIn, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.as_("cadre")
    for number in range(6):
        assert works.announce(page, draft, b"%d" % number).status_code == 200
    assert "6 tệp" in works.announce(page, draft, b"7").json["sentence"]
    with transaction():
        for upload in db.scalars(select(Upload)):
            upload.size = 10 * 1024 * 1024
        db.delete(upload)
    other = works.draft(works.publish(), question=works.VOICE)
    big = b"0" * (11 * 1024 * 1024)
    assert "gửi dở" in works.announce(page, other, big).json["sentence"]


def test_what_is_handed_in_takes_no_more_files(edition: Edition, draft: HandIn, page: Page) -> None:
    key = works.announce(page.as_("cadre"), draft, PHOTO).json["id"]
    works.hand_in(edition)
    assert works.send(page, key, 0, PHOTO[:PIECE]).status_code == 404  # dropped when it was handed in
    assert works.announce(page, draft, PHOTO).status_code == 422


def test_old_unfinished_uploads_are_dropped_by_a_job(draft: HandIn, page: Page) -> None:
    page.as_("cadre")
    old = works.announce(page, draft, PHOTO).json["id"]
    works.send(page, old, 0, PHOTO[:PIECE])
    young = works.announce(page, draft, b"young").json["id"]
    job = db.scalars(select(Job).where(Job.kind == actions.DROP_UPLOADS)).first()
    assert job is not None and job.run_after > clock.now() + timedelta(days=2)
    with transaction():
        upload = db.scalars(select(Upload).order_by(Upload.began_at)).first()
        piece = upload.pieces[0][0]
        upload.began_at = clock.now() - timedelta(days=4)
    actions.drop_uploads({})
    assert page.raw("GET", f"/tai-len/{old}").status_code == 404 and not store().has(piece)
    assert page.raw("GET", f"/tai-len/{young}").status_code == 200


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 40_000))
def test_any_order_of_pieces_with_repeats_gives_one_work(app: Flask, places: list[int], step: int) -> None:
    """Pieces sent at any place are refused or kept; then the rest is sent from where the server says."""
    edition = works.publish()
    content = works.photo(60 + step % 900, 50)
    draft = works.draft(edition, typed=str(new_id()))
    actor, key = course.actor("cadre"), new_id()
    step = max(1, len(content) // 9, step % len(content))
    arrived = actions.begin_upload(draft, key, len(content), hashlib.sha256(content).hexdigest(), by=actor)

    def send(place: int) -> actions.Arrived:
        upload = queries.own_upload(actor, arrived.upload_id)
        return actions.receive_piece(upload, place, content[place : place + step], by=actor)

    for number in places:
        send(min(number * step, len(content) - 1))
    for _ in range(len(content) // step + 2):
        here = db.get_one(Upload, arrived.upload_id)
        if here.work_id is not None:
            break
        send(here.received)
    assert db.get_one(Upload, arrived.upload_id).work_id is not None
    made = queries.works_of([draft.id])
    assert len({work.digest for work in made}) == len(made)
    with transaction():
        for work in made:
            actions.drop_work(draft, work, by=actor)
