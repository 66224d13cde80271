"""A value as the text that makes it, with the order in which calls in it are made; literals are counted out."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_ATOMS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.Tuple, ast.List, ast.Dict)
_COUNTED = (int, str, type(None))
_LONG = 10_000

LAYER = "_layer_"

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Div: operator.truediv,
}
_TESTS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True)
class Value:
    """`made` numbers the calls inside in the order in which they were made; `items` are those of a list or tuple.

    `entries` are the arguments that a `**mapping` stands for; `then` are calls that fill a layer after it was made, in
    which LAYER stands for it.
    """

    text: str
    made: tuple[int, ...] = ()
    items: tuple[Value, ...] | None = None
    entries: Mapping[str, Value] | None = None
    then: tuple[str, ...] = ()


class Unclear(Exception):
    """What an expression builds cannot be told without running it."""


class NotLiteral(Exception):
    """An expression whose value does not stand in the text."""


def row(items: tuple[Value, ...]) -> Value:
    """A list of values."""
    text = ", ".join(item.text for item in items)
    return Value(f"[{text}]", tuple(number for item in items for number in item.made), items)


def operand(text: str) -> str:
    """A text that may stand beside an operator."""
    return text if isinstance(parsed(text), _ATOMS) else f"({text})"


def parsed(text: str) -> ast.expr:
    """The tree of an expression, which may run over several lines."""
    return ast.parse(f"({text})", mode="eval").body


def counted(text: str, is_object: Callable[[ast.expr], bool]) -> str:
    """A literal expression as its value, `(3 - 1) // 2` as `1`; floating-point numbers stay as they are written.

    `is_object` tells of an expression that it is something, and not None.
    """
    try:
        value = literal(parsed(text), is_object)
    except NotLiteral:
        return text
    return repr(value) if isinstance(value, _COUNTED) and len(repr(value)) < _LONG else text


def literal(node: ast.expr, is_object: Callable[[ast.expr], bool]) -> Any:
    """The value of an expression of literals. Raises NotLiteral."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not (is_object(inner) or literal(inner, is_object))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
            value = literal(inner, is_object)
            if not isinstance(value, (int, float)):
                raise NotLiteral
            return -value if isinstance(sign, ast.USub) else +value
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(op, literal(left, is_object), literal(right, is_object))
        case ast.BoolOp(op=op, values=values):
            return _joined(op, values, is_object)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return literal(body if literal(test, is_object) else orelse, is_object)
        case ast.Compare(left=left, ops=[test], comparators=[right]):
            return _compared(test, left, right, is_object)
        case ast.JoinedStr(values=values):
            return "".join(_formatted(part, is_object) for part in values)
        case ast.Tuple(elts=elements):
            return tuple(literal(element, is_object) for element in elements)
        case _:
            raise NotLiteral


def literal_text(text: str, is_object: Callable[[ast.expr], bool]) -> str:
    """What an f-string makes of an expression. Raises Unclear."""
    try:
        value = literal(parsed(text), is_object)
    except NotLiteral:
        raise Unclear from None
    if not isinstance(value, (int, str)):
        raise Unclear
    return str(value)


def _arithmetic(op: ast.operator, left: object, right: object) -> object:
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    texts = isinstance(left, str) and isinstance(right, str) and isinstance(op, ast.Add)
    if type(op) not in _ARITHMETIC or not (numbers or texts):
        raise NotLiteral
    try:
        return _ARITHMETIC[type(op)](left, right)
    except (ZeroDivisionError, OverflowError):
        raise NotLiteral from None


def _joined(op: ast.boolop, values: list[ast.expr], is_object: Callable[[ast.expr], bool]) -> object:
    """`and` and `or`, as far as the first value that decides."""
    value: object = None
    for node in values:
        value = literal(node, is_object)
        if bool(value) == isinstance(op, ast.Or):
            return value
    return value


def _compared(test: ast.cmpop, left: ast.expr, right: ast.expr, is_object: Callable[[ast.expr], bool]) -> object:
    if isinstance(test, (ast.Is, ast.IsNot)) and isinstance(right, ast.Constant) and right.value is None:
        is_none = not is_object(left) and literal(left, is_object) is None
        return is_none == isinstance(test, ast.Is)
    one, other = literal(left, is_object), literal(right, is_object)
    if isinstance(test, (ast.In, ast.NotIn)) and isinstance(other, tuple):
        return (one in other) == isinstance(test, ast.In)
    if type(test) not in _TESTS:
        raise NotLiteral
    try:
        return _TESTS[type(test)](one, other)
    except TypeError:
        raise NotLiteral from None


def _formatted(part: ast.expr, is_object: Callable[[ast.expr], bool]) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            found = literal(value, is_object)
            if isinstance(found, (int, str)):
                return str(found)
    raise NotLiteral
