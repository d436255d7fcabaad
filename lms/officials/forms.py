"""What may be typed about the register, and the page that asks why it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import Field, FileField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from lms.core import clock, words
from lms.core.ids import from_address, to_address
from lms.core.refusal import NotFound
from lms.officials import actions, queries
from lms.officials.models import Category, SealedVisit
from lms.people.rules import ETHNIC_GROUPS
from lms.units.models import Unit
from lms.web.forms import DayField, LineField, PlainForm, Required, YearField, stop, trimmed
from lms.web.gate import me
from lms.web.pages import page

text: Any = words.text  # WTForms' stubs know no lazy labels
SHORTEST_REASON, LONGEST_REASON = 5, 300


class VisitForm(PlainForm):
    """Why the register of a unit is opened, and where to go then."""

    unit = HiddenField()
    onward = HiddenField()
    reason = StringField(text("Lý do xem"), [Required(text("Ghi lý do rồi gửi lại."))], filters=[trimmed])

    def validate_reason(self, field: Field) -> None:
        """A few words, not a story."""
        if len(field.data) < SHORTEST_REASON:
            raise stop(text("Ghi lý do rõ hơn, như “lập danh sách lớp tháng 12”."))
        if len(field.data) > LONGEST_REASON:
            raise stop(text("Viết ngắn lại, nhiều nhất 300 chữ cái."))


def ask_reason(unit: Unit, form: VisitForm | None = None) -> ResponseReturnValue:
    """The page that asks for a reason, in place of a sealed one; what was posted is carried along and sent again."""
    posted = request.method == "POST" and form is None
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in {"csrf_token", "reason"}]
    asked = form or VisitForm(unit=to_address(unit.id), onward=request.full_path.rstrip("?"))
    status = 422 if form is not None else 409 if posted else 200
    return page("officials/open_visit.html", status, form=asked, unit=unit, kept=kept if posted else [])


def visit_here(unit: Unit) -> SealedVisit | None:
    """The visit that opens this unit; a reason sent along with a form opens one. None: `ask_reason`."""
    visit = queries.visit_of(me(), unit.id)
    reason = trimmed(request.form.get("reason")) or ""
    if visit is None and SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        visit = actions.open_visit(unit, reason, by=me())
    return visit


def categories(first: words.Text | None = None) -> list[Any]:
    """The four groups to choose from, after an empty line if that has words."""
    groups = [SelectChoice(group.value, group.label) for group in Category]
    return [*([SelectChoice("", first)] if first else []), *groups]


def _ethnic_groups() -> list[Any]:
    known = [SelectChoice(group.key, group.name) for group in ETHNIC_GROUPS.values()]
    return [SelectChoice("", text("Không rõ")), *known]


class FilterForm(PlainForm):
    """What the register is narrowed to; read from the address."""

    tim = StringField(text("Tên"), filters=[trimmed])
    nhom = SelectField(text("Nhóm"), choices=categories(text("Mọi nhóm")), validate_choice=False)
    ky = SelectField(text("Nhiệm kỳ"), validate_choice=False)
    ngay = DayField(text("Vào ngày"), required=False)

    def offer_terms(self, terms: Sequence[str]) -> None:
        """The terms there are."""
        self.ky.choices = [SelectChoice("", text("Mọi nhiệm kỳ")), *map(SelectChoice, terms)]


class EntryForm(PlainForm):
    """A woman, on file or new, in a group at a body."""

    person = RadioField(text("Là ai"), choices=[], validate_choice=False, default="moi")
    name = LineField(text("Họ và tên"), most=120, required=False)
    birth_year = YearField(text("Năm sinh"), required=False)
    ethnic_group = SelectField(text("Dân tộc"), choices=_ethnic_groups())
    category = SelectField(text("Nhóm"), choices=categories())
    place = LineField(text("Đơn vị"), most=160)
    post = LineField(text("Chức vụ, chức danh"), most=160, required=False)
    term = LineField(text("Nhiệm kỳ"), most=20, required=False)
    decision = LineField(text("Quyết định"), most=120, required=False)
    begins = DayField(text("Từ ngày"))
    seen = HiddenField()

    def wants_new(self) -> bool:
        """A woman not on file yet."""
        return self.person.data in {"", None, "moi"}

    def is_complete(self) -> bool:
        """A new woman needs name and year, and is grown up."""
        good = self.validate()
        if self.wants_new():
            for field in (self.name, self.birth_year):
                if not field.data and not field.errors:
                    field.errors = [*field.errors, text("Ô này còn trống. Điền rồi gửi lại.")]
            if self.birth_year.data and self.birth_year.data > clock.today().year - 18:
                self.birth_year.errors = [text("Chỉ ghi người từ 18 tuổi.")]
            good = good and not self.name.errors and not self.birth_year.errors
        return good


class EndForm(PlainForm):
    """When and why an entry ends."""

    ends = DayField(text("Kết thúc từ ngày"))
    why = LineField(text("Lý do kết thúc"), most=300)


class ImportForm(PlainForm):
    """A list as people have it."""

    file = FileField(text("Tệp Excel hoặc CSV"), [Required(text("Chọn tệp rồi gửi lại."))])
    category = SelectField(text("Nhóm, nếu tệp không ghi"), choices=categories(text("Tệp có ghi nhóm")))
    begins = DayField(text("Tính từ ngày, nếu tệp không ghi"))


def unit_asked() -> Unit:
    """The unit whose key the address or form names (`don-vi`), else the first where she holds the role; NotFound."""
    letters = request.form.get("don-vi") or request.args.get("don-vi", "")
    if not letters:
        held: Sequence[Unit] = queries.units_of(me())
        if not held:
            raise NotFound
        return held[0]
    try:
        return queries.unit_for(me(), from_address(letters))
    except ValueError as fault:
        raise NotFound from fault
