"""Torch's own samples of its operators once more, for gradients of gradients, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

import nnflip.runtime as runtime

from .carry import Carrier, function
from .case import Case, seed
from .ops import _samples, weights_of
from .verdict import flat, same

TOLERANCE = {"float64": 1e-8, "complex128": 1e-8}


def cases(name: str, infos: list[Any], limit: int | None = None) -> Iterator[Case]:
    """All samples of the operator of which torch has second gradients, or the first `limit` of each variant."""
    for info in infos:
        twice = info.supports_autograd and info.supports_gradgrad
        if not twice or torch.float64 not in info.supported_backward_dtypes("cpu"):
            continue
        for index, sample in enumerate(_samples(info, torch.float64, True, limit)):
            try:
                expected = _second(torch, Carrier(fresh=True), info.op, sample.output_process_fn_grad, sample)
            except Exception:  # torch says that it supports it, and does not for every sample
                continue
            if expected is not None:
                which = f"{info.variant_test_name} {index}".strip()
                yield Case(name, "second", which, _Check(info, sample, expected))


class _Check:
    """One sample: the runtime's second gradients against those of torch."""

    def __init__(self, info: Any, sample: Any, expected: list[Any]) -> None:
        self.info, self.sample, self.expected = info, sample, expected

    def __call__(self) -> None:
        operator, process = function(self.info.op), function(self.sample.output_process_fn_grad)
        found = _second(runtime, Carrier(), operator, process, self.sample)
        found = [None] * len(self.expected) if found is None else found
        pairs = [_without_zeros(*pair) for pair in zip(found, self.expected, strict=True)]
        same([one for one, _ in pairs], [other for _, other in pairs], "gradient", TOLERANCE)


def _second(library: Any, carry: Carrier, operator: Any, process: Any, sample: Any) -> list[Any] | None:
    """Gradients of the weighted gradients, of the sample's tensors and the weights; None if there are none."""
    arguments, named = (carry(sample.input), *carry(sample.args)), carry(sample.kwargs)
    seed()
    outputs = process(operator(*arguments, **named))
    roots = [one for one in flat(outputs) if getattr(one, "requires_grad", False)]
    leaves = carry.leaves()
    weights = [one.requires_grad_() for one in weights_of(library, roots)]
    first = library.autograd.grad(roots, leaves, weights, allow_unused=True, create_graph=True)
    again = [one for one in first if one is not None and one.requires_grad]
    if not again:
        return None
    ends = [*leaves, *weights]
    found = library.autograd.grad(again, ends, weights_of(library, again), allow_unused=True)
    return [None if one is None else one.detach() for one in found]


def _without_zeros(one: Any, other: Any) -> tuple[Any, Any]:
    """No gradient and one of zeros are the same."""
    if one is None and other is not None and not other.any():
        return None, None
    if other is None and one is not None and not one.array.any():
        return None, None
    return one, other
