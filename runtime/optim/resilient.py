"""Rprop: a step size of its own for every element, which only the signs of gradients change (Riedmiller 1993)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from ..tensor import wrap
from .optimizer import Group
from .rule import Rule, State, checked, count, number, zeros


class Rprop(Rule):
    """Step sizes grow by etas[1] while the sign stays, shrink by etas[0] when it turns (and the element waits)."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        checked(
            (number(lr) >= 0, f"Invalid learning rate: {lr}"),
            (0 < etas[0] < 1 < etas[1], f"Invalid eta values: {etas[0]}, {etas[1]}"),
        )
        super().__init__(
            params,
            {
                "lr": lr, "etas": etas, "step_sizes": step_sizes, "foreach": foreach, "maximize": maximize,
                "differentiable": differentiable, "capturable": capturable,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """The last gradient, and the step sizes."""
        return {"step": count(), "prev": zeros(x), "step_size": wrap(np.full_like(x, number(group["lr"])))}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        before, size = state["prev"].array, state["step_size"].array
        turn = np.sign(g * before)
        size *= np.where(turn > 0, group["etas"][1], np.where(turn < 0, group["etas"][0], 1)).astype(x.dtype)
        np.clip(size, *group["step_sizes"], out=size)
        before[...] = np.where(turn < 0, 0, g)
        x -= np.sign(before) * size
