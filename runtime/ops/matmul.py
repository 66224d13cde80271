"""Products of vectors and matrices: matmul and its special cases, and those that add to another tensor."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..broadcast import need_broadcast
from ..summed import summed
from ..tensor import Tensor
from .complex import conj
from .conv import C_NAMES
from .out import deliver, takes_out
from .pointwise import require_tensor


def product(x: Array, y: Array) -> Array:
    """np.matmul; many matrices times one go through a single product, float16 through float32."""
    if x.dtype == np.float16:
        return product(x.astype(np.float32), y.astype(np.float32)).astype(np.float16)
    if x.ndim > 2 and y.ndim == 2:
        flat: Array = x.reshape(math.prod(x.shape[:-1]), x.shape[-1]) @ y
        return flat.reshape(*x.shape[:-1], y.shape[1])
    return np.asarray(x @ y)


def flipped(x: Array) -> Array:
    """The last two dimensions swapped."""
    return x.swapaxes(-1, -2)


@op
def _matmul(x: Array, y: Array) -> Answer:
    if x.ndim == 1 and y.ndim == 1:
        return x @ y, (lambda g: g * y, lambda g: g * x)
    left = x[None] if x.ndim == 1 else x
    right = y[:, None] if y.ndim == 1 else y
    value = product(left, right)
    row, column = x.ndim == 1, y.ndim == 1
    dropped = -2 if row else -1 if column else None

    def kept(g: Array) -> Array:
        return g if dropped is None else np.expand_dims(g, dropped)

    def of_x(g: Array) -> Any:
        back = product(kept(g), flipped(right))
        return summed(back, tuple(range(back.ndim - 2)))[0] if row else back

    def of_y(g: Array) -> Any:
        g = kept(g)
        if left.ndim > 2 and right.ndim == 2:  # one product over all batches
            rows = math.prod(left.shape[:-1])
            back = left.reshape(rows, left.shape[-1]).T @ g.reshape(rows, g.shape[-1])
        else:
            back = product(flipped(left), g)
        return summed(back, tuple(range(back.ndim - 2)))[:, 0] if column else back

    return (value if dropped is None else value.squeeze(dropped)), (of_x, of_y)


def _need_same_dtype(x: Tensor, y: Tensor) -> None:
    if x.array.dtype != y.array.dtype:
        one, other = (C_NAMES.get(t.array.dtype.name, t.array.dtype.name) for t in (x, y))
        raise RuntimeError(f"expected m1 and m2 to have the same dtype, but got: {one} != {other}")
    if x.array.dtype == np.bool_:
        raise NotImplementedError("\"addmm_impl_cpu_\" not implemented for 'Bool'")


def _need_matching(x: Tensor, y: Tensor) -> None:
    a, b = x.array.shape, y.array.shape
    if not a or not b:
        raise RuntimeError(f"both arguments to matmul need to be at least 1D, but they are {len(a)}D and {len(b)}D")
    if len(a) == 1 and len(b) == 1:
        _need_equal_lengths(x, y)
    elif a[-1] == b[-2 if len(b) > 1 else 0]:
        need_broadcast(a[:-2], b[:-2])
    elif len(b) == 1:
        rows = x.array.size // max(a[-1], 1)
        raise RuntimeError(f"size mismatch, got input ({rows}), mat ({rows}x{a[-1]}), vec ({b[0]})")
    elif len(b) == 2 or len(a) == 1:
        rows = x.array.size // max(a[-1], 1)
        raise RuntimeError(f"mat1 and mat2 shapes cannot be multiplied ({rows}x{a[-1]} and {b[-2]}x{b[-1]})")
    else:
        batch = int(np.prod(np.broadcast_shapes(a[:-2], b[:-2])))
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{batch}, {a[-1]}] but got: "
            f"[{batch}, {b[-2]}]."
        )


def _need_equal_lengths(x: Tensor, y: Tensor) -> None:
    a, b = x.array.size, y.array.size
    if a != b:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{a}] and src [{b}] to have the same number of elements, but "
            f"got {a} and {b} elements respectively"
        )


def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Vector, matrix and batched matrix product by the ranks of both; batch dimensions broadcast."""
    require_tensor(input, "matmul")
    require_tensor(other, "matmul", "other", 2)
    _need_matching(input, other)
    _need_same_dtype(input, other)
    result = _matmul(input, other)
    return result if out is None else deliver(result, out, "matmul")


def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices."""
    if input.ndim != 2:
        raise RuntimeError("self must be a matrix")
    if mat2.ndim != 2:
        raise RuntimeError("mat2 must be a matrix")
    return matmul(input, mat2, out=out)


def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products of as many matrices as the first dimension has places."""
    for name, one in (("batch1", input), ("batch2", mat2)):
        if one.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    a, b = input.array.shape, mat2.array.shape
    if a[0] != b[0] or a[2] != b[1]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{a[0]}, {a[2]}] but got: "
            f"[{b[0]}, {b[1]}]."
        )
    return matmul(input, mat2, out=out)


@takes_out
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """A matrix times a vector."""
    if input.ndim != 2 or vec.ndim != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {input.ndim}, {vec.ndim}")
    return matmul(input, vec)


@takes_out
def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Σ of the products of two vectors."""
    if input.ndim != 1 or tensor.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {input.ndim}D and {tensor.ndim}D tensors")
    if input.dtype is not tensor.dtype:
        raise RuntimeError(
            f"dot : expected both vectors to have same dtype, but found {input.dtype.legacy} and {tensor.dtype.legacy}"
        )
    return matmul(input, tensor)


@takes_out
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """`dot` with the conjugate of the first."""
    return dot(conj(input), other)


@op(promote=True)
def _outer(x: Array, y: Array) -> Answer:
    return np.outer(x, y), (lambda g: g @ y, lambda g: x @ g)


@takes_out
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of the elements of two vectors."""
    for name, one in (("self", input), ("vec2", vec2)):
        if one.ndim != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {one.ndim}-D")
    return _outer(input, vec2)


ger = outer


# A product added to something: β·input + α·product


@op
def _added(x: Array, y: Array, *, beta: Any, alpha: Any) -> Answer:
    """β·x + α·y in the shape of y; β = 0 drops even nan."""
    kind = y.dtype.type
    scaled = y if alpha == 1 else kind(alpha) * y
    if beta == 0:
        return np.array(scaled), (np.zeros_like, lambda g: g * kind(alpha))
    value = scaled + (x if beta == 1 else kind(beta) * x)
    return value, (lambda g: g if beta == 1 else g * kind(beta), lambda g: g if alpha == 1 else g * kind(alpha))


def _plus(x: Tensor, y: Tensor, beta: Any, alpha: Any) -> Tensor:
    have, wanted = x.array.shape, y.array.shape
    for back, size in enumerate(have[::-1], 1):
        at = len(wanted) - back
        if at < 0 or size not in (1, wanted[at]):
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted[max(at, 0)]}) must match the existing size ({size}) at "
                f"non-singleton dimension {max(at, 0)}.  Target sizes: {list(wanted)}.  Tensor sizes: {list(have)}"
            )
    if x.array.dtype != y.array.dtype:
        raise RuntimeError(f"self and mat2 must have the same dtype, but got {x.dtype.legacy} and {y.dtype.legacy}")
    return _added(x, y, beta=beta, alpha=alpha)


@takes_out
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """β·input + α·mat1 @ mat2."""
    return _plus(input, mm(mat1, mat2), beta, alpha)


@takes_out
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """β·input + α·mat @ vec."""
    return _plus(input, mv(mat, vec), beta, alpha)


@takes_out
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """β·input + α·outer(vec1, vec2)."""
    return _plus(input, outer(vec1, vec2), beta, alpha)


@takes_out
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """β·input + α·bmm(batch1, batch2)."""
    return _plus(input, bmm(batch1, batch2), beta, alpha)


@takes_out
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """β·input + α·Σ over the batch of bmm(batch1, batch2)."""
    return _plus(input, _summed_bmm(batch1, batch2), beta, alpha)


@op(name="addbmm")
def _summed_bmm(x: Array, y: Array) -> Answer:
    value = np.einsum("bij,bjk->ik", x, y, optimize=True)
    return value, (lambda g: g @ flipped(y), lambda g: flipped(x) @ g)
