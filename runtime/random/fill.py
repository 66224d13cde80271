"""Writing drawn numbers into an array in the order in which its elements lie in memory, as torch's loops run."""

from __future__ import annotations

from ..array import Array
from ..layout import axes_in_memory


def in_memory_order(target: Array) -> Array:
    """A view of `target` whose axes run from the outermost in memory to the innermost."""
    return target if target.flags.c_contiguous else target.transpose(axes_in_memory(target))


def fill(target: Array, values: Array) -> None:
    """Puts flat `values`, one per element, into `target`."""
    view = in_memory_order(target)
    view[...] = values.reshape(view.shape)
