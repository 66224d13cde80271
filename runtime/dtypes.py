"""torch's dtypes: names and numpy storage, limits, the default dtype."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from .array import Array
from .missing import MissingUse

BOOL, INTEGER, FLOAT, COMPLEX = range(4)
"""torch's categories: a higher one wins a promotion whatever the widths."""

_LEGACY = {
    "float32": "Float", "float64": "Double", "float16": "Half", "bfloat16": "BFloat16", "bool": "Bool",
    "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int", "int64": "Long", "uint16": "UInt16",
    "uint32": "UInt32", "uint64": "UInt64", "complex64": "ComplexFloat", "complex128": "ComplexDouble",
}  # fmt: skip


class dtype:
    """A torch dtype: `torch.float32`. One object per name; compare with `is` or `==`."""

    __slots__ = ("array", "category", "is_complex", "is_floating_point", "is_signed", "itemsize", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.array: np.dtype[Any] | None = None if name == "bfloat16" else np.dtype(name)
        kind = "f" if self.array is None else self.array.kind
        self.category = {"b": BOOL, "i": INTEGER, "u": INTEGER, "f": FLOAT, "c": COMPLEX}[kind]
        self.is_floating_point = self.category == FLOAT
        self.is_complex = self.category == COMPLEX
        self.is_signed = kind not in "bu"
        self.itemsize = 2 if self.array is None else self.array.itemsize

    @property
    def storage(self) -> np.dtype[Any]:
        """The numpy dtype that holds it; MissingUse, a RuntimeError, for bfloat16, which numpy has not."""
        if self.array is None:
            raise MissingUse(f"a tensor of torch.{self.name}, of which numpy has none,")
        return self.array

    @property
    def legacy(self) -> str:
        """torch's own name in messages and in `torch.FloatTensor`: 'Float' for float32."""
        return _LEGACY[self.name]

    def to_real(self) -> dtype:
        """complex64 → float32, complex128 → float64; itself otherwise."""
        return {"complex64": float32, "complex128": float64}.get(self.name, self)

    def to_complex(self) -> dtype:
        """float32 → complex64, float64 → complex128; complex64 for halves too, since numpy has no complex32."""
        return complex128 if self is float64 else complex64 if self.is_floating_point else self

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return named, (self.name,)


float16, float32, float64, bfloat16 = dtype("float16"), dtype("float32"), dtype("float64"), dtype("bfloat16")
int8, int16, int32, int64, uint8 = dtype("int8"), dtype("int16"), dtype("int32"), dtype("int64"), dtype("uint8")
uint16, uint32, uint64 = dtype("uint16"), dtype("uint32"), dtype("uint64")
complex64, complex128, bool_ = dtype("complex64"), dtype("complex128"), dtype("bool")

half, double, short, long, cfloat, cdouble = float16, float64, int16, int64, complex64, complex128

ALL = (
    bool_, uint8, int8, int16, int32, int64, uint16, uint32, uint64,
    float16, bfloat16, float32, float64, complex64, complex128,
)  # fmt: skip

ALIASES = {
    "half": float16, "float": float32, "double": float64, "short": int16, "int": int32, "long": int64,
    "cfloat": complex64, "cdouble": complex128,
}  # fmt: skip

NAMES = {one.name: one for one in ALL} | ALIASES
"""Every name under which torch has a dtype."""

_BY_ARRAY = {one.array: one for one in ALL if one.array is not None}
_PYTHON = {builtins.bool: bool_, builtins.int: int64, builtins.complex: complex64}

_default = float32


def named(name: str) -> dtype:
    """The dtype of that name: `named("float32") is float32`."""
    return NAMES[name]


def of(array: Array) -> dtype:
    """The torch dtype of an array; TypeError for one that torch has not."""
    try:
        return _BY_ARRAY[array.dtype]
    except KeyError:
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{array.dtype.type.__name__}. The only supported types are: "
            "float64, float32, float16, complex64, complex128, int64, int32, int16, int8, uint64, uint32, uint16, "
            "uint8, and bool."
        ) from None


def of_scalar(value: object) -> dtype:
    """The dtype torch gives to a Python number: bool, int64, the default dtype or its complex twin."""
    kind = type(value)
    if kind is float:
        return _default
    if kind is complex:
        return _default.to_complex()
    if kind in _PYTHON:
        return _PYTHON[kind]
    return of_scalar(value.item() if isinstance(value, np.generic) else _plain(value))


def _plain(value: object) -> object:
    if isinstance(value, builtins.int):
        return builtins.int(value)  # a subclass: an IntEnum, say
    if isinstance(value, builtins.float):
        return builtins.float(value)
    if isinstance(value, builtins.complex):
        return builtins.complex(value)
    raise TypeError(f"expected a number, but got {type(value).__name__}")


def get_default_dtype() -> dtype:
    """The dtype of Python floats and of new float tensors: float32 unless set."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Sets the dtype of new float tensors; TypeError unless it is a floating one."""
    global _default  # noqa: PLW0603 - torch keeps it per process too
    if not isinstance(d, dtype):
        raise TypeError("invalid dtype object")
    if not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    _default = d


class finfo:
    """Limits of a floating dtype (default: the default one): eps, max, min, tiny, smallest_normal, resolution, bits."""

    def __init__(self, type: dtype | None = None) -> None:
        one = type or _default
        if one.category < FLOAT:
            raise TypeError(f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle '{one!r}'")
        self._dtype = one
        self.dtype = one.to_real().name
        self.bits = one.to_real().itemsize * 8
        if one is bfloat16:
            self.eps, self.max, self.tiny, self.resolution = (
                0.0078125,
                3.3895313892515355e38,
                1.1754943508222875e-38,
                0.01,
            )
        else:
            info = np.finfo(one.storage)
            self.eps, self.max, self.tiny = (
                builtins.float(info.eps),
                builtins.float(info.max),
                builtins.float(info.tiny),
            )
            self.resolution = 10.0**-info.precision
        self.min, self.smallest_normal = -self.max, self.tiny

    def __repr__(self) -> str:
        names = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        return f"finfo({', '.join(f'{name}={getattr(self, name):g}' for name in names)}, dtype={self.dtype})"


class iinfo:
    """Limits of an integer dtype: max, min, bits."""

    def __init__(self, type: dtype) -> None:
        if type.category != INTEGER:
            raise TypeError(f"torch.iinfo() requires an integer input type. Use torch.finfo to handle '{type!r}'")
        info = np.iinfo(type.storage)
        self.dtype, self.bits = type.name, type.itemsize * 8
        self.min, self.max = builtins.int(info.min), builtins.int(info.max)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
