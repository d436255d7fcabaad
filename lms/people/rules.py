"""Pure rules on persons and sign-in: ethnic groups and their two code lists, telephones, PINs, lock-out, devices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.core.actor import Role
from lms.core.names import given, neat
from lms.core.words import Text, text

# own key; name; code of the 2008 list (QĐ 1019/QĐ-TCTK); code of the 1979 list (QĐ 121-TCTK/PPCĐ): domain 4.3
_GROUPS = """
kinh;Kinh;01;01|tay;Tày;02;02|thai;Thái;03;03|muong;Mường;04;06|khmer;Khmer;05;05|hoa;Hoa;06;04|nung;Nùng;07;07
mong;Mông;08;08|dao;Dao;09;09|giarai;Gia Rai;10;10|ede;Ê Đê;11;12|bana;Ba Na;12;13|sanchay;Sán Chay;13;15
cham;Chăm;14;17|coho;Cơ Ho;15;16|xodang;Xơ Đăng;16;14|sandiu;Sán Dìu;17;18|hre;Hrê;18;19|raglay;Raglay;19;21
mnong;Mnông;20;20|tho;Thổ;21;24|xtieng;Xtiêng;22;22|khomu;Khơ Mú;23;29|bruvankieu;Bru-Vân Kiều;24;23|cotu;Cơ Tu;25;26
giay;Giáy;26;25|taoi;Tà Ôi;27;31|ma;Mạ;28;28|gietrieng;Giẻ Triêng;29;27|co;Co;30;30|choro;Chơ Ro;31;32
xinhmun;Xinh Mun;32;34|hanhi;Hà Nhì;33;35|churu;Chu Ru;34;36|lao;Lào;35;37|lachi;La Chí;36;38|khang;Kháng;37;33
phula;Phù Lá;38;40|lahu;La Hủ;39;41|laha;La Ha;40;39|pathen;Pà Thẻn;41;46|lu;Lự;42;42|ngai;Ngái;43;11|chut;Chứt;44;44
lolo;Lô Lô;45;43|mang;Mảng;46;45|colao;Cơ Lao;47;47|boy;Bố Y;48;49|cong;Cống;49;48|sila;Si La;50;50|pupeo;Pu Péo;51;51
romam;Rơ Măm;52;54|brau;Brâu;53;52|odu;Ơ Đu;54;53
"""
MOST_TRIES = 5
LONGEST_LOCK = 60  # minutes
SHORTEST_PASSWORD, LONGEST_SECRET = 8, 128


@dataclass(frozen=True)
class EthnicGroup:
    """One of the 54 groups: our own key, and its codes in the lists of 2008 and 1979."""

    key: str
    name: str
    code_2008: str
    code_1979: str

    @property
    def is_minority(self) -> bool:
        """Every group but the Kinh."""
        return self.key != "kinh"


ETHNIC_GROUPS = {
    key: EthnicGroup(key, *rest)
    for key, *rest in (entry.split(";") for line in _GROUPS.strip().split("\n") for entry in line.split("|"))
}


def is_minority(key: str | None) -> bool | None:
    """Does the group of this key count as an ethnic minority; None = not known."""
    return ETHNIC_GROUPS[key].is_minority if key in ETHNIC_GROUPS else None


def plain_phone(phone: str) -> str:
    """Digits of a Vietnamese number, beginning with 0; +84 and spaces are understood."""
    digits = "".join(letter for letter in phone if letter.isascii() and letter.isdigit())
    return f"0{digits[2:]}" if digits.startswith("84") and len(digits) > 10 else digits


def is_phone(phone: str) -> bool:
    """A number of a Vietnamese telephone: 10 digits (11 for a fixed line) beginning with 0."""
    return re.fullmatch(r"0\d{9,10}", plain_phone(phone)) is not None


def masked_phone(phone: str) -> str:
    """The last three digits only."""
    return f"{'•' * max(len(phone) - 3, 0)}{phone[-3:]}"


def plain_code(login: str) -> str:
    """The code meant by what was typed: "nm 123 456", "NM-123456", "123456" -> "NM123456"; "" if it is no code."""
    found = re.fullmatch(r"(?:NM)?(\d{6})", re.sub(r"[\s.-]", "", login.upper()), re.ASCII)
    return f"NM{found[1]}" if found else ""


def plain_login(login: str) -> str:
    """One form for all ways to type a code or a telephone number."""
    return plain_code(login) or plain_phone(login) or neat(login).casefold()


def secret_fault(typed: str, birth_year: int | None = None) -> Text | None:
    """Why a PIN or password is refused: 4-6 digits, or 8 letters and more; nothing that is guessed first."""
    secret = neat(typed)
    if len(secret) > LONGEST_SECRET:
        return text("Mật khẩu dài quá. Nhiều nhất 128 chữ cái.")
    if not re.fullmatch(r"\d{4,6}", secret) and len(secret) < SHORTEST_PASSWORD:
        return text("Mã PIN gồm 4 đến 6 chữ số; mật khẩu có từ 8 chữ cái.")
    if _is_easy(secret) or secret == str(birth_year):
        return text("Mã này quá dễ đoán. Tránh số lặp lại, số liền nhau và năm sinh.")
    return None


def _is_easy(secret: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in zip(secret, secret[1:], strict=False)}
    return steps in ({0}, {1}, {-1})


def tries_left(failures: int) -> int:
    """How many tries remain before the door is shut for a while."""
    return max(MOST_TRIES - failures, 0)


def locked_until(failures: int, now: datetime) -> datetime | None:
    """After five failures one minute, then twice as long each time, an hour at most."""
    if failures < MOST_TRIES:
        return None
    return now + timedelta(minutes=min(2 ** min(failures - MOST_TRIES, 10), LONGEST_LOCK))


def wrong_secret(left: int) -> Text:
    """The sentence after a wrong PIN, the same whether or not the login exists (look 6)."""
    return text("Mã chưa đúng. Còn {left} lần. Quên thì nhờ cán bộ Hội xã đặt lại.", left=left)


def shut_out(until: datetime, now: datetime) -> Text:
    """The sentence while the door is shut."""
    minutes = max(1, -(-int((until - now).total_seconds()) // 60))
    return text(
        "Sai nhiều lần nên tạm nghỉ. Thử lại sau {minutes} phút. Quên thì nhờ cán bộ Hội xã đặt lại.", minutes=minutes
    )


def device_name(user_agent: str) -> str:
    """A browser's long name in two words: "Android, Chrome"."""
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac", "Linux")
    browsers = {"coc_coc": "Cốc Cốc", "Zalo": "Zalo", "Edg": "Edge", "SamsungBrowser": "Samsung", "OPR": "Opera",
                "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
    system = next((name for name in systems if name in user_agent), "")
    browser = next((name for sign, name in browsers.items() if sign in user_agent), "")
    return ", ".join(part for part in (system, browser) if part) or neat(user_agent)[:40]


def called(name: str, form: str) -> str:
    """How to greet: the given name, with the form of address the person chose ("chị Ánh")."""
    return f"{form} {given(name)}".strip()


def is_child(birth_year: int, year: int) -> bool:
    """Children are never named persons here (design 3)."""
    return year - birth_year < 18


ROLES: dict[Role, Text] = {
    Role.COORDINATOR: text("Cán bộ Hội phụ trách"),
    Role.TRAINER: text("Giảng viên"),
    Role.PLANNER: text("Cán bộ làm quy hoạch"),
    Role.REPORTER: text("Người lập báo cáo"),
    Role.ADMINISTRATOR: text("Quản trị"),
    Role.AUDITOR: text("Người giám sát"),
}
