"""torch's old constructors by dtype: `FloatTensor(2, 3)`, `LongTensor([1, 2])`; isinstance asks for the dtype."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes
from .creation import empty
from .dtypes import dtype
from .from_data import array_of
from .size import Size
from .tensor import Tensor, wrap


class _LegacyType(type):
    dtype: dtype

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.dtype

    def __call__(cls, *data: Any, device: Any = None) -> Tensor:
        """A size as numbers or as torch.Size, or the values themselves; TypeError for a tensor of another dtype."""
        match data:
            case () | (None,):
                return empty(0, dtype=cls.dtype)
            case (Tensor() as other,):
                if other.dtype is not cls.dtype:
                    raise TypeError(f"expected a tensor of {cls.dtype!r} (got {other.dtype!r})")
                return other.detach()
            case (Size() as size,):
                return empty(size, dtype=cls.dtype)
            case (list() | tuple() | np.ndarray(),):
                return wrap(array_of(data[0], cls.dtype))
            case (float(),):
                raise TypeError("new(): data must be a sequence (got float)")
        return empty(*data, dtype=cls.dtype)


def _legacy(kind: dtype) -> _LegacyType:
    return _LegacyType(f"{kind.legacy}Tensor", (), {"dtype": kind, "__doc__": f"A tensor of {kind!r}, the old way."})


FloatTensor, DoubleTensor, HalfTensor = _legacy(dtypes.float32), _legacy(dtypes.float64), _legacy(dtypes.float16)
LongTensor, IntTensor, ShortTensor = _legacy(dtypes.int64), _legacy(dtypes.int32), _legacy(dtypes.int16)
CharTensor, ByteTensor, BoolTensor = _legacy(dtypes.int8), _legacy(dtypes.uint8), _legacy(dtypes.bool_)
