"""The table that hangs operators and methods on Tensor; a name that its family has not fails at import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from . import conversions, creation, flags, hooks, inplace, native
from .backward import backward_from
from .inplace import in_place
from .missing import MissingName
from .numpy_words import METHODS_OF_PYTHON, takes_numpy_words
from .operators import IN_PLACE_OPERATORS, OPERATORS, PROTOCOLS, operator_method
from .ops import (
    activation,
    arithmetic,
    axes,
    binary,
    compare,
    complex,
    einsum,
    elementwise,
    error_functions,
    extrema,
    extreme,
    factors,
    gather,
    index,
    index_select,
    join,
    least_squares,
    linalg,
    masked,
    matmul,
    memory,
    more_special,
    parts,
    products,
    reduce,
    rounding,
    scan,
    scatter,
    shape,
    sized,
    smooth,
    sort,
    statistics,
    stft,
    strided,
    triangular,
    truth,
    turn,
    vector_norm,
    written,
)
from .random import inplace as draws
from .random import sampling
from .tensor import Tensor

FAMILIES: tuple[tuple[ModuleType, str], ...] = (
    (activation, "relu relu_ prelu hardshrink"),
    (
        arithmetic,
        "add sub mul div floor_divide remainder fmod pow float_power lerp addcmul addcdiv true_divide subtract "
        "multiply divide",
    ),
    (binary, "atan2 hypot logaddexp logaddexp2 xlogy copysign nextafter heaviside gcd lcm arctan2 ldexp"),
    (
        compare,
        "eq ne lt le gt ge equal isclose allclose isnan isinf isfinite isposinf isneginf isreal is_nonzero logical_and "
        "logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor bitwise_not bitwise_left_shift "
        "bitwise_right_shift not_equal less less_equal greater greater_equal",
    ),
    (
        elementwise,
        "sqrt rsqrt square reciprocal exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh "
        "asinh acosh atanh sinc deg2rad rad2deg neg positive abs logit absolute negative arcsin arccos arctan "
        "arcsinh arccosh arctanh",
    ),
    (rounding, "sign sgn signbit floor ceil trunc frac round nan_to_num fix"),
    (complex, "conj angle"),
    (error_functions, "erf erfc erfinv lgamma digamma"),
    (extrema, "maximum minimum fmax fmin clamp clamp_min clamp_max nonzero argwhere masked_fill clip"),
    (extreme, "amax amin aminmax max min argmax argmin median nanmedian mode kthvalue"),
    (
        memory,
        "clone contiguous to cpu cuda type type_as stride size dim numel element_size data_ptr storage_offset "
        "is_contiguous is_floating_point is_complex is_signed is_same_size",
    ),
    (more_special, "i0"),
    (reduce, "sum nansum mean nanmean prod var std logsumexp"),
    (truth, "count_nonzero all any"),
    (scan, "cumsum cumprod logcumsumexp cummax cummin diff"),
    (
        shape,
        "view reshape view_as reshape_as ravel flatten unflatten squeeze unsqueeze expand expand_as broadcast_to",
    ),
    (axes, "transpose swapaxes swapdims t permute movedim moveaxis"),
    (join, "repeat tile repeat_interleave"),
    (turn, "flip fliplr flipud roll rot90"),
    (
        parts,
        "narrow select split split_with_sizes chunk tensor_split hsplit vsplit dsplit unbind",
    ),
    (strided, "unfold as_strided diagonal diag diag_embed diagflat tril triu"),
    (gather, "gather take_along_dim"),
    (scatter, "scatter scatter_add scatter_reduce"),
    (index_select, "index_select index_add index_fill index_copy"),
    (masked, "take masked_select masked_scatter"),
    (index, "index_put"),
    (smooth, "sigmoid tanh"),
    (native, "softmax log_softmax"),
    (gather, "gather take_along_dim"),
    (index_select, "index_select index_add index_fill index_copy"),
    (masked, "take masked_select masked_scatter"),
    (scatter, "scatter scatter_add scatter_reduce"),
    (index, "index_put"),
    (parts, "narrow select split split_with_sizes chunk tensor_split hsplit vsplit dsplit unbind"),
    (matmul, "matmul mm bmm mv dot vdot outer ger addmm addmv addr baddbmm addbmm"),
    (products, "kron cross"),
    (einsum, "inner"),
    (vector_norm, "dist"),
    (linalg, "det slogdet logdet inverse matrix_power trace"),
    (least_squares, "pinverse"),
    (triangular, "cholesky cholesky_solve cholesky_inverse"),
    (factors, "qr svd"),
    (statistics, "quantile nanquantile cov corrcoef"),
    (stft, "stft istft"),
    (written, "select_scatter slice_scatter diagonal_scatter"),
    (sort, "sort argsort msort topk unique unique_consecutive bincount histc"),
    (inplace, "copy_ fill_ zero_"),
    (sized, "resize_ resize_as_"),
    (draws, "uniform_ normal_ random_ bernoulli_ exponential_ geometric_ log_normal_ cauchy_"),
    (creation, "new new_zeros new_ones new_empty new_full new_tensor"),
    (conversions, "item tolist numpy"),
    (sampling, "bernoulli multinomial"),
    (hooks, "register_hook register_post_accumulate_grad_hook retain_grad requires_grad_ detach_"),
)
"""Family and the functions of it that are methods under the same name: `x.add(y)` is `add(x, y)`."""

IN_PLACE: tuple[tuple[ModuleType, str], ...] = (
    (
        arithmetic,
        "mul div floor_divide remainder fmod pow float_power lerp addcmul addcdiv true_divide subtract multiply divide",
    ),
    (binary, "atan2 hypot xlogy copysign nextafter heaviside gcd lcm arctan2 ldexp"),
    (
        compare,
        "eq ne lt le gt ge logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor "
        "bitwise_not bitwise_left_shift bitwise_right_shift not_equal less less_equal greater greater_equal",
    ),
    (
        elementwise,
        "sqrt rsqrt square reciprocal exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh "
        "asinh acosh atanh sinc deg2rad rad2deg neg abs logit absolute negative arcsin arccos arctan arcsinh "
        "arccosh arctanh",
    ),
    (rounding, "sign sgn floor ceil trunc frac round nan_to_num fix"),
    (error_functions, "erf erfc erfinv lgamma digamma"),
    (extrema, "clamp clamp_min clamp_max masked_fill clip"),
    (index_select, "index_add index_fill index_copy"),
    (masked, "masked_scatter"),
    (strided, "tril triu"),
    (scatter, "scatter scatter_add scatter_reduce"),
    (index, "index_put"),
    (scan, "cumsum cumprod"),
    (matmul, "addmm addmv addr baddbmm addbmm"),
    (smooth, "sigmoid tanh"),
)
"""Family and the functions of it that have a method ending in _, which changes its tensor: `x.add_(y)`."""

RESHAPED_IN_PLACE: tuple[tuple[ModuleType, str], ...] = (
    (shape, "squeeze unsqueeze"),
    (axes, "transpose swapaxes swapdims t"),
)
"""Functions whose in-place method gives its tensor another shape on the same memory: `x.t_()`."""


OTHER_NAMES: dict[str, Callable[..., Any]] = {
    "backward": backward_from,
    "nelement": memory.numel,
    "ndimension": memory.dim,
    "norm": vector_norm.norm_method,
    "where": lambda self, condition, other: extrema.where(condition, self, other),
    "add_": in_place(arithmetic.add, arithmetic._add),
    "sub_": in_place(arithmetic.sub, arithmetic._sub),
    "polygamma": lambda self, n: error_functions.polygamma(n, self),
    "adjoint": lambda self: complex.conj(axes.transposed_last(self)),
    "get_device": flags.no_device_index,
    "xpu": memory.xpu,
    **dict.fromkeys(("pin_memory", "share_memory_", "resolve_conj", "resolve_neg", "to_dense"), flags.itself),
    **dict.fromkeys(flags.FALSE_METHODS, flags.no),
}
"""Methods whose function has another name or order of arguments."""

PROPERTIES: dict[str, Callable[[Tensor], Any]] = {
    "retains_grad": hooks.retains_grad,
    "T": axes.reversed_dims,
    "mT": axes.transposed_last,
    "H": lambda self: complex.conj(axes.transposed_last(self) if self.ndim else self),
    "mH": lambda self: complex.conj(axes.transposed_last(self)),
    "real": complex.real,
    "imag": complex.imag,
    "layout": flags.layout_of,
    "is_cpu": flags.on_cpu,
    "is_meta": flags.is_meta,
    **dict.fromkeys(flags.FALSE, flags.no),
}
"""What is read without a call."""


def _reshaped_in_place(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    speaking = takes_numpy_words(function)

    def method(self: Tensor, *args: Any, **named: Any) -> Tensor:
        made = speaking(self, *args, **named)
        self.array = made.array
        if made.node is not None:
            self.rehistory(made.node)
        return self

    method.__doc__ = f"`{function.__name__}`, in place: another shape on the same memory."
    return method


def _missing(self: Tensor, name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
    raise MissingName(f"torch.Tensor.{name}")


def methods() -> Iterator[tuple[str, Any]]:
    """Every name to be set on Tensor, and what it is set to."""
    for family, names in FAMILIES:
        for name in names.split():
            yield name, getattr(family, name)
    for family, names in IN_PLACE:
        for name in names.split():
            yield name + "_", in_place(getattr(family, name))
    for family, names in RESHAPED_IN_PLACE:
        for name in names.split():
            yield name + "_", _reshaped_in_place(getattr(family, name))
    yield from memory.CASTS.items()
    yield from OTHER_NAMES.items()
    for name, function in OPERATORS.items():
        yield f"__{name}__", operator_method(function)
    for name, function in PROTOCOLS.items():
        yield f"__{name}__", function
    yield "__getattr__", _missing
    for name, function in PROPERTIES.items():
        yield name, property(function)


def hang() -> None:
    """Sets them all."""
    for name, what in methods():
        speaks = name[0] != "_" and name not in METHODS_OF_PYTHON and callable(what)
        setattr(Tensor, name, takes_numpy_words(what) if speaks else what)
    for name, method in IN_PLACE_OPERATORS.items():
        setattr(Tensor, f"__{name}__", getattr(Tensor, method))


hang()
