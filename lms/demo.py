"""The cast: one story in one commune (xã Xuân Du, Thanh Hóa), used by the demo, the tests and the screenshots."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import select

from lms.core import clock
from lms.core.actor import Actor, Role, System
from lms.core.db import action, db, transaction
from lms.courses import actions as courses
from lms.courses.models import Course, Edition
from lms.courses.queries import course_of, edition_of, outline, questions_of
from lms.courses.rules import Question
from lms.coverage.models import Source, Threshold, TrainedRule
from lms.learning import actions as learning
from lms.learning.models import Purpose
from lms.officials import actions as officials
from lms.officials.models import Category
from lms.people import actions as people
from lms.people.models import Account, Person, Post, PostKind, Sex, SignedIn
from lms.people.queries import actor_of
from lms.training import actions as training
from lms.training.models import Mode, RollState, Session, TrainerRole, TrainingClass
from lms.units import actions as units
from lms.units.models import Level, Organisation, Unit
from lms.units.queries import by_code, womens_union_of

PIN = "246810"
DEMO = System("demo")
SINCE = date(2025, 7, 1)
XUAN_DU, YEN_THO, THANH_HOA = "16234", "16264", "38"


@dataclass(frozen=True)
class Member:
    """One of the cast who signs in."""

    key: str
    name: str
    birth_year: int
    sex: Sex
    ethnic_group: str
    unit: str
    village: str
    kind: PostKind
    title: str
    roles: tuple[Role, ...]
    phone: str
    what: str


CAST = (
    Member("coordinator", "Bùi Thị Nhung", 1983, Sex.FEMALE, "muong", XUAN_DU, "", PostKind.COMMUNE_CADRE,
           "Chủ tịch Hội LHPN xã", (Role.COORDINATOR, Role.REPORTER), "0912000001", "Cán bộ Hội xã Xuân Du"),
    Member("neighbour", "Lê Thị Hạnh", 1986, Sex.FEMALE, "kinh", YEN_THO, "", PostKind.COMMUNE_CADRE,
           "Chủ tịch Hội LHPN xã", (Role.COORDINATOR, Role.REPORTER), "0912000002", "Cán bộ Hội xã Yên Thọ"),
    Member("planner", "Hà Thị Tuyết", 1979, Sex.FEMALE, "thai", THANH_HOA, "", PostKind.PROVINCE_CADRE,
           "Phó trưởng ban, Hội LHPN tỉnh", (Role.PLANNER, Role.REPORTER), "0912000003", "Cán bộ làm quy hoạch tỉnh"),
    Member("administrator", "Phạm Văn Quang", 1988, Sex.MALE, "kinh", THANH_HOA, "", PostKind.PROVINCE_CADRE,
           "Chuyên viên Hội LHPN tỉnh", (Role.ADMINISTRATOR,), "0912000004", "Quản trị tỉnh"),
    Member("trainer", "Quách Thị Vân", 1985, Sex.FEMALE, "muong", THANH_HOA, "", PostKind.PROVINCE_CADRE,
           "Giảng viên nguồn", (Role.TRAINER,), "0912000005", "Giảng viên nguồn"),
    Member("cadre", "Lường Thị Ngọc Ánh", 1985, Sex.FEMALE, "thai", XUAN_DU, "Đồng Tâm", PostKind.BRANCH_HEAD,
           "Chi hội trưởng phụ nữ", (), "0912000006", "Chi hội trưởng, đang học"),
    Member("head", "Quách Văn Thiện", 1974, Sex.MALE, "muong", XUAN_DU, "Đồng Bớp", PostKind.VILLAGE_HEAD,
           "Trưởng thôn", (), "0912000007", "Trưởng thôn, đã học xong"),
    Member("official", "Vi Thị Thơm", 1990, Sex.FEMALE, "thai", XUAN_DU, "Bái Gạo", PostKind.COMMUNE_CADRE,
           "Công chức xã", (), "0912000008", "Cán bộ nữ của xã"),
    Member("auditor", "Đỗ Văn Hùng", 1976, Sex.MALE, "kinh", THANH_HOA, "", PostKind.PROVINCE_CADRE,
           "Thanh tra viên", (Role.AUDITOR,), "0912000009", "Người giám sát"),
    Member("newcomer", "Giàng Thị Dợ", 1998, Sex.FEMALE, "mong", XUAN_DU, "Đồng Mọc", PostKind.BRANCH_HEAD,
           "Chi hội phó", (), "0912000010", "Mới, chưa học bài nào"),
)  # fmt: skip

# name, birth year, sex, ethnic group, village, kind of post
VILLAGERS = (
    "Quách Văn Bảo;1979;m;muong;Đồng Tâm;v", "Bùi Thị Bích;1988;f;muong;Rọc Năn;b", "Hà Văn Chiến;1970;m;thai;Đồng Bớp;p",
    "Phạm Thị Chung;1981;f;kinh;Rọc Năn;b", "Lò Thị Cúc;1992;f;thai;Đồng Tâm;o", "Bùi Văn Cường;1977;m;muong;Đồng Mọc;v",
    "Quách Thị Diệp;1984;f;muong;Đồng Mọc;b", "Trương Văn Dũng;1969;m;muong;Đồng Bớp;e", "Vi Thị Duyên;1991;f;thai;Bái Gạo;b",
    "Hà Thị Đào;1987;f;thai;Bái Gạo;o", "Lê Văn Định;1980;m;kinh;Đồng Tâm;o", "Bùi Thị Giang;1993;f;muong;Rọc Năn;o",
    "Quách Thị Hà;1986;f;muong;Đồng Mọc;o", "Phạm Văn Hải;1975;m;muong;Bái Gạo;v", "Lương Thị Hạnh;1989;f;thai;Đồng Bớp;b",
    "Quách Thị Hiền;1985;f;muong;Đồng Tâm;b", "Quách Thị Hiền;1985;f;muong;Bái Gạo;o", "Bùi Thị Hòa;1982;f;muong;Rọc Năn;o",
    "Hà Thị Lan;1990;f;thai;Đồng Bớp;o", "Quách Thị Liên;1994;f;muong;Đồng Tâm;o", "Bùi Văn Long;1983;m;muong;Đồng Mọc;o",
    "Phạm Thị Mai;1985;f;kinh;Đồng Bớp;o", "Lường Văn Minh;1978;m;thai;Đồng Tâm;p", "Bùi Thị Nga;1987;f;muong;Bái Gạo;b",
    "Trương Thị Ngân;1990;f;muong;Rọc Năn;o", "Hà Văn Ngọc;1972;m;thai;Đồng Mọc;e", "Lê Thị Nhàn;1988;f;kinh;Đồng Tâm;o",
    "Quách Thị Oanh;1995;f;muong;Bái Gạo;o", "Bùi Văn Phúc;1981;m;muong;Đồng Bớp;v", "Vi Thị Phương;1986;f;thai;Rọc Năn;b",
    "Phạm Văn Quyền;1973;m;muong;Đồng Tâm;p", "Lương Thị Sen;1992;f;thai;Đồng Mọc;o", "H'Blă Niê Kdăm;1991;f;ede;Đồng Tâm;o",
    "Hà Thị Xuân;1984;f;thai;Rọc Năn;b", "Bùi Thị Yến;1989;f;muong;Đồng Tâm;o",
)  # fmt: skip
NEIGHBOURS = (
    "Trương Thị Hồng;1988;f;muong;Tân Hùng;b", "Lê Văn Tám;1971;m;kinh;Tân Hùng;v", "Lò Thị Hương;1993;f;thai;Xuân Thọ;o",
    "Quách Thị Tuyết;1987;f;muong;Xuân Thọ;o", "Bùi Văn Sơn;1980;m;muong;Minh Thịnh;v", "Phạm Thị Thu;1990;f;kinh;Minh Thịnh;b",
)  # fmt: skip
_KINDS = {"v": PostKind.VILLAGE_HEAD, "b": PostKind.BRANCH_HEAD, "p": PostKind.PRESTIGIOUS_PERSON,
          "e": PostKind.VILLAGE_ELDER, "o": PostKind.OTHER}  # fmt: skip


def is_empty() -> bool:
    """Has nobody been entered yet?"""
    return db.scalar(select(Person.id).limit(1)) is None


@action
def fill() -> None:
    """Units, cast and villagers into an empty database."""
    units.load_start()
    secret = people.HASHER.hash(PIN)
    for member in CAST:
        _enter(member, secret)
    for code, lines in ((XUAN_DU, VILLAGERS), (YEN_THO, NEIGHBOURS)):
        for line in lines:
            _villager(line, place(code))


def place(code: str) -> Unit:
    """A unit of the story by its code."""
    found = by_code(code)
    assert found is not None, code
    return found


def member(key: str) -> Account:
    """The account of one of the cast."""
    name = next(m.name for m in CAST if m.key == key)
    return db.scalars(select(Account).join(Person, Account.person_id == Person.id).where(Person.name == name)).one()


def _enter(line: Member, secret: str) -> None:
    person = people.add_person(
        line.name, place(line.unit), by=DEMO, birth_year=line.birth_year, sex=line.sex, ethnic_group=line.ethnic_group,
        village=line.village, post_kind=line.kind, post_title=line.title, phone=line.phone, since=SINCE,
    )  # fmt: skip
    account, _ = people.open_account(person, by=DEMO, secret=PIN)
    account.secret_hash = secret
    for role in line.roles:
        people.grant(account, role, place(line.unit), by=DEMO, begins=SINCE)


def _villager(line: str, unit: Unit) -> Person:
    name, year, sex, group, village, kind = line.split(";")
    return people.add_person(
        name, unit, by=DEMO, birth_year=int(year), sex=Sex.FEMALE if sex == "f" else Sex.MALE, ethnic_group=group,
        village=village, post_kind=_KINDS[kind], since=SINCE,
    )  # fmt: skip


# ---------------------------------------------------------------- the story

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


def _back(days: int, hour: int = 9, minute: int = 0) -> AbstractContextManager[None]:
    """Time as it was (or will be) some days from today."""
    return clock.stopped(clock.instant(clock.today() - timedelta(days=days), time(hour, minute)))


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
    with _back(165):
        held, sessions = _hold(
            course, "Lồng ghép giới ở thôn, bản: đợt 1", XUAN_DU, "Nhà văn hóa xã Xuân Du", first, 2, coordinator,
            [member("trainer").person],
        )  # fmt: skip
        persons = _roster(VILLAGERS[:28])
        training.invite(held, persons, by=coordinator)
    for place_in_row, session in enumerate(sessions):
        with _back(150 - place_in_row // 2, 7 if place_in_row % 2 == 0 else 13, 40):
            for number, person in enumerate(persons):
                training.mark(session, person.id, _state(number, place_in_row), by=trainer)
        with _back(150 - place_in_row // 2, 11 if place_in_row % 2 == 0 else 17, 5):
            training.close_session(session, by=trainer)
    with _back(149, 17, 30):
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
    with _back(230):
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
        with _back(220 - place_in_row // 2, 8 if place_in_row % 2 == 0 else 14):
            for person in persons:
                gone = person.name == "Hà Thị Xuân" and place_in_row > 1
                training.mark(session, person.id, RollState.ABSENT if gone else RollState.PRESENT, by=administrator)
            training.close_session(session, by=administrator)
    with _back(219, 17, 30):
        training.close_class(held, by=administrator)
    with _back(20):
        coming, _ = _hold(
            course, "Năng lực lãnh đạo: lớp tháng 12", THANH_HOA, "Hội trường Hội LHPN tỉnh",
            clock.today() + timedelta(days=36), 2, administrator, [member("trainer").person],
        )  # fmt: skip
        training.invite(coming, [_person("Lương Thị Sen")], by=administrator)


def _class_of_today(coordinator: Actor, trainer: Actor) -> None:
    """Forty people: yesterday afternoon closed, today open, tomorrow to come."""
    course, today = course_of(VILLAGE_COURSE), clock.today()
    with _back(12):
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
    with _back(1, 7, 45):
        for number, person in enumerate(persons):
            training.mark(sessions[0], person.id, _state(number, 0), by=trainer)
    with _back(1, 11, 5):
        training.close_session(sessions[0], by=trainer)
    for person in persons[:23]:
        training.mark(sessions[1], person.id, RollState.PRESENT, by=trainer)
    training.mark(sessions[1], persons[23].id, RollState.LATE, by=trainer)
    training.mark(sessions[1], persons[24].id, RollState.EXCUSED, by=trainer, reason="Đưa con đi khám")


def _neighbours_class() -> None:
    """Yên Thọ has a class of its own, which Xuân Du does not see."""
    neighbour, first = actor_of(member("neighbour")), clock.today() - timedelta(days=60)
    with _back(70):
        held, sessions = _hold(
            course_of(VILLAGE_COURSE), "Lồng ghép giới ở thôn, bản: Yên Thọ", YEN_THO, "Nhà văn hóa thôn Tân Hùng", first, 1,
            neighbour, [member("trainer").person],
        )  # fmt: skip
        persons = _roster(NEIGHBOURS, YEN_THO)
        training.invite(held, persons, by=neighbour)
    for session in sessions:
        with _back(60, session.starts.hour, 45):
            for person in persons:
                training.mark(session, person.id, RollState.PRESENT, by=neighbour)
            training.close_session(session, by=neighbour)
    with _back(59):
        training.close_class(held, by=neighbour)


def _studies(coordinator: Actor) -> None:
    """Ánh is half way; Thiện has finished and passed; some were given the course with a day."""
    edition = edition_of(VILLAGE_COURSE)
    lessons = outline(edition.id)
    for key, share, days in (("head", len(lessons), 30), ("cadre", 6, 9), ("official", 2, 4)):
        with _back(days):
            for lesson in lessons[:share]:
                learning.finish_lesson(edition, lesson.key, by=actor_of(member(key)))
    with _back(28):
        _pass_test(edition, actor_of(member("head")))
    with _back(10):
        given = [member("cadre").person, member("newcomer").person, member("official").person]
        learning.assign(edition, given, clock.today() + timedelta(days=25), by=coordinator)
    with _back(40):
        learning.assign(
            edition,
            [_person("Bùi Văn Phúc"), _person("Phạm Thị Mai")],
            clock.today() + timedelta(days=35),
            by=coordinator,
        )


def _right_answer(question: Question) -> object:
    """What `rules.mark` calls right."""
    if question.kind == "match":
        return [[option.key, option.key] for option in question.options]
    if question.kind == "order":
        return [option.key for option in question.options]
    if question.kind == "number":
        return str(question.value)
    if question.kind == "short":
        return question.accepted[0]
    return [option.key for option in question.options if option.right]


def _pass_test(edition: Edition, learner: SignedIn) -> None:
    """One question wrong, the rest right."""
    attempt = learning.start_attempt(edition, learner.person_id, Purpose.FINAL, by=learner)
    questions = questions_of(edition.id)
    right = {key: _right_answer(questions[key]) for key in attempt.question_keys[1:]}
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
