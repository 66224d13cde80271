"""`grouped_mm`: one matrix product per group, groups being pieces of a dimension or entries of a batch."""

from __future__ import annotations

import itertools
from typing import Any

from ..tensor import Tensor
from .join import cat, stack
from .matmul import bmm
from .memory import cast

__all__ = ["grouped_mm"]


def grouped_mm(
    mat_a: Any, mat_b: Any, *, offs: Tensor | None = None, bias: Tensor | None = None, out_dtype: Any = None
) -> Tensor:
    """(T, K) by (G, K, N): (T, N), rows up to ``offs[g]`` with matrix g. (G, M, K) by (G, K, N): (G, M, N).

    (M, T) by (T, N): (G, M, N), the sum over T cut at ``offs``. (G, M, K) by (K, T): (M, T), columns cut at ``offs``.
    RuntimeError without ``offs`` where something is to be cut, with it where nothing is, and for other ranks.
    """
    if mat_a.dim() not in (2, 3) or mat_b.dim() not in (2, 3):
        raise RuntimeError("mat_a and mat_b have to be 2 or 3 dimensional")
    both = mat_a.dim() == mat_b.dim() == 3
    if (offs is None) is not both:
        raise RuntimeError("Have to provide offsets if there is a 2d matrix, or no offset if both matrices are 3d")
    if mat_a.shape[-1] != mat_b.shape[-2]:
        raise RuntimeError("contraction dimension of mat_a and mat_b must match")
    if bias is not None:
        raise RuntimeError("Bias not supported yet")
    made: Any = bmm(mat_a, mat_b) if offs is None else _cut(mat_a, mat_b, offs.array.tolist())
    return made if out_dtype is None else cast(made, out_dtype)


def _cut(a: Any, b: Any, ends: list[int]) -> Any:
    spans = [slice(*span) for span in itertools.pairwise([0, *ends])]
    if a.dim() == b.dim():
        return stack([a[:, span] @ b[span] for span in spans])
    if a.dim() == 2:
        return cat([a[span] @ b[group] for group, span in enumerate(spans)])
    return cat([a[group] @ b[:, span] for group, span in enumerate(spans)], 1)
