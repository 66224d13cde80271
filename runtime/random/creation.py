"""New tensors of random numbers: `rand`, `randn`, `randint`, `randperm`, and those shaped like another tensor."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import dtypes, record
from ..array import Array
from ..inplace import refill
from ..layout import empty_like
from ..meta import placed
from ..options import storage_of, whole
from ..tensor import Tensor, wrap
from . import continuous, discrete
from .bounds import has_kernel, integer_span
from .box_muller import normal
from .generator import Generator, stream_of
from .mersenne import Mersenne
from .parts import parts

Fill = Callable[[Array], None]


def rand(*size: Any, generator: Generator | None = None, **options: Any) -> Tensor:
    """`rand(2, 3)`: numbers of [0, 1).

    Keywords as in torch: size, out, dtype, layout, device, requires_grad, pin_memory.
    """
    return new("rand", size, options, _uniform(stream_of(generator)), generator=generator)


def randn(*size: Any, generator: Generator | None = None, **options: Any) -> Tensor:
    """`randn(2, 3)`: standard normal numbers. Keywords as `rand`'s."""
    return new("randn", size, options, _normal(stream_of(generator)), generator=generator)


def rand_like(input: Tensor, *, generator: Generator | None = None, **options: Any) -> Tensor:
    """Numbers of [0, 1), shaped, typed and laid out as `input`, unless dtype or memory_format say otherwise."""
    return _like("rand_like", input, options, _uniform(stream_of(generator)), generator=generator)


def randn_like(input: Tensor, *, generator: Generator | None = None, **options: Any) -> Tensor:
    """Standard normal numbers, shaped, typed and laid out as `input`."""
    return _like("randn_like", input, options, _normal(stream_of(generator)), generator=generator)


def randint(*args: Any, generator: Generator | None = None, **options: Any) -> Tensor:
    """`randint(low=0, high, size)`: integers of [low, high), int64 unless dtype says otherwise."""
    low, high, rest = _range("randint", args, options)
    if len(rest) + ("size" in options) != 1:
        raise TypeError(f"randint() received an invalid combination of arguments - got {args!r}")
    size = rest[0] if rest else options.pop("size")
    if not isinstance(size, (tuple, list)):
        raise TypeError(f"randint(): argument 'size' must be tuple of ints, not {type(size).__name__}")
    if options.get("dtype") is None and options.get("out") is None:
        options["dtype"] = dtypes.int64
    fill = _integers(stream_of(generator), low, high)
    return new("randint", (size,), options, fill, low=low, high=high, generator=generator)


def randint_like(input: Tensor, *args: Any, generator: Generator | None = None, **options: Any) -> Tensor:
    """`randint_like(input, low=0, high)`: integers of [low, high), shaped and typed as `input`."""
    low, high, rest = _range("randint_like", args, options)
    if rest:
        raise TypeError(f"randint_like() received an invalid combination of arguments - got {args!r}")
    fill = _integers(stream_of(generator), low, high)
    return _like("randint_like", input, options, fill, low=low, high=high, generator=generator)


def randperm(n: int, *, generator: Generator | None = None, **options: Any) -> Tensor:
    """0 … n−1 in random order, int64 unless dtype says otherwise. Keywords as `rand`'s."""
    count = whole("randperm", "n", "int", n)
    stream = stream_of(generator)
    if options.get("dtype") is None and options.get("out") is None:
        options["dtype"] = dtypes.int64

    def fill(target: Array) -> None:
        has_kernel(target, "fiu", "randperm")
        digits = np.finfo(target.dtype).nmant + 1 if target.dtype.kind == "f" else 64
        if count > (1 << digits) + 1:
            name = dtypes.of(target).legacy
            raise RuntimeError(f"n cannot be greater than {(1 << digits) + 1} for {name} type.")
        if target.dtype.kind in "iu" and count - 1 > np.iinfo(target.dtype).max:
            raise RuntimeError(f"value cannot be converted to type {target.dtype.name}_t without overflow")
        target[...] = discrete.permutation(stream, count)

    return new("randperm", (count,), options, fill, generator=generator)


def _uniform(stream: Mersenne) -> Fill:
    def fill(target: Array) -> None:
        real = parts(target)
        has_kernel(real, "f", "check_uniform_bounds")
        continuous.uniform(stream, real, 0.0, 1.0)

    return fill


def _normal(stream: Mersenne) -> Fill:
    def fill(target: Array) -> None:
        if target.size:
            has_kernel(target, "fc", "normal_kernel_cpu")
        normal(stream, parts(target), 0.0, 1.0 / math.sqrt(2) if target.dtype.kind == "c" else 1.0)

    return fill


def _integers(stream: Mersenne, low: int, high: int) -> Fill:
    def fill(target: Array) -> None:
        has_kernel(target, "fiub", "check_random_fp_bounds")
        discrete.integers(stream, target, *integer_span(target, low, high))

    return fill


def new(name: str, size: tuple[Any, ...], options: dict[str, Any], fill: Fill, **told: Any) -> Tensor:
    """A tensor of that size, filled; `options` are torch's keywords of a creating function, `told` is for the trace."""
    static = options | told
    out, wanted = options.pop("out", None), options.pop("dtype", None)
    named = (options.pop("size"),) if "size" in options else ()
    where, requires_grad = options.pop("device", None), _creation_options(name, options)
    shape = _shape(name, (*size, *named))
    if out is None:
        array = placed(np.empty(shape, storage_of(name, wanted)), where)
        return _told(name, _filled(array, fill), requires_grad, (), static)
    if wanted is not None and wanted is not out.dtype:
        raise RuntimeError(f"dtype {wanted.legacy} does not match dtype of out parameter ({out.dtype.legacy})")
    if out.array.shape != shape:
        out.array = np.empty(shape, out.array.dtype)
    return refill(out, fill, name, **static)


def _like(name: str, input: Tensor, options: dict[str, Any], fill: Fill, **told: Any) -> Tensor:
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    static = options | told
    wanted, order = options.pop("dtype", None), options.pop("memory_format", None)
    where, requires_grad = options.pop("device", None), _creation_options(name, options)
    storage = input.array.dtype if wanted is None else storage_of(name, wanted)
    plain = order is not None and "preserve" not in str(order)
    array = np.empty(input.array.shape, storage) if plain else empty_like(input.array, storage)
    array = placed(array, input.device if where is None else where)
    return _told(name, _filled(array, fill), requires_grad, (input,), static)


def _filled(array: Array, fill: Fill) -> Array:
    if type(array) is np.ndarray:  # a meta array draws nothing
        fill(array)
    return array


def _told(name: str, array: Array, requires_grad: bool, inputs: tuple[Any, ...], static: dict[str, Any]) -> Tensor:
    made = wrap(array, requires_grad)
    if record.listeners:
        record.tell(name, inputs, static, (made,))
    return made


def _creation_options(name: str, options: dict[str, Any]) -> bool:
    """Checks layout, pin_memory, and that nothing else is left; gives requires_grad."""
    options.pop("layout", None), options.pop("pin_memory", None)
    requires_grad = bool(options.pop("requires_grad", False))
    if options:
        raise TypeError(f"{name}() got an unexpected keyword argument '{next(iter(options))}'")
    return requires_grad


def _shape(name: str, size: tuple[Any, ...]) -> tuple[int, ...]:
    if not size:
        raise TypeError(f"{name}() received an invalid combination of arguments - got ()")
    # options.shape_of refuses negative sizes in other words, as torch does
    sizes = tuple(size[0]) if len(size) == 1 and isinstance(size[0], (tuple, list)) else size
    shape = tuple(whole(name, "size", "tuple of ints", one) for one in sizes)
    for one in shape:
        if one < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {one}: {list(shape)}")
    return shape


def _range(name: str, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[int, int, list[Any]]:
    """(low, high, what is left of the arguments); a single number is `high`."""
    bounds: list[Any] = []
    rest = list(args)
    while rest and len(bounds) < 2 and not isinstance(rest[0], (tuple, list)):
        bounds.append(rest.pop(0))
    if "low" in options:
        bounds.insert(0, options.pop("low"))
    if "high" in options:
        bounds.append(options.pop("high"))
    if not 1 <= len(bounds) <= 2:
        raise TypeError(f"{name}() received an invalid combination of arguments - got {args!r}")
    low, high = (
        int(bound.array[()]) if isinstance(bound, Tensor) else whole(name, "high", "int", bound)
        for bound in [0, *bounds][-2:]
    )
    return low, high, rest
