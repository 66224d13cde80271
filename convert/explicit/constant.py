"""Keys that are computed of constants: `base + ".conv0"`, `f"{base}.conv{i}"`, `"features.%d" % i`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping

Constant = str | int | float | bool | None
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class Unknown(Exception):
    """The value of an expression is not known here."""


def constant(node: ast.expr, names: Mapping[str, Constant]) -> Constant:
    """The value of an expression, where `names` have these values. Raises Unknown."""
    match node:
        case ast.Constant(value=str() | int() | float() | None as value):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = constant(operand, names)
            if isinstance(value, (int, float)):
                return -value
        case ast.BinOp(left=left, op=op, right=ast.Tuple(elts=elements)) if isinstance(op, ast.Mod):
            pattern = constant(left, names)
            if isinstance(pattern, str):
                return _formatted(pattern, tuple(constant(element, names) for element in elements))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _computed(op, constant(left, names), constant(right, names))
        case ast.JoinedStr(values=parts):
            return "".join(_part(part, names) for part in parts)
        case ast.Call(func=ast.Attribute(value=pattern, attr="format"), args=args, keywords=[]):
            text = constant(pattern, names)
            if isinstance(text, str):
                try:
                    return text.format(*(constant(argument, names) for argument in args))
                except (ValueError, IndexError, KeyError):
                    raise Unknown from None
        case ast.Call(func=ast.Name(id="str"), args=[argument], keywords=[]) if "str" not in names:
            return str(constant(argument, names))
    raise Unknown


def _computed(op: ast.operator, left: Constant, right: Constant) -> Constant:
    if isinstance(op, ast.Mod) and isinstance(left, str):
        return _formatted(left, right)
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    texts = isinstance(left, str) and isinstance(right, str) and isinstance(op, ast.Add)
    if not numbers and not texts:
        raise Unknown
    try:
        value: Constant = _OPERATORS[type(op)](left, right)
    except (ArithmeticError, TypeError, ValueError):
        raise Unknown from None
    return value


def _formatted(pattern: str, values: object) -> str:
    try:
        return pattern % values
    except (TypeError, ValueError):
        raise Unknown from None


def _part(part: ast.expr, names: Mapping[str, Constant]) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return str(constant(value, names))
        case _:
            raise Unknown


def quoted(source_text: str, value: str) -> str:
    """A string as the file would write it."""
    single = source_text.count("'") > source_text.count('"')
    plain = value.isprintable() and not set(value) & {"'", '"', "\\"}
    if not plain:
        return repr(value)
    return f"'{value}'" if single else f'"{value}"'
