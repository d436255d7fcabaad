"""Files in and out: an uploaded zip becomes a read course; a small correct folder to begin with."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache

from lms.core.files import store
from lms.courses import rules

STARTER = {
    "course.toml": """id = "khoa-cua-toi"
title = "Khóa của tôi"
summary = "Một khóa mẫu để sửa lại."
component = 4
field = "khac"
level = "village"
audience = ["village_head"]
audience_text = "Trưởng thôn, chi hội trưởng"
languages = ["vi"]
hours = 0.5
open = true
licence = "CC BY-SA 4.0"

[completion]
lessons = "all"
test = true

[certificate]
title = "Khóa của tôi"

[goals]
hieu-bai = "Nói lại được ý chính của bài"

[[sources]]
key = "nguon-1"
text = "Ghi nguồn của bài ở đây"
""",
    "01-mo-dau/chuyen-de.md": "---\ntitle: Mở đầu\ngoals: [hieu-bai]\n---\n",
    "01-mo-dau/01-bai-mot.md": """---
id: bai-mot
title: Bài một
minutes: 5
goals: [hieu-bai]
---
Học xong bài này, nói lại được ý chính.

/// tinh-huong | Một buổi họp thôn
Kể một chuyện ngắn ở đây.
///

## Ý chính
Viết ý chính ở đây.

/// tu-kiem-tra
q-y-chinh
///
""",
    "01-mo-dau/01-bai-mot.cau-hoi.md": """## Bài này nói về điều gì?   {#q-y-chinh type=single goal=hieu-bai}
- [x] Ý chính của bài
- [ ] Một chuyện khác
  > Đọc lại đoạn “Ý chính”.
> Ý chính nằm ở giữa bài.
""",
    "thi-cuoi-khoa.md": """---
title: Kiểm tra cuối khóa
draw: 2
pass: 1
attempts: 3
---
## Học xong bài này thì làm được gì?   {#q-lam-duoc type=truefalse goal=hieu-bai}
- [x] Đúng
- [ ] Sai
  > Xem lại dòng đầu của bài.
> Dòng đầu của bài nói rõ học xong làm được gì.
""",
}


@lru_cache(maxsize=8)
def read_kept(digest: str) -> rules.Course:
    """The course in a kept zip; CourseHasFaults."""
    return rules.read_zip(store().get(digest))


def starter() -> bytes:
    """A small correct course folder as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, written in STARTER.items():
            packed.writestr(zipfile.ZipInfo(f"khoa-cua-toi/{path}", (2026, 1, 1, 0, 0, 0)), written)
    return out.getvalue()
