"""Optimizers that divide by the root of past squares: RMSprop, Adagrad, Adadelta."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from ..tensor import wrap
from .optimizer import Group
from .rule import Rule, State, blend, blend_square, checked, count, decayed, number, zeros


class RMSprop(Rule):
    """x −= lr · g / (√(average of g²) + eps); `centered` takes the average's square off, as a variance does."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        checked(
            (number(lr) >= 0, f"Invalid learning rate: {lr}"),
            (eps >= 0, f"Invalid epsilon value: {eps}"),
            (momentum >= 0, f"Invalid momentum value: {momentum}"),
            (weight_decay >= 0, f"Invalid weight_decay value: {weight_decay}"),
            (alpha >= 0, f"Invalid alpha value: {alpha}"),
        )
        super().__init__(
            params,
            {
                "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered,
                "weight_decay": weight_decay, "capturable": capturable, "foreach": foreach, "maximize": maximize,
                "differentiable": differentiable,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """The average of squares; with momentum a buffer, if centered the average too."""
        state: State = {"step": count(), "square_avg": zeros(x)}
        if group["momentum"] > 0:
            state["momentum_buffer"] = zeros(x)
        if group["centered"]:
            state["grad_avg"] = zeros(x)
        return state

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g = decayed(x, g, group)
        square, lr = state["square_avg"].array, number(group["lr"])
        blend_square(square, g, group["alpha"])
        if group["centered"]:
            mean = state["grad_avg"].array
            blend(mean, g, 1 - group["alpha"])
            square = square - mean * mean
        root = np.sqrt(square) + group["eps"]
        if group["momentum"] > 0:
            v = state["momentum_buffer"].array
            v *= group["momentum"]
            v += g / root
            x -= lr * v
        else:
            x -= lr * g / root


class Adagrad(Rule):
    """x −= lr · g / (√(sum of all g²) + eps), lr decaying as 1 / (1 + (step − 1) · lr_decay)."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        checked(
            (number(lr) >= 0, f"Invalid learning rate: {lr}"),
            (lr_decay >= 0, f"Invalid lr_decay value: {lr_decay}"),
            (weight_decay >= 0, f"Invalid weight_decay value: {weight_decay}"),
            (initial_accumulator_value >= 0, f"Invalid initial_accumulator_value value: {initial_accumulator_value}"),
            (eps >= 0, f"Invalid epsilon value: {eps}"),
        )
        super().__init__(
            params,
            {
                "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
                "initial_accumulator_value": initial_accumulator_value, "foreach": foreach, "maximize": maximize,
                "differentiable": differentiable, "fused": fused,
            },
        )  # fmt: skip
        for group in self.param_groups:  # torch has this state before the first step
            for parameter in group["params"]:
                self.state[parameter] = self.start(parameter.array, group)

    def start(self, x: Array, group: Group) -> State:
        """The sum of squares."""
        return {"step": count(), "sum": wrap(np.full_like(x, group["initial_accumulator_value"]))}

    def share_memory(self) -> None:
        """No processes share tensors here: nothing to do."""

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g, total = decayed(x, g, group), state["sum"].array
        total += g * g
        lr = number(group["lr"]) / (1 + (state["step"].array.item() - 1) * group["lr_decay"])
        x -= lr * g / (np.sqrt(total) + group["eps"])


class Adadelta(Rule):
    """x −= lr · g · √(average of updates² + eps) / √(average of g² + eps): units match (arXiv:1212.5701)."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        checked(
            (number(lr) >= 0, f"Invalid learning rate: {lr}"),
            (0 <= rho <= 1, f"Invalid rho value: {rho}"),
            (eps >= 0, f"Invalid epsilon value: {eps}"),
            (weight_decay >= 0, f"Invalid weight_decay value: {weight_decay}"),
        )
        super().__init__(
            params,
            {
                "lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
                "capturable": capturable, "foreach": foreach, "differentiable": differentiable,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """Averages of squared gradients and of squared updates."""
        return {"step": count(), "square_avg": zeros(x), "acc_delta": zeros(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g, eps = decayed(x, g, group), group["eps"]
        blend_square(state["square_avg"].array, g, group["rho"])
        change = np.sqrt(state["acc_delta"].array + eps) / np.sqrt(state["square_avg"].array + eps) * g
        blend_square(state["acc_delta"].array, change, group["rho"])
        x -= number(group["lr"]) * change
