"""A small course with a question of every kind, for the tests of this room."""

from __future__ import annotations

from uuid import UUID

from lms import demo
from lms.core.actor import System
from lms.courses import actions as courses
from lms.courses import rules
from lms.courses.models import Edition
from lms.people.models import SignedIn
from lms.people.queries import actor_of

SLUG = "khoa-thu"

COVER = """
id = "khoa-thu"
title = "Khóa học để thử"
summary = "Một khóa ngắn có đủ loại câu hỏi."
component = 4
field = "lgg"
level = "village"
audience = ["village_head"]
audience_text = "Trưởng thôn"
languages = ["vi"]
hours = 0.5
open = {open}
licence = "CC BY-SA 4.0"
[completion]
lessons = "all"
test = {test}
[certificate]
title = "Khóa học để thử"
[goals]
mot = "Biết điều thứ nhất"
hai = "Biết điều thứ hai"
[[sources]]
key = "S1"
text = "Nguồn để thử"
"""

LESSON = """---
id: {key}
title: {title}
minutes: 5
goals: [{goal}]
sensitive: {sensitive}
---
Học xong bài này, biết một điều.

/// tinh-huong | Chuyện
Một chuyện ngắn.

![Một hình vuông](hinh.svg)
///
{checks}
"""

EVERY_KIND = """
## Chọn một?   {#q-single type=single goal=mot use=check}
- [ ] Sai bét
  > Nghĩ lại nhé.
- [x] Câu nên chọn
> Vì như thế.

## Đúng không?   {#q-truefalse type=truefalse goal=mot use=check}
- [x] Đúng
- [ ] Sai
> Vì đúng.

## Chọn mọi câu   {#q-multiple type=multiple goal=mot use=check}
- [x] Câu này
- [ ] Không phải
- [x] Cả câu này
> Hai câu.

## Nối   {#q-match type=match goal=mot use=check}
- Một => số 1
- Hai => số 2
- Ba => số 3
> Đã nối.

## Xếp   {#q-order type=order goal=mot use=check}
1. Trước hết
2. Sau đó
3. Cuối cùng
> Thứ tự ấy.

## Bao nhiêu?   {#q-number type=number goal=mot use=check}
= 630000 ± 0
> Tính ra.

## Viết ngắn   {#q-short type=short goal=mot use=check}
= mật ong | mat ong
> Một thứ ngọt.

## Điền tuổi   {#q-cloze type=cloze goal=mot use=check}
Nam từ đủ {{20|hai mươi}} tuổi, nữ từ đủ {{18}} tuổi.
> Luật ghi vậy.

## Kể một việc   {#q-long type=long goal=mot use=check}
- [ ] Nêu được một việc (2 điểm)
> Cảm ơn.
"""

RIGHT_ANSWERS: dict[str, object] = {
    "q-single": ["b"],
    "q-truefalse": ["a"],
    "q-multiple": ["a", "c"],
    "q-match": [["a", "a"], ["b", "b"], ["c", "c"]],
    "q-order": ["a", "b", "c"],
    "q-number": "630.000",
    "q-short": "Mật ong",
    "q-cloze": ["20", "18"],
    "q-long": "Đã bàn với cả nhà.",
}
WRONG_ANSWERS: dict[str, object] = {
    "q-single": ["a"],
    "q-truefalse": ["b"],
    "q-multiple": ["a", "b"],
    "q-match": [["a", "b"], ["b", "a"], ["c", "c"]],
    "q-order": ["b", "a", "c"],
    "q-number": "7",
    "q-short": "muối",
    "q-cloze": ["20", "17"],
}

TEST = """---
title: Kiểm tra cuối khóa
draw: 4
pass: 3
attempts: {attempts}
by_goal: {{mot: 1, hai: 1}}
---
"""
QUESTION = """
## Câu thi {number}?   {{#q-thi-{number} type=single goal={goal}}}
- [ ] Không phải {number}
  > Chưa phải {number}.
- [x] Nên chọn {number}
- [ ] Cũng không {number}
> Vì là {number}.
"""
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 5"><path fill="#25388A" d="M0 0h9v5H0z"/></svg>'
LESSONS = (("bai-mot", "Bài thứ nhất", "mot"), ("bai-hai", "Bài thứ hai", "hai"), ("bai-ba", "Bài thứ ba", "hai"))


def files(test: bool = True, is_open: bool = True, attempts: int = 3, lessons: int = 3) -> dict[str, bytes]:
    """The folder: two modules, lesson one with every kind of question, the third sensitive."""
    texts = {
        "course.toml": COVER.replace("{open}", str(is_open).lower()).replace("{test}", str(test).lower()),
        "01-dau/chuyen-de.md": "---\ntitle: Chuyên đề đầu\ngoals: [mot, hai]\n---\n",
        "02-sau/chuyen-de.md": "---\ntitle: Chuyên đề sau\ngoals: [hai]\n---\n",
        "01-dau/01-bai-mot.cau-hoi.md": EVERY_KIND,
    }
    for number, (key, title, goal) in enumerate(LESSONS[:lessons], 1):
        folder = "02-sau" if number == 3 else "01-dau"
        checks = "".join(f"\n/// tu-kiem-tra\n{one}\n///\n" for one in RIGHT_ANSWERS) if number == 1 else ""
        texts[f"{folder}/0{number}-{key}.md"] = LESSON.format(
            key=f"k-{key}", title=title, goal=goal, sensitive=str(number == 3).lower(), checks=checks
        )
    if lessons < 3:
        texts.pop("02-sau/chuyen-de.md")
    if test:
        questions = "".join(QUESTION.format(number=n, goal="mot" if n % 2 else "hai") for n in range(1, 9))
        texts["thi-cuoi-khoa.md"] = TEST.format(attempts=attempts) + questions
    pictures = {f"{folder}/hinh.svg": PICTURE for folder in ("01-dau", "02-sau")[: 1 if lessons < 3 else 2]}
    return {name: content.encode() for name, content in texts.items()} | pictures


def publish(
    test: bool = True, is_open: bool = True, attempts: int = 3, lessons: int = 3, confirmed: bool = False
) -> Edition:
    """The course, published."""
    read = rules.read_files(files(test, is_open, attempts, lessons), SLUG)
    return courses.publish(read, owner=None, by=System("test"), confirmed=confirmed)


def actor(key: str) -> SignedIn:
    """One of the cast."""
    return actor_of(demo.member(key))


def person_id(key: str) -> UUID:
    """Her key."""
    return demo.member(key).person_id
