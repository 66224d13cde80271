"""What torch's kernels refuse is refused here with the same error."""

from __future__ import annotations

import importlib
import math
import pkgutil
import warnings
from typing import Any

import pytest

from nnflip import runtime
from nnflip.runtime import ops
from nnflip.runtime.autograd import Op
from nnflip.runtime.kernels import KERNELS, SAID

KINDS = ("c", "f", "h", "b", "i", "u")
PLAIN = (
    *(f"F.{name}" for name in ("relu", "relu6", "hardtanh", "leaky_relu", "elu", "dropout")),
    "floor", "ceil", "trunc", "round", "frac", "sign", "erf", "lgamma", "digamma", "max", "amin", "argmax", "sort",
    "median", "mode", "unique", "logit", "signbit", "nansum", "deg2rad", "abs", "i0", "nan_to_num",
)  # fmt: skip
CALLS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(PLAIN, ()),
    "F.threshold": (0.1, 2.0), "F.local_response_norm": (2,), "F.adaptive_max_pool2d": (2,),
    "F.interpolate": (None, 2), "F.unfold": (2,), "topk": (2,), "cummax": (0,), "kthvalue": (1,), "clamp_min": (0.2,),
}  # fmt: skip
PAIRS = (
    *(f"F.{name}" for name in (
        "mse_loss", "smooth_l1_loss", "huber_loss", "kl_div", "binary_cross_entropy_with_logits",
        "multilabel_soft_margin_loss", "cosine_similarity",
    )),
    "maximum", "fmin", "fmod", "remainder", "floor_divide", "atan2", "hypot", "lt", "ge", "copysign", "nextafter",
    "xlogy", "gcd", "cdist", "pow", "bitwise_left_shift",
)  # fmt: skip


def made(library: Any, kind: str, *shape: int) -> Any:
    """Numbers between 0.1 and 0.9 in a dtype of the kind."""
    numbers = library.linspace(0.1, 0.9, math.prod(shape)).reshape(shape)
    dtype = {"h": library.float16, "b": library.bool, "i": library.int64, "u": library.uint8, "f": library.float32}
    return library.complex(numbers, numbers) if kind == "c" else (numbers * 3).to(dtype[kind])


def function(library: Any, name: str) -> Any:
    """`F.relu` or `floor` of a library."""
    return getattr(library.nn.functional, name[2:]) if name.startswith("F.") else getattr(library, name)


def outcome(library: Any, name: str, kinds: str, *shape: int) -> str | None:
    """The class of the error; None if there is none."""
    try:
        function(library, name)(*(made(library, kind, *shape) for kind in kinds), *CALLS.get(name, ()))
    except Exception as error:
        return type(error).__name__
    return None


@pytest.mark.parametrize("name", CALLS)
def test_one_input_is_refused_where_torch_refuses_it(name) -> None:
    torch = pytest.importorskip("torch")
    shape = (2, 4, 4, 4) if "2d" in name or name in ("F.interpolate", "F.unfold", "F.local_response_norm") else (3, 4)
    for kind in KINDS:
        assert outcome(runtime, name, kind, *shape) == outcome(torch, name, kind, *shape), kind


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_is_refused_where_torch_refuses_it(name) -> None:
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kinds in (one + other for one in KINDS for other in ("f", one)):
            assert outcome(runtime, name, kinds, 3, 3) == outcome(torch, name, kinds, 3, 3), kinds


def test_every_name_is_that_of_an_op() -> None:
    modules = [importlib.import_module(f"{ops.__name__}.{found.name}") for found in pkgutil.iter_modules(ops.__path__)]
    known = {value.name for module in modules for value in vars(module).values() if isinstance(value, Op)}
    known |= {name for module in modules for name in vars(module)}
    assert {*KERNELS, *SAID[0], *SAID[1]} <= known


def test_the_message_names_the_kernel_and_the_dtype() -> None:
    with pytest.raises(NotImplementedError, match="\"lgamma_vml_cpu\" not implemented for 'ComplexDouble'"):
        runtime.lgamma(runtime.zeros(2, dtype=runtime.complex128))
    with pytest.raises(NotImplementedError, match="clamp is not supported for complex types"):
        runtime.nn.functional.relu(runtime.zeros(2, dtype=runtime.complex64))
