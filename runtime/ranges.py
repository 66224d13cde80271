"""Evenly spaced numbers: arange, range, linspace, logspace."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import dtypes
from .array import Array
from .options import dtype_of, made, whole
from .tensor import Tensor


def _bare(value: Any) -> Any:
    return value.array.item() if isinstance(value, Tensor) else value


def _steps(name: str, start: Any, end: Any, step: Any) -> float:
    """How many steps of that size lie between the ends, torch's checks included."""
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    return float((end - start) / step)


def arange(*bounds: Any, **options: Any) -> Tensor:
    """``arange(end)``, ``arange(start, end, step=1)``: int64 if all are integers, else the default dtype."""
    named = {key: options.pop(key) for key in ("start", "end", "step") if key in options}
    if len(bounds) == 1 and "end" not in named:
        bounds = (named.pop("start", 0), bounds[0])
    given = dict(zip(("start", "end", "step"), bounds, strict=False)) | named
    if "end" not in given or len(bounds) > 3:
        raise TypeError(f"arange() received an invalid combination of arguments - got {bounds!r}")
    start, end, step = (_bare(given.get(key, default)) for key, default in (("start", 0), ("end", 0), ("step", 1)))
    wanted = dtype_of("arange", options.pop("dtype", None))
    whole_numbers = all(isinstance(one, (int, np.integer)) for one in (start, end, step))
    if wanted is None:
        wanted = dtypes.int64 if whole_numbers else dtypes.get_default_dtype()
    count = math.ceil(_steps("arange", start, end, step))
    return made("arange", (start + step * np.arange(count)).astype(wanted.storage), options)


def range(start: Any = 0, end: Any = None, step: Any = 1, **options: Any) -> Tensor:
    """Deprecated in torch: like `arange` with the end included, and never of integers by default."""
    start, end, step = _bare(start), _bare(end), _bare(step)
    storage = (dtype_of("range", options.pop("dtype", None)) or dtypes.get_default_dtype()).storage
    count = math.floor(_steps("range", start, end, step)) + 1
    return made("range", (start + step * np.arange(count)).astype(storage), options)


def _spaced(start: Any, end: Any, steps: int, storage: np.dtype[Any]) -> Array:
    """From both ends to the middle, so that the result is symmetric; in the precision of the result, as torch."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    inner = storage if storage.kind == "f" and storage.itemsize > 2 else np.dtype(np.float32)
    low, high = inner.type(start), inner.type(end)
    if steps == 1:
        return np.full(1, low).astype(storage)
    step = (high - low) / inner.type(max(steps - 1, 1))
    places = np.arange(steps)
    rising = low + step * places.astype(inner)
    falling = high - step * (steps - 1 - places).astype(inner)
    return np.where(places < steps // 2, rising, falling).astype(storage)


def _count(name: str, start: Any, end: Any, steps: Any) -> int:
    """*steps* as torch takes it: TypeError unless it is an integer, RuntimeError for ends that are no numbers."""
    if isinstance(steps, float):
        kinds = ", ".join(type(one).__name__ for one in (start, end, steps))
        raise TypeError(f"{name}() received an invalid combination of arguments - got ({kinds})")
    ranks = [one.ndim if isinstance(one, Tensor) else 0 for one in (start, end)]
    if any(ranks):
        also = f" and end with {ranks[1]} dimension(s)" if not ranks[0] else ""
        raise RuntimeError(
            f"{name} only supports 0-dimensional start and end tensors, but got start with {ranks[0]} "
            f"dimension(s){also}."
        )
    return whole(name, "steps", "int", steps)


def linspace(start: Any, end: Any, steps: int, **options: Any) -> Tensor:
    """*steps* numbers from *start* to *end*, both included."""
    storage = (dtype_of("linspace", options.pop("dtype", None)) or dtypes.get_default_dtype()).storage
    count = _count("linspace", start, end, steps)
    return made("linspace", _spaced(_bare(start), _bare(end), count, storage), options)


def logspace(start: Any, end: Any, steps: int, base: float = 10.0, **options: Any) -> Tensor:
    """*steps* powers of *base*, with exponents from *start* to *end*."""
    storage = (dtype_of("logspace", options.pop("dtype", None)) or dtypes.get_default_dtype()).storage
    count = _count("logspace", start, end, steps)
    exponents = _spaced(_bare(start), _bare(end), count, np.dtype(np.float64))
    return made("logspace", np.power(float(base), exponents).astype(storage), options)
