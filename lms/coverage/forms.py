"""What may be typed on the pages of coverage."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from lms.core import words
from lms.core.ids import from_address
from lms.web.forms import DayField, PlainForm

text: Any = words.text  # WTForms' stubs know no lazy labels


class DayForm(PlainForm):
    """As of which day; read from the address."""

    ngay = DayField(text("Đến ngày"), required=False)


def keys_posted(name: str) -> list[UUID]:
    """The keys ticked under a name; what is no key is left out."""
    found = []
    for letters in request.form.getlist(name):
        try:
            found.append(from_address(letters))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
