"""Functions that torch has under a name of torch.nn.functional, but with other arguments: `torch.embedding`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .dtypes import dtype
from .ops import distance, likelihood, margin_loss, norm, row_norm
from .ops import embedding as _embedding
from .ops import rrelu as _rrelu
from .ops import softmax as _softmax
from .random.generator import Generator
from .tensor import Tensor

_REDUCTIONS = ("none", "mean", "sum")


def embedding(
    weight: Tensor, indices: Tensor, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
) -> Tensor:
    """Rows of `weight`: F.embedding with its first two arguments the other way round; padding_idx −1 is none."""
    padding = None if padding_idx == -1 else padding_idx
    return _embedding.embedding(indices, weight, padding, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)


def rrelu(
    input: Tensor,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """F.rrelu with a generator where that has `inplace`."""
    return _rrelu.rrelu(input, lower, upper, training, generator=generator)


def batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """F.batch_norm with weight and bias in front, and no defaults."""
    return norm.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """F.instance_norm with weight and bias in front, and no defaults."""
    return norm.instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)


def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
    cudnn_enable: bool = True,
) -> Tensor:
    """F.layer_norm."""
    return row_norm.layer_norm(input, normalized_shape, weight, bias, eps)


def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
    cudnn_enabled: bool = True,
) -> Tensor:
    """F.group_norm."""
    return row_norm.group_norm(input, num_groups, weight, bias, eps)


def softmax(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """F.softmax with dim needed and dtype third."""
    return _softmax.softmax(input, dim, dtype=dtype)


def log_softmax(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """F.log_softmax with dim needed and dtype third."""
    return _softmax.log_softmax(input, dim, dtype=dtype)


def _numbered(function: Callable[..., Tensor], needed: str, **defaults: Any) -> Callable[..., Tensor]:
    """A loss with a numbered reduction: 0 none, 1 mean, 2 sum. Parameters in order: needed ones, then defaults."""
    names = (*needed.split(), *defaults)

    def numbered(*args: Any, **kwargs: Any) -> Tensor:
        given = {**defaults, **dict(zip(names, args, strict=False)), **kwargs}
        return function(**{**given, "reduction": _REDUCTIONS[given["reduction"]]})

    numbered.__name__ = numbered.__qualname__ = function.__name__
    numbered.__doc__ = f"F.{function.__name__} with reduction as a number: 0 none, 1 mean, 2 sum."
    return numbered


kl_div = _numbered(likelihood.kl_div, "input target", reduction=1, log_target=False)
binary_cross_entropy_with_logits = _numbered(
    likelihood.binary_cross_entropy_with_logits, "input target", weight=None, pos_weight=None, reduction=1
)
poisson_nll_loss = _numbered(likelihood.poisson_nll_loss, "input target log_input full eps reduction")
hinge_embedding_loss = _numbered(margin_loss.hinge_embedding_loss, "input target", margin=1.0, reduction=1)
margin_ranking_loss = _numbered(margin_loss.margin_ranking_loss, "input1 input2 target", margin=0.0, reduction=1)
cosine_embedding_loss = _numbered(distance.cosine_embedding_loss, "input1 input2 target", margin=0.0, reduction=1)
triplet_margin_loss = _numbered(
    distance.triplet_margin_loss,
    "anchor positive negative",
    margin=1.0,
    p=2.0,
    eps=1e-06,
    swap=False,
    reduction=1,
)
