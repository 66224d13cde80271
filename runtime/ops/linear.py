"""Linear maps: `linear` and `bilinear`."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..summed import summed
from ..tensor import Tensor
from .conv import C_NAMES

__all__ = ["bilinear", "linear"]


@op
def _linear(x: Array, w: Array, b: Array | None) -> Answer:
    y = _rows(x, w.T) if w.ndim == 2 else x @ w
    if b is not None:
        y = np.add(y, b, out=y) if isinstance(y, np.ndarray) and y.ndim and b.ndim <= y.ndim else y + b
    if w.ndim == 1:
        return y, (lambda g: g[..., None] * w, lambda g: np.tensordot(g, x, g.ndim), lambda g: g)
    return y, (
        lambda g: _rows(g, w),
        lambda g: _flat(g).T @ _flat(x),
        lambda g: g if b is not None and b.ndim == 0 else summed(_flat(g), 0),
    )


def _rows(x: Array, matrix: Array) -> Any:
    """x (*, n) times a matrix (n, m): (*, m). One product of all rows, where numpy would make one for each batch."""
    if x.ndim < 3:
        return x @ matrix
    return (_flat(x) @ matrix).reshape(*x.shape[:-1], matrix.shape[1])


def _flat(x: Array) -> Any:
    """x (*, n) as a matrix of its rows; -1 for their number would not do where n is 0."""
    return x.reshape(prod(x.shape[:-1]), x.shape[-1])


@op
def _bilinear(x: Array, y: Array, w: Array, b: Array | None) -> Answer:
    """z[n, o] = sum over i, j of x[n, i] w[o, i, j] y[n, j], as one product of x with w and one of that with y."""
    outputs, left, right = w.shape
    shape_x, shape_y, batch = x.shape, y.shape, prod(x.shape[:-1])
    one, other = x.reshape(batch, left), y.reshape(batch, right)
    rows = w.transpose(1, 0, 2).reshape(left, -1)  # (i, o * j)
    halfway = (one @ rows).reshape(batch, outputs, right)
    z = np.matmul(halfway, other[:, :, None])[:, :, 0]
    if b is not None:
        z = z + b

    def outer(g: Array) -> Array:
        return (g.reshape(batch, outputs)[:, :, None] * other[:, None, :]).reshape(batch, outputs * right)

    def to_other(g: Array) -> Any:
        return np.matmul(g.reshape(batch, 1, outputs), halfway).reshape(shape_y)

    return z.reshape(*shape_x[:-1], outputs), (
        lambda g: (outer(g) @ rows.T).reshape(shape_x),
        to_other,
        lambda g: (one.T @ outer(g)).reshape(left, outputs, right).transpose(1, 0, 2),
        lambda g: summed(g.reshape(batch, outputs), 0),
    )


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input`` (*, in) with ``weight`` (out, in) or (in): (*, out) or (*). ``y = x W^T + b``."""
    if weight.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {weight.ndim}D")
    if input.dtype is not weight.dtype and bias is not None:
        raise RuntimeError(
            f"mat1 and mat2 must have the same dtype, but got {input.dtype.legacy} and {weight.dtype.legacy}"
        )
    if input.dtype is not weight.dtype:
        names = (C_NAMES.get(t.dtype.name, t.dtype.name) for t in (input, weight))
        raise RuntimeError("expected m1 and m2 to have the same dtype, but got: {} != {}".format(*names))
    _multiply(input, weight)
    if bias is not None:
        _addable(bias, (*input.shape[:-1], *weight.shape[:-1]))
    return _linear(input, weight, bias)


def _multiply(input: Tensor, weight: Tensor) -> None:
    """RuntimeError in torch's words where the inner sizes differ."""
    inner = input.shape[-1] if input.ndim else 0
    if input.ndim == 0:
        raise RuntimeError("both arguments to linear need to be at least 1D, but they are 0D and 2D")
    if inner == weight.shape[-1]:
        return
    if weight.ndim == 2:
        rows = prod(input.shape[:-1])
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{inner} and {weight.shape[1]}x{weight.shape[0]})"
        )
    if input.ndim == 1:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{inner}] and src [{weight.shape[0]}] to have the same number "
            f"of elements, but got {inner} and {weight.shape[0]} elements respectively"
        )
    rows = prod(input.shape[:-1])
    raise RuntimeError(f"size mismatch, got input ({rows}), mat ({rows}x{inner}), vec ({weight.shape[0]})")


def _addable(bias: Tensor, out: tuple[int, ...]) -> None:
    """RuntimeError unless ``bias`` expands to ``out``."""
    pairs = zip(reversed(bias.shape), reversed(out), strict=False)
    for back, (had, wanted) in enumerate(pairs, 1):
        if had not in (1, wanted):
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted}) must match the existing size ({had}) at non-singleton "
                f"dimension {len(out) - back}.  Target sizes: {list(out)}.  Tensor sizes: {list(bias.shape)}"
            )


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1`` (*, in1), ``input2`` (*, in2), ``weight`` (out, in1, in2): (*, out). ``z = x1^T W x2 + b``."""
    if input1.ndim != input2.ndim:
        raise RuntimeError(f"bilinear(): input dimensions do not match: got {input1.ndim} and {input2.ndim}")
    for axis in range(input1.ndim - 1):
        if input1.shape[axis] != input2.shape[axis]:
            raise RuntimeError(
                f"bilinear(): input batch dimensions do not match at dim {axis}: got {input1.shape[axis]} and "
                f"{input2.shape[axis]}"
            )
    for which, tensor in ((1, input1), (2, input2)):
        if tensor.shape[-1] != weight.shape[which]:
            raise RuntimeError(
                f"bilinear(): input{which} size does not match weight size: got {tensor.shape[-1]} but expected "
                f"{weight.shape[which]}"
            )
    if bias is not None and bias.shape[0] != weight.shape[0]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {bias.shape[0]} but expected {weight.shape[0]}"
        )
    return _bilinear(input1, input2, weight, bias)
