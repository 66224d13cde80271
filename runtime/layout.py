"""How torch lays elements out in memory: the order of axes in an array, and a new array like another one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array import Array, owner


def axes_in_memory(array: Array) -> tuple[int, ...]:
    """The axes from the outermost to the innermost, by torch's rule for equal and zero strides.

    A transposed array gives its axes back in the order of its memory; an expanded axis stays where it is.
    """
    if array.flags.c_contiguous:
        return tuple(range(array.ndim))
    inner_first = list(reversed(range(array.ndim)))
    for start in range(1, array.ndim):
        here = start
        for there in reversed(range(start)):
            order = _compare(array, inner_first[there], inner_first[here])
            if order < 0:
                break
            if order > 0:  # swapped, not inserted: what the strides do not tell stays in between
                inner_first[there], inner_first[here] = inner_first[here], inner_first[there]
                here = there
    return tuple(reversed(inner_first))


def _compare(array: Array, inner: int, outer: int) -> int:
    """Positive if `outer` belongs before (inside) `inner`, negative if not, 0 if their strides do not tell."""
    a, b = array.strides[inner], array.strides[outer]
    if a == 0 or b == 0:
        return 0
    if a == b:
        return int(array.shape[inner] > array.shape[outer])
    return 1 if a > b else -1


def empty_like(array: Array, dtype: np.dtype[Any] | None = None) -> Array:
    """An uninitialised dense array whose axes lie in memory as those of `array` do: torch's preserve_format."""
    axes = axes_in_memory(array)
    dense = np.empty([array.shape[axis] for axis in axes], array.dtype if dtype is None else dtype)
    return dense.transpose(np.argsort(axes)) if axes else dense


def laid_out(value: Any, inputs: tuple[Any, ...], how: str) -> Array:
    """`value` as an ndarray with the strides that torch would give it. Views stay what they are.

    `how`: "rows", row-major; "first", like the first input of the same shape (torch's elementwise ops); "", row-major
    unless it is laid out like an input already. numpy's products and transposed results are neither, and `.view` would
    refuse them, and random draws would fill them in another order, where torch does not.
    """
    if type(value) is not np.ndarray:
        return value if isinstance(value, np.ndarray) else np.asarray(value)  # a number, or a meta array
    if value.flags.c_contiguous and (how != "first" or _first_is_plain(value, inputs)):
        return value
    arrays = [x for x in inputs if type(x) is np.ndarray]
    alike = [x for x in arrays if x.shape == value.shape and x.ndim]
    memory = owner(value)
    if any(owner(x) is memory for x in arrays):
        return value
    if how == "first" and alike and not alike[0].flags.c_contiguous:
        if _steps(alike[0]) == _steps(value):
            return value
        made = empty_like(alike[0], value.dtype)
        made[...] = value
        return made
    if not how and any(_steps(x) == _steps(value) for x in alike):
        return value
    return np.ascontiguousarray(value)


def _first_is_plain(value: Array, inputs: tuple[Any, ...]) -> bool:
    """Whether the first input of the same shape, if there is one, is row-major."""
    for x in inputs:
        if type(x) is np.ndarray and x.shape == value.shape:
            return bool(x.flags.c_contiguous)
    return True


def _steps(array: Array) -> list[int]:
    return [stride // array.itemsize for stride in array.strides]
