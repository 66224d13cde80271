"""torch's type promotion: categories first, then widths; 0-dim tensors and Python numbers give way."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from . import dtypes
from .array import Array
from .dtypes import BOOL, COMPLEX, FLOAT, dtype

_UNPROMOTABLE = (dtypes.uint16, dtypes.uint32, dtypes.uint64)


@functools.cache
def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest dtype that both fit in, by torch's lattice: int64 and float16 give float16."""
    if type1 is type2:
        return type1
    low, high = sorted((type1, type2), key=lambda one: one.category)
    if low.category < high.category and high.category < COMPLEX:
        return high if high.category != BOOL else low
    if low.category < FLOAT:
        if low.category == BOOL or high.category > low.category:
            return high
        if type1 in _UNPROMOTABLE or type2 in _UNPROMOTABLE:
            raise RuntimeError(
                "Promotion for uint16, uint32, uint64 types is not supported, attempted to promote "
                f"{type1.legacy} and {type2.legacy}"
            )
    if dtypes.bfloat16 in (low, high):
        other = high if low is dtypes.bfloat16 else low
        return dtypes.float32 if other is dtypes.float16 else other
    return dtypes.of(np.empty(0, np.promote_types(low.storage, high.storage)))


def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether torch lets a result of `from_` be written into `to`: never to a lower category."""
    if from_.is_complex and not to.is_complex:
        return False
    if from_.is_floating_point and to.category < FLOAT:
        return False
    return not (from_.category != BOOL and to.category == BOOL)


_C_TYPES = {
    "float16": "c10::Half", "float32": "float", "float64": "double", "uint8": "uint8_t", "int8": "signed char",
    "int16": "short", "int32": "int", "int64": "int64_t", "bool": "bool",
}  # fmt: skip


def need_fitting(value: Any, to: dtype) -> None:
    """RuntimeError for a number too large for a dtype that it is to be written into, or complex for a real one."""
    if to.is_complex or to is dtypes.bool_ or not isinstance(value, (int, float, complex)):
        return
    if isinstance(value, complex):
        fits = value.imag == 0
    elif to.is_floating_point:
        fits = not math.isfinite(value) or abs(value) <= dtypes.finfo(to).max
    elif isinstance(value, float) and not math.isfinite(value):
        fits = False
    else:
        info = dtypes.iinfo(to)
        low = info.min if to.is_signed else -info.max  # C turns a small negative number round
        fits = low <= int(value) <= info.max
    if not fits:
        name = _C_TYPES.get(to.name, to.name)
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")


class Promotion:
    """Collects operands as torch's result_type does: tensors, 0-dim tensors and numbers apart."""

    __slots__ = ("number", "tensor", "zero")

    def __init__(self) -> None:
        self.tensor: dtype | None = None
        self.zero: dtype | None = None
        self.number: dtype | None = None

    def add(self, operand: Any) -> None:
        """One operand: an array or a Python number."""
        if isinstance(operand, np.ndarray):
            if operand.ndim:
                self.tensor = _both(self.tensor, dtypes.of(operand))
            else:
                self.zero = _both(self.zero, dtypes.of(operand))
        else:
            self.number = _both(self.number, dtypes.of_scalar(operand))

    def result(self) -> dtype:
        """The common dtype; bool if there was no operand."""
        return _combine(self.tensor, _combine(self.zero, self.number)) or dtypes.bool_


def common_dtype(operands: tuple[Any, ...]) -> dtype:
    """The dtype in which torch computes on these arrays and Python numbers."""
    collected = Promotion()
    for operand in operands:
        collected.add(operand)
    return collected.result()


def _both(one: dtype | None, other: dtype | None) -> dtype | None:
    if one is None or other is None:
        return one or other
    return promote_types(one, other)


def _combine(higher: dtype | None, lower: dtype | None) -> dtype | None:
    """`higher` decides unless `lower` is of a higher category."""
    if higher is None or lower is None:
        return higher or lower
    if higher.is_complex:
        return higher
    if higher.is_floating_point:
        return higher.to_complex() if lower.is_complex else higher
    if higher.category == BOOL or lower.category >= FLOAT:
        return promote_types(higher, lower)
    return higher


def converted(operand: Any, to: dtype) -> Array:
    """The operand as an array of that dtype; not copied if it is one."""
    if isinstance(operand, np.ndarray):
        return operand.astype(to.storage, copy=False)
    return np.asarray(operand).astype(to.storage)


def result_type(tensor1: Any, tensor2: Any) -> dtype:
    """The dtype of arithmetic between two tensors or numbers: `result_type(x, 1.5)`."""
    return common_dtype(tuple(getattr(one, "array", one) for one in (tensor1, tensor2)))
