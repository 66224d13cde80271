"""RAdam: Adam that waits with dividing until its average of squares is reliable (arXiv:1908.03265)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from .adam import check_betas
from .optimizer import Group
from .rule import Rule, State, blend, blend_square, count, decayed, number, zeros


class RAdam(Rule):
    """Momentum alone while ρₜ ≤ 5, then Adam's step times the rectification of its variance."""

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_betas(lr, betas, eps, weight_decay)
        super().__init__(
            params,
            {
                "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
                "foreach": foreach, "capturable": capturable, "decoupled_weight_decay": decoupled_weight_decay,
                "differentiable": differentiable,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """Both averages."""
        return {"step": count(), "exp_avg": zeros(x), "exp_avg_sq": zeros(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g = decayed(x, g, group, group["decoupled_weight_decay"])
        beta1, beta2 = group["betas"]
        step = state["step"].array.item()
        mean, square = state["exp_avg"].array, state["exp_avg_sq"].array
        blend(mean, g, 1 - beta1)
        blend_square(square, g, beta2)
        unbiased = 1 - beta2**step
        change = mean / (1 - beta1**step) * number(group["lr"])
        rho_inf = 2 / (1 - beta2) - 1
        rho = rho_inf - 2 * step * beta2**step / unbiased
        if rho > 5:
            rect = ((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5
            change = change * (unbiased**0.5 / (np.sqrt(square) + group["eps"])) * rect
        x -= change
