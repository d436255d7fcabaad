"""A course that asks for two products, files as phones make them, and hand-ins of the cast."""

from __future__ import annotations

import array
import hashlib
import io
import math
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

import av
from PIL import Image
from sqlalchemy import inspect

from lms.core.actor import System
from lms.core.db import db, transaction
from lms.core.ids import new_id, to_address
from lms.courses import actions as courses
from lms.courses import rules
from lms.courses.models import Edition
from lms.courses.queries import edition_of
from lms.learning import actions, queries
from lms.learning.actions import Judgement
from lms.learning.models import HandIn, Marking, MarkOutcome
from tests.learning import course
from tests.page import Page

SLUG = course.SLUG
PLAN, VOICE = "q-ke-hoach", "q-loi-ke"
PRODUCTS = """
## Kể một tuần chia lại việc nhà   {#q-ke-hoach type=long goal=hai accept=text,photo,voice pass=4}
Viết, chụp ảnh tờ ghi việc, hoặc thu âm lời kể.
- [ ] Nói rõ việc gì, ai nhận (2 điểm)
  > Chưa nói | Có việc, chưa có người | Có việc, có người | Rõ cả ngày và giờ
- [ ] Kể được điều đã đổi (2 điểm)
- [ ] Nói được sẽ làm gì tiếp (2 điểm)
+ Kể thêm: mọi người trong nhà nói gì?
+ Thiếu ngày tháng

## Kể một chuyện   {#q-loi-ke type=long goal=hai accept=voice}
- [ ] Nghe rõ lời (1 điểm)
"""
PLACES = "\n/// san-pham\nq-ke-hoach\n///\n\n/// san-pham\nq-loi-ke\n///\n"


def publish(products: str = "all", test: bool = False) -> Edition:
    """The small course; its second lesson asks for the two products."""
    files = course.files(test=test, lessons=2)
    cover = files["course.toml"].decode()
    files["course.toml"] = cover.replace("[certificate]", f'products = "{products}"\n[certificate]').encode()
    files["01-dau/02-bai-hai.md"] += PLACES.encode()
    files["01-dau/02-bai-hai.cau-hoi.md"] = PRODUCTS.encode()
    return courses.publish(rules.read_files(files, SLUG), owner=None, by=System("test"))


def photo(width: int = 320, height: int = 200, colour: str = "#25388A", kind: str = "JPEG") -> bytes:
    """A picture with the place, the camera and a comment in it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "HANG MAY ANH"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (19.0, 37.0, 12.0), "E", (105.0, 31.0, 2.0)
    made = io.BytesIO()
    extra: dict[str, Any] = {"comment": b"NHA CHI ANH"} if kind == "JPEG" else {}
    Image.new("RGB", (width, height), colour).save(made, kind, exif=exif, **extra)
    return made.getvalue()


def voice(box: str = "webm", codec: str = "libopus", seconds: float = 2, rate: int = 48_000) -> bytes:
    """A tone with a title, a place and a name in it."""
    made, samples = io.BytesIO(), 960
    with av.open(made, "w", format=box) as target:
        target.metadata.update(
            {"title": "NHA CHI ANH", "location": "+19.6200+105.5170/", "comment": "BI MAT", "artist": "CHI ANH"}
        )
        track: Any = target.add_stream(codec, rate=rate, layout="mono")
        track.metadata["title"] = "NHA CHI ANH"
        resampler = av.AudioResampler(format=track.format.name, layout="mono", rate=rate)
        for number in range(int(seconds * rate / samples)):
            frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
            wave = array.array("h", [int(8000 * math.sin((number * samples + n) / 20)) for n in range(samples)])
            frame.planes[0].update(wave.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
            frame.sample_rate, frame.pts, frame.time_base = rate, number * samples, Fraction(1, rate)
            for piece in resampler.resample(frame):
                target.mux(track.encode(piece))
        target.mux(track.encode(None))
    return made.getvalue()


def draft(edition: Edition, who: str = "cadre", question: str = PLAN, typed: str = "Tuần này anh nấu cơm.") -> HandIn:
    """A try under way of one of the cast."""
    edition = edition_of(SLUG)  # what was read before may be of a request that is over
    return actions.keep_draft(edition, queries.product_of(edition, question), typed, by=course.actor(who))


def hand_in(edition: Edition, who: str = "cadre", question: str = PLAN, typed: str = "Tuần này anh nấu cơm.") -> HandIn:
    """Handed in."""
    with transaction():
        made = draft(edition, who, question, typed)
        if question == VOICE:
            actions.add_file(made, voice(), by=course.actor(who))
        return actions.hand_in(made, by=course.actor(who))


def mark(made: HandIn, *steps: int, who: str = "trainer", outcome: MarkOutcome | None = None) -> Marking:
    """Marked by one of the cast who saw all markings before."""
    made = db.get_one(HandIn, key_of(made))
    latest = queries.latest_markings([made.id]).get(made.id)
    judgement = Judgement(steps, outcome, comment="Vì thế." if outcome else "", seen=latest.id if latest else None)
    return actions.mark(made, judgement, by=course.actor(who))


def key_of(row: Any) -> UUID:
    """The key of a row, also of one whose session is over."""
    return cast(UUID, inspect(row).identity[0])


def address_of(row: Any) -> str:
    """The same as in addresses."""
    return to_address(key_of(row))


def finish_lessons(edition: Edition, who: str = "cadre") -> None:
    """Both lessons to their ends."""
    for key in ("k-bai-mot", "k-bai-hai"):
        actions.finish_lesson(edition, key, by=course.actor(who))


def announce(page: Page, made: HandIn, content: bytes, key: str = "", digest: str = "") -> Any:
    """The first word of an upload, as the page's script says it."""
    fields = {
        "csrf_token": page._token(),
        "bai": address_of(made),
        "ma": key or to_address(new_id()),
        "co": str(len(content)),
        "sha256": digest or hashlib.sha256(content).hexdigest(),
    }
    return page.raw("POST", "/tai-len", data=fields)


def send(page: Page, key: str, offset: int, piece: bytes) -> Any:
    """One piece."""
    headers = {"X-CSRF-Token": page._token()}
    return page.raw("PUT", f"/tai-len/{key}?tu={offset}", data=piece, headers=headers)
