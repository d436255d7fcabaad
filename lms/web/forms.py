"""The form every form is, and fields that rooms share. Nothing typed is lost; every fault says what to do."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import request
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, Form, StringField
from wtforms.validators import DataRequired, Length, StopValidation
from wtforms.widgets import TextInput

from lms.core.names import neat
from lms.core.words import Text, day, text


class PlainForm(Form):
    """A form as posted; CSRF is checked by the gate for every unsafe request at once."""

    @classmethod
    def posted(cls, **names: Any) -> PlainForm:
        """With what was posted (fields and files)."""
        return cls(CombinedMultiDict([request.files, request.form]), **names)


class Required(DataRequired):
    """Must be filled in."""

    def __init__(self, sentence: Text | None = None) -> None:
        super().__init__(sentence or text("Ô này còn trống. Điền rồi gửi lại."))  # type: ignore[arg-type]

    def __call__(self, form: Any, field: Any) -> None:
        """A field that could not be read keeps its own sentence."""
        if not (field.process_errors and field.raw_data and str(field.raw_data[0]).strip()):
            super().__call__(form, field)


def at_most(letters: int) -> Length:
    """A limit on length."""
    return Length(max=letters, message=text("Viết ngắn lại, nhiều nhất {letters} chữ cái.", letters=letters))  # type: ignore[arg-type]


def trimmed(value: str | None) -> str | None:
    """NFC, single spaces."""
    return neat(value) if value else value


class LineField(StringField):
    """One line of text, NFC, single spaces."""

    def __init__(self, label: Text, most: int = 200, required: bool = True, **names: Any) -> None:
        checks = [Required()] if required else []
        super().__init__(label, [*checks, at_most(most)], filters=[trimmed], **names)  # type: ignore[arg-type]


class DayField(Field):
    """A day as dd/mm/yyyy; also reads what a browser's own day picker sends."""

    widget = TextInput()

    def __init__(self, label: Text, required: bool = True, **names: Any) -> None:
        super().__init__(label, [Required(text("Ghi ngày theo mẫu 26/11/2026."))] if required else [], **names)  # type: ignore[arg-type]
        self.typed = ""

    def _value(self) -> str:
        return self.typed or day(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """A date, or a sentence with a guess of what was meant."""
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not self.typed:
            return
        found = re.fullmatch(r"(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})", self.typed)
        iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", self.typed)
        try:
            if iso:
                self.data = date(int(iso[1]), int(iso[2]), int(iso[3]))
            elif found:
                self.data = date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            self.data = None
        if self.data is not None and not 1950 <= self.data.year <= 2100:
            self.data = None
        if self.data is None:
            raise ValueError(text("Ngày này không có. Ghi theo mẫu ngày/tháng/năm, như 26/11/2026."))


class YearField(Field):
    """A year of birth; a slip of one digit gets a guess."""

    widget = TextInput()

    def __init__(self, label: Text, required: bool = True, **names: Any) -> None:
        super().__init__(label, [Required()] if required else [], **names)  # type: ignore[arg-type]
        self.typed = ""

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else str(self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        """A year from 1920 to 2015."""
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = int(self.typed) if re.fullmatch(r"\d{4}", self.typed) else None
        if self.typed and (self.data is None or not 1920 <= self.data <= 2015):
            raise ValueError(year_fault(self.typed))


def year_fault(typed: str) -> Text:
    """The sentence for a year that cannot be, with a guess where one is near."""
    if re.fullmatch(r"1[0-8]\d\d", typed):
        return text("Năm sinh {typed} quá xa. Có phải 19{end} không?", typed=typed, end=typed[2:])
    return text("Năm sinh gồm bốn chữ số, từ 1920 đến 2015, như 1985.")


def stop(sentence: Text) -> StopValidation:
    """A fault found by a form's own check."""
    return StopValidation(sentence)  # type: ignore[arg-type]
