"""What an author may send: a zip, and how it is to be published."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, FileField, SelectField

from lms.core.words import text
from lms.web.forms import PlainForm, stop


class UploadForm(PlainForm):
    """A course folder as a zip."""

    package = FileField(text("Thư mục khóa học, nén thành tệp .zip"))  # type: ignore[arg-type]

    def validate_package(self, field: Any) -> None:
        """A file was chosen; what is in it the reader tells."""
        if not getattr(field.data, "filename", ""):
            raise stop(text("Chưa chọn tệp. Chọn tệp .zip của thư mục khóa học rồi gửi lại."))


class PublishForm(PlainForm):
    """How a draft is to be published. `owner` is asked for a new course only."""

    owner = SelectField(text("Đơn vị chủ quản"))  # type: ignore[arg-type]
    confirmed = BooleanField(text("Đồng ý bỏ hoặc đổi loại những mã đã nêu"))  # type: ignore[arg-type]


class BankForm(PlainForm):
    """A file of questions, where they go, and the goal of those that name none."""

    bank = FileField(text("Tệp câu hỏi: GIFT, Aiken, Moodle XML, Excel, CSV hoặc .cau-hoi.md"))  # type: ignore[arg-type]
    target = SelectField(text("Thêm vào"))  # type: ignore[arg-type]
    goal = SelectField(text("Mục tiêu của những câu chưa ghi mục tiêu"))  # type: ignore[arg-type]

    def validate_bank(self, field: Any) -> None:
        """A file was chosen; what is in it the reader tells."""
        if not getattr(field.data, "filename", ""):
            raise stop(text("Chưa chọn tệp. Chọn tệp câu hỏi rồi gửi lại."))
