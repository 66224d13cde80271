"""A view as autograd sees it: a window on the memory of its base, described by strides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .array import Array, overlaps_itself
from .graph import Edge, Meta, Node


class Window(NamedTuple):
    """Where a view lies in the smallest buffer that holds its base; strides and offsets in elements."""

    size: int
    base: tuple[tuple[int, ...], tuple[int, ...], int]
    view: tuple[tuple[int, ...], tuple[int, ...], int]
    overlapping: bool

    def cut(self, of_base: Array) -> Array:
        """The view's part of an array shaped like the base, as a copy."""
        return self._on(self._spread(of_base), self.view).copy()

    def put(self, of_base: Array, of_view: Array) -> Array:
        """An array like the base's, with the view's part replaced."""
        buffer = self._spread(of_base)
        self._on(buffer, self.view)[...] = of_view
        return self._on(buffer, self.base)

    def scatter(self, of_view: Array) -> Array:
        """Zeros shaped like the base, with the view's part added; elements seen several times add up."""
        buffer = np.zeros(self.size, of_view.dtype)
        if self.overlapping:
            places = self._on(np.arange(self.size), self.view)
            np.add.at(buffer, places, of_view)
        else:
            self._on(buffer, self.view)[...] = of_view
        return self._on(buffer, self.base)

    def _spread(self, of_base: Array) -> Array:
        buffer = np.zeros(self.size, of_base.dtype)
        self._on(buffer, self.base)[...] = of_base
        return buffer

    @staticmethod
    def _on(buffer: Array, layout: tuple[tuple[int, ...], tuple[int, ...], int]) -> Array:
        shape, strides, offset = layout
        return as_strided(buffer[offset:], shape, tuple(stride * buffer.itemsize for stride in strides))


def window(view: Array, base: Array) -> Window:
    """How `view` lies in the memory of `base`; RuntimeError for another item size (parts of complex numbers)."""
    if view.itemsize != base.itemsize:
        raise RuntimeError(
            "this runtime does not record in-place changes of memory that is seen in two dtypes (view_as_real, "
            "view_as_complex, real, imag)"
        )
    item = base.itemsize
    low, high = np.lib.array_utils.byte_bounds(base)
    view_low, view_high = np.lib.array_utils.byte_bounds(view) if view.size else (low, low)
    start = min(low, view_low)

    def layout(array: Array) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        address = array.__array_interface__["data"][0] if array.size else start
        return array.shape, tuple(stride // item for stride in array.strides), (address - start) // item

    size = (max(high, view_high) - start) // item
    return Window(size, layout(base), layout(view), overlaps_itself(view))


def view_node(view: Array, base: Array, edge: Edge | None) -> Node:
    """The node of a view made again after its memory changed: torch's AsStridedBackward0."""
    seen = window(view, base)
    return Node(
        "AsStridedBackward0",
        seen.scatter,
        (edge,),
        (Meta(base.shape, base.dtype),),
        (Meta(view.shape, view.dtype),),
    )
