"""Filling a copy, and giving a tensor another size: fill, resize_, resize_as_."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..inplace import fill_
from ..tensor import Tensor
from .dims import sizes_of
from .memory import clone


def fill(input: Tensor, value: Any) -> Tensor:
    """A tensor like *input*, filled."""
    return fill_(clone(input), value)


def resize_(input: Tensor, *sizes: Any, memory_format: Any = None) -> Tensor:
    """Another shape on the same memory, or on more that begins with it. RuntimeError if it requires a gradient."""
    if input.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    shape = sizes_of(sizes)
    flat, count = input.array.reshape(-1), prod(shape)
    if count > flat.size:
        flat = np.concatenate([flat, np.zeros(count - flat.size, flat.dtype)])
    input.array = flat[:count].reshape(shape)
    return input


def resize_as_(input: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """`resize_` to the shape of another tensor."""
    return resize_(input, *the_template.shape)
