"""What has happened by today, day by day (design 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlalchemy import select

from lms.core import clock
from lms.core.actor import Actor
from lms.core.db import db, transaction
from lms.courses import actions as courses
from lms.courses.models import Course, Edition
from lms.courses.queries import course_of, edition_of, outline, questions_of
from lms.coverage.models import Source, Threshold, TrainedRule
from lms.demo import teaching
from lms.demo.cast import DEMO, NEIGHBOURS, SINCE, THANH_HOA, VILLAGERS, XUAN_DU, YEN_THO, member, place
from lms.demo.teaching import back
from lms.learning import actions as learning
from lms.learning.models import Purpose
from lms.learning.rules.paper import right_answer
from lms.officials import actions as officials
from lms.officials.models import Category
from lms.people import actions as people
from lms.people.models import Person, Post, Sex, SignedIn
from lms.people.queries import actor_of
from lms.training import actions as training
from lms.training.models import Mode, RollState, Session, TrainerRole, TrainingClass
from lms.units.models import Level, Organisation
from lms.units.queries import womens_union_of

VILLAGE_COURSE, LEADERSHIP = "lgg-3-thon-ban", "nang-luc-lanh-dao"


def tell() -> None:
    """What has happened by today: classes held, a course half learned, papers earned, the register, a course given.

    Each verb is an action of its own, so that what follows from it (a paper) bears the day on which it happened.
    """
    with transaction():
        _tell()


def _tell() -> None:
    member("cadre").person.address_form = "chị"
    trainer, coordinator = actor_of(member("trainer")), actor_of(member("coordinator"))
    _past_class(coordinator, trainer)
    _leadership_class()
    _class_of_today(coordinator, trainer)
    _neighbours_class()
    _studies(coordinator)
    _register()
    teaching.hand_ins(VILLAGE_COURSE, trainer)
    teaching.enquiries(VILLAGE_COURSE, trainer)
    teaching.evaluations(VILLAGE_COURSE)
    teaching.paths(coordinator, trainer, VILLAGE_COURSE)


def _person(name: str, unit: str = XUAN_DU) -> Person:
    query = (
        select(Person)
        .join(Post, Post.person_id == Person.id)
        .where(Person.name == name, Post.unit_id == place(unit).id)
    )
    return db.scalars(query.order_by(Person.id)).first() or _missing(name)


def _missing(name: str) -> Person:
    raise LookupError(name)


def _union(code: str) -> Organisation:
    found = womens_union_of(place(code).id)
    assert found is not None, code
    return found


def _village(line: str) -> str:
    return line.split(";")[0]


def _roster(lines: Sequence[str], unit: str = XUAN_DU) -> list[Person]:
    query = select(Person).join(Post, Post.person_id == Person.id).where(Post.unit_id == place(unit).id)
    names = {_village(line) for line in lines}
    return [person for person in db.scalars(query.order_by(Person.name_sort, Person.id)) if person.name in names]


def _hold(
    course: Course,
    title: str,
    organiser: str,
    venue: str,
    first: date,
    days: int,
    by: Actor,
    trainers: Sequence[Person],
) -> tuple[TrainingClass, list[Session]]:
    """A class with a morning and an afternoon each day."""
    held = training.open_class(
        course, title, _union(organiser), place(organiser), venue, Mode.IN_PERSON, first, first + timedelta(days=days - 1),
        60, 80, False, by=by,
    )  # fmt: skip
    for person in trainers:
        training.add_trainer(held, person, TrainerRole.LEAD, by=by)
    sessions = []
    for place_in_row in range(days):
        day = first + timedelta(days=place_in_row)
        sessions.append(training.add_session(held, day, time(7, 30), time(11, 0), by=by))
        sessions.append(training.add_session(held, day, time(13, 30), time(17, 0), by=by))
    return held, sessions


def _past_class(coordinator: Actor, trainer: Actor) -> None:
    """In June: thirty villagers, two days, all closed, papers earned by those who stayed."""
    course, first = course_of(VILLAGE_COURSE), clock.today() - timedelta(days=150)
    with back(165):
        held, sessions = _hold(
            course, "Lồng ghép giới ở thôn, bản: đợt 1", XUAN_DU, "Nhà văn hóa xã Xuân Du", first, 2, coordinator,
            [member("trainer").person],
        )  # fmt: skip
        persons = _roster(VILLAGERS[:28])
        training.invite(held, persons, by=coordinator)
    for place_in_row, session in enumerate(sessions):
        with back(150 - place_in_row // 2, 7 if place_in_row % 2 == 0 else 13, 40):
            for number, person in enumerate(persons):
                training.mark(session, person.id, _state(number, place_in_row), by=trainer)
        with back(150 - place_in_row // 2, 11 if place_in_row % 2 == 0 else 17, 5):
            training.close_session(session, by=trainer)
    teaching.before_and_after(VILLAGE_COURSE, persons, (150, 149), trainer)
    with back(149, 17, 30):
        training.close_class(held, by=coordinator)


def _state(number: int, place_in_row: int) -> RollState:
    """Most are there; one leaves after the first morning, one is excused twice, some come late."""
    if number == 9 and place_in_row > 0:
        return RollState.ABSENT
    if number == 14 and place_in_row > 1:
        return RollState.EXCUSED
    return RollState.LATE if number % 11 == 5 and place_in_row == 0 else RollState.PRESENT


def _leadership_class() -> None:
    """In spring the province taught women officials: two days."""
    administrator, first = actor_of(member("administrator")), clock.today() - timedelta(days=220)
    course = courses.announce_course(
        LEADERSHIP,
        "Năng lực lãnh đạo cho cán bộ nữ dân tộc thiểu số",
        3,
        "lanh-dao",
        "commune",
        _union(THANH_HOA),
        by=DEMO,
    )
    db.add(
        TrainedRule(course_id=course.id, source=Source.CLASS, threshold=Threshold.COMPLETED, begins=date(2021, 1, 1))
    )
    with back(230):
        held, sessions = _hold(
            course, "Năng lực lãnh đạo: lớp tháng 4", THANH_HOA, "Hội trường Hội LHPN tỉnh", first, 2, administrator,
            [member("trainer").person],
        )  # fmt: skip
        names = ("Bùi Thị Bích", "Vi Thị Phương", "Hà Thị Lan", "Lương Thị Hạnh", "Hà Thị Xuân")
        persons = [_person(name) for name in names] + [
            _person("Trương Thị Hồng", YEN_THO),
            member("coordinator").person,
        ]
        training.invite(held, persons, by=administrator)
    for place_in_row, session in enumerate(sessions):
        with back(220 - place_in_row // 2, 8 if place_in_row % 2 == 0 else 14):
            for person in persons:
                gone = person.name == "Hà Thị Xuân" and place_in_row > 1
                training.mark(session, person.id, RollState.ABSENT if gone else RollState.PRESENT, by=administrator)
            training.close_session(session, by=administrator)
    with back(219, 17, 30):
        training.close_class(held, by=administrator)
    with back(20):
        coming, _ = _hold(
            course, "Năng lực lãnh đạo: lớp tháng 12", THANH_HOA, "Hội trường Hội LHPN tỉnh",
            clock.today() + timedelta(days=36), 2, administrator, [member("trainer").person],
        )  # fmt: skip
        training.invite(coming, [_person("Lương Thị Sen")], by=administrator)


def _class_of_today(coordinator: Actor, trainer: Actor) -> None:
    """Forty people: yesterday afternoon closed, today open, tomorrow to come."""
    course, today = course_of(VILLAGE_COURSE), clock.today()
    with back(12):
        held = training.open_class(
            course, "Lồng ghép giới ở thôn, bản: đợt 2", _union(XUAN_DU), place(XUAN_DU), "Nhà văn hóa xã Xuân Du",
            Mode.IN_PERSON, today - timedelta(days=1), today + timedelta(days=1), 60, 80, False, by=coordinator,
        )  # fmt: skip
        training.add_trainer(held, member("trainer").person, TrainerRole.LEAD, by=coordinator)
        days = [today - timedelta(days=1), today, today + timedelta(days=1)]
        sessions = [training.add_session(held, day, time(7, 30), time(11, 0), by=coordinator) for day in days]
        persons = _roster(VILLAGERS) + [member(key).person for key in ("cadre", "head", "official", "newcomer")]
        persons.append(people.add_person("Lê Thị Kim Ngân", place(XUAN_DU), by=DEMO, birth_year=1996, sex=Sex.FEMALE,
                                         ethnic_group="kinh", village="Bái Gạo", since=SINCE))  # fmt: skip
        training.invite(held, persons, by=coordinator)
    with back(1, 7, 45):
        for number, person in enumerate(persons):
            training.mark(sessions[0], person.id, _state(number, 0), by=trainer)
    with back(1, 11, 5):
        training.close_session(sessions[0], by=trainer)
    for person in persons[:23]:
        training.mark(sessions[1], person.id, RollState.PRESENT, by=trainer)
    training.mark(sessions[1], persons[23].id, RollState.LATE, by=trainer)
    training.mark(sessions[1], persons[24].id, RollState.EXCUSED, by=trainer, reason="Đưa con đi khám")


def _neighbours_class() -> None:
    """Yên Thọ has a class of its own, which Xuân Du does not see."""
    neighbour, first = actor_of(member("neighbour")), clock.today() - timedelta(days=60)
    with back(70):
        held, sessions = _hold(
            course_of(VILLAGE_COURSE), "Lồng ghép giới ở thôn, bản: Yên Thọ", YEN_THO, "Nhà văn hóa thôn Tân Hùng", first, 1,
            neighbour, [member("trainer").person],
        )  # fmt: skip
        persons = _roster(NEIGHBOURS, YEN_THO)
        training.invite(held, persons, by=neighbour)
    for session in sessions:
        with back(60, session.starts.hour, 45):
            for person in persons:
                training.mark(session, person.id, RollState.PRESENT, by=neighbour)
            training.close_session(session, by=neighbour)
    with back(59):
        training.close_class(held, by=neighbour)


def _studies(coordinator: Actor) -> None:
    """Ánh is half way; Thiện has finished and passed; some were given the course with a day."""
    edition = edition_of(VILLAGE_COURSE)
    lessons = outline(edition.id)
    for key, share, days in (("head", len(lessons), 30), ("cadre", 6, 9), ("official", 2, 4)):
        with back(days):
            for lesson in lessons[:share]:
                learning.finish_lesson(edition, lesson.key, by=actor_of(member(key)))
    with back(28):
        _pass_test(edition, actor_of(member("head")))
    with back(10):
        given = [member("cadre").person, member("newcomer").person, member("official").person]
        learning.assign(edition, given, clock.today() + timedelta(days=25), by=coordinator)
    with back(40):
        learning.assign(
            edition,
            [_person("Bùi Văn Phúc"), _person("Phạm Thị Mai")],
            clock.today() + timedelta(days=35),
            by=coordinator,
        )


def _pass_test(edition: Edition, learner: SignedIn) -> None:
    """One question wrong, the rest right."""
    attempt = learning.start_attempt(edition, learner.person_id, Purpose.FINAL, by=learner)
    questions = questions_of(edition.id)
    right = {key: right_answer(questions[key], attempt.seed) for key in attempt.question_keys[1:]}
    learning.keep_answers(attempt, right, by=learner)
    learning.submit(attempt, by=learner)


REGISTER = (
    ("Vi Thị Thơm", XUAN_DU, Category.FIRST_ELECTED, "Đại biểu Hội đồng nhân dân xã", "2026-2031", date(2026, 3, 15)),
    ("Giàng Thị Dợ", XUAN_DU, Category.FIRST_ELECTED, "Đại biểu Hội đồng nhân dân xã", "2026-2031", date(2026, 3, 15)),
    ("Hà Thị Lan", XUAN_DU, Category.FIRST_ELECTED, "Đại biểu Hội đồng nhân dân xã", "2026-2031", date(2026, 3, 15)),
    ("Bùi Thị Bích", XUAN_DU, Category.NEWLY_APPOINTED, "Phó Chủ tịch Hội LHPN xã", "", date(2025, 7, 1)),
    ("Hà Thị Đào", XUAN_DU, Category.NEWLY_APPOINTED, "Phó trưởng phòng", "", date(2025, 7, 1)),
    ("Vi Thị Phương", XUAN_DU, Category.PLANNED, "Phó Chủ tịch UBND xã", "2026-2031", date(2024, 6, 1)),
    ("Lương Thị Sen", XUAN_DU, Category.PLANNED, "Chủ tịch Hội LHPN xã", "2026-2031", date(2024, 6, 1)),
    ("Quách Thị Hà", XUAN_DU, Category.PLANNED, "Phó Bí thư Đảng ủy xã", "2026-2031", date(2024, 6, 1)),
    ("Hà Thị Xuân", XUAN_DU, Category.PLANNED, "Phó Chủ tịch HĐND xã", "2026-2031", date(2024, 6, 1)),
    ("Bùi Thị Yến", XUAN_DU, Category.OTHER, "Công chức xã", "", date(2025, 7, 1)),
    ("Lương Thị Hạnh", XUAN_DU, Category.OTHER, "Công chức xã", "", date(2025, 7, 1)),
    ("Trương Thị Hồng", YEN_THO, Category.NEWLY_APPOINTED, "Phó Chủ tịch Hội LHPN xã", "", date(2025, 7, 1)),
    ("Lò Thị Hương", YEN_THO, Category.FIRST_ELECTED, "Đại biểu Hội đồng nhân dân xã", "2026-2031", date(2026, 3, 15)),
    ("Quách Thị Tuyết", YEN_THO, Category.PLANNED, "Phó Chủ tịch UBND xã", "2026-2031", date(2024, 6, 1)),
)  # fmt: skip


def _register() -> None:
    """Fourteen women in two communes; the decisions are invented with the persons."""
    planner = actor_of(member("planner"))
    for name, code, category, post, term, begins in REGISTER:
        officials.enter(
            _person(name, code),
            category,
            Level.COMMUNE,
            place(code),
            post=post,
            term=term,
            decision="",
            begins=begins,
            by=planner,
        )
