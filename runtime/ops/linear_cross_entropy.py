"""`linear_cross_entropy`: the last layer and its loss in one call."""

from __future__ import annotations

from ..tensor import Tensor
from .linear import linear
from .nll import cross_entropy
from .shape import reshape

__all__ = ["linear_cross_entropy"]


def _check(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    if input.ndim not in (1, 2):
        raise RuntimeError(f"expected input with dimensionality 1 or 2, got {input.ndim}")
    if weight.ndim < 2:
        raise RuntimeError(f"expected linear_weight with dimensionality at least 2, got {weight.ndim}")
    if input.shape[-1] != weight.shape[-1]:
        raise RuntimeError(
            "expected equal input and linear_weight last dimensions (in_features), "
            f"got {input.shape[-1]} and {weight.shape[-1]}, respectively"
        )
    if bias is not None and bias.shape != weight.shape[:-1]:
        raise RuntimeError(f"expected linear_bias shape {tuple(weight.shape[:-1])}, got {tuple(bias.shape)}")
    if weight.ndim > 2 and input.ndim == 1:
        raise RuntimeError(
            f"K-dimensional loss defined by linear_weight shape {tuple(weight.shape)} requires batched input, "
            f"(N, {input.shape[-1]}), got unbatched input with shape {tuple(input.shape)}"
        )


def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: object = None,
) -> Tensor:
    """`cross_entropy` of ``input`` (N, in) or (in) through ``linear_weight`` (C, *, in) and ``linear_bias`` (C, *).

    ``options`` tell torch how to save memory; they change no number and nothing here.
    """
    _check(input, linear_weight, linear_bias)
    shape = (*input.shape[:-1], *linear_weight.shape[:-1])
    if ignore_index is not None and tuple(target.shape) == shape:
        raise RuntimeError("ignore_index cannot be specified when target contains probabilities")
    rows = reshape(linear_weight, -1, linear_weight.shape[-1])
    bias = None if linear_bias is None else reshape(linear_bias, -1)
    ignored = -100 if ignore_index is None else ignore_index
    scores = reshape(linear(input, rows, bias), shape)
    return cross_entropy(scores, target, weight, None, ignored, None, reduction, label_smoothing)
