"""multi_head_attention_forward: projections, masks, extra keys, heads, attention, and the way back."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..dtypes import bool_
from ..tensor import Tensor, wrap
from .attention import scaled_dot_product_attention
from .dropout import dropout
from .join import cat
from .linear import linear
from .softmax import softmax


def canonical_mask(
    mask: Any, mask_name: str, other_type: Any, other_name: str, target_type: Any, check_other: bool = True
) -> Any:
    """A mask as what is added to the scores: bool masks become 0 and -inf. AssertionError for another dtype."""
    if mask is None:
        return None
    if mask.dtype is not bool_ and not mask.dtype.is_floating_point:
        raise AssertionError(f"only bool and floating types of {mask_name} are supported")
    if check_other and other_type is not None and mask.dtype is not other_type:
        warnings.warn(
            f"Support for mismatched {mask_name} and {other_name} is deprecated. Use same type for both instead.",
            stacklevel=4,
        )
    if mask.dtype is not bool_:
        return mask
    return wrap(np.where(mask.array, -np.inf, 0).astype(target_type.storage))


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
) -> tuple[Any, Any]:
    """(L, N, E) or (L, E) → the same, and the weights (N, L, S), averaged over heads, or None without `need_weights`.

    AssertionError and RuntimeError for shapes that do not fit, as in torch.
    """
    batched = check_shapes(query, key, value, key_padding_mask, attn_mask, num_heads)
    given: tuple[Any, Any, Any] = (query, key, value)
    if not batched:
        given = _unsqueezed(*given)
        key_padding_mask = None if key_padding_mask is None else _methods(key_padding_mask).unsqueeze(0)
    padding, mask, causal = _masks(given[0], key_padding_mask, attn_mask, need_weights, is_causal)
    length, batch, embed = given[0].shape
    _check_projections(given, embed_dim_to_check, num_heads, use_separate_proj_weight)
    weights = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else in_proj_weight
    q, k, v = _projected(given, weights, in_proj_bias)
    if mask is not None:
        mask = _full_mask(mask, length, given[1].size(0), batch * num_heads)
    if bias_k is not None and bias_v is not None:
        k, v = (cat([t, _methods(b).repeat(1, batch, 1)]) for t, b in ((k, bias_k), (v, bias_v)))
        mask, padding = _one_more(mask), _one_more(padding)
    q = _heads(q, batch, num_heads)
    k = _heads(k, batch, num_heads) if static_k is None else static_k
    v = _heads(v, batch, num_heads) if static_v is None else static_v
    if add_zero_attn:
        k, v = (cat([t, _methods(t).new_zeros(t.shape[0], 1, t.shape[2])], 1) for t in (k, v))
        mask, padding = _one_more(mask), _one_more(padding)
    if padding is not None:
        padding = padding.view(batch, 1, 1, -1).expand(-1, num_heads, -1, -1).reshape(batch * num_heads, 1, -1)
        mask = padding if mask is None else mask + padding
    rate = dropout_p if training else 0.0
    sizes = (batch, num_heads, length, embed)
    if need_weights:
        out, shown = _shown_attention(q, k, v, mask, rate, sizes, average_attn_weights)
    else:
        out, shown = _plain_attention(q, k, v, mask, rate, sizes, causal), None
    out = linear(out, out_proj_weight, out_proj_bias).view(length, batch, -1)
    if batched:
        return out, shown
    return out.squeeze(1), None if shown is None else shown.squeeze(0)


def _methods(tensor: Any) -> Any:
    """The tensor with its methods, which are hung on at run time."""
    return tensor


def _unsqueezed(q: Any, k: Any, v: Any) -> tuple[Any, Any, Any]:
    """A batch of one; the same tensor stays the same."""
    first = q.unsqueeze(1)
    second = first if k is q else k.unsqueeze(1)
    return first, second, second if v is k else v.unsqueeze(1)


def check_shapes(query: Any, key: Any, value: Any, key_padding_mask: Any, attn_mask: Any, num_heads: int) -> bool:
    """Whether the input is batched; AssertionError if the ranks do not go together."""
    if query.dim() not in (2, 3):
        raise AssertionError(
            f"query should be unbatched 2D or batched 3D tensor but received {query.dim()}-D query tensor"
        )
    rank = query.dim()
    name = "batched (3-D)" if rank == 3 else "unbatched (2-D)"
    if key.dim() != rank or value.dim() != rank:
        raise AssertionError(
            f"For {name} `query`, expected `key` and `value` to be {rank}-D but found {key.dim()}-D and "
            f"{value.dim()}-D tensors respectively"
        )
    if key_padding_mask is not None and key_padding_mask.dim() != rank - 1:
        raise AssertionError(
            f"For {name} `query`, expected `key_padding_mask` to be `None` or {rank - 1}-D but found "
            f"{key_padding_mask.dim()}-D tensor instead"
        )
    if attn_mask is not None and attn_mask.dim() not in (2, 3):
        raise AssertionError(
            f"For {name} `query`, expected `attn_mask` to be `None`, 2-D or 3-D but found {attn_mask.dim()}-D tensor "
            "instead"
        )
    if rank == 2 and attn_mask is not None and attn_mask.dim() == 3:
        expected = (num_heads, query.shape[0], key.shape[0])
        if tuple(attn_mask.shape) != expected:
            raise AssertionError(f"Expected `attn_mask` shape to be {expected} but got {attn_mask.shape}")
    return bool(rank == 3)


def _masks(query: Any, padding: Any, mask: Any, need_weights: bool, is_causal: bool) -> tuple[Any, Any, bool]:
    """(padding mask, attention mask, whether causality alone says it)."""
    kind = None if mask is None else mask.dtype
    padding = canonical_mask(padding, "key_padding_mask", kind, "attn_mask", query.dtype)
    if is_causal and mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method "
            "`generate_square_subsequent_mask` to create this mask."
        )
    if is_causal and padding is None and not need_weights:
        return None, None, True
    mask = canonical_mask(mask, "attn_mask", None, "", query.dtype, check_other=False)
    return padding, mask, is_causal and padding is None


def _check_projections(given: Any, expected: int, num_heads: int, separate: bool) -> None:
    query, key, value = given
    embed = query.shape[-1]
    if embed != expected:
        raise AssertionError(f"was expecting embedding dimension of {expected}, but got {embed}")
    if embed // num_heads * num_heads != embed:
        raise AssertionError(f"embed_dim {embed} not divisible by num_heads {num_heads}")
    if separate:
        if key.shape[:2] != value.shape[:2]:
            raise AssertionError(
                f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
            )
    elif key.shape != value.shape:
        raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")


def _projected(given: Any, weights: Any, bias: Any) -> list[Any]:
    """q, k, v after their input projections; one product serves those that come from the same tensor."""
    query, key, value = given
    biases = (None, None, None) if bias is None else bias.chunk(3)
    if isinstance(weights, tuple):
        return [linear(x, w, b) for x, w, b in zip(given, weights, biases, strict=True)]
    if key is value and query is key:
        return [part.contiguous() for part in _methods(linear(query, weights, bias)).chunk(3, -1)]
    return [linear(x, w, b) for x, w, b in zip(given, weights.chunk(3), biases, strict=True)]


def _full_mask(mask: Any, length: int, source: int, heads: int) -> Any:
    wanted = (length, source) if mask.dim() == 2 else (heads, length, source)
    if tuple(mask.shape) != wanted:
        raise RuntimeError(f"The shape of the {mask.dim()}D attn_mask is {mask.shape}, but should be {wanted}.")
    return mask.unsqueeze(0) if mask.dim() == 2 else mask


def _one_more(mask: Any) -> Any:
    """One more source position, which is not masked."""
    return None if mask is None else cat([mask, mask.new_zeros(*mask.shape[:-1], 1)], -1)


def _heads(t: Any, batch: int, num_heads: int) -> Any:
    return t.reshape(t.shape[0], batch * num_heads, -1).transpose(0, 1)


def _shown_attention(
    q: Any, k: Any, v: Any, mask: Any, rate: float, sizes: tuple[int, int, int, int], average: bool
) -> tuple[Any, Any]:
    """The output (L · N, E) and the weights, after dropout."""
    batch, heads, length, embed = sizes
    scores = (q * math.sqrt(1.0 / q.shape[-1])).matmul(k.transpose(-2, -1))
    weights: Any = softmax(scores if mask is None else mask + scores, -1)
    if rate > 0:
        weights = dropout(weights, rate)
    out = weights.matmul(v).transpose(0, 1).reshape(length * batch, embed)
    weights = weights.view(batch, heads, length, -1)
    return out, weights.mean(1) if average else weights


def _plain_attention(
    q: Any, k: Any, v: Any, mask: Any, rate: float, sizes: tuple[int, int, int, int], causal: bool
) -> Any:
    """The output (L · N, E)."""
    batch, heads, length, embed = sizes
    if mask is not None:
        mask = mask.unsqueeze(0) if mask.shape[0] == 1 else mask.view(batch, heads, -1, mask.shape[-1])
    q, k, v = (t.reshape(batch, heads, t.shape[1], t.shape[2]) for t in (q, k, v))
    out = scaled_dot_product_attention(q, k, v, mask, rate, causal)
    return out.permute(2, 0, 1, 3).reshape(length * batch, embed)
