"""What a person may type about certificates."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from lms.core.words import text
from lms.credentials.models import Cause
from lms.web.forms import LineField, PlainForm, YearField


class RevokeForm(PlainForm):
    """Ending a certificate: a kind for the public, a reason for the record."""

    cause = SelectField(
        text("Loại lý do"),  # type: ignore[arg-type]
        choices=[SelectChoice(cause.value, cause.label) for cause in Cause],
        default=Cause.WRONG_PERSON.value,
    )
    reason = LineField(text("Lý do thu hồi"), most=300)


class ReplaceForm(PlainForm):
    """A corrected name or year of birth."""

    name = LineField(text("Họ và tên đúng"), most=120)
    birth_year = YearField(text("Năm sinh đúng"), required=False)
    why = LineField(text("Lý do thay"), most=300)


class AgainForm(PlainForm):
    """Issuing anew what was revoked by mistake."""

    reason = LineField(text("Lý do cấp lại"), most=300)
