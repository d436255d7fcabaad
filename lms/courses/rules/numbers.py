"""Numbers as people in Việt Nam write them: 1.234.567,8."""

from __future__ import annotations

import re
from decimal import Decimal

_WRITTEN = re.compile(r"([+-]?)([0-9][0-9., ]{0,30}?)(?:đồng|đ|vnđ|vnd|%)?", re.IGNORECASE)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")


def read_number(written: str) -> Decimal | None:
    """`1.234.567,8`, `630000`, `630 000 đồng`, `1,5`, `-2` -> Decimal; None for anything else.

    A point is a thousands mark where three digits follow; a lone comma is always the decimal mark.
    """
    match = _WRITTEN.fullmatch("".join(written.replace("−", "-").split()))
    if not match:
        return None
    plain = _plain(match[2])
    return Decimal(match[1] + plain) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", plain) else None


def _plain(digits: str) -> str:
    """Digits with at most a decimal point."""
    whole, mark, rest = _halves(digits)
    if not mark:
        grouped = _GROUPED.fullmatch(digits)
        return digits.replace(".", "") if grouped and grouped[1] == "." else digits
    grouped = _GROUPED.fullmatch(whole)
    return f"{whole.replace(grouped[1], '') if grouped else whole}.{rest}"


def _halves(digits: str) -> tuple[str, str, str]:
    """Before and after the decimal mark: the last mark, where it is a comma or stands after the other one."""
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0 or (digits[last] == "." and "," not in digits) or digits.count(digits[last]) > 1:
        return digits, "", ""
    return digits[:last], digits[last], digits[last + 1 :]
