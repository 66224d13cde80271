"""numpy's functions by the tensor methods that are the same, for what is recorded instead of computed."""

from __future__ import annotations

from typing import Any

import numpy as np

UFUNCS: dict[Any, str] = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.divide: "div", np.negative: "neg", np.power: "pow",
    np.positive: "positive", np.exp: "exp", np.exp2: "exp2", np.expm1: "expm1", np.log: "log", np.log1p: "log1p",
    np.log2: "log2", np.log10: "log10", np.sqrt: "sqrt", np.square: "square", np.reciprocal: "reciprocal",
    np.absolute: "abs", np.sign: "sign", np.sin: "sin", np.cos: "cos", np.tan: "tan", np.arcsin: "asin",
    np.arccos: "acos", np.arctan: "atan", np.sinh: "sinh", np.cosh: "cosh", np.tanh: "tanh", np.arcsinh: "asinh",
    np.arccosh: "acosh", np.arctanh: "atanh", np.maximum: "maximum", np.minimum: "minimum", np.matmul: "matmul",
    np.conjugate: "conj", np.arctan2: "atan2", np.hypot: "hypot", np.copysign: "copysign",
    np.logaddexp: "logaddexp", np.logaddexp2: "logaddexp2", np.deg2rad: "deg2rad", np.rad2deg: "rad2deg",
}  # fmt: skip
"""numpy's function, and the tensor method that is the same."""

QUESTIONS = {
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal, np.isnan, np.isinf, np.isfinite,
    np.signbit, np.logical_not, np.logical_and, np.logical_or, np.floor, np.ceil, np.rint, np.trunc, np.floor_divide,
}  # fmt: skip
"""Functions whose answers have no gradient: they are asked of the bare arrays."""
