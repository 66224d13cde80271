"""NAdam: Adam with Nesterov's momentum (Dozat 2016), its momentum warming up."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from ..tensor import wrap
from .adam import check_betas
from .optimizer import Group
from .rule import Rule, State, blend, blend_square, checked, count, decayed, number, zeros


class NAdam(Rule):
    """Momentum μₜ = β₁ (1 − ½ · 0.96^(t · momentum_decay)); the step looks ahead by μₜ₊₁."""

    def __init__(
        self,
        params: Any,
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_betas(lr, betas, eps, weight_decay)
        checked((momentum_decay >= 0, f"Invalid momentum_decay value: {momentum_decay}"))
        super().__init__(
            params,
            {
                "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "momentum_decay": momentum_decay,
                "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize, "foreach": foreach,
                "capturable": capturable, "differentiable": differentiable,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """Both averages, and the product of all μ so far."""
        step = count()
        return {
            "step": step, "mu_product": wrap(np.ones_like(step.array)), "exp_avg": zeros(x), "exp_avg_sq": zeros(x)
        }  # fmt: skip

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g = decayed(x, g, group, group["decoupled_weight_decay"])
        beta1, beta2 = group["betas"]
        step, lr = state["step"].array.item(), number(group["lr"])
        mu, following = (beta1 * (1 - 0.5 * 0.96 ** (t * group["momentum_decay"])) for t in (step, step + 1))
        state["mu_product"].array *= mu
        product = state["mu_product"].array.item()
        mean, square = state["exp_avg"].array, state["exp_avg_sq"].array
        blend(mean, g, 1 - beta1)
        blend_square(square, g, beta2)
        root = np.sqrt(square / (1 - beta2**step)) + group["eps"]
        x -= lr * (1 - mu) / (1 - product) * g / root
        x -= lr * following / (1 - product * following) * mean / root
