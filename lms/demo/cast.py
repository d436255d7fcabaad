"""The cast: who signs in, the villagers of two communes, all invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.core.actor import Role, System
from lms.core.db import action, db
from lms.people import actions as people
from lms.people.models import Account, Person, PostKind, Sex
from lms.units import actions as units
from lms.units.models import Unit
from lms.units.queries import by_code

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
