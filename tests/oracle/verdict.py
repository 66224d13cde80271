"""Whether the runtime's results are torch's: dtypes, shapes, numbers, which outputs want gradients, error messages."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import torch

VALUE = {"float64": 1e-12, "float32": 1e-5, "float16": 1e-3, "complex64": 1e-5, "complex128": 1e-12}
GRADIENT = {"float64": 1e-10, "float32": 1e-4, "float16": 1e-2, "complex64": 1e-4, "complex128": 1e-10}
"""How far a number may be off, relative to the largest of its tensor (or to 1, if that is more)."""


class Differs(Exception):
    """The runtime answered, and not as torch does."""


def flat(value: Any) -> list[Any]:
    """Tensors and numbers in tuples, lists and dicts, in order."""
    if isinstance(value, dict):
        return [entry for part in value.values() for entry in flat(part)]
    return [entry for part in value for entry in flat(part)] if isinstance(value, (tuple, list)) else [value]


def same(ours: Any, theirs: Any, what: str, tolerance: dict[str, float], numbers: bool = True) -> None:
    """Raises Differs unless both hold the same tensors; without `numbers` only dtypes and shapes are looked at."""
    left, right = flat(ours), flat(theirs)
    if len(left) != len(right):
        raise Differs(f"{what}: {len(left)} results instead of {len(right)}")
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        _same_leaf(one, other, f"{what} {place}" if len(left) > 1 else what, tolerance, numbers)


def _same_leaf(one: Any, other: Any, what: str, tolerance: dict[str, float], numbers: bool) -> None:
    if not isinstance(other, torch.Tensor):
        if isinstance(other, (int, float, complex)):
            _close(np.asarray(one), np.asarray(other), what, 1e-6 if numbers else np.inf)
        elif str(one) != str(other):
            raise Differs(f"{what}: {one} instead of {other}")
        return
    if not hasattr(one, "array"):
        raise Differs(f"{what}: {type(one).__name__} instead of a tensor")
    if str(one.dtype) != str(other.dtype):
        raise Differs(f"{what}: dtype {one.dtype} instead of {other.dtype}")
    if tuple(one.shape) != tuple(other.shape):
        raise Differs(f"{what}: shape {tuple(one.shape)} instead of {tuple(other.shape)}")
    if one.requires_grad != other.requires_grad:
        raise Differs(f"{what}: requires_grad {one.requires_grad} instead of {other.requires_grad}")
    if numbers:
        plain = other.detach().float() if other.dtype == torch.bfloat16 else other.detach()
        limit = tolerance.get(str(other.dtype).removeprefix("torch."), 0)
        bare = one.array.astype(np.float32) if other.dtype == torch.bfloat16 else one.array
        _close(bare, plain.numpy(force=True), what, limit)


def _close(one: Any, other: Any, what: str, limit: float) -> None:
    if other.dtype.kind not in "fc":
        if not np.array_equal(one, other) and limit < np.inf:
            raise Differs(f"{what}: {int(np.sum(one != other))} of {other.size} numbers differ")
        return
    finite = np.isfinite(other)
    if not np.array_equal(one[~finite], other[~finite], equal_nan=True):
        raise Differs(f"{what}: infinities or NaNs elsewhere")
    scale = max(1.0, float(np.max(np.abs(other[finite]), initial=0)))
    with np.errstate(all="ignore"):
        off = float(np.max(np.abs(one[finite] - other[finite]), initial=0)) / scale
    if not off <= limit:
        raise Differs(f"{what}: off by {off:.1e}")


def same_error(error: Exception | None, kind: type[Exception], pattern: str) -> None:
    """Raises Differs unless the runtime raised this class of error, with a message that matches."""
    if error is None:
        raise Differs(f"no error; torch: {kind.__name__}: {pattern}")
    if not isinstance(error, kind):
        raise Differs(f"{type(error).__name__}: {error}; torch: {kind.__name__}: {pattern}")
    if not re.search(pattern, str(error)):
        raise Differs(f"says {str(error)!r}; torch: {pattern!r}")
