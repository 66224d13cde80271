"""All parameters as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...ops.join import cat
from ...tensor import Tensor
from ..members import typename


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """The parameters flattened and joined, in their order; differentiable."""
    flat: list[Any] = [_any(param).reshape(-1) for param in parameters]
    return cat(flat)


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Consecutive parts of `vec` become the data of the parameters (views of it, as in torch)."""
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {typename(vec)}")
    start = 0
    for param in parameters:
        size = param.array.size
        param.data = _any(vec)[start : start + size].view_as(param).data
        start += size


def _any(tensor: Tensor) -> Any:
    """The tensor with its methods, which are hung on at run time."""
    return tensor
