"""Adamax: Adam with the largest gradient in place of the root of squares (arXiv:1412.6980, section 7)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..array import Array
from .adam import check_betas
from .optimizer import Group
from .rule import Rule, State, blend, count, decayed, number, zeros


class Adamax(Rule):
    """x −= lr / (1 − β₁ᵗ) · m / u with u = max(β₂ · u, |g| + eps)."""

    def __init__(
        self,
        params: Any,
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_betas(lr, betas, eps, weight_decay)
        super().__init__(
            params,
            {
                "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "foreach": foreach,
                "maximize": maximize, "differentiable": differentiable, "capturable": capturable,
            },
        )  # fmt: skip

    def start(self, x: Array, group: Group) -> State:
        """The average and the largest."""
        return {"step": count(), "exp_avg": zeros(x), "exp_inf": zeros(x)}

    def update(self, x: Array, g: Array, state: State, group: Group) -> None:
        """One step."""
        g, (beta1, beta2) = decayed(x, g, group), group["betas"]
        mean, largest = state["exp_avg"].array, state["exp_inf"].array
        blend(mean, g, 1 - beta1)
        largest *= beta2
        np.maximum(largest, np.abs(g) + group["eps"], out=largest)
        x -= number(group["lr"]) / (1 - beta1 ** state["step"].array.item()) * mean / largest
