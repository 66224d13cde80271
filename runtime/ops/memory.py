"""Layout and place: contiguous, to and its relatives, and what a tensor says about its memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..array import Answer, Array
from ..autograd import op
from ..device import device, usable
from ..dtypes import dtype
from ..meta import placed
from ..tensor import Tensor, wrap


@op(name="clone")
def _clone(x: Array) -> Answer:
    return x.copy(order="K"), lambda g: g


def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy in its own memory, differentiable."""
    return _clone(input)


@op(name="to_copy", layout="first")
def _cast(x: Array, *, dtype: dtype) -> Answer:
    x = x.real if x.dtype.kind == "c" and not dtype.is_complex else x
    with np.errstate(invalid="ignore", over="ignore"):  # nan to an integer: torch does not complain
        return x.astype(dtype.storage), lambda g: g


def cast(input: Tensor, wanted: dtype) -> Tensor:
    """The tensor in another dtype; itself if it has that one already."""
    return input if input.dtype is wanted else _cast(input, dtype=wanted)


def contiguous(input: Tensor, memory_format: Any = None) -> Tensor:
    """The tensor itself if its memory is in row-major order, else such a copy."""
    return input if input.array.flags.c_contiguous else _contiguous(input)


@op(name="clone")
def _contiguous(x: Array) -> Answer:
    return np.ascontiguousarray(x), lambda g: g


def to(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """torch's `x.to`: a dtype, a device, a device and a dtype, or another tensor; `non_blocking` and `copy`.

    What the CPU has not (cuda) raises as torch does without it.
    """
    wanted, copy, where = parse_to(args, kwargs)
    wanted = wanted or input.dtype
    if where is not None and where != input.device:
        return moved(input, wanted, where)
    return clone(input) if copy and wanted is input.dtype else cast(input, wanted)


def moved(input: Tensor, wanted: dtype, where: device) -> Tensor:
    """The tensor on the other device: to meta without its values; NotImplementedError for the way back."""
    if input.device.type == "meta":
        raise NotImplementedError(
            "Cannot copy out of meta tensor; no data! Please use torch.nn.Module.to_empty() instead of "
            "torch.nn.Module.to() when moving module from meta to a different device."
        )
    return wrap(placed(np.empty(input.array.shape, wanted.storage), where), input.requires_grad)


def parse_to(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[dtype | None, bool, device | None]:
    """The dtype (None: as it is), the copy flag and the device of the arguments of `to`."""
    kwargs = dict(kwargs)
    wanted, where = kwargs.pop("dtype", None), kwargs.pop("device", None)
    other, copy = kwargs.pop("other", None), kwargs.pop("copy", False)
    kwargs.pop("non_blocking", None), kwargs.pop("memory_format", None)
    if kwargs:
        raise TypeError(f"to() got an unexpected keyword argument '{next(iter(kwargs))}'")
    rest = list(args)
    if rest and (rest[0] is None or isinstance(rest[0], (str, device)) or is_ordinal(rest[0])):
        where = rest.pop(0)
    if rest and isinstance(rest[0], Tensor):
        other = rest.pop(0)
    elif rest and isinstance(rest[0], dtype):
        wanted = rest.pop(0)
    elif rest and rest[0] is None:
        rest.pop(0)
    if any(flag is not None and not isinstance(flag, bool) for flag in rest) or len(rest) > 2:
        raise TypeError(f"to() received an invalid combination of arguments - got {args!r}")
    if len(rest) == 2:
        copy = rest[1]
    if other is not None:
        return other.dtype, bool(copy), other.device
    if where is not None and device(where).type != "meta":
        usable(where)
    return wanted, bool(copy), None if where is None else device(where)


def is_ordinal(where: object) -> bool:
    """Whether it is a bare device number, which means cuda."""
    return isinstance(where, int) and not isinstance(where, bool)


def _converter(wanted: dtype) -> Any:
    def convert(input: Tensor, memory_format: Any = None) -> Tensor:
        return cast(input, wanted)

    convert.__doc__ = f"The tensor as {wanted!r}."
    return convert


CASTS = {name: _converter(wanted) for name, wanted in (dtypes.ALIASES | {"bool": dtypes.bool_}).items()} | {
    "char": _converter(dtypes.int8),
    "byte": _converter(dtypes.uint8),
    "bfloat16": _converter(dtypes.bfloat16),
}
"""`x.float()`, `x.long()` …: by name of the method."""


def cpu(input: Tensor, memory_format: Any = None) -> Tensor:
    """The tensor itself: it is on the CPU."""
    return input


def xpu(input: Tensor, device: Any = None, non_blocking: bool = False, memory_format: Any = None) -> Tensor:
    """RuntimeError: there is no such device."""
    usable("xpu")
    return input


def cuda(input: Tensor, device: Any = None, non_blocking: bool = False, memory_format: Any = None) -> Tensor:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda" if device is None else device)
    return input


def by_legacy_name(name: str) -> dtype:
    """The dtype of 'torch.FloatTensor'; ValueError for no such name."""
    for one in dtypes.ALL:
        if name == f"torch.{one.legacy}Tensor":
            return one
    raise ValueError(f"invalid type: '{name}'")


def type_as(input: Tensor, other: Tensor) -> Tensor:
    """The tensor in the dtype of another."""
    return cast(input, other.dtype)


def stride(input: Tensor, dim: int | None = None) -> Any:
    """Steps between neighbours in elements: all, or that of one dim."""
    array = input.array
    if array.flags.c_contiguous:
        steps = contiguous_strides(array.shape)
    else:
        steps = tuple(step // array.itemsize for step in array.strides)
    return steps if dim is None else steps[dim]


def contiguous_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """torch's strides of a contiguous tensor of that shape (numpy's differ where a size is 0)."""
    steps: list[int] = []
    step = 1
    for size in reversed(shape):
        steps.append(step)
        step *= max(size, 1)
    return tuple(reversed(steps))


def size(input: Tensor, dim: int | None = None) -> Any:
    """The shape, or one size of it; IndexError for a dim that is not there."""
    if dim is None:
        return input.shape
    rank = input.array.ndim
    if not -max(rank, 1) <= dim < max(rank, 1) or not rank:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-max(rank, 1)}, {max(rank, 1) - 1}], but got {dim})"
            if rank
            else f"Dimension specified as {dim} but tensor has no dimensions"
        )
    return input.array.shape[dim]


def dim(input: Tensor) -> int:
    """How many dimensions."""
    return input.array.ndim


def numel(input: Tensor) -> int:
    """How many elements."""
    return input.array.size


def element_size(input: Tensor) -> int:
    """Bytes of one element."""
    return input.array.itemsize


def data_ptr(input: Tensor) -> int:
    """The address of the first element; 0 for an empty tensor."""
    return input.array.__array_interface__["data"][0] if input.array.size else 0


def storage_offset(input: Tensor) -> int:
    """Elements between the start of the memory and the first element."""
    from_base = input._base
    return 0 if from_base is None else (data_ptr(input) - data_ptr(from_base)) // input.array.itemsize


def is_contiguous(input: Tensor, memory_format: Any = None) -> bool:
    """Whether the memory is in row-major order."""
    return bool(input.array.flags.c_contiguous)


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is a floating one."""
    return input.array.dtype.kind == "f"


def is_complex(input: Tensor) -> bool:
    """Whether the dtype is a complex one."""
    return input.array.dtype.kind == "c"


def is_signed(input: Tensor) -> bool:
    """Whether the dtype has a sign."""
    return input.array.dtype.kind in "ifc"


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether the shapes are equal."""
    return bool(input.array.shape == other.array.shape)


def type(input: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """The legacy name, 'torch.FloatTensor'; with a dtype or such a name, the tensor in that type."""
    if dtype is None:
        return f"torch.{input.dtype.legacy}Tensor"
    if isinstance(dtype, str):
        dtype = by_legacy_name(dtype)
    return cast(input, getattr(dtype, "dtype", dtype))
