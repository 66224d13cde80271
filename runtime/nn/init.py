"""`torch.nn.init`: filling a parameter with its first values, drawn as torch draws them.

Every function returns the tensor it filled, and runs without recording. Numbers are torch's bit for bit, but for
`orthogonal_`, which depends on the linear algebra library, and the far-off bounds of `trunc_normal_`, which depend on
the last bit of a logarithm.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..array import Array
from ..grad_mode import no_grad
from ..inplace import refill
from ..random import truncated
from ..random.box_muller import normal as draw_normal
from ..random.discrete import permutation
from ..random.generator import Generator, default_generator, stream_of
from ..random.inplace import normal_ as draw_normal_
from ..random.inplace import uniform_ as draw_uniform_
from ..tensor import Tensor

_GAINS = dict.fromkeys(
    (
        "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid",
    ),
    1.0,
) | {"tanh": 5.0 / 3, "relu": math.sqrt(2.0), "selu": 3.0 / 4}  # fmt: skip


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The recommended gain of an activation; `param` is the slope of leaky_relu. ValueError for an unknown one."""
    if nonlinearity == "leaky_relu":
        if isinstance(param, bool) or not isinstance(param, (int, float, type(None))):
            raise ValueError(f"negative_slope {param} not a valid number")
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    gain = _GAINS[nonlinearity]
    return 1 if gain == 1 else gain


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Numbers of [a, b)."""
    with no_grad():
        return draw_uniform_(tensor, a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Normal numbers, N(mean, std²)."""
    with no_grad():
        return draw_normal_(tensor, mean, std, generator=generator)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:
    """Normal numbers within [a, b]: what falls outside is drawn again, all elements at a time.

    If less than 0.3 of the distribution lies inside, uniform candidates are accepted by their density instead.
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=2,
        )
    inside = _normal_cdf((b - mean) / std) - _normal_cdf((a - mean) / std)
    draw = truncated.redrawn if inside > 0.3 else truncated.accepted
    static = {"mean": mean, "std": std, "a": a, "b": b, "generator": generator}
    with no_grad():
        return refill(tensor, lambda x: draw(stream_of(generator), x, mean, std, a, b), "trunc_normal_", **static)


def _normal_cdf(x: float) -> float:
    return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0


def constant_(tensor: Tensor, val: float) -> Tensor:
    """The same value everywhere."""
    with no_grad():
        return refill(tensor, lambda x: x.fill(val), "fill_", value=val)


def ones_(tensor: Tensor) -> Tensor:
    """Ones."""
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros."""
    with no_grad():
        return refill(tensor, lambda x: x.fill(0), "zero_")


def eye_(tensor: Tensor) -> Tensor:
    """The identity matrix; ValueError unless 2-d."""
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    with no_grad():
        return refill(tensor, lambda x: np.copyto(x, np.eye(*x.shape, dtype=x.dtype)), "eye_")


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """A convolution weight that hands its channels on, group by group; ValueError unless 3-, 4- or 5-d."""
    if tensor.ndim not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    sizes = tensor.array.shape
    if sizes[0] % groups:
        raise ValueError("dim 0 must be divisible by groups")
    per_group = sizes[0] // groups
    centre = tuple(size // 2 for size in sizes[2:])

    def fill(x: Array) -> None:
        x.fill(0)
        for group in range(groups):
            for channel in range(min(per_group, sizes[1])):
                x[(group * per_group + channel, channel, *centre)] = 1

    with no_grad():
        return refill(tensor, fill, "dirac_", groups=groups)


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    sizes = tensor.array.shape
    if len(sizes) < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    field = math.prod(sizes[2:])
    return sizes[1] * field, sizes[0] * field


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    mode = mode.lower()
    valid_modes = ["fan_in", "fan_out"]
    if mode not in valid_modes:
        raise ValueError(f"Mode {mode} not supported, please use one of {valid_modes}")
    return _calculate_fan_in_and_fan_out(tensor)[valid_modes.index(mode)]


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Uniform numbers within ±gain·√(6 / (fan in + fan out)): Glorot and Bengio, 2010."""
    bound = math.sqrt(3.0) * _xavier_std(tensor, gain)
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Normal numbers with std gain·√(2 / (fan in + fan out)): Glorot and Bengio, 2010."""
    return normal_(tensor, 0.0, _xavier_std(tensor, gain), generator)


def _xavier_std(tensor: Tensor, gain: float) -> float:
    return gain * math.sqrt(2.0 / float(sum(_calculate_fan_in_and_fan_out(tensor))))


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Uniform numbers within ±gain·√(3 / fan): He and others, 2015. `a` is the slope of leaky_relu."""
    if 0 in tensor.array.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    bound = math.sqrt(3.0) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Normal numbers with std gain / √fan: He and others, 2015. `a` is the slope of leaky_relu."""
    if 0 in tensor.array.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    return normal_(tensor, 0, _kaiming_std(tensor, a, mode, nonlinearity), generator)


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    fan = _calculate_correct_fan(tensor, mode)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Tensor:
    """A (semi-)orthogonal matrix, trailing dims flattened: Saxe and others, 2013. ValueError below 2 dims."""
    if tensor.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if not tensor.array.size:
        return tensor

    def fill(x: Array) -> None:
        flat = np.empty((len(x), x.size // len(x)), x.dtype)
        draw_normal(stream_of(generator), flat, 0, 1)
        wide = flat.shape[0] < flat.shape[1]
        q, r = np.linalg.qr(flat.T if wide else flat)
        q = q * np.sign(np.diag(r))  # makes it uniform: Mezzadri, How to generate random matrices, 2007
        x[...] = (q.T if wide else q).reshape(x.shape) * x.dtype.type(gain)

    with no_grad():
        return refill(tensor, fill, "orthogonal_", gain=gain, generator=generator)


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> Tensor:
    """Normal numbers, and in every column a share `sparsity` of zeros: Martens, 2010. ValueError unless 2-d.

    Which ones are zero comes from the default generator, whatever `generator` says: so it is in torch.
    """
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.array.shape
    zeros = math.ceil(sparsity * rows)

    def fill(x: Array) -> None:
        draw_normal(stream_of(generator), x, 0, std)
        for column in range(columns):
            x[permutation(default_generator.stream, rows)[:zeros], column] = 0

    with no_grad():
        return refill(tensor, fill, "sparse_", sparsity=sparsity, std=std, generator=generator)


def _deprecated(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    name = function.__name__[:-1]

    @functools.wraps(function)
    def old(*args: Any, **kwargs: Any) -> Tensor:
        new = function.__name__
        message = f"`nn.init.{name}` is now deprecated in favor of `nn.init.{new}`."
        warnings.warn(message, FutureWarning, stacklevel=2)
        return function(*args, **kwargs)

    old.__name__ = old.__qualname__ = name
    old.__doc__ = f"Deprecated name of `{function.__name__}`."
    return old


uniform, normal, constant = _deprecated(uniform_), _deprecated(normal_), _deprecated(constant_)
eye, dirac, orthogonal, sparse = _deprecated(eye_), _deprecated(dirac_), _deprecated(orthogonal_), _deprecated(sparse_)
xavier_uniform, xavier_normal = _deprecated(xavier_uniform_), _deprecated(xavier_normal_)
kaiming_uniform, kaiming_normal = _deprecated(kaiming_uniform_), _deprecated(kaiming_normal_)
