"""`scaled_dot_product_attention`. https://arxiv.org/abs/1706.03762"""

from __future__ import annotations

import math

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor
from .conv import C_NAMES
from .dropout import dropout
from .join import repeat_interleave
from .matmul import matmul

__all__ = ["scaled_dot_product_attention"]


def attention_weights(q: Array, k: Array, mask: Array | None, scale: float, is_causal: bool, safe: bool) -> Array:
    """Softmax of ``q k^T * scale`` + mask (..., L, S). ``safe``: a row where nothing may be seen is 0, not nan."""
    scores = np.matmul(q * q.dtype.type(scale), k.swapaxes(-1, -2))
    if is_causal:
        scores += causal(scores.shape[-2], scores.shape[-1], scores.dtype)
    if mask is not None:
        scores = scores + (np.where(mask, 0, -np.inf).astype(scores.dtype) if mask.dtype == bool else mask)
    top = scores.max(-1, keepdims=True, initial=-np.inf)
    blind = np.isneginf(top)
    with np.errstate(invalid="ignore"):
        scores -= np.where(blind, 0, top) if safe else top
    np.exp(scores, out=scores)
    total = scores.sum(-1, keepdims=True)
    scores *= 1 / (np.where(blind, 1, total) if safe else total)  # one division a row
    return np.asarray(scores)


def causal(queries: int, keys: int, dtype: np.dtype[np.generic]) -> Array:
    """Minus infinity where a query would see a later key."""
    return np.where(np.tri(queries, keys, dtype=bool), 0, -np.inf).astype(dtype)


def through_softmax(g: Array, weights: Array) -> Array:
    """Gradient of the scores, given that of the weights."""
    along = np.einsum("...s,...s->...", g, weights)[..., None]
    return np.asarray((g - along) * weights)


@op(name="scaled_dot_product_attention")
def _attend(
    q: Array, k: Array, v: Array, mask: Array | None, *, scale: float, is_causal: bool, dropout_p: float = 0.0
) -> Answer:
    weights = attention_weights(q, k, mask, scale, is_causal, safe=True)

    def to_scores(g: Array) -> Array:
        return through_softmax(np.matmul(g, v.swapaxes(-1, -2)), weights)

    return np.matmul(weights, v), (
        lambda g: np.matmul(to_scores(g), k) * scale,
        lambda g: np.matmul(to_scores(g).swapaxes(-1, -2), q) * scale,
        lambda g: np.matmul(weights.swapaxes(-1, -2), g),
        to_scores if mask is not None and mask.dtype != bool else None,
    )


@op(name="attention_weights")
def weigh(q: Array, k: Array, mask: Array | None, *, scale: float, is_causal: bool, safe: bool) -> Answer:
    """The weights on their own, for who wants to see them or to drop some."""
    weights = attention_weights(q, k, mask, scale, is_causal, safe)
    return weights, (
        lambda g: np.matmul(through_softmax(g, weights), k) * scale,
        lambda g: np.matmul(through_softmax(g, weights).swapaxes(-1, -2), q) * scale,
        (lambda g: through_softmax(g, weights)) if mask is not None and mask.dtype != bool else None,
    )


def _native(tensor: Tensor) -> str:
    """The dtype as these messages of torch spell it: in C++."""
    return C_NAMES.get(tensor.dtype.name, tensor.dtype.name)


def _check(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None, is_causal: bool) -> None:
    for tensor in (query, key, value):
        if tensor.ndim < 2:
            raise RuntimeError(
                "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: "
                f"{query.ndim} key.dim: {key.ndim} and value.dim: {value.ndim} instead."
            )
        if tensor.dtype is not query.dtype:
            raise RuntimeError(
                "Expected query, key, and value to have the same dtype, but got query.dtype: "
                f"{_native(query)} key.dtype: {_native(key)} and value.dtype: {_native(value)} instead."
            )
    if attn_mask is not None and is_causal:
        raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
    if attn_mask is not None and attn_mask.dtype.name != "bool" and attn_mask.dtype is not query.dtype:
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
            f"{_native(attn_mask)} and  query.dtype: {_native(query)} instead."
        )


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """``softmax(query key^T * scale + mask) value`` for (*, L, E), (*, S, E) and (*, S, V): (*, L, V).

    ``scale`` is ``1 / sqrt(E)`` by default; a boolean mask says what may be seen; ``enable_gqa`` repeats the heads
    (axis -3) of key and value to the number of the query's.
    """
    _check(query, key, value, attn_mask, is_causal)
    if enable_gqa:
        heads = query.shape[-3]
        if heads % key.shape[-3] or heads % value.shape[-3]:
            raise RuntimeError(
                "Expected number of heads in key and value to divide number of heads in query, but got "
                f"{key.shape[-3]}, {value.shape[-3]} and {heads}"
            )
        key = repeat_interleave(key, heads // key.shape[-3], -3)
        value = repeat_interleave(value, heads // value.shape[-3], -3)
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise RuntimeError(
            f"The sizes of query {list(query.shape)}, key {list(key.shape)} and value {list(value.shape)} do not fit"
        )
    factor = 1 / math.sqrt(query.shape[-1] or 1) if scale is None else scale
    if dropout_p == 0:
        return _attend(query, key, value, attn_mask, scale=factor, is_causal=is_causal)
    weights = weigh(query, key, attn_mask, scale=factor, is_causal=is_causal, safe=True)
    return matmul(dropout(weights, dropout_p), value)
