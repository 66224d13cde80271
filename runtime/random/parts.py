"""A complex array seen as its real and imaginary parts."""

from __future__ import annotations

from numpy.lib.stride_tricks import as_strided

from ..array import Array


def parts(array: Array) -> Array:
    """A complex array with one more axis of size 2, in the same memory; any other array itself."""
    if array.dtype.kind != "c":
        return array
    return as_strided(array.real, (*array.shape, 2), (*array.strides, array.itemsize // 2))
