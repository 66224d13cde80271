"""ASGD: stochastic gradient descent that averages its iterates (Polyak and Juditsky 1992)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from ..tensor import wrap
from .optimizer import Group
from .rule import Rule, State, checked, count, decayed, number, zeros


class ASGD(Rule):
    """x ·= 1 − lambd · η, x −= η · g with η = lr / (1 + lambd · lr · t)^alpha; averages in state["ax"] from t0 on."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        checked(
            (number(lr) >= 0, f"Invalid learning rate: {lr}"),
            (weight_decay >= 0, f"Invalid weight_decay value: {weight_decay}"),
        )
        super().__init__(
            params,
            {
                "lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay, "foreach": foreach,
                "maximize": maximize, "differentiable": differentiable, "capturable": capturable,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """The rate η, the weight μ of the next iterate in the average, and the average."""
        step = count()
        eta = wrap(np.full_like(step.array, number(group["lr"])))
        return {"step": step, "eta": eta, "mu": wrap(np.ones_like(step.array)), "ax": zeros(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g = decayed(x, g, group)
        eta, mu, average = state["eta"].array, state["mu"].array, state["ax"].array
        rate = eta.item()
        x *= 1 - group["lambd"] * rate
        x -= rate * g
        average += mu.item() * (x - average) if mu.item() != 1 else x - average
        step, lr = state["step"].array.item(), number(group["lr"])
        eta[...] = lr / (1 + group["lambd"] * lr * step) ** group["alpha"]
        mu[...] = 1 / max(1, step - group["t0"])
