"""What a coordinator fills in to give a course."""

from __future__ import annotations

from uuid import UUID

from wtforms import Field, SelectField

from lms.core import ids
from lms.core.words import text
from lms.web.forms import DayField, PlainForm, Required


class PersonsField(Field):
    """Ticked persons, as keys in addresses; what is no key is left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keys of persons, each once."""
        self.data = list(dict.fromkeys(key for key in map(_key, valuelist) if key is not None))

    def holds(self, person_id: UUID) -> bool:
        """Is this person ticked?"""
        return person_id in (self.data or ())


def _key(letters: str) -> UUID | None:
    try:
        return ids.from_address(letters)
    except ValueError:
        return None


class AssignmentForm(PlainForm):
    """A course, a day, persons."""

    course = SelectField(text("Khóa học"), [Required(text("Chọn một khóa học."))])  # type: ignore[arg-type]
    due = DayField(text("Học xong trước hết ngày"))
    persons = PersonsField(text("Giao cho"))  # type: ignore[arg-type]
