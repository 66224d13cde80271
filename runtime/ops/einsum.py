"""`einsum` with all of torch's syntax, `tensordot` and `inner`."""

from __future__ import annotations

import string
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..summed import summed
from ..tensor import Tensor
from .contraction import Labels, contract
from .dims import wrap_dim
from .out import takes_out

_LETTERS = string.ascii_uppercase + string.ascii_lowercase


@op
def _einsum(*operands: Array, labels: tuple[Labels, ...], out: Labels) -> Answer:
    def rule(at: int) -> Any:
        return lambda g: _pulled(g, operands, labels, out, at)

    return contract(operands, labels, out), tuple(rule(at) for at in range(len(operands)))


def _pulled(g: Array, operands: tuple[Array, ...], labels: tuple[Labels, ...], out: Labels, at: int) -> Array:
    """The gradient of one operand: the others contracted with *g*, spread over what only it had, on its diagonal."""
    mine, x = labels[at], operands[at]
    rest = [i for i in range(len(operands)) if i != at]
    known = set(out).union(*(labels[i] for i in rest))
    unique = tuple(dict.fromkeys(mine))
    inside = tuple(name for name in unique if name in known)
    back = contract([g, *(operands[i] for i in rest)], [out, *(labels[i] for i in rest)], inside)
    size = dict(zip(mine, x.shape, strict=True))
    back = back.reshape([back.shape[inside.index(name)] if name in known else 1 for name in unique])
    stretched = tuple(axis for axis, name in enumerate(unique) if size[name] == 1 and back.shape[axis] != 1)
    if stretched:
        back = summed(back, stretched, keepdims=True)
    back = np.broadcast_to(back, [size[name] for name in unique])
    if len(unique) == len(mine):
        return back
    whole = np.zeros(x.shape, g.dtype)
    grid = np.ogrid[tuple(slice(size[name]) for name in unique)]
    whole[tuple(grid[unique.index(name)] for name in mine)] = back
    return whole


def einsum(*args: Any) -> Tensor:
    """``einsum("bij,bjk->bik", x, y)`` or ``einsum(x, [0, 1], y, [1, 2], [0, 2])``; '...' for the dims not named."""
    equation, operands = (args[0], args[1:]) if isinstance(args[0], str) else _from_lists(args)
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    left, arrow, right = equation.replace(" ", "").partition("->")
    parts = left.split(",")
    if len(operands) != len(parts):
        fewer = "fewer" if len(operands) < len(parts) else "more"
        raise RuntimeError(f"einsum(): {fewer} operands were provided than specified in the equation")
    for part in (*parts, right):
        _check_letters(part)
    labels, covered = _labels(parts, operands)
    out = _output(right, labels, covered) if arrow else _implied(labels, covered)
    _check_sizes(labels, operands)
    _check_dtypes(operands)
    return _einsum(*operands, labels=tuple(labels), out=out)


def _from_lists(args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """The equation and operands of the form with lists of integers."""
    lists = [args[at] for at in range(1, len(args), 2)]
    operands = args[: len(lists) * 2 : 2]
    parts = ["".join("..." if one is Ellipsis else _letter(one) for one in names) for names in lists]
    equation = ",".join(parts)
    if len(args) % 2:
        equation += "->" + "".join("..." if one is Ellipsis else _letter(one) for one in args[-1])
    return equation, operands


def _letter(number: Any) -> str:
    if not 0 <= number < len(_LETTERS):
        raise RuntimeError("subscript in subscript list is not within the valid range [0, 52)")
    return _LETTERS[number]


def _check_letters(part: str) -> None:
    if part.count("...") > 1:
        raise RuntimeError("einsum(): found '.' for operand for which an ellipsis was already found")
    for at, letter in enumerate(part.replace("...", "", 1)):
        if letter == ".":
            raise RuntimeError("einsum(): found '.' for operand that is not part of any ellipsis")
        if letter not in _LETTERS:
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {at} in the equation string, subscripts must be in "
                "[a-zA-Z]"
            )


def _labels(parts: list[str], operands: tuple[Any, ...]) -> tuple[list[Labels], int]:
    """Labels as numbers (negative ones for the dims under '...'), and how many dims '...' covers at most."""
    covered = 0
    for at, (part, x) in enumerate(zip(parts, operands, strict=True)):
        named = len(part.replace("...", ""))
        if "..." in part and named <= x.ndim:
            covered = max(covered, x.ndim - named)
        elif named != x.ndim:
            tail = "and no ellipsis was given" if "..." not in part else "even with an ellipsis"
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({named}) does not match the number of dimensions "
                f"({x.ndim}) for operand {at} {tail}"
            )
    return [
        _numbers(part, x.ndim - len(part.replace("...", ""))) for part, x in zip(parts, operands, strict=True)
    ], covered


def _numbers(part: str, covered: int) -> Labels:
    head, dots, tail = part.partition("...")
    middle = range(-covered, 0) if dots else ()
    return (*(ord(one) for one in head), *middle, *(ord(one) for one in tail))


def _output(right: str, labels: list[Labels], covered: int) -> Labels:
    known = {name for names in labels for name in names}
    out = _numbers(right, covered if "..." in right else 0)
    for name in out:
        if name not in known:
            raise RuntimeError(
                f"einsum(): output subscript {chr(name)} does not appear in the equation for any input operand"
            )
        if out.count(name) > 1:
            raise RuntimeError(f"einsum(): output subscript {chr(name)} appears more than once in the output")
    return out


def _implied(labels: list[Labels], covered: int) -> Labels:
    """Without an arrow: what '...' covers, then the labels that occur once, in alphabetical order."""
    every = [name for names in labels for name in names]
    return (*range(-covered, 0), *sorted(name for name in set(every) if name >= 0 and every.count(name) == 1))


def _check_sizes(labels: list[Labels], operands: tuple[Any, ...]) -> None:
    seen: dict[int, int] = {}
    for at, (names, x) in enumerate(zip(labels, operands, strict=True)):
        own: dict[int, int] = {}
        for name, size in zip(names, x.array.shape, strict=True):
            if own.setdefault(name, size) != size:
                raise RuntimeError(
                    f"einsum(): subscript {chr(name)} is repeated for operand {at} but the sizes don't match, "
                    f"{size} != {own[name]}"
                )
        for name, size in own.items():
            if seen.get(name, 1) not in (1, size) and size != 1:
                raise RuntimeError(
                    f"einsum(): subscript {chr(name) if name >= 0 else '...'} has size {size} for operand {at} which "
                    f"does not broadcast with previously seen size {seen[name]}"
                )
            seen[name] = size if seen.get(name, 1) == 1 else seen[name]


def _check_dtypes(operands: tuple[Any, ...]) -> None:
    for one in operands[1:]:
        if one.dtype is not operands[0].dtype:
            raise RuntimeError(f"expected scalar type {operands[0].dtype.legacy} but found {one.dtype.legacy}")


# The same by numbers of dimensions


def tensordot(a: Tensor, b: Tensor, dims: Any = 2, out: Tensor | None = None) -> Tensor:
    """Σ over the last *dims* of *a* and the first of *b*, or over the two lists of dimensions."""
    if isinstance(dims, Tensor):
        dims = dims.array.tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        dims = (range(-dims, 0), range(dims))
    named = [_listed(part) for part in dims]
    one, other = ([wrap_dim(dim, x.ndim) for dim in part] for part, x in zip(named, (a, b), strict=True))
    if len(one) != len(other):
        raise RuntimeError("both dimension lists should have same length")
    for left, right in zip(*named, strict=True):
        sizes = a.array.shape[left], b.array.shape[right]
        if sizes[0] != sizes[1] and 1 not in sizes:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {sizes[0]} in dim {left} and second has size "
                f"{sizes[1]} in dim {right}"
            )
    _check_dtypes((a, b))
    ours = list(range(a.ndim))
    theirs = [one[other.index(at)] if at in other else a.ndim + at for at in range(b.ndim)]
    kept = [name for name in (*ours, *theirs) if name not in one]
    return _einsum(a, b, labels=(tuple(ours), tuple(theirs)), out=tuple(kept))


def _listed(part: Any) -> list[int]:
    return [part] if isinstance(part, int) else [int(dim) for dim in part]


@takes_out
def inner(input: Tensor, other: Tensor) -> Tensor:
    """Σ over the last dimension of both; a product if one is a number."""
    if not input.ndim or not other.ndim:
        labels = tuple(range(input.ndim)), tuple(range(input.ndim, input.ndim + other.ndim))
        return _einsum(input, other, labels=labels, out=(*labels[0], *labels[1]))
    if input.array.shape[-1] != other.array.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(input.array.shape)} and {list(other.array.shape)}"
        )
    return tensordot(input, other, ([-1], [-1]))
