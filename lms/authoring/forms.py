"""What an author sends."""

from __future__ import annotations

from wtforms import BooleanField, FileField

from lms.core.words import text
from lms.web.forms import PlainForm


class UploadForm(PlainForm):
    """A course folder as zip."""

    package = FileField(text("Gói khóa học (.zip)"))  # type: ignore[arg-type]


class PublishForm(PlainForm):
    """Consent to drop ids, where some are dropped."""

    confirmed = BooleanField(text("Đồng ý bỏ những mã nói trên; tiến độ học gắn với chúng sẽ không còn hiện ra."))  # type: ignore[arg-type]
