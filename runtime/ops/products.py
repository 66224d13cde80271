"""Products beside matmul: kron, cross, and chains of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .dims import wrap_dim
from .matmul import matmul
from .out import takes_out
from .supported import same


@op(promote=True)
def _kron(x: Array, y: Array) -> Answer:
    rank = max(x.ndim, y.ndim)
    a, b = x.reshape((1,) * (rank - x.ndim) + x.shape), y.reshape((1,) * (rank - y.ndim) + y.shape)
    pairs = tuple(n for pair in zip(a.shape, b.shape, strict=True) for n in pair)

    shape_x, shape_y = x.shape, y.shape

    def of_x(g: Array) -> Any:
        apart = g.reshape(pairs) * b.reshape(tuple(n for size in b.shape for n in (1, size)))
        return apart.sum(tuple(range(1, 2 * rank, 2))).reshape(shape_x)

    def of_y(g: Array) -> Any:
        apart = g.reshape(pairs) * a.reshape(tuple(n for size in a.shape for n in (size, 1)))
        return apart.sum(tuple(range(0, 2 * rank, 2))).reshape(shape_y)

    return np.kron(x, y), (of_x, of_y)


@takes_out
def kron(input: Tensor, other: Tensor) -> Tensor:
    """Every element of *input* times the whole of *other*, side by side."""
    return _kron(input, other)


@op(promote=True)
def _cross(x: Array, y: Array, *, dim: int) -> Answer:
    def product3(a: Array, b: Array) -> Array:
        return np.cross(a, b, axis=dim)

    return product3(x, y), (lambda g: product3(y, g), lambda g: product3(g, x))


@takes_out
def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The vector product along *dim*, of size 3 (the first such one if None)."""
    if dim is None:
        dim = next((at for at, size in enumerate(input.array.shape) if size == 3), None)
        if dim is None:
            raise RuntimeError("no dimension of size 3 in input")
    wrapped = wrap_dim(dim, input.ndim)
    if input.ndim != other.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    a, b = input.array.shape[dim], other.array.shape[dim]
    if a != 3 or b != 3:
        raise RuntimeError(f"linalg.cross: inputs dimension {dim} must have length 3. Got {a} and {b}")
    same("expected scalar type {} but found {}", input, other)
    return _cross(input, other, dim=wrapped)


def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of several matrices, in the cheapest order for three, else from the left."""
    return multi_dot(matrices)


@takes_out
def multi_dot(tensors: Any) -> Tensor:
    """The product of at least two tensors, the ends of which may be vectors."""
    several = list(tensors)
    if len(several) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(several)}")
    result: Tensor = several[0]
    for one in several[1:]:
        result = matmul(result, one)
    return result
