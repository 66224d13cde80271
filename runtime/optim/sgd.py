"""Stochastic gradient descent, with momentum and Nesterov's."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from ..tensor import wrap
from .optimizer import Group
from .rule import Rule, State, checked, decayed, number


class SGD(Rule):
    """x −= lr · v with v = momentum · v + (1 − dampening) · g; Nesterov's looks ahead: g + momentum · v."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: Any = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        checked(
            (number(lr) >= 0, f"Invalid learning rate: {lr}"),
            (momentum >= 0, f"Invalid momentum value: {momentum}"),
            (number(weight_decay) >= 0, f"Invalid weight_decay value: {weight_decay}"),
            (
                not nesterov or (momentum > 0 and dampening == 0),
                "Nesterov momentum requires a momentum and zero dampening",
            ),
        )
        super().__init__(
            params,
            {
                "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
                "nesterov": nesterov, "maximize": maximize, "foreach": foreach, "differentiable": differentiable,
                "fused": fused,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """The momentum buffer, from the first gradient on."""
        return {"momentum_buffer": None} if group["momentum"] else {}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g, momentum = decayed(x, g, group), group["momentum"]
        if momentum:
            if state.get("momentum_buffer") is None:
                state["momentum_buffer"] = wrap(np.array(g))
            else:
                v = state["momentum_buffer"].array
                v *= momentum
                v += (1 - group["dampening"]) * g
            v = state["momentum_buffer"].array
            g = g + momentum * v if group["nesterov"] else v
        x -= number(group["lr"]) * g
