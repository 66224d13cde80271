"""Sums of products over labelled axes, pair by pair through matmul: the arithmetic below `einsum` and `tensordot`."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..array import Array
from ..summed import summed
from .matmul import product

Labels = tuple[int, ...]


def contract(operands: Sequence[Array], labels: Sequence[Labels], out: Labels) -> Array:
    """Σ over all labels not in *out* of the product of the *operands*; axes of size 1 broadcast.

    A label may occur twice in one operand (its diagonal). Every label of *out* occurs in some operand.
    """
    pending = [_distinct(x, names) for x, names in zip(operands, labels, strict=True)]
    value, names = pending[0]
    for at in range(1, len(pending)):
        later = set(out).union(*(other for _, other in pending[at + 1 :]))
        value, names = _pair(value, names, *pending[at], later)
    value, names = _summed(value, names, set(out))
    return value.transpose([names.index(name) for name in out])


def _distinct(x: Array, names: Labels) -> tuple[Array, Labels]:
    """*x* with a repeated label's axes reduced to their diagonal."""
    for name in names:
        if names.count(name) > 1:
            one = names.index(name)
            other = names.index(name, one + 1)
            rest = tuple(label for at, label in enumerate(names) if at not in (one, other))
            return _distinct(np.diagonal(x, 0, one, other), (*rest, name))
    return x, names


def _summed(x: Array, names: Labels, wanted: set[int]) -> tuple[Array, Labels]:
    gone = tuple(at for at, name in enumerate(names) if name not in wanted)
    if gone:
        x = summed(x, gone)
    return x, tuple(name for name in names if name in wanted)


def _pair(x: Array, xs: Labels, y: Array, ys: Labels, later: set[int]) -> tuple[Array, Labels]:
    """One batched matrix product: labels of both that go on are batch, labels of both that end are summed."""
    x, xs = _summed(x, xs, later | set(ys))
    y, ys = _summed(y, ys, later | set(xs))
    x_size, y_size = dict(zip(xs, x.shape, strict=True)), dict(zip(ys, y.shape, strict=True))
    both = [name for name in xs if name in y_size]
    inner = [name for name in both if name not in later and x_size[name] == y_size[name]]
    batch = [name for name in both if name not in inner]  # a label that ends but broadcasts is summed afterwards
    left, right = [name for name in xs if name not in both], [name for name in ys if name not in both]
    shape = np.broadcast_shapes([x_size[name] for name in batch], [y_size[name] for name in batch])
    a = x.transpose([xs.index(name) for name in (*batch, *left, *inner)])
    b = y.transpose([ys.index(name) for name in (*batch, *inner, *right)])
    rows, columns = [x_size[name] for name in left], [y_size[name] for name in right]
    depth = math.prod(x_size[name] for name in inner)
    a = a.reshape([*(x_size[name] for name in batch), math.prod(rows), depth])
    b = b.reshape([*(y_size[name] for name in batch), depth, math.prod(columns)])
    value = product(a, b).reshape([*shape, *rows, *columns])
    return _summed(value, (*batch, *left, *right), later)
