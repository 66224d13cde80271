"""The dtype an op computes in, where that is not simply the common one of its inputs."""

from __future__ import annotations

from ..dtypes import INTEGER, dtype, get_default_dtype, int64
from ..tensor import Tensor
from .memory import cast


def floating(x: Tensor) -> Tensor:
    """*x*, in the default dtype if it is not floating already."""
    return x if x.array.dtype.kind in "fc" else cast(x, get_default_dtype())


def summable(x: Tensor, wanted: dtype | None) -> Tensor:
    """*x* in the dtype its sums and products have: int64 for integers and bool, unless another is *wanted*."""
    if wanted is None:
        wanted = int64 if x.dtype.category <= INTEGER else x.dtype
    return cast(x, wanted)
