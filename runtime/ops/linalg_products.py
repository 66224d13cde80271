"""Products under the names and defaults of `torch.linalg`."""

from __future__ import annotations

from ..tensor import Tensor
from . import products, strided
from .arithmetic import mul
from .matmul import matmul
from .out import takes_out
from .products import multi_dot
from .reduce import sum

__all__ = ["cross", "diagonal", "matmul", "multi_dot", "vecdot"]


@takes_out
def cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The vector product along *dim*, of size 3."""
    return products.cross(input, other, dim)


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of the last two dimensions: a view."""
    return strided.diagonal(A, offset, dim1, dim2)


@takes_out
def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Σ of the products along *dim*."""
    return sum(mul(x, y), dim)
