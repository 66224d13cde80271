"""From tensors to Python and numpy: item, tolist, numpy, and Python's own number protocols."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from .array import Array
from .tensor import Tensor


def item(self: Tensor) -> Any:
    """The only element as a Python number; RuntimeError if there is not exactly one."""
    if self.array.size != 1:
        raise RuntimeError(f"a Tensor with {self.array.size} elements cannot be converted to Scalar")
    return self.array.item()


def tolist(self: Tensor) -> Any:
    """Nested lists of Python numbers; a number for a 0-dim tensor."""
    return self.array.tolist()


def numpy(self: Tensor, *, force: bool = False) -> Array:
    """The array itself: shares the memory. RuntimeError if it requires grad, unless `force`."""
    if self.requires_grad and not force:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    if self.device.type == "meta":
        raise TypeError(
            "can't convert meta device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
        )
    return self.array


def to_array(self: Tensor, dtype: Any = None, copy: bool | None = None) -> Array:
    """numpy's `__array__`."""
    return np.array(numpy(self), dtype=dtype, copy=copy)


def _single(self: Tensor) -> Any:
    if self.array.size != 1:
        raise ValueError("only one element tensors can be converted to Python scalars")
    return self.array.item()


def to_float(self: Tensor) -> float:
    """`float(tensor)`; ValueError unless there is exactly one element."""
    return float(_single(self))


def to_int(self: Tensor) -> int:
    """`int(tensor)`; ValueError unless there is exactly one element."""
    return int(_single(self))


def to_complex(self: Tensor) -> complex:
    """`complex(tensor)`; ValueError unless there is exactly one element."""
    return complex(_single(self))


def to_bool(self: Tensor) -> bool:
    """`bool(tensor)`; RuntimeError for several elements or none."""
    if self.array.size == 1:
        return bool(self.array.item())
    how_many = "no values" if self.array.size == 0 else "more than one value"
    raise RuntimeError(f"Boolean value of Tensor with {how_many} is ambiguous")


def to_index(self: Tensor) -> int:
    """`operator.index(tensor)`: lets an integer tensor of one element be an index or a range."""
    if self.array.size != 1 or self.array.dtype.kind not in "iub":
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return operator.index(int(self.array.item()))


def length(self: Tensor) -> int:
    """`len(tensor)`: the first size; TypeError for a 0-dim tensor."""
    if not self.array.ndim:
        raise TypeError("len() of a 0-d tensor")
    return int(self.array.shape[0])


def formatted(self: Tensor, spec: str) -> str:
    """`f"{loss:.3f}"`: the number for a 0-dim tensor, else the repr."""
    if self.array.ndim == 0 and type(self) is Tensor:
        return format(self.array.item(), spec)
    return object.__format__(self, spec)
