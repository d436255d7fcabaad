"""A small course without faults that every room's tests may publish: two modules, three lessons, six questions."""

from __future__ import annotations

import io
import zipfile

from lms import demo
from lms.core.actor import Actor, Role
from lms.courses import actions, rules
from lms.courses.models import Edition
from lms.people.queries import actor_of
from lms.units.models import Organisation
from lms.units.queries import organisations_within

SLUG = "thu-nghiem"
TITLE = "Khóa thử nghiệm: lồng ghép giới"

COVER = """\
id = "{slug}"
title = "{title}"
summary = "Một khóa ngắn để thử: ba bài, sáu câu hỏi."
component = 4
field = "lgg"
level = "village"
audience = ["village_head", "branch_head"]
audience_text = "Trưởng thôn, chi hội trưởng"
languages = ["vi"]
hours = 0.5
open = {open}
licence = "CC BY-SA 4.0"
proposal = "Đề cương của người soạn, chưa phải đề cương chính thức."

[completion]
lessons = "all"
test = true

[certificate]
title = "{title}"

[goals]
phan-biet = "Phân biệt được giới và giới tính"
tao-hon = "Nói đúng tuổi kết hôn"

[[sources]]
key = "S1"
text = "Luật Bình đẳng giới số 73/2006/QH11, Điều 5"
"""
FIRST = """\
---
id: hai-tu
title: Hai từ, hai nghĩa
minutes: 5
goals: [phan-biet]
---
Học xong bài này, phân biệt được hai từ.

/// tinh-huong | Bữa cơm chiều
Ở nhà, anh nhóm bếp.

![Nồi cơm đang sôi trên kiềng](tranh.svg)
///

## Hai từ

**Giới tính** sinh ra đã có.[^S1]

/// tu-kiem-tra
q-nau-com
///

[^S1]: Luật Bình đẳng giới số 73/2006/QH11, Điều 5.
"""
SECOND = """\
---
id: viec-nha
title: Việc nhà là việc chung
minutes: 4
goals: [phan-biet]
---
Học xong bài này, chia được việc trong nhà.

/// hoat-dong | Xếp thẻ việc (5 phút)
Xếp các thẻ việc thành hai cột, theo [phiếu](../tai-lieu/phieu.md).
///

/// tu-kiem-tra
q-viec-nha
///
"""
THIRD = """\
---
id: tu-du
title: Đủ tuổi mới cưới
minutes: 6
goals: [tao-hon]
sensitive: true
---
Học xong bài này, nói đúng tuổi kết hôn.

Nữ từ đủ 18 tuổi.[^S1]

/// tu-kiem-tra
q-tuoi-nu
///

[^S1]: Luật Hôn nhân và gia đình số 52/2014/QH13, Điều 8.
"""
ASKED_FIRST = """\
## Nấu cơm là việc do giới tính quy định?   {#q-nau-com type=truefalse goal=phan-biet}
- [ ] Đúng
  > Nghĩ lại: đàn ông có nấu cơm được không?
- [x] Sai
> Nấu cơm do xã hội phân công; đàn ông nấu cũng được.
"""
ASKED_SECOND = """\
## Những việc nào ai làm cũng được?   {#q-viec-nha type=multiple goal=phan-biet}
- [x] Nấu cơm
- [x] Đi họp thôn
- [ ] Mang thai
> Chỉ mang thai là do giới tính.
"""
ASKED_THIRD = """\
## Nữ được kết hôn từ đủ bao nhiêu tuổi?   {#q-tuoi-nu type=number goal=tao-hon}
= 18 ± 0
> Luật ghi nữ từ đủ 18 tuổi.
"""
TEST = """\
---
title: Kiểm tra cuối khóa
draw: 3
pass: 2
attempts: 2
by_goal: {phan-biet: 1, tao-hon: 1}
---
## Giới là gì?   {#q-gioi type=single goal=phan-biet}
- [ ] Sinh ra đã có
- [x] Do xã hội dạy

## Nam được kết hôn từ đủ bao nhiêu tuổi?   {#q-tuoi-nam type=number goal=tao-hon}
= 20 ± 0

## Cưới khi chưa đủ tuổi gọi là gì?   {#q-goi-la type=short goal=tao-hon}
= tảo hôn
"""
PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 5"><path fill="#25388A" d="M0 0h9v5H0z"/></svg>
"""
HANDOUT = "# Phiếu thẻ việc\n\nNấu cơm, đi họp, mang thai.\n"
RIGHT: dict[str, object] = {
    "q-nau-com": ["b"],
    "q-viec-nha": ["a", "b"],
    "q-tuoi-nu": "18",
    "q-gioi": ["b"],
    "q-tuoi-nam": "20",
    "q-goi-la": "tảo hôn",
}
"""A right answer to each question of the sample, as `rules.mark` takes it."""


def files(slug: str = SLUG, *, title: str = TITLE, is_open: bool = True) -> dict[str, bytes]:
    """Path -> content of the folder; change what you like before publishing."""
    written = {
        "course.toml": COVER.format(slug=slug, title=title, open=str(is_open).lower()),
        "01-gioi/chuyen-de.md": "---\ntitle: Giới và giới tính\ngoals: [phan-biet]\n---\nHai bài mở đầu.\n",
        "01-gioi/01-hai-tu.md": FIRST,
        "01-gioi/01-hai-tu.cau-hoi.md": ASKED_FIRST,
        "01-gioi/02-viec-nha.md": SECOND,
        "01-gioi/02-viec-nha.cau-hoi.md": ASKED_SECOND,
        "01-gioi/tranh.svg": PICTURE,
        "02-tao-hon/chuyen-de.md": "---\ntitle: Tảo hôn\ngoals: [tao-hon]\n---\n",
        "02-tao-hon/01-tu-du.md": THIRD,
        "02-tao-hon/01-tu-du.cau-hoi.md": ASKED_THIRD,
        "thi-cuoi-khoa.md": TEST,
        "tai-lieu/phieu.md": HANDOUT,
    }
    return {path: content.encode() for path, content in written.items()}


def zipped(content: dict[str, bytes], top: str = "") -> bytes:
    """The files as a zip, under one top folder if named."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, inside in content.items():
            archive.writestr(f"{top}/{path}" if top else path, inside)
    return out.getvalue()


def read(content: dict[str, bytes] | None = None) -> rules.Course:
    """The sample (or these files) as a course that was read."""
    return rules.read_files(files() if content is None else content)


def publish(
    content: dict[str, bytes] | None = None,
    *,
    owner: Organisation | None = None,
    by: Actor = demo.DEMO,
    confirmed: bool = False,
) -> Edition:
    """The sample (or these files) published; by nobody's organisation unless one is given."""
    return actions.publish(read(content), owner=owner, by=by, confirmed=confirmed)


def union(key: str = "trainer") -> Organisation:
    """An organisation within the units where this member of the cast holds a role."""
    return organisations_within(actor_of(demo.member(key)).units_as(*Role))[0]
