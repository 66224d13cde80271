"""`Rule`: an optimizer whose step is one rule on bare arrays, parameter by parameter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import dtypes
from ..array import Array
from ..autograd import enable_grad
from ..tensor import Tensor, wrap
from .optimizer import Group, Optimizer

State = dict[str, Any]


class Rule(Optimizer):
    """Subclasses say what state a parameter `start`s with and how one `update` changes it and the parameter."""

    def start(self, x: Array, group: Group) -> State:
        """The state of a parameter before its first update: tensors by torch's names."""
        return {"step": count()}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """Changes x, and the arrays in state, in place. g is the gradient: not to be written into."""
        raise NotImplementedError

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update of every parameter that has a gradient; returns what the closure returned."""
        for hook in tuple(self._step_pre_hooks.values()):
            hook(self, (closure,), {})
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with np.errstate(all="ignore"):
            for group in self.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is not None:
                        self._take(parameter, group)
        for hook in tuple(self._step_post_hooks.values()):
            hook(self, (closure,), {})
        return loss

    def _take(self, parameter: Tensor, group: Group) -> None:
        if parameter.array.dtype.kind != "f":
            raise RuntimeError(f"{type(self).__name__} in this runtime updates real parameters only")
        state = self.state.get(parameter)
        if not state:
            state = self.start(parameter.array, group)
            if state:
                self.state[parameter] = state
        if "step" in state:
            state["step"].array += 1
        g = parameter.grad.array if parameter.grad is not None else np.zeros_like(parameter.array)
        self.update(parameter.array, np.asarray(-g) if group["maximize"] else g, state, group)
        parameter.counter.count += 1


def count() -> Tensor:
    """A step count: 0 as a tensor, float32 unless the default dtype is float64."""
    double = dtypes.get_default_dtype() is dtypes.float64
    return wrap(np.zeros((), np.float64 if double else np.float32))


def zeros(x: Array) -> Tensor:
    """Zeros like a parameter."""
    return wrap(np.zeros_like(x))


def decayed(x: Array, g: Array, group: Group, decoupled: bool = False) -> Array:
    """The gradient with weight decay; `decoupled` shrinks the parameter itself instead."""
    decay = number(group["weight_decay"])
    if decay == 0:
        return g
    if decoupled:
        x *= 1 - number(group["lr"]) * decay
        return g
    return np.asarray(g + decay * x)


def blend(average: Array, value: Array, weight: float) -> None:
    """Moves a running average towards a value: average += weight · (value − average)."""
    average += weight * (value - average)


def blend_square(average: Array, value: Array, keep: float) -> None:
    """Keeps that share of a running average of squares, the rest is value²."""
    average *= keep
    average += (1 - keep) * value * value


def number(value: Any) -> float:
    """An option that may be a tensor of one element."""
    return float(value.array.item()) if isinstance(value, Tensor) else value


def checked(*rules: tuple[bool, str]) -> None:
    """ValueError with the text of the first rule that does not hold."""
    for holds, text in rules:
        if not holds:
            raise ValueError(text)
