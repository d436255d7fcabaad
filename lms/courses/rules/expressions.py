"""Sums in questions: numbers, names, + - * / ( ) and a few functions, with exact fractions. Nothing is ever run as code."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product

from lms.core.words import Text, text

LONGEST = 200
_MOST_PLACES = 9
_SIGNS = re.compile(r"[a-z0-9_+\-*/(),. ]*")
_GLUED = re.compile(r"(?<![a-z0-9_.])[0-9.]+[a-z_]")
_GROUPED = re.compile(r"(?<![a-z0-9_.])[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?![0-9])")


class ExpressionIsWrong(Exception):
    """It cannot be understood: what is wrong and what to do."""

    def __init__(self, sentence: Text, remedy: Text) -> None:
        self.sentence, self.remedy = sentence, remedy
        super().__init__(str(sentence))


def _rounded(value: Fraction, places: Fraction = Fraction(0)) -> Fraction:
    """Half goes away from zero."""
    scale = Fraction(10) ** int(places)
    size = math.floor(abs(value) * scale + Fraction(1, 2)) / scale
    return size if value >= 0 else -size


def _floor(value: Fraction) -> Fraction:
    return Fraction(math.floor(value))


def _ceiling(value: Fraction) -> Fraction:
    return Fraction(math.ceil(value))


def _least(*values: Fraction) -> Fraction:
    return min(values)


def _most(*values: Fraction) -> Fraction:
    return max(values)


@dataclass(frozen=True)
class _Function:
    work: Callable[..., Fraction]
    least: int
    most: int


FUNCTIONS = {
    "lamtron": _Function(_rounded, 1, 2),
    "san": _Function(_floor, 1, 1),
    "tran": _Function(_ceiling, 1, 1),
    "nhonhat": _Function(_least, 1, 20),
    "lonnhat": _Function(_most, 1, 20),
}
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


_ROUNDING = frozenset({"lamtron", "san", "tran"})
Bounds = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Expression:
    """A sum that was understood; it may still divide by zero."""

    node: ast.expr

    @cached_property
    def names(self) -> frozenset[str]:
        """The names whose numbers it needs."""
        return frozenset(n.id for n in ast.walk(self.node) if isinstance(n, ast.Name) and n.id not in FUNCTIONS)

    @cached_property
    def divisors(self) -> tuple[Expression, ...]:
        """What it divides by; none may be zero."""
        divisions = (n for n in ast.walk(self.node) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div))
        return tuple(Expression(division.right) for division in divisions)

    def value(self, numbers: Mapping[str, Fraction]) -> Fraction:
        """The result with these numbers; ZeroDivisionError, or KeyError for a name without number."""
        return _value(self.node, numbers)

    def bounds(self, ends: Mapping[str, Bounds]) -> Bounds:
        """Between what the result lies when each number lies in its bounds; ZeroDivisionError where it may divide by 0."""
        return _bounds(self.node, ends)

    @property
    def is_rounded(self) -> bool:
        """Is rounding the last thing it does?"""
        call = self.node
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _ROUNDING


@lru_cache(maxsize=2_000)
def expression(written: str) -> Expression:
    """The sum as written; ExpressionIsWrong says what to mend."""
    _check_signs(written)
    try:
        node = ast.parse(written.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise _not_understood(written) from None
    _check(node, written)
    return Expression(node)


def _check_signs(written: str) -> None:
    if len(written) > LONGEST:
        raise ExpressionIsWrong(
            text("Phép tính dài quá {count} chữ.", count=LONGEST), text("Viết gọn lại, hoặc đặt thêm một số.")
        )
    grouped = _GROUPED.search(written)
    if grouped:
        raise ExpressionIsWrong(
            text("Trong phép tính, “{number}” không rõ là hàng nghìn hay phần lẻ.", number=grouped[0]),
            text("Viết hàng nghìn liền nhau, thí dụ 20000; phần lẻ sau dấu chấm, thí dụ 0.5."),
        )
    if not _SIGNS.fullmatch(written) or _GLUED.search(written):
        raise _not_understood(written)


def _not_understood(written: str) -> ExpressionIsWrong:
    return ExpressionIsWrong(
        text("Không hiểu phép tính “{written}”.", written=written.strip()),
        text("Chỉ dùng số, tên số, + - * / ( ) và lamtron, san, tran, nhonhat, lonnhat."),
    )


def _check(node: ast.expr, written: str) -> None:
    """Only what `_value` can work out may stand in it."""
    if isinstance(node, ast.Call):
        _check_call(node, written)
        parts: list[ast.expr] = list(node.args)
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        parts = [node.left, node.right]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        parts = [node.operand]
    elif (isinstance(node, ast.Name) and node.id not in FUNCTIONS) or _is_number(node):
        parts = []
    else:
        raise _not_understood(written)
    for part in parts:
        _check(part, written)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and len(str(node.value)) <= 20


def _check_call(node: ast.Call, written: str) -> None:
    function = FUNCTIONS.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if not function or not function.least <= len(node.args) <= function.most:
        raise _not_understood(written)
    if function.work is _rounded and len(node.args) == 2 and not _is_places(node.args[1]):
        raise ExpressionIsWrong(
            text("Không hiểu số chữ số lẻ trong “{written}”.", written=written.strip()),
            text("Viết một số nguyên, thí dụ lamtron(x, 2)."),
        )


def _is_places(node: ast.expr) -> bool:
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(number, ast.Constant) and type(number.value) is int and number.value <= _MOST_PLACES


def _value(node: ast.expr, numbers: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left, numbers), _value(node.right, numbers))
    if isinstance(node, ast.UnaryOp):
        value = _value(node.operand, numbers)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return FUNCTIONS[node.func.id].work(*(_value(one, numbers) for one in node.args))
    if isinstance(node, ast.Name):
        return numbers[node.id]
    return Fraction(str(node.value)) if isinstance(node, ast.Constant) else Fraction(0)


def _bounds(node: ast.expr, ends: Mapping[str, Bounds]) -> Bounds:
    """What an operation gives is least and most at the ends of its parts; functions only rise."""
    if isinstance(node, ast.BinOp):
        left, right = _bounds(node.left, ends), _bounds(node.right, ends)
        if isinstance(node.op, ast.Div) and right[0] <= 0 <= right[1]:
            raise ZeroDivisionError
        corners = [_OPERATORS[type(node.op)](*corner) for corner in product(left, right)]
        return min(corners), max(corners)
    if isinstance(node, ast.UnaryOp):
        low, high = _bounds(node.operand, ends)
        return (-high, -low) if isinstance(node.op, ast.USub) else (low, high)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        lows, highs = zip(*(_bounds(one, ends) for one in node.args), strict=True)
        work = FUNCTIONS[node.func.id].work
        return work(*lows), work(*highs)
    if isinstance(node, ast.Name):
        return ends[node.id]
    value = _value(node, {})
    return value, value
