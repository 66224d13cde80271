"""Which dtypes torch's CPU kernels refuse, by the name of the op, and with what error."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dtypes import of

KERNELS = {
    "dropout": ("c", "bernoulli_scalar_cpu_"), "threshold": ("cb", "threshold_cpu"), "mse_loss": ("c", "mse_cpu"),
    "smooth_l1_loss": ("cbiu", "smooth_l1_cpu"), "huber_loss": ("cbiu", "huber_cpu"),
    "binary_cross_entropy": ("cbiu", "binary_cross_entropy"),
    "im2col": ("iu", "im2col_out_cpu"),
    "round": ("cb", "round_vml_cpu"), "frac": ("cbiu", "frac_cpu"), "floor": ("b", "floor_vml_cpu"),
    "ceil": ("b", "ceil_vml_cpu"), "trunc": ("b", "trunc_vml_cpu"), "abs": ("b", "abs_cpu"),
    "erf": ("c", "erf_vml_cpu"), "erfc": ("c", "erfc_vml_cpu"), "erfinv": ("c", "erfinv_vml_cpu"),
    "lgamma": ("c", "lgamma_vml_cpu"), "digamma": ("c", "digamma"), "logit": ("c", "logit_cpu"),
    "i0": ("c", "i0_vml_cpu"), "max": ("c", "max_all"), "min": ("c", "min_all"), "amax": ("c", "max_values_cpu"),
    "amin": ("c", "min_values_cpu"), "median": ("cb", "median_cpu"), "median_of_all": ("cb", "median_cpu"),
    "mode": ("c", "mode_cpu"), "kthvalue": ("cb", "kthvalue_cpu"), "cummax": ("c", "cummax_cpu"),
    "cummin": ("c", "cummin_cpu"), "unique": ("c", "unique"), "searchsorted": ("c", "searchsorted_out_cpu"),
    "bitwise_left_shift": ("b", "lshift_cpu"),
    "bitwise_right_shift": ("b", "rshift_cpu"), "floor_divide": ("cb", "div_floor_cpu"), "fmod": ("cb", "fmod_cpu"),
    "remainder": ("cb", "remainder_cpu"), "pow": ("b", "pow"), "atan2": ("c", "atan2_cpu"),
    "hypot": ("cbiu", "hypot_cpu"), "nextafter": ("cbiu", "nextafter_cpu"), "copysign": ("c", "copysign_cpu"),
    "xlogy": ("c", "xlogy_cpu"), "cdist": ("h", "cdist"),
    "gcd": ("bcfh", "gcd_cpu"), "lcm": ("bcfh", "lcm_cpu"), "lt": ("c", "lt_cpu"), "le": ("c", "le_cpu"),
    "gt": ("c", "gt_cpu"), "ge": ("c", "ge_cpu"), "trace": ("b", "trace"), "cross": ("b", "cross"),
    "det": ("h", "lu_cpu"),
    "log_softmax": ("c", "log_softmax_lastdim_kernel_impl"), "feature_dropout": ("c", "bernoulli_scalar_cpu_"),
}  # fmt: skip
"""The kinds that are refused, and the kernel that torch's NotImplementedError names.

Kinds are numpy's letters (b, i, u, f, c), and h for float16.
"""

_CLAMP = (NotImplementedError, "clamp is not supported for complex types")
_BOOL_MINUS = (
    RuntimeError,
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the "
    "`~` or `logical_not()` operator instead.",
)
_NO_MEAN = (
    RuntimeError,
    "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {}",
)
_NO_COMPLEX = {
    name: ("c", RuntimeError, f"{name} not implemented for complex tensors.")
    for name in ("maximum", "minimum", "fmax", "fmin")
}
_REAL_PARTS = {
    name: ("c", NotImplementedError, f"{name} is not supported for complex inputs")
    for name in ("floor", "ceil", "trunc")
}

SAID: tuple[dict[str, tuple[str, type[Exception], str]], ...] = (
    {
        **dict.fromkeys(("relu", "relu6", "hardtanh", "clamp", "hinge_embedding_loss"), ("c", *_CLAMP)),
        **_NO_COMPLEX,
        **_REAL_PARTS,
        "sign": (
            "c", NotImplementedError,
            "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead.",
        ),
        "signbit": ("c", NotImplementedError, "signbit is not implemented for complex tensors."),
        "deg2rad": ("c", RuntimeError, "deg2rad is not supported for complex tensors."),
        "rad2deg": ("c", RuntimeError, "rad2deg is not supported for complex tensors."),
        "argmax": ("c", RuntimeError, "argmax(): does not support complex input"),
        "argmin": ("c", RuntimeError, "argmin(): does not support complex input"),
        "sort": ("c", RuntimeError, " Sort does not support complex dtypes on CPU"),
        "argsort": ("c", RuntimeError, " Sort does not support complex dtypes on CPU"),
        "topk": ("c", RuntimeError, " topk does not support complex dtypes on CPU"),
        "nansum": ("c", RuntimeError, "nansum on CPU does not support complex inputs"),
        "heaviside": ("c", RuntimeError, "heaviside is not yet implemented for complex tensors."),
        "cosine_similarity": (
            "cbiu", RuntimeError, "expected common dtype to be floating point, yet common dtype is {}",
        ),
        "normalize": (
            "biu", RuntimeError, "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {}",
        ),
        "inv": ("h", RuntimeError, "linalg.inv: Low precision dtypes not supported. Got {}"),
        "pairwise_distance": ("b", *_BOOL_MINUS),
        "l1_loss": ("b", *_BOOL_MINUS),
    },
    {
        "relu6": ("b", RuntimeError, "Bool inputs not supported for hardtanh"),
        "hardtanh": ("b", RuntimeError, "Bool inputs not supported for hardtanh"),
        "argmax": ("b", RuntimeError, "argmax(): does not support bool input"),
        "argmin": ("b", RuntimeError, "argmin(): does not support bool input"),
        "topk": ("b", RuntimeError, "topk does not support bool dtypes on CPU"),
        "hinge_embedding_loss": ("biu", *_NO_MEAN),
    },
)  # fmt: skip
"""The kinds that are refused, and the whole error; a second table for ops that refuse others with other words."""

Refusals = tuple[tuple[str, type[Exception], str], ...]


def refusals(name: str) -> Refusals:
    """What the op of this name refuses: kinds, error, and its message, in which {} is the dtype."""
    found = [table[name] for table in SAID if name in table]
    if name in KERNELS:
        found += not_implemented(*KERNELS[name])
    return tuple(found)


def not_implemented(kinds: str, kernel: str) -> Refusals:
    """What a kernel of torch refuses without words of its own."""
    return ((kinds, NotImplementedError, f"\"{kernel}\" not implemented for '{{}}'"),)


def refuse(refused: Refusals, arrays: tuple[Any, ...]) -> None:
    """Raises torch's error if one of the arrays is of a kind that is refused."""
    for x in arrays:
        if type(x) is np.ndarray:
            kind = "h" if x.dtype == np.float16 else x.dtype.kind
            for kinds, error, message in refused:
                if kind in kinds:
                    raise error(message.format(of(x).legacy))
