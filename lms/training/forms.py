"""What may be typed about classes, sessions, the roll, paths and earlier training."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Any
from uuid import UUID

from wtforms import BooleanField, Field, FileField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import TextArea, TextInput

from lms.core import ids, words
from lms.people.forms import PlainPerson
from lms.training.models import Mode, RollState, StepKind
from lms.training.rules import AUDIENCES
from lms.web.forms import DayField, LineField, PlainForm, Required, stop

text: Any = words.text  # WTForms' stubs know no lazy labels
MOST_DAYS = 14  # a longer class gets its sessions one by one
_HOUR = re.compile(r"(\d{1,2})\s*(?:[:.hg]|giờ)?\s*(\d{2})?")


class NumberField(Field):
    """A whole number within limits; empty is None where it is not required."""

    widget = TextInput()

    def __init__(self, label: Any, least: int, most: int, required: bool = True, **names: Any) -> None:
        super().__init__(label, [Required()] if required else [], **names)
        self.least, self.most, self.typed = least, most, ""

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else str(self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        """The number, or a sentence with its limits."""
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = int(self.typed) if re.fullmatch(r"\d{1,6}", self.typed) else None
        if self.typed and (self.data is None or not self.least <= self.data <= self.most):
            self.data = None
            raise ValueError(text("Ghi một số từ {least} đến {most}.", least=self.least, most=self.most))

    def pre_validate(self, form: Any) -> None:
        """Zero is a number, not an empty field."""


class HourField(Field):
    """A time of day: 7:30, 7h30, 7 giờ 30, or what a browser's own picker sends."""

    widget = TextInput()

    def __init__(self, label: Any, **names: Any) -> None:
        super().__init__(label, [Required(text("Ghi giờ theo mẫu 7:30."))], **names)
        self.typed = ""

    def _value(self) -> str:
        return self.typed or (f"{self.data:%H:%M}" if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        """The time, or a sentence with the pattern."""
        self.typed = (valuelist[0] if valuelist else "").strip()
        found = _HOUR.fullmatch(self.typed)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        self.data = time(hour, minute) if hour < 24 and minute < 60 else None
        if self.typed and self.data is None:
            raise ValueError(text("Giờ này không có. Ghi theo mẫu 7:30 hoặc 13:30."))


class KeysField(Field):
    """Ticked rows, as keys in addresses; what is no key is left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keys, each once."""
        self.data = list(dict.fromkeys(key for key in map(key_of, valuelist) if key is not None))

    def holds(self, key: UUID) -> bool:
        """Is this row ticked?"""
        return key in (self.data or ())


def key_of(letters: str | None) -> UUID | None:
    """The key that these letters of an address stand for, if any."""
    try:
        return ids.from_address(letters or "")
    except ValueError:
        return None


def _labels(members: type[Mode] | type[RollState] | type[StepKind]) -> list[Any]:
    return [SelectChoice(member.value, member.label) for member in members]


def _refuse_backward(starts: Field, ends: Field) -> None:
    if starts.data and ends.data and ends.data <= starts.data:
        raise stop(text("Giờ kết thúc phải sau giờ bắt đầu."))


class HalfDays(PlainForm):
    """Times of mornings and afternoons."""

    morning_starts = HourField(text("Sáng từ"), default=time(7, 30))
    morning_ends = HourField(text("đến"), default=time(11, 0))
    afternoon_starts = HourField(text("Chiều từ"), default=time(13, 30))
    afternoon_ends = HourField(text("đến"), default=time(17, 0))

    def validate_morning_ends(self, field: Field) -> None:
        """After its start."""
        _refuse_backward(self.morning_starts, field)

    def validate_afternoon_starts(self, field: Field) -> None:
        """After the morning."""
        if field.data and self.morning_ends.data and field.data < self.morning_ends.data:
            raise stop(text("Buổi chiều bắt đầu sau buổi sáng. Xem lại giờ."))

    def validate_afternoon_ends(self, field: Field) -> None:
        """After its start."""
        _refuse_backward(self.afternoon_starts, field)

    def spans(self, morning: bool, afternoon: bool) -> list[tuple[time, time]]:
        """Start and end of the halves that are wanted."""
        halves = (
            (morning, self.morning_starts, self.morning_ends),
            (afternoon, self.afternoon_starts, self.afternoon_ends),
        )
        return [(starts.data, ends.data) for wanted, starts, ends in halves if wanted]


class ClassForm(HalfDays):
    """A new class."""

    course = SelectField(text("Khóa học"), [Required(text("Chọn một khóa học."))])
    title = LineField(text("Tên lớp"), most=200)
    organiser = SelectField(text("Đơn vị tổ chức"), [Required(text("Chọn đơn vị tổ chức."))])
    venue = LineField(text("Địa điểm"), most=200)
    venue_unit = SelectField(text("Thuộc xã, tỉnh"), [Required(text("Chọn nơi mở lớp."))])
    mode = SelectField(text("Hình thức"), choices=_labels(Mode))
    starts_on = DayField(text("Ngày đầu"))
    ends_on = DayField(text("Ngày cuối"))
    capacity = NumberField(text("Số chỗ"), 1, 1000, default=40)
    threshold = NumberField(text("Hoàn thành khi dự từ (phần trăm số phút)"), 1, 100, default=80)
    needs_test = BooleanField(text("Phải đạt bài kiểm tra cuối khóa"))
    trainers = KeysField(text("Giảng viên"))
    morning = BooleanField(text("Buổi sáng mỗi ngày"), default=True)
    afternoon = BooleanField(text("Buổi chiều mỗi ngày"), default=True)

    def validate_ends_on(self, field: Field) -> None:
        """After the first day; every-day sessions only for a class of two weeks at most."""
        if field.data is None or self.starts_on.data is None:
            return
        days = (field.data - self.starts_on.data).days
        if days < 0:
            raise stop(text("Ngày cuối phải từ ngày đầu trở đi."))
        if days >= MOST_DAYS and (self.morning.data or self.afternoon.data):
            raise stop(
                text("Lớp dài hơn {most} ngày: bỏ chọn buổi mỗi ngày, mở lớp rồi thêm từng buổi.", most=MOST_DAYS)
            )


class SessionForm(PlainForm):
    """One more session."""

    day = DayField(text("Ngày"))
    starts = HourField(text("Từ"))
    ends = HourField(text("Đến"))


class InviteForm(PlainForm):
    """Whom to invite."""

    persons = KeysField(text("Mời"))

    def validate_persons(self, field: Field) -> None:
        """Somebody."""
        if not field.data:
            raise stop(text("Chưa chọn ai. Đánh dấu ít nhất một người."))


class ReasonForm(PlainForm):
    """Why something is struck out, opened again or cancelled."""

    reason = LineField(text("Lý do"), most=200)


class LineForm(PlainForm):
    """What else than a tap can say of a person in a session."""

    state = RadioField(text("Ghi là"), [Required(text("Chọn một dòng."))], choices=_labels(RollState))
    missing = NumberField(text("Số phút không có mặt"), 0, 1440, required=False)
    reason = LineField(text("Ghi chú"), most=200, required=False)


class WalkInForm(PlainPerson):
    """Someone who walks in and whom nobody knows yet; `seen` names the namesakes that were shown."""

    ethnic_group = None  # type: ignore[assignment]  # how WTForms leaves a field out
    phone = None  # type: ignore[assignment]
    unit = SelectField(text("Đơn vị"))
    village = LineField(text("Thôn, bản"), most=120, required=False)
    seen = HiddenField()


class PathForm(PlainForm):
    """A path: its words, for whom, of which unit (a new one only)."""

    title = LineField(text("Tên lộ trình"), most=200)
    audience = SelectField(text("Người học"), choices=[SelectChoice(*one) for one in AUDIENCES.items()])
    summary = LineField(text("Giới thiệu ngắn"), most=500, required=False, widget=TextArea())
    unit = SelectField(text("Cho đơn vị"), [Required(text("Chọn đơn vị."))])


class StepForm(PlainForm):
    """A new step; which of course and product it needs depends on its kind, and the action says so."""

    kind = RadioField(text("Bước này là"), [Required(text("Chọn một dòng."))], choices=_labels(StepKind))
    course = SelectField(text("Khóa học"))
    product = SelectField(text("Bài thực hành"))
    title = LineField(text("Tên bước"), most=200, required=False)
    note = LineField(text("Ghi chú"), most=500, required=False, widget=TextArea())


class StepWordsForm(PlainForm):
    """Other words for a step."""

    title = LineField(text("Tên bước"), most=200)
    note = LineField(text("Ghi chú"), most=500, required=False, widget=TextArea())


class CreditForm(PlainForm):
    """An earlier training put forward for a step."""

    step = SelectField(text("Bước"), [Required(text("Chọn một bước."))])
    done_on = DayField(text("Đã học, đã làm ngày"))
    evidence = LineField(text("Minh chứng"), most=500, widget=TextArea())
    scan = FileField(text("Ảnh hoặc bản quét, nếu có"))


class DecisionForm(PlainForm):
    """Granted, or refused with a reason."""

    granted = HiddenField()
    reason = LineField(text("Lý do"), most=300, required=False)


def offer(field: SelectField, choices: Iterable[tuple[UUID, str]], empty: Any = None) -> None:
    """What may be chosen: (key, title); with `empty`, a first line that chooses nothing."""
    lines: list[Any] = [SelectChoice(ids.to_address(key), title) for key, title in choices]
    field.choices = [SelectChoice("", empty), *lines] if empty is not None else lines
