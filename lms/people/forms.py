"""What may be typed about persons, posts, roles and at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from lms.core import clock, words
from lms.core.words import LANGUAGES
from lms.people import rules
from lms.people.models import PostKind, Sex
from lms.units.models import Unit
from lms.web.forms import DayField, LineField, PlainForm, Required, YearField, at_most, stop, trimmed

text: Any = words.text  # WTForms' stubs know no lazy labels
ADDRESS_FORMS = ("chị", "anh", "cô", "chú", "bác", "em")


def _labels(members: type[Sex] | type[PostKind]) -> list[Any]:
    return [SelectChoice(member.value, member.label) for member in members]


def _roles() -> list[Any]:
    return [SelectChoice(role.value, label) for role, label in rules.ROLES.items()]


class SignInForm(PlainForm):
    """Telephone number or code, and the PIN."""

    login = LineField(text("Số điện thoại hoặc mã"), most=60)
    secret = PasswordField(text("Mã PIN hoặc mật khẩu"), [Required()])
    keep = BooleanField(text("Giữ đăng nhập trên máy này"))
    tiep = HiddenField()


class SecretForm(PlainForm):
    """Her own PIN: the old one (not asked for at the first sign-in), the new one twice."""

    old = PasswordField(text("Mã đang dùng"), [Required()])
    new = PasswordField(text("Mã mới"), [Required()])
    again = PasswordField(text("Gõ lại mã mới"), [Required()])
    tiep = HiddenField()

    def validate_again(self, field: Field) -> None:
        """Both the same."""
        if field.data != self.new.data:
            raise stop(text("Hai lần gõ chưa giống nhau."))


class MeForm(PlainForm):
    """How she is addressed, and in which language."""

    address_form = RadioField(
        text("Cách xưng hô"), choices=[SelectChoice("", text("Chỉ gọi tên")), *map(SelectChoice, ADDRESS_FORMS)]
    )
    language = RadioField(text("Ngôn ngữ"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])


def _ethnic_choices() -> list[Any]:
    groups = [SelectChoice(group.key, group.name) for group in rules.ETHNIC_GROUPS.values()]
    return [SelectChoice("", text("Không rõ")), *groups]


class PlainPerson(PlainForm):
    """What is typed about a person herself."""

    name = LineField(text("Họ và tên"), most=120)
    birth_year = YearField(text("Năm sinh"), required=False)
    sex = RadioField(text("Giới"), choices=_labels(Sex), default=Sex.FEMALE.value)
    ethnic_group = SelectField(text("Dân tộc"), choices=_ethnic_choices)
    phone = LineField(text("Số điện thoại"), most=20, required=False)

    def validate_birth_year(self, field: Field) -> None:
        """Children are never named persons here."""
        if field.data is not None and rules.is_child(field.data, clock.today().year):
            raise stop(text("Chỉ ghi người từ 18 tuổi. Trẻ em chỉ được đếm, không ghi tên."))

    def validate_phone(self, field: Field) -> None:
        """A Vietnamese number."""
        if field.data and not rules.is_phone(field.data):
            raise stop(text("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0."))


class PostFields(PlainForm):
    """Where a person lives or works, and as what."""

    unit = SelectField(text("Đơn vị"))
    village = LineField(text("Thôn, bản"), most=120, required=False)
    kind = SelectField(text("Nhóm chức danh"), choices=_labels(PostKind), default=PostKind.OTHER.value)
    title = LineField(text("Chức danh cụ thể"), most=120, required=False)


class PersonForm(PlainPerson, PostFields):
    """A new person with her post; `seen` names the namesakes that were shown and are other people."""

    seen = HiddenField()


class CorrectionForm(PlainPerson):
    """What was typed wrong about a person, put right."""

    drop_phone = BooleanField(text("Bỏ số điện thoại đang giữ"))
    reason = LineField(text("Lý do sửa"), most=200)


class PostForm(PostFields):
    """From a day on elsewhere, or as something else."""

    begins = DayField(text("Từ ngày"))


class RoleForm(PlainForm):
    """A role at a unit."""

    role = SelectField(text("Quyền"), choices=_roles)
    unit = SelectField(text("Ở đơn vị"))


class ResetForm(PlainForm):
    """A new first PIN is given in person only."""

    met = BooleanField(text("Người này đang ở đây và đã nói đúng họ tên, năm sinh"))

    def validate_met(self, field: Field) -> None:
        """Not by telephone."""
        if not field.data:
            raise stop(text("Chỉ đặt lại mã khi gặp trực tiếp. Đánh dấu vào ô này rồi gửi lại."))


class FilterForm(PlainForm):
    """What a list of persons is narrowed to; read from the address."""

    tim = StringField(text("Tên, hoặc mã tài khoản"), [at_most(100)], filters=[trimmed])
    loai = SelectField(
        text("Nhóm chức danh"),
        choices=[SelectChoice("", text("Mọi nhóm")), *_labels(PostKind)],
        validate_choice=False,
    )


def offer_units(field: SelectField, units: Sequence[tuple[str, Unit]]) -> None:
    """The units that may be chosen: (key as in addresses, unit)."""
    field.choices = [SelectChoice(key, unit.title) for key, unit in units]
