"""An array that records what numpy does to it: `np.exp(g) * y` on these is `g.exp() * y` on tensors.

Rules of ops are written for bare arrays. For gradients of gradients they are run on these instead, and what they
compute is in the graph. What is not in the tables below is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .array import Array
from .dtypes import of
from .numpy_names import QUESTIONS, UFUNCS
from .tensor import Tensor, wrap


class NotRecorded(RuntimeError):
    """Something that cannot be followed on the way to a gradient of a gradient."""


def through(op: Callable[..., Any], *inputs: Any, **static: Any) -> Recorded:
    """An op on these: what a function that works on memory is replaced by."""
    like = next(one for one in inputs if isinstance(one, Recorded))
    return Recorded(op(*(tensor_of(one, like) for one in inputs), **static))


def bare(value: Any) -> Any:
    """The array in it, or the value itself."""
    return value.tensor.array if isinstance(value, Recorded) else value


def tensor_of(value: Any, like: Any) -> Tensor:
    """The tensor in it; a constant for arrays and numbers, in the dtype of the array `like`."""
    if isinstance(value, Recorded):
        return value.tensor
    kind = None if isinstance(value, np.ndarray) else bare(like).dtype
    if isinstance(value, complex):
        kind = np.result_type(bare(like).dtype, np.complex64)
    return wrap(np.asarray(value, kind))


class Recorded(np.lib.mixins.NDArrayOperatorsMixin):
    """Looks like an ndarray as far as rules look; holds a tensor."""

    __array_priority__ = 2000

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    def __array__(self, *args: Any, **kwargs: Any) -> Array:
        raise NotRecorded("numpy wants the bare array")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        out = kwargs.pop("out", (None,))[0]
        if method != "__call__" or kwargs.keys() - {"dtype"}:
            raise NotRecorded(f"numpy's {ufunc.__name__}.{method}")
        if ufunc in QUESTIONS:
            return ufunc(*map(bare, inputs))
        if ufunc is np.sign and np.iscomplexobj(bare(inputs[0])):
            raise NotRecorded("the sign of complex numbers")
        if ufunc not in UFUNCS:
            raise NotRecorded(f"numpy's {ufunc.__name__}")
        like = next(one for one in inputs if isinstance(one, Recorded))
        first, *others = (tensor_of(one, like) for one in inputs)
        made = getattr(first, UFUNCS[ufunc])(*others)
        if isinstance(out, Recorded):
            out.tensor = made
            return out
        if out is not None:
            raise NotRecorded("a write into a bare array")
        return Recorded(made)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function not in FUNCTIONS:
            raise NotRecorded(f"numpy's {function.__name__}")
        return FUNCTIONS[function](*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in ("shape", "dtype", "ndim", "size", "itemsize", "strides", "flags", "nbytes"):
            return getattr(self.tensor.array, name)
        raise NotRecorded(f"the array's .{name}")

    def __len__(self) -> int:
        return len(self.tensor.array)

    def __getitem__(self, key: Any) -> Recorded:
        return Recorded(_picked(self.tensor, key))

    def reshape(self, *shape: Any) -> Recorded:
        """`Tensor.reshape`."""
        return Recorded(self.tensor.reshape(*shape))

    def transpose(self, *axes: Any) -> Recorded:
        """The axes in another order; reversed if none are given."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return Recorded(self.tensor.permute(*(order or range(self.ndim)[::-1])))

    @property
    def T(self) -> Recorded:
        """The axes reversed."""
        return self.transpose()

    def swapaxes(self, one: int, other: int) -> Recorded:
        """`Tensor.transpose`."""
        return Recorded(self.tensor.transpose(one, other))

    def sum(self, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Recorded:
        """`Tensor.sum`; over no axis at all it is the array itself."""
        return self if axis == () else Recorded(self.tensor.sum(axis, keepdims))

    def mean(self, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Recorded:
        """`Tensor.mean`."""
        return Recorded(self.tensor.mean(axis, keepdims))

    def max(self, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None) -> Recorded:
        """`Tensor.amax`."""
        return Recorded(self.tensor.amax(() if axis is None else axis, keepdims))

    def squeeze(self, axis: Any = None) -> Recorded:
        """`Tensor.squeeze`."""
        return Recorded(self.tensor.squeeze() if axis is None else self.tensor.squeeze(axis))

    def astype(self, dtype: Any, copy: bool = True) -> Recorded:
        """`Tensor.to`; only between dtypes of floats."""
        return Recorded(self.tensor.to(of(np.empty(0, dtype))))

    @property
    def real(self) -> Recorded:
        """The real part; itself if it is real."""
        return Recorded(self.tensor.real) if self.dtype.kind == "c" else self

    @property
    def imag(self) -> Recorded:
        """The imaginary part, of complex numbers only."""
        return Recorded(self.tensor.imag)

    def all(self) -> Any:
        """Asked of the bare array."""
        return self.tensor.array.all()

    def any(self) -> Any:
        """Asked of the bare array."""
        return self.tensor.array.any()

    def conj(self) -> Recorded:
        """`Tensor.conj`."""
        return Recorded(self.tensor.conj())

    def copy(self, order: str = "C") -> Recorded:
        """The same: nothing is written into these in place."""
        return Recorded(self.tensor)


def _picked(tensor: Tensor, key: Any) -> Tensor:
    """`tensor[key]` for numpy's keys: negative steps are flips, arrays are index tensors."""
    keys = key if isinstance(key, tuple) else (key,)
    if any(isinstance(one, slice) and one.step is not None and one.step < 0 for one in keys):
        raise NotRecorded("a slice with a negative step")
    return tensor.__getitem__(tuple(wrap(one) if isinstance(one, np.ndarray) else one for one in keys))


def _where(condition: Any, x: Any, y: Any) -> Recorded:
    like = x if isinstance(x, Recorded) else y
    return Recorded(tensor_of(x, like).where(wrap(np.asarray(bare(condition))), tensor_of(y, like)))


def _expanded(x: Recorded, axis: Any) -> Recorded:
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    rank = x.ndim + len(axes)
    shape, rest = [1] * rank, iter(x.shape)
    for place in sorted(set(range(rank)) - {one % rank for one in axes}):
        shape[place] = next(rest)
    return x.reshape(tuple(shape))


def _einsum(spec: str, x: Any, y: Any) -> Recorded:
    """Products of numbers at the same places, summed: "ncl,ncl->c"."""
    first, other, kept = spec.replace("->", ",").split(",")
    if first != other or not first.startswith("..." * kept.startswith("...")):
        raise NotRecorded(f"numpy's einsum of {spec}")
    letters = first.removeprefix("...")
    summed = (x * y).sum(tuple(place - len(letters) for place, axis in enumerate(letters) if axis not in kept))
    return summed if isinstance(summed, Recorded) else Recorded(summed)


def _broadcast(xs: tuple[Any, ...]) -> tuple[Recorded, ...]:
    shape = np.broadcast_shapes(*(np.shape(bare(x)) for x in xs))
    like = next(x for x in xs if isinstance(x, Recorded))
    return tuple(Recorded(tensor_of(x, like).expand(*shape)) for x in xs)


def _joined(xs: Any, axis: int = 0) -> Recorded:
    like = next(x for x in xs if isinstance(x, Recorded))
    parts = [tensor_of(x, like) for x in xs]
    whole = wrap(np.concatenate([np.zeros_like(part.array) for part in parts], axis))
    end = 0
    for part in parts:
        start, end = end, end + part.shape[axis]
        whole = whole.slice_scatter(part, axis % part.ndim, start, end)
    return Recorded(whole)


def _solved(a: Any, b: Any) -> Recorded:
    like = a if isinstance(a, Recorded) else b
    return Recorded(tensor_of(a, like).inverse() @ tensor_of(b, like))


def _svd(x: Recorded, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    u, s, v = map(Recorded, x.tensor.svd(not full_matrices))
    return (u, s, v.swapaxes(-1, -2)) if compute_uv else s


def _cross(x: Any, y: Any, axis: int = -1) -> Recorded:
    like = x if isinstance(x, Recorded) else y
    return Recorded(tensor_of(x, like).cross(tensor_of(y, like), axis))


def _clip(x: Recorded, low: Any, high: Any) -> Recorded:
    return Recorded(x.tensor.clamp(low, high))


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: _where,
    np.concatenate: _joined,
    np.tile: lambda x, times: Recorded(x.tensor.tile(times)),
    np.cross: _cross,
    np.angle: lambda x: Recorded(x.tensor.angle()),
    np.sinc: lambda x: Recorded(x.tensor.sinc()),
    np.real: lambda x: x.real,
    np.imag: lambda x: x.imag,
    np.linalg.inv: lambda x: Recorded(x.tensor.inverse()),
    np.linalg.det: lambda x: Recorded(x.tensor.det()),
    np.linalg.solve: _solved,
    np.linalg.svd: _svd,
    np.linalg.cholesky: lambda x: Recorded(x.tensor.cholesky()),
    np.max: lambda x, axis=None, keepdims=False, initial=None: x.max(axis, keepdims=keepdims),
    np.cumprod: lambda x, axis, dtype=None: Recorded(x.tensor.cumprod(axis)),
    np.clip: _clip,
    np.expand_dims: _expanded,
    np.sum: lambda x, axis=None, dtype=None, keepdims=False: x.sum(axis, keepdims=keepdims),
    np.mean: lambda x, axis=None, keepdims=False: x.mean(axis, keepdims=keepdims),
    np.squeeze: lambda x, axis=None: x.squeeze(axis),
    np.reshape: lambda x, shape: x.reshape(shape),
    np.swapaxes: lambda x, one, other: x.swapaxes(one, other),
    np.transpose: lambda x, axes=None: x.transpose(*(axes or ())),
    np.broadcast_to: lambda x, shape: Recorded(x.tensor.expand(*shape)),
    np.moveaxis: lambda x, source, to: Recorded(x.tensor.movedim(source, to)),
    np.cumsum: lambda x, axis, dtype=None: Recorded(x.tensor.cumsum(axis)),
    np.einsum: _einsum,
    np.isneginf: lambda x: np.isneginf(bare(x)),
    np.shape: lambda x: x.shape,
    np.full_like: lambda x, value: np.full(x.shape, value, x.dtype),
    np.result_type: lambda *xs: np.result_type(*map(bare, xs)),
    np.broadcast_arrays: lambda *xs: _broadcast(xs),
    np.split: lambda x, parts, axis=0: [Recorded(one) for one in x.tensor.chunk(parts, axis)],
    np.flip: lambda x, axis: Recorded(x.tensor.flip(axis)),
    np.tril: lambda x, k=0: Recorded(x.tensor.tril(k)),
    np.triu: lambda x, k=0: Recorded(x.tensor.triu(k)),
    np.take_along_axis: lambda x, places, axis: Recorded(x.tensor.take_along_dim(wrap(places), axis)),
    np.zeros_like: lambda x: np.zeros(x.shape, x.dtype),
    np.ones_like: lambda x: np.ones(x.shape, x.dtype),
    np.empty_like: lambda x: np.empty(x.shape, x.dtype),
}
"""numpy's functions that are no ufuncs."""
