"""New tensors by shape: zeros, ones, full, empty, eye, their `_like` and `new_` kin, and index triangles."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes
from .from_data import array_of
from .layout import empty_like as empty_array_like
from .options import dtype_of, made, shape_of, storage_of, whole
from .promotion import need_fitting
from .tensor import Tensor, wrap


def _filled(name: str, size: tuple[Any, ...], value: Any, options: dict[str, Any]) -> Tensor:
    sizes = (*size, *((options.pop("size"),) if "size" in options else ()))
    storage = storage_of(name, options.pop("dtype", None))
    shape = shape_of(name, sizes)
    return made(name, np.empty(shape, storage) if value is None else np.full(shape, value, storage), options)


def zeros(*size: Any, **options: Any) -> Tensor:
    """``zeros(2, 3)``; keywords as in torch: size, out, dtype, layout, device, requires_grad."""
    return _filled("zeros", size, 0, options)


def ones(*size: Any, **options: Any) -> Tensor:
    """``ones(2, 3)``; keywords as for `zeros`."""
    return _filled("ones", size, 1, options)


def empty(*size: Any, **options: Any) -> Tensor:
    """``empty(2, 3)``, not initialised; keywords as for `zeros`."""
    return _filled("empty", size, None, options)


def full(size: Any, fill_value: Any, **options: Any) -> Tensor:
    """*size* filled with one number, whose dtype it has unless another is given."""
    if not isinstance(size, (tuple, list)):
        raise TypeError(f"full(): argument 'size' (position 1) must be tuple of ints, not {type(size).__name__}")
    value = fill_value.array.item() if isinstance(fill_value, Tensor) else fill_value
    wanted = dtype_of("full", options.pop("dtype", None)) or dtypes.of_scalar(value)
    need_fitting(value, wanted)
    return made("full", np.full(shape_of("full", (size,)), value, wanted.storage), options)


def empty_strided(size: Any, stride: Any, **options: Any) -> Tensor:
    """Not initialised, with the strides given."""
    shape, steps = shape_of("empty_strided", (size,)), tuple(stride)
    storage = storage_of("empty_strided", options.pop("dtype", None))
    length = 1 + sum((n - 1) * step for n, step in zip(shape, steps, strict=True)) if 0 not in shape else 0
    memory = np.empty(length, storage)
    strides = tuple(step * memory.itemsize for step in steps)
    return made("empty_strided", np.lib.stride_tricks.as_strided(memory, shape, strides), options)


def _like(name: str, input: Tensor, value: Any, options: dict[str, Any]) -> Tensor:
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    wanted = dtype_of(name, options.pop("dtype", None))
    array = empty_array_like(input.array, None if wanted is None else wanted.storage)
    if options.get("device") is None:
        options["device"] = input.device
    if value is not None:
        array[...] = value
    return made(name, array, options)


def zeros_like(input: Tensor, **options: Any) -> Tensor:
    """Zeros shaped, typed and laid out as *input*."""
    return _like("zeros_like", input, 0, options)


def ones_like(input: Tensor, **options: Any) -> Tensor:
    """Ones shaped, typed and laid out as *input*."""
    return _like("ones_like", input, 1, options)


def empty_like(input: Tensor, **options: Any) -> Tensor:
    """Not initialised, shaped, typed and laid out as *input*."""
    return _like("empty_like", input, None, options)


def full_like(input: Tensor, fill_value: Any, **options: Any) -> Tensor:
    """One number, shaped, typed and laid out as *input*."""
    value = fill_value.array.item() if isinstance(fill_value, Tensor) else fill_value
    return _like("full_like", input, value, options)


# Methods: the same dtype as the tensor


def _new(name: str, input: Tensor, size: tuple[Any, ...], value: Any, options: dict[str, Any]) -> Tensor:
    if options.get("dtype") is None:
        options["dtype"] = input.dtype
    if options.get("device") is None:
        options["device"] = input.device
    return _filled(name, size, value, options)


def new_zeros(input: Tensor, *size: Any, **options: Any) -> Tensor:
    """Zeros in the dtype of the tensor."""
    return _new("new_zeros", input, size, 0, options)


def new_ones(input: Tensor, *size: Any, **options: Any) -> Tensor:
    """Ones in the dtype of the tensor."""
    return _new("new_ones", input, size, 1, options)


def new_empty(input: Tensor, *size: Any, **options: Any) -> Tensor:
    """Not initialised, in the dtype of the tensor."""
    return _new("new_empty", input, size, None, options)


def new_full(input: Tensor, size: Any, fill_value: Any, **options: Any) -> Tensor:
    """One number in the dtype of the tensor."""
    return _new("new_full", input, (size,), fill_value, options)


def new_tensor(input: Tensor, data: Any, **options: Any) -> Tensor:
    """`tensor(data)` in the dtype of the tensor."""
    wanted = dtype_of("new_tensor", options.pop("dtype", None))
    return made("new_tensor", array_of(data, wanted or input.dtype), options)


def new(input: Tensor, *data: Any) -> Tensor:
    """The legacy constructor in the dtype of the tensor: ``x.new(2, 3)``, ``x.new([1, 2])``."""
    if len(data) == 1 and isinstance(data[0], (list, tuple, np.ndarray)) and not hasattr(data[0], "numel"):
        return wrap(array_of(data[0], input.dtype))
    return new_empty(input, *(data or (0,)))


# Special matrices and indices


def eye(n: int, m: int | None = None, **options: Any) -> Tensor:
    """n × m with ones on the diagonal."""
    storage = storage_of("eye", options.pop("dtype", None))
    for name, size in (("n", n), ("m", m)):
        if size is not None and size < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {size}")
    return made("eye", np.eye(whole("eye", "n", "int", n), m, dtype=storage), options)


def _triangle(name: str, rows: Any, columns: Any, options: dict[str, Any]) -> Tensor:
    wanted = dtype_of(name, options.pop("dtype", None)) or dtypes.int64
    return made(name, np.stack([rows, columns]).astype(wanted.storage), options)


def tril_indices(row: int, col: int, offset: int = 0, **options: Any) -> Tensor:
    """Rows and columns of the lower triangle of a row × col matrix, shape (2, n)."""
    return _triangle("tril_indices", *np.tril_indices(row, offset, col), options)


def triu_indices(row: int, col: int, offset: int = 0, **options: Any) -> Tensor:
    """Rows and columns of the upper triangle of a row × col matrix, shape (2, n)."""
    return _triangle("triu_indices", *np.triu_indices(row, offset, col), options)


def scalar_tensor(s: Any, **options: Any) -> Tensor:
    """A number as a 0-d tensor of the default dtype, unless another is given."""
    return _filled("scalar_tensor", ((),), s, options)
