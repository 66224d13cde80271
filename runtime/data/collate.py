"""Samples to a batch: tensors stacked, numbers made tensors, mappings and sequences entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import dtypes
from ..from_data import as_tensor, tensor
from ..ops.join import stack
from ..tensor import Tensor


def default_collate(batch: Any) -> Any:
    """`[(x0, y0), (x1, y1)]` → `[stack of x, stack of y]`. TypeError for samples of other kinds.

    RuntimeError for sequences of different lengths.
    """
    first = batch[0]
    match first:
        case Tensor():
            return stack(list(batch), 0)
        case np.ndarray() if first.dtype.kind not in "SaUO":
            return stack([as_tensor(one) for one in batch], 0)
        case np.generic():
            return as_tensor(np.array(batch))
        case float():
            return tensor(list(batch), dtype=dtypes.float64)
        case int():
            return tensor(list(batch))
        case str() | bytes():
            return batch
        case Mapping():
            return {key: default_collate([one[key] for one in batch]) for key in first}
        case tuple() if hasattr(first, "_fields"):
            return type(first)(*(default_collate(part) for part in zip(*batch, strict=True)))
        case Sequence():
            if any(len(one) != len(first) for one in batch):
                raise RuntimeError("each element in list of batch should be of equal size")
            return [default_collate(part) for part in zip(*batch, strict=True)]
    raise TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found " + str(type(first))
    )


def default_convert(data: Any) -> Any:
    """A single sample with its arrays as tensors."""
    match data:
        case np.ndarray() | np.generic() if np.asarray(data).dtype.kind not in "SaUO":
            return as_tensor(data)
        case Mapping():
            return {key: default_convert(value) for key, value in data.items()}
        case tuple() if hasattr(data, "_fields"):
            return type(data)(*(default_convert(one) for one in data))
        case tuple() | list():
            return [default_convert(one) for one in data]
    return data
