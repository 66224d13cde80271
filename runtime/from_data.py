"""Tensors from Python numbers, nested lists and numpy arrays: `tensor`, `as_tensor`, `from_numpy`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from . import dtypes
from .array import Array
from .device import usable
from .dtypes import dtype as Dtype
from .meta import placed
from .ops.memory import cast, to
from .options import dtype_of
from .promotion import promote_types
from .tensor import Tensor, wrap


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, pin_memory: bool = False
) -> Tensor:
    """A new tensor with a copy of *data*: a number, nested sequences, a numpy array, a tensor.

    Without *dtype*: that of an array, else bool, int64 or the default dtype. ValueError for ragged lists.
    """
    if isinstance(data, Tensor):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
    array = array_of(data, dtype_of("tensor", dtype))
    if requires_grad and array.dtype.kind not in "fc":
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    return wrap(placed(array, device), requires_grad)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """*data* as a tensor, sharing the memory of an array or tensor whose dtype fits."""
    wanted = dtype_of("as_tensor", dtype)
    if isinstance(data, Tensor):
        return to(data, device=device, dtype=wanted)
    if device is not None and not isinstance(data, np.ndarray):
        return wrap(placed(array_of(data, wanted), device))
    usable(device)
    if isinstance(data, np.ndarray):
        shared = from_numpy(data)
        return shared if wanted is None else cast(shared, wanted)
    return wrap(array_of(data, wanted))


def asarray(
    obj: Any, *, dtype: Any = None, device: Any = None, copy: bool | None = None, requires_grad: bool = False
) -> Tensor:
    """*obj* as a tensor; copied if *copy* is True, or if that is needed."""
    made = (
        tensor(obj, dtype=dtype, device=device)
        if copy and not isinstance(obj, Tensor)
        else as_tensor(obj, dtype, device)
    )
    if copy and made is obj:
        made = wrap(made.array.copy())
    return made.requires_grad_() if requires_grad else made


def frombuffer(buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False) -> Tensor:
    """A vector on the memory of a buffer; ValueError for one without elements."""
    wanted = dtype_of("frombuffer", dtype)
    assert wanted is not None
    return wrap(np.frombuffer(buffer, wanted.storage, count, offset), requires_grad)


def _shape_as_tensor(input: Tensor) -> Tensor:
    """The sizes as a vector of int64."""
    return wrap(np.array(input.array.shape, np.int64))


def from_numpy(ndarray: Array) -> Tensor:
    """A tensor on the memory of the array. TypeError for a dtype torch has not, ValueError for negative strides."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    dtypes.of(ndarray)
    if any(stride < 0 for stride in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
            "currently supported. (You can probably work around this by making a copy of your array  with "
            "array.copy().) "
        )
    return wrap(np.asarray(ndarray))


def array_of(data: Any, wanted: Dtype | None) -> Array:
    """A fresh array of *data* in the dtype *wanted*, or in the one torch infers."""
    if isinstance(data, Tensor):
        data = data.array
    if isinstance(data, (np.ndarray, np.generic)):
        dtypes.of(np.asarray(data))
        return _fitted(np.array(data), wanted)
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    if not isinstance(data, Sequence):
        inferred = _inferred(data).storage
        # Python's own precision until the dtype is chosen: 1.6 must not pass through float32 on its way to float64
        return _fitted(np.asarray(_number(data), inferred if wanted is None else _python_storage(inferred)), wanted)
    leaf = _first_leaf(data)
    if isinstance(leaf, (Tensor, np.generic, np.ndarray)):
        data = _bare(data)
        found = _promoted(data)
        return _fitted(np.array(data, dtype=None if found is None else found.storage), wanted)
    return _fitted(_nested(data, wanted), wanted)


def _python_storage(inferred: np.dtype[Any]) -> np.dtype[Any]:
    return np.dtype({"f": "float64", "c": "complex128"}.get(inferred.kind, inferred))


def _nested(data: Any, wanted: Dtype | None) -> Array:
    try:
        array = np.array(data)
    except ValueError:
        _explain(data, _shape(data), 0)
        raise
    if array.dtype.kind not in "biufc" or array.dtype == np.uint64:
        _explain(data, _shape(data), 0)
    if wanted is None and (array.dtype.kind in "fc" or not array.size):
        default = dtypes.get_default_dtype()
        return array.astype((default.to_complex() if array.dtype.kind == "c" else default).storage)
    return array


def _fitted(array: Array, wanted: Dtype | None) -> Array:
    """The array in the dtype *wanted*; RuntimeError where an integer does not fit."""
    if wanted is None or array.dtype == wanted.storage:
        return array
    if array.size and wanted.category == dtypes.INTEGER and array.dtype.kind in "iu":
        info = np.iinfo(wanted.storage)
        if int(array.max()) > info.max or int(array.min()) < -info.max - 1:
            raise RuntimeError(f"value cannot be converted to type {wanted.name} without overflow")
    with np.errstate(invalid="ignore", over="ignore"):
        return array.astype(wanted.storage)


def _number(value: Any) -> Any:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("Overflow when unpacking long long")
    return value


def _inferred(value: Any) -> Dtype:
    try:
        return dtypes.of(np.asarray(value)) if isinstance(value, np.generic) else dtypes.of_scalar(value)
    except TypeError:
        raise RuntimeError(f"Could not infer dtype of {type(value).__name__}") from None


def _first_leaf(data: Any) -> Any:
    while isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        if not data:
            return None
        data = data[0]
    return data


def _bare(data: Any) -> Any:
    """Nested lists with one-element tensors as numpy scalars and arrays as they are."""
    if isinstance(data, Tensor):
        if data.array.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return data.array.reshape(())[()]
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return [_bare(one) for one in data]
    return data


def _promoted(data: Any) -> Dtype | None:
    """The common dtype of all leaves, numbers included."""
    if not isinstance(data, list):
        return dtypes.of(np.asarray(data)) if isinstance(data, (np.ndarray, np.generic)) else _inferred(data)
    found: Dtype | None = None
    for one in data:
        kind = _promoted(one)
        found = kind if found is None or kind is None else promote_types(found, kind)
    return found


def _shape(data: Any) -> tuple[int, ...]:
    """The shape that the first elements promise."""
    shape = []
    while isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        shape.append(len(data))
        if not data:
            break
        data = data[0]
    return tuple(shape)


def _explain(data: Any, shape: tuple[int, ...], depth: int) -> None:
    """Raises what torch raises for the first element that does not fit *shape*."""
    nested = isinstance(data, Sequence) and not isinstance(data, (str, bytes))
    if depth == len(shape):
        if nested:
            raise TypeError(f"'{type(data).__name__}' object cannot be interpreted as an integer")
        if isinstance(data, (str, bytes)):
            raise ValueError(f"too many dimensions '{type(data).__name__}'")
        _number(data)
        _inferred(data)
        return
    if not nested:
        raise TypeError("not a sequence")
    if len(data) != shape[depth]:
        raise ValueError(f"expected sequence of length {shape[depth]} at dim {depth} (got {len(data)})")
    for one in data:
        _explain(one, shape, depth + 1)
