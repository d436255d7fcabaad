"""What the pages of figures are asked for: a unit and a period, by GET."""

from __future__ import annotations

from wtforms import SelectField

from lms.core.words import text
from lms.indicators.rules.periods import Part
from lms.web.forms import PlainForm


class FilterForm(PlainForm):
    """Unit (26 letters), calendar year, part of it. The view gives the choices."""

    unit = SelectField(text("Đơn vị"), name="don-vi")  # type: ignore[arg-type]
    year = SelectField(text("Năm"), name="nam", coerce=int)  # type: ignore[arg-type]
    part = SelectField(text("Kỳ"), name="ky", default=Part.YEAR.value)  # type: ignore[arg-type]
