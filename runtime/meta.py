"""`torch.device("meta")`: tensors with a shape and a dtype and no memory, to build modules without filling them."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from .array import Array
from .device import CPU, device, standing, usable

META = device("meta")


class MetaArray(np.ndarray[Any, Any]):
    """A shape and a dtype over a single element, which nobody reads. Changes go nowhere; computing raises."""

    def copy(self, order: Any = "C") -> MetaArray:
        """Another one."""
        return meta_array(self.shape, self.dtype)

    def astype(self, dtype: Any, *_: Any, **__: Any) -> MetaArray:
        """One of another dtype."""
        return meta_array(self.shape, np.dtype(dtype))

    def fill(self, value: Any) -> None:
        """Nothing to fill."""

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")

    item = tolist = __array_ufunc__ = __array_function__ = _refuse


def meta_array(shape: Any, dtype: np.dtype[Any]) -> MetaArray:
    """A MetaArray of that shape and dtype."""
    return np.lib.stride_tricks.as_strided(np.empty(1, dtype), shape, [0] * len(shape)).view(MetaArray)


def device_of(array: Array) -> device:
    """Where an array of this runtime is."""
    return META if type(array) is MetaArray else CPU


def placed(array: Array, where: Any) -> Array:
    """A new array as it is on that device (None: the one of `with device(...)`): as it is, or without its memory.

    Raises what `usable` raises for a device that is not there.
    """
    wanted = standing[-1] if where is None else device(where)
    if wanted.type == "meta":
        return meta_array(array.shape, array.dtype)
    usable(wanted)
    return array


_BUILDING = ("clone", "getitem", "to_copy")
"""Ops that building a module needs: they look at no values."""


def refuse_meta(name: str, arrays: Any) -> None:
    """NotImplementedError if one of the inputs of an op has no memory."""
    for x in arrays:
        if type(x) is MetaArray and name not in _BUILDING:
            raise NotImplementedError(
                f"{name}: meta tensors have no data in this runtime, and their shapes are not followed through ops; "
                "use to_empty() and load or initialise the values first"
            )
