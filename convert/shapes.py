"""Shape patterns, read both ways: sizes → the shape of a parameter, the shape of a parameter → sizes.

A pattern has one word per axis: `"out_channels in_channels/groups *kernel_size"`. `solve` reads `(16, 1, 5, 5)` through
it as `out_channels=16, in_channels=1, kernel_size=5`; `evaluate` goes the other way. `3*embed_dim` is an axis three
times as long, `1` one of that length. Axes and sizes are source texts, so symbolic sizes work too, and arithmetic stays
as it was written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .calls import same_value

EXPAND = {1: "_single", 2: "_pair", 3: "_triple"}
"""The functions of torch.nn.modules.utils that make a tuple of an int or a tuple, by the number of spatial axes."""

_INTEGER = re.compile(r"[0-9][0-9_]*")


class ShapeMismatch(Exception):
    """A shape that does not fit its pattern, or cannot be shown to fit; the reason is a sentence for users."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def names(pattern: str) -> tuple[str, ...]:
    """The sizes that a pattern speaks of: `"out_channels in_channels/groups"` → out_channels, in_channels, groups."""
    parts = (part for word in pattern.split() for part in word.lstrip("*").replace("*", "/").split("/"))
    return tuple(part for part in parts if not _INTEGER.fullmatch(part))


def solve(pattern: str, axes: Sequence[str], known: Mapping[str, str], *, spatial: int) -> dict[str, str]:
    """Read the sizes of a pattern off the axes of a shape.

    `known` holds the sizes that are settled already: divisors (`groups`) must be among them, and a known size that is
    an axis must agree with it. `spatial` is the number of axes that the starred word covers, 0 where it may be any
    number (then several axes stay a tuple even if they are equal). Returns the sizes that were not known.
    Raises ShapeMismatch.
    """
    words = pattern.split()
    found = dict(known)
    for word, covered in zip(words, _share_out(words, tuple(axes), spatial), strict=True):
        name, _, divisor = word.lstrip("*").partition("/")
        if not names(word):
            _check_length(word, covered[0])
            continue
        if word.startswith("*"):
            value = _gather(covered, spatial)
        elif "*" in name:
            factor, _, name = name.partition("*")
            value = _part(covered[0], factor, name, found.get(name))
        elif divisor:
            value = _times(covered[0], found[divisor])
        else:
            value = covered[0]
        if name in found and not same_text(found[name], value):
            raise ShapeMismatch(_disagreement(name, found[name], value))
        found.setdefault(name, value)
    return {name: value for name, value in found.items() if name not in known}


def evaluate(pattern: str, sizes: Mapping[str, str], *, spatial: int) -> tuple[str, ...]:
    """The axes of a pattern for given sizes.

    A starred size that is one number is repeated `spatial` times and a tuple is spread; a name that may be either
    becomes one starred axis `*_pair(k)` (with `spatial` 0, where a shape function takes both, the name itself).
    Raises ShapeMismatch where integers do not divide or a tuple has the wrong length.
    """
    axes: list[str] = []
    for word in pattern.split():
        name, _, divisor = word.lstrip("*").partition("/")
        if word.startswith("*"):
            axes += _spread(name, sizes[name], spatial)
        elif not names(word):
            axes.append(word)
        elif "*" in name:
            factor, _, name = name.partition("*")
            axes.append(f"{factor} * {_operand(sizes[name], right=True)}")
        elif divisor:
            axes.append(_divided(name, sizes[name], divisor, sizes[divisor]))
        else:
            axes.append(sizes[name])
    return tuple(axes)


def same_text(left: str, right: str) -> bool:
    """Whether two source texts are the same expression, whatever their blanks and parentheses."""
    if left == right or same_value(left, right):
        return True
    return ast.dump(_parse(left)) == ast.dump(_parse(right))


def _share_out(words: Sequence[str], axes: tuple[str, ...], spatial: int) -> list[tuple[str, ...]]:
    """The axes that each word of the pattern covers."""
    plain = [index for index, word in enumerate(words) if not word.startswith("*")]
    starred = any(axis.startswith("*") for axis in axes)
    left_over = len(axes) - len(plain)
    if len(plain) == len(words):
        if left_over or starred:
            raise ShapeMismatch(f"the shape ({', '.join(axes)}) should have {_count(len(words))}: {' '.join(words)}")
        return [(axis,) for axis in axes]
    star = next(index for index, word in enumerate(words) if word.startswith("*"))
    covered = axes[star : star + left_over]
    if any(axis.startswith("*") for axis in (*axes[:star], *axes[star + left_over :])):
        raise ShapeMismatch(f"the shape ({', '.join(axes)}) is unpacked where single sizes are expected")
    whole = len(covered) == 1 and covered[0].startswith("*")
    if not whole and (left_over < 1 or (spatial and left_over != spatial) or (starred and spatial)):
        expected = _count(len(plain) + spatial) if spatial else f"at least {_count(len(plain) + 1)}"
        raise ShapeMismatch(f"the shape ({', '.join(axes)}) should have {expected}: {' '.join(words)}")
    before = [(axis,) for axis in axes[:star]]
    return [*before, covered, *((axis,) for axis in axes[star + left_over :])]


def _gather(axes: Sequence[str], spatial: int) -> str:
    """One value for the axes under a star: `5` for (5, 5), `(3, 5)` for (3, 5), `k` for `*k` and `*_pair(k)`."""
    first = axes[0]
    if len(axes) == 1 and first.startswith("*"):
        return _expanded(first[1:].strip())
    if len(axes) == 1 or (spatial and all(same_text(first, axis) for axis in axes[1:])):
        return first
    return f"({', '.join(axes)})"


def _expanded(text: str) -> str:
    """`k` for `_pair(k)`, which is what the constructor makes of it anyway."""
    match _parse(text):
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[only], keywords=[]):
            return _segment(text, only) if name in EXPAND.values() else text
        case _:
            return text


def _spread(name: str, value: str, spatial: int) -> list[str]:
    node = _parse(value)
    if isinstance(node, (ast.Tuple, ast.List)) and not any(isinstance(item, ast.Starred) for item in node.elts):
        items = [_segment(value, item) for item in node.elts]
        if spatial and len(items) == 1:
            items *= spatial  # as torch does for a sequence of one
        if spatial and len(items) != spatial:
            raise ShapeMismatch(f"{name}={value} should have {spatial} entries")
        return items
    if not spatial:
        return [value]
    if _is_number(node):
        return [value] * spatial
    return [f"*{EXPAND[spatial]}({value})"]


def _check_length(word: str, axis: str) -> None:
    """An axis whose length the pattern says. Raises ShapeMismatch."""
    if not same_text(axis, word):
        raise ShapeMismatch(f"an axis that must be {word} is {axis}")


def _part(axis: str, factor: str, name: str, known: str | None) -> str:
    """The size of which an axis is a multiple: 64 for 192 and for `3 * 64`, `known` where the axis is written of it."""
    if _INTEGER.fullmatch(axis) and int(axis) % int(factor) == 0:
        return str(int(axis) // int(factor))
    match _parse(axis):
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            for one, other in ((left, right), (right, left)):
                if same_text(_segment(axis, one), factor):
                    return _segment(axis, other)
    if known is not None and _INTEGER.fullmatch(known):
        raise ShapeMismatch(f"{factor} * {name} is {int(factor) * int(known)} in one place and {axis} in another")
    raise ShapeMismatch(f"{axis} should be {factor} * {name}, which cannot be shown")


def _times(axis: str, factor: str) -> str:
    """`axis * factor` in the fewest words: 32 for 4 * 8, `in_ch` for `in_ch // groups` times `groups`.

    Where `in_ch` is not divisible by `groups`, the last is not the product; the layer's constructor then raises
    "in_channels must be divisible by groups", so that the shorter text can never build a layer of another size.
    """
    if _is_one(factor):
        return axis
    if _INTEGER.fullmatch(axis) and _INTEGER.fullmatch(factor):
        return str(int(axis) * int(factor))
    if _is_one(axis):
        return factor
    node = _parse(axis)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int" and len(node.args) == 1:
        node = node.args[0]  # int(in_ch / groups)
    match node:
        case ast.BinOp(left=left, op=ast.FloorDiv() | ast.Div(), right=right):
            if same_text(_segment(axis, right), factor):
                return _segment(axis, left)
    return f"{_operand(axis)} * {_operand(factor, right=True)}"


def _divided(name: str, value: str, divisor: str, by: str) -> str:
    """`value // by` in the fewest words, the inverse of `_times`."""
    if _is_one(by):
        return value
    if _INTEGER.fullmatch(value) and _INTEGER.fullmatch(by):
        if int(by) == 0 or int(value) % int(by):
            raise ShapeMismatch(f"{name}={value} is not divisible by {divisor}={by}")
        return str(int(value) // int(by))
    if same_text(value, by):
        return "1"
    match _parse(value):
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if same_text(_segment(value, right), by):
            return _segment(value, left)
    return f"{_operand(value)} // {_operand(by, right=True)}"


def _operand(text: str, *, right: bool = False) -> str:
    """A text as an operand of `*` or `//`, with parentheses where precedence asks for them."""
    match _parse(text):
        case ast.BinOp(op=ast.Pow()):
            return text
        case ast.BinOp(op=ast.Mult() | ast.FloorDiv() | ast.Div() | ast.Mod()):
            return f"({text})" if right else text
        case ast.BinOp() | ast.IfExp() | ast.BoolOp() | ast.Compare() | ast.Lambda() | ast.NamedExpr():
            return f"({text})"
        case ast.UnaryOp(op=ast.Not()) | ast.Await():
            return f"({text})"
        case _:
            return text


def _is_number(node: ast.expr) -> bool:
    """Whether an expression can only be one number: tuples take no `-` and no `+ 1`, but `k * 2` may repeat one."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, int)
        case ast.UnaryOp() | ast.BinOp(op=ast.Sub() | ast.FloorDiv() | ast.Mod() | ast.Pow()):
            return True
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_number(left) or _is_number(right)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _is_number(left) and _is_number(right)
        case _:
            return False


def _is_one(text: str) -> bool:
    return text == "1"


@lru_cache(maxsize=4096)
def _parse(text: str) -> ast.expr:
    return ast.parse(f"({text})", mode="eval").body  # parentheses: the text may go over several lines


def _segment(text: str, node: ast.expr) -> str:
    """The source of a node that `_parse(text)` gave."""
    segment = ast.get_source_segment(f"({text})", node)
    assert segment is not None
    return segment


def _count(axes: int) -> str:
    return f"{axes} axis" if axes == 1 else f"{axes} axes"


def _disagreement(name: str, known: str, found: str) -> str:
    if _INTEGER.fullmatch(known) and _INTEGER.fullmatch(found):
        return f"{name} is {known} in one place and {found} in another"
    return f"{name} is {known} in one place and {found} in another, which cannot be shown to be the same"
