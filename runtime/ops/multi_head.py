"""`multi_head_attention_forward`: projections, heads, masks and `scaled_dot_product_attention` in one call."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor, wrap
from .attention import scaled_dot_product_attention, weigh
from .attention_masks import as_bias, checked_mask, is_batched, merged, one_key_more, require
from .axes import permute, transpose
from .dropout import dropout
from .join import cat
from .linear import linear
from .matmul import matmul
from .parts import chunk
from .reduce import mean
from .shape import expand, reshape, squeeze, unsqueeze

__all__ = ["multi_head_attention_forward"]

Trio = tuple[Tensor, Tensor, Tensor]
Masks = tuple[Tensor | None, Tensor | None]


def _projected(inputs: Trio, packed: Tensor | None, bias: Tensor | None, separate: tuple[Any, Any, Any]) -> Trio:
    """Query, key and value after their projections; one product where all three inputs are the same."""
    biases: tuple[Any, ...] = (None, None, None)
    if packed is None:
        if bias is not None:
            biases = chunk(bias, 3)
        triples = zip(inputs, separate, biases, strict=True)
        q, k, v = (linear(x, w, b) for x, w, b in triples)
        return q, k, v
    query, key, value = inputs
    if query is key and key is value:
        q, k, v = chunk(linear(query, packed, bias), 3, -1)
        return q, k, v
    if bias is not None:
        biases = chunk(bias, 3)
    q, k, v = (linear(x, w, b) for x, w, b in zip(inputs, chunk(packed, 3), biases, strict=True))
    return q, k, v


def _by_heads(x: Tensor, static: Tensor | None, name: str, heads: int, width: int) -> Tensor:
    """(L, N, E) as (N * heads, L, width), or what the caller has in that form already."""
    if static is None:
        return transpose(reshape(x, x.shape[0], -1, width), 0, 1)
    for axis, wanted in ((0, heads), (2, width)):
        require(
            static.shape[axis] == wanted,
            f"expecting static_{name}.size({axis}) of {wanted}, but got {static.shape[axis]}",
        )
    return static


def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """Attention of ``query`` (L, N, E) or (L, E) over ``key`` and ``value`` (S, N, E): (L, N, E), and the weights.

    The weights, None unless ``need_weights``, are (N, L, S) averaged over the heads, or (N, heads, L, S).
    """
    batched = is_batched(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not batched:
        query, key, value = _unbatched(query, key, value)
        key_padding_mask = None if key_padding_mask is None else unsqueeze(key_padding_mask, 0)
    length, batch, embed = query.shape
    attn_mask, padding, is_causal = _masks(query, attn_mask, key_padding_mask, is_causal, need_weights)
    width = _head_width(embed, embed_dim_to_check, num_heads)
    separate = (q_proj_weight, k_proj_weight, v_proj_weight)
    _check_projections(key, value, in_proj_weight, use_separate_proj_weight, separate)
    packed = None if use_separate_proj_weight else in_proj_weight
    q, k, v = _projected((query, key, value), packed, in_proj_bias, separate)
    masks = (checked_mask(attn_mask, batch * num_heads, length, key.shape[0]), padding)
    given = ((bias_k, bias_v), (static_k, static_v))
    heads, masks = _in_heads((q, k, v), masks, given, batch * num_heads, width, add_zero_attn)
    mask = merged(*masks, batch, num_heads, heads[1].shape[1])
    require(not (need_weights and is_causal and mask is None), "FIXME: is_causal not implemented for need_weights")
    mixed, weights = _attended(heads, mask, dropout_p if training else 0.0, need_weights, is_causal, num_heads)
    joined = reshape(permute(mixed, 2, 0, 1, 3), length * batch, embed)
    output = reshape(linear(joined, out_proj_weight, out_proj_bias), length, batch, -1)
    if weights is not None and average_attn_weights:
        weights = mean(weights, 1)
    if not batched:
        output, weights = squeeze(output, 1), None if weights is None else squeeze(weights, 0)
    return output, weights


def _in_heads(
    inputs: Trio, masks: Masks, given: tuple[Any, Any], rows: int, width: int, add_zero_attn: bool
) -> tuple[Trio, Masks]:
    """Query, key and value by heads, (rows, length, width), with the further keys that are asked for, and the masks."""
    q, k, v = inputs
    biases, static = given
    if any(bias is not None for bias in biases):
        k, v = _with_learnt_key((k, v), biases, static)
        masks = one_key_more(masks)
    q = _by_heads(q, None, "q", rows, width)
    k, v = _by_heads(k, static[0], "k", rows, width), _by_heads(v, static[1], "v", rows, width)
    if add_zero_attn:
        none = wrap(np.zeros((rows, 1, width), k.array.dtype))
        k, v = cat([k, none], 1), cat([v, none], 1)
        masks = one_key_more(masks)
    return (q, k, v), masks


def _masks(
    query: Tensor, attn_mask: Tensor | None, key_padding_mask: Tensor | None, is_causal: bool, need_weights: bool
) -> tuple[Tensor | None, Tensor | None, bool]:
    """Both masks as numbers to add, and whether the attention may be told that it is causal instead."""
    kind = None if attn_mask is None else attn_mask.dtype
    padding = as_bias(key_padding_mask, "key_padding_mask", kind, "attn_mask", query.dtype)
    if is_causal and attn_mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. "
            "You may use the Transformer module method `generate_square_subsequent_mask` to create this mask."
        )
    if is_causal and padding is None and not need_weights:
        return None, padding, True
    return as_bias(attn_mask, "attn_mask", None, "", query.dtype), padding, is_causal and padding is None


def _with_learnt_key(
    inputs: tuple[Tensor, Tensor], biases: tuple[Tensor | None, Tensor | None], static: tuple[Any, Any]
) -> tuple[Tensor, Tensor]:
    """Key and value (S, N, E) with one more that the module learns."""
    require(biases[1] is not None, "bias_k is set but bias_v is None")
    require(biases[0] is not None, "bias_v is set but bias_k is None")
    require(static[0] is None, "bias cannot be added to static key.")
    require(static[1] is None, "bias cannot be added to static value.")
    k, v = (
        cat([x, expand(bias, 1, x.shape[1], -1)]) for x, bias in zip(inputs, biases, strict=True) if bias is not None
    )
    return k, v


def _unbatched(query: Tensor, key: Tensor, value: Tensor) -> Trio:
    """The three with a batch of one; the same object stays the same object."""
    made: dict[int, Tensor] = {}
    for x in (query, key, value):
        made.setdefault(id(x), unsqueeze(x, 1))
    return made[id(query)], made[id(key)], made[id(value)]


def _head_width(embed: int, expected: int, heads: int) -> int:
    require(embed == expected, f"was expecting embedding dimension of {expected}, but got {embed}")
    require(embed % heads == 0, f"embed_dim {embed} not divisible by num_heads {heads}")
    return embed // heads


def _check_projections(
    key: Tensor, value: Tensor, packed: Tensor | None, use_separate: bool, separate: tuple[Any, Any, Any]
) -> None:
    if not use_separate:
        require(key.shape == value.shape, f"key shape {key.shape} does not match value shape {value.shape}")
        require(packed is not None, "use_separate_proj_weight is False but in_proj_weight is None")
        return
    require(
        key.shape[:2] == value.shape[:2],
        f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}",
    )
    for name, weight in zip("qkv", separate, strict=True):
        require(weight is not None, f"use_separate_proj_weight is True but {name}_proj_weight is None")


def _attended(
    heads: Trio, mask: Tensor | None, dropout_p: float, need_weights: bool, is_causal: bool, num_heads: int
) -> tuple[Tensor, Tensor | None]:
    """Output (N, heads, L, width), and the weights (N, heads, L, S) if they are needed."""
    q, k, v = (reshape(x, -1, num_heads, *x.shape[1:]) for x in heads)
    if mask is not None:
        mask = unsqueeze(mask, 0) if mask.shape[0] == 1 else reshape(mask, -1, num_heads, *mask.shape[1:])
    if not need_weights:
        return scaled_dot_product_attention(q, k, v, mask, dropout_p, is_causal), None
    weights = weigh(q, k, mask, scale=1 / math.sqrt(q.shape[-1]), is_causal=False, safe=False)
    if dropout_p > 0:
        weights = dropout(weights, dropout_p)
    return matmul(weights, v), weights
