"""Torch's own samples of its operators (`op_db`), as cases: value, gradient, and the errors for wrong arguments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import torch
from torch.testing._internal.common_methods_invocations import op_db

import nnflip.runtime as runtime

from .carry import Carrier, function, resolve
from .case import Case, seed, warnings_off
from .verdict import GRADIENT, VALUE, Differs, flat, same, same_error

UNSPECIFIED = {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided", "empty_permuted", "resize_"}
"""What torch promises no numbers for."""

FLOATS = (torch.float32, torch.float64)
OTHERS = (torch.int64, torch.bool)


def claimed(info: Any) -> bool:
    """Whether the runtime has something of that name."""
    try:
        resolve(f"torch.{info.name}")
    except AttributeError:
        return any(hasattr(runtime.Tensor, name) for name in (info.name, f"{info.name}_"))
    return True


def names() -> dict[str, list[Any]]:
    """The operators by name, variants together."""
    found: dict[str, list[Any]] = {}
    for info in op_db:
        found.setdefault(info.name, []).append(info)
    return found


def cases(name: str, infos: list[Any], limit: int | None = None) -> Iterator[Case]:
    """All samples of the operator, or the first `limit` of each variant and dtype."""
    for info in infos:
        supported = info.supported_dtypes("cpu")
        for dtype in [one for one in FLOATS if one in supported] or [one for one in OTHERS if one in supported]:
            wants = info.supports_autograd and dtype in info.supported_backward_dtypes("cpu")
            for index, sample in enumerate(_samples(info, dtype, wants, limit)):
                part = str(dtype).removeprefix("torch.")
                yield Case(name, part, f"{info.variant_test_name} {index}".strip(), _Check(info, sample))
        if info.error_inputs_func is not None:
            for index, wrong in enumerate(_errors(info)):
                if index == limit:
                    break
                yield Case(name, "errors", f"{info.variant_test_name} {index}".strip(), _CheckError(info, wrong))


def _samples(info: Any, dtype: torch.dtype, wants: bool, limit: int | None) -> Iterator[Any]:
    seed()
    with warnings_off():
        yield from list(islice(info.sample_inputs("cpu", dtype, requires_grad=wants), limit))


def _errors(info: Any) -> list[Any]:
    """The wrong calls; without those that torch itself takes, as some of a whole family's list are."""
    seed()
    with warnings_off():
        return [wrong for wrong in info.error_inputs("cpu") if _refused(info, wrong)]


def _refused(info: Any, wrong: Any) -> bool:
    sample, carry = wrong.sample_input, Carrier(fresh=True)
    try:
        info.op(carry(sample.input), *carry(sample.args), **carry(sample.kwargs))
    except wrong.error_type:
        return True
    except Exception:
        return False
    return False


class _Check:
    """One sample: torch computes it, the runtime computes it, both are compared."""

    def __init__(self, info: Any, sample: Any) -> None:
        self.info, self.sample = info, sample

    def __call__(self) -> None:
        theirs, their_leaves = self.run(Carrier(fresh=True), self.info.op, self.sample.output_process_fn_grad)
        process = function(self.sample.output_process_fn_grad)
        ours, our_leaves = self.run(Carrier(), function(self.info.op), process)
        numbers = self.info.name not in UNSPECIFIED
        same(ours, theirs, "value", VALUE, numbers)
        if their_leaves and numbers:
            same(gradients(runtime, ours, our_leaves), gradients(torch, theirs, their_leaves), "gradient", GRADIENT)

    def run(self, carry: Carrier, operator: Any, process: Any) -> tuple[Any, list[Any]]:
        sample = self.sample
        arguments = carry(sample.input), *carry(sample.args)
        named = carry(sample.kwargs)
        leaves = carry.leaves()
        seed()
        return process(operator(*arguments, **named)), leaves


def gradients(library: Any, outputs: Any, leaves: list[Any]) -> list[Any]:
    """The gradients of the leaves, for a gradient of the outputs in which every number counts differently."""
    roots = [one for one in flat(outputs) if getattr(one, "requires_grad", False)]
    if not roots:
        return []
    weights = weights_of(library, roots)
    found = library.autograd.grad(roots, leaves, weights, allow_unused=True)
    return [None if one is None else one.detach() for one in found]


def weights_of(library: Any, roots: list[Any]) -> list[Any]:
    """A gradient for each of these tensors, in which every number is another one."""
    made = [torch.linspace(0.5, 1.5, one.numel(), dtype=torch.float64).reshape(tuple(one.shape)) for one in roots]
    made = [one.to(getattr(torch, str(root.dtype)[6:])) for one, root in zip(made, roots, strict=True)]
    return [Carrier(fresh=library is torch)(one) for one in made]


class _CheckError:
    """Wrong arguments: torch raises, so must the runtime."""

    def __init__(self, info: Any, wrong: Any) -> None:
        self.info, self.wrong = info, wrong

    def __call__(self) -> None:
        sample = self.wrong.sample_input
        carry = Carrier()
        try:
            function(self.info.op)(carry(sample.input), *carry(sample.args), **carry(sample.kwargs))
        except Exception as error:
            same_error(error, self.wrong.error_type, self.wrong.error_regex)
            return
        raise Differs(f"no error; torch: {self.wrong.error_type.__name__}: {self.wrong.error_regex}")
