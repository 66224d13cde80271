"""The window arithmetic of pooling: sizes, checks, and torch's errors for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from ..tensor import Tensor

COUNT = ("zero", "one", "two", "three")
AXES = {1: ("W",), 2: ("H", "W"), 3: ("T", "H", "W")}


@dataclass(frozen=True)
class Windows:
    """Windows over an input: one entry per spatial axis, ``out`` being how many there are."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    out: tuple[int, ...]

    def overhang(self, size: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        """Padding (before, after) that an input of ``size`` needs for every window to lie inside."""
        return tuple(
            (p, max(0, (o - 1) * s + d * (k - 1) + 1 - n - p))
            for n, k, s, p, d, o in zip(
                size, self.kernel, self.stride, self.padding, self.dilation, self.out, strict=True
            )
        )


def axes(value: Any, spatial: int, name: str, argument: str) -> tuple[int, ...]:
    """``value`` as one int per axis. RuntimeError for a sequence of another length than 1 or ``spatial``."""
    if isinstance(value, int):
        return (value,) * spatial
    values = tuple(int(v) for v in value)
    if len(values) not in (1, spatial):
        if spatial == 1:
            raise RuntimeError(f"{name}() argument '{argument}' should contain one int (got {len(values)})")
        tuples = "a tuple of two ints" if spatial == 2 else "a tuple of three ints"
        other = "either be omitted, a single int, or" if argument == "stride" else "either be a single int, or"
        raise RuntimeError(f"{name}: {argument} must {other} {tuples}")
    return values * (spatial if len(values) == 1 else 1)


def positions(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    """How many windows fit. A window that ceil_mode adds must still start inside the input or its left padding."""
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    count = (room + (stride - 1 if ceil_mode else 0)) // stride + 1
    if ceil_mode and (count - 1) * stride >= size + padding:
        count -= 1
    return count


def windows_over(
    size: tuple[int, ...],
    *,
    kernel_size: tuple[int, ...],
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    ceil_mode: bool,
    dilation: tuple[int, ...] = (1, 1, 1),
) -> Windows:
    """The windows that lie over an input of ``size``."""
    dilation = dilation[: len(size)]
    numbers = zip(size, kernel_size, stride, padding, dilation, strict=True)
    out = tuple(positions(*along, ceil_mode) for along in numbers)
    return Windows(kernel_size, stride, padding, dilation, out)


def normalised(
    name: str, input: Tensor, spatial: int, arguments: tuple[Any, ...], ceil_mode: bool, indices: bool = False
) -> dict[str, Any]:
    """Static arguments from (kernel_size, stride, padding, dilation), one entry per axis, after all checks."""
    kernel_size, stride, padding, dilation = arguments
    kernel = axes(kernel_size, spatial, name, "kernel_size")
    steps = axes(stride, spatial, name, "stride") if stride or stride == 0 else kernel
    sides, gaps = axes(padding, spatial, name, "padding"), axes(dilation, spatial, name, "dilation")
    _check_rank(name, input, spatial)
    (_check_line if name == "max_pool1d" and not indices else _check_numbers)(kernel, steps, sides, gaps)
    _check_sizes(name, input, spatial)
    size = tuple(input.shape[-spatial:])
    found: dict[str, Any] = {
        "kernel_size": kernel,
        "stride": steps,
        "padding": sides,
        "dilation": gaps,
        "ceil_mode": bool(ceil_mode),
    }
    _check_out(name, input, size, kernel, windows_over(size, **found).out)
    return found


def _check_rank(name: str, input: Tensor, spatial: int) -> None:
    shape = list(input.shape)
    if name == "max_pool1d" and len(shape) not in (2, 3):
        raise RuntimeError(
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, "
            f"but got:{shape}"
        )
    if spatial == 1 and len(shape) not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {len(shape)}-dimensional tensor for argument #1 'self' "
            f"(while checking arguments for {name})"
        )
    if len(shape) not in (spatial + 1, spatial + 2):
        if name == "avg_pool2d" and len(shape) < 3:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-len(shape)}, {len(shape) - 1}], but got -3)"
            )
        raise RuntimeError(f"non-empty {spatial + 1}D or {spatial + 2}D (batch mode) tensor expected for input")


def _check_sizes(name: str, input: Tensor, spatial: int) -> None:
    shape = list(input.shape)
    if 0 not in shape[-spatial - 1 :]:
        return
    if spatial == 3:
        who = "max_pool3d_with_indices_out_cpu_template" if name == "max_pool3d" else name
        raise RuntimeError(
            f"{who}(): Expected input's non-batch dimensions to have positive length, but input has a shape of {shape} "
            "and non-batch dimension 0 has length zero!"
        )
    raise RuntimeError(
        f"Expected {spatial + 1}D or {spatial + 2}D (batch mode) tensor with optional 0 dim batch size for input, "
        f"but got:{shape}"
    )


def _check_line(kernel: Sequence[int], stride: Sequence[int], padding: Sequence[int], dilation: Sequence[int]) -> None:
    """What torch's own max_pool1d, which keeps no indices, says where the others say it otherwise."""
    for word, (value,) in (("kernel_size", kernel), ("stride", stride), ("dilation", dilation)):
        if value <= 0:
            raise RuntimeError(f"max_pool1d() {word} must be greater than zero, but got {value}")
    if padding[0] < 0:
        raise RuntimeError(f"max_pool1d() padding must be non-negative, but got {padding[0]}")
    if padding[0] > kernel[0] // 2:
        raise RuntimeError(
            "max_pool1d() padding should be at most half of kernel size, but got "
            f"padding={padding[0]} and kernel_size={kernel[0]}"
        )


def _check_numbers(
    kernel: Sequence[int], stride: Sequence[int], padding: Sequence[int], dilation: Sequence[int]
) -> None:
    names = AXES[len(kernel)]
    if min(stride) == 0:
        raise RuntimeError("stride should not be zero")
    for word, values, least in (("kernel size", kernel, 1), ("stride", stride, 1), ("dilation", dilation, 1)):
        if min(values) < least:
            short = {"kernel size": "k", "stride": "d", "dilation": "dilation"}[word]
            listed = " ".join(f"{short}{axis}: {value}" for axis, value in zip(names, values, strict=True))
            raise RuntimeError(f"{word} should be greater than zero, but got {listed}")
    for k, p, d in zip(kernel, padding, dilation, strict=True):
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > (d * (k - 1) + 1) // 2:
            raise RuntimeError(
                "pad should be at most half of effective kernel size, but got "
                f"pad={p}, kernel_size={k} and dilation={d}"
            )


def _check_out(name: str, input: Tensor, size: tuple[int, ...], kernel: tuple[int, ...], out: tuple[int, ...]) -> None:
    if prod(max(n, 0) for n in out):
        return
    if name == "max_pool1d":
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {out[0]}")
    if name == "avg_pool3d" and any(n < k for n, k in zip(size, kernel, strict=True)):
        had, wanted = (
            " ".join(f"{prefix}{axis}: {n}" for axis, n in zip("THW", sizes, strict=True))
            for prefix, sizes in (("", size), ("k", kernel))
        )
        raise RuntimeError(f"input image ({had}) smaller than kernel size ({wanted})")
    channels = input.shape[-len(size) - 1]
    flat = (1,) if len(size) == 1 else ()
    had, computed = ("x".join(map(str, (channels, *flat, *sizes))) for sizes in (size, out))
    raise RuntimeError(f"Given input size: ({had}). Calculated output size: ({computed}). Output size is too small")
