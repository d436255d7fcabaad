"""What a coordinator fills in to give a course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from wtforms import Field, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import TextArea

from lms.core import ids
from lms.core.words import Text, text
from lms.learning.queries.followed import State
from lms.learning.queries.insight import VOICES
from lms.web.forms import DayField, LineField, PlainForm, Required, at_most


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


def _steps(question: Text, *words: Text) -> RadioField:
    """A question of the evaluation with its four steps, from low to high."""
    return RadioField(
        question,  # type: ignore[arg-type]
        [Required(text("Chọn một mức cho câu này."))],
        choices=[SelectChoice(str(step), word) for step, word in enumerate(words, 1)],
        coerce=_step,
    )


def _step(value: object) -> int | None:
    return int(value) if isinstance(value, str | int) and str(value) in {"1", "2", "3", "4"} else None


class EvaluationForm(PlainForm):
    """What a learner says of a course at its end."""

    useful = _steps(VOICES["useful"], text("Chưa có ích"), text("Tạm được"), text("Có ích"), text("Rất có ích"))
    clear = _steps(VOICES["clear"], text("Chưa dễ hiểu"), text("Tạm hiểu"), text("Dễ hiểu"), text("Rất dễ hiểu"))
    will_use = _steps(
        VOICES["will_use"],
        text("Chưa dùng được"),
        text("Dùng được một ít"),
        text("Dùng được nhiều"),
        text("Dùng hằng ngày"),
    )
    comment = LineField(
        text("Muốn sửa gì ở khóa học này? Không bắt buộc."),
        most=500,
        required=False,
        widget=TextArea(),
        render_kw={"rows": 4},
    )


@dataclass(frozen=True)
class Following:
    """What a page of progress was asked for: part of a name, a chip, list or grid, which page."""

    typed: str
    state: State | None
    grid: bool
    number: int


def following(asked: Mapping[str, str]) -> Following:
    """From the arguments of an address; what makes no sense is left out."""
    state = next((state for state in State if state == asked.get("loc")), None)
    number = asked.get("trang", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return Following(asked.get("tim", "").strip()[:100], state, asked.get("dang") == "bang", page)


class HandInForm(PlainForm):
    """The text of a product; its files are read beside it."""

    text = TextAreaField(text("Bài viết"), [at_most(20_000)])  # type: ignore[arg-type]


class MarkingForm(PlainForm):
    """What a trainer gives beside the steps: ready comments, one to keep, her own words, the outcome."""

    outcome = RadioField(text("Kết quả"), default="", validate_choice=False)  # type: ignore[arg-type]
    chips = SelectMultipleField(text("Nhận xét có sẵn"), validate_choice=False)  # type: ignore[arg-type]
    new_chip = LineField(text("Nhận xét mới, giữ lại cho bài sau"), most=120, required=False)
    comment = TextAreaField(text("Nhận xét thêm"), [at_most(5_000)])  # type: ignore[arg-type]
