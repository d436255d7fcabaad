"""Pages: classes, a new class, one class, the lists behind its figures."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.actor import Actor, Role
from lms.core.refusal import NotFound, Refusal
from lms.core.sheets import Cell
from lms.core.words import Text, text
from lms.people.models import Person
from lms.training import access, actions, queries
from lms.training.forms import ClassForm, key_of, offer
from lms.training.models import Mode, TrainerRole, TrainingClass
from lms.training.queries import ClassLine, Group, ListLine, Stage, Ticket
from lms.training.views.blueprint import bp
from lms.units import queries as units
from lms.units.models import Unit
from lms.web.gate import allow, me
from lms.web.pages import done, page, refused, sheet, wanted_sheet

MINE = "toi"


@bp.get("/lop")
@allow("signed in")
def classes() -> ResponseReturnValue:
    """Classes she organises, oversees or teaches, by state; the classes she attends as tickets."""
    actor, wanted = me(), request.args.get("loc", "")
    tickets = queries.tickets_of(actor.person_id) if actor.person_id else []
    stage = next((stage for stage in Stage if stage == wanted), None)
    works = bool(actor.units_as(*access.READERS, Role.TRAINER))
    lines = (
        [] if wanted == MINE else queries.classes_for(actor, stage, None if wanted_sheet() else queries.MOST_CLASSES)
    )
    if wanted_sheet():
        return _classes_sheet(lines) if wanted != MINE and (works or lines) else _tickets_sheet(tickets)
    return page(
        "training/classes.html",
        lines=lines,
        tickets=tickets,
        stage=stage,
        mine=wanted == MINE,
        ticket_rows=sum(len(ticket.sessions) for ticket in tickets),
        works=works or bool(lines),
        opens=bool(actor.units_as(*access.ORGANISERS)),
        most=queries.MOST_CLASSES,
    )


def _classes_sheet(lines: list[ClassLine]) -> ResponseReturnValue:
    heads = (text("Số lớp"), text("Tên lớp"), text("Khóa học"), text("Địa điểm"), text("Nơi mở"), text("Ngày đầu"),
             text("Ngày cuối"), text("Tình trạng"))  # fmt: skip
    rows: list[list[Cell]] = []
    for line in lines:
        found = line.training_class
        rows.append([found.number, found.title, found.course.title, found.venue, found.venue_unit.title,
                     found.starts_on, found.ends_on, line.stage.label])  # fmt: skip
    return sheet(text("Danh sách lớp"), heads, rows)


def _tickets_sheet(tickets: list[Ticket]) -> ResponseReturnValue:
    heads = (text("Lớp"), text("Địa điểm"), text("Buổi"), text("Ngày"), text("Từ"), text("Đến"), text("Điểm danh"))
    rows: list[list[Cell]] = [
        [ticket.training_class.title, ticket.training_class.venue, session.number, session.day,
         f"{session.starts:%H:%M}", f"{session.ends:%H:%M}", found.state.label if found else text("Chưa ghi")]
        for ticket in tickets for session, found in ticket.sessions
    ]  # fmt: skip
    return sheet(text("Lớp của tôi"), heads, rows)


@bp.get("/lop/them")
@allow(*access.ORGANISERS)
def new_class() -> ResponseReturnValue:
    """To open a class."""
    form = ClassForm()
    _offer(form, me())
    return _new_class(form)


def _new_class(form: ClassForm, status: int = 200, sentence: Text | None = None) -> ResponseReturnValue:
    trainers = queries.trainers_offered(me().units_as(*access.ORGANISERS))
    return page("training/new_class.html", status, form=form, trainers=trainers, sentence=sentence)


def _offer(form: ClassForm, actor: Actor) -> None:
    """Courses, organisations of her units, places in them."""
    offer(form.course, [(c.id, c.title) for c in queries.courses_offered()], text("Chọn khóa học"))
    organisations = queries.organisations_offered(actor)
    offer(form.organiser, [(o.id, o.name) for o in organisations])
    offer(form.venue_unit, [(u.id, u.title) for u in _places(actor)])


def _places(actor: Actor) -> list[Unit]:
    """Her units and those right below."""
    found = {}
    for top in sorted(actor.units_as(*access.ORGANISERS)):
        found.update({unit.id: unit for unit in (units.unit(top), *units.children_of(top))})
    return list(found.values())


@bp.post("/lop/them")
@allow(*access.ORGANISERS)
def open_class() -> ResponseReturnValue:
    """A new class with its trainers and its mornings and afternoons."""
    form = cast(ClassForm, ClassForm.posted())
    _offer(form, me())
    trainers = _chosen_trainers(form, me())
    if not form.validate() or trainers is None:
        return _new_class(form, 422)
    try:
        opened = _open(form, trainers, me())
    except Refusal as refusal:
        return _new_class(form, 409, refused(refusal, form))
    return done(url_for(".class_page", class_id=opened.id), said=text("Đã mở lớp {number}.", number=opened.number))


def _chosen_trainers(form: ClassForm, actor: Actor) -> list[Person] | None:
    """The ticked trainers; None if one was not offered."""
    offered = {person.id: person for person, _ in queries.trainers_offered(actor.units_as(*access.ORGANISERS))}
    wanted = form.trainers.data or []
    return [offered[key] for key in wanted] if set(wanted) <= set(offered) else None


def _open(form: ClassForm, trainers: list[Person], actor: Actor) -> TrainingClass:
    course = next(c for c in queries.courses_offered() if c.id == key_of(form.course.data))
    organiser = next(o for o in queries.organisations_offered(actor) if o.id == key_of(form.organiser.data))
    venue_unit = next(u for u in _places(actor) if u.id == key_of(form.venue_unit.data))
    opened = actions.open_class(
        course, form.title.data or "", organiser, venue_unit, form.venue.data or "", Mode(form.mode.data), form.starts_on.data,
        form.ends_on.data, form.capacity.data, form.threshold.data, form.needs_test.data, by=actor,
    )  # fmt: skip
    for place, person in enumerate(trainers):
        actions.add_trainer(opened, person, TrainerRole.ASSISTANT if place else TrainerRole.LEAD, by=actor)
    spans = form.spans(form.morning.data, form.afternoon.data)
    for offset in range((opened.ends_on - opened.starts_on).days + 1 if spans else 0):
        for starts, ends in spans:
            actions.add_session(opened, opened.starts_on + timedelta(offset), starts, ends, by=actor)
    return opened


@bp.get("/lop/<key:class_id>")
@allow("signed in")
def class_page(class_id: UUID) -> ResponseReturnValue:
    """One class: facts, sessions, figures, trainers; who attends it sees her own part only."""
    training_class, sight = queries.seen_class(me(), class_id)
    own = me().person_id
    if not sight.reads and own is not None:
        (ticket,) = queries.tickets_of(own, class_id)
        return page("training/own_class.html", ticket=ticket, trainers=queries.trainers_of(class_id))
    return page(
        "training/class_page.html",
        training_class=training_class,
        sight=sight,
        today=clock.today(),
        stage=queries.stage_of(training_class),
        sessions=queries.session_lines(class_id),
        figures=queries.figures_of(class_id),
        trainers=queries.trainers_of(class_id),
    )


@bp.get("/lop/<key:class_id>/danh-sach")
@allow("signed in")
def class_list(class_id: UUID) -> ResponseReturnValue:
    """The people behind a figure of a class: the roster, who came, who completed."""
    training_class, sight = queries.seen_class(me(), class_id, reads=True)
    wanted = request.args.get("nhom", Group.ROSTER)
    if wanted not in set(Group):
        raise NotFound
    group = Group(wanted)
    lines = queries.list_behind(training_class, group)
    if wanted_sheet():
        return _list_sheet(training_class, group, lines)
    stage = queries.stage_of(training_class)
    changes = sight.runs and group == Group.ROSTER and stage in {Stage.OPEN, Stage.COMING}
    return page(
        "training/class_list.html",
        training_class=training_class,
        group=group,
        groups=Group,
        lines=lines,
        changes=changes,
    )


def _list_sheet(training_class: TrainingClass, group: Group, lines: list[ListLine]) -> ResponseReturnValue:
    heads = (text("Họ và tên"), text("Năm sinh"), text("Giới"), text("Thôn, bản"), text("Đơn vị"), text("Chức danh"),
             text("Số buổi có mặt"), text("Số phút có mặt"), text("Ngày hoàn thành"))  # fmt: skip
    rows: list[list[Cell]] = []
    for line in lines:
        part = line.part
        counted: list[Cell] = [part.sessions, part.minutes, part.completed_at] if part else [0, 0, None]
        person = line.person
        rows.append(
            [person.name, person.birth_year, person.sex.label, line.village, line.unit_title, line.post, *counted]
        )
    return sheet(f"{training_class.number} {group.label}", heads, rows)
