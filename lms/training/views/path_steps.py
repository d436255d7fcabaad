"""Pages of a path's steps, for those who make it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from lms.core.ids import to_address
from lms.core.refusal import Refusal
from lms.core.words import Text, text
from lms.courses.models import Course
from lms.training import access, actions, queries
from lms.training.forms import StepForm, StepWordsForm, key_of, offer
from lms.training.models import Path, PathStep, StepKind
from lms.training.queries import Product
from lms.training.views.blueprint import bp, edited_path
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused


@bp.get("/lo-trinh/<slug:path>/buoc/them")
@allow(*access.MAKERS)
def new_step(path: str) -> ResponseReturnValue:
    """One more step."""
    found, form = edited_path(path), StepForm()
    _offer(form)
    return _step_form(found, form)


def _offer(form: StepForm) -> None:
    offer(form.course, [(course.id, course.title) for course in queries.courses_offered()], text("Không chọn"))
    lines = [SelectChoice(_name(one), f"{one.course.title}: {one.title}") for one in queries.products_offered()]
    form.product.choices = [SelectChoice("", text("Không chọn")), *lines]


def _name(product: Product) -> str:
    return f"{to_address(product.course.id)}.{product.key}"


def _step_form(path: Path, form: StepForm, status: int = 200, sentence: Text | None = None) -> Response:
    return page("training/path_step.html", status, held=path, form=form, step=None, sentence=sentence)


@bp.post("/lo-trinh/<slug:path>/buoc/them")
@allow(*access.MAKERS)
def add_step(path: str) -> ResponseReturnValue:
    """One more step at the end."""
    found = edited_path(path)
    form = cast(StepForm, StepForm.posted())
    _offer(form)
    if not form.validate():
        return _step_form(found, form, 422)
    course, question_key, title = _chosen(form)
    try:
        actions.add_step(found, StepKind(form.kind.data), course, question_key, title, form.note.data or "", by=me())
    except Refusal as refusal:
        return _step_form(found, form, 409, refused(refusal, form))
    return done(url_for(".path_page", path=found.slug), said=text("Đã thêm bước."))


def _chosen(form: StepForm) -> tuple[Course | None, str, str]:
    """The course, for a task with its question; and the title, by default that of the product."""
    typed = form.title.data or ""
    if form.kind.data == StepKind.TASK:
        product = next((one for one in queries.products_offered() if _name(one) == form.product.data), None)
        return (product.course, product.key, typed or product.title) if product is not None else (None, "", typed)
    wanted = key_of(form.course.data)
    return next((course for course in queries.courses_offered() if course.id == wanted), None), "", typed


def _edited_step(path: str, step_id: UUID) -> tuple[Path, PathStep]:
    found = edited_path(path)
    return found, queries.step_of(found, step_id)


@bp.get("/lo-trinh/<slug:path>/buoc/<key:step_id>")
@allow(*access.MAKERS)
def changing_step(path: str, step_id: UUID) -> ResponseReturnValue:
    """Other words for a step."""
    found, step = _edited_step(path, step_id)
    return _words_form(found, step, StepWordsForm(title=step.title, note=step.note))


def _words_form(path: Path, step: PathStep, form: StepWordsForm, status: int = 200) -> Response:
    return page("training/path_step.html", status, held=path, form=form, step=step, sentence=None)


@bp.post("/lo-trinh/<slug:path>/buoc/<key:step_id>")
@allow(*access.MAKERS)
def change_step(path: str, step_id: UUID) -> ResponseReturnValue:
    """Other words; what it asks for stays."""
    found, step = _edited_step(path, step_id)
    form = cast(StepWordsForm, StepWordsForm.posted())
    if not form.validate():
        return _words_form(found, step, form, 422)
    actions.change_step(step, form.title.data or "", form.note.data or "", by=me())
    return done(url_for(".path_page", path=found.slug), said=text("Đã sửa."))


@bp.post("/lo-trinh/<slug:path>/buoc/<key:step_id>/len")
@allow(*access.MAKERS)
def step_up(path: str, step_id: UUID) -> ResponseReturnValue:
    """One place up."""
    return _moved(path, step_id, up=True)


@bp.post("/lo-trinh/<slug:path>/buoc/<key:step_id>/xuong")
@allow(*access.MAKERS)
def step_down(path: str, step_id: UUID) -> ResponseReturnValue:
    """One place down."""
    return _moved(path, step_id, up=False)


def _moved(path: str, step_id: UUID, up: bool) -> ResponseReturnValue:
    found, step = _edited_step(path, step_id)
    actions.move_step(step, up, by=me())
    return done(url_for(".path_page", path=found.slug, _anchor="cac-buoc"))


@bp.post("/lo-trinh/<slug:path>/buoc/<key:step_id>/bo")
@allow(*access.MAKERS)
def remove_step(path: str, step_id: UUID) -> ResponseReturnValue:
    """It is asked no more."""
    found, step = _edited_step(path, step_id)
    actions.remove_step(step, by=me())
    return done(url_for(".path_page", path=found.slug), said=text("Đã bỏ bước “{title}”.", title=step.title))
