"""The masks of `multi_head_attention_forward`: checked, as numbers, and in one."""

from __future__ import annotations

import warnings

import numpy as np

from ..dtypes import dtype
from ..tensor import Tensor, wrap
from .arithmetic import add
from .pad import pad
from .shape import expand, reshape, unsqueeze


def require(holds: bool, message: str) -> None:
    """AssertionError with torch's message, which python -O does not take away."""
    if not holds:
        raise AssertionError(message)


def is_batched(
    query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor | None, attn_mask: Tensor | None, heads: int
) -> bool:
    """True for a query (L, N, E), False for (L, E); AssertionError where the others do not go with it."""
    if query.ndim not in (2, 3):
        raise AssertionError(
            f"query should be unbatched 2D or batched 3D tensor but received {query.ndim}-D query tensor"
        )
    rank, kind = query.ndim, "batched" if query.ndim == 3 else "unbatched"
    require(
        key.ndim == value.ndim == rank,
        f"For {kind} ({rank}-D) `query`, expected `key` and `value` to be {rank}-D but found {key.ndim}-D and "
        f"{value.ndim}-D tensors respectively",
    )
    if key_padding_mask is not None:
        require(
            key_padding_mask.ndim == rank - 1,
            f"For {kind} ({rank}-D) `query`, expected `key_padding_mask` to be `None` or {rank - 1}-D but found "
            f"{key_padding_mask.ndim}-D tensor instead",
        )
    if attn_mask is not None:
        require(
            attn_mask.ndim in (2, 3),
            f"For {kind} ({rank}-D) `query`, expected `attn_mask` to be `None`, 2-D or 3-D but found "
            f"{attn_mask.ndim}-D tensor instead",
        )
        if rank == 2 and attn_mask.ndim == 3:
            wanted = (heads, query.shape[0], key.shape[0])
            require(
                tuple(attn_mask.shape) == wanted,
                f"Expected `attn_mask` shape to be {wanted} but got {attn_mask.shape}",
            )
    return rank == 3


def as_bias(mask: Tensor | None, name: str, other: dtype | None, other_name: str, target: dtype) -> Tensor | None:
    """A boolean mask as numbers to add: minus infinity where it is true."""
    if mask is None:
        return None
    if mask.dtype.name != "bool" and not mask.dtype.is_floating_point:
        raise AssertionError(f"only bool and floating types of {name} are supported")
    if other is not None and other is not mask.dtype:
        warnings.warn(
            f"Support for mismatched {name} and {other_name} is deprecated. Use same type for both instead.",
            stacklevel=4,
        )
    if mask.dtype.name == "bool":
        return wrap(np.where(mask.array, -np.inf, 0).astype(target.storage))
    return mask


def checked_mask(mask: Tensor | None, rows: int, queries: int, keys: int) -> Tensor | None:
    """The mask (L, S) or (N * heads, L, S) with three axes."""
    if mask is None:
        return None
    shape = (queries, keys) if mask.ndim == 2 else (rows, queries, keys)
    if mask.ndim not in (2, 3):
        raise RuntimeError(f"attn_mask's dimension {mask.ndim} is not supported")
    if tuple(mask.shape) != shape:
        raise RuntimeError(f"The shape of the {mask.ndim}D attn_mask is {mask.shape}, but should be {shape}.")
    return unsqueeze(mask, 0) if mask.ndim == 2 else mask


def one_key_more(masks: tuple[Tensor | None, Tensor | None]) -> tuple[Tensor | None, Tensor | None]:
    """The masks with a column for a key that everyone may see."""
    mask, padding = (None if one is None else pad(one, (0, 1)) for one in masks)
    return mask, padding


def merged(mask: Tensor | None, padding: Tensor | None, batch: int, heads: int, keys: int) -> Tensor | None:
    """Both masks in one, (1 or N * heads, 1 or L, S)."""
    if padding is None:
        return mask
    for axis, (size, wanted) in enumerate(zip(padding.shape, (batch, keys), strict=True)):
        require(size == wanted, f"Expected key_padded_mask.shape[{axis}] to be {wanted}, but got {size}")
    wide = reshape(expand(reshape(padding, batch, 1, 1, keys), -1, heads, -1, -1), batch * heads, 1, keys)
    return wide if mask is None else add(mask, wide)
