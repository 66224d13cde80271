"""What all creating functions take: a size as one tuple or as numbers; dtype, device, layout, requires_grad."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from . import dtypes
from .dtypes import dtype as Dtype
from .meta import placed
from .tensor import Tensor, wrap

_PYTHON = {float: dtypes.float64, int: dtypes.int64, bool: dtypes.bool_, complex: dtypes.complex128}


def dtype_of(name: str, wanted: Any) -> Dtype | None:
    """A dtype argument: a torch dtype, Python's float, int, bool or complex, or None. TypeError for another thing."""
    if wanted is None or isinstance(wanted, Dtype):
        return wanted
    try:
        return _PYTHON[wanted]
    except (KeyError, TypeError):
        kind = type(wanted).__name__
        raise TypeError(f"{name}(): argument 'dtype' must be torch.dtype, not {kind}") from None


def storage_of(name: str, wanted: Any) -> np.dtype[Any]:
    """The numpy dtype for a dtype argument; None is the default dtype."""
    return (dtype_of(name, wanted) or dtypes.get_default_dtype()).storage


def shape_of(name: str, size: tuple[Any, ...]) -> tuple[int, ...]:
    """``f(2, 3)``, ``f((2, 3))``: the shape. TypeError for what is no int, RuntimeError for a negative one."""
    if not size:
        raise TypeError(f'{name}() missing 1 required positional arguments: "size"')
    sizes = tuple(size[0]) if len(size) == 1 and isinstance(size[0], (tuple, list)) else size
    shape = tuple(whole(name, "size", "tuple of ints", one) for one in sizes)
    lowest = min(shape, default=0)
    if lowest < 0 and name == "zeros":
        raise RuntimeError("zeros: Dimension size must be non-negative.")
    if lowest < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {lowest}: {list(shape)}")
    return shape


def whole(name: str, argument: str, kind: str, value: Any) -> int:
    """An int argument; integer tensors and numpy integers are ints too."""
    try:
        return operator.index(value.array[()] if isinstance(value, Tensor) else value)
    except TypeError:
        got = type(value).__name__
        raise TypeError(f"{name}(): argument '{argument}' (position 1) must be {kind}, not {got}") from None


def made(name: str, array: np.ndarray[Any, Any], options: dict[str, Any]) -> Tensor:
    """The array as a new tensor, by torch's keywords of a creating function; TypeError for an unknown one."""
    rest = {**options}
    out, requires_grad = rest.pop("out", None), rest.pop("requires_grad", False)
    array = placed(array, rest.pop("device", None))
    for ignored in ("layout", "pin_memory", "memory_format"):
        rest.pop(ignored, None)
    if rest:
        raise TypeError(f"{name}() got an unexpected keyword argument '{next(iter(rest))}'")
    if requires_grad and array.dtype.kind not in "fc":
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    if out is None:
        return wrap(array, bool(requires_grad))
    if out.array.shape != array.shape:
        out.array = np.empty(array.shape, out.array.dtype)
    out.array[...] = array
    out.counter.count += 1
    return out  # type: ignore[no-any-return]
