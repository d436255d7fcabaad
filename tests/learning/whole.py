"""The small course with all the player shows: sound, another language, hard words, step cards, drawn numbers, forms."""

from __future__ import annotations

from lms.core.actor import System
from lms.courses import actions as courses
from lms.courses import rules
from lms.courses.models import Edition
from tests.learning import course

STEPS = """---
id: k-bai-hai
title: Họp nhóm
minutes: 5
goals: [hai]
sensitive: {sensitive}
---
Học xong bài này, họp nhóm được với một **quỹ quay vòng**.

/// the-buoc | 1 | 10 phút
### Mời mọi người ngồi vòng tròn

- [ ] Đã điểm danh
- [ ] Đã nói vì sao họp
///

Ở giữa là lời dặn.

/// the-buoc | 2
Cùng chọn một việc.[^S1]
///

/// bien-ban | Biên bản buổi họp
Ngày họp: ____ Số người: ____

Việc cả nhóm chọn: ____
///

/// san-pham
q-mot-tuan
///

/// tu-kiem-tra
q-gop
///

[^S1]: Nguồn để thử.
"""
STEPS_HMN = """---
title: Nhóm sib sau
---
Lus Hmoob: peb sib sau.

/// tu-kiem-tra
q-gop
///
"""
QUESTIONS = """
## Bốn chị góp mỗi chị {gop} đồng một tháng. Sau {thang} tháng có bao nhiêu?   {#q-gop type=number goal=hai use=check}
? gop = 20000..50000 buoc 5000
? thang = 3 | 6 | 12
= 4 * gop * thang ± 0
> 4 × {gop} × {thang} = {= 4 * gop * thang} đồng.

## Kể một tuần   {#q-mot-tuan type=long goal=hai accept=text,photo}
- [ ] Kể được một việc (2 điểm)
"""
GLOSSARY = """
Quỹ quay vòng
:   Tiền mọi người góp, **lần lượt** cho nhau vay.

Biên bản
:   Tờ ghi lại buổi họp.
"""
FORMS = """---
title: Em biết gì rồi
a: [q-de-a1, q-de-a2]
b: [q-de-b1, q-de-b2]
---
""" + "".join(
    f"""
## Câu đề {key}?   {{#q-de-{key} type=single goal={goal}}}
- [ ] Không phải
  > Chưa phải {key}.
- [x] Nên chọn
> Vì là {key}.
"""
    for key, goal in (("a1", "mot"), ("a2", "hai"), ("b1", "mot"), ("b2", "hai"))
)
SOUND = b"OggS" + b"\0" * 1_200_000


def files(minutes: int = 0, sensitive: bool = False, forms: bool = True) -> dict[str, bytes]:
    """The folder."""
    made = course.files(attempts=0)
    made["course.toml"] = made["course.toml"].replace(b'languages = ["vi"]', b'languages = ["vi", "hmn"]')
    made["01-dau/02-bai-hai.md"] = STEPS.format(sensitive=str(sensitive).lower()).encode()
    made["01-dau/02-bai-hai.hmn.md"] = STEPS_HMN.encode()
    made["01-dau/02-bai-hai.cau-hoi.md"] = QUESTIONS.encode()
    made["01-dau/02-bai-hai.ogg"] = SOUND
    made["tu-dien.md"] = GLOSSARY.encode()
    if forms:
        made["truoc-sau.md"] = FORMS.encode()
    if minutes:
        made["thi-cuoi-khoa.md"] = made["thi-cuoi-khoa.md"].replace(
            b"pass: 3\n", f"pass: 3\nminutes: {minutes}\n".encode()
        )
    return made


def publish(minutes: int = 0, sensitive: bool = False, forms: bool = True) -> Edition:
    """The course, published."""
    read = rules.read_files(files(minutes, sensitive, forms), course.SLUG)
    return courses.publish(read, owner=None, by=System("test"), confirmed=True)
