"""scaled_dot_product_attention; with projections and several heads: multihead.py."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..dtypes import bool_
from ..tensor import Tensor, wrap
from .dropout import dropout


@op(name="attention_weights")
def _weights(q: Array, k: Array, mask: Array | None, *, scale: float) -> Answer:
    """softmax(scale · q kᵀ + mask); a row that is masked throughout gives zeros, not nan."""
    scores = (q * q.dtype.type(scale)) @ np.swapaxes(k, -1, -2)
    if mask is not None:
        scores = scores + mask.astype(q.dtype, copy=False)
    top = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    scores = np.exp(scores - np.where(np.isneginf(top), 0, top))
    total = scores.sum(axis=-1, keepdims=True)
    y = scores / np.where(total == 0, 1, total)

    def pullback(g: Array) -> tuple[Array, Array, Array]:
        d = y * (g - (g * y).sum(axis=-1, keepdims=True))
        scaled = d * q.dtype.type(scale)
        return scaled @ k, np.swapaxes(scaled, -1, -2) @ q, d

    return y, pullback


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """(…, L, E), (…, S, E), (…, S, Ev) → (…, L, Ev): softmax(scale · q kᵀ + mask) v; scale is 1/√E by default.

    A bool mask says who takes part, a float mask is added. RuntimeError for ranks, dtypes or masks that do not fit.
    """
    q, k, v = _checked(query, key, value)
    if enable_gqa:
        k, v = (t.repeat_interleave(q.size(-3) // t.size(-3), -3) for t in (k, v))
    if is_causal:
        if attn_mask is not None:
            raise RuntimeError(
                "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True"
            )
        attn_mask = wrap(np.tril(np.ones((q.size(-2), k.size(-2)), bool)))
    if attn_mask is not None and attn_mask.dtype is bool_:
        attn_mask = wrap(np.where(attn_mask.array, 0, -np.inf).astype(q.array.dtype))
    weights: Any = _weights(q, k, attn_mask, scale=1 / math.sqrt(q.size(-1)) if scale is None else scale)
    if dropout_p > 0:
        weights = dropout(weights, dropout_p)
    return weights.matmul(v)


def _checked(query: Any, key: Any, value: Any) -> tuple[Any, Any, Any]:
    if not query.dtype is key.dtype is value.dtype:
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got query.dtype: "
            f"{_plain(query)} key.dtype: {_plain(key)} and value.dtype: {_plain(value)} instead."
        )
    if min(query.dim(), key.dim(), value.dim()) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim(): "
            f"{query.dim()}, key.dim(): {key.dim()} and value.dim(): {value.dim()} instead."
        )
    return query, key, value


def _plain(tensor: Any) -> str:
    return str(np.dtype(tensor.array.dtype).name).replace("32", "").replace("float64", "double")
