"""Around the backward of one call of a module: the gradients that enter at its outputs and leave at its inputs.

Two identity operations, one on the inputs and one on the outputs, let the gradients through and show them to the hooks.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..array import Answers, Array
from ..autograd import is_grad_enabled, op
from ..tensor import Tensor, wrap

Seen = tuple[Tensor | None, ...]


@op(name="backward_hook_function")
def _pass_through(*values: Array, see: Callable[[list[Array | None]], list[Array | None]]) -> Answers:
    def pullback(g: Any) -> tuple[Array | None, ...]:
        return tuple(see(list(g) if isinstance(g, tuple) else [g]))

    return tuple(value.view() for value in values), pullback


class BackwardWatch:
    """One call of `module` under backward hooks."""

    def __init__(self, module: Any, hooks: list[Any], pre_hooks: list[Any]) -> None:
        self.module = module
        self.hooks = hooks
        self.pre_hooks = pre_hooks
        self.grad_outputs: Seen | None = None
        self.inputs = 0
        self.input_watched = False

    def around_inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, watched; unchanged if none of them wants a gradient."""
        self.inputs = len(args)
        zeros = [_zeros(arg) for arg in args]

        def see(grads: list[Array | None], places: list[int]) -> list[Array | None]:
            if self.grad_outputs is None:  # the outputs had no part in it
                return grads
            shown = list(zeros)
            for place, grad in zip(places, grads, strict=True):
                shown[place] = zeros[place] if grad is None else wrap(grad)
            shown = self._run_hooks(tuple(shown))
            self.grad_outputs = None
            return [_bare(shown[place]) for place in places]

        watched = _watch(args, see)
        self.input_watched = watched is not args
        return watched

    def around_outputs(self, result: Any) -> Any:
        """The result, watched, if it is a tensor or a tuple."""
        if not isinstance(result, (Tensor, tuple)):
            warnings.warn(
                "For backward hooks to be called, module output should be a Tensor or a tuple of Tensors but received "
                f"{type(result)}",
                stacklevel=4,
            )
            return result
        several = isinstance(result, tuple)
        outputs: Any = result if several else (result,)

        def see(grads: list[Array | None], places: list[int]) -> list[Array | None]:
            shown: list[Tensor | None] = [None] * len(outputs)
            for place, grad in zip(places, grads, strict=True):
                shown[place] = None if grad is None else wrap(grad)
            self.grad_outputs = self._run_pre_hooks(tuple(shown))
            changed = self.grad_outputs
            if not self.input_watched:
                self._without_inputs()
            return [_bare(changed[place]) for place in places]

        watched = _watch(outputs, see)
        return watched if several else watched[0]

    def _without_inputs(self) -> None:
        if self.hooks:
            warnings.warn(
                "Full backward hook is firing when gradients are computed with respect to module outputs since no "
                "inputs require gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html"
                "#torch.nn.Module.register_full_backward_hook for more details.",
                stacklevel=2,
            )
        nothing: Seen = (None,) * self.inputs
        for hook in self.hooks:
            changed = hook(self.module, nothing, self.grad_outputs)
            if changed is not None and not (isinstance(changed, tuple) and all(one is None for one in changed)):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always return None or None for "
                    "all gradients."
                )
        self.grad_outputs = None

    def _run_hooks(self, grads: Seen) -> Any:
        for hook in self.hooks:
            grads = _replaced(hook(self.module, grads, self.grad_outputs), grads, "Backward hook", "grad_input")
        return grads

    def _run_pre_hooks(self, grads: Seen) -> Seen:
        for hook in self.pre_hooks:
            grads = _replaced(hook(self.module, grads), grads, "Backward pre hook", "grad_output")
        return grads


def _watch(
    values: tuple[Any, ...], see: Callable[[list[Array | None], list[int]], list[Array | None]]
) -> tuple[Any, ...]:
    places = [i for i, value in enumerate(values) if isinstance(value, Tensor) and value.requires_grad]
    if not places or not is_grad_enabled():
        return values
    passed = _pass_through(*(values[place] for place in places), see=lambda grads: see(grads, places))
    if passed[0].node is not None:
        passed[0].node.materialize = False  # a missing gradient is shown as None, not as zeros
    together = list(values)
    for place, value in zip(places, passed, strict=True):
        together[place] = value
    kind: Any = type(values)
    return kind(*together) if hasattr(values, "_fields") else tuple(together)


def _zeros(arg: Any) -> Tensor | None:
    return wrap(np.zeros_like(arg.array)) if isinstance(arg, Tensor) else None


def _bare(grad: Tensor | None) -> Array | None:
    return None if grad is None else grad.array


def _replaced(changed: Any, grads: Seen, who: str, what: str) -> Seen:
    if changed is None:
        return grads
    changed = (changed,) if isinstance(changed, Tensor) else changed
    if len(changed) != len(grads):
        raise RuntimeError(f"{who} returned an invalid number of {what}, got {len(changed)}, but expected {len(grads)}")
    return tuple(changed)
