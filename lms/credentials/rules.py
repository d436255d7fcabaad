"""What stands on a giấy chứng nhận, word for word: number, code, days, length. Pure."""

from __future__ import annotations

from datetime import date

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
CODE_LENGTH = 20
LONG_NAME, LONG_TITLE = 30, 50
_MISREAD = str.maketrans({"0": "o", "8": "b"})


def number_text(number: int, year: int) -> str:
    """ "0127/2026/GCN"."""
    return f"{number:04}/{year}/GCN"


def plain_code(typed: str) -> str:
    """A code as people type it (any case, spaces, hyphens; 0 and 8 do not exist, so they are o and b), or ""."""
    code = "".join(letter for letter in typed.lower() if letter.isalnum()).translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and set(code) <= set(LETTERS) else ""


def grouped(code: str) -> str:
    """ "ABCD-EFGH-…": groups of four, easily read aloud."""
    return "-".join(code[place : place + 4].upper() for place in range(0, len(code), 4))


def is_long(name: str, title: str) -> bool:
    """Does the smaller layout apply (look 7)?"""
    return len(name) > LONG_NAME or len(title) > LONG_TITLE


def official_day(day: date) -> str:
    """ "ngày 08 tháng 02 năm 2026": two digits for days under 10 and months 1 and 2 (NĐ 30/2020)."""
    return f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"


def _month(day: date) -> str:
    return f"{day.month:02}" if day.month < 3 else str(day.month)


def span(begins: date, ends: date) -> str:
    """ "từ ngày 18/6 đến ngày 19/6/2026", or "ngày 19/6/2026"."""
    last = f"ngày {ends.day:02}/{_month(ends)}/{ends.year}"
    if begins == ends:
        return last
    year = f"/{begins.year}" if begins.year != ends.year else ""
    return f"từ ngày {begins.day:02}/{_month(begins)}{year} đến {last}"


def hours_text(hours: float) -> str:
    """ "14 giờ", "7,5 giờ"."""
    return f"{hours:.1f}".removesuffix(".0").replace(".", ",") + " giờ"


def length(days: int | None, hours: float) -> str:
    """ "02 ngày (14 giờ)"; an online course has no days: "6 giờ học trực tuyến"."""
    return f"{days:02} ngày ({hours_text(hours)})" if days else f"{hours_text(hours)} học trực tuyến"
