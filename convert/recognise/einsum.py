"""The equation of an einsum that is a plain linear layer: `'bti,io->bto'` sums the input's last axis with a matrix."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LinearOperands:
    """Which operand is which; `turned` where the weight is (in, out)."""

    input: ast.expr
    weight: ast.expr
    turned: bool


def linear_operands(equation: ast.expr, operands: Sequence[ast.expr]) -> LinearOperands | None:
    """Read an einsum of two operands; None where it is anything but a linear layer."""
    if not (isinstance(equation, ast.Constant) and isinstance(equation.value, str)) or len(operands) != 2:
        return None
    given, arrow, result = equation.value.replace(" ", "").partition("->")
    terms = given.split(",")
    if not arrow or len(terms) != 2:
        return None
    for data, weight in ((0, 1), (1, 0)):
        turned = _is_linear(terms[data], terms[weight], result)
        if turned is not None and isinstance(operands[weight], (ast.Attribute, ast.Name, ast.Subscript)):
            return LinearOperands(operands[data], operands[weight], turned)
    return None


def _is_linear(data: str, weight: str, result: str) -> bool | None:
    """Whether the weight is (in, out); None if this is no linear layer."""
    leading, last = data[:-1], data[-1:]
    letters = leading.removeprefix("...")
    if len(weight) != 2 or not weight.isalpha() or not last.isalpha() or not (letters.isalpha() or not letters):
        return None
    for turned, inner, outer in ((True, weight[0], weight[1]), (False, weight[1], weight[0])):
        distinct = len({*letters, inner, outer}) == len(letters) + 2
        if inner == last and distinct and result == leading + outer:
            return turned
    return None
